"""What would have changed a result, checked by hand on the examples and on made claims."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tiaowen.apps.programs import load_program
from tiaowen.compiler.core import Program
from tiaowen.compiler.program import Compilation
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.claims.json_text import read_json
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.data import read_history
from tiaowen.engine.parameters import merge, read_parameter_file
from tiaowen.review.alternatives import Change
from tiaowen.review.counterfactual import WhatIf, what_if
from tiaowen.review.counterfactual.model import Way

ROOT = Path(__file__).parents[3]
ZIYANG = {
    "人员编号": "512000000001", "出生日期": "1980-05-01", "险种": "职工基本", "人员类别": "在职",
    "参保地": "512000", "统筹方式": "统账结合", "就诊ID": "乙", "医疗类别": "普通住院",
    "入院时间": "2024-03-01 08:00", "出院时间": "2024-03-10 08:00", "就医地": "512000",
    "医院等级": "三级甲等", "甲类费用": "11000",
}  # fmt: skip


@cache
def program(name: str) -> Program:
    return load_program(ROOT / "policies" / name)


def example(name: str) -> Any:
    return read_json((ROOT / "examples" / name).read_bytes(), name)


@cache
def langfang(name: str, history: str = "", **options: Any) -> WhatIf:
    policy = program("langfang/resident-2024-draft.md")
    items = read_history(example(history), policy) if history else ()
    return what_if(
        policy, read_claim(example(name), policy, "住院"), items, **{"most_pairs": 200, **options}
    )


def told(way: Way) -> dict[str, set[Any]]:
    """The facts changed, with every value that comes to the same."""
    found: dict[str, set[Any]] = {}
    for changes in (way.changes, *way.alike):
        for change in changes:
            assert isinstance(change, Change)
            for setting in change.settings:
                place = setting.place
                name = f"{place.index}." if place.collection else ""
                name = f"@{place.item}." if place.item >= 0 else name
                found.setdefault(name + place.field, set()).add(setting.after)
    return found


def gains(found: WhatIf) -> list[tuple[dict[str, set[Any]], Any]]:
    return [(told(way), way.gain) for way in found.better]


PRIMARY = {"一级甲等", "一级乙等", "一级丙等", "无等级"}
SECONDARY = {"二级甲等", "二级乙等", "二级丙等"}
LONG = {"异地安置退休", "异地长期居住", "常驻异地工作"}


def test_out_of_area_stay() -> None:
    """5,495.65 is eligible; 1,500 deductible, 10% first, 60%: the fund pays 2,157.65.

    (5,495.65 − 1,500) × 10% = 399.57; (3,995.65 − 399.57) × 60% = 2,157.65.
    """
    found = langfang("langfang-out-of-area.json")
    assert found.value == 410035
    assert gains(found)[:5] == [
        # 5,295.65 − 529.57 = 4,766.08; × 90% = 4,289.47
        ({"医院等级": PRIMARY}, 428947 - 215765),
        # 4,995.65 − 499.57 = 4,496.08; × 75% = 3,372.06
        ({"医院等级": SECONDARY}, 337206 - 215765),
        # 4,496.08 × 60% = 2,697.65: a TCM hospital has the deductible of the level below
        ({"中医医院": {True}}, 269765 - 215765),
        # no first-pay: 3,995.65 × 60% = 2,397.39
        ({"备案类别": LONG}, 239739 - 215765),
        ({"人员类别": {"1404"}, "学生离校": {"教学实习"}, "实习地": {"370102"}}, 239739 - 215765),
    ]
    # line 9, the pump, is 320.00 wholly own; 5,815.65: 4,315.65 − 431.57 = 3,884.08 × 60%
    by_class = {
        next(iter(names["8.收费项目等级"])): gain
        for names, gain in gains(found)
        if set(names) == {"8.收费项目等级"}
    }
    assert by_class == {"甲": 233045 - 215765, "乙": 231317 - 215765}


def test_the_articles_of_an_effect_are_those_that_decide_otherwise() -> None:
    ways = langfang("langfang-out-of-area.json").better
    level, filing = ways[1], ways[3]
    assert [c.article for c in level.articles] == [
        "第十六条第（六）项第3段",
        "第十六条第（六）项第5段",
    ]
    assert "个人先行自付10%" in filing.articles[0].words
    steps = {change.after.quantity: change for change in filing.steps}
    gone = steps["异地自付比例"].gone
    assert [step.citation.article for step in gone if step.citation] == [
        "第十六条第（七）项第1目第2段"
    ]
    assert steps["在长期居住地"].first
    assert (steps["就医范围"].before, steps["就医范围"].after.value) != (None, "跨省临时")
    assert "入院日期" not in steps  # it is only no longer looked at


def test_a_pair_is_told_with_what_each_brings_alone() -> None:
    pair = next(way for way in langfang("langfang-out-of-area.json").better if way.apart)
    assert pair.apart == (0, 0)


def test_stay_after_a_transfer() -> None:
    """A transfer pays the difference of the deductibles, 1,500 − 500 = 1,000.

    Had the earlier hospital been tertiary, nothing is left to pay: 1,000 × 60% = 600 more.
    """
    found = langfang("langfang-transfer.json", "langfang-transfer-history.json")
    tertiary = {"三级特等", "三级甲等", "三级乙等", "三级丙等"}
    assert ({"@2.医院等级": tertiary}, 60000) in gains(found)
    assert ({"中医医院": {True}}, 60000) in gains(found)  # 500 − 500 = 0 to pay


def test_chongqing_stay_without_the_agencys_consent() -> None:
    """Without consent the deductible rises by 5% and the ratio falls by five points."""
    policy = program("chongqing/employee-2011.md")
    text = (ROOT / "examples" / "chongqing-parameters.toml").read_text(encoding="utf-8")
    parameters = merge([read_parameter_file(text, "chongqing-parameters.toml", policy)])
    claim = read_claim(example("chongqing-stay.json"), policy, "住院")
    found = what_if(policy, claim, parameters=parameters)
    consent = next(way for way in found.better if told(way) == {"经办机构同意": {True}})
    eligible = found.values["政策范围内费用"]
    assert isinstance(eligible, int)
    # (e − 1,000) × 85% against (e − 1,050) × 80%
    now, then = eligible - 100000, eligible - 105000
    assert consent.gain == (now * 85 + 50) // 100 - (then * 80 + 50) // 100
    assert [c.article for c in consent.articles] == ["二、（一）5第2段"]
    # the figures by level stand in another document; the article that says so decides
    level = next(way for way in found.better if told(way) == {"医院等级": SECONDARY})
    assert "二、（一）3第2段" in [c.article for c in level.articles]


@pytest.fixture(scope="module")
def ziyang() -> WhatIf:
    policy = program("ziyang/employee-2023.md")
    parameters = {
        "平均工资": ParameterValue(8_000_000),
        "大额起付线": ParameterValue(2_000_000),
    }
    return what_if(policy, read_claim(ZIYANG, policy, "住院"), parameters=parameters)


def test_ziyang_stay(ziyang: WhatIf) -> None:
    """(11,000 − 1,000) × 80% = 8,000, so 3,000 are left to the person."""
    assert ziyang.value == 300000
    assert gains(ziyang) == [
        ({"医院等级": {"无等级"}}, 1035500 - 800000),  # (11,000 − 100) × 95%
        ({"医院等级": {"一级甲等", "一级乙等", "一级丙等"}}, 972000 - 800000),  # 10,800 × 90%
        ({"乡镇中心卫生院": {True}}, 972000 - 800000),
        # what is left, 3,000 − 1,000 = 2,000, × 60% by the supplementary insurance
        ({"参加补充保险": {True}, "补充缴费日期": {date(2024, 3, 1)}}, 120000),
        ({"医院等级": {"二级乙等"}}, 901000 - 800000),  # 10,600 × 85%
        ({"医院等级": {"二级甲等"}}, 884000 - 800000),  # 10,400 × 85%
        ({"人员类别": {"12", "1203"}}, 867000 - 800000),  # 10,200 × 85%
        ({"患第一类特殊疾病": {True}}, 850000 - 800000),  # 10,000 × 85%
        ({"医院等级": {"三级乙等"}}, 816000 - 800000),  # 10,200 × 80%
    ]


def test_what_follows_from_birth_is_left_out_and_said(ziyang: WhatIf) -> None:
    for way in (*ziyang.better, *ziyang.worse):
        assert not {"出生日期", "性别", "险种", "参保地", "金额"} & set(told(way))
    assert ziyang.unchangeable["出生日期"].kind == "fixed"
    assert "离休" in ziyang.unchangeable["人员类别"].zh


def test_facts_held_certain_are_not_changed() -> None:
    found = langfang("langfang-out-of-area.json", fixed=("hosp_lv", "备案类别"), pairs=False)
    assert found.certain == ("医院等级", "备案类别")
    assert not {"医院等级", "备案类别"} & {name for way in found.better for name in told(way)}
    with pytest.raises(Rejected) as refused:
        langfang("langfang-out-of-area.json", fixed=("医院级",))
    assert [(p.code, p.args["nearest"]) for p in refused.value.diagnostics] == [
        ("TW0603", "医院等级")
    ]


def test_another_line_of_the_statement() -> None:
    fund = langfang("langfang-out-of-area.json", of="hifp_pay", pairs=False)
    person = langfang("langfang-out-of-area.json", pairs=False)
    assert not fund.measure.less
    assert person.measure.less
    assert gains(fund) == gains(person)  # what the fund pays more the person pays less
    with pytest.raises(Rejected) as refused:
        langfang("langfang-out-of-area.json", of="统筹")
    assert [p.code for p in refused.value.diagnostics] == ["TW1021"]


def test_a_statement_of_words_alone_cannot_be_compared(
    compiled: Callable[[str], Compilation],
) -> None:
    body = """### 第一条

参保的发给证件。

```tiao
字段 人员 英文 "person"
  | 字段 | 码        | 类型 | 未填 | 英文      |
  | 参保 | x_insured | 是否 | 否   | "insured" |

接口 发证 关于 人 英文 "card"
  | 输出 | 码     | 类型 | 英文   |
  | 证件 | x_card | 文本 | "card" |

事项 领证 按 发证
证件 = 若 参保 则 "证件" 否则 "没有"
```
"""
    with pytest.raises(Rejected) as refused:
        what_if(compiled(body).demand(), Claim("领证", {}))
    assert [p.code for p in refused.value.diagnostics] == ["TW1022"]


# --- claims that are not decided


def test_a_missing_fact_and_what_it_would_come_to() -> None:
    data = example("langfang-out-of-area.json")
    del data["机构"]["医院等级"]
    policy = program("langfang/resident-2024-draft.md")
    found = what_if(policy, read_claim(data, policy, "住院"), pairs=False)
    assert [p.code for p in found.problems] == ["TW0501"]
    assert [(told(way), way.value) for way in found.decidable] == [
        ({"医院等级": PRIMARY}, 625800 - 428947),
        ({"医院等级": SECONDARY}, 625800 - 337206),
        ({"医院等级": {"三级特等", "三级甲等", "三级乙等", "三级丙等"}}, 410035),
    ]


def test_a_filing_has_its_kind_place_and_day_at_once() -> None:
    """Care in another province without a filing is not provided for; a filing makes it so."""
    data = example("langfang-out-of-area.json")
    del data["备案"]
    policy = program("langfang/resident-2024-draft.md")
    found = what_if(policy, read_claim(data, policy, "住院"))
    assert [p.code for p in found.problems] == ["TW0503"]
    filed = next(way for way in found.decidable if "备案日期" in told(way))
    assert told(filed)["备案类别"] == {"异地转诊", "异地急诊抢救", "其他临时外出"}
    assert told(filed)["备案地"] == {"370102"}
    assert {str(day) for day in told(filed)["备案日期"]} == {"2024-07-09", "2024-07-16"}
    assert filed.value == 410035


def test_a_day_is_moved_to_the_nearest_that_counts() -> None:
    """A filing of 8 July 2023 is good for a year, to 8 July 2024: a day short of 9 July 2024."""
    data = example("langfang-out-of-area.json")
    data["备案"]["备案日期"] = "2023-07-08"
    policy = program("langfang/resident-2024-draft.md")
    found = what_if(policy, read_claim(data, policy, "住院"), pairs=False)
    assert [p.code for p in found.problems] == ["TW0503"]
    way = next(way for way in found.decidable if set(told(way)) == {"备案日期"})
    (change,) = way.changes
    assert isinstance(change, Change)
    assert change.settings[0].after == date(2023, 7, 9)
    assert way.value == 410035
    assert [c.article for c in way.articles] == ["第十六条第（七）项第1目第2段"]


def test_no_change_of_fact_helps_against_a_missing_parameter() -> None:
    policy = program("ziyang/employee-2023.md")
    found = what_if(policy, read_claim(ZIYANG, policy, "住院"))
    assert [p.code for p in found.problems] == ["TW0502"]
    assert not found.better
    assert not found.worse


def test_the_day_of_an_earlier_stay_is_moved_too() -> None:
    """Discharged on 1 May and admitted on 3 May is no transfer; a day nearer on either side is,
    and the deductible is 1,000 less: 60% of it more."""
    policy = program("langfang/resident-2024-draft.md")
    history = example("langfang-transfer-history.json")
    stay = history[2]["申报"]
    stay["就诊"]["出院时间"] = "2024-05-01 16:00"  # settled the day after
    claim = read_claim(example("langfang-transfer.json"), policy, "住院")
    found = what_if(policy, claim, read_history(history, policy), pairs=False, explained=0)
    by_fact = {next(iter(told(way))): way.changes for way in found.better if len(told(way)) == 1}
    moved = {}
    for name in ("入院时间", "@2.出院时间"):
        (change,) = by_fact[name]
        assert isinstance(change, Change)
        moved[name] = str(change.settings[0].after)[:10]
    assert moved == {"入院时间": "2024-05-02", "@2.出院时间": "2024-05-02"}
