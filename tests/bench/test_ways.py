"""Every way of settling the workloads answers as the others do, and as a hand works it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.bench import comparing
from tests.bench.files import write
from tests.bench.peers.answers import COLUMNS, Missing
from tests.bench.running import batch
from tests.bench.ways import IN_MEMORY, OF_FILES, Way
from tests.bench.worked import WORKED
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


@pytest.mark.parametrize(("way", "name"), SETTLING)
def test_a_way_settles_as_by_hand(way: Way, name: str) -> None:
    work, expected = WORKED[name]
    found = dict(answered(way, work, 1))
    found["reject"] = np.asarray(found["reject"]) != 0
    told = {code: np.asarray(column).astype(int).tolist() for code, column in found.items()}
    assert told == expected


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
