"""A cluster and one machine: the same files, also where a worker is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.engine.batch.test_one_meaning import figures
from tests.engine.cluster.standalone import Standalone

from tiaowen.apps.programs import load_program
from tiaowen.apps.table_files import TableFile
from tiaowen.compiler.core import Program
from tiaowen.engine.batch.job import Options, Outcome, settle_file
from tiaowen.engine.cluster.job import settle_on_cluster
from tiaowen.engine.synthetic import Plan, claims

LANGFANG = "policies/langfang/resident-2024-draft.md"
ZIYANG = "policies/ziyang/employee-2023.md"


def written(plan: Plan, path: Path) -> int:
    """The claims of ``plan`` in a file; how many."""
    with TableFile(path) as table:
        for block in claims(plan):
            table.write(block)
    return table.rows


def both(program: Program, folder: Path, spark: Any, claims: Path,
         progress: Any = lambda count: None, **options: Any) -> tuple[Outcome, Outcome]:  # fmt: skip
    """The outcome here and on the cluster."""
    here = settle_file(program, Options(str(claims), str(folder / "here.parquet"), **options),
                       lambda count: None)  # fmt: skip
    there = settle_on_cluster(
        program, Options(str(claims), str(folder / "there.parquet"), **options), spark, progress
    )
    return here, there


def same(here: Outcome, there: Outcome) -> None:
    """Every row and cell, every reject, every count, and what the manifest says."""
    assert pq.read_table(there.output).equals(pq.read_table(here.output))
    assert there.rejects.read_bytes() == here.rejects.read_bytes()
    assert there.counts == here.counts
    assert there.unknown == here.unknown
    assert json.loads(there.manifest.read_text()) == json.loads(here.manifest.read_text())
    assert not list(there.output.parent.glob(".*"))


def test_a_cluster_settles_a_file_as_one_machine_does(spark: Any, tmp_path: Path) -> None:
    count = written(Plan(20_000, 7, "131000", visits=0.4), tmp_path / "claims.parquet")
    here, there = both(load_program(LANGFANG), tmp_path, spark, tmp_path / "claims.parquet")
    assert here.counts.read == count > 10_000
    assert here.counts.rejected > 100
    same(here, there)


def test_fee_lines_of_their_own_totals_from_before_and_a_mapping(
    spark: Any, tmp_path: Path
) -> None:
    """CSV files: claims, their lines, totals; what is no Parquet is written as such first."""
    written(Plan(4_000, 7, "512000", "310", visits=0.4, years=2), tmp_path / "claims.csv")
    people = sorted({line.split(",")[0] for line in _lines(tmp_path / "claims.csv")[1:]})
    totals = [f"{person},2024,{n % 9}90000.00,0,0,2" for n, person in enumerate(people[::3])]
    opening = tmp_path / "opening.csv"
    head = "psn_no,year,统筹支付,门诊统筹.实际起付,住院.大额负担,次数.住院"
    opening.write_text("\n".join([head, *totals]) + "\n", encoding="utf-8")
    program = load_program(ZIYANG)
    asked: dict[str, Any] = {
        "lines": str(tmp_path / "claims-lines.csv"),
        "opening": str(opening),
        "mapping": {"24": "住院"},
        "parameters": figures(program, "examples/ziyang-parameters.toml"),
        "only": ("住院",),
        "rules": True,
        "lang": "en",
    }
    here, there = both(program, tmp_path, spark, tmp_path / "claims.csv", **asked)
    same(here, there)
    assert here.counts.settled > 300
    capped = sum(group[2] or 0 for group in here.counts.groups.values())
    assert capped > 20, "the totals from before do bring people to the cap"


def test_totals_in_place_of_fee_lines(spark: Any, tmp_path: Path) -> None:
    written(Plan(3_000, 7, "131000", visits=0.4, lines=False), tmp_path / "claims.parquet")
    here, there = both(load_program(LANGFANG), tmp_path, spark, tmp_path / "claims.parquet")
    assert here.counts.settled > 500
    assert len(there.totals) == 5
    same(here, there)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_a_worker_that_is_killed_midway_changes_nothing(
    cluster: Standalone, spark: Any, tmp_path: Path
) -> None:
    """It dies when the first claims are settled and not all are."""
    count = written(Plan(60_000, 11, "131000", visits=0.4), tmp_path / "claims.parquet")
    killed_at: list[int] = []

    def progress(read: int) -> None:
        if read and not killed_at:
            cluster.kill_worker()
            killed_at.append(read)

    here, there = both(load_program(LANGFANG), tmp_path, spark, tmp_path / "claims.parquet",
                       progress)  # fmt: skip
    assert 0 < killed_at[0] < count == here.counts.read
    assert cluster.alive() == 1
    same(here, there)
    cluster.add_workers(1)


def test_a_run_that_is_interrupted_leaves_nothing(spark: Any, tmp_path: Path) -> None:
    written(Plan(20_000, 7, "131000", visits=0.4), tmp_path / "claims.parquet")
    given = Options(str(tmp_path / "claims.parquet"), str(tmp_path / "settled.parquet"))

    def progress(read: int) -> None:
        if read:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        settle_on_cluster(load_program(LANGFANG), given, spark, progress)
    assert [path.name for path in tmp_path.iterdir()] == ["claims.parquet"]
    assert not spark.sparkContext.statusTracker().getActiveJobsIds()
