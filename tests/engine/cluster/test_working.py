"""A worker by itself, without Spark: the stream it is handed, and what it reports."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.cluster.test_cluster import LANGFANG

from tiaowen.apps.programs import load_program
from tiaowen.compiler.core import Program
from tiaowen.engine.batch.chunks import PERSON, ROW
from tiaowen.engine.batch.job import Options, built, settle_table
from tiaowen.engine.batch.ledger import Ledger
from tiaowen.engine.batch.sources import connect, table_source
from tiaowen.engine.cluster.layout import KIND, KINDS
from tiaowen.engine.cluster.working import Report, Shipped, Worker, reported, taken, worker
from tiaowen.engine.synthetic import Plan, claims


@pytest.fixture(scope="module")
def table() -> pa.Table:
    """Claims in the order of people, some of them not to be settled."""
    (block,) = claims(Plan(500, 7, "131000", visits=0.5))
    return pa.Table.from_batches([block])


@pytest.fixture(scope="module")
def program() -> Program:
    return load_program(LANGFANG)


@pytest.fixture(scope="module")
def made(table: pa.Table, program: Program) -> Worker:
    """What arrives at a worker of what the command sends."""
    with tempfile.TemporaryDirectory() as scratch:
        connection = connect("500MB", 1, Path(scratch))
        source, options = table_source(connection, "given_claims", table), Options("", "")
        reading, settling = built(program, connection, source, None, options)
        return worker(Shipped(program, options, reading.binding, settling.kernel).packed())


def stream(table: pa.Table) -> pa.Table:
    """The claims as ``by_person`` hands them to a worker."""
    numbered = table.append_column(ROW, pa.array(range(1, len(table) + 1), pa.int64()))
    return pa.table({
        PERSON: table["psn_no"], KIND: pa.array([0] * len(table), pa.int8()),
        ROW: numbered[ROW], KINDS[0]: numbered.to_struct_array(),
    })  # fmt: skip


def of(made: Worker, table: pa.Table, folder: Path, rows: int = 1000) -> Report:
    """The report on the stream, handed over so many rows at a time, its files being taken."""
    ledger = Ledger(folder, {})
    report = reported(made, iter(stream(table).to_batches(max_chunksize=rows)), ledger, 1)
    if report.attempt:
        taken(ledger, 1, report)
    return report


def test_a_partition_gives_what_a_table_gives(
    made: Worker, table: pa.Table, program: Program, tmp_path: Path
) -> None:
    report = of(made, table, tmp_path)
    expected = settle_table(program, table, None, Options("", ""))
    assert report.counts.read == len(table)
    assert report.counts.rejected > 5
    for kind, rows in (("settled", expected.settled), ("rejected", expected.rejected)):
        assert pq.read_table(tmp_path / f"{kind}-00001.parquet").to_pylist() == rows.to_pylist()
    assert len(list(tmp_path.iterdir())) == 2


@settings(max_examples=4)
@given(rows=st.integers(1, 60))
def test_where_batches_end_means_nothing(made: Worker, table: pa.Table, rows: int) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        assert of(made, table, Path(one)).counts == of(made, table, Path(other), rows).counts
        name = "settled-00001.parquet"
        assert pq.read_table(f"{one}/{name}").equals(pq.read_table(f"{other}/{name}"))


def test_an_attempt_that_is_given_up_is_not_taken(
    made: Worker, table: pa.Table, tmp_path: Path
) -> None:
    """Its input breaks off without a word, and it ends after the one that counts."""
    ledger = Ledger(tmp_path, {})
    whole, broken = stream(table), stream(table.slice(0, len(table) // 2))
    report = reported(made, iter(whole.to_batches()), ledger, 1)
    assert reported(made, iter(broken.to_batches()), ledger, 1).attempt != report.attempt
    taken(ledger, 1, report)
    settled = pq.read_metadata(ledger.part("settled", 1)).num_rows
    assert settled == report.counts.settled > len(table) // 2


def test_no_claims_no_parts(made: Worker, table: pa.Table, tmp_path: Path) -> None:
    assert of(made, table.slice(0, 0), tmp_path).counts.read == 0
    assert not list(tmp_path.iterdir())


def test_a_folder_that_a_worker_does_not_see(made: Worker, table: pa.Table, tmp_path: Path) -> None:
    (problem,) = of(made, table, tmp_path / "elsewhere").problems
    assert (problem.code, problem.args["problem"]) == ("TW1404", "No such file or directory")


def test_a_strict_run_tells_the_first_reject(made: Worker, table: pa.Table, tmp_path: Path) -> None:
    strict = evolve(made, shipped=evolve(made.shipped, options=Options("", "", strict=True)))
    report = of(strict, table, tmp_path)
    assert report.refused is not None
    assert report.refused.num_rows == 1
    assert report.counts.read == 0
    assert not list(tmp_path.iterdir())
