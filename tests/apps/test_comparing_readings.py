"""``tiaowen decide … --readings all`` from the outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.apps.conftest import Ran

ROOT = Path(__file__).parents[2]
POLICY = ROOT / "policies" / "langfang" / "resident-2024-draft.md"
STAY = ROOT / "examples" / "langfang-out-of-area.json"
ASKED = ("decide", "住院", STAY, "--policy", POLICY, "--readings", "all")


def test_the_effect_of_each_reading_is_told(tiaowen: Callable[..., Ran]) -> None:
    ran = tiaowen(*ASKED)
    assert (ran.code, ran.err) == (0, "")
    assert "异地先行自付基数 = 政策范围内费用，不取默认的起付后余额" in ran.out
    assert "统筹支付：2,157.65元 → 2,067.65元（−90.00元）" in ran.out


def test_a_chosen_reading_is_not_varied(tiaowen: Callable[..., Ran]) -> None:
    ran = tiaowen(*ASKED, "--reading", "异地先行自付基数=政策范围内费用", "--format", "json")
    data = json.loads(ran.out)
    assert data["fixed"] == {"异地先行自付基数": "政策范围内费用"}
    assert [c["statement"]["统筹支付"] for c in data["combinations"]] == [206765]


def test_what_is_lacking_is_told_as_in_a_decision(tiaowen: Callable[..., Ran]) -> None:
    claim = ROOT / "examples" / "chongqing-stay.json"
    policy = ROOT / "policies" / "chongqing" / "employee-2011.md"
    ran = tiaowen("decide", "住院", claim, "--policy", policy, "--readings", "all")
    assert ran.code == 2
    assert "未能算出：缺少参数“住院起付标准”" in ran.out
    assert "TW0502" in ran.err


def test_steps_are_not_part_of_a_comparison(tiaowen: Callable[..., Ran]) -> None:
    ran = tiaowen(*ASKED, "--why-not")
    assert ran.code == 2
    assert "--why-not" in ran.err


def test_only_all_readings_can_be_compared(tiaowen: Callable[..., Ran]) -> None:
    ran = tiaowen(*ASKED[:-1], "转院连续")
    assert ran.code == 2
    assert "all" in ran.err
