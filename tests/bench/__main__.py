"""Measure the speed of settling, beside other ways of running the same rules.

``python -m tests.bench --help`` says what can be chosen. Times are medians, every way's answers
are compared with ours, and nothing here asserts how long anything takes.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from tests.bench import running, speed_page
from tests.bench.running import Plan
from tests.bench.tables import Shown, tables
from tests.bench.ways import IN_MEMORY, OF_FILES
from tests.bench.workloads import MAKERS

SECTIONS = ("memory", "files", "growth", "compile", "decisions")
LIBRARIES = (
    "numpy",
    "pyarrow",
    "duckdb",
    "llvmlite",
    "numba",
    "polars",
    "openfisca-core",
    "zen-engine",
)
QUICK = 20_000
WAYS = tuple(dict.fromkeys(way.key for way in (*IN_MEMORY, *OF_FILES)))


def asked(words: list[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    parser.add_argument("--rows", type=count, default=10**7, help="rows of 廊坊; 资阳 has a tenth")
    parser.add_argument(
        "--runs", type=count, default=5, help="runs of each, of which the median is taken"
    )
    parser.add_argument(
        "--seconds", type=float, default=60, help="for all runs of a peer in memory"
    )
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} rows, one run")
    parser.add_argument("--large", action="store_true", help="memory at 100 million rows too")
    parser.add_argument("--only", choices=SECTIONS, nargs="+", metavar="SECTION",
                        help=f"{', '.join(SECTIONS)}; all, but no decisions in a quick run")  # fmt: skip
    parser.add_argument("--workload", choices=tuple(MAKERS), nargs="+", default=tuple(MAKERS))
    parser.add_argument(
        "--ways", nargs="+", default=(), choices=WAYS, metavar="WAY", help=", ".join(WAYS)
    )
    parser.add_argument("--folder", type=Path, help="where files are made (a folder of their own)")
    parser.add_argument("-o", "--output", type=Path, help="the results as JSON")
    parser.add_argument(
        "--publish", action="store_true", help="put the figures on the page on speed"
    )
    given = parser.parse_args(words)
    given.only = given.only or [name for name in SECTIONS if name != "decisions" or not given.quick]
    return given


def count(text: str) -> int:
    """A whole number above 0, also as 1e7."""
    number = float(text)
    if number < 1 or number != int(number):
        raise ValueError(text)
    return int(number)


def planned(given: argparse.Namespace, console: Console) -> Plan:
    """The plan of what the command line says."""
    rows = QUICK if given.quick else given.rows
    sizes = [rows // 10, rows] if given.quick else [10**6, 10**7]
    return Plan(
        rows=rows, runs=1 if given.quick else given.runs, seconds=given.seconds,
        workloads=tuple(given.workload), ways=tuple(given.ways),
        sizes=(*sizes, 10**8) if given.large else tuple(sizes),
        say=lambda text: console.print(f"[dim]{escape(text)}[/dim]"),
    )  # fmt: skip


def measured(plan: Plan, sections: tuple[str, ...], folder: Path) -> dict[str, Any]:
    """Everything that the sections ask for, and what it was measured on."""
    found: dict[str, Any] = {"date": datetime.date.today().isoformat(), "machine": machine(),
                             "libraries": libraries(), "runs": plan.runs}  # fmt: skip
    steps = {"memory": running.in_memory, "files": running.of_files}
    for section, step in steps.items():
        names = plan.workloads if section in sections else ()
        found[section] = [row for name in names for row in step(plan, name, folder)]
    found["growth"] = (
        list(running.growth(plan, folder, found["files"])) if "growth" in sections else []
    )
    found["compile"] = list(running.compiling(plan, folder)) if "compile" in sections else []
    return found


def machine() -> dict[str, Any]:
    """What kind of machine this is."""
    names = [
        line.partition(":")[2].strip()
        for line in _lines("/proc/cpuinfo") if line.startswith("model name")
    ]  # fmt: skip
    memory = [
        int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")
    ]
    return {
        "processor": names[0] if names else platform.machine(), "cores": os.cpu_count(),
        "memory_gib": round(memory[0] / 2**20) if memory else None,
        "system": platform.system(), "python": platform.python_version(),
    }  # fmt: skip


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def libraries() -> dict[str, str]:
    """The versions of what is compared."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def on_terminal(shown: Shown) -> Table:
    table = Table(title=escape(shown.title), box=SIMPLE_HEAD, pad_edge=False)
    for n, head in enumerate(shown.heads):
        table.add_column(escape(head), justify="right" if n else "left", overflow="fold")
    for row in shown.rows:
        table.add_row(*map(escape, row))
    return table


def main() -> int:
    """Measure and print; 1 where a way failed, or did not settle as we do."""
    given, console = asked(sys.argv[1:]), Console()
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        found = measured(planned(given, Console(stderr=True)), tuple(given.only), Path(scratch))
    if given.output:
        given.output.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if given.publish:
        speed_page.PAGE.publish(found)
    about = found["machine"]
    console.print(f"{about['processor']}, {about['cores']} cores, {about['memory_gib']} GiB, "
                  f"Python {about['python']}; medians of {found['runs']} runs")  # fmt: skip
    for shown in tables(found, "en"):
        console.print(on_terminal(shown))
    if "decisions" in given.only:
        from tests.bench.decisions import shown_on

        shown_on(console)
    every = [row for section in ("memory", "files", "growth", "compile") for row in found[section]]
    wrong = [row for row in every if row.get("differs") or "failed" in row]
    for row in wrong:
        told = (row.get("workload", ""), row.get("way", ""), row.get("failed") or row["differs"])
        console.print(escape(" ".join(told)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
