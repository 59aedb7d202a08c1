"""A standalone cluster of Spark on this machine, from what the package pyspark brings."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from attrs import define, field

SECONDS = 60
_HOST = "127.0.0.1"
_PR_SET_PDEATHSIG = 1
_DEPLOY = "org.apache.spark.deploy"
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Processes that live for seconds are not worth optimising."""
SETTINGS = {
    "spark.driver.host": _HOST,
    "spark.driver.bindAddress": _HOST,
    "spark.executor.memory": "512m",
    "spark.sql.shuffle.partitions": "4",
}


@define
class Standalone:
    """A master and its workers, each in a process group of its own."""

    folder: Path
    port: int
    page: int
    workers: list[subprocess.Popen[bytes]] = field(factory=list)
    master: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"spark://{_HOST}:{self.port}"

    def start(self) -> None:
        """The master, and two workers of a core each."""
        places = ["--host", _HOST, "--port", str(self.port), "--webui-port", str(self.page)]
        self.master = self._process("master.Master", *places)
        _until(lambda: self.alive() == 0)
        self.add_workers(2)

    def add_workers(self, count: int) -> None:
        """So many more workers, registered."""
        expected = (self.alive() or 0) + count
        for _ in range(count):
            self._add_worker()
        _until(lambda: self.alive() == expected)

    def _add_worker(self) -> None:
        place = ["--host", _HOST, "--webui-port", "0", "--cores", "1", "--memory", "600m",
                 "--work-dir", str(self.folder), self.url]  # fmt: skip
        self.workers.append(self._process("worker.Worker", *place))

    def kill_worker(self) -> None:
        """The last worker with its executor, without a word."""
        _kill(self.workers.pop())

    def stop(self) -> None:
        for process in (*self.workers, self.master):
            if process is not None:
                _kill(process)

    def alive(self) -> int | None:
        """How many workers the master counts; None where it does not answer."""
        try:
            with urlopen(f"http://{_HOST}:{self.page}/json/", timeout=SECONDS) as page:
                said: dict[str, Any] = json.load(page)
        except OSError:
            return None
        return int(said["aliveworkers"])

    def _process(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        import pyspark

        home = Path(pyspark.__file__).parent
        with (self.folder / f"{name}-{len(self.workers)}.log").open("wb") as log:
            return subprocess.Popen(
                [str(home / "bin" / "spark-class"), f"{_DEPLOY}.{name}", *words],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
                env={**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": _HOST,
                     "SPARK_DAEMON_MEMORY": "256m", "JAVA_TOOL_OPTIONS": QUICK_JAVA,
                     "PYSPARK_PYTHON": sys.executable},
            )  # fmt: skip


def _die_with_parent() -> None:
    """A run of the tests that is killed leaves no cluster behind."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind((_HOST, 0))
        return int(one.getsockname()[1])


@contextmanager
def standalone(folder: Path) -> Iterator[Standalone]:
    """A cluster that ends with the block, whatever happens in it."""
    made = Standalone(folder, free_port(), free_port())
    try:
        made.start()
        yield made
    finally:
        made.stop()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _until(true: Any) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, "the cluster does not come up"
        time.sleep(0.1)
