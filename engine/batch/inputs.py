"""A chunk of a file as the kernel's inputs, and the claims that cannot be read.

What a single claim is refused for, a row is rejected for, with the same code and words: cells
that a field cannot hold, a stay that ends before it begins, lines that do not add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from tiaowen.engine.batch.order import People, rising, rows_by_time
from tiaowen.engine.batch.rejects import Reject
from tiaowen.engine.batch.reversals import taken_back
from tiaowen.engine.batch.streams import texts_of, whole
from tiaowen.engine.batch.texts import Texts, odd
from tiaowen.engine.claims.layout import layout_of
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
    as_they_lie: bool = False
    """Whether they are all claims of the chunk, in its order."""


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
        b = self.binding
        people = People.of(whole(chunk.claims.column(b.person)))
        apart = {column for column in (b.settlement, b.encounter)
                 if column and rising(whole(chunk.claims.column(column)), people)}  # fmt: skip
        texts = Texts.beginning(tuple(self.texts), apart=self._only_text() in apart)
        reader = Reader(self.dictionary, texts)
        rejects: list[Reject] = []
        claims = dict(self._read(reader, chunk, "", rejects))
        lines = dict(self._read(reader, chunk, LINES, rejects))
        rejects += inconsistent(self.program, b, self.columns, chunk, claims, lines)
        if b.reversing.there:
            back = taken_back(self.program, b.reversing, chunk.claims, b.person, b.settlement)
            rejects = [reject for reject in rejects if reject.row not in back.reversals]
            rejects += back.rejects
        rejects += self._unidentified(chunk)
        numbers = chunk.claims.column(b.settlement) if b.settlement else None
        times = self._times(claims, len(chunk.claims))
        rows = rows_by_time(people, times, numbers)
        if rows is None:
            rows = np.arange(len(chunk.claims))
        kept = self._kept(rows, rejects)
        if not {b.settlement, b.encounter} <= {"", *apart}:
            rejects += repeated(b, chunk, kept, people.numbers[kept], self._midway(claims, kept))
            kept = self._kept(kept, rejects)
        rejects.sort(key=lambda reject: reject.row)
        return self._taken(chunk, people, kept, (claims, lines), texts, rejects)

    def _only_text(self) -> str | None:
        """The column of the claims that is the one text of the kernel, where no text is named;
        None where there are others to compare it with."""
        texts = [c for c in self.columns.values() if c.kind == "text"]
        if len(texts) != 1 or texts[0].collection or len(self.texts) > 1:
            return None
        bound = self.binding.fields.get(texts[0].chinese)
        return bound.column if bound is not None else None

    @staticmethod
    def _kept(rows: Array, rejects: Sequence[Reject]) -> Array:
        """``rows`` without those that are refused."""
        if not rejects:
            return rows
        kept: Array = rows[~np.isin(rows, [reject.row for reject in rejects])]
        return kept

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
            array = whole(table.column(bound.column))
            cells = reader.cells(column, bound.slot, array)
            rejects += _of_cells(bound, cells, chunk, level)
            yield key, cells

    def _unidentified(self, chunk: Chunk) -> Iterator[Reject]:
        """Claims of nobody: a running total needs its person."""
        people = texts_of(whole(chunk.claims.column(self.binding.person)))
        at = odd(people)
        blank = pc.equal(pc.utf8_trim_whitespace(people.take(pa.array(at))), "")
        for row in at[blank.to_numpy(zero_copy_only=False)]:
            yield Reject(int(row), self.binding.person, diagnose("TW1335"))

    def _taken(self, chunk: Chunk, people: People, rows: Array,
               cells: tuple[Mapping[str, Cells], Mapping[str, Cells]], texts: Texts,
               rejects: Sequence[Reject]) -> Inputs:  # fmt: skip
        """What the kernel reads of ``rows``, in their order."""
        claims, lines = cells
        size = len(chunk.claims)
        as_they_lie = len(rows) == size and bool((rows[1:] > rows[:-1]).all())
        counts = np.bincount(chunk.parents, minlength=size)
        taken = {key: c for key, c in claims.items() if key in self.needed}
        of_lines = {key: c for key, c in lines.items() if key in self.needed}
        numbers = people.numbers
        if not as_they_lie:
            numbers = numbers[rows]
            taken = {key: _rows_of(c, rows) for key, c in taken.items()}
            if lines:
                of = _spread((np.cumsum(counts) - counts)[rows], counts[rows])
                of_lines = {key: _rows_of(c, of) for key, c in of_lines.items()}
            counts = counts[rows]
        offsets = np.concatenate([[0], np.cumsum(counts)])
        return Inputs(rows, numbers, taken | of_lines, offsets, texts, tuple(rejects),
                      as_they_lie)  # fmt: skip

    def _midway(self, claims: Mapping[str, Cells], rows: Array) -> Array:
        """1 where a settlement was made midway."""
        name = layout_of(self.program).roles.midway
        found = self._claim_cells(claims, name)
        return np.zeros(len(rows), np.uint8) if found is None else found[1].values[rows]

    def _times(self, claims: Mapping[str, Cells], size: int) -> Array:
        """The first of settlement, discharge and admission that each claim gives, in seconds."""
        found = [f for name in self.binding.order if (f := self._claim_cells(claims, name))]
        whole = next((n for n, (_, cells) in enumerate(found) if cells.valid is None), len(found))
        times = np.full(size, np.iinfo(np.int64).min)
        for column, cells in reversed(found[: whole + 1]):
            seconds = cells.values.astype(np.int64) * (1 if column.kind == "moment" else 86_400)
            times = seconds if cells.valid is None else np.where(cells.valid, seconds, times)
        return times

    def _claim_cells(self, claims: Mapping[str, Cells], name: str) -> tuple[Column, Cells] | None:
        """The column of the claim's field ``name`` (Chinese), where the file has it."""
        for key, column in self.columns.items():
            if not column.collection and column.chinese == name and key in claims:
                return column, claims[key]
        return None


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


def _rows_of(cells: Cells, rows: Array) -> Cells:
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
