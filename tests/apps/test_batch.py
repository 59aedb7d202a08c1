"""``tiaowen batch``: a file in, a file out, nothing lost, whatever is wrong with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from tiaowen.apps.cli import run
from tiaowen.apps.table_files import TableFile
from tiaowen.engine.synthetic import Plan, claims

POLICY = "policies/langfang/resident-2024-draft.md"
MONEY = "hifp_pay"


@pytest.fixture(scope="session")
def stays(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of some hundred stays and visits, in the order of people."""
    path = tmp_path_factory.mktemp("batch") / "claims.parquet"
    with TableFile(path) as table:
        for block in claims(Plan(1500, 7, "131000", visits=0.3)):
            table.write(block)
    return path


def settle(*arguments: Any) -> int:
    return run(["batch", POLICY, *map(str, arguments)])


def rows(path: Path) -> list[dict[str, Any]]:
    return pq.read_table(path).to_pylist()  # type: ignore[no-any-return]


def rejects(path: Path) -> list[dict[str, Any]]:
    return pacsv.read_csv(path).to_pylist()  # type: ignore[no-any-return]


def test_the_order_of_the_file_does_not_matter(stays: Path, tmp_path: Path) -> None:
    shuffled = tmp_path / "shuffled.parquet"
    rows_of = f"SELECT * FROM '{stays}' ORDER BY hash(mdtrt_id)"
    duckdb.connect().execute(f"COPY ({rows_of}) TO '{shuffled}'")
    assert settle(stays, "-o", tmp_path / "a.parquet", "--threads", 1) == 0
    assert settle(shuffled, "-o", tmp_path / "b.parquet", "--threads", 2) == 0
    one, other = rows(tmp_path / "a.parquet"), rows(tmp_path / "b.parquet")
    assert len(one) > 300
    assert one == other
    key = ("mdtrt_id", "field", "code", "message")
    first, second = (
        sorted(tuple(reject[k] for k in key) for reject in rejects(tmp_path / f"{n}-rejects.csv"))
        for n in "ab"
    )
    assert first == second != []


def test_every_kind_of_file_gives_the_same(stays: Path, tmp_path: Path) -> None:
    assert settle(stays, "-o", tmp_path / "parquet.parquet") == 0
    table = pq.read_table(stays)
    with TableFile(tmp_path / "claims.csv") as file:
        file.write(table.combine_chunks().to_batches()[0])
    lines = ("--lines", tmp_path / "claims-lines.csv")
    assert settle(tmp_path / "claims.csv", *lines, "-o", tmp_path / "csv.parquet") == 0
    with TableFile(tmp_path / "claims.arrow") as file:
        file.write(table.combine_chunks().to_batches()[0])
    assert settle(tmp_path / "claims.arrow", "-o", tmp_path / "arrow.parquet") == 0
    with duckdb.connect(str(tmp_path / "base.duckdb")) as base:
        base.sql(f"CREATE TABLE stays AS SELECT * FROM '{stays}'")
    base_table = f"{tmp_path}/base.duckdb#stays"
    assert settle(base_table, "-o", tmp_path / "duckdb.parquet") == 0
    expected = rows(tmp_path / "parquet.parquet")
    for kind in ("csv", "arrow", "duckdb"):
        assert rows(tmp_path / f"{kind}.parquet") == expected, kind


def test_every_kind_of_output_holds_the_same(stays: Path, tmp_path: Path) -> None:
    assert settle(stays, "-o", tmp_path / "one.parquet") == 0
    expected = sum(row[MONEY] for row in rows(tmp_path / "one.parquet"))
    assert settle(stays, "-o", tmp_path / "one.csv", "--rejects", tmp_path / "r.parquet") == 0
    assert settle(stays, "-o", f"{tmp_path}/parts/", "--rejects", tmp_path / "s.csv") == 0
    assert settle(stays, "-o", f"{tmp_path}/base.duckdb#settled") == 0
    with duckdb.connect() as base:
        base.sql(f"ATTACH '{tmp_path}/base.duckdb' AS kept (READ_ONLY)")
        for source in (f"'{tmp_path}/one.csv'", f"'{tmp_path}/parts/*.parquet'", "kept.settled"):
            (found,) = base.sql(f"SELECT sum({MONEY}::DECIMAL(16, 2)) FROM {source}").fetchall()
            assert found == (expected,), source
    assert rows(tmp_path / "r.parquet")


def test_rows_that_cannot_be_read_go_where_they_can_be_found(
    stays: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = pq.read_table(stays).slice(0, 60)
    names = table.schema.names
    grade = table.column("hosp_lv").cast(pa.string()).to_pylist()
    begun, ended = table.column("begntime").to_pylist(), table.column("endtime").to_pylist()
    people = table.column("psn_no").to_pylist()
    grade[3], grade[4] = "77", None
    ended[10], people[20] = begun[10].replace(year=2023), None
    for name, column in (("hosp_lv", grade), ("endtime", ended), ("psn_no", people)):
        table = table.set_column(names.index(name), name, pa.array(column))
    table = pa.concat_tables([table, table.slice(30, 1)])
    pq.write_table(table, tmp_path / "bad.parquet")
    assert settle(tmp_path / "bad.parquet", "-o", tmp_path / "out.parquet") == 0
    found = {(row["row"], row["code"]) for row in rejects(tmp_path / "out-rejects.csv")}
    assert {(4, "TW0605"), (11, "TW0607"), (21, "TW1335"), (61, "TW0612")} <= found
    assert "77" in next(
        r["message"] for r in rejects(tmp_path / "out-rejects.csv") if r["row"] == 4
    )
    kept = len(rows(tmp_path / "out.parquet"))
    assert kept == 61 - len({row for row, _ in found})
    assert "读入 61 条" in capsys.readouterr().out
    strict = settle(tmp_path / "bad.parquet", "-o", tmp_path / "no.parquet", "--strict")
    assert strict == 2
    assert "TW1340" in capsys.readouterr().err
    assert not list(tmp_path.glob("*no.parquet*"))


def test_a_killed_run_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "claims.parquet"
    with TableFile(path) as table:
        for block in claims(Plan(33_000, 7, "131000")):
            table.write(block)
    whole, half = tmp_path / "whole.parquet", tmp_path / "half.parquet"
    assert settle(path, "-o", whole) == 0
    killed = _started(path, half)
    _until(lambda: any(tmp_path.glob(".half.parquet.parts/settled-*")))
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert not half.exists()
    assert settle(path, "-o", half) == 2
    assert settle(path, "-o", half, "--resume") == 0
    assert pq.read_table(half).equals(pq.read_table(whole))
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def _started(path: Path, output: Path) -> subprocess.Popen[bytes]:
    """A run in a process of its own that commits a part for each chunk, and is slow about it."""
    code = (
        "import time, sys\n"
        "from tiaowen.engine.batch import running, chunks, streams\n"
        "chunks.ROWS, streams.LEAST, running.PART_ROWS = 2000, 1000, 1\n"
        "from tiaowen.engine.batch import ledger\n"
        "commit = ledger.Ledger.commit\n"
        "ledger.Ledger.commit = lambda *a: (commit(*a), time.sleep(0.3))\n"
        "from tiaowen.apps.cli import run\n"
        f"sys.exit(run(['batch', {POLICY!r}, {str(path)!r}, '-o', {str(output)!r}]))\n"
    )
    return subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": "src"})


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never came to hold")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nothing.parquet", "-o", "out.parquet"], "TW0701"),
        (["cut.parquet", "-o", "out.parquet"], "TW1333"),
        (["claims.xlsx", "-o", "out.parquet"], "TW1330"),
        (["claims.parquet", "-o", "out.xlsx"], "TW1330"),
        (["claims.parquet", "-o", "no/such/out.parquet"], "TW0702"),
        (["claims.parquet", "-o", "claims.parquet"], "TW1351"),
        (["nobody.parquet", "-o", "out.parquet"], "TW1334"),
        (["twice.parquet", "-o", "out.parquet"], "TW0617"),
        (["empty.parquet", "-o", "out.parquet"], "TW1339"),
        (["costless.parquet", "-o", "out.parquet"], "TW1344"),
        (["claims.parquet", "-o", "out.parquet", "--matter", "住远"], "TW0208"),
        (["claims.parquet", "-o", "out.parquet", "--map", "21=住远"], "TW0208"),
    ],
)
def test_what_cannot_be_used_is_one_message(
    arguments: list[str], code: str, stays: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    table = pq.read_table(stays).slice(0, 20)
    pq.write_table(table, tmp_path / "claims.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "claims.parquet").read_bytes()[:900])
    (tmp_path / "claims.xlsx").write_bytes(b"PK")
    pq.write_table(table.drop_columns(["psn_no"]), tmp_path / "nobody.parquet")
    pq.write_table(
        table.append_column("医院等级", table.column("hosp_lv")), tmp_path / "twice.parquet"
    )
    pq.write_table(table.slice(0, 0), tmp_path / "empty.parquet")
    lineless = table.drop_columns(["feedetail"])
    pq.write_table(lineless.drop_columns(["preselfpay_amt"]), tmp_path / "costless.parquet")
    before = {path.name for path in tmp_path.iterdir()}
    policy = Path(POLICY).resolve()
    monkeypatch.chdir(tmp_path)
    assert run(["batch", str(policy), *arguments]) == 2
    assert code in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_row_is_explained_and_equals_the_output(
    stays: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "settled.parquet"
    assert settle(stays, "-o", output) == 0
    last = {row["psn_no"]: row for row in rows(output)}
    paid = [row for row in last.values() if row[MONEY] > 0][:3]
    capsys.readouterr()
    for row in paid:
        command = ["explain", str(output), "--encounter", row["mdtrt_id"], "--format", "json"]
        assert run(command) == 0
        shown = json.loads(capsys.readouterr().out)
        values = (
            {value["code"]: value for value in shown["statement"]} if "statement" in shown else {}
        )
        assert values == {} or values[MONEY]
    table = pq.read_table(output)
    column = pa.array(
        [value + 1 for value in table.column(MONEY).to_pylist()], table.schema.field(MONEY).type
    )
    pq.write_table(table.set_column(table.schema.names.index(MONEY), MONEY, column), output)
    assert run(["explain", str(output), "--encounter", paid[0]["mdtrt_id"]]) == 1
    assert "TW1342" in capsys.readouterr().err
    assert run(["explain", str(output), "--encounter", "nobody"]) == 2
    (tmp_path / "settled.parquet.json").unlink()
    assert run(["explain", str(output), "--encounter", paid[0]["mdtrt_id"]]) == 2
    assert "TW1343" in capsys.readouterr().err


def test_a_mapping_and_a_filter(stays: Path, tmp_path: Path) -> None:
    assert settle(stays, "-o", tmp_path / "a.parquet", "--matter", "住院") == 0
    assert {row["x_matter"] for row in rows(tmp_path / "a.parquet")} == {"住院"}
    assert settle(stays, "-o", tmp_path / "b.parquet", "--map", "13=门诊统筹") == 0
    found = {row["med_type"]: row["x_matter"] for row in rows(tmp_path / "b.parquet")}
    assert found["13"] == "门诊统筹"


def test_outputs_that_are_asked_for_alone_are_the_same(
    stays: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(stays, "-o", tmp_path / "all.parquet")
    capsys.readouterr()
    assert settle(stays, "-o", tmp_path / "some.parquet", "--column", "个人负担") == 0
    assert "统筹支付" not in capsys.readouterr().out
    few, every = rows(tmp_path / "some.parquet"), rows(tmp_path / "all.parquet")
    assert [row["psn_part_amt"] for row in few] == [row["psn_part_amt"] for row in every]
    assert MONEY not in few[0]
    assert settle(stays, "-o", tmp_path / "x.parquet", "--column", "hifp_pa") == 2
    assert "TW1368" in capsys.readouterr().err


def test_totals_from_before_the_file(stays: Path, tmp_path: Path) -> None:
    """A year in two halves, the first as totals of the second, gives what the whole year gives."""
    table = pq.read_table(stays)
    settled = tmp_path / "whole.parquet"
    assert settle(stays, "-o", settled) == 0
    end = max(table.column("setl_time").to_pylist()).replace(month=7, day=1, hour=0, minute=0)
    times = table.column("setl_time").to_pylist()
    later = table.filter(pa.array([time >= end for time in times]))
    pq.write_table(later, tmp_path / "later.parquet")
    first = {row["mdtrt_id"] for row in table.to_pylist() if row["setl_time"] < end}
    totals: dict[str, dict[str, Any]] = {}
    names = ("门诊统筹", "住院")
    for row in rows(settled):
        if row["mdtrt_id"] not in first:
            continue
        person = totals.setdefault(row["psn_no"], {"psn_no": row["psn_no"], "year": 2024})
        for matter in names:
            person.setdefault(f"{matter}.统筹支付", 0)
            person.setdefault(f"次数.{matter}", 0)
        person.setdefault("统筹支付", 0)
        person["统筹支付"] += row[MONEY]
        person[f"{row['x_matter']}.统筹支付"] += row[MONEY]
        person[f"次数.{row['x_matter']}"] += 1
    pq.write_table(pa.Table.from_pylist(list(totals.values())), tmp_path / "before.parquet")
    after = tmp_path / "after.parquet"
    opening = ("--opening", tmp_path / "before.parquet")
    assert settle(tmp_path / "later.parquet", "-o", after, *opening) == 0
    expected = {row["mdtrt_id"]: row for row in rows(settled) if row["mdtrt_id"] not in first}
    found = {row["mdtrt_id"]: row for row in rows(after)}
    assert len(found) > 100
    differing = [number for number in found if found[number][MONEY] != expected[number][MONEY]]
    assert differing == []
    capped = next(row for row in found.values() if row["x_over_cap"] and row["psn_no"] in totals)
    assert run(["explain", str(after), "--encounter", capped["mdtrt_id"]]) == 0


def test_a_row_settled_from_totals_is_explained_by_them(
    stays: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = pq.read_table(stays).slice(0, 40).drop_columns(["feedetail"])
    pq.write_table(table, tmp_path / "totals.parquet")
    output = tmp_path / "settled.parquet"
    assert settle(tmp_path / "totals.parquet", "-o", output) == 0
    assert "照用合计：medfee_sumamt" in capsys.readouterr().out
    row = rows(output)[-1]
    assert run(["explain", str(output), "--encounter", row["mdtrt_id"]]) == 0
    told = capsys.readouterr().out
    assert f"{row['inscp_scp_amt']:,}元  申报的费用合计，照样采用，不由明细算出" in told
    assert "每条费用都视为普通费用" in told
