"""What a province and the country would need: ``python -m tests.bench.scaling [--publish]``.

One core's time and the memory of a claim are measured, on one machine's engine and on Spark, as
the difference between two sizes of file, so that what a run costs to begin is left out. Public
figures say how many claims a year there are. ``--publish`` writes the results into
``scaling.json`` and the tables of the pages; without it they are printed. ``--rows N`` is the
smaller size; run it on a machine with nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from attrs import asdict, frozen
from tests.bench.__main__ import machine
from tests.bench.files import write
from tests.bench.pages import ROOT
from tests.bench.running import batch
from tests.bench.scaling_page import PAGE

WORKLOADS = {"langfang": Fraction(1), "ziyang": Fraction(1, 5)}
"""Each workload, and its rows for each row asked for: those with fee lines are larger."""
ENGINES: Mapping[str, tuple[str, ...]] = {
    "local": ("--threads", "1"),
    "spark": ("--engine", "spark", "--master", "local[1]"),
}
_STEP, _TIMES = 0.1, 4


@frozen
class Spent:
    """What a command and all it started took: seconds of processors, peak of resident bytes."""

    cpu: float
    peak: int


@frozen
class Rate:
    """What a claim takes, of a processor's seconds and of bytes in and out; ``begin`` are the
    seconds of a run before its first claim, ``peak`` the memory of the larger run."""

    workload: str
    engine: str
    rows: int
    seconds: float
    begin: float
    peak: int
    bytes_in: float
    bytes_out: float


def spent(command: list[str]) -> Spent:
    """Run ``command`` in a session of its own and add up the processes of that session: what
    Spark starts outlives what started it, so that no process can be asked at its end."""
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # fmt: skip
    used: dict[int, int] = {}
    peak = 0
    while process.poll() is None:
        resident = 0
        for number, ticks, held in _processes(process.pid):
            used[number] = max(used.get(number, 0), ticks)
            resident += held
        peak = max(peak, resident)
        time.sleep(_STEP)
    if process.returncode:
        raise SystemExit(process.stderr.read().decode() if process.stderr else "failed")
    return Spent(sum(used.values()) / os.sysconf("SC_CLK_TCK"), peak)


def _processes(session: int) -> Iterator[tuple[int, int, int]]:
    """The processes of a session: number, ticks of the processor, resident bytes."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            told = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(told[3]) == session:
            resident = int(told[21]) * os.sysconf("SC_PAGE_SIZE")
            yield int(entry.name), int(told[11]) + int(told[12]), resident


def rates(rows: int, folder: Path) -> Iterator[Rate]:
    """Each workload on each engine, at ``rows`` and at some times as many."""
    for workload, share in WORKLOADS.items():
        few = int(rows * share)
        sizes = (few, few * _TIMES)
        files = [folder / f"{workload}-{size}.parquet" for size in sizes]
        for size, path in zip(sizes, files, strict=True):
            write(workload, size, path)
        for engine, words in ENGINES.items():
            output = folder / "settled.parquet"
            found = []
            warm = (
                files[:1] if engine == "local" else []
            )  # the first run makes and keeps the kernel
            for path in (*warm, *files):
                command = batch(workload, path, output, 1)
                at = command.index("--threads")
                found.append(spent([*command[:at], *words, *command[at + 2 :]]))
            (less, more), added = found[-2:], sizes[1] - sizes[0]
            each = (more.cpu - less.cpu) / added
            yield Rate(workload, engine, sizes[1], each, less.cpu - each * sizes[0], more.peak,
                       files[1].stat().st_size / sizes[1],
                       output.stat().st_size / sizes[1])  # fmt: skip


def main() -> int:
    """Measure, then print or publish."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.scaling")
    asked.add_argument("--rows", type=lambda text: int(float(text)), default=1_000_000)
    asked.add_argument("--publish", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = {
            "date": date.today().isoformat(),
            "processor": machine()["processor"],
            "rates": [asdict(rate) for rate in rates(given.rows, Path(folder))],
        }
    if given.publish:
        PAGE.publish(found)
    else:
        print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
