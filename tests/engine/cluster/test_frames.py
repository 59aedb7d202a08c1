"""Frames of Spark, as a notebook has them: what comes of them is what comes of an Arrow table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.engine.cluster.test_cluster import LANGFANG, ZIYANG, written

import tiaowen
from tiaowen.apps.python import Settled
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.synthetic import Plan


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """The rows, without their places in a file, which a frame has not."""
    kept = [name for name in table.column_names if name != "row"]
    found: list[dict[str, Any]] = table.select(kept).to_pylist()
    return found


def same(of_spark: Settled, of_arrow: Settled) -> None:
    """Rows and order of the settled; the rejected in any order within a person."""
    assert rows(of_spark.settled.toArrow()) == rows(of_arrow.settled)
    told, expected = (sorted(rows(t), key=repr)
                      for t in (of_spark.rejected.toArrow(), of_arrow.rejected))  # fmt: skip
    assert told == expected
    assert len(expected) > 10


def test_a_frame_is_settled_as_a_table_is(spark: Any, tmp_path: Path) -> None:
    written(Plan(1_500, 7, "131000", visits=0.5), tmp_path / "claims.parquet")
    frame = spark.read.parquet(str(tmp_path / "claims.parquet"))
    policy = tiaowen.load(LANGFANG)
    made = policy.settle(frame.repartition(5), rules=True)
    assert "rule_hifp_pay" in made.settled.columns
    assert "row" not in made.rejected.columns
    same(made, policy.settle(frame.toArrow(), rules=True))


def test_fee_lines_may_be_a_frame_of_their_own(spark: Any, tmp_path: Path) -> None:
    written(Plan(800, 7, "512000", "310", visits=0.5), tmp_path / "claims.csv")
    claims, lines = (spark.read.csv(str(tmp_path / name), header=True)
                     for name in ("claims.csv", "claims-lines.csv"))  # fmt: skip
    policy = tiaowen.load(ZIYANG)
    asked: dict[str, Any] = {"parameters": "examples/ziyang-parameters.toml"}
    same(policy.settle(claims, lines, **asked),
         policy.settle(claims.toArrow(), lines.toArrow(), **asked))  # fmt: skip


def test_an_empty_frame_is_refused(spark: Any) -> None:
    empty = spark.createDataFrame([], "psn_no string, mdtrt_id string")
    with pytest.raises(Rejected) as caught:
        tiaowen.load(LANGFANG).settle(empty)
    assert [found.code for found in caught.value.diagnostics] == ["TW1339"]
