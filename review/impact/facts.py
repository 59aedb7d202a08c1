"""What a claim itself says, in the columns by which an impact groups claims.

Files spell codes, names and days differently; here each is as the engine reads it, codes as
national codes. What cannot be read is empty: the claim is refused for it where that matters.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.binding import Binding, Bound
from tiaowen.engine.batch.cells import Array
from tiaowen.engine.batch.chunks import Chunk
from tiaowen.engine.claims.misfit import Misfit
from tiaowen.engine.decimals import decimals

CODES = {"hosp_lv": "level", "psn_type": "kind", "insuplc_admdvs": "insured",
         "mdtrtarea_admdvs": "place"}  # fmt: skip
"""National code of a field of claims -> the column of the effects."""
DAYS = {"brdy": "born", "begntime": "begun"}
BILL, LINE = "medfee_sumamt", "det_item_fee_sumamt"
MOST_WEIGHT = 10**6


def facts(program: Program, binding: Binding, chunk: Chunk) -> dict[str, pa.Array]:
    """Who, when and where of each claim of ``chunk``: the person and a number for each person
    from 0, the encounter, and the columns of ``CODES`` and ``DAYS``."""
    claims = chunk.claims
    person = pc.fill_null(_whole(claims.column(binding.person)).cast(pa.string()), "")
    found: dict[str, pa.Array] = {"person": person, "number": pa.array(numbers(person))}
    found["encounter"] = (
        _whole(claims.column(binding.encounter)).cast(pa.string())
        if binding.encounter
        else pa.nulls(len(claims), pa.string())
    )
    by_code = {bound.slot.code: bound for bound in binding.fields.values()}
    for code, name in CODES.items():
        found[name] = _read(by_code.get(code), chunk, pa.string(), _coded(program))
    for code, name in DAYS.items():
        found[name] = _read(by_code.get(code), chunk, pa.date32(), _day)
    return found


def numbers(person: pa.Array) -> Array:
    """A number for each person of a column in the order of people, from 0."""
    if len(person) < 2:
        return np.zeros(len(person), np.int64)
    changes = pc.not_equal(person[1:], person[:-1]).to_numpy(zero_copy_only=False)
    return np.concatenate([[0], np.cumsum(changes)]).astype(np.int64)


def _whole(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _read(bound: Bound | None, chunk: Chunk, kind: pa.DataType,
          plain: Callable[[Bound, Any], Any]) -> pa.Array:  # fmt: skip
    """A column as ``kind``, each different cell read once as a single claim's would be."""
    if bound is None:
        return pa.nulls(len(chunk.claims), kind)
    column = _whole(chunk.claims.column(bound.column))
    if kind == pa.date32() and (
        pa.types.is_date(column.type) or pa.types.is_timestamp(column.type)
    ):
        return column.cast(kind, safe=False)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    cells = [_converted(bound, raw, plain) for raw in column.dictionary.to_pylist()]
    return pa.array(cells, kind).take(column.indices)


def _converted(bound: Bound, raw: Any, plain: Callable[[Bound, Any], Any]) -> Any:
    if raw is None:
        return None
    try:
        value = bound.slot.convert(str(raw) if isinstance(raw, date) else raw)
    except Misfit:
        return None
    return plain(bound, value)


def _coded(program: Program) -> Callable[[Bound, Any], str]:
    """A member as its national code."""

    def plain(bound: Bound, value: Any) -> str:
        enum = program.enums.get(bound.slot.type.name)
        codes = enum.codes if enum is not None else {}
        return codes.get(str(value), str(value))

    return plain


def _day(bound: Bound, value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value


# --- what a claim costs, and what it stands for


def billed(binding: Binding, chunk: Chunk, rows: Array) -> pa.Array:
    """What the claims of ``rows`` say they cost, in yuan, else the sum of their fee lines; empty
    for every other claim, and where neither can be read."""
    size = len(chunk.claims)
    fen, known = np.zeros(size, np.int64), np.zeros(size, dtype=bool)
    line = next((b for b in binding.lines.values() if b.slot.code == LINE), None)
    if line is not None and len(chunk.lines):
        wanted = np.zeros(size, dtype=bool)
        wanted[rows] = True
        places = np.flatnonzero(wanted[chunk.parents])
        amounts, readable = _amounts(chunk.lines.column(line.column), places)
        np.add.at(fen, chunk.parents[places[readable]], amounts[readable])
        known[chunk.parents[places[readable]]] = True
    for bound in (*binding.fields.values(), *binding.totals.values()):
        if bound.slot.code == BILL:
            amounts, readable = _amounts(chunk.claims.column(bound.column), rows)
            fen[rows[readable]], known[rows[readable]] = amounts[readable], True
    return decimals(fen, 16, 2, ~known)


def _amounts(column: Any, places: Array) -> tuple[Array, Array]:
    """The cells of a column of yuan at ``places``, in 分, and which of them are an amount."""
    cells = _whole(_whole(column).take(pa.array(places)))
    try:
        exact = cells.cast(pa.decimal64(18, 2))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        exact = pa.array([_amount(raw) for raw in cells.to_pylist()], pa.decimal64(18, 2))
    readable = exact.is_valid().to_numpy(zero_copy_only=False)
    units = pa.Array.from_buffers(
        pa.int64(), len(exact), [None, exact.buffers()[1]], 0, exact.offset
    )
    return units.to_numpy(), readable


def _amount(raw: Any) -> Decimal | None:
    """An amount as a file writes it; None for what is none."""
    try:
        amount = Decimal(str(raw)).quantize(Decimal("0.01"))
    except ArithmeticError:
        return None
    return amount if 0 <= amount < 10**12 else None


def weights(chunk: Chunk, column: str, number: Array) -> pa.Array:
    """How many people and claims each stands for. ``Rejected``: TW1345 where a cell holds anything
    but a number above 0 with six decimals, TW1361 where the claims of a person differ: a yearly
    total is of all claims of a person, so it is people that are sampled."""
    try:
        found = _whole(chunk.claims.column(column)).cast(pa.decimal128(38, 6))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise Rejected([diagnose("TW1345", name=column)]) from None
    if found.null_count or pc.min(found).as_py() <= 0 or pc.max(found).as_py() > MOST_WEIGHT:
        raise Rejected([diagnose("TW1345", name=column)])
    differ = pc.not_equal(found[1:], found[:-1]).to_numpy(zero_copy_only=False)
    if len(found) > 1 and bool((differ & (number[1:] == number[:-1])).any()):
        raise Rejected([diagnose("TW1361", name=column)])
    return found.cast(pa.decimal128(18, 6))
