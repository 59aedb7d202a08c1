"""What the benchmark measures on, how it compares, and that its figures are those on the page."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Literal

import duckdb
import numpy as np
import pytest
from tests.bench import comparing
from tests.bench import speed_page as page
from tests.bench.child import MISSING, fitting
from tests.bench.pages import LANGUAGES
from tests.bench.peers.answers import shares
from tests.bench.peers.kernel import ROOT
from tests.bench.running import spent
from tests.bench.workloads import MAKERS, loaded, save, workload


@pytest.mark.parametrize("name", MAKERS)
def test_a_short_workload_begins_a_long_one(name: str, tmp_path: Path) -> None:
    save(name, 500, tmp_path / "kept")
    short, begun, kept = workload(name, 200), workload(name, 500).first(200), None
    kept = loaded(name, tmp_path / "kept", 200)
    for other in (begun, kept):
        assert {k: v.tolist() for k, v in other.columns.items()} == {
            k: v.tolist() for k, v in short.columns.items()
        }
        assert {k: v.tolist() for k, v in other.lines.items()} == {
            k: v.tolist() for k, v in short.lines.items()
        }
        assert other.offsets.tolist() == short.offsets.tolist()


@pytest.mark.parametrize("name", MAKERS)
def test_stays_stand_by_person_and_time(name: str) -> None:
    columns = workload(name, 5_000).columns
    same = columns["person"][1:] == columns["person"][:-1]
    assert (columns["person"][1:] >= columns["person"][:-1]).all()
    assert (columns["begin"][1:] > columns["end"][:-1])[same].all()
    assert (columns["begin"] <= columns["end"]).all()


def test_the_parts_of_a_bill_add_up() -> None:
    columns = workload("langfang", 5_000).columns
    parts = np.sum([columns[name] for name in ("own", "over", "first", "eligible")], axis=0)
    assert (parts == columns["total"]).all()
    assert (columns["eligible"] >= 0).all()


def test_no_person_is_in_two_shares() -> None:
    person = np.array((1, 1, 2, 2, 2, 2, 3, 4))
    assert shares(person, 2) == [(0, 2), (2, 8)]
    assert shares(person, 1) == [(0, 8)]


def test_a_peer_takes_what_it_has_time_for() -> None:
    assert fitting(10**7, 2_000, 0.001, 60) == 10**7  # 120 million would do
    assert fitting(10**7, 2_000, 0.4, 60) == 200_000  # 300,000
    assert fitting(10**7, 2_000, 0.2, 60) == 500_000  # 600,000
    assert fitting(10**7, 2_000, 600, 60) == 2_000  # 200: what was tried stands


def test_an_unequal_cell_is_told(tmp_path: Path) -> None:
    for name, cells in (("ours", (1, 2, 3)), ("theirs", (1, 5))):
        (tmp_path / name).mkdir()
        np.save(tmp_path / name / "hifp_pay.npy", np.array(cells))
    told = comparing.arrays(tmp_path / "ours", tmp_path / "theirs")
    assert told == "{'hifp_pay': 1}; row 1: hifp_pay 5, ours 2"


def test_an_unequal_or_missing_row_is_told(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.parquet", tmp_path / "theirs.parquet"
    rows = "(VALUES ('M1', 1), ('M2', 2), ('M3', 3)) AS t(mdtrt_id, hifp_pay)"
    duckdb.sql(f"COPY (FROM {rows}) TO '{ours}'")
    duckdb.sql(f"COPY (FROM {rows} ORDER BY mdtrt_id DESC) TO '{theirs}'")
    assert comparing.files(ours, theirs) == ""
    duckdb.sql(
        f"COPY (SELECT * REPLACE (hifp_pay * 2 AS hifp_pay) FROM {rows} LIMIT 2) TO '{theirs}'"
    )
    assert comparing.files(ours, theirs).startswith("3 rows; ('M")


def test_a_process_is_measured_by_itself() -> None:
    held = bytearray(300 << 20)
    found = spent([sys.executable, "-I", "-c", f"print('said'); raise SystemExit({MISSING})"])
    assert (found.status, found.output.strip()) == (MISSING, "said")
    assert found.peak < len(held)


@pytest.mark.slow
def test_the_benchmark_runs(tmp_path: Path) -> None:
    output = tmp_path / "found.json"
    words = ["--rows", "2000", "--runs", "1", "--only", "memory", "--workload", "langfang",
             "--ways", "kernel", "-o", str(output)]  # fmt: skip
    done = subprocess.run([sys.executable, "-m", "tests.bench", *words], cwd=ROOT,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "columns in memory" in done.stdout
    rows = json.loads(output.read_text("utf-8"))["memory"]
    measured = [(row["way"], row["threads"], row["rows"], row.get("differs")) for row in rows]
    assert measured == [("kernel", 1, 2000, None), ("kernel", 2, 2000, "")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_what_was_measured(lang: Literal["zh", "en"]) -> None:
    found = json.loads(page.PAGE.measured.read_text("utf-8"))
    text = page.PAGE.path(lang).read_text("utf-8")
    assert page.part(found, lang) in text
    assert page.PAGE.shown(text, found, lang) == text
