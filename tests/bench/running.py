"""Runs of child processes, timed from outside, and the sections of the benchmark they make up."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen
from tests.bench import comparing
from tests.bench.child import MISSING
from tests.bench.peers.kernel import PARAMETERS, POLICIES, ROOT
from tests.bench.ways import IN_MEMORY, OF_FILES, Way

Row = dict[str, Any]
"""What one measurement found, as it stands in the JSON file."""
DISK = 250
"""Bytes of disk that a claim of 廊坊 may take while it is settled, with all that is made of it."""
FEW = 1_000
"""Rows of a file whose settling is all start."""


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


class Failed(Exception):
    """A process did not do what it was asked for; says its last words."""


def spent(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Spent:
    """Run ``command`` to its end."""
    launched = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py")), *command]
    done = subprocess.run(launched, capture_output=True, text=True, cwd=ROOT,
                          env=os.environ | (environment or {}))  # fmt: skip
    output, _, took = done.stdout.rstrip().rpartition("\n")
    found = Spent(**json.loads(took), output=output)
    if found.status not in (0, MISSING):
        last = (done.stderr.strip() or done.stdout).splitlines()[-1]
        raise Failed(f"{last} ({' '.join(command)})")
    return found


def child(**asked: Any) -> Spent:
    """A process of ``tests.bench.child``; libraries take no more threads than it is asked for."""
    threads = str(asked.get("threads", 1))
    limits = {"POLARS_MAX_THREADS": threads, "NUMEXPR_MAX_THREADS": threads}
    return spent([sys.executable, "-m", "tests.bench.child", json.dumps(asked)], limits)


def in_memory(plan: Plan, name: str, folder: Path) -> Iterator[Row]:
    """Columns in memory: every way, compared with the kernel's answers."""
    plan.say(f"{name}: {plan.size(name):,} rows in memory")
    columns = folder / name
    child(do="columns", workload=name, rows=plan.size(name), folder=str(columns))
    ours: Path | None = None
    for way in plan.wanted(IN_MEMORY, name):
        for threads in way.threads:
            answers = folder / f"{name}.{way.key}.{threads}"
            plan.say(f"{name}: {way.en}, {threads} threads")
            row: Row = {"workload": name, "way": way.key, "threads": threads}
            try:
                done = child(
                    do="memory", workload=name, key=way.key, rows=plan.size(name),
                    threads=threads, runs=plan.runs, seconds=plan.seconds, columns=str(columns),
                    answers=str(answers),
                )  # fmt: skip
            except Failed as failed:
                yield row | {"failed": str(failed)}
                continue
            row |= json.loads(done.output) | {"peak": done.peak}
            if way.settles and "missing" not in row:
                ours = ours or answers
            if way.settles and ours is not None and answers != ours and "missing" not in row:
                row["differs"] = comparing.arrays(ours, answers)
            if answers != ours:
                shutil.rmtree(answers, ignore_errors=True)
            yield row
    shutil.rmtree(columns)
    shutil.rmtree(ours or columns, ignore_errors=True)


def of_files(plan: Plan, name: str, folder: Path) -> Iterator[Row]:
    """Files: every way as a process, and whether its file holds what ours does."""
    claims, ours = folder / f"{name}.parquet", folder / f"{name}.batch.parquet"
    plan.say(f"{name}: a file of {plan.size(name):,} rows")
    _write(name, plan.size(name), claims)
    for way in plan.wanted(OF_FILES, name):
        for threads in way.threads:
            plan.say(f"{name}: {way.en}, {threads} threads")
            output = folder / f"{name}.{way.key}.parquet"
            row: Row = {"workload": name, "way": way.key, "threads": threads}
            try:
                found = [_filed(name, way, threads, claims, output, ours) for _ in range(plan.runs)]
            except Failed as failed:
                yield row | {"failed": str(failed)}
                continue
            if found[0].status:
                yield row | json.loads(found[0].output)
                continue
            row |= {"rows": plan.size(name), "wall": [run.wall for run in found],
                    "cpu": [run.cpu for run in found], "peak": max(run.peak for run in found)}  # fmt: skip
            if way.settles and output != ours and ours.exists():
                row["differs"] = comparing.files(ours, output)
            if output != ours:
                output.unlink()
            yield row


def _write(name: str, rows: int, path: Path) -> None:
    child(do="table", workload=name, rows=rows, path=str(path))


def _filed(name: str, way: Way, threads: int, claims: Path, output: Path, ours: Path) -> Spent:
    if way.key == "batch":
        return spent(batch(name, claims, output, threads))
    source = ours if way.key == "copy-settled" else claims
    return child(do="file", workload=name, key=way.key, claims=str(source), output=str(output),
                 threads=threads)  # fmt: skip


def batch(name: str, claims: Path, output: Path, threads: int) -> list[str]:
    """The command that settles a file."""
    parameters = output.with_suffix(".toml")
    given = {key: f"{amount // 100}元" for key, amount in PARAMETERS[name].items()}
    lines = "".join(f'"{key}" = "{value}"\n' for key, value in given.items())
    parameters.write_text(f'"来源" = "bench"\n[参数]\n{lines}', encoding="utf-8")
    given_too = ["--params", str(parameters)] if given else []
    return [sys.executable, "-m", "tiaowen", "batch", POLICIES[name], str(claims), "-o", str(output),
            "--force", "--threads", str(threads), *given_too]  # fmt: skip


def growth(plan: Plan, folder: Path, files: Sequence[Row]) -> Iterator[Row]:
    """The peak of memory of ``tiaowen batch`` at each of the sizes, one run each, where ``files``
    does not have it."""
    known = {row.get("rows"): row for row in files
             if (row["workload"], row["way"], row["threads"]) == ("langfang", "batch", 2)}  # fmt: skip
    for rows in plan.sizes:
        plan.say(f"langfang: memory at {rows:,} rows")
        if rows in known:
            yield {key: known[rows][key] for key in ("rows", "wall", "cpu", "peak")}
        elif shutil.disk_usage(folder).free < rows * DISK:
            yield {"rows": rows, "missing": f"{rows * DISK / 2**30:.0f} GiB of disk"}
        else:
            yield {"rows": rows} | _grown(rows, folder)


def _grown(rows: int, folder: Path) -> Row:
    claims, output = folder / "growing.parquet", folder / "grown.parquet"
    _write("langfang", rows, claims)
    try:
        done = spent(batch("langfang", claims, output, 2))
    except Failed as failed:
        return {"failed": str(failed)}
    finally:
        claims.unlink()
        output.unlink(missing_ok=True)
    return {"wall": [done.wall], "cpu": [done.cpu], "peak": done.peak}


def compiling(plan: Plan, folder: Path) -> Iterator[Row]:
    """What a policy costs before its first claim, without and with what was kept: the kernel of
    the workload's columns, and the whole command on a file of a few rows."""
    for name in plan.workloads:
        plan.say(f"{name}: compiling")
        row: Row = {"workload": name, "rows": FEW}
        try:
            yield row | _compiled(plan, name, folder)
        except Failed as failed:
            yield row | {"failed": str(failed)}


def _compiled(plan: Plan, name: str, folder: Path) -> Row:
    claims, output = folder / f"few.{name}.parquet", folder / f"few.{name}.settled.parquet"
    _write(name, FEW, claims)
    found: Row = {}
    for case in ("cold", "cached"):
        runs = []
        for run in range(plan.runs):
            cache = str(folder / f"cache.{name}.{run}")
            made = json.loads(child(do="compile", workload=name, cache=cache).output)
            command = batch(name, claims, output, 2)
            whole = spent(command, {"TIAOWEN_CACHE": str(folder / f"whole.{name}.{run}")})
            runs.append(made | {"command": whole.wall})
        found[case] = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    return found
