"""What the facts of a row say of each other, checked by columns: as ``engine/claims/checks.py``
checks a single claim, and as a person's claims are checked against one another.

The columns only find the rows; what is said of each comes from the checks of a single claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiaowen.compiler.core import LINES, Program
from tiaowen.dsl.diagnostics import diagnose
from tiaowen.engine.batch.binding import Binding
from tiaowen.engine.batch.cells import Array, Cells
from tiaowen.engine.batch.chunks import Chunk
from tiaowen.engine.batch.legible import legible
from tiaowen.engine.batch.rejects import Reject
from tiaowen.engine.claims.billed import billed_of
from tiaowen.engine.claims.checks import check_lines, check_stay, check_totals
from tiaowen.engine.claims.layout import layout_of
from tiaowen.engine.kernel.columns import Column

DAY = 86_400


def checked_fields(program: Program) -> dict[str, tuple[str, ...]]:
    """The fields that the checks read: of a claim (''), and of its fee lines."""
    layout = layout_of(program)
    roles, lines = layout.roles, layout.lines.get(LINES)
    stay = (roles.birth, roles.admission, roles.discharge, roles.settled_at, roles.midway)
    of_lines = (lines.total, *lines.parts, lines.count, lines.price) if lines else ()
    return {"": tuple(filter(None, stay)), LINES: tuple(filter(None, of_lines))}


def inconsistent(
    program: Program, binding: Binding, columns: Mapping[str, Column], chunk: Chunk,
    claims: Mapping[str, Cells], lines: Mapping[str, Cells],
) -> Iterator[Reject]:  # fmt: skip
    """Stays that end before they begin or before the person is born, and bills and fee lines
    whose figures do not agree."""
    by_name = {(c.collection, c.chinese): c for c in columns.values()}
    layout = layout_of(program)
    roles = layout.roles
    if binding.joining:
        yield from _unjoinable(binding, chunk, _Facts("", by_name, claims), roles.midway)
    stay = _Facts("", by_name, claims)
    for row in _suspect_stays(stay, roles.birth, roles.admission, roles.discharge):
        fields = values(binding.fields, chunk.claims, row)
        for problem in check_stay(fields, layout, ""):
            yield Reject(row, problem.place, problem)
    if binding.totals:
        for row in _suspect_totals(stay, program):
            totals = values(binding.totals, chunk.claims, row)
            for problem in check_totals(totals, program, ""):
                yield Reject(row, problem.place or LINES, problem)
    known = layout.lines.get(LINES)
    if known is None or not len(chunk.lines):
        return
    for place in _suspect_lines(_Facts(LINES, by_name, lines), known.total, known.parts,
                                known.count, known.price):  # fmt: skip
        row = int(chunk.parents[place])
        number = place - int(np.searchsorted(chunk.parents, row))
        record = values(binding.lines, chunk.lines, place)
        for problem in check_lines([record], known, LINES):
            where = f"{LINES}[{number}]"
            yield Reject(row, where, diagnose(problem.code, place=where, **problem.args))


def _unjoinable(binding: Binding, chunk: Chunk, facts: _Facts, midway: str) -> Iterator[Reject]:
    """Claims whose encounter does not say which fee lines are theirs: several people have it, or
    several settlements of one person, of which some were made midway."""
    texts = chunk.claims.column(binding.encounter).cast(pa.string()).combine_chunks()
    shared = pc.is_in(texts, value_set=pa.array(sorted(binding.shared), pa.string()))
    unclear = shared.to_numpy(zero_copy_only=False)
    made = facts.numbers(midway)
    if made is not None and made[0][0].any():
        of_midway = pc.unique(texts.filter(pa.array(made[0][0] != 0)))
        counts = {c["values"]: c["counts"] for c in texts.value_counts().to_pylist()}
        several = pa.array([t for t in of_midway.to_pylist() if t and counts[t] > 1], pa.string())
        unclear |= pc.is_in(texts, value_set=several).to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(unclear):
        yield _told(chunk, int(row), binding.encounter, "TW1354")


class _Facts:
    """Columns by their Chinese names."""

    def __init__(self, level: str, columns: Mapping[tuple[str, str], Column],
                 cells: Mapping[str, Cells]) -> None:  # fmt: skip
        self.found = {
            name: (column, cells[column.name])
            for (collection, name), column in columns.items()
            if collection == level and column.name in cells
        }

    def numbers(self, *names: str) -> tuple[list[Array], Array] | None:
        """The columns of ``names`` and where all are given; None where one is not there."""
        if any(name not in self.found for name in names):
            return None
        cells = [self.found[name][1] for name in names]
        given = np.ones(len(cells[0].values), dtype=bool)
        for cell in cells:
            if cell.valid is not None:
                given &= cell.valid.astype(bool)
        return [cell.values.astype(np.int64) for cell in cells], given

    def days(self, name: str) -> Array:
        column, cells = self.found[name]
        whole = cells.values.astype(np.int64)
        return whole // DAY if column.kind == "moment" else whole

    def timed(self, *names: str) -> bool:
        return all(self.found[name][0].kind == "moment" for name in names)


def _suspect_stays(stay: _Facts, birth: str, begin: str, end: str) -> Array:
    suspect = np.zeros(0, dtype=np.int64)
    both = stay.numbers(begin, end)
    if both is not None:
        (begun, ended), given = both
        if not stay.timed(begin, end):
            begun, ended = stay.days(begin), stay.days(end)
        suspect = np.flatnonzero(given & (ended < begun))
    for last in (end, begin):
        born = stay.numbers(birth, last)
        if born is not None:
            late = born[1] & (stay.days(last) < stay.days(birth))
            suspect = np.union1d(suspect, np.flatnonzero(late))
    return suspect


def _suspect_totals(bill: _Facts, program: Program) -> Array:
    """Where a total is not given, or the bill is not the sum of its parts; but for rows that are
    refused for what a total holds."""
    outputs = billed_of(program)
    found = bill.numbers(*outputs)
    assert found is not None  # a file without all of them has none
    amounts, given = found
    signs = [1 if output.billed == "total" else -1 for output in outputs.values()]
    apart = sum(sign * each for sign, each in zip(signs, amounts, strict=True))
    refused = [reject.rows for name in outputs for reject in bill.found[name][1].rejects]
    return np.setdiff1d(np.flatnonzero(~given | (apart != 0)), np.concatenate([*refused, []]))


def _suspect_lines(lines: _Facts, total: str, parts: tuple[str, ...], count: str,
                   price: str) -> Array:  # fmt: skip
    suspect = np.zeros(0, dtype=np.int64)
    summed = lines.numbers(total, *parts) if parts else None
    if summed is not None:
        (whole, *each), given = summed
        suspect = np.flatnonzero(given & (sum(each) != whole))
    product = lines.numbers(total, count, price)
    if product is not None:
        (whole, number, each_price), given = product
        suspect = np.union1d(suspect, np.flatnonzero(given & _apart(number, each_price, whole)))
    return suspect


def _apart(number: Array, price: Array, total: Array) -> Array:
    """Where count times price is 1 分 or more from the total. Counts are ten-thousandths, prices
    millionths of a 元: the product is in hundred-millionths of a 分."""
    unit = 10**8
    largest = max(
        int(number.max(initial=0)) * int(price.max(initial=0)), int(total.max(initial=0)) * unit
    )
    if largest >= 2**62:
        number, total = number.astype(object), total.astype(object)
    found: Array = np.abs(number * price - total * unit) >= unit
    return found.astype(bool)


def values(bounds: Mapping[str, Any], table: pa.Table, row: int) -> dict[str, Any]:
    """The fields of one row as a claim has them; what cannot be read is left out."""
    from tiaowen.engine.claims.misfit import Misfit, is_blank

    found: dict[str, Any] = {}
    for name, bound in bounds.items():
        cell = table.column(bound.column).slice(int(row), 1)
        whole = cell.combine_chunks() if isinstance(cell, pa.ChunkedArray) else cell
        raw = legible(whole)[0].as_py()
        if is_blank(raw):
            continue
        try:
            found[name] = bound.slot.convert(_as_text(raw))
        except Misfit:
            continue
    return found


def _as_text(raw: Any) -> Any:
    return repr(raw) if isinstance(raw, float) else raw


# --- one person's claims against one another


def repeated(binding: Binding, chunk: Chunk, rows: Array, people: Array,
             midway: Array) -> Iterator[Reject]:  # fmt: skip
    """Claims whose settlement number or encounter an earlier claim of the person has; ``rows``
    are the claims in their order, ``people`` and ``midway`` (0 or 1) theirs."""
    settlements = _numbers(chunk, binding.settlement, rows)
    seen: dict[tuple[int, int], bool] = {}
    for at in _again(people, settlements):
        yield _told(chunk, int(rows[at]), binding.settlement, "TW0612")
    encounters = _numbers(chunk, binding.encounter, rows)
    for at in _all_of_repeated(people, encounters):
        key = int(people[at]), int(encounters[at])
        if seen.get(key):
            yield _told(chunk, int(rows[at]), binding.encounter, "TW0623")
            continue
        seen[key] = not midway[at]


def _numbers(chunk: Chunk, column: str, rows: Array) -> Array:
    """A number for each text of ``column``, -1 where it is empty."""
    if not column:
        return np.full(len(rows), -1)
    texts = chunk.claims.column(column).combine_chunks().cast(pa.string())
    coded = pc.fill_null(texts, "").dictionary_encode()
    empty = pc.index(coded.dictionary, "").as_py()
    numbers = coded.indices.to_numpy().astype(np.int64)
    numbers[numbers == empty] = -1
    found: Array = numbers[rows]
    return found


def _pairs(people: Array, numbers: Array) -> Array:
    return people.astype(np.int64) * (int(numbers.max(initial=0)) + 2) + numbers + 1


def _again(people: Array, numbers: Array) -> Array:
    """The places of claims whose number came before for the same person."""
    places = np.flatnonzero(numbers >= 0)
    _, first = np.unique(_pairs(people, numbers)[places], return_index=True)
    return np.setdiff1d(places, places[first])


def _all_of_repeated(people: Array, numbers: Array) -> Array:
    """The places of claims whose number another claim of the person has too."""
    places = np.flatnonzero(numbers >= 0)
    pairs = _pairs(people, numbers)[places]
    found, counts = np.unique(pairs, return_counts=True)
    return places[np.isin(pairs, found[counts > 1])]


def _told(chunk: Chunk, row: int, column: str, code: str) -> Reject:
    text = chunk.claims.column(column)[row].as_py()
    return Reject(row, column, diagnose(code, place=column, id=str(text)))
