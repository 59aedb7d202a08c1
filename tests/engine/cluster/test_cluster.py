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
    count = written(Plan(30_000, 7, "131000", visits=0.4), tmp_path / "claims.parquet")
    here, there = both(load_program(LANGFANG), tmp_path, spark, tmp_path / "claims.parquet")
    assert here.counts.read == count > 15_000
    assert here.counts.rejected > 100
    same(here, there)
