"""A row of a batch explained: wherever its files are now, and whatever became of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from tests.engine.batch.bad import POLICY, as_csv, as_parquet, stays, with_column

from tiaowen.apps.cli import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Path:
    """A folder with ``claims.parquet``, of which the fourth cannot be settled, and its batch."""
    monkeypatch.chdir(tmp_path)
    grades = stays().column("hosp_lv").cast(pa.string()).to_pylist()
    grades[3] = "77"
    as_parquet(with_column(stays(), "hosp_lv", pa.array(grades)), tmp_path / "claims.parquet")
    assert run(["batch", POLICY, "claims.parquet", "-o", "out.parquet"]) == 0
    capsys.readouterr()
    return tmp_path


def encounter(row: int) -> str:
    return str(stays().column("mdtrt_id")[row].as_py())


def explain(output: str, number: str, *options: str) -> int:
    return run(["explain", output, "--encounter", number, "--lang", "en", *options])


def test_a_row_is_explained(settled: Path, capsys: Capture) -> None:
    assert explain("out.parquet", encounter(0)) == 0
    captured = capsys.readouterr()
    assert "pooled fund" in captured.out
    assert captured.err == ""


def test_an_encounter_that_is_not_there(settled: Path, capsys: Capture) -> None:
    assert explain("out.parquet", "it's nobody's") == 2
    assert "TW1341" in capsys.readouterr().err


def test_a_claim_that_was_rejected_says_why(settled: Path, capsys: Capture) -> None:
    assert explain("out.parquet", encounter(3)) == 2
    said = capsys.readouterr().err
    assert said.count("error[") == 1
    assert "TW0605" in said
    assert "77" in said


def test_files_that_were_moved_together(settled: Path, capsys: Capture) -> None:
    moved = settled / "elsewhere"
    moved.mkdir()
    for file in list(settled.glob("*.*")):
        shutil.move(file, moved / file.name)
    assert explain("elsewhere/out.parquet", encounter(0)) == 0
    assert "TW1356" not in capsys.readouterr().err


def test_claims_that_were_moved_are_named(settled: Path, capsys: Capture) -> None:
    (settled / "elsewhere").mkdir()
    shutil.move(settled / "claims.parquet", settled / "elsewhere" / "year.parquet")
    assert explain("out.parquet", encounter(0)) == 2
    assert "TW0701" in capsys.readouterr().err
    assert explain("out.parquet", encounter(0), "--claims", "elsewhere/year.parquet") == 0


def test_claims_that_changed_are_told_of(settled: Path, capsys: Capture) -> None:
    """The first claim's hospital becomes one of Chinese medicine: its deductible is another."""
    flags = stays().column("x_tcm_hosp_flag").to_pylist()
    flags[0] = not flags[0]
    as_parquet(with_column(stays(), "x_tcm_hosp_flag", pa.array(flags)), Path("claims.parquet"))
    assert explain("out.parquet", encounter(0)) == 1
    said = capsys.readouterr().err
    assert "warning[TW1356]" in said
    assert "TW1342" in said


def test_an_encounter_of_two_people(settled: Path, capsys: Capture) -> None:
    people = stays().column("psn_no").to_pylist()
    numbers = stays().column("mdtrt_id").to_pylist()
    other = next(n for n in range(len(people)) if people[n] != people[0])
    numbers[other] = numbers[0]
    as_parquet(with_column(stays(), "mdtrt_id", pa.array(numbers)), Path("claims.parquet"))
    assert explain("out.parquet", numbers[0]) == 2
    assert "TW1357" in capsys.readouterr().err


@pytest.mark.parametrize("output", ["out.csv", "out.duckdb", "out.duckdb#year", "out/"])
def test_a_row_of_every_kind_of_output(output: str, settled: Path, capsys: Capture) -> None:
    assert run(["batch", POLICY, "claims.parquet", "-o", output, "--force"]) == 0
    assert explain(output, encounter(0)) == 0


@pytest.mark.parametrize("content", [None, "", "[]", '{"form": 1}', '{"form": 99}'])
def test_a_manifest_that_is_none(content: str | None, settled: Path, capsys: Capture) -> None:
    manifest = settled / "out.parquet.json"
    manifest.unlink()
    if content is not None:
        manifest.write_text(content)
    assert explain("out.parquet", encounter(0)) == 2
    assert "TW1343" in capsys.readouterr().err


def test_nothing_is_left_where_the_command_is_run(settled: Path, capsys: Capture) -> None:
    """A file in GB18030 is copied to be read: not into the folder that one works in."""
    claims = as_csv(stays(), settled / "year.csv")
    claims.write_bytes(claims.read_text().replace("psn_no", "人员编号").encode("gb18030"))
    lines = ["--lines", "year-lines.csv"]
    assert run(["batch", POLICY, "year.csv", *lines, "-o", "year.parquet"]) == 0
    before = sorted(path.name for path in settled.iterdir())
    assert explain("year.parquet", encounter(0)) == 0
    assert sorted(path.name for path in settled.iterdir()) == before
