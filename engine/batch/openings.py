"""Totals from before a file begins: a row for each person and year, as ``--opening`` gives them.

Columns go by what a history's 期初 may state: a quantity (统筹支付, hifp_pay), one of a matter
(住院.统筹支付), or how many decisions of a matter there were (次数.住院). The year is 年度 or year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from tiaowen.compiler.core import Program
from tiaowen.compiler.types import NUMBER
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.binding import PERSON
from tiaowen.engine.batch.cells import Array, Dictionary, Reader
from tiaowen.engine.batch.sources import Source, is_nested, misshapen
from tiaowen.engine.batch.sql import name
from tiaowen.engine.batch.texts import Texts
from tiaowen.engine.claims.layout import Slot, slot, spelt, total_slots
from tiaowen.engine.claims.roles import named
from tiaowen.engine.history.earlier import Opening
from tiaowen.engine.kernel.columns import Column
from tiaowen.engine.kernel.opening import COUNTS
from tiaowen.engine.kernel.running import Openings
from tiaowen.engine.kernel.values import MOST_MONEY

YEARS = ("年度", "year")


@frozen(eq=False)
class OpeningBinding:
    """``totals`` and ``counts`` by what they are of, each with its column and reader; ``year``
    likewise."""

    source: Source
    person: str
    year: tuple[str, Slot]
    totals: Mapping[str, tuple[str, Slot]]
    counts: Mapping[str, tuple[str, Slot]]


def bind_openings(program: Program, source: Source) -> OpeningBinding:
    """Which columns of ``source`` are which totals. ``Rejected``: TW1334 (no person number or
    year), TW0603 (a column that is no total), TW0617 (two for one)."""
    known = total_slots(program)
    person = year = ""
    totals: dict[str, tuple[str, Slot]] = {}
    counts: dict[str, tuple[str, Slot]] = {}
    found = []
    for column in source.columns:
        if column in (PERSON, named(program.fields, PERSON)):
            person = column
        elif column in YEARS:
            year = column
        elif column.startswith(COUNTS) and column.removeprefix(COUNTS) in program.matters:
            counts[column.removeprefix(COUNTS)] = column, slot(column, "", NUMBER, program)
        elif (key := spelt(column, known)) in known:
            at = known[key]
            if at.name in totals:
                first = totals[at.name][0]
                found.append(diagnose("TW0617", place=column, name=at.name, first=first,
                                      second=column))  # fmt: skip
            totals[at.name] = column, at
        else:
            found.append(diagnose("TW0603", place=column, name=column, nearest=""))
    for needed, code, there in (("人员编号", PERSON, person), ("年度", "year", year)):
        if not there:
            found.append(diagnose("TW1334", name=needed, code=code, nearest=""))
    if found:
        raise Rejected(found)
    at_year = year, slot("年度", "year", NUMBER, program)
    return OpeningBinding(source, person, at_year, totals, counts)


def refuse_unclear(connection: Any, bound: OpeningBinding) -> None:
    """``Rejected``: TW1346 (a column of lists or records), TW1366 (a row that gives no person or
    no year), TW1367 (two rows for a person's year, of which one would be counted twice)."""
    source, (year, _) = bound.source, bound.year
    for column, _ in (bound.year, *bound.totals.values(), *bound.counts.values()):
        if is_nested(source.columns[column]):
            raise Rejected([misshapen(column, source.columns[column], column)])
    person = f"trim(coalesce(CAST({name(bound.person)} AS VARCHAR), ''))"
    at = f"SELECT {person} AS person, CAST({name(year)} AS VARCHAR) AS year FROM {source.sql}"
    (lacking,) = connection.execute(
        f"SELECT count(*) FROM ({at}) WHERE person = '' OR year IS NULL"
    ).fetchall()[0]
    if lacking:
        raise Rejected([diagnose("TW1366", path=source.name, count=lacking)])
    twice = connection.execute(
        f"SELECT person, year FROM ({at}) GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
    ).fetchall()
    for of, when in twice:
        raise Rejected([diagnose("TW1367", path=source.name, person=of, year=when)])


def openings_of(bound: OpeningBinding, table: pa.Table, keys: Iterable[str],
                people: pa.Array) -> Openings:  # fmt: skip
    """The totals of a chunk's people for a kernel: ``table`` has their rows, ``people`` are the
    chunk's persons, each once, in the order of their numbers. ``Rejected`` for a cell that is
    no figure: a total that cannot be read would be missing to every later claim."""
    at = pc.index_in(table.column(bound.person).combine_chunks().cast(pa.string()), people)
    rows = np.flatnonzero(at.is_valid().to_numpy(zero_copy_only=False))
    order = rows[np.argsort(at.to_numpy(zero_copy_only=False)[rows], kind="stable")]
    table = table.take(pa.array(order))
    person = at.to_numpy(zero_copy_only=False)[order].astype(np.int64)
    year, _ = _numbers(*bound.year, table)
    values: dict[str, Array] = {}
    stated: dict[str, Array] = {}
    for key in keys:
        of = bound.counts if key.startswith(COUNTS) else bound.totals
        column = of.get(key.removeprefix(COUNTS))
        if column is not None:
            values[key], stated[key] = _numbers(*column, table)
    return Openings(person, year, values, stated)


def _numbers(named: str, at: Slot, table: pa.Table) -> tuple[Array, Array]:
    """A column as whole numbers (money in 分), and which of its cells are given."""
    column = Column(named, at.name, "", "number", "int64", 1, 0, MOST_MONEY, True)
    reader = Reader(Dictionary(), Texts.beginning(()))
    cells = reader.cells(column, at, table.column(named).combine_chunks())
    for refused in cells.rejects:
        args = {"name": at.name, "code": at.code, **refused.args}
        raise Rejected([diagnose(refused.code, place=named, **args)])
    given = np.ones(len(table), np.uint8) if cells.valid is None else cells.valid
    return cells.values, given


def opening_items(bound: OpeningBinding, table: pa.Table) -> Iterator[Opening]:
    """The rows of one person as items of a history."""
    for row in table.to_pylist():
        values = {
            total: at.convert(_plain(row[column]))
            for total, (column, at) in bound.totals.items()
            if row[column] is not None
        }
        counts = {m: int(row[column]) for m, (column, _) in bound.counts.items() if row[column]}
        yield Opening(int(row[bound.year[0]]), values, counts)


def _plain(raw: object) -> object:
    return repr(raw) if isinstance(raw, float) else raw
