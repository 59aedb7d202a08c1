"""Files that cannot be read, or not whole: said so, or what is readable is settled and the rest
listed; nothing is lost on the way."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engine.batch.bad import (
    PAID,
    WRITERS,
    Ran,
    as_arrow,
    as_csv,
    as_parquet,
    settle,
    stays,
    with_column,
)

Capture = pytest.CaptureFixture[str]


def paid(found: Ran) -> dict[str, Any]:
    return {row["mdtrt_id"]: row[PAID] for row in found.rows}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The claims as files: their bytes by the endings of their names."""
    folder = tmp_path_factory.mktemp("whole")
    pq.write_table(stays(), folder / "claims.parquet", row_group_size=20)
    as_arrow(stays(), folder / "claims.arrow")
    as_csv(stays(), folder / "claims.csv")
    return {file.name.removeprefix("claims"): file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("ending", [".parquet", ".arrow", ".csv.gz"])
@pytest.mark.parametrize("length", [3, 900, -50])
def test_a_file_that_is_cut_short(
    ending: str, length: int, whole: dict[str, bytes], tmp_path: Path, capsys: Capture
) -> None:
    content = gzip.compress(whole[".csv"]) if ending == ".csv.gz" else whole[ending]
    claims = tmp_path / f"claims{ending}"
    claims.write_bytes(content[:length])
    (tmp_path / "claims-lines.csv").write_bytes(whole["-lines.csv"])
    found = settle(tmp_path, capsys, claims, "--lines", str(tmp_path / "claims-lines.csv"))
    assert (found.code, found.said.count("error[TW1333]")) == (2, 1)


def test_a_file_whose_middle_is_damaged(
    whole: dict[str, bytes], tmp_path: Path, capsys: Capture
) -> None:
    content = bytearray(whole[".parquet"])
    middle = len(content) // 2
    for place in range(middle, middle + 3000):
        content[place] ^= 0x5A
    (tmp_path / "claims.parquet").write_bytes(content)
    found = settle(tmp_path, capsys, tmp_path / "claims.parquet")
    assert (found.code, found.said.count("error[TW1333]")) == (2, 1)


@pytest.mark.parametrize("ending", [".parquet", ".arrow", ".csv", ".csv.gz", ".duckdb"])
@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe\x81" * 500])
def test_files_of_nothing_and_of_anything(
    ending: str, content: bytes, tmp_path: Path, capsys: Capture
) -> None:
    claims = tmp_path / f"claims{ending}"
    claims.write_bytes(content)
    assert "error[TW1333]" in settle(tmp_path, capsys, claims).said


@pytest.mark.parametrize("kind", WRITERS)
def test_a_table_without_rows(kind: str, tmp_path: Path, capsys: Capture) -> None:
    claims = WRITERS[kind](stays().slice(0, 0), tmp_path / f"claims.{kind}")
    assert "error[TW1339]" in settle(tmp_path, capsys, claims).said


def test_fee_lines_without_rows(tmp_path: Path, capsys: Capture) -> None:
    claims = as_csv(stays(), tmp_path / "claims.csv")
    lines = tmp_path / "claims-lines.csv"
    lines.write_text(lines.read_text().split("\n", 1)[0] + "\n")
    found = settle(tmp_path, capsys, claims, "--lines", lines)
    assert "error[TW1339]" in found.said
    assert "claims-lines.csv" in found.said


# --- folders


def in_folder(folder: Path, parts: list[pa.Table], kind: str = "parquet") -> Path:
    folder.mkdir()
    for number, part in enumerate(parts):
        WRITERS[kind](part, folder / f"{number}.{kind}")
    return folder


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_a_person_in_two_files_of_a_folder_out_of_order(
    kind: str, tmp_path: Path, capsys: Capture
) -> None:
    """Somebody's claims are cut between the files, and the later part comes first."""
    expected = paid(settle(tmp_path, capsys, as_parquet(stays(), tmp_path / "one.parquet")))
    people = stays().column("psn_no").to_pylist()
    cut = next(n for n in range(20, len(people)) if people[n] == people[n - 1])
    parts = [stays().slice(cut), stays().slice(0, cut)]
    claims = in_folder(tmp_path / "claims", parts, kind)
    assert paid(settle(tmp_path, capsys, claims, "--force")) == expected


def test_types_that_differ_between_files_are_widened(tmp_path: Path, capsys: Capture) -> None:
    """Texts beside moments, a finer amount beside a coarser one: nothing is rounded."""
    texts = with_column(stays(), "begntime", stays().column("begntime").cast(pa.string()))
    expected = paid(settle(tmp_path, capsys, as_parquet(stays(), tmp_path / "one.parquet")))
    claims = in_folder(tmp_path / "claims", [stays().slice(0, 30), texts.slice(30)])
    assert paid(settle(tmp_path, capsys, claims, "--force")) == expected


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("column", ["hosp_lv", "x_supp_flag"])
def test_files_of_a_folder_have_the_same_columns(
    column: str, kind: str, tmp_path: Path, capsys: Capture
) -> None:
    parts = [stays().slice(0, 30), stays().slice(30).drop_columns([column])]
    if kind == "csv":
        parts = [part.drop_columns(["feedetail"]) for part in parts]
    found = settle(tmp_path, capsys, in_folder(tmp_path / "claims", parts, kind))
    assert "error[TW1348]" in found.said
    assert column in found.said


def test_a_folder_of_several_kinds_is_not_read_by_halves(tmp_path: Path, capsys: Capture) -> None:
    claims = in_folder(tmp_path / "claims", [stays().slice(0, 30)])
    as_arrow(stays().slice(30), claims / "rest.arrow")
    assert "error[TW1347]" in settle(tmp_path, capsys, claims).said
    found = settle(tmp_path, capsys, claims / "*.parquet")
    assert len(found.rows) == 30


def test_working_files_of_other_programs_do_not_count(tmp_path: Path, capsys: Capture) -> None:
    claims = in_folder(tmp_path / "claims", [stays().slice(0, 30)])
    (claims / "_temporary").mkdir()
    as_parquet(stays(), claims / "_temporary" / "x.parquet")
    (claims / ".half.parquet").write_bytes(b"")
    assert len(settle(tmp_path, capsys, claims).rows) == 30


@pytest.mark.parametrize("name", ["claims[1].parquet", "claims*.parquet", "it's #1.parquet"])
def test_names_with_signs_of_patterns(name: str, tmp_path: Path, capsys: Capture) -> None:
    as_parquet(stays(), tmp_path / "claims1.parquet")
    claims = as_parquet(stays().slice(0, 10), tmp_path / name)
    assert len(settle(tmp_path, capsys, claims).rows) == 10


# --- CSV


def settled_csv(
    folder: Path, capsys: Capture, claims: bytes, lines: bytes, *options: str, name: str = "c.csv"
) -> Ran:
    (folder / name).write_bytes(claims)
    (folder / "lines.csv").write_bytes(lines)
    return settle(folder, capsys, folder / name, "--lines", folder / "lines.csv", *options)


def chinese(content: bytes) -> str:
    """The claims with Chinese names and labels, as bureaus export them."""
    text = content.decode().replace("psn_no", "人员编号").replace("hosp_lv", "医院等级")
    return text.replace('"390"', '"城乡居民"')


SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "a byte-order mark": lambda content: b"\xef\xbb\xbf" + content,
    "returns": lambda content: content.replace(b"\n", b"\r\n"),
    "semicolons": lambda content: content.replace(b",", b";"),
    "tabs": lambda content: content.replace(b",", b"\t"),
    "bars": lambda content: content.replace(b",", b"|"),
    "no last return": lambda content: content.rstrip(b"\n"),
    "Chinese": lambda content: chinese(content).encode(),
    "GB18030": lambda content: chinese(content).encode("gb18030"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_csv_as_it_is_exported(
    spelling: str, whole: dict[str, bytes], tmp_path: Path, capsys: Capture
) -> None:
    claims, lines = whole[".csv"], whole["-lines.csv"]
    expected = paid(settled_csv(tmp_path, capsys, claims, lines))
    spelt = SPELLINGS[spelling]
    found = settled_csv(tmp_path, capsys, spelt(claims), spelt(lines), "--force")
    assert (paid(found), found.rejects) == (expected, [])
    assert len(expected) == len(stays())


def spoilt(content: bytes, number: int, change: Callable[[bytes], bytes]) -> bytes:
    """``content`` with line ``number`` (0 is the one with the names) changed."""
    rows = content.split(b"\n")
    rows[number] = change(rows[number])
    return b"\n".join(rows)


BAD_LINES: dict[str, Callable[[bytes], bytes]] = {
    "too few cells": lambda row: b",".join(row.split(b",")[:8]),
    "too many cells": lambda row: row + b",1,2",
    "bytes that are no text": lambda row: row[:30] + b"\xff\xfe" + row[30:],
}


@pytest.mark.parametrize("what", BAD_LINES)
def test_a_bad_line_is_listed_and_the_others_are_settled(
    what: str, whole: dict[str, bytes], tmp_path: Path, capsys: Capture
) -> None:
    """Line 6 is bad; the claim of row 9 has a level that there is not, and says so as row 9."""
    claims = spoilt(whole[".csv"], 5, BAD_LINES[what])
    level = stays().column("hosp_lv")[8].as_py()
    claims = spoilt(claims, 9, lambda row: row.replace(f'"{level}"'.encode(), b'"77"', 1))
    found = settled_csv(tmp_path, capsys, claims, whole["-lines.csv"])
    lines = len(stays().column("feedetail")[4])
    listed = [(reject["row"], reject["code"]) for reject in found.rejects]
    assert listed[:2] == [(9, "TW0605"), (5, "TW1350")]
    assert [code for _, code in listed[2:]] == ["TW1353"] * lines
    assert len(found.rows) == len(stays()) - 2
    assert f"{len(stays())} claims read, {len(stays()) - 2} settled" in found.said
    assert "line 6" in next(r["message"] for r in found.rejects if r["code"] == "TW1350")


def test_a_strict_run_stops_at_a_bad_line(
    whole: dict[str, bytes], tmp_path: Path, capsys: Capture
) -> None:
    claims = spoilt(whole[".csv"], 5, BAD_LINES["too few cells"])
    found = settled_csv(tmp_path, capsys, claims, whole["-lines.csv"], "--strict")
    assert (found.code, "TW1340" in found.said) == (2, True)


def test_fee_lines_of_no_claim_are_listed(
    whole: dict[str, bytes], tmp_path: Path, capsys: Capture
) -> None:
    """The first line with another encounter, and again with none, behind all others."""
    lines = whole["-lines.csv"]
    first = lines.split(b"\n")[1]
    known = first.split(b",")[0]
    more = first.replace(known, b'"X1"') + b"\n" + first.replace(known, b"") + b"\n"
    found = settled_csv(tmp_path, capsys, whole[".csv"], lines + more)
    count = lines.count(b"\n") - 1
    assert [(r["row"], r["mdtrt_id"], r["code"]) for r in found.rejects] == [
        (count + 1, "X1", "TW1353"),
        (count + 2, "", "TW1353"),
    ]
    assert len(found.rows) == len(stays())


def test_fee_lines_that_two_people_claim_are_nobodys(
    whole: dict[str, bytes], tmp_path: Path, capsys: Capture
) -> None:
    people = stays().column("psn_no").to_pylist()
    encounters = stays().column("mdtrt_id").to_pylist()
    other = next(n for n in range(1, len(people)) if people[n] != people[0])
    one, two = (f'"{encounters[n]}"'.encode() for n in (0, other))
    claims = spoilt(whole[".csv"], other + 1, lambda row: row.replace(two, one, 1))
    found = settled_csv(tmp_path, capsys, claims, whole["-lines.csv"])
    unclear = [r for r in found.rejects if r["code"] == "TW1354"]
    assert [(r["row"], r["mdtrt_id"]) for r in unclear] == [
        (1, encounters[0]),
        (other + 1, encounters[0]),
    ]
    strays = [r for r in found.rejects if r["code"] == "TW1353"]
    assert {r["mdtrt_id"] for r in strays} == {encounters[other]}
    assert not set(paid(found)) & {encounters[0], encounters[other]}


def test_fee_lines_need_the_encounter(
    whole: dict[str, bytes], tmp_path: Path, capsys: Capture
) -> None:
    lines = whole["-lines.csv"].replace(b"mdtrt_id", b"number")
    found = settled_csv(tmp_path, capsys, whole[".csv"], lines)
    assert "error[TW1334]" in found.said


@pytest.mark.parametrize("change", [lambda t: t.encode("utf-16"), lambda t: b"\x00" + t.encode()])
def test_csv_that_is_no_text(
    change: Callable[[str], bytes], whole: dict[str, bytes], tmp_path: Path, capsys: Capture
) -> None:
    claims = change(whole[".csv"].decode())
    found = settled_csv(tmp_path, capsys, claims, whole["-lines.csv"])
    assert "UTF-8 or GB18030" in found.said


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("postgresql://me:secret@127.0.0.1:1/base#claims", "TW1333"),
        ("http://127.0.0.1:1/claims.parquet", "TW1330"),
        ("", "TW0701"),
        ("nothing.parquet", "TW0701"),
        ("nothing*.parquet", "TW1333"),
    ],
)
def test_places_that_hold_no_claims(named: str, code: str, tmp_path: Path, capsys: Capture) -> None:
    found = settle(tmp_path, capsys, named)
    assert f"error[{code}]" in found.said
    assert "secret" not in found.said
