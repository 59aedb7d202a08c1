"""A sheet is first held against itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.review.reconciliation.small import found, sheet

from tiaowen.apps.programs import load_program
from tiaowen.compiler.core import Program
from tiaowen.engine.claims.json_text import read_json
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.decision import decide
from tiaowen.review.reconciliation import read_charged
from tiaowen.review.reconciliation.identities import discords, to_leave_out
from tiaowen.review.reconciliation.records import Charged, Discord

ROOT = Path(__file__).parents[3]

STORED = {
    "medfee_sumamt": "23442.46", "fulamt_ownpay_amt": "2533.97", "overlmt_selfpay": "1396.89",
    "preselfpay_amt": "703.44", "inscp_scp_amt": "18808.16", "hifp_pay": "18785.39",
    "fund_pay_sumamt": "18785.39", "psn_part_amt": "4152.06", "hosp_part_amt": "505.01",
    "acct_pay": "170.04", "psn_cash_pay": "3982.02",
}  # fmt: skip
"""The stored settlement of the national vocabulary: 2,533.97 + 1,396.89 + 703.44 + 18,808.16 =
23,442.46 = 18,785.39 + 4,152.06 + 505.01, and 170.04 + 3,982.02 = 4,152.06."""


@cache
def langfang() -> Program:
    return load_program(ROOT / "policies" / "langfang" / "resident-2024-draft.md")


def judged(**changed: str) -> tuple[tuple[Discord, ...], Charged]:
    text = (ROOT / "examples" / "langfang-stay.json").read_bytes()
    claim = read_claim(read_json(text, "stay"), langfang())
    data: dict[str, Any] = {**STORED, **changed}
    charged = read_charged(data, langfang(), "住院")
    return discords(charged, decide(langfang(), claim)), charged


def test_the_stored_settlement_agrees_with_itself() -> None:
    assert judged()[0] == ()


@pytest.mark.parametrize(
    ("changed", "name", "expected"),
    [
        ({"preselfpay_amt": "703.45"}, "医疗费总额", 2344247),
        ({"psn_cash_pay": "3982.01"}, "个人负担", 415205),
        ({"hosp_part_amt": "505.00"}, "个人负担", 415207),
        ({"fund_pay_sumamt": "18785.38", "psn_part_amt": "4152.07", "psn_cash_pay": "3982.03"},
         "基金支付总额", 1878539),
    ],
)  # fmt: skip
def test_each_broken_sum_is_told_with_what_it_would_be(
    changed: dict[str, str], name: str, expected: int
) -> None:
    told, _ = judged(**changed)
    assert (name, expected) in [(discord.name, discord.expected) for discord in told]


def test_the_deductible_charged_is_never_above_the_eligible_amount() -> None:
    told, _ = judged(act_pay_dedc="18808.17")
    assert [(d.text, d.given) for d in told] == [
        ("≤", (("实际起付", 1880817), ("政策范围内费用", 1880816)))
    ]
    assert judged(act_pay_dedc="18808.16")[0] == ()


def test_the_fewest_lines_are_left_out_of_the_search() -> None:
    told, charged = judged(psn_part_amt="4152.07")
    assert len(told) == 2, "of the parties, and of account and cash"
    assert to_leave_out(told, charged) == ("个人负担",)


def test_a_line_that_contradicts_the_others_does_not_hide_the_cause() -> None:
    # 850 − 800 = 50, × 80% = 40.00 are paid; 890 − 40 = 850, but 805 was written
    made = found(sheet(medfee_sumamt=890, crt_dedc=800, hifp_pay=40, psn_part_amt=805,
                       fund_pay_sumamt=40))  # fmt: skip
    assert [d.name for d in made.discords] == ["个人负担"]
    assert made.left_out == ("个人负担",)
    assert not made.agrees
    (group,) = made.groups
    assert group.values["个人负担"] == 85000
