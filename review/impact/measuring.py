"""An impact from files to figures: claims opened, settled under each policy, counted, explained."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from attrs import field, frozen

from tiaowen.compiler.core import Program
from tiaowen.compiler.spelling import nearest
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.job import Options, built
from tiaowen.engine.batch.sources import connect
from tiaowen.engine.batch.streams import Unordered
from tiaowen.engine.batch.tables import opened
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.readings import read_readings
from tiaowen.review.impact import records as r
from tiaowen.review.impact.effects import Effects, Settlement, joint
from tiaowen.review.impact.figures import figures
from tiaowen.review.impact.reasons import Party, Population, Reason, reasons

SAMPLES = 500
"""Resamplings of a sample where no number is asked for."""


@frozen
class Asking:
    """How an impact is asked for. ``weight`` is a column of how many people each stands for, ''
    for a whole population; ``samples`` how often people are drawn again (None: ``SAMPLES`` for a
    sample, else not); ``effects`` a Parquet file to keep each claim's row in."""

    weight: str = ""
    samples: int | None = None
    effects: Path | None = None
    memory: str = "2GB"
    threads: int = 0


@frozen
class Measured:
    """An impact, and why the people most changed are."""

    impact: r.Impact
    reasons: tuple[Reason, ...]


@frozen
class Side:
    """A policy to be compared, as it is chosen: ``file`` is what the user calls it."""

    program: Program
    file: str = ""
    readings: Mapping[str, str] = field(factory=dict)
    parameters: Mapping[str, ParameterValue] = field(factory=dict)


def measure(sides: Sequence[Side], population: Population, asking: Asking | None = None,
            progress: Callable[[int], None] = lambda read: None,
            expect: Callable[[int], None] = lambda claims: None) -> Measured:  # fmt: skip
    """Settle the claims of ``population`` under the first of ``sides``, the base, and under the
    others, its drafts; ``expect`` is told how many claims there are, ``progress`` how many were
    read.

    Memory does not grow with the claims: they stream, and what is counted lies on disk.
    ``Rejected``: what a batch refuses of its files and columns, TW1345 and TW1361 (weights),
    TW0702 where the effects cannot be written.
    """
    asking = asking or Asking()
    keys = ("base", *map(str, range(1, len(sides))))
    threads = asking.threads or os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as scratch:
        connection = connect(asking.memory, threads, Path(scratch))
        made = _effects(connection, dict(zip(keys, sides, strict=True)), population, asking)
        expect(made.reading.source.rows)
        table = _written(made, asking.effects or Path(scratch) / "effects.parquet", progress)
        samples = asking.samples or (SAMPLES if asking.weight else 0)
        funds = {c: n for one in reversed(made.settlements) for c, n in one.funds.items()}
        base, *drafts = (_policy(key, side) for key, side in zip(keys, sides, strict=True))
        found = figures(connection, table, base, drafts, weighted=bool(asking.weight),
                        sample=samples, funds=funds)  # fmt: skip
        parties = [
            Party(key, side.program, side.readings, side.parameters)
            for key, side in zip(keys, sides, strict=True)
        ]
        return Measured(found, reasons(connection, found, parties, population))


def chosen(written: Sequence[str], programs: Sequence[Program]) -> list[dict[str, str]]:
    """For each program those readings of ``written`` (name=value) that it declares. ``Rejected``:
    TW1362 for one that none declares, TW0512 for a value that it does not have."""
    known = {name for program in programs for name in program.readings}
    names = {text: text.replace("＝", "=").partition("=")[0].strip() for text in written}
    wrong = [name for name in names.values() if name not in known]
    if wrong:
        raise Rejected([diagnose("TW1362", place=n, name=n, nearest=nearest(n, known))
                        for n in wrong])  # fmt: skip
    return [
        read_readings([text for text in written if names[text] in program.readings], program)
        for program in programs
    ]


def _effects(connection: Any, sides: Mapping[str, Side], population: Population,
             asking: Asking) -> Effects:  # fmt: skip
    """Everything opened and built."""
    source, lines = opened(connection, population.claims, population.lines)
    readings, settlements = [], []
    for key, side in sides.items():
        options = Options(population.claims, "", opening=population.opening,
                          mapping=population.mapping, readings=side.readings,
                          parameters=side.parameters)  # fmt: skip
        reading, settling = built(side.program, connection, source, lines, options)
        readings.append(reading)
        settlements.append(Settlement(key, side.program, settling))
    threads = asking.threads or os.cpu_count() or 1
    return Effects(connection, joint(readings), settlements, asking.weight, threads)


def _written(made: Effects, path: Path, progress: Callable[[int], None]) -> str:
    """The effects in a file that has its name when it is whole; gives what stands behind FROM."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            _write(made.rows(progress), beside)
        except Unordered:
            _write(made.rows(progress, ordered=True), beside)
        os.replace(beside, path)
    except OSError as error:
        said = {"zh": "写入", "en": "write"}
        problem = error.strerror or str(error)
        raise Rejected([diagnose("TW0702", operation=said, path=str(path),
                                 problem={"zh": problem, "en": problem})]) from None  # fmt: skip
    finally:
        beside.unlink(missing_ok=True)
    return f"read_parquet('{str(path).replace(chr(39), chr(39) * 2)}')"


def _write(rows: Iterator[pa.RecordBatch], path: Path) -> None:
    first = next(rows)
    with pq.ParquetWriter(path, first.schema, compression="zstd",
                          store_decimal_as_integer=True) as writer:  # fmt: skip
        writer.write_batch(first)
        for batch in rows:
            writer.write_batch(batch)


def _policy(key: str, side: Side) -> r.Policy:
    identity = side.program.identity
    return r.Policy(key, identity.title, identity.document_number, identity.in_force is None,
                    side.file, tuple(sorted(side.readings.items())))  # fmt: skip
