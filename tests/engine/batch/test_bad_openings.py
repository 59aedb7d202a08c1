"""Totals from before that cannot be used: refused as a whole, since each later claim needs them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.engine.batch.bad import PAID, as_parquet, settle, stays


def totals(folder: Path, **columns: Any) -> str:
    """A file of totals: a row for the first person and 2024, with what is given instead."""
    plain = {"psn_no": [stays().column("psn_no")[0].as_py()], "year": [2024], PAID: [100]}
    given = {name: cells for name, cells in (plain | columns).items() if cells is not None}
    return str(as_parquet(pa.table(given), folder / "before.parquet"))


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"psn_no": pa.array([None], pa.string())}, "TW1366"),
        ({"psn_no": [" "]}, "TW1366"),
        ({"psn_no": pa.nulls(1)}, "TW1366"),
        ({"year": pa.array([None], pa.int64())}, "TW1366"),
        ({"psn_no": ["1", "1"], "year": [2024, 2024], PAID: [1, 2]}, "TW1367"),
        ({"year": ["2O24"]}, "TW0604"),
        ({"year": [2024.5]}, "TW1332"),
        ({PAID: ["much"]}, "TW0604"),
        ({PAID: [-1]}, "TW0606"),
        ({PAID: [10**13]}, "TW1332"),
        ({PAID: [[1]]}, "TW1346"),
        ({"psn_no": None}, "TW1334"),
        ({"year": None}, "TW1334"),
        ({"統籌": [1]}, "TW0603"),
    ],
)
def test_totals_that_cannot_be_used(
    columns: dict[str, Any], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claims = as_parquet(stays(), tmp_path / "claims.parquet")
    found = settle(tmp_path, capsys, claims, "--opening", totals(tmp_path, **columns))
    assert (found.code, f"error[{code}]" in found.said) == (2, True), found.said


@pytest.mark.parametrize("paid", [[Decimal("19990.00")], ["19990.00"], [19990]])
def test_totals_of_any_type_count(
    paid: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The yearly limit is 20,000 yuan: 10 are left to the first person."""
    claims = as_parquet(stays(), tmp_path / "claims.parquet")
    found = settle(tmp_path, capsys, claims, "--opening", totals(tmp_path, **{PAID: paid}))
    person = stays().column("psn_no")[0].as_py()
    assert sum(row[PAID] for row in found.rows if row["psn_no"] == person) == 10


def test_totals_of_people_without_claims_change_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claims = as_parquet(stays(), tmp_path / "claims.parquet")
    plain = settle(tmp_path, capsys, claims)
    before = totals(tmp_path, psn_no=["nobody"])
    assert settle(tmp_path, capsys, claims, "--opening", before, "--force").rows == plain.rows
