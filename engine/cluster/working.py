"""What a worker does: cut its stream into whole people, settle them, hand over what came of it.

Each attempt at a partition writes files of its own, and only those that a report names are taken:
of a partition Spark hands over one report, of an attempt that came to its end. An attempt whose
machine was given up writes what nobody reads, even where its input broke off unnoticed.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
from attrs import frozen

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.batch.binding import Binding
from tiaowen.engine.batch.counting import Counts
from tiaowen.engine.batch.job import Options, settling_of
from tiaowen.engine.batch.ledger import Ledger
from tiaowen.engine.batch.openings import OpeningBinding
from tiaowen.engine.batch.parts import write_part
from tiaowen.engine.batch.reversals import wrong
from tiaowen.engine.batch.running import as_one
from tiaowen.engine.batch.settling import Part, Settling
from tiaowen.engine.cluster.layout import chunks
from tiaowen.engine.kernel import Kernel

REPORT = "part int, report binary"
"""The columns, in Spark's words, of what ``writing`` gives: a partition's number and its
``Report``, pickled."""

Batches = Iterator[pa.RecordBatch]
Task = Callable[[Batches], Batches]


@frozen(eq=False)
class Shipped:
    """All that a worker needs beside its rows, sent once to each: ``joined`` says that fee lines
    have rows of their own."""

    program: Program
    options: Options
    binding: Binding
    kernel: Kernel
    before: OpeningBinding | None = None
    joined: bool = False

    def packed(self) -> bytes:
        """As bytes: the readers of fields are functions within functions, which only Spark's own
        pickle takes along."""
        from pyspark import cloudpickle

        dumps: Any = cloudpickle.dumps
        data: bytes = dumps(self)
        return data


@frozen(eq=False)
class Report:
    """What came of a partition: ``attempt`` is in the names of its files (``attempted``), ''
    where there are none. ``refused`` holds the first reject of a strict run, ``problems`` what no
    repetition mends."""

    counts: Counts
    attempt: str = ""
    refused: pa.RecordBatch | None = None
    problems: tuple[Diagnostic, ...] = ()


@frozen(eq=False)
class Worker:
    """What was ``Shipped``, ready to settle."""

    shipped: Shipped
    settling: Settling

    def settled(self, batches: Iterable[pa.RecordBatch]) -> Iterator[Part]:
        """The chunks of a stream (``layout.by_person``) settled."""
        for chunk in chunks(batches, self.shipped.binding, joined=self.shipped.joined):
            yield self.settling.part(chunk)


@lru_cache(maxsize=2)
def worker(packed: bytes) -> Worker:
    """Made once in each process, which Spark keeps for its next tasks."""
    of: Shipped = pickle.loads(packed)
    return Worker(of, settling_of(of.program, of.binding, of.kernel, of.options, of.before))


def writing(sent: Any, folder: Path, read: Any) -> Task:
    """The task that writes its partition's parts into ``folder``, which every worker sees, and
    reports. ``sent`` is the broadcast of what was ``packed``, ``read`` an accumulator of claims."""

    def task(batches: Batches) -> Batches:
        from pyspark import TaskContext

        context = TaskContext.get()
        assert context is not None
        number = context.partitionId() + 1
        report = reported(worker(sent.value), batches, Ledger(folder, {}), number)
        read.add(report.counts.read)
        yield pa.RecordBatch.from_pydict(
            {"part": pa.array([number], pa.int32()), "report": [pickle.dumps(report)]}
        )

    return task


def reported(of: Worker, batches: Batches, ledger: Ledger, number: int) -> Report:
    """The stream settled, written as an attempt at the parts of ``number``, and what came of
    it."""
    parts: list[Part] = []
    try:
        for part in of.settled(batches):
            if of.shipped.options.strict and (first := wrong(part.rejected)).num_rows:
                return Report(Counts(), refused=first.slice(0, 1))
            parts.append(part)
        if not parts:
            return Report(Counts())
        counts, attempt, whole = Counts(), uuid4().hex, as_one(parts)
        counts.add(whole.read, whole.settled, whole.rejected)
        for kind, table in (("rejected", whole.rejected), ("settled", whole.settled)):
            write_part(table, attempted(ledger, kind, number, attempt))
    except Rejected as rejected:
        return Report(Counts(), problems=rejected.diagnostics)
    except OSError as error:
        said = (error.strerror or str(error)).rpartition("] ")[2]  # Arrow begins with the path
        problem = diagnose("TW1404", path=str(ledger.folder), problem=said)
        return Report(Counts(), problems=(problem,))
    return Report(counts, attempt)


def attempted(ledger: Ledger, kind: str, number: int, attempt: str) -> Path:
    """Where an attempt at a part writes."""
    return ledger.part(kind, number).with_suffix(f".{attempt}")


def taken(ledger: Ledger, number: int, report: Report) -> None:
    """Make the files of a report the parts of ``number``."""
    for kind in ("rejected", "settled"):
        os.replace(attempted(ledger, kind, number, report.attempt), ledger.part(kind, number))
