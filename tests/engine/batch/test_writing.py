"""Runs that are stopped, killed or short of room: nothing stands half written under its name, and
what was finished before is gone on with."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engine.batch.bad import POLICY, as_parquet, names, refusing, settle_here, stays

from tiaowen.apps.cli import run
from tiaowen.engine.batch import chunks, finishing, job, ledger, running, streams
from tiaowen.engine.batch.locking import lock

Capture = pytest.CaptureFixture[str]
SMALL: tuple[tuple[Any, str, int], ...] = (
    (chunks, "ROWS", 20), (streams, "ROWS", 20), (streams, "LEAST", 20), (running, "PART_ROWS", 1),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with ``claims.parquet``; parts are of some twenty claims."""
    as_parquet(stays(), tmp_path / "claims.parquet")
    monkeypatch.chdir(tmp_path)
    for module, name, rows in SMALL:
        monkeypatch.setattr(module, name, rows)
    return tmp_path


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    folder = tmp_path_factory.mktemp("expected")
    claims = as_parquet(stays(), folder / "claims.parquet")
    assert run(["batch", POLICY, str(claims), "-o", str(folder / "out.parquet")]) == 0
    return pq.read_table(folder / "out.parquet")


# --- a disk that is full


@pytest.mark.parametrize(
    ("module", "name", "kept"),
    [
        (ledger, "write_part", False),
        (finishing, "join_parts", True),
        (finishing, "_linked", True),
        (job, "write_part", True),
    ],
)
def test_a_full_disk(
    module: Any, name: str, kept: bool, folder: Path, expected: pa.Table,
    monkeypatch: pytest.MonkeyPatch, capsys: Capture,
) -> None:  # fmt: skip
    """Whatever cannot be written, the output is not there, and what is finished is kept."""
    output = "out/" if name == "_linked" else "out.parquet"
    with monkeypatch.context() as full:
        full.setattr(module, name, refusing(errno.ENOSPC))
        if module is job:
            full.setattr(job, "leftovers", _something_left)
        assert settle_here("-o", output, "--rejects", "rejects.parquet") == 2
    said = capsys.readouterr().err
    assert "TW0702" in said
    assert "no space left on device" in said
    assert ("--resume" in said) == kept
    assert not (folder / output).exists()
    assert any(name.startswith(".out") for name in names(folder)) == kept
    assert settle_here("-o", output, "--rejects", "rejects.parquet", "--resume", "--force") == 0
    assert pq.read_table(output).equals(expected)
    assert not [name for name in names(folder) if name.startswith(".")]


def _something_left(*given: Any) -> Any:
    from tiaowen.engine.batch.csv_files import Bad
    from tiaowen.engine.batch.leftovers import Leftovers, unread_lines

    return Leftovers(unread_lines([Bad("x.csv", 3, "cut")], "en"))


def test_a_disk_that_is_full_in_earnest(folder: Path) -> None:
    """No file may be of more than 12 kB: the system itself refuses to write on."""
    command = [sys.executable, "-m", "tiaowen", "batch", POLICY, "claims.parquet", "--lang", "en"]
    done = subprocess.run([*command, "-o", "out.csv"], capture_output=True, text=True, check=False,
                          preexec_fn=_little_room)  # fmt: skip
    assert (done.returncode, "TW0702" in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "out.csv").exists()


def _little_room() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))


# --- stopped, killed, two at once


def started(*arguments: str, before: str) -> subprocess.Popen[str]:
    """A batch in a process of its own, whose parts are small, with ``before`` run first."""
    code = (
        "import os, sys, time\n"
        "from tiaowen.engine.batch import chunks, finishing, job, ledger, running, streams\n"
        "chunks.ROWS = streams.ROWS = streams.LEAST = 20\n"
        "running.PART_ROWS = 1\n"
        f"{before}\n"
        "from tiaowen.apps.cli import main\n"
        f"sys.argv[1:] = {['batch', POLICY, 'claims.parquet', *arguments]!r}\n"
        "main()\n"
    )
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)


def test_an_interrupted_run_says_how_to_go_on(folder: Path, expected: pa.Table) -> None:
    slow = (
        "commit = ledger.Ledger.commit\n"
        "def told(*a):\n"
        "    commit(*a)\n"
        "    print('committed', file=sys.stderr, flush=True)\n"
        "    time.sleep(1)\n"
        "ledger.Ledger.commit = told\n"
    )
    process = started("-o", "out.parquet", "--lang", "en", before=slow)
    assert process.stderr is not None
    assert "committed" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    said = process.stderr.read()
    assert process.wait() == 130
    assert "--resume" in said
    assert "Traceback" not in said
    assert not (folder / "out.parquet").exists()
    assert settle_here("-o", "out.parquet", "--resume") == 0
    assert pq.read_table("out.parquet").equals(expected)


@pytest.mark.parametrize("output", ["out.parquet", "out.duckdb", "out/"])
def test_killed_while_the_output_is_put_together(
    output: str, folder: Path, expected: pa.Table
) -> None:
    """The output is written, and the process dies before it gets its name."""
    dying = (
        "replace = os.replace\n"
        "def fatal(one, other):\n"
        f"    if str(other).rstrip('/').endswith({output.rstrip('/')!r}):\n"
        "        os.kill(os.getpid(), 9)\n"
        "    replace(one, other)\n"
        "finishing.os.replace = fatal\n"
    )
    process = started("-o", output, before=dying)
    assert process.wait() == -signal.SIGKILL
    assert not Path(output).exists()
    assert settle_here("-o", output) == 2
    assert settle_here("-o", output, "--resume", "--force") == 0
    source = {"out.duckdb": "kept.settled", "out/": "'out/*.parquet'"}.get(output, f"'{output}'")
    with duckdb.connect() as base:
        if output == "out.duckdb":
            base.sql("ATTACH 'out.duckdb' AS kept (READ_ONLY)")
        (found,) = base.sql(f"SELECT count(*), sum(hifp_pay) FROM {source}").fetchall()
    assert found[0] == len(expected)
    assert abs(float(found[1]) - float(sum(expected.column("hifp_pay").to_pylist()))) < 0.001
    assert not [name for name in names(folder) if name.startswith(".")]


def test_two_runs_do_not_write_one_output(folder: Path, capsys: Capture) -> None:
    held = lock(folder / ".out.parquet.parts" / ledger.LOCK)
    assert settle_here("-o", "out.parquet") == 2
    said = capsys.readouterr().err
    assert "TW1338" in said
    assert str(os.getpid()) in said
    held.close()
    assert settle_here("-o", "out.parquet") == 0


def test_a_second_run_does_not_sweep_away_the_first(folder: Path) -> None:
    """A run that has not finished a part yet keeps its folder."""
    waiting = (
        "run = job.run\n"
        "def late(*a):\n"
        "    print('begun', file=sys.stderr, flush=True)\n"
        "    time.sleep(1)\n"
        "    return run(*a)\n"
        "job.run = late\n"
    )
    first = started("-o", "out.parquet", before=waiting)
    assert first.stderr is not None
    assert "begun" in first.stderr.readline()
    assert settle_here("-o", "out.parquet") == 2
    assert first.wait() == 0
    assert len(pq.read_table("out.parquet")) == len(stays())


# --- unfinished runs


@pytest.fixture
def unfinished(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a run that stopped behind its second part."""
    commit = ledger.Ledger.commit

    def stopping(self: ledger.Ledger, done: ledger.Done, *tables: pa.Table) -> None:
        if done.parts == 3:
            raise KeyboardInterrupt
        commit(self, done, *tables)

    with monkeypatch.context() as stop:
        stop.setattr(ledger.Ledger, "commit", stopping)
        assert settle_here("-o", "out.parquet") == 130
    return folder / ".out.parquet.parts"


def test_an_unfinished_run_is_gone_on_with_and_not_begun_again(
    unfinished: Path, expected: pa.Table, capsys: Capture
) -> None:
    before = names(unfinished)
    assert settle_here("-o", "out.parquet") == 2
    assert settle_here("-o", "out.parquet", "--resume", "--map", "21=住院") == 2
    said = capsys.readouterr().err
    assert "TW1336" in said
    assert "TW1337" in said
    assert names(unfinished) == before
    assert settle_here("-o", "out.parquet", "--resume") == 0
    assert pq.read_table("out.parquet").equals(expected)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("settled-00002.parquet", None),
        ("settled-00001.parquet", b"PAR1"),
        ("rejected-00001.parquet", b""),
        ("manifest.json", b'{"parts": 2'),
        ("manifest.json", b"[]"),
        ("manifest.json", b'{"parts": 2}'),
    ],
)
def test_a_damaged_run_is_neither_gone_on_with_nor_deleted(
    name: str, content: bytes | None, unfinished: Path, capsys: Capture
) -> None:
    (unfinished / name).unlink()
    if content is not None:
        (unfinished / name).write_bytes(content)
    before = names(unfinished)
    for options in ((), ("--resume",)):
        assert settle_here("-o", "out.parquet", *options) == 2
        assert "TW1352" in capsys.readouterr().err
        assert names(unfinished) == before


def test_claims_that_changed_are_not_gone_on_with(
    unfinished: Path, folder: Path, capsys: Capture
) -> None:
    as_parquet(stays().slice(1), folder / "claims.parquet")
    assert settle_here("-o", "out.parquet", "--resume") == 2
    assert "TW1337" in capsys.readouterr().err
