"""A Spark that starts quietly, and says in one sentence why it does not.

Spark's log goes to a file of its own, which is kept only where a run fails. A master that nobody
answers for, a missing Java and a cluster without workers are found within seconds.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from attrs import field, frozen

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.dsl.extras import need

SECONDS_TO_ANSWER, SECONDS_TO_EXECUTOR = 5, 60
_MASTER = re.compile(r"local(\[[\d*,\s]+\])?|spark://.+|yarn|k8s://.+")
_QUIET = {
    "spark.app.name": "tiaowen batch",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "16384",
}


@frozen
class Cluster:
    """Where a batch is to run: Spark's ``master`` (``spark://host:port``, ``yarn``, ``local[2]``)
    and further ``settings`` of Spark's."""

    master: str = "local[*]"
    settings: Mapping[str, str] = field(factory=dict)


@contextmanager
def session(cluster: Cluster) -> Iterator[Any]:
    """A session of Spark on ``cluster``, stopped at the end.

    ``Rejected``: TW0703 (no pyspark), TW1401 (Spark does not start), TW1402 (no master answers),
    TW1403 (no executor), and TW1405 for what fails inside.
    """
    with unwarned():
        for module in ("pandas", "pyspark.sql"):
            need(module, "spark")
    _reachable(cluster.master)
    _java()
    # Whichever Python decides here decides there too, unless the cluster has its own.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    handle, name = tempfile.mkstemp(prefix="tiaowen-spark-", suffix=".log")
    log, told = Path(name), False
    try:
        with os.fdopen(handle, "wb") as file, _running(cluster, file, log) as spark, _told(log):
            wait_for_executor(spark, cluster.master)
            yield spark
    except Rejected as rejected:
        told = any(found.args.get("log") for found in rejected.diagnostics)
        raise
    finally:
        if not told:
            log.unlink(missing_ok=True)


@contextmanager
def _running(cluster: Cluster, file: Any, log: Path) -> Iterator[Any]:
    """A Java process of its own, which ends with the session."""
    from py4j.protocol import Py4JError
    from pyspark import SparkConf, SparkContext
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    settings = {**_QUIET, **cluster.settings}
    conf = SparkConf().setMaster(cluster.master).setAll(list(settings.items()))
    if SparkContext._active_spark_context is not None:
        problem: Any = {
            "zh": "这个进程里已有一个 Spark 会话",
            "en": "one runs in this process already",
        }
        raise Rejected([diagnose("TW1401", problem=problem, log="")])
    context: Any = None
    gateway: Any = None
    launch: Any = launch_gateway
    try:
        try:
            gateway = launch(conf, {"stdout": file, "stderr": file})
            with unwarned():
                context = SparkContext(conf=conf, gateway=gateway)
        except (PySparkException, Py4JError, ValueError) as error:
            said = _reason(error, log)
            raise Rejected([diagnose("TW1401", problem=said, log=str(log))]) from None
        yield SparkSession(context)
    finally:
        with suppress(Exception):  # a Spark that is gone already cannot be stopped
            if context is not None:
                context.stop()
        if gateway is not None:
            _shut(gateway)
            SparkContext._gateway = SparkContext._jvm = None


def _shut(gateway: Any) -> None:
    with suppress(Exception):  # whether or not the process still answers, it has to go
        gateway.shutdown()
    process = getattr(gateway, "proc", None)
    if process is not None:
        process.stdin.close()
        try:
            process.wait(10)
        except Exception:
            process.kill()


@contextmanager
def at_hand(spark: Any) -> Iterator[Any]:
    """A session that is somebody else's, left as it is. ``Rejected`` with TW1405 for what fails
    inside."""
    with _told():
        yield spark


@contextmanager
def _told(log: Path | None = None) -> Iterator[None]:
    """What Spark says of a failure as one diagnostic, TW1405; its log is ``log``."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        problem = _reason(error, log)
        raise Rejected([diagnose("TW1405", problem=problem, log=str(log or ""))]) from None


@contextmanager
def unwarned() -> Iterator[None]:
    """What pyspark thinks of the version of pandas, which only it uses, is not told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


@contextmanager
def in_zone(spark: Any, zone: str) -> Iterator[None]:
    """Moments are handed over in the time ``zone``, until the end."""
    key = "spark.sql.session.timeZone"
    before = spark.conf.get(key)
    spark.conf.set(key, zone)
    try:
        with unwarned():
            yield
    finally:
        with suppress(Exception):  # the session may be gone
            spark.conf.set(key, before)


def _java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=str(Path(home) / "bin") if home else None) is None:
        problem = {"zh": "没有找到 java", "en": "there is no java"}
        raise Rejected([diagnose("TW1401", problem=problem, log="")])


def _reachable(master: str) -> None:
    """``Rejected`` with TW1402 where no standalone master listens; of other kinds Spark knows
    more."""
    problem: Any = {"zh": "不是主节点的地址", "en": "this is no master's address"}
    if _MASTER.fullmatch(master):
        if not master.startswith("spark://"):
            return
        for place in master.removeprefix("spark://").split(","):
            host, _, port = place.rpartition(":")
            try:
                with socket.create_connection((host, int(port)), SECONDS_TO_ANSWER):
                    return
            except ValueError:
                continue
            except OSError as error:
                said = error.strerror or str(error)
                problem = {"zh": said, "en": said}
    raise Rejected([diagnose("TW1402", master=master, problem=problem)])


def wait_for_executor(spark: Any, master: str) -> None:
    """Until the cluster gives one, without which Spark would wait for ever. ``Rejected`` with
    TW1403 when ``SECONDS_TO_EXECUTOR`` are over."""
    if master.startswith("local"):
        return
    until = time.monotonic() + SECONDS_TO_EXECUTOR
    state = spark.sparkContext._jsc.sc()
    while state.getExecutorMemoryStatus().size() < 2:  # the driver counts as one
        if time.monotonic() > until:
            raise Rejected([diagnose("TW1403", master=master, seconds=SECONDS_TO_EXECUTOR)])
        time.sleep(0.2)


_CAUSE = re.compile(r"(?:[\w$]+\.)*(\w*(?:Error|Exception|Rejected)): +(\S.*)")
_TROUBLE = re.compile(r"\b(invalid|error|exception|unsupported|could not)\b", re.IGNORECASE)


def reason(said: str, log: str) -> str:
    """What went wrong, in one line: the last cause that Python names in what Spark ``said`` of a
    failure, else the last that Java names, else the first trouble in the ``log``."""
    lines = [line.strip() for line in said.splitlines()]
    lines = [line for line in lines if line and not line.startswith("at ")]
    of_python = [found for line in lines if (found := _CAUSE.match(line)) and found.start(1) == 0]
    causes = of_python or [found for line in lines for found in _CAUSE.finditer(line)]
    if causes:
        last = causes[-1]
        plain = last[1] in ("SparkException", "RuntimeError", "Exception")
        return last[2] if plain else f"{last[1]}: {last[2]}"
    written = [line.strip() for line in log.splitlines()]
    troubles = [line for line in written if _TROUBLE.search(line) and not line.startswith("at ")]
    return (troubles or lines or ["?"])[0]


def _reason(error: Exception, log: Path | None) -> str:
    written = ""
    if log is not None:
        with suppress(OSError):
            written = log.read_text(encoding="utf-8", errors="replace")
    return reason(str(error), written)
