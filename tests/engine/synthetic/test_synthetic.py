"""Made-up claims: the same every time, consistent in themselves, and fit to be decided."""

from __future__ import annotations

import datetime
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from tiaowen.apps.programs import load_program
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.decision import decide
from tiaowen.engine.synthetic import BLOCK, Plan, claims, schema

TOTALS = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
SMALL = Plan(people=400, seed=7, region="131000", visits=0.5, years=2)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [row for batch in claims(SMALL) for row in batch.to_pylist()]


def test_the_same_plan_gives_the_same_claims(rows: list[dict[str, Any]]) -> None:
    assert [row for batch in claims(SMALL) for row in batch.to_pylist()] == rows
    other = Plan(people=400, seed=8, region="131000", visits=0.5, years=2)
    assert [row for batch in claims(other) for row in batch.to_pylist()] != rows


def test_a_block_does_not_depend_on_those_before_it() -> None:
    plan = Plan(people=BLOCK + 300, seed=1, region="500000", insurance="310", lines=False)
    whole = list(claims(plan))
    (last,) = claims(plan, first=1)
    assert last.equals(whole[1])
    assert whole[0].schema == schema(plan)
    numbers = {row for batch in whole for row in batch.column("mdtrt_id").to_pylist()}
    assert len(numbers) == sum(batch.num_rows for batch in whole)


def test_bills_add_up_to_the_fen(rows: list[dict[str, Any]]) -> None:
    assert len(rows) > 300
    for row in rows:
        lines = row["feedetail"]
        assert row["medfee_sumamt"] == sum(line["det_item_fee_sumamt"] for line in lines)
        assert row["medfee_sumamt"] == sum(row[name] for name in TOTALS)
        assert all(row[name] >= 0 for name in TOTALS)
        for line in lines:
            assert line["det_item_fee_sumamt"] == line["cnt"] * line["pric"] >= Decimal("0.01")


def test_no_one_is_in_two_places(rows: list[dict[str, Any]]) -> None:
    for before, after in pairwise(rows):
        assert before["begntime"] < before["endtime"] <= before["setl_time"]
        if before["psn_no"] == after["psn_no"]:
            assert before["endtime"] < after["begntime"]
        else:
            assert before["psn_no"] < after["psn_no"]


def test_a_transfer_names_the_stay_before_it() -> None:
    plan = Plan(people=4000, seed=3, region="131000", lines=False)
    rows = [row for batch in claims(plan) for row in batch.to_pylist()]
    by_number = {row["mdtrt_id"]: row for row in rows}
    moved = [row for row in rows if row["refl_old_mdtrt_id"]]
    assert moved
    for row in moved:
        earlier = by_number[row["refl_old_mdtrt_id"]]
        assert (earlier["psn_no"], earlier["dscg_way"]) == (row["psn_no"], "2")
        assert row["begntime"] - earlier["endtime"] < datetime.timedelta(days=3)


def test_the_city_can_decide_nearly_all_stays() -> None:
    """What stops is what the text leaves open, never the data."""
    program = load_program("policies/langfang/resident-2024-draft.md")
    stops: Counter[str] = Counter()
    plan = Plan(people=500, seed=11, region="131000")
    rows = [row for batch in claims(plan) for row in batch.to_pylist()]
    for row in rows:
        data = {k: _plain(v) for k, v in row.items() if v is not None and not _billed(k)}
        try:
            stops.update(p.code for p in decide(program, read_claim(data, program)).problems)
        except Rejected as rejected:
            raise AssertionError([d.code for d in rejected.diagnostics]) from None
    assert set(stops) <= {"TW0503"}
    assert sum(stops.values()) < len(rows) / 20


def _billed(name: str) -> bool:
    return name in TOTALS or name == "medfee_sumamt"


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [{k: _plain(v) for k, v in line.items() if v is not None} for line in value]
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    "wrong", [{"people": 0}, {"region": "13"}, {"insurance": "999"}, {"years": 0}, {"visits": -1}]
)
def test_what_cannot_be_made_is_refused(wrong: dict[str, Any]) -> None:
    good: dict[str, Any] = {"people": 1, "seed": 0, "region": "131000"}
    with pytest.raises(ValueError, match=r"'"):
        Plan(**{**good, **wrong})
