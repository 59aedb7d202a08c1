"""Rows in the order of people, cut into pieces of whole people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import Factory, define

ROWS = 1 << 17
"""At most about how many claims a piece has."""
LEAST = ROWS // 2
"""At least how many it is to have, unless it takes much memory."""
BYTES = 1 << 25
"""About how much a piece takes in memory before it is cut sooner: fee lines may be many."""


class Unordered(Exception):
    """The rows are not in the order of people."""


def by_people(batches: Iterable[pa.RecordBatch], person: str,
              after: str | None = None) -> Iterator[tuple[pa.Table, str]]:  # fmt: skip
    """Rows cut where people change, each time with the last person; ``person`` is their column.
    Batches of few rows, as DuckDB and Spark hand them over, are gathered.

    ``Unordered`` where a person stands behind a later one; all stand behind ``after``.
    """
    kept: list[pa.Table] = []
    last = after
    for batch in batches:
        people = texts_of(batch.column(person))
        if not len(people):
            continue
        first = people[0].as_py()
        if _falls(people) or (last is not None and first < last):
            raise Unordered
        if last is not None and last != first and _large(kept):
            yield pa.concat_tables(kept), last
            kept = []
        table, cut = pa.Table.from_batches([batch]), _last_change(people)
        if cut and _large([*kept, table.slice(0, cut)]):
            yield pa.concat_tables([*kept, table.slice(0, cut)]), people[cut - 1].as_py()
            kept, table = [], table.slice(cut)
        kept.append(table)
        last = people[-1].as_py()
    if kept and last is not None:
        yield pa.concat_tables(kept), last


def texts_of(column: pa.Array) -> pa.Array:
    """A column of people as the texts that they are ordered by; '' for nobody."""
    return pc.fill_null(column.cast(pa.string()), "")


def whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column in one piece, copied only where it lies in several."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _large(tables: Sequence[pa.Table]) -> bool:
    return sum(map(len, tables)) >= LEAST or sum(table.nbytes for table in tables) >= BYTES


def _falls(people: pa.Array) -> bool:
    """Whether a person stands behind a later one."""
    return len(people) > 1 and bool(pc.any(pc.less(people[1:], people[:-1])).as_py())


def _last_change(people: pa.Array) -> int:
    """Where the last person begins; 0 where there is one alone. Looked for from the end."""
    end, width = len(people), 64
    while end:
        begin = max(0, end - width)
        other = pc.not_equal(people[begin:end], people[-1]).to_numpy(zero_copy_only=False)
        if other.any():
            return begin + int(np.flatnonzero(other)[-1]) + 1
        end, width = begin, width * 16
    return 0


@define
class Beside:
    """A stream of rows by people, fee lines or totals, that goes along with the claims;
    ``person`` is their column."""

    tables: Iterator[tuple[pa.Table, str]]
    person: str
    waiting: list[pa.Table] = Factory(list)

    def upto(self, last: str) -> pa.Table | None:
        """The rows of people up to ``last``, of whom none was given before."""
        found, later = [], []
        for table, end in self._with_next(last):
            if end <= last:
                found.append(table)
                continue
            people = table.column(self.person).combine_chunks()
            cut = pc.sum(pc.less_equal(people, last)).as_py() or 0
            found.append(table.slice(0, cut))
            later.append(table.slice(cut))
        self.waiting = later
        return pa.concat_tables(found) if found else None

    def _with_next(self, last: str) -> Iterator[tuple[pa.Table, str]]:
        """What waits, and what follows until it goes beyond ``last``."""
        beyond = False
        for table in self.waiting:
            end = table.column(self.person)[-1].as_py()
            beyond = beyond or end > last
            yield table, end
        while not beyond:
            following = next(self.tables, None)
            if following is None:
                return
            beyond = following[1] > last
            yield following
