"""What each form of the language means, on small policies, by figures worked out by hand."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import Compilation
from tiaowen.engine.decision import Decision, decide
from tiaowen.engine.frames import Claim, Facts, Frame, ParameterValue

Compile = Callable[[str], Compilation]
Load = Callable[[str], Program]

DAY = datetime.date
PARAMETERS = {"平均工资": ParameterValue(8_000_000), "大额起付线": ParameterValue(2_000_000)}


def stay(
    program: Program,
    number: int,
    level: str,
    day: DAY,
    eligible: int,
    *,
    matter: str = "住院",
    history: list[Frame | Facts] | None = None,
    parameters: Any = PARAMETERS,
    **facts: Any,
) -> Decision:
    fields: Mapping[str, Any] = {
        "医院等级": level,
        "入院日期": day,
        "出院日期": day + datetime.timedelta(days=9),
        "就诊ID": str(number),
        "合格费用": eligible,
        **facts,
    }
    decision = decide(
        program, Claim(matter, fields), history=tuple(history or ()), parameters=parameters
    )
    if history is not None and decision.decided:
        history.append(decision.frame)
    return decision


def test_a_chain_of_transfers_pays_the_difference_from_the_highest_met(small_policy: Load) -> None:
    program, history = small_policy("six-grades.md"), list[Frame | Facts]()
    first = stay(program, 1, "二级乙等", DAY(2024, 1, 1), 1_000_000, history=history)
    second = stay(
        program, 2, "二级甲等", DAY(2024, 1, 10), 1_000_000, history=history, 转院前就诊ID="1"
    )
    third = stay(
        program, 3, "三级甲等", DAY(2024, 1, 19), 1_000_000, history=history, 转院前就诊ID="2"
    )
    # 400; 600 − 400 = 200; 1000 − 600 = 400, not 1000 − 200
    assert [d.values["起付线"] for d in (first, second, third)] == [40_000, 20_000, 40_000]


def test_reductions_apply_in_the_order_of_the_text_and_stop_at_the_floor(
    small_policy: Load,
) -> None:
    program, history = small_policy("six-grades.md"), list[Frame | Facts]()
    paid = [
        stay(program, n, "一级甲等", DAY(2024, n, 1), 100_000, history=history, 退休=True).values[
            "起付线"
        ]
        for n in (1, 2, 3)
    ]
    # 200 − 200 = 0 → 100; 200 − 200 − 50 → 100; the same
    assert paid == [10_000, 10_000, 10_000]
    higher = stay(program, 4, "三级甲等", DAY(2024, 5, 1), 100_000, history=history, 退休=True)
    assert higher.values["起付线"] == 100_000 - 20_000 - 3 * 5_000


def test_a_transfer_is_no_further_stay_unless_the_reading_says_so(small_policy: Load) -> None:
    program = small_policy("six-grades.md")
    for reading, expected in (("不计", 95_000), ("计", 90_000)):
        history: list[Frame | Facts] = []
        for n, before in ((1, None), (2, "1")):
            facts = {} if before is None else {"转院前就诊ID": before}
            claim = Claim(
                "住院",
                {
                    "医院等级": "二级甲等",
                    "入院日期": DAY(2024, n, 1),
                    "出院日期": DAY(2024, n, 9),
                    "就诊ID": str(n),
                    "合格费用": 0,
                    **facts,
                },
            )
            history.append(
                decide(
                    program,
                    claim,
                    history=tuple(history),
                    parameters=PARAMETERS,
                    readings={"转入计次": reading},
                ).frame
            )
        claim = Claim(
            "住院",
            {
                "医院等级": "三级甲等",
                "入院日期": DAY(2024, 6, 1),
                "就诊ID": "9",
                "出院日期": DAY(2024, 6, 9),
                "合格费用": 0,
            },
        )
        made = decide(
            program,
            claim,
            history=tuple(history),
            parameters=PARAMETERS,
            readings={"转入计次": reading},
        )
        assert made.values["起付线"] == expected


def test_a_group_covers_a_level_that_the_steps_leave_out(small_policy: Load) -> None:
    """三级丙等 has no deductible of its own, but 三级 gives its ratio."""
    made = stay(small_policy("six-grades.md"), 1, "三级丙等", DAY(2024, 1, 1), 100_000)
    assert [p.code for p in made.problems] == ["TW0503"]
    assert made.values["支付比例"] == pytest.approx(0.8)
    assert "统筹支付" not in made.values


def test_bands_start_where_the_year_stands(small_policy: Load) -> None:
    program, history = small_policy("six-grades.md"), list[Frame | Facts]()
    # a stay of 300,000 at 三级甲等: fund (300,000 − 1,000) × 80% = 239,200, own 60,800
    first = stay(program, 1, "三级甲等", DAY(2024, 1, 1), 30_000_000, history=history)
    # 20,000～50,000 at 70% = 21,000; 50,000～60,800 at 80% = 8,640
    assert first.values["大额支付"] == 2_964_000
    # the second begins at 60,800: (300,000 − 950) × 80% = 239,240, own 60,760 → to 121,560:
    # 39,200 × 80% + 21,560 × 90% = 31,360 + 19,404 = 50,764
    second = stay(program, 2, "三级甲等", DAY(2024, 3, 1), 30_000_000, history=history)
    assert second.values["大额支付"] == 5_076_400
    # another year begins anew
    later = stay(program, 3, "三级甲等", DAY(2025, 3, 1), 30_000_000, history=history)
    assert later.values["大额支付"] == 2_964_000


def test_every_missing_parameter_is_named_with_its_article(small_policy: Load) -> None:
    made = stay(small_policy("six-grades.md"), 1, "三级甲等", DAY(2024, 1, 1), 100, parameters={})
    assert {p.args["name"] for p in made.problems} == {"大额起付线", "平均工资"}
    assert {p.article for p in made.problems} == {"第二十七条第一款"}


def test_a_parameter_out_of_its_bounds_stops_the_decision(small_policy: Load) -> None:
    over = {"平均工资": ParameterValue(3_999_999), "大额起付线": ParameterValue(2_000_000)}
    made = stay(small_policy("six-grades.md"), 1, "三级甲等", DAY(2024, 1, 1), 100, parameters=over)
    assert [p.code for p in made.problems] == ["TW0510"]


def test_one_matter_settled_as_another_reads_but_does_not_add_a_stay(small_policy: Load) -> None:
    program, history = small_policy("six-grades.md"), list[Frame | Facts]()
    first = stay(program, 1, "三级甲等", DAY(2024, 1, 1), 1_000_000, history=history, matter="特病")
    assert (first.values["起付线"], first.values["统筹支付"]) == (0, 800_000)
    after = stay(program, 2, "三级甲等", DAY(2024, 2, 1), 1_000_000, history=history)
    assert after.values["起付线"] == 100_000  # still the year's first stay


def test_opening_totals_and_settlements_are_taken_as_facts(small_policy: Load) -> None:
    program = small_policy("six-grades.md")
    opening = Facts("", {"年度": 2024, "个人负担": 6_080_000}, "opening", {"住院": 2})
    made = stay(program, 3, "三级甲等", DAY(2024, 3, 1), 30_000_000, history=[opening])
    assert made.values["起付线"] == 90_000
    # (300,000 − 900) × 80% = 239,280, own 60,720, from 60,800 to 121,520: 39,200 × 80% + 21,520 × 90%
    assert made.values["大额支付"] == 3_136_000 + 1_936_800
    settled = Facts("住院", {"年度": 2024, "个人负担": 100, "就诊ID": "x"})
    made = stay(program, 3, "三级甲等", DAY(2024, 3, 1), 0, history=[settled])
    assert made.problems[0].code == "TW0511"  # whether it was a transfer is not said


# --- collections


def districts(program: Program, balance: int) -> Decision:
    names = (("甲", 20_000, 3_333), ("乙", 20_000, 3_333), ("丙", 20_000, 99_999))
    claim = Claim(
        "缺口", {"风险金余额": balance, "截至": DAY(2024, 6, 1)},
        {
            "区县": tuple({"名称": n, "缺口": gap, "提取": draw} for n, gap, draw in names),
            "垫付": ({"就医区县": "甲", "参保区县": "乙", "金额": 500},
                   {"就医区县": "丙", "参保区县": "甲", "金额": 120}),
            "缴费": tuple({"月份": DAY(2024, m, 1)} for m in (1, 4, 5, 6)),
        },
    )  # fmt: skip
    return decide(program, claim)


def of_each(decision: Decision, quantity: str) -> list[Any]:
    node = decision.frame.matter.final["区县", quantity]
    return [element.memo[node] for element in decision.frame.elements["区县"]]


def test_a_short_fund_is_shared_in_proportion_to_the_last_fen(small_policy: Load) -> None:
    made = districts(small_policy("districts.md"), 10_000)
    # each may draw half its gap (10,000) up to twice its own share: 6,666, 6,666, 10,000
    assert of_each(made, "可支取") == [6_666, 6_666, 10_000]
    # 10,000 × 6,666 ÷ 23,332 = 2,857.02…; running 2,857, 5,714, 10,000
    assert of_each(made, "分得") == [2_857, 2_857, 4_286]
    assert made.values["风险金支付"] == 10_000


def test_a_fund_that_is_large_enough_pays_each_its_own(small_policy: Load) -> None:
    assert of_each(districts(small_policy("districts.md"), 99_999), "分得") == [
        6_666,
        6_666,
        10_000,
    ]


def test_clearing_between_districts_sums_to_zero(small_policy: Load) -> None:
    made = districts(small_policy("districts.md"), 0)
    assert of_each(made, "净额") == [500 - 120, -500, 120]
    assert made.values["净额合计"] == 0


def test_months_in_a_row_and_the_longest_gap(small_policy: Load) -> None:
    made = districts(small_policy("districts.md"), 0)
    assert (made.values["中断"], made.values["连续"]) == (2, 3)  # February, March; April to June


# --- order, readings, stops

LEVY = """
### 第一条

基数提高5%，最低100元。

```tiao
字段 人
  | 字段 | 码 | 类型 | 未填 | 英文 |
  | 基数 | a  | 金额 |      | "base" |
  | 比率 | b  | 比例 |      | "rate" |
  | 老   | c  | 是否 | 否   | "old" |
口径 百分数增减: 百分点 | 相对 默认 百分点
接口 测算
  | 输出 | 码 | 类型 | 英文 |
  | 应付 | d  | 金额 | "due" |
  | 实率 | e  | 比例 | "rate" |
事项 测算 按 测算
应付 = 基数
应付 提高 5%
应付 不低于 100元
应付 改为 0元 当 老
实率 = 比率
实率 提高 5%
实率 不高于 100%
```
"""


@pytest.mark.parametrize(("base", "due"), [(100, 10_000), (1_000_010, 1_050_011), (9_523, 10_000), (9_524, 10_000),
                                           (9_525, 10_001)])  # fmt: skip
def test_each_state_of_an_amount_is_rounded_half_up(compiled: Compile, base: int, due: int) -> None:
    """10,000.10 × 1.05 = 10,500.105 → 10,500.11; 95.25 × 1.05 = 100.0125 → 100.01."""
    made = decide(compiled(LEVY).demand(), Claim("测算", {"基数": base, "比率": 0}))
    assert made.values["应付"] == due


def test_a_percentage_of_a_ratio_is_what_the_reading_says(compiled: Compile) -> None:
    from fractions import Fraction

    program, claim = compiled(LEVY).demand(), Claim("测算", {"基数": 1, "比率": Fraction(4, 5)})
    assert decide(program, claim).values["实率"] == Fraction(85, 100)
    assert decide(program, claim, readings={"百分数增减": "相对"}).values["实率"] == Fraction(
        84, 100
    )


def test_a_replaced_amount_is_not_asked_for(compiled: Compile) -> None:
    made = decide(compiled(LEVY).demand(), Claim("测算", {"老": True, "比率": 0}))
    assert made.decided
    assert made.values["应付"] == 0


def test_what_is_missing_is_said_and_what_can_be_is_worked_out(compiled: Compile) -> None:
    made = decide(compiled(LEVY).demand(), Claim("测算", {"比率": 0}))
    assert [p.code for p in made.problems] == ["TW0501"]
    assert made.problems[0].args["name"] == "基数"
    assert "实率" in made.values
