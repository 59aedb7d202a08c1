"""The loops in C, made by the compiler at hand: row by row, and in blocks that it makes vectors of."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from tests.bench import provisions as p
from tests.bench.peers.answers import COLUMNS, Answers, Missing, ready
from tests.bench.workloads import Array, Work

HERE = Path(__file__).parent


@cache
def _library(name: str) -> ctypes.CDLL:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise Missing("no C compiler")
    with TemporaryDirectory() as where:
        made = Path(where) / f"{name}.so"
        source = HERE / f"{name}.c"
        flags = ("-O3", "-march=native", "-shared", "-fPIC")
        subprocess.run([compiler, *flags, str(source), "-o", str(made)], check=True)
        return ctypes.CDLL(str(made))


def _given(work: Work) -> list[Array]:
    """The columns and the tables of a workload, in the order of the loops' arguments."""
    column = work.columns
    if work.name == "langfang":
        tables = (p.LANGFANG_DEDUCTIBLE, p.LANGFANG_RATIO, p.LANGFANG_SCOPE)
        names = ("person", "begin", "end", "grade", "area", "total", "eligible")
        return [*(column[name] for name in names), *(np.array(table, np.int32) for table in tables)]
    # No deductible for a grade: below zero.
    sides = [
        np.array([-1 if cell is None else cell for cell in (*elsewhere, *local)], np.int64)
        for elsewhere, local in (
            (p.ZIYANG_DEDUCTIBLE_ELSEWHERE, p.ZIYANG_DEDUCTIBLE_LOCAL),
            (p.ZIYANG_RATIO_ELSEWHERE, p.ZIYANG_RATIO_LOCAL),
        )
    ]
    names = ("person", "begin", "end", "born", "retired", "grade", "area")
    lines = (work.lines[name] for name in ("amount", "price", "class", "catalogue"))
    return [*(column[name] for name in names), np.array(p.ZIYANG_LOCAL, np.int32),
            *sides, work.offsets, *lines]  # fmt: skip


def prepared(work: Work, manner: str = "plain", threads: int = 1) -> Callable[[], Answers]:
    """What runs the loop ``manner`` over ``work``, on so many threads."""
    function: Any = getattr(_library(work.name), manner)
    given = [np.ascontiguousarray(array) for array in _given(work)]
    written: list[Any] = [np.zeros(work.rows, np.int32),
               *(np.zeros(work.rows, np.int64) for _ in COLUMNS[work.name])]  # fmt: skip
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in (*given, *written)]

    def run(begin: int, end: int) -> None:
        function(ctypes.c_int64(begin), ctypes.c_int64(end), *pointers)

    return ready(work, run, written, threads, held=given)
