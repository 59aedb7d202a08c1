"""Columns and cells that are not what they should be: refused with their reason, never settled as
if they were something else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engine.batch.bad import (
    PAID,
    POLICY,
    WRITERS,
    as_csv,
    as_parquet,
    settle,
    stays,
    with_column,
    with_lines,
)

from tiaowen.apps.cli import run

MONEY = "det_item_fee_sumamt"


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Decimal]:
    """What each encounter is paid where nothing is wrong."""
    folder = tmp_path_factory.mktemp("plain")
    claims = as_parquet(stays(), folder / "claims.parquet")
    assert run(["batch", POLICY, str(claims), "-o", str(folder / "out.parquet")]) == 0
    rows = pq.read_table(folder / "out.parquet").to_pylist()
    assert len(rows) == len(stays()) > 50
    return {row["mdtrt_id"]: row[PAID] for row in rows}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("column", ["hosp_lv", "endtime"])
def test_claims_lack_the_facts_of_a_missing_column(
    column: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claims = WRITERS[kind](stays().drop_columns([column]), tmp_path / f"claims.{kind}")
    beside = ["--lines", str(tmp_path / "claims-lines.csv")] if kind == "csv" else []
    found = settle(tmp_path, capsys, claims, *beside)
    assert (found.rows, found.codes, len(found.rejects)) == ([], {"TW0501"}, len(stays()))


@pytest.mark.parametrize("kind", WRITERS)
def test_a_column_of_nulls_is_as_one_that_is_not_there(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = with_column(stays(), "hosp_lv", pa.nulls(len(stays())))
    claims = WRITERS[kind](table, tmp_path / f"claims.{kind}")
    beside = ["--lines", str(tmp_path / "claims-lines.csv")] if kind == "csv" else []
    found = settle(tmp_path, capsys, claims, *beside)
    assert (found.rows, found.codes, len(found.rejects)) == ([], {"TW0501"}, len(stays()))


def changed(kind: Any, value: Any = None) -> Any:
    def change(columns: dict[str, pa.Array]) -> None:
        old = columns[MONEY]
        columns[MONEY] = old.cast(kind) if value is None else pa.array([value] * len(old), kind)

    return change


@pytest.mark.parametrize(
    "kind",
    [pa.decimal128(38, 6), pa.decimal256(50, 2), pa.string(), pa.large_string(), pa.float32()],
    ids=str,
)
def test_money_of_another_type_is_the_same_money(
    kind: Any, paid: dict[str, Decimal], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A float of 32 bits says a small amount by the digits it prints; a larger one is refused."""
    table = with_lines(stays(), lambda c: c.update({MONEY: c[MONEY].cast(pa.decimal128(16, 2))}))
    claims = as_parquet(with_lines(table, changed(kind)), tmp_path / "claims.parquet")
    found = settle(tmp_path, capsys, claims)
    assert {row["mdtrt_id"]: row[PAID] for row in found.rows}.items() <= paid.items()
    assert len(found.rows) + len({r["row"] for r in found.rejects}) == len(stays())
    assert found.codes <= ({"TW0608", "TW0609", "TW0610"} if kind == pa.float32() else set())
    assert found.rows


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (pa.float64(), float("nan"), "TW0610"),
        (pa.float64(), float("inf"), "TW0610"),
        (pa.float64(), 0.1 + 0.2, "TW0610"),
        (pa.float64(), -1.5, "TW0606"),
        (pa.float64(), 1e300, "TW0610"),
        (pa.int64(), -(2**63), "TW0610"),
        (pa.uint64(), 2**64 - 1, "TW0610"),
        (pa.int32(), -1, "TW0606"),
        (pa.decimal128(16, 2), Decimal("-0.01"), "TW0606"),
        (pa.decimal128(16, 4), Decimal("0.0101"), "TW0610"),
        (pa.bool_(), True, "TW0604"),
        (pa.string(), "12,3", "TW0604"),
        (pa.date32(), datetime(2024, 1, 1), "TW0604"),
        (pa.binary(), b"1", "TW0604"),
    ],
    ids=str,
)  # fmt: skip
def test_amounts_that_are_none_are_rejected(
    kind: Any, value: Any, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claims = as_parquet(with_lines(stays(), changed(kind, value)), tmp_path / "claims.parquet")
    found = settle(tmp_path, capsys, claims)
    assert (found.rows, found.codes) == ([], {code})
    assert len({reject["row"] for reject in found.rejects}) == len(stays())


@pytest.mark.parametrize(
    "kind",
    [pa.int8(), pa.int16(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()],
    ids=str,
)
def test_whole_numbers_of_every_width(
    kind: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line is two at 50 yuan."""

    def change(columns: dict[str, pa.Array]) -> None:
        size = len(columns.pop("pric_uplmt_amt"))
        for name, value in ((MONEY, 100), ("pric", 50), ("cnt", 2)):
            columns[name] = pa.array([value] * size, kind)

    table = with_lines(stays().slice(0, 5).combine_chunks(), change)
    found = settle(tmp_path, capsys, as_parquet(table, tmp_path / "claims.parquet"))
    lines = {row["mdtrt_id"]: len(row["feedetail"]) for row in table.to_pylist()}
    assert {r["mdtrt_id"]: r["medfee_sumamt"] for r in found.rows} == {
        encounter: 100 * count for encounter, count in lines.items()
    }


@pytest.mark.parametrize(
    "kind",
    [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())],
    ids=str,
)
def test_texts_of_every_type(
    kind: Any, paid: dict[str, Decimal], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = stays()
    for name in ("psn_no", "mdtrt_id", "hosp_lv"):
        table = with_column(table, name, table.column(name).cast(pa.string()).cast(kind))
    found = settle(tmp_path, capsys, WRITERS["arrow"](table, tmp_path / "claims.arrow"))
    assert {row["mdtrt_id"]: row[PAID] for row in found.rows} == paid


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_instants_are_read_by_the_clock_of_china(
    kind: str, paid: dict[str, Decimal], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half past midnight on 1 March in China is still February by universal time."""
    table = stays()
    for name in ("begntime", "endtime", "setl_time", "x_reg_time"):
        moments = table.column(name).to_pylist()
        instants = [at.replace(tzinfo=UTC) - timedelta(hours=8) for at in moments]
        table = with_column(table, name, pa.array(instants, pa.timestamp("us", "UTC")))
    found = settle(tmp_path, capsys, WRITERS[kind](table, tmp_path / f"claims.{kind}"))
    assert {row["mdtrt_id"]: row[PAID] for row in found.rows} == paid


@pytest.mark.parametrize(
    ("column", "kind", "value", "code"),
    [
        ("brdy", pa.int32(), 20240101, "TW0604"),
        ("brdy", pa.string(), "2024-02-30", "TW0604"),
        ("brdy", pa.timestamp("s"), datetime(1850, 5, 1), "TW0604"),
        ("brdy", pa.timestamp("s"), datetime(1912, 5, 1), ""),
        ("brdy", pa.timestamp("s"), datetime(1, 1, 1), "TW0604"),
        ("endtime", pa.time32("s"), 1, "TW0604"),
        ("endtime", pa.string(), "yesterday", "TW0604"),
        ("hosp_lv", pa.int64(), 77, "TW0605"),
        ("hosp_lv", pa.string(), "三级戊等", "TW0605"),
        ("x_tcm_hosp_flag", pa.string(), "perhaps", "TW0604"),
        ("x_tcm_hosp_flag", pa.int8(), 2, "TW0604"),
        ("psn_no", pa.string(), None, "TW1335"),
        ("psn_no", pa.string(), " ", "TW1335"),
    ],
)  # fmt: skip
def test_cells_that_a_field_cannot_hold(
    column: str, kind: Any, value: Any, code: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    some = stays().slice(0, 20).combine_chunks()
    table = with_column(some, column, pa.array([value] * len(some), kind))
    found = settle(tmp_path, capsys, as_parquet(table, tmp_path / "claims.parquet"))
    assert (len(found.rows), found.codes) == ((0, {code}) if code else (20, set()))


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("feedetail", pa.array([["a"]] * 20)),
        ("feedetail", pa.array([[1]] * 20)),
        ("feedetail", pa.array(["[]"] * 20)),
        ("feedetail", pa.array([{"cnt": [1], "pric": [1]}] * 20)),
        ("feedetail", pa.array([{"cnt": 1}] * 20)),
        ("feedetail", pa.array([[{"cnt": [1]}]] * 20)),
        ("feedetail", pa.array([[("a", "b")]] * 20, pa.map_(pa.string(), pa.string()))),
        ("hosp_lv", pa.array([["05"]] * 20)),
        ("hosp_lv", pa.array([{"code": "05"}] * 20)),
        ("psn_no", pa.array([["1"]] * 20)),
    ],
)
def test_columns_of_another_shape_are_refused(
    column: str, cells: pa.Array, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = with_column(stays().slice(0, 20), column, cells)
    found = settle(tmp_path, capsys, as_parquet(table, tmp_path / "claims.parquet"))
    assert found.code == 2
    assert "TW1346" in found.said


def test_records_that_are_null_are_lines_without_an_amount(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some = stays().slice(0, 20).combine_chunks()
    lists = some.column("feedetail").to_pylist()
    lists[3] = [None, *lists[3]]
    lists[5] = [{}, *lists[5]]
    kind = some.schema.field("feedetail").type
    table = with_column(some, "feedetail", pa.array(lists, pa.list_(_plain(kind.value_type))))
    found = settle(tmp_path, capsys, as_parquet(table, tmp_path / "claims.parquet"))
    assert [(r["row"], r["code"]) for r in found.rejects] == [(4, "TW0501"), (6, "TW0501")]


def _plain(record: pa.StructType) -> pa.StructType:
    fields = [record.field(n) for n in range(record.num_fields)]
    return pa.struct([
        (f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in fields
    ])  # fmt: skip


def test_claims_without_lines_are_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some = stays().slice(0, 20).combine_chunks()
    lists: list[Any] = some.column("feedetail").to_pylist()
    lists[3], lists[5] = None, []
    kind = pa.list_(_plain(some.schema.field("feedetail").type.value_type))
    table = with_column(some, "feedetail", pa.array(lists, kind))
    found = settle(tmp_path, capsys, as_parquet(table, tmp_path / "claims.parquet"))
    assert len(found.rows) == 20
    assert "2 of them cost nothing" in found.said


@pytest.mark.parametrize("name", ["HOSP_LV", "Hosp_Lv", "医院等级"])
def test_a_column_goes_by_its_name_in_any_case(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some = stays().slice(0, 20)
    names = [name if n == "hosp_lv" else n.upper() for n in some.schema.names]
    table = some.rename_columns(names)
    assert len(settle(tmp_path, capsys, as_parquet(table, tmp_path / "c.parquet")).rows) == 20


def test_columns_with_signs_in_their_names_are_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some = stays().slice(0, 20)
    cells = pa.array(["x"] * 20)
    for name in ('a"b', "a'b", " ", "tiaowen_row", "a.b", "列；"):
        some = some.append_column(name, cells)
    found = settle(tmp_path, capsys, as_parquet(some, tmp_path / "claims.parquet"))
    assert len(found.rows) == 20
    assert 'a"b' in found.said


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_column_that_stands_twice_is_refused(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some = stays().slice(0, 20)
    if kind == "parquet":
        twice = pa.table([*some.columns, some.column("hosp_lv")], [*some.schema.names, "hosp_lv"])
        claims = as_parquet(twice, tmp_path / "claims.parquet")
    else:
        claims = as_csv(some, tmp_path / "claims.csv")
        head, rest = claims.read_text().split("\n", 1)
        claims.write_text(head.replace("x_plan", "hosp_lv") + "\n" + rest)
    found = settle(tmp_path, capsys, claims)
    assert found.code == 2
    assert "TW0617" in found.said
