"""A chunk of a file settled: the rows of the output, and those of the reject file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, evolve, frozen

from tiaowen.compiler.core import LINES, Program
from tiaowen.compiler.types import TEXT
from tiaowen.dsl.catalogue import message
from tiaowen.engine.batch.binding import Binding
from tiaowen.engine.batch.cells import Array, Dictionary
from tiaowen.engine.batch.chunks import ROW, Chunk
from tiaowen.engine.batch.consistency import checked_fields
from tiaowen.engine.batch.inputs import Inputs, Preparing
from tiaowen.engine.batch.matters import MED_TYPE, Choosing
from tiaowen.engine.batch.openings import OpeningBinding, openings_of
from tiaowen.engine.batch.outputs import Writing
from tiaowen.engine.batch.rejects import Reject
from tiaowen.engine.batch.streams import texts_of, whole
from tiaowen.engine.batch.telling import told
from tiaowen.engine.claims.billed import billed_of
from tiaowen.engine.kernel.columns import Column, Columns, total_column
from tiaowen.engine.kernel.generating import TELLING
from tiaowen.engine.kernel.graph import Graph
from tiaowen.engine.kernel.names import Names
from tiaowen.engine.kernel.running import Kernel, Openings, Settled

KEPT = ("psn_no", "mdtrt_id", "setl_id", MED_TYPE, "hosp_lv")
"""Columns of the claims that go along into the output."""


@frozen(eq=False)
class Part:
    """What came of a chunk. ``settled`` is in the order of people and time; ``rejected`` has a
    row for each problem of a claim that was not settled; ``read`` claims were read."""

    settled: pa.RecordBatch | pa.Table
    rejected: pa.RecordBatch | pa.Table
    read: int
    last: str


@frozen(eq=False)
class Decided:
    """What a kernel made of a chunk: ``matter`` numbers the matter of each of ``given``'s rows,
    ``done`` is True for those decided, ``outputs`` are by national code, as the kernel's outputs
    describe them; ``rejects`` are the claims that were not settled."""

    given: Inputs
    matter: Array
    done: Array
    outputs: Mapping[str, Array]
    rejects: tuple[Reject, ...]


@define
class Settling:
    """Settles chunks with one kernel."""

    program: Program
    binding: Binding
    kernel: Kernel
    preparing: Preparing
    choosing: Choosing
    writing: Writing
    openings: OpeningBinding | None = None
    only: tuple[str, ...] = ()
    """The matters whose claims are written; all are settled, for what they leave behind."""
    lang: Literal["zh", "en"] = "zh"

    @classmethod
    def of(cls, program: Program, binding: Binding, kernel: Kernel, mapping: Mapping[str, str],
           lang: Literal["zh", "en"], only: tuple[str, ...] = (),
           openings: OpeningBinding | None = None) -> Settling:  # fmt: skip
        """Settling by ``kernel`` what ``binding`` says the columns are."""
        columns = {column.name: column for column in kernel.columns}
        columns |= {c.name: c for c in further(program, binding, columns)}
        numbers = {name: number for number, name in enumerate(kernel.matters, 1)}
        choosing = Choosing(program, binding, columns, numbers, dict(mapping))
        dictionary = Dictionary({code: number for number, code in enumerate(kernel.codes)})
        needed = frozenset((*(column.name for column in kernel.columns), MED_TYPE))
        preparing = Preparing(program, binding, columns, needed, kernel.texts, dictionary)
        writing = Writing(program, kernel)
        return cls(program, binding, kernel, preparing, choosing, writing, openings, only, lang)

    def decided(self, chunk: Chunk) -> Decided:
        """What the kernel makes of ``chunk``."""
        given = self.preparing.prepared(chunk)
        telling = np.full(len(given.rows), self.kernel.matters.index(TELLING) + 1, np.int16)
        before = self._openings(chunk)
        fits = self._run(given, telling, before).outputs
        matter, untold = self.choosing.chosen(fits, given.cells.get(MED_TYPE), given.rows)
        found = self._run(given, matter, before)
        stopped = np.flatnonzero((found.reject != 0) & (matter > 0))
        stops = self._stops(given.rows[stopped], matter[stopped], found.reject[stopped])
        rejects = (*given.rejects, *untold, *stops)
        return Decided(given, matter, found.reject == 0, found.outputs, rejects)

    def part(self, chunk: Chunk) -> Part:
        """``chunk`` settled."""
        chunk = evolve(chunk, claims=chunk.claims.combine_chunks())
        found = self.decided(chunk)
        shown = found.done & self._wanted(found.matter)
        outputs, matter, along = found.outputs, found.matter, self._along(chunk, found.given)
        if not shown.all():
            mask = pa.array(shown)
            outputs = {name: pa.array(values).filter(mask).to_numpy()
                       for name, values in outputs.items() if TELLING not in name}  # fmt: skip
            along = {name: column.filter(mask) for name, column in along.items()}
            matter = matter[shown]
        dictionary = tuple(self.preparing.dictionary.known)
        made = self.writing.columns(outputs, matter, dictionary, found.given.texts.known)
        settled = pa.RecordBatch.from_pydict(along | made)
        rejected = self._rejected(chunk, found.rejects)
        last = chunk.claims.column(self.binding.person)[-1].as_py()
        return Part(settled, rejected, len(chunk.claims), str(last or ""))

    def _run(self, given: Inputs, matter: Array, before: Openings | None) -> Settled:
        """The kernel over the claims, each as the matter of this number."""
        reads = {column.name for column in self.kernel.columns}
        cells = {key: cell for key, cell in given.cells.items() if key in reads}
        lines = self.program.collections[LINES].code if LINES in self.program.collections else ""
        return self.kernel.run(
            {key: cell.values for key, cell in cells.items()},
            valid={key: cell.valid for key, cell in cells.items() if cell.valid is not None},
            person=given.people,
            matter=matter,
            offsets={lines: given.offsets} if lines in self.kernel.collections else {},
            codes=tuple(self.preparing.dictionary.known),
            openings=before,
            trusted=True,
        )

    def _openings(self, chunk: Chunk) -> Openings | None:
        """The totals from before the file of the chunk's people."""
        if self.openings is None or chunk.openings is None:
            return None
        people = texts_of(whole(chunk.claims.column(self.binding.person)))
        each = pc.unique(people)
        return openings_of(self.openings, chunk.openings, self.kernel.opening_keys, each)

    def _wanted(self, matter: Array) -> Array:
        """Where a row's matter is to be written."""
        if not self.only:
            return np.ones(len(matter), dtype=bool)
        numbers = [n for n, name in enumerate(self.kernel.matters, 1) if name in self.only]
        return np.isin(matter, numbers)

    def _along(self, chunk: Chunk, given: Inputs) -> dict[str, pa.Array]:
        """What goes along of the claims that were given to the kernel."""
        rows = None if given.as_they_lie else pa.array(given.rows)
        found: dict[str, pa.Array] = {}
        for bound in self.binding.fields.values():
            if bound.slot.code in KEPT:
                column = chunk.claims.column(bound.column)
                found[bound.slot.code] = whole(column if rows is None else column.take(rows))
        return {code: found[code] for code in KEPT if code in found}

    def _stops(self, rows: Array, matters: Array, numbers: Array) -> Iterator[Reject]:
        """Why claims were not decided, as the kernel says it; told once for all that stop
        alike."""
        known: dict[tuple[int, int], Reject] = {}
        for row, *key in zip(rows.tolist(), matters.tolist(), numbers.tolist(), strict=True):
            matter, number = key
            if (matter, number) not in known:
                stop = self.kernel.stops[number]
                problem = told(self.program, self.kernel.matters[matter - 1], stop)
                known[matter, number] = Reject(row, stop.name, problem)
            first = known[matter, number]
            yield Reject(row, first.field, first.problem)

    def _rejected(self, chunk: Chunk, rejects: Iterable[Reject]) -> pa.RecordBatch:
        listed = sorted(rejects, key=lambda reject: reject.row)
        rows = pa.array([reject.row for reject in listed], pa.int64())
        columns: dict[str, pa.Array] = {"row": chunk.claims.column(ROW).take(rows).combine_chunks()}
        for code, column in (("psn_no", self.binding.person), ("mdtrt_id", self.binding.encounter)):
            if column:
                taken = chunk.claims.column(column).take(rows).combine_chunks()
                columns[code] = taken.cast(pa.string())
        columns["field"] = pa.array([reject.field for reject in listed], pa.string())
        columns["code"] = pa.array([reject.problem.code for reject in listed], pa.string())
        said = {id(of): message(of, self.lang) for of in {id(r.problem): r.problem
                for r in listed}.values()}  # fmt: skip
        columns["message"] = pa.array([said[id(r.problem)] for r in listed], pa.string())
        return pa.RecordBatch.from_pydict(columns)


def further(program: Program, binding: Binding, known: Mapping[str, Column]) -> Iterable[Column]:
    """Columns that order and check claims, and the other fields of the file: a cell that no field
    can hold refuses a claim whether or not a rule looks at it."""
    wanted = {level: set(names) for level, names in checked_fields(program).items()}
    for level, bounds in (("", binding.fields), (LINES, binding.lines)):
        wanted.setdefault(level, set()).update(
            name for name, bound in bounds.items() if bound.slot.type.name != TEXT.name
        )
    columns = Columns(program, (graph := Graph()), Names(program, graph), None)
    for level, names in wanted.items():
        for name in sorted(names):
            column = columns.column(level, name)
            if column.name not in known:
                yield evolve(column, nullable=True)
    for name, output in billed_of(program).items():
        if name in binding.totals and output.code not in known:
            yield total_column(output)
