"""A chunk of a file as the kernel's inputs, and the claims that cannot be read.

What a single claim is refused for, a row is rejected for, with the same code and words: cells
that a field cannot hold, a stay that ends before it begins, lines that do not add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, frozen

from tiaowen.compiler.core import LINES, Program
from tiaowen.dsl.diagnostics import diagnose
from tiaowen.engine.batch.binding import Binding, Bound
from tiaowen.engine.batch.cells import Array, Cells, Dictionary, Reader
from tiaowen.engine.batch.chunks import ROW, Chunk
from tiaowen.engine.batch.consistency import inconsistent, repeated
from tiaowen.engine.batch.rejects import Reject
from tiaowen.engine.batch.reversals import taken_back
from tiaowen.engine.batch.texts import Texts
from tiaowen.engine.claim_layout import layout_of
from tiaowen.engine.kernel.columns import Column


@frozen(eq=False)
class Inputs:
    """Claims in the order of people and time. ``rows`` are their places in the chunk, ``people``
    a number that changes where the person does; ``cells`` are by national code (a fee line's
    behind its collection's and a point), ``offsets`` where each claim's lines begin; ``texts``
    are the numbered texts."""

    rows: Array
    people: Array
    cells: Mapping[str, Cells]
    offsets: Array
    texts: Texts
    rejects: tuple[Reject, ...]


@define
class Preparing:
    """Prepares chunks for one kernel: ``columns`` are all that are looked at, of which the ones
    ``needed`` are handed on and the others only order and check claims."""

    program: Program
    binding: Binding
    columns: Mapping[str, Column]
    needed: frozenset[str]
    texts: Mapping[str, int]
    dictionary: Dictionary

    def prepared(self, chunk: Chunk) -> Inputs:
        """``chunk`` for the kernel."""
        texts = Texts.beginning(tuple(self.texts))
        reader = Reader(self.dictionary, texts)
        rejects: list[Reject] = []
        claims = dict(self._read(reader, chunk, "", rejects))
        lines = dict(self._read(reader, chunk, LINES, rejects))
        checks = inconsistent(self.program, self.binding, self.columns, chunk, claims, lines)
        rejects += checks
        b = self.binding
        back = taken_back(self.program, b.reversing, chunk.claims, b.person, b.settlement)
        rejects = [reject for reject in rejects if reject.row not in back.reversals]
        rejects += back.rejects
        rejects += self._unidentified(chunk)
        return self._ordered(chunk, claims, lines, rejects, texts)

    def _read(self, reader: Reader, chunk: Chunk, level: str,
              rejects: list[Reject]) -> Iterator[tuple[str, Cells]]:  # fmt: skip
        b = self.binding
        bounds = b.lines if level else {**b.totals, **b.fields}
        table = chunk.lines if level else chunk.claims
        for key, column in self.columns.items():
            bound = bounds.get(column.chinese) if column.collection == level else None
            if bound is None:
                continue
            if not len(table):
                yield key, Cells(np.zeros(0, dtype=column.dtype), None)
                continue
            array = _whole(table.column(bound.column))
            cells = reader.cells(column, bound.slot, array)
            rejects += _of_cells(bound, cells, chunk, level)
            yield key, cells

    def _unidentified(self, chunk: Chunk) -> Iterator[Reject]:
        """Claims of nobody: a running total needs its person."""
        people = chunk.claims.column(self.binding.person)
        for row in np.flatnonzero(pc.is_null(people).to_numpy()):
            yield Reject(int(row), self.binding.person, diagnose("TW1335"))

    def _ordered(self, chunk: Chunk, claims: dict[str, Cells], lines: dict[str, Cells],
                 rejects: list[Reject], texts: Texts) -> Inputs:  # fmt: skip
        size = len(chunk.claims)
        kept = np.ones(size, dtype=bool)
        kept[[reject.row for reject in rejects]] = False
        people = _changes(chunk.claims.column(self.binding.person))
        times = self._times(claims, size)
        rows = np.lexsort((times, people))
        if self.binding.settlement:
            numbers = chunk.claims.column(self.binding.settlement)
            rows = _by_settlement(rows, people[rows], times[rows], numbers)
        rows = rows[kept[rows]]
        again = list(repeated(self.binding, chunk, rows, people[rows], self._midway(claims, rows)))
        rejects += again
        kept[[reject.row for reject in again]] = False
        rows = rows[kept[rows]]
        counts = np.bincount(chunk.parents, minlength=size)
        starts = np.cumsum(counts) - counts
        taken = {key: _taken(c, rows) for key, c in claims.items() if key in self.needed}
        if lines:
            of = _spread(starts[rows], counts[rows])
            taken |= {key: _taken(c, of) for key, c in lines.items() if key in self.needed}
        offsets = np.concatenate([[0], np.cumsum(counts[rows])])
        rejects.sort(key=lambda reject: reject.row)
        return Inputs(rows, people[rows], taken, offsets, texts, tuple(rejects))

    def _midway(self, claims: Mapping[str, Cells], rows: Array) -> Array:
        """1 where a settlement was made midway."""
        name = layout_of(self.program).roles.midway
        found = self._claim_cells(claims, name)
        return np.zeros(len(rows), np.uint8) if found is None else found[1].values[rows]

    def _times(self, claims: Mapping[str, Cells], size: int) -> Array:
        """The first of settlement, discharge and admission that each claim gives, in seconds."""
        times = np.full(size, np.iinfo(np.int64).min)
        for name in reversed(self.binding.order):
            found = self._claim_cells(claims, name)
            if found is None:
                continue
            column, cells = found
            seconds = cells.values.astype(np.int64) * (1 if column.kind == "moment" else 86_400)
            times = seconds if cells.valid is None else np.where(cells.valid, seconds, times)
        return times

    def _claim_cells(self, claims: Mapping[str, Cells], name: str) -> tuple[Column, Cells] | None:
        """The column of the claim's field ``name`` (Chinese), where the file has it."""
        for key, column in self.columns.items():
            if not column.collection and column.chinese == name and key in claims:
                return column, claims[key]
        return None


def _whole(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _of_cells(bound: Bound, cells: Cells, chunk: Chunk, level: str) -> Iterator[Reject]:
    """The rejects of a column's cells, for each claim once."""
    slot = bound.slot
    for refused in cells.rejects:
        args: dict[str, Any] = {"name": slot.name, "code": slot.code, **refused.args}
        for place in refused.rows:
            row = int(chunk.parents[place]) if level else int(place)
            where = f"{LINES}[{_number(chunk, int(place))}].{slot.label}" if level else slot.label
            yield Reject(row, where, diagnose(refused.code, place=where, **args))


def _number(chunk: Chunk, place: int) -> int:
    """Which of its claim's lines a line is, from 0."""
    return place - int(np.searchsorted(chunk.parents, chunk.parents[place]))


def _changes(people: Any) -> Array:
    """A number for each person, rising from row to row."""
    array = pc.fill_null(_whole(people).cast(pa.string()), "")
    if len(array) < 2:
        return np.zeros(len(array), dtype=np.int64)
    new = pc.not_equal(array[1:], array[:-1]).to_numpy(zero_copy_only=False)
    return np.concatenate([[0], np.cumsum(new)])


def _by_settlement(rows: Array, people: Array, times: Array, numbers: Any) -> Array:
    """``rows`` with a person's claims of one time in the order of their settlement numbers:
    which goes first must not hang on how the file lies. Those without a number go last."""
    again = (people[1:] == people[:-1]) & (times[1:] == times[:-1])
    if not again.any():
        return rows
    run = np.concatenate([[0], np.cumsum(~again)])
    tied = np.flatnonzero(np.concatenate([[False], again]) | np.concatenate([again, [False]]))
    texts = numbers.take(pa.array(rows[tied])).to_pylist()
    keys = [(run[at], text is None, text) for at, text in zip(tied, texts, strict=True)]
    order = sorted(range(len(tied)), key=lambda n: keys[n][: 2 if keys[n][1] else 3])
    found = rows.copy()
    found[tied] = rows[tied[order]]
    return found


def _taken(cells: Cells, rows: Array) -> Cells:
    return Cells(cells.values[rows], None if cells.valid is None else cells.valid[rows])


def _spread(starts: Array, counts: Array) -> Array:
    """The places of the lines of claims whose lines begin at ``starts``."""
    size = int(counts.sum())
    first = np.repeat(starts - (np.cumsum(counts) - counts), counts)
    found: Array = first + np.arange(size)
    return found


def described(rejects: Iterable[Reject], chunk: Chunk) -> Iterator[tuple[int, Reject]]:
    """Each reject with the place of its claim in the file."""
    places = chunk.claims.column(ROW).to_numpy()
    for reject in rejects:
        yield int(places[reject.row]), reject
