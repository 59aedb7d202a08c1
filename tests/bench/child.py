"""One measurement in a process of its own, so that its peak of memory is its own.

``python -m tests.bench.child '{"do": "memory", …}'`` prints what it found as JSON.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from tests.bench.peers.answers import Missing
from tests.bench.ways import IN_MEMORY, OF_FILES, way
from tests.bench.workloads import loaded, save

MISSING = 3
"""How this process ends where something that is needed is not installed."""
TRIAL = 2_000
"""Rows of the first run of those that tell how many a peer can take."""
STEP = 8
"""How many times as many rows each of these runs has."""


def memory(workload: str, key: str, rows: int, threads: int, runs: int, seconds: float,
           columns: str, answers: str) -> dict[str, Any]:  # fmt: skip
    """``runs`` runs over columns in memory, of as many rows as fit into ``seconds`` together; the
    answers of the last are kept in the folder ``answers``."""
    chosen = way(IN_MEMORY, key)
    prepared = import_module(chosen.module).prepared

    def ready(size: int) -> Callable[[], Any]:
        work = loaded(workload, Path(columns), size)
        action: Callable[[], Any] = prepared(work, threads=threads, **chosen.options)
        return action

    size, able = min(rows, TRIAL), rows
    while size < rows:
        # What does not grow with the rows weighs less the more there are.
        action = ready(size)
        action()
        able = fitting(rows, size, _timed(action)[0] * (runs + 1), seconds)
        if able <= size * STEP:
            break
        size *= STEP
    size = min(able, rows)
    action = ready(size)
    action()
    times = [_timed(action) for _ in range(runs)]
    folder = Path(answers)
    folder.mkdir(parents=True, exist_ok=True)
    for code, column in action().items():
        np.save(folder / f"{code}.npy", column)
    return {"rows": size, "wall": [t for t, _ in times], "cpu": [t for _, t in times]}


def fitting(rows: int, tried: int, spent: float, seconds: float) -> int:
    """The largest of ``rows`` and 1, 2 or 5 of a power of ten for which ``seconds`` are enough,
    where ``tried`` rows took ``spent``; not under ``tried``."""
    able = tried * seconds / max(spent, 1e-9)
    if able >= rows:
        return rows
    power = int(10 ** int(math.log10(max(able, 1))))
    return max(tried, max(n * power for n in (1, 2, 5) if n * power <= max(able, power)))


def _timed(action: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    begin, worked = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - begin, time.process_time() - worked


def columns(workload: str, rows: int, folder: str) -> dict[str, Any]:
    """The columns of a workload made, and kept in ``folder``."""
    save(workload, rows, Path(folder))
    return {}


def table(workload: str, rows: int, path: str) -> dict[str, Any]:
    """The table of a workload made, as a Parquet file."""
    from tests.bench.files import write

    write(workload, rows, Path(path))
    return {}


def file(workload: str, key: str, claims: str, output: str, threads: int) -> dict[str, Any]:
    """A file settled, or copied, by a peer on so many threads."""
    if key.startswith("copy"):
        import duckdb

        connection = duckdb.connect()
        connection.execute("SET enable_progress_bar = false; SET preserve_insertion_order = false")
        connection.execute(f"SET threads = {threads}")
        connection.execute(f"COPY (FROM '{claims}') TO '{output}' (FORMAT parquet)")
    else:
        module = import_module(way(OF_FILES, key).module)
        module.settle_file(workload, Path(claims), Path(output), threads)
    return {}


def compile(workload: str, cache: str) -> dict[str, Any]:
    """What a policy costs before the first claim: read and checked, and its kernel made, or found
    in the folder ``cache``."""
    from tests.bench.peers import kernel

    begin = time.perf_counter()
    kernel.program(workload)
    read = time.perf_counter() - begin
    begin = time.perf_counter()
    kernel.built(workload, Path(cache))
    return {"read": read, "made": time.perf_counter() - begin}


def main() -> int:
    """Do what the first argument says; MISSING where something it needs is not installed."""
    asked = json.loads(sys.argv[1])
    try:
        print(json.dumps(DOES[asked.pop("do")](**asked)))
    except (ImportError, Missing) as lacking:
        print(json.dumps({"missing": str(lacking)}))
        return MISSING
    return 0


DOES: dict[str, Callable[..., dict[str, Any]]] = {
    "columns": columns, "table": table, "memory": memory, "file": file, "compile": compile,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
