"""What can be wrong with a cluster is said in one sentence, soon, and without Java's traces."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from tests.engine.cluster.standalone import free_port

from tiaowen.dsl.diagnostics import Diagnostic, Rejected
from tiaowen.engine.cluster.session import Cluster, reason, session, wait_for_executor


def refused(cluster: Cluster) -> Diagnostic:
    """Why there is no session."""
    with pytest.raises(Rejected) as caught, session(cluster):
        pass
    (problem,) = caught.value.diagnostics
    return problem


@pytest.mark.parametrize("master", ["foo", "spark://", "spark://here", "spark://here:there", ""])
def test_what_is_no_address_is_none(master: str) -> None:
    problem = refused(Cluster(master))
    assert (problem.code, problem.args["master"]) == ("TW1402", master)
    assert problem.args["problem"]["en"] == "this is no master's address"


def test_a_master_that_does_not_answer() -> None:
    problem = refused(Cluster(f"spark://127.0.0.1:{free_port()}"))
    assert (problem.code, problem.args["problem"]["en"]) == ("TW1402", "Connection refused")


def test_no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    problem = refused(Cluster("local[1]"))
    assert (problem.code, problem.args["problem"]["en"]) == ("TW1401", "there is no java")


def test_no_pyspark(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    problem = refused(Cluster("local[1]"))
    assert (problem.code, problem.args["extra"]) == ("TW0703", "spark")


def test_java_that_does_not_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("pyspark.SparkContext._active_spark_context", None)
    problem = refused(Cluster("local[1]", {"spark.driver.memory": "much"}))
    assert problem.code == "TW1401"
    assert "-Xmxmuch" in problem.args["problem"]
    assert Path(problem.args["log"]).parent == tmp_path
    assert "-Xmxmuch" in Path(problem.args["log"]).read_text()


def test_a_master_that_gives_no_executor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spark's context counts the driver alone."""
    monkeypatch.setattr("tiaowen.engine.cluster.session.SECONDS_TO_EXECUTOR", 0.3)
    state = Mock()
    state.sparkContext._jsc.sc().getExecutorMemoryStatus().size.return_value = 1
    with pytest.raises(Rejected) as caught:
        wait_for_executor(state, "spark://here:7077")
    assert caught.value.diagnostics[0].code == "TW1403"
    wait_for_executor(state, "local[2]")
    state.sparkContext._jsc.sc().getExecutorMemoryStatus().size.return_value = 2
    wait_for_executor(state, "spark://here:7077")


def test_a_session_that_is_there_is_not_disturbed(spark: Any) -> None:
    problem = refused(Cluster("local[1]"))
    assert (problem.code, problem.args["problem"]["en"]) == (
        "TW1401", "one runs in this process already",
    )  # fmt: skip
    assert spark.range(3).count() == 3


PYTHON = """Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times, most recent failure: Lost task 0.3 in stage 3.0 (TID 5) (192.0.2.2 executor 1): org.apache.spark.api.python.PythonException: Traceback (most recent call last):
  File "worker.py", line 12, in main
ModuleNotFoundError: No module named 'tiaowen'

\tat org.apache.spark.api.python.BasePythonRunner$ReaderIterator.handlePythonException(PythonRunner.scala:581)
Driver stacktrace:"""
JAVA = """Job aborted due to stage failure: Task 0 in stage 3.0 failed 1 times, most recent failure: Lost task 0.0 in stage 3.0 (TID 2) (here executor driver): org.apache.spark.SparkException: EOFException occurred while reading the port number
\tat org.apache.spark.util.SparkErrorUtils.tryWithSafeFinally$(SparkErrorUtils.scala:83)"""


def test_a_failure_is_told_by_its_cause() -> None:
    assert reason(PYTHON, "") == "ModuleNotFoundError: No module named 'tiaowen'"
    assert reason(JAVA, "") == "EOFException occurred while reading the port number"
    assert reason("[JAVA_GATEWAY_EXITED] gone", "hello\nError: no such jar\nat x") == (
        "Error: no such jar"
    )
    assert reason("gone\n\tat somewhere", "") == "gone"
