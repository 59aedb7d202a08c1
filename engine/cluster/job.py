"""A batch on a cluster, from its options to its output: the same files as a batch here leaves."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any
from uuid import uuid4

from attrs import evolve

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.chunks import Reading
from tiaowen.engine.batch.counting import Counts
from tiaowen.engine.batch.job import Finished, Options, Outcome, begun, built, finished
from tiaowen.engine.batch.running import PART_ROWS, Progress, Refused
from tiaowen.engine.batch.settling import Settling
from tiaowen.engine.batch.sources import connect
from tiaowen.engine.batch.tables import opened
from tiaowen.engine.cluster.layout import Tables, by_person
from tiaowen.engine.cluster.reading import Reader
from tiaowen.engine.cluster.session import Cluster, at_hand, in_zone, session
from tiaowen.engine.cluster.working import REPORT, Report, Shipped, taken, writing

FEWEST_ROWS = 1 << 12
"""A partition of fewer rows costs more to begin than to settle."""
_POLL_SECONDS = 0.2


def settle_on_cluster(program: Program, options: Options, on: Cluster | Any,
                      progress: Progress) -> Outcome:  # fmt: skip
    """Settle the file of claims that ``options`` name, ``on`` a cluster or in a session of Spark
    that is there already.

    Every machine of it has to see claims and output under the same paths. ``Rejected`` as
    ``settle_file`` says, and TW1401 to TW1406 for what is wrong with the cluster.
    """
    for option, given in (("--resume", options.resume), ("--threads", options.threads)):
        if given:
            raise Rejected([diagnose("TW1406", option=option)])
    with begun(program, options) as (ledger, _):
        connection = connect(options.memory, 1, ledger.folder / "sort")
        source, lines = opened(connection, options.claims, options.lines)
        reading, settling = built(program, connection, source, lines, options)
        (zone,) = connection.execute("SELECT current_setting('TimeZone')").fetchone()
        running = session(on) if isinstance(on, Cluster) else at_hand(on)
        with running as spark, in_zone(spark, zone):
            reader = Reader(spark, connection, ledger.folder)
            reports = _settled(reader, reading, settling, options, progress)
        counts = Counts()
        for report in reports.values():
            counts.include(report.counts)
        parts = [number for number, report in sorted(reports.items()) if report.attempt]
        for number in parts:
            taken(ledger, number, reports[number])
        made = Finished(connection, parts, counts, settling.binding)
        return finished(program, options, ledger, made)


def _settled(reader: Reader, reading: Reading, settling: Settling, options: Options,
             progress: Progress) -> dict[int, Report]:  # fmt: skip
    """The report of each partition by its number, its parts being in the reader's folder."""
    before = reading.openings
    tables = Tables(
        reader.frame(reading.source, "claims"), reading.binding,
        reader.frame(reading.lines, "lines") if reading.lines is not None else None,
        reader.frame(before.source, "totals") if before is not None else None,
        before.person if before is not None else "",
    )  # fmt: skip
    if before is not None:
        before = evolve(before, source=evolve(before.source, held=None))
    context = reader.spark.sparkContext
    shipped = Shipped(settling.program, options, reading.binding, settling.kernel, before,
                      reading.lines is not None)  # fmt: skip
    sent = context.broadcast(shipped.packed())
    read = context.accumulator(0)
    stream = by_person(tables, parts_of(reading.source.rows, context.defaultParallelism))
    task = writing(sent, reader.staging.absolute(), read)
    rows = _watched(context, stream.mapInArrow(task, REPORT).collect,
                    lambda: progress(min(read.value, reading.source.rows)))  # fmt: skip
    reports: dict[int, Report] = {row.part: pickle.loads(row.report) for row in rows}
    _judged([reports[number] for number in sorted(reports)])
    return reports


def parts_of(rows: int, at_once: int) -> int:
    """How many partitions: enough for all cores to end together, none too large for a worker's
    memory or too small for its pains."""
    most = rows // FEWEST_ROWS + 1
    return min(most, max(2 * at_once, rows // PART_ROWS + 1))


def _judged(reports: Sequence[Report]) -> None:
    """``Rejected`` for what a worker found wrong, ``Refused`` in a strict run."""
    for report in reports:
        if report.problems:
            raise Rejected(report.problems)
    for report in reports:
        if report.refused is not None:
            raise Refused(report.refused)


def _watched(context: Any, action: Callable[[], Any], look: Callable[[], None]) -> Any:
    """What ``action`` gives, ``look`` being called now and then until it is there. Whatever ends
    the watching, an interruption by the user too, ends Spark's jobs for the action."""
    tag = f"tiaowen-{uuid4().hex}"

    def tagged() -> Any:
        context.addJobTag(tag)
        return action()

    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(tagged)
        try:
            while not under_way.done():
                look()
                wait([under_way], _POLL_SECONDS)
            look()
        except BaseException:
            context.cancelJobsWithTag(tag)
            raise
        return under_way.result()
