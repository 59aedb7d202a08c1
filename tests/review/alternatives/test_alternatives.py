"""Which facts are enumerated, with which values, and what applying one does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from tiaowen.compiler.core import Program, Value
from tiaowen.compiler.program import Compilation
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.decision import Decision, decide
from tiaowen.engine.frames import Claim
from tiaowen.engine.history.earlier import EarlierClaim, Opening
from tiaowen.review.alternatives import (
    Added,
    Change,
    Court,
    Halted,
    LeftOut,
    Place,
    Refused,
    Setting,
    Situation,
    alternatives,
    apply,
    standings,
)
from tiaowen.review.alternatives.model import one

BODY = """### 第一条

出院后3个月内申报的支付，超过60天住院的不支付，满18岁，满500元。

```tiao
枚举 级别类 英文 "level"
  | 码  | 值 | 英文     |
  | "1" | 高 | "high"   |
  | "2" | 中 | "middle" |
  | "3" | 低 | "low"    |

字段 就诊 英文 "visit"
  | 字段     | 码           | 类型   | 未填 | 英文          |
  | 出生日期 | brdy         | 日期   |      | "birth"       |
  | 入院     | begndate     | 日期   |      | "admission"   |
  | 出院     | enddate      | 日期   |      | "discharge"   |
  | 申报     | x_claim_date | 日期   |      | "claimed on"  |
  | 级别     | x_level      | 级别类 |      | "level"       |
  | 急诊     | x_urgent     | 是否   | 否   | "urgent"      |
  | 无关     | x_other      | 是否   | 否   | "other"       |
  | 费用     | x_cost       | 金额   |      | "cost"        |

接口 支付 关于 人次 英文 "payment"
  | 输出 | 码           | 类型 | 英文     | 基金 |
  | 支付 | hifp_pay     | 金额 | "paid"   | 统筹 |
  | 个人 | psn_part_amt | 金额 | "person" |      |

事项 看病 按 支付
按时 = 已填(申报) 且 申报 ≤ 出院 + 3个月
支付 = 若 (按时 或 急诊) 且 出院 - 入院 ≤ 60日 且 周岁(出生日期, 入院) ≥ 18岁 且 级别 ≠ 低
  且 费用 ≥ 500元
  则 费用 否则 0元
个人 = 费用 - 支付
```
"""
GIVEN: dict[str, Value] = {
    "出生日期": date(1970, 5, 1), "入院": date(2024, 2, 1), "出院": date(2024, 2, 29),
    "申报": date(2024, 6, 3), "级别": "高", "费用": 40000,
}  # fmt: skip


@pytest.fixture(scope="module")
def program(compiled: Callable[[str], Compilation]) -> Program:
    return compiled(BODY).demand()


def listed(program: Program, given: dict[str, Value], **options: Any) -> dict[str, set[Any]]:
    situation = Situation(Claim("看病", given))
    frame = decide(program, situation.claim).frame
    found: dict[str, set[Any]] = {}
    for alternative in alternatives(program, situation, frame, **options):
        assert isinstance(alternative, Change)
        (setting,) = alternative.settings
        assert setting.before == given.get(setting.place.field)
        found.setdefault(setting.place.field, set()).add(setting.after)
    return found


def test_flags_flip_and_codes_take_every_member(program: Program) -> None:
    found = listed(program, GIVEN)
    assert found["急诊"] == {True}
    assert found["级别"] == {"中", "低"}
    assert "无关" not in found  # no rule reads it


def test_days_go_to_both_sides_of_each_boundary(program: Program) -> None:
    """29 February and three months is 29 May; sixty days from 1 February is 1 April."""
    found = listed(program, GIVEN)
    assert {date(2024, 5, 29), date(2024, 5, 30)} <= found["申报"]
    assert None in found["申报"]  # a rule asks whether it is given
    # 3 March + 3 months = 3 June, the day of the claim
    assert {date(2024, 3, 2), date(2024, 3, 3), date(2024, 4, 1), date(2024, 4, 2)} <= found["出院"]
    # 60 and 61 days before 29 February
    assert {date(2023, 12, 31), date(2023, 12, 30)} <= found["入院"]


def test_what_is_fixed_or_held_certain_is_left_out(program: Program) -> None:
    """Eighteen on 1 February 2024: born on or before 1 February 2006."""
    given = {**GIVEN, "出生日期": date(2005, 6, 1)}
    assert "出生日期" not in listed(program, given)
    anything = listed(program, given, scope="anything")
    assert {date(2006, 2, 1), date(2006, 2, 2)} <= anything["出生日期"]
    assert "级别" not in listed(program, given, fixed=frozenset({("", "级别")}))


def test_figures_go_to_their_threshold(program: Program) -> None:
    assert {50000, 49999} <= listed(program, GIVEN)["费用"]


def test_a_missing_day_is_tried_at_the_claims_own_days(program: Program) -> None:
    given = {name: value for name, value in GIVEN.items() if name != "申报"}
    assert {date(2024, 5, 29), date(2024, 2, 29)} <= listed(program, given)["申报"]


# --- applying


def test_apply_changes_what_it_says_and_nothing_else() -> None:
    line: dict[str, Value] = {"金额": 100, "收费项目等级": "乙"}
    situation = Situation(
        Claim("住院", {"医院等级": "二级甲等"}, {"明细": (line, dict(line))}),
        (EarlierClaim(Claim("住院", {"医院等级": "三级甲等"})), Opening(2024, {})),
    )
    changes = [
        one(situation, Place("医院等级"), "一级甲等"),
        one(situation, Place("收费项目等级", "明细", 1), "甲"),
        one(situation, Place("医院等级", item=0), None),
    ]
    made = apply(situation, *changes, LeftOut(1), Added(Opening(2023, {})))
    assert made.claim.fields == {"医院等级": "一级甲等"}
    assert made.claim.collections["明细"] == (line, {"金额": 100, "收费项目等级": "甲"})
    assert made.items == (EarlierClaim(Claim("住院", {})), Opening(2023, {}))
    assert situation.claim.fields == {"医院等级": "二级甲等"}
    back = [Change(tuple(Setting(s.place, s.after, s.before) for s in c.settings)) for c in changes]
    assert apply(apply(situation, *changes), *back) == situation


# --- what contradicts itself


@pytest.mark.parametrize(
    ("field", "value", "codes"),
    [
        ("出院", date(2024, 1, 31), ["TW0607"]),
        ("申报", date(2024, 2, 28), ["TW1020"]),
        ("出院", date(2023, 12, 31), ["TW0607", "TW0505"]),
        ("入院", date(1970, 4, 30), ["TW1020"]),
        ("申报", date(2024, 2, 29), []),
    ],
)
def test_days_stay_in_their_order(
    program: Program, field: str, value: date, codes: list[str]
) -> None:
    situation = Situation(Claim("看病", GIVEN))
    made = Court(program, situation).decide(apply(situation, one(situation, Place(field), value)))
    assert [p.code for p in made.problems] == codes
    assert isinstance(made, Refused) is bool(codes)


def test_a_decision_is_given_up_where_what_it_needs_stops(program: Program) -> None:
    given = {name: value for name, value in GIVEN.items() if name != "级别"}
    situation = Situation(Claim("看病", {**given, "急诊": True}))
    court = Court(program, situation)
    needed = next(o.node for o in program.matters["看病"].outputs if o.name == "个人")
    assert needed is not None
    halted = court.settle(situation, needed)
    assert isinstance(halted, Halted)
    assert [p.args["name"] for p in halted.problems] == ["级别"]
    whole = court.settle(Situation(Claim("看病", GIVEN)), needed)
    assert isinstance(whole, Decision)
    assert whole.values == decide(program, Claim("看病", GIVEN)).values


def test_an_order_the_claim_itself_breaks_is_its_own_affair(program: Program) -> None:
    situation = Situation(Claim("看病", {**GIVEN, "申报": date(2024, 2, 1)}))
    made = Court(program, situation).decide(
        apply(situation, one(situation, Place("申报"), date(2024, 2, 2)))
    )
    assert not isinstance(made, Refused)


# --- the national vocabulary


def test_a_filing_is_one_event(langfang: Program) -> None:
    data = {
        "险种": "城乡居民", "人员类别": "居民成年", "参保地": "131000", "医疗类别": "普通住院",
        "医院等级": "二级甲等", "入院时间": "2024-03-01 08:00", "出院时间": "2024-03-10 10:00",
        "就医地": "370102", "甲类费用": "10000",
    }  # fmt: skip
    claim = read_claim(data, langfang, "住院")
    situation = Situation(claim)
    frame = decide(langfang, claim).frame
    filings = [
        alternative
        for alternative in alternatives(langfang, situation, frame)
        if isinstance(alternative, Change) and alternative.event == "filing"
    ]
    days = {date(2024, 3, 1), date(2024, 3, 10)}
    assert len(filings) == 6 * len(days)
    for filing in filings:
        kind, place, day = (setting.after for setting in filing.settings)
        assert kind != "无备案"
        assert place == "370102"
        assert day in days
        assert not isinstance(day, datetime)


def test_every_code_of_the_table_is_in_the_vocabulary(langfang: Program) -> None:
    known = standings(langfang)
    assert known.of(("", "出生日期")).kind == "fixed"
    assert known.of(("", "性别")).kind == "fixed"
    assert known.of(("明细", "金额")).kind == "billed"
    assert known.of(("", "备案日期")).kind == "provable"
    codes = {info.code for info in langfang.fields.values()}
    for collection in langfang.collections.values():
        codes |= {info.code for info in collection.fields.values()}
    from tiaowen.review.alternatives.standing import _table

    table = _table()
    listed = {code for kind in ("identity", "fixed", "policy", "billed") for code in table[kind]}
    assert listed <= codes
