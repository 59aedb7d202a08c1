"""Where a batch writes: nothing it is made from is touched, nothing stands half written under its
name, and what was finished before a stop is gone on with."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engine.batch.bad import POLICY, as_parquet, stays

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


def settle(*arguments: str) -> int:
    return run(["batch", POLICY, "claims.parquet", *arguments, "--lang", "en", "--threads", "1"])


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    folder = tmp_path_factory.mktemp("expected")
    claims = as_parquet(stays(), folder / "claims.parquet")
    assert run(["batch", POLICY, str(claims), "-o", str(folder / "out.parquet")]) == 0
    return pq.read_table(folder / "out.parquet")


# --- places that are needed


@pytest.mark.parametrize(
    "arguments",
    [
        ("-o", "claims.parquet", "--force"),
        ("-o", "./link.parquet", "--force"),
        ("-o", "hard.parquet", "--force"),
        ("-o", "out.parquet", "--rejects", "claims.parquet", "--force"),
        ("-o", "out.csv", "--rejects", "out.csv"),
        ("-o", "out.parquet", "--opening", "totals.parquet", "--rejects", "totals.parquet"),
        ("-o", "lines.csv", "--lines", "lines.csv", "--force"),
    ],
)
def test_no_output_takes_the_place_of_what_it_is_made_from(
    arguments: tuple[str, ...], folder: Path, capsys: Capture
) -> None:
    os.symlink("claims.parquet", folder / "link.parquet")
    os.link(folder / "claims.parquet", folder / "hard.parquet")
    as_parquet(pa.table({"psn_no": ["1"], "year": [2024]}), folder / "totals.parquet")
    (folder / "lines.csv").write_text("mdtrt_id\n")
    before = {name: (folder / name).read_bytes() for name in names(folder)}
    assert settle(*arguments) == 2
    assert "TW1351" in capsys.readouterr().err
    assert {name: (folder / name).read_bytes() for name in names(folder)} == before


@pytest.mark.parametrize("output", ["year/", "year/out.parquet", "./"])
def test_no_output_within_the_folder_that_is_read(
    output: str, folder: Path, capsys: Capture
) -> None:
    (folder / "year").mkdir()
    (folder / "claims.parquet").rename(folder / "year" / "part-00001.parquet")
    before = names(folder)
    assert run(["batch", POLICY, "year", "-o", output, "--force"]) == 2
    assert "TW1351" in capsys.readouterr().err
    assert names(folder) == before


def test_a_table_of_the_database_that_is_read(folder: Path, capsys: Capture) -> None:
    with duckdb.connect("base.duckdb") as base:
        base.sql("CREATE TABLE claims AS SELECT * FROM 'claims.parquet'")
    asked = ["batch", POLICY, "base.duckdb", "--lang", "en", "-o"]
    assert run([*asked, "base.duckdb#Claims", "--force"]) == 2
    assert "TW1351" in capsys.readouterr().err
    assert run([*asked, "base.duckdb#settled"]) == 0
    assert run([*asked, "base.duckdb", "--rejects", "other.csv"]) == 2
    assert "--force" in capsys.readouterr().err
    with duckdb.connect("base.duckdb") as base:
        counts = "SELECT (SELECT count(*) FROM claims), (SELECT count(*) FROM settled)"
        assert base.sql(counts).fetchall() == [(len(stays()), len(stays()))]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "no/out.parquet"), "its folder is not there"),
        (("-o", "out.parquet", "--rejects", "no/r.csv"), "its folder is not there"),
        (("-o", "full.parquet"), "it is a folder"),
        (("-o", "plain/"), "it is a file"),
        (("-o", "full.parquet/"), "another file"),
        (("-o", "old.parquet"), "--force overwrites it"),
        (("-o", "old.parquet", "--resume"), "--force overwrites it"),
        (("-o", "out.parquet", "--rejects", "old.parquet"), "--force overwrites it"),
        (("-o", "junk.duckdb"), "TW1333"),
        (("-o", "out.parquet", "--rejects", "r.xlsx"), "TW1330"),
    ],
)
def test_places_that_cannot_be_written(
    arguments: tuple[str, ...], said: str, folder: Path, capsys: Capture
) -> None:
    (folder / "full.parquet").mkdir()
    for name in ("full.parquet/x.txt", "plain", "old.parquet", "junk.duckdb"):
        (folder / name).write_text("mine")
    before = names(folder)
    assert settle(*arguments) == 2
    assert said in capsys.readouterr().err
    assert names(folder) == before
    assert (folder / "old.parquet").read_text() == "mine"


def test_without_the_right_to_write(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert settle("-o", "out.parquet") == 2
    assert "TW0702" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(Path, "mkdir", _refusing(errno.EROFS))
    assert settle("-o", "out.parquet") == 2
    assert "read-only" in capsys.readouterr().err.lower()
    assert names(folder) == ["claims.parquet"]


def _refusing(number: int) -> Callable[..., Any]:
    def refuse(*arguments: Any, **options: Any) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


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
        full.setattr(module, name, _refusing(errno.ENOSPC))
        if module is job:
            full.setattr(job, "leftovers", _something_left)
        assert settle("-o", output, "--rejects", "rejects.parquet") == 2
    said = capsys.readouterr().err
    assert "TW0702" in said
    assert "no space left on device" in said
    assert ("--resume" in said) == kept
    assert not (folder / output).exists()
    assert any(name.startswith(".out") for name in names(folder)) == kept
    assert settle("-o", output, "--rejects", "rejects.parquet", "--resume", "--force") == 0
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
    assert settle("-o", "out.parquet", "--resume") == 0
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
    assert settle("-o", output) == 2
    assert settle("-o", output, "--resume", "--force") == 0
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
    assert settle("-o", "out.parquet") == 2
    said = capsys.readouterr().err
    assert "TW1338" in said
    assert str(os.getpid()) in said
    held.close()
    assert settle("-o", "out.parquet") == 0


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
    assert settle("-o", "out.parquet") == 2
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
        assert settle("-o", "out.parquet") == 130
    return folder / ".out.parquet.parts"


def test_an_unfinished_run_is_gone_on_with_and_not_begun_again(
    unfinished: Path, expected: pa.Table, capsys: Capture
) -> None:
    before = names(unfinished)
    assert settle("-o", "out.parquet") == 2
    assert settle("-o", "out.parquet", "--resume", "--map", "21=住院") == 2
    said = capsys.readouterr().err
    assert "TW1336" in said
    assert "TW1337" in said
    assert names(unfinished) == before
    assert settle("-o", "out.parquet", "--resume") == 0
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
        assert settle("-o", "out.parquet", *options) == 2
        assert "TW1352" in capsys.readouterr().err
        assert names(unfinished) == before


def test_claims_that_changed_are_not_gone_on_with(
    unfinished: Path, folder: Path, capsys: Capture
) -> None:
    as_parquet(stays().slice(1), folder / "claims.parquet")
    assert settle("-o", "out.parquet", "--resume") == 2
    assert "TW1337" in capsys.readouterr().err


@pytest.mark.parametrize("memory", ["abc", "0", "1MB", "-2GB", "", "50%", "2"])
def test_sizes_of_memory_that_are_none(memory: str, folder: Path, capsys: Capture) -> None:
    assert settle("-o", "out.parquet", "--memory", memory) == 2
    assert "TW1355" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("mapping", "code"),
    [("99=住院", "TW0605"), ("21=住远", "TW0208"), ("21", "KIND=MATTER"), ("=住院", "KIND=MATTER")],
)
def test_mappings_that_say_nothing(mapping: str, code: str, folder: Path, capsys: Capture) -> None:
    assert settle("-o", "out.parquet", "--map", mapping) == 2
    assert code in capsys.readouterr().err
    assert names(folder) == ["claims.parquet"]


def test_a_mapping_needs_its_column(folder: Path, capsys: Capture) -> None:
    as_parquet(stays().drop_columns(["med_type"]), folder / "claims.parquet")
    assert settle("-o", "out.parquet", "--map", "21=住院") == 2
    assert "TW1334" in capsys.readouterr().err


@pytest.mark.parametrize("threads", ["0", "-1", "many", "257", "1.5"])
def test_numbers_of_threads_that_are_none(threads: str, folder: Path, capsys: Capture) -> None:
    arguments = ["batch", POLICY, "claims.parquet", "-o", "out.parquet", "--threads", threads]
    assert run([*arguments, "--lang", "zh"]) == 2
    assert "不是 1 至 256 的整数" in capsys.readouterr().err
