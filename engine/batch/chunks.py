"""Claims in the order of people, so many whole people at a time.

A file that is ordered by person already is read as it lies; any other is sorted by DuckDB,
out of core where memory is short. Within a person the order of time is made later, from the
dates as the kernel reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import Factory, define, evolve, frozen

from tiaowen.engine.batch.binding import Binding
from tiaowen.engine.batch.openings import OpeningBinding
from tiaowen.engine.batch.sources import Source, cursor

ROW = "tiaowen_row"
"""The place of a claim in its file, from 1."""
ROWS = 1 << 17
"""About how many claims a chunk has."""


class Unordered(Exception):
    """The file is not in the order of people."""


@frozen(eq=False)
class Chunk:
    """Whole people's ``claims``, and their fee ``lines`` with the row of ``claims`` each belongs
    to (``parents``, never falling); no lines are a table without rows."""

    claims: pa.Table
    lines: pa.Table
    parents: np.ndarray[Any, np.dtype[np.int64]]
    openings: pa.Table | None = None
    """The people's totals from before, where a file of them was given."""


@frozen(eq=False)
class Reading:
    """What is read: ``lines`` is the file of fee lines where they have their own; ``only`` one
    person's claims, where it is not None."""

    source: Source
    binding: Binding
    lines: Source | None = None
    only: str | None = None
    further: tuple[str, ...] = ()
    """Columns of the file that are no fields and go along."""
    openings: OpeningBinding | None = None

    def claims(self, *, ordered: bool, after: str | None) -> str:
        """The claims with the columns that are bound, in the file's own order or sorted; only
        people behind ``after``."""
        b = self.binding
        bound = (x.column for x in (*b.fields.values(), *b.totals.values()))
        wanted = dict.fromkeys([b.person, *bound, *b.reversing.there, *self.further])
        columns = ", ".join(_name(column) for column in wanted)
        nested = f", {_name(b.nested)}" if b.nested and self.lines is None else ""
        rows = f"(SELECT *, row_number() OVER () AS {ROW} FROM {self.source.sql})"
        sql = f"SELECT {columns}, {ROW}{nested} FROM {rows}{self._where(_person(b.person), after)}"
        if ordered:
            sql += f" ORDER BY {_person(b.person)}, {ROW}"
        return sql

    def line_rows(self, after: str | None) -> str:
        """The fee lines of a file of their own, in the order of their people."""
        assert self.lines is not None
        b = self.binding
        columns = ", ".join(f"l.{_name(x.column)}" for x in b.lines.values())
        encounter = _name(b.encounter)
        number = next((x.column for x in b.lines.values() if x.slot.code == "feedetl_sn"), "")
        return (
            f"SELECT c.person AS {PERSON}, c.encounter AS {ENCOUNTER}, {columns} "
            f"FROM {self.lines.sql} AS l JOIN (SELECT DISTINCT {_person(b.person)} AS person, "
            f"CAST({encounter} AS VARCHAR) AS encounter FROM {self.source.sql}) AS c "
            f"ON CAST(l.{encounter} AS VARCHAR) = c.encounter{self._where('c.person', after)} "
            f"ORDER BY c.person, c.encounter{f', l.{_name(number)}' if number else ''}"
        )

    def opening_rows(self, after: str | None) -> str:
        """The totals from before, in the order of people."""
        assert self.openings is not None
        person = _person(self.openings.person)
        return (
            f"SELECT *, {person} AS {PERSON} FROM {self.openings.source.sql}"
            f"{self._where(person, after)} ORDER BY {PERSON}"
        )

    def _where(self, person: str, after: str | None) -> str:
        wanted = [f"{person} > {_quoted(after)}"] if after is not None else []
        wanted += [f"{person} = {_quoted(self.only)}"] if self.only is not None else []
        return f" WHERE {' AND '.join(wanted)}" if wanted else ""


PERSON, ENCOUNTER = "tiaowen_person", "tiaowen_encounter"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _person(column: str) -> str:
    return f"coalesce(CAST({_name(column)} AS VARCHAR), '')"


def chunks(connection: Any, reading: Reading, *, ordered: bool,
           after: str | None = None) -> Iterator[Chunk]:  # fmt: skip
    """The claims by whole people. ``Unordered`` where ``ordered`` is False and they are not."""
    person, nested = reading.binding.person, reading.binding.nested
    claims = _read(connection, reading.claims(ordered=ordered, after=after), person)
    lines = openings = None
    if reading.lines is not None:
        beside = cursor(connection, (reading.source, reading.lines))
        lines = _Beside(_read(beside, reading.line_rows(after), PERSON))
    if reading.openings is not None:
        beside = cursor(connection, (reading.openings.source,))
        openings = _Beside(_read(beside, reading.opening_rows(after), PERSON))
    for table, last in claims:
        if lines is None:
            chunk = with_nested(table, nested)
        else:
            chunk = with_joined(table, lines.upto(last), reading.binding.encounter)
        yield chunk if openings is None else evolve(chunk, openings=openings.upto(last))


def _read(connection: Any, sql: str, person: str) -> Iterator[tuple[pa.Table, str]]:
    return by_people(connection.sql(sql).to_arrow_reader(ROWS), person)


def by_people(batches: Iterable[pa.RecordBatch], person: str) -> Iterator[tuple[pa.Table, str]]:
    """Rows cut where people change, each time with the last person; ``person`` is their column.
    Batches of few rows, as DuckDB and Spark hand them over, are gathered."""
    kept: list[pa.Table] = []
    last: str | None = None
    for batch in batches:
        table = pa.Table.from_batches([batch])
        people = pc.fill_null(table.column(person).combine_chunks().cast(pa.string()), "")
        if not len(people):
            continue
        first = people[0].as_py()
        if _falls(people) or (last is not None and first < last):
            raise Unordered
        size = sum(map(len, kept))
        if size >= ROWS and last is not None and last != first:
            yield pa.concat_tables(kept), last
            kept, size = [], 0
        cut = _last_change(people)
        if cut and size + cut >= ROWS:
            yield pa.concat_tables([*kept, table.slice(0, cut)]), people[cut - 1].as_py()
            kept = []
            table = table.slice(cut)
        kept.append(table)
        last = people[-1].as_py()
    if kept and last is not None:
        yield pa.concat_tables(kept), last


def _falls(people: pa.Array) -> bool:
    """Whether a person stands behind a later one."""
    return len(people) > 1 and bool(pc.any(pc.less(people[1:], people[:-1])).as_py())


def _last_change(people: pa.Array) -> int:
    """Where the last person begins; 0 where there is one alone."""
    if len(people) < 2:
        return 0
    changes = pc.not_equal(people[1:], people[:-1]).to_numpy(zero_copy_only=False)
    found = np.flatnonzero(changes)
    return int(found[-1]) + 1 if len(found) else 0


# --- fee lines


def with_nested(table: pa.Table, nested: str) -> Chunk:
    """A chunk whose lines are a column of lists."""
    if not nested:
        return Chunk(table, pa.table({}), np.zeros(0, np.int64))
    lists = table.column(nested).combine_chunks()
    records = pc.list_flatten(lists)
    columns = {kind.name: records.field(n) for n, kind in enumerate(records.type)}
    parents = pc.list_parent_indices(lists).to_numpy().astype(np.int64)
    return Chunk(table.drop_columns([nested]), pa.table(columns), parents)


@define
class _Beside:
    """A stream of rows by people, fee lines or totals, that goes along with the claims."""

    tables: Iterator[tuple[pa.Table, str]]
    waiting: list[pa.Table] = Factory(list)

    def upto(self, last: str) -> pa.Table | None:
        """The rows of people up to ``last``, of whom none was given before."""
        found, later = [], []
        for table, end in self._with_next(last):
            if end <= last:
                found.append(table)
                continue
            people = table.column(PERSON).combine_chunks()
            cut = pc.sum(pc.less_equal(people, last)).as_py() or 0
            found.append(table.slice(0, cut))
            later.append(table.slice(cut))
        self.waiting = later
        return pa.concat_tables(found) if found else None

    def _with_next(self, last: str) -> Iterator[tuple[pa.Table, str]]:
        """What waits, and what follows until it goes beyond ``last``."""
        beyond = False
        for table in self.waiting:
            end = table.column(PERSON)[-1].as_py()
            beyond = beyond or end > last
            yield table, end
        while not beyond:
            following = next(self.tables, None)
            if following is None:
                return
            beyond = following[1] > last
            yield following


def with_joined(claims: pa.Table, lines: pa.Table | None, encounter: str) -> Chunk:
    """A chunk whose lines have their own rows, put in the order of the claims."""
    if lines is None or not len(lines):
        return Chunk(claims, pa.table({}), np.zeros(0, np.int64))
    known = claims.column(encounter).combine_chunks().cast(pa.string())
    of = pc.index_in(lines.column(ENCOUNTER).combine_chunks(), value_set=known)
    parents = of.to_numpy(zero_copy_only=False).astype(np.int64)
    order = np.argsort(parents, kind="stable")
    return Chunk(claims, lines.take(pa.array(order)), parents[order])
