"""Every way of settling the workloads answers as the others do, and as a hand works it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.bench import comparing
from tests.bench import provisions as p
from tests.bench.files import write
from tests.bench.peers.answers import COLUMNS, Missing
from tests.bench.running import batch
from tests.bench.ways import IN_MEMORY, OF_FILES, Way
from tests.bench.workloads import Work, workload

from tiaowen.apps.cli import run

ROWS = 3_000
SETTLING = [
    pytest.param(way, name, id=f"{name}-{way.key}")
    for way in IN_MEMORY if way.settles for name in way.workloads
]  # fmt: skip
FILING = [
    pytest.param(way.key, name, id=f"{name}-{way.key}")
    for way in OF_FILES if way.module for name in way.workloads
]  # fmt: skip


@pytest.fixture(scope="module")
def works() -> Mapping[str, Work]:
    return {name: workload(name, ROWS) for name in COLUMNS}


def answered(way: Way, work: Work, threads: int) -> Any:
    """What a way answers; skipped where it lacks something."""
    try:
        return import_module(way.module).prepared(work, threads=threads, **way.options)()
    except (ImportError, Missing) as lacking:
        pytest.skip(str(lacking))


@pytest.mark.parametrize(("way", "name"), SETTLING)
def test_a_way_answers_as_the_kernel_does(
    way: Way, name: str, works: Mapping[str, Work], folders: Callable[[str, Any], Path]
) -> None:
    ours = answered(IN_MEMORY[0], works[name], 1)
    theirs = answered(way, works[name], max(way.threads))
    assert sorted(theirs) == sorted(("reject", *COLUMNS[name]))
    assert comparing.arrays(folders("ours", ours), folders("theirs", theirs)) == ""


@pytest.fixture
def folders(tmp_path: Path) -> Callable[[str, Any], Path]:
    """Keeps answers in a folder, as the runs of the benchmark do."""

    def keep(name: str, answers: Mapping[str, Any]) -> Path:
        (tmp_path / name).mkdir()
        for code, column in answers.items():
            np.save(tmp_path / name / f"{code}.npy", column)
        return tmp_path / name

    return keep


# 廊坊, a hospital of grade 三级甲等 (deductible 1,500, ratio 60%), in yuan:
# 1. 201,500.00 - 1,500 = 200,000.00 x 60% = 120,000.00, all under the limit of 150,000
# 2. 101,500.01 - 1,500 = 100,000.01 x 60% =  60,000.006 -> 60,000.01; 30,000 are left: 30,000.00
# 3. the next year:  1,501.01 - 1,500 = 1.01 x 60% = 0.606 -> 0.61
# 4. another person, in 成都 without a filing: refused
# 5. the same, in 安次, from December into January: refused
WORKED = Work(
    "langfang",
    {
        "person": np.array((1, 1, 1, 2, 2)),
        "begin": np.array((19_724, 19_800, 20_100, 19_724, 20_080), np.int32),
        "end": np.array((19_730, 19_810, 20_110, 19_730, 20_095), np.int32),
        "kind": np.zeros(5, np.int16),
        "grade": np.full(5, p.GRADES.index("02"), np.int16),
        "area": np.array((0, 0, 0, p.LANGFANG_PLACES.index("510104"), 0), np.int32),
        "total": np.array((30_000_000, 11_000_000, 200_000, 100_000, 100_000)),
        "own": np.array((9_850_000, 849_999, 49_899, 0, 0)),
        "over": np.zeros(5, np.int64),
        "first": np.zeros(5, np.int64),
        "eligible": np.array((20_150_000, 10_150_001, 150_101, 100_000, 100_000)),
    },
    {},
    np.zeros(0, np.int64),
)
EXPECTED = {
    "reject": [0, 0, 0, 1, 1],
    "year": [2024, 2024, 2025, 0, 0],
    "crt_dedc": [150_000, 150_000, 150_000, 0, 0],
    "hifp_pay": [12_000_000, 3_000_000, 61, 0, 0],
    "psn_part_amt": [18_000_000, 8_000_000, 199_939, 0, 0],
}


@pytest.mark.parametrize("way", [way for way in IN_MEMORY if way.settles], ids=lambda way: way.key)
def test_a_way_settles_as_by_hand(way: Way) -> None:
    found = dict(answered(way, WORKED, 1))
    found["reject"] = np.asarray(found["reject"]) != 0
    assert {
        code: np.asarray(column).astype(int).tolist() for code, column in found.items()
    } == EXPECTED


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path]]:
    """The files of a workload, and what ``tiaowen batch`` made of it."""
    folder, found = tmp_path_factory.mktemp("files"), {}

    def of(name: str) -> tuple[Path, Path]:
        if name not in found:
            claims, output = folder / f"{name}.parquet", folder / f"{name}.settled.parquet"
            write(name, ROWS, claims)
            assert run(batch(name, claims, output, 1)[3:]) == 0
            found[name] = claims, output
        return found[name]

    return of


@pytest.mark.parametrize(("key", "name"), FILING)
def test_a_way_settles_a_file_as_batch_does(
    key: str, name: str, settled: Callable[[str], tuple[Path, Path]], tmp_path: Path
) -> None:
    claims, ours = settled(name)
    module = {"duckdb": "sql_in_duckdb", "polars": "frames_in_polars"}[key]
    theirs = tmp_path / "theirs.parquet"
    import_module(f"tests.bench.peers.{module}").settle_file(name, claims, theirs, 2)
    assert comparing.files(ours, theirs) == ""
