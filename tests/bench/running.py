"""Runs of child processes, timed from outside, and the sections of the benchmark they make up."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen
from tests.bench import comparing
from tests.bench.files import write
from tests.bench.peers.kernel import PARAMETERS, POLICIES, ROOT
from tests.bench.ways import IN_MEMORY, OF_FILES, Way
from tests.bench.workloads import workload

Row = dict[str, Any]
"""What one measurement found, as it stands in the JSON file."""


@frozen
class Plan:
    """What is measured. ``rows`` are those of 廊坊; 资阳, whose claims have ten fee lines each, has a
    tenth. ``seconds`` are what all runs of a peer in memory may take together."""

    rows: int
    runs: int = 5
    seconds: float = 60
    workloads: tuple[str, ...] = ("langfang", "ziyang")
    ways: tuple[str, ...] = ()
    """Keys of the ways measured; all, where there are none."""
    sizes: tuple[int, ...] = ()
    """Rows of the files at which the peak of memory is looked at."""
    say: Callable[[str], None] = field(default=lambda text: None)

    def size(self, name: str) -> int:
        """Rows of a workload."""
        return self.rows if name == "langfang" else max(1, self.rows // 10)

    def wanted(self, ways: Sequence[Way], name: str) -> Iterator[Way]:
        """The ways that the plan has of a workload."""
        for way in ways:
            if name in way.workloads and (not self.ways or way.key in self.ways):
                yield way


@frozen
class Spent:
    """What a process took: seconds by the clock and of the processor, and its peak of memory."""

    wall: float
    cpu: float
    peak: int
    status: int
    output: str


def spent(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Spent:
    """Run ``command`` to its end."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, cwd=ROOT,
                                   env=os.environ | (environment or {}))  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        said, wrong = output.read(), errors.read()
    if process.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)}\n{said}{wrong}")
    return Spent(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, process.returncode, said)


def child(**asked: Any) -> Spent:
    """A process of ``tests.bench.child``; libraries take no more threads than it is asked for."""
    threads = str(asked.pop("limit", asked.get("threads", 1)))
    limits = {"POLARS_MAX_THREADS": threads, "NUMEXPR_MAX_THREADS": threads}
    return spent([sys.executable, "-m", "tests.bench.child", json.dumps(asked)], limits)


def in_memory(plan: Plan, name: str, folder: Path) -> Iterator[Row]:
    """Columns in memory: every way, compared with the kernel's answers."""
    plan.say(f"{name}: {plan.size(name):,} rows in memory")
    columns = folder / name
    workload(name, plan.size(name)).save(columns)
    ours: Path | None = None
    for way in plan.wanted(IN_MEMORY, name):
        for threads in way.threads:
            answers = folder / f"{name}.{way.key}.{threads}"
            plan.say(f"{name}: {way.en}, {threads} threads")
            done = child(
                do="memory", workload=name, key=way.key, rows=plan.size(name), threads=threads,
                runs=plan.runs, seconds=plan.seconds, columns=str(columns), answers=str(answers),
            )  # fmt: skip
            row: Row = {"workload": name, "way": way.key, "threads": threads}
            row |= json.loads(done.output)
            ours = ours or answers
            if way.settles and "missing" not in row:
                row["differs"] = comparing.arrays(ours, answers)
            if answers != ours:
                shutil.rmtree(answers, ignore_errors=True)
            yield row
    shutil.rmtree(columns)
    if ours is not None:
        shutil.rmtree(ours, ignore_errors=True)


def of_files(plan: Plan, name: str, folder: Path) -> Iterator[Row]:
    """Files: every way as a process, and whether its file holds what ours does."""
    claims, ours = folder / f"{name}.parquet", folder / f"{name}.batch.parquet"
    plan.say(f"{name}: a file of {plan.size(name):,} rows")
    write(name, plan.size(name), claims)
    for way in plan.wanted(OF_FILES, name):
        for threads in way.threads:
            plan.say(f"{name}: {way.en}, {threads} threads")
            output = folder / f"{name}.{way.key}.parquet"
            found = [_filed(name, way, threads, claims, output, ours) for _ in range(plan.runs)]
            row: Row = {"workload": name, "way": way.key, "threads": threads}
            if found[0].status:
                yield row | json.loads(found[0].output)
                continue
            row |= {"rows": plan.size(name), "wall": [run.wall for run in found],
                    "cpu": [run.cpu for run in found], "peak": max(run.peak for run in found)}  # fmt: skip
            if way.settles and output != ours:
                row["differs"] = comparing.files(ours, output)
            if output != ours:
                output.unlink()
            yield row


def _filed(name: str, way: Way, threads: int, claims: Path, output: Path, ours: Path) -> Spent:
    if way.key == "batch":
        return spent(batch(name, claims, output, threads))
    source = ours if way.key == "copy-settled" else claims
    return child(do="file", workload=name, key=way.key, claims=str(source), output=str(output),
                 limit=threads)  # fmt: skip


def batch(name: str, claims: Path, output: Path, threads: int) -> list[str]:
    """The command that settles a file."""
    parameters = output.with_suffix(".toml")
    given = {key: f"{amount // 100}元" for key, amount in PARAMETERS[name].items()}
    lines = "".join(f'"{key}" = "{value}"\n' for key, value in given.items())
    parameters.write_text(f'"来源" = "bench"\n[参数]\n{lines}', encoding="utf-8")
    given_too = ["--params", str(parameters)] if given else []
    return [sys.executable, "-m", "tiaowen", "batch", POLICIES[name], str(claims), "-o", str(output),
            "--force", "--threads", str(threads), *given_too]  # fmt: skip


def growth(plan: Plan, folder: Path) -> Iterator[Row]:
    """The peak of memory of ``tiaowen batch`` at each of the sizes, one run each."""
    for rows in plan.sizes:
        plan.say(f"langfang: memory at {rows:,} rows")
        free = shutil.disk_usage(folder).free
        if free < rows * 400:
            yield {"rows": rows, "missing": f"{rows * 400 / 2**30:.0f} GiB of disk"}
            continue
        claims, output = folder / "growing.parquet", folder / "grown.parquet"
        write("langfang", rows, claims)
        done = spent(batch("langfang", claims, output, 2))
        yield {"rows": rows, "wall": [done.wall], "cpu": [done.cpu], "peak": done.peak}
        claims.unlink()
        output.unlink()


def compiling(plan: Plan, folder: Path) -> Iterator[Row]:
    """What a policy costs before its first claim, without and with what was kept."""
    for name in plan.workloads:
        plan.say(f"{name}: compiling")
        row: Row = {"workload": name}
        for case in ("cold", "cached"):
            runs = []
            for run in range(plan.runs):
                cache = folder / f"cache.{name}.{run}"
                runs.append(json.loads(child(do="compile", workload=name, cache=str(cache)).output))
            row[case] = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        yield row
