"""``tiaowen synth``: files of made-up claims, whole or not there."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from tiaowen.apps.cli import run
from tiaowen.engine.synthetic import Plan, claims


def made(path: Path, *options: str) -> int:
    return run(["synth", "--people", "300", "--seed", "7", "-o", str(path), *options])


def test_a_parquet_file_holds_the_claims_of_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "claims.parquet"
    assert made(path, "--region", "512000", "--insurance", "310") == 0
    (batch,) = claims(Plan(300, 7, "512000", "310"))
    assert pq.read_table(path).to_pylist() == batch.to_pylist()
    assert f"{batch.num_rows} 次就诊" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["claims.parquet"]


def test_csv_has_the_fee_lines_beside_it(tmp_path: Path) -> None:
    assert made(tmp_path / "c.csv", "--visits", "1", "--years", "2023-2024") == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c-lines.csv", "c.csv"]
    bills = f"SELECT mdtrt_id, medfee_sumamt AS billed FROM '{tmp_path}/c.csv'"
    total = "sum(cast(det_item_fee_sumamt AS DECIMAL(16, 2)))"
    lines = f"SELECT mdtrt_id, {total} AS total FROM '{tmp_path}/c-lines.csv' GROUP BY 1"
    differing = "cast(billed AS DECIMAL(16, 2)) IS DISTINCT FROM total"
    sql = f"SELECT count(*) FROM ({bills}) FULL JOIN ({lines}) USING (mdtrt_id) WHERE {differing}"
    assert duckdb.connect().execute(sql).fetchall() == [(0,)]


def test_arrow_without_lines(tmp_path: Path) -> None:
    import pyarrow as pa

    assert made(tmp_path / "c.arrow", "--no-lines") == 0
    with pa.OSFile(str(tmp_path / "c.arrow")) as file:
        assert "feedetail" not in pa.ipc.open_file(file).schema.names


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--people", "1.5"], "“1.5”不是个数"),
        (["--people", "0"], "人数须在"),
        (["--region", "13"], "不是六位区划代码"),
        (["--region", "000000"], "不是六位区划代码"),
        (["--region", "991000"], "不是六位区划代码"),
        (["--region", "廊坊"], "不是六位区划代码"),
        (["--seed", "-1"], "不是个数"),
        (["--visits", "61"], "不是 0 至 60 的次数"),
        (["--visits", "nan"], "不是 0 至 60 的次数"),
        (["--insurance", "311"], "可用 390、310"),
        (["--years", "2025-2024"], "不是年度"),
        (["-o", "c.xlsx"], "TW1330"),
        (["-o", "no/such/folder/c.parquet"], "TW0702"),
    ],
)
def test_mistakes_are_one_message(
    wrong: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert made(Path("c.parquet"), *wrong) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("written", "count"), [("1e3", 1000), ("1万", 10_000), ("1,000", 1000)])
def test_counts_are_written_as_people_write_them(
    written: str, count: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["synth", "--people", written, "--no-lines", "-o", str(tmp_path / "c.parquet")]
    assert run([*arguments, "--lang", "en"]) == 0
    assert f"{count:,} people" in capsys.readouterr().err


def test_the_assumptions_are_told_without_making_anything(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["synth", "--assumptions"]) == 0
    told = capsys.readouterr().out
    assert "转院\n  3%\n" in told
    assert "三级甲等 22%" in told
    assert "居民未成年 22%" in told


@pytest.mark.parametrize("name", ["c.parquet", "c.csv", "c-lines.csv"])
def test_a_file_that_is_there_is_not_written_over(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text("mine")
    output = tmp_path / name.replace("-lines", "")
    assert made(output) == 2
    assert "--force" in capsys.readouterr().err
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]
    assert made(output, "--force") == 0
    assert output.read_bytes()[:4] in (b"PAR1", b'"psn')


def test_a_full_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import errno

    from tiaowen.apps import table_files

    class Full:
        def write_batch(self, batch: object) -> None:
            raise OSError(errno.ENOSPC, "cannot write")

        def close(self) -> None:
            raise OSError(errno.ENOSPC, "cannot write")

    def opened(path: Path, *rest: object) -> Full:
        path.write_bytes(b"half")
        return Full()

    monkeypatch.setattr(table_files, "_opened", opened)
    assert made(tmp_path / "c.parquet", "--lang", "en") == 2
    assert "no space left on device" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_same_options_give_the_same_file(tmp_path: Path) -> None:
    for name in ("one.parquet", "two.parquet"):
        assert made(tmp_path / name, "--region", "131000") == 0
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    assert made(tmp_path / "other.parquet", "--region", "131000", "--seed", "8") == 0
    assert (tmp_path / "one.parquet").read_bytes() != (tmp_path / "other.parquet").read_bytes()
