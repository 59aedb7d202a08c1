"""Print what a kernel costs a claim here, beside a loop in C that was written by hand.

``python -m tests.bench.kernels [ROWS]``. 廊坊 stays of one fee line with the limit of a year; the
C is made by the compiler at hand. The time is that of one thread's own, the median of several
runs over the same memory; first every payment of the two is compared.
"""

from __future__ import annotations

import ctypes
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.kernel import Given, Kernel, build

ROOT = Path(__file__).parent.parent.parent
RUNS = 7
LEVELS = ("一级甲等", "二级甲等", "三级甲等")
OUTPUTS = ("year", "crt_dedc", "hifp_pay", "psn_part_amt")
_HELD: list[Any] = []
"""Arrays that only the C points to."""
_ALL, _DAYS = Given(nullable=False), Given(nullable=False, days=True)
GIVEN = {
    "begntime": _DAYS, "endtime": _DAYS, "hosp_lv": _ALL, "med_type": _ALL, "mdtrt_id": _ALL,
    "mdtrtarea_admdvs": _ALL, "feedetail.det_item_fee_sumamt": _ALL, "feedetail.chrgitm_lv": _ALL,
}  # fmt: skip


def kernel(cache: Path) -> Kernel:
    """The kernel of stays, for the columns of the workload."""
    names = ("policies/vocabulary.tiao", "policies/langfang/resident-2024-draft.md")
    texts = [Source(name, (ROOT / name).read_text(encoding="utf-8")) for name in names]
    program = compile_policy([read_document(text) for text in texts]).demand()
    return build(program, matters=["住院"], columns=GIVEN, outputs=OUTPUTS, cache=cache)


def workload(made: Kernel, rows: int) -> dict[str, Any]:
    """Stays within 2024, three to a person, costs of a heavy tail."""
    rng = np.random.default_rng(7)
    codes = {column.name: column.codes for column in made.columns}
    person = np.sort(rng.integers(0, max(1, rows // 3), rows))
    begin = rng.integers(19_723, 20_060, rows)
    begin = begin[np.lexsort((begin, person))].astype(np.int32)
    levels = np.array([codes["hosp_lv"][level] for level in LEVELS], np.int16)
    cost = rng.lognormal(13.2, 1.0, rows).astype(np.int64)
    columns = {
        "begntime": begin, "endtime": (begin + rng.integers(1, 20, rows)).astype(np.int32),
        "hosp_lv": levels[rng.integers(0, 3, rows)], "mdtrt_id": np.arange(1, rows + 1),
        "med_type": np.full(rows, codes["med_type"]["普通住院"], np.int16),
        "mdtrtarea_admdvs": np.full(rows, len(made.codes), np.int32),
        "feedetail.det_item_fee_sumamt": cost,
        "feedetail.chrgitm_lv": np.full(rows, codes["feedetail.chrgitm_lv"]["甲"], np.int16),
    }  # fmt: skip
    return {"columns": columns, "person": person, "matter": np.ones(rows, np.int16),
            "offsets": {"feedetail": np.arange(rows + 1)},
            "codes": (*made.codes, "131002")}  # fmt: skip


@contextmanager
def by_hand() -> Iterator[Callable[..., None]]:
    """The loop in C, made in a directory of its own."""
    with tempfile.TemporaryDirectory() as where:
        library = Path(where) / "stays.so"
        source = Path(__file__).with_name("stays.c")
        subprocess.run(
            ["cc", "-O3", "-march=native", "-shared", "-fPIC", str(source), "-o", str(library)],
            check=True,
        )
        yield ctypes.CDLL(str(library)).settle


def timed(action: Callable[[], None]) -> float:
    """Seconds of this thread's own time, the median of several runs."""
    action()
    found = []
    for _ in range(RUNS):
        begin = time.thread_time()
        action()
        found.append(time.thread_time() - begin)
    return statistics.median(found)


def c_arguments(made: Kernel, work: dict[str, Any], outputs: Sequence[Any]) -> list[Any]:
    """The same columns as the C takes them; what it looks up is worked out for it."""
    codes = {column.name: column.codes for column in made.columns}
    columns, kinds = work["columns"], codes["feedetail.chrgitm_lv"]
    place = np.full(max(codes["hosp_lv"].values()) + 1, -1, np.int32)
    for n, level in enumerate(LEVELS):
        place[codes["hosp_lv"][level]] = n
    inside = np.array([code.startswith("1310") for code in work["codes"]], np.int32)
    arrays = [work["person"], columns["begntime"], columns["endtime"], columns["hosp_lv"],
              columns["mdtrtarea_admdvs"], inside, place, work["offsets"]["feedetail"],
              columns["feedetail.det_item_fee_sumamt"], columns["feedetail.chrgitm_lv"]]  # fmt: skip
    given = [ctypes.c_void_p(array.ctypes.data) for array in arrays]
    classes = [ctypes.c_int16(kinds["甲"]), ctypes.c_int16(kinds["丙"])]
    written = [ctypes.c_void_p(array.ctypes.data) for array in outputs]
    _HELD.extend([inside, place, *outputs])
    return [ctypes.c_int64(len(work["person"])), *given, *classes, *written]


def main(rows: int) -> int:
    """Measure; 1 where the two do not pay the same."""
    with tempfile.TemporaryDirectory() as cache, by_hand() as settle:
        begin = time.process_time()
        made = kernel(Path(cache))
        print(f"compiled in {time.process_time() - begin:.2f} s")
        work = workload(made, rows)
        code, times = made.call, []
        assert code is not None
        made.call = lambda *given: times.append(timed(lambda: code(*given)))
        settled = made.run(**work)
        outputs = [np.zeros(rows, np.int64) for _ in OUTPUTS]
        arguments = c_arguments(made, work, [np.zeros(rows, np.int32), *outputs])
        by_c = timed(lambda: settle(*arguments))
        same = [np.array_equal(settled.outputs[name], column)
                for name, column in zip(OUTPUTS, outputs, strict=True)]  # fmt: skip
        for name, seconds in (("kernel", times[0]), ("C by hand", by_c)):
            print(f"{name:10} {seconds / rows * 1e9:6.2f} ns a claim")
        print(f"the kernel takes {times[0] / by_c:.2f} times as long; equal: {all(same)}")
        return 0 if all(same) and not settled.reject.any() else 1


if __name__ == "__main__":
    sys.exit(main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000))
