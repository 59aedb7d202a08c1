"""Claims in the order of people, so many whole people at a time.

A file that is ordered by person already is read as it lies; any other is sorted by DuckDB,
out of core where memory is short. Within a person the order of time is made later, from the
dates as the kernel reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from tiaowen.engine.batch import parquet_files
from tiaowen.engine.batch.binding import Binding
from tiaowen.engine.batch.openings import OpeningBinding
from tiaowen.engine.batch.parquet_files import Wanted
from tiaowen.engine.batch.sources import Source, cursor
from tiaowen.engine.batch.sql import name, text
from tiaowen.engine.batch.streams import ROWS, Beside, by_people
from tiaowen.engine.claims.layout import Slot

ROW = "tiaowen_row"
"""The place of a claim in its file, from 1."""


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

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the claims that are read; the nested lines are the last of them."""
        b = self.binding
        bound = (x.column for x in (*b.fields.values(), *b.totals.values()))
        nested = [b.nested] if b.nested and self.lines is None else []
        return tuple(dict.fromkeys([b.person, *bound, *b.reversing.there, *self.further, *nested]))

    @property
    def direct(self) -> bool:
        """Whether the claims can be read as they lie without a database."""
        files = self.source.files
        return bool(files) and self.only is None and parquet_files.readable(files, self.columns)

    def labels(self) -> frozenset[str]:
        """The columns that hold codes and members, of which there are few."""
        b = self.binding
        return frozenset(
            [x.column for x in b.fields.values() if _few(x.slot)]
            + [f"{b.nested}.{x.column}" for x in b.lines.values() if _few(x.slot)]
        )

    def claims(self, *, ordered: bool, after: str | None, read: int) -> str:
        """The claims with the columns that are bound: sorted, only people behind ``after``; or in
        the file's own order, behind the first ``read``."""
        columns = ", ".join(map(name, self.columns))
        rows = f"(SELECT {columns}, row_number() OVER () AS {ROW} FROM {self.source.sql})"
        person = _person(self.binding.person)
        if ordered:
            where = self._where(person, after)
            return f"SELECT {columns}, {ROW} FROM {rows}{where} ORDER BY {person}, {ROW}"
        behind = [f"{ROW} > {read}"] if read else []
        return f"SELECT {columns}, {ROW} FROM {rows}{self._where(person, None, behind)}"

    def line_rows(self, after: str | None) -> str:
        """The fee lines of a file of their own, in the order of their people."""
        assert self.lines is not None
        b = self.binding
        columns = ", ".join(f"l.{name(x.column)}" for x in b.lines.values())
        encounter, joining = name(b.encounter), name(b.joining)
        number = next((x.column for x in b.lines.values() if x.slot.code == "feedetl_sn"), "")
        return (
            f"SELECT c.person AS {PERSON}, c.encounter AS {ENCOUNTER}, {columns} "
            f"FROM {self.lines.sql} AS l JOIN (SELECT DISTINCT {_person(b.person)} AS person, "
            f"CAST({encounter} AS VARCHAR) AS encounter FROM {self.source.sql}) AS c "
            f"ON CAST(l.{joining} AS VARCHAR) = c.encounter{self._where('c.person', after)} "
            f"ORDER BY c.person, c.encounter{f', l.{name(number)}' if number else ''}"
        )

    def opening_rows(self, after: str | None) -> str:
        """The totals from before, in the order of people."""
        assert self.openings is not None
        person = _person(self.openings.person)
        return (
            f"SELECT *, {person} AS {PERSON} FROM {self.openings.source.sql}"
            f"{self._where(person, after)} ORDER BY {PERSON}"
        )

    def _where(self, person: str, after: str | None, wanted: Sequence[str] = ()) -> str:
        found = [*wanted]
        found += [f"{person} > {text(after)}"] if after is not None else []
        found += [f"{person} = {text(self.only)}"] if self.only is not None else []
        return f" WHERE {' AND '.join(found)}" if found else ""


PERSON, ENCOUNTER = "tiaowen_person", "tiaowen_encounter"


def _person(column: str) -> str:
    return f"coalesce(CAST({name(column)} AS VARCHAR), '')"


def _few(slot: Slot) -> bool:
    return slot.type.enumerated or slot.type.kind == "prefix"


def chunks(connection: Any, reading: Reading, *, ordered: bool, after: str | None = None,
           read: int = 0, threads: int = 1) -> Iterator[Chunk]:  # fmt: skip
    """The claims by whole people: sorted where they are to be ``ordered``, else as they lie.
    Goes on behind the person ``after``, with whom ``read`` claims were read.

    ``Unordered`` where they were to be read as they lie, and are not in the order of people.
    """
    person, nested = reading.binding.person, reading.binding.nested
    if reading.direct and not ordered:
        wanted = Wanted(reading.columns, reading.labels(), ROW, threads)
        found: Iterable[Any] = parquet_files.batches(reading.source.files, wanted, ROWS, read)
    else:
        found = _rows(connection, reading.claims(ordered=ordered, after=after, read=read))
    claims = by_people(found, person, after)
    lines = openings = None
    if reading.lines is not None:
        beside = cursor(connection, (reading.source, reading.lines))
        lines = Beside(by_people(_rows(beside, reading.line_rows(after)), PERSON), PERSON)
    if reading.openings is not None:
        beside = cursor(connection, (reading.openings.source,))
        openings = Beside(by_people(_rows(beside, reading.opening_rows(after)), PERSON), PERSON)
    for table, last in claims:
        if lines is None:
            chunk = with_nested(table, nested)
        else:
            chunk = with_joined(table, lines.upto(last), reading.binding.encounter)
        yield chunk if openings is None else evolve(chunk, openings=openings.upto(last))


def _rows(connection: Any, sql: str) -> Iterable[pa.RecordBatch]:
    found: Iterable[pa.RecordBatch] = connection.sql(sql).to_arrow_reader(ROWS // 4)
    return found


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


def with_joined(claims: pa.Table, lines: pa.Table | None, encounter: str) -> Chunk:
    """A chunk whose lines have their own rows, put in the order of the claims."""
    if lines is None or not len(lines):
        return Chunk(claims, pa.table({}), np.zeros(0, np.int64))
    known = claims.column(encounter).combine_chunks().cast(pa.string())
    of = pc.index_in(lines.column(ENCOUNTER).combine_chunks(), value_set=known)
    parents = of.to_numpy(zero_copy_only=False).astype(np.int64)
    order = np.argsort(parents, kind="stable")
    return Chunk(claims, lines.take(pa.array(order)), parents[order])
