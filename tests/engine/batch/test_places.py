"""Where a batch writes, and what it is told: nothing it is made from is touched, and what cannot be
done is refused before anything is."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from tests.engine.batch.bad import POLICY, as_parquet, names, refusing, settle_here, stays

from tiaowen.apps.cli import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with ``claims.parquet``."""
    as_parquet(stays(), tmp_path / "claims.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


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
    assert settle_here(*arguments) == 2
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
    assert settle_here(*arguments) == 2
    assert said in capsys.readouterr().err
    assert names(folder) == before
    assert (folder / "old.parquet").read_text() == "mine"


def test_without_the_right_to_write(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert settle_here("-o", "out.parquet") == 2
    assert "TW0702" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(Path, "mkdir", refusing(errno.EROFS))
    assert settle_here("-o", "out.parquet") == 2
    assert "read-only" in capsys.readouterr().err.lower()
    assert names(folder) == ["claims.parquet"]


@pytest.mark.parametrize("memory", ["abc", "0", "1MB", "-2GB", "", "50%", "2"])
def test_sizes_of_memory_that_are_none(memory: str, folder: Path, capsys: Capture) -> None:
    assert settle_here("-o", "out.parquet", "--memory", memory) == 2
    assert "TW1355" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("mapping", "code"),
    [("99=住院", "TW0605"), ("21=住远", "TW0208"), ("21", "KIND=MATTER"), ("=住院", "KIND=MATTER")],
)
def test_mappings_that_say_nothing(mapping: str, code: str, folder: Path, capsys: Capture) -> None:
    assert settle_here("-o", "out.parquet", "--map", mapping) == 2
    assert code in capsys.readouterr().err
    assert names(folder) == ["claims.parquet"]


def test_a_mapping_needs_its_column(folder: Path, capsys: Capture) -> None:
    as_parquet(stays().drop_columns(["med_type"]), folder / "claims.parquet")
    assert settle_here("-o", "out.parquet", "--map", "21=住院") == 2
    assert "TW1334" in capsys.readouterr().err


@pytest.mark.parametrize("threads", ["0", "-1", "many", "257", "1.5"])
def test_numbers_of_threads_that_are_none(threads: str, folder: Path, capsys: Capture) -> None:
    arguments = ["batch", POLICY, "claims.parquet", "-o", "out.parquet", "--threads", threads]
    assert run([*arguments, "--lang", "zh"]) == 2
    assert "不是 1 至 256 的整数" in capsys.readouterr().err
