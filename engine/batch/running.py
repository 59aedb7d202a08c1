"""A whole file settled: chunk by chunk, on all cores, a part at a time, in one order.

The output is the same whatever the number of threads and however often the run was killed and
gone on with: people in the order of their numbers, each one's claims in the order of time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import pyarrow as pa
from attrs import evolve, frozen

from tiaowen.engine.batch.chunks import Chunk, Reading, chunks
from tiaowen.engine.batch.counting import Counts
from tiaowen.engine.batch.ledger import Done, Ledger
from tiaowen.engine.batch.memory import keep_freed
from tiaowen.engine.batch.reversals import wrong
from tiaowen.engine.batch.settling import Part, Settling
from tiaowen.engine.batch.streams import Unordered

PART_ROWS = 1 << 20
"""About how many claims are committed at once."""

Progress = Callable[[int], None]
"""Told how many claims have been read so far."""
_In = TypeVar("_In")
_Out = TypeVar("_Out")


@frozen(eq=False)
class Run:
    """What is to be done: ``connection`` reads, ``threads`` settle; a row that is rejected ends
    the run where ``strict``."""

    connection: Any
    reading: Reading
    settling: Settling
    ledger: Ledger
    threads: int = 1
    strict: bool = False


class Refused(Exception):
    """A row was rejected in a strict run; ``part`` holds it."""

    def __init__(self, rejected: pa.RecordBatch) -> None:
        self.rejected = rejected
        super().__init__("a row was rejected")


def run(work: Run, done: Done, progress: Progress) -> Done:
    """Settle what ``done`` leaves and commit it part by part; gives the state at the end.

    A file that is not in the order of people is found so on the way and begun again, sorted.
    """
    keep_freed()
    if not done.ordered:
        try:
            return _run(work, done, progress)
        except Unordered:
            done = Done(ordered=True)
    return _run(work, done, progress)


def settled_at_once(connection: Any, reading: Reading, settling: Settling, threads: int) -> Part:
    """All of ``reading`` settled in memory."""
    for ordered in (False, True):
        try:
            claims = chunks(connection, reading, ordered=ordered, threads=threads)
            parts = list(in_order(settling.part, claims, threads))
        except Unordered:
            continue
        return as_one(parts)
    raise AssertionError("sorted claims are in order")


def _run(work: Run, done: Done, progress: Progress) -> Done:
    counts = Counts.of(done.counts)
    claims = chunks(work.connection, work.reading, ordered=done.ordered, after=done.last,
                    read=counts.read, threads=work.threads)  # fmt: skip
    waiting: list[Part] = []
    progress(counts.read)
    with _Committing(work.ledger) as committing:
        for part, found in in_order(partial(_settled, work.settling), claims, work.threads):
            if work.strict and (first := wrong(part.rejected)).num_rows:
                raise Refused(first)
            waiting.append(part)
            counts.include(found)
            progress(counts.read)
            if sum(p.read for p in waiting) >= PART_ROWS:
                done = _next(done, counts, part)
                committing.commit(done, waiting)
                waiting = []
        if waiting or not done.parts:
            done = _next(done, counts, waiting[-1])
            committing.commit(done, waiting)
    return done


def _settled(settling: Settling, chunk: Chunk) -> tuple[Part, Counts]:
    part, counts = settling.part(chunk), Counts()
    counts.add(part.read, pa.Table.from_batches([part.settled]), part.rejected)
    return part, counts


def _next(done: Done, counts: Counts, last: Part) -> Done:
    """The state of the run with one part more, which ends with ``last``."""
    return evolve(done, parts=done.parts + 1, last=last.last, counts=counts.data())


class _Committing:
    """Writes one part while the next is being settled; leaving waits until it is written."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.pool = ThreadPoolExecutor(1)
        self.under_way: Future[None] | None = None

    def __enter__(self) -> _Committing:
        return self

    def __exit__(self, *failed: object) -> None:
        self.pool.shutdown()
        if failed[0] is None:
            self._wait()

    def commit(self, done: Done, parts: Sequence[Part]) -> None:
        self._wait()
        whole = _together(parts)
        self.under_way = self.pool.submit(self.ledger.commit, done, whole.settled, whole.rejected)

    def _wait(self) -> None:
        if self.under_way is not None:
            self.under_way.result()


def _together(parts: Sequence[Part]) -> Part:
    """What came of several chunks, one behind the other, as tables of their batches."""
    settled = pa.Table.from_batches([part.settled for part in parts])
    rejected = pa.Table.from_batches([part.rejected for part in parts])
    return Part(settled, rejected, sum(part.read for part in parts), parts[-1].last)


def as_one(parts: Sequence[Part]) -> Part:
    """What came of several chunks, one behind the other, as tables whose texts are texts."""
    return _together([evolve(part, settled=_alike(part.settled)) for part in parts])


def _alike(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch of the same types as every other: what dictionaries hold differs between chunks."""
    return pa.RecordBatch.from_arrays([_plain(c) for c in batch.columns], names=batch.schema.names)


def _plain(column: pa.Array) -> pa.Array:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def in_order(work: Callable[[_In], _Out], given: Iterable[_In], threads: int) -> Iterator[_Out]:
    """``work`` of each, in the order given, so many at once; reading stays ahead by as many."""
    if threads < 2:
        yield from map(work, given)
        return
    with ThreadPoolExecutor(threads) as pool:
        under_way: deque[Future[_Out]] = deque()
        try:
            for one in given:
                under_way.append(pool.submit(work, one))
                if len(under_way) > threads:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for waiting in under_way:
                waiting.cancel()
