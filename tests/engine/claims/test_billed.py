"""Billed totals in place of fee lines: read, taken as they are, and stopped where lines matter."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.engine.kernel.agreeing import compiled as policy_of
from tests.engine.kernel.agreeing import figures

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import Compilation
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.claims.billed import billed_of
from tiaowen.engine.claims.reading import claim_data, read_claim
from tiaowen.engine.decision import Decision, decide
from tiaowen.engine.history.earlier import EarlierClaim
from tiaowen.engine.history.person import decide_person
from tiaowen.engine.replaying.recompute import recompute
from tiaowen.engine.replaying.replay import replay
from tiaowen.engine.telling.as_json import decision_data
from tiaowen.engine.telling.explain import explain

TOTALS = {"医疗费总额": "10000", "全自费": "500", "超限价": "0", "先行自付": "500",
          "政策范围内费用": "9000"}  # fmt: skip
WHOLLY_OWN = {**TOTALS, "全自费": "10000", "先行自付": "0", "政策范围内费用": "0"}
STAY = {"险种": "390", "参保地": "131002", "人员类别": "1501", "出生日期": "1980-01-01",
        "医疗类别": "21", "hosp_lv": "02", "begntime": "2024-03-01 08:00",
        "endtime": "2024-03-08 08:00", "mdtrtarea_admdvs": "131002"}  # fmt: skip
LANGFANG, ZIYANG = "policies/langfang/resident-2024-draft.md", "policies/ziyang/employee-2023.md"


def program(policy: str) -> Program:
    found = policy_of(policy).program
    assert found is not None
    return found


def settled(data: dict[str, Any], policy: str = LANGFANG) -> Decision:
    policy_program = program(policy)
    claim = read_claim(data, policy_program)
    return decide(policy_program, claim, parameters=figures(policy_program))


def refused(data: dict[str, Any]) -> list[str]:
    with pytest.raises(Rejected) as rejected:
        read_claim(data, program(LANGFANG))
    return [problem.code for problem in rejected.value.diagnostics]


def codes(decision: Decision) -> set[str]:
    return {problem.code for problem in decision.problems}


def test_a_stay_is_settled_from_the_totals_of_its_bill() -> None:
    """三级 1,500 deductible, 60 %: (9,000 - 1,500) × 60 % = 4,500."""
    decision = settled({**STAY, **TOTALS})
    assert decision.decided
    assert decision.values["实际起付"] == 150_000
    assert decision.values["统筹支付"] == 450_000
    assert decision.values["个人负担"] == 550_000
    assert decision.values["全自费"] == 50_000


def test_the_totals_of_an_example_settle_it_as_its_lines_do() -> None:
    langfang = program(LANGFANG)
    lines, totals = (json.loads(Path(f"examples/langfang-{name}.json").read_text("utf-8"))
                     for name in ("stay", "totals"))  # fmt: skip
    found = [decide(langfang, read_claim(data, langfang)).values for data in (lines, totals)]
    assert found[0] == found[1]
    assert found[0]["统筹支付"]


def test_totals_count_in_the_history_of_later_claims() -> None:
    """The yearly limit of 150,000: 200 万 leave nothing for the stay after it."""
    langfang = program(LANGFANG)
    large = {**TOTALS, "医疗费总额": "2001000", "政策范围内费用": "2000000"}
    first = read_claim({**STAY, **large, "mdtrt_id": "1"}, langfang)
    second = read_claim({**STAY, **TOTALS, "begntime": "2024-04-01 08:00",
                         "endtime": "2024-04-03 08:00", "mdtrt_id": "2"}, langfang)  # fmt: skip
    made = decide_person(langfang, second, [EarlierClaim(first)]).decision
    assert made.values["应付统筹"] == 450_000
    assert made.values["统筹支付"] == 0


def test_national_codes_name_the_totals_too() -> None:
    named = dict(zip(("medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt",
                      "inscp_scp_amt"), TOTALS.values(), strict=True))  # fmt: skip
    assert settled({**STAY, **named}).values == settled({**STAY, **TOTALS}).values


def test_totals_are_whole_and_stand_alone() -> None:
    lacking = {name: amount for name, amount in TOTALS.items() if name != "先行自付"}
    assert refused({**STAY, **lacking}) == ["TW0627"]
    assert refused({**STAY, **TOTALS, "先行自付": None}) == ["TW0627"]
    assert refused({**STAY, **TOTALS, "先行自付": "500.01"}) == ["TW0628"]
    assert refused({**STAY, **TOTALS, "先行自付": "-500"}) == ["TW0606"]
    assert refused({**STAY, **TOTALS, "甲类费用": "10000"}) == ["TW0629"]
    assert read_claim({**STAY, **TOTALS, "明细": []}, program(LANGFANG)).totals


def test_a_claim_with_totals_reads_back_the_same_and_replays() -> None:
    langfang = program(LANGFANG)
    claim = read_claim({**STAY, **TOTALS}, langfang)
    data = json.loads(json.dumps(claim_data(claim, langfang)))
    assert read_claim(data, langfang) == claim
    decision = decide(langfang, claim)
    told = explain(decision, engine="0")
    assert recompute(told) == []
    kept = decision_data(told, claim=data, history=[], readings={}, parameters={}, problems=())
    assert replay(kept, langfang).identical


def test_the_explanation_says_that_totals_are_taken_and_lines_are_ordinary() -> None:
    told = explain(settled({**STAY, **TOTALS}))
    steps = {step.quantity: step for step in told.steps}
    assert [steps[name].term.name for name in TOTALS] == ["billed"] * 5
    assert steps["政策范围内费用"].citation is None
    assert told.defaults["明细.外购"] is False


def test_a_stay_that_its_lines_divide_by_year_stops() -> None:
    decision = settled({**STAY, **TOTALS, "begntime": "2023-12-20 08:00", "endtime":
                        "2024-01-05 08:00"})  # fmt: skip
    assert codes(decision) == {"TW0519"}
    (problem,) = decision.problems
    assert problem.args["name"] == "跨年度"
    assert problem.article == "第二十一条"
    assert "统筹支付" not in decision.values


def test_fees_that_are_paid_by_the_line_stop() -> None:
    visit = {**STAY, **TOTALS, "医疗类别": "11"}
    langfang = program(LANGFANG)
    claim = evolve(read_claim(visit, langfang), matter="门诊诊察费")
    found = decide(langfang, claim, parameters=figures(langfang))
    assert "TW0519" in codes(found)


def test_lines_out_of_the_ordinary_are_taken_to_be_none() -> None:
    """门诊 in 资阳 pays consultation fees apart where a line says that it is one; none does:
    (9,000 - 200) × 50 % = 4,400, of which the year allows 2,000."""
    visit = {"险种": "310", "参保地": "512000", "人员类别": "1101", "医疗类别": "11",
             "mdtrtarea_admdvs": "512000", "统筹方式": "1"}  # fmt: skip
    decision = settled({**STAY, **TOTALS, **visit}, ZIYANG)
    steps = {step.quantity: step.value for step in explain(decision).steps}
    assert decision.decided
    assert steps["另付项目费用"] == steps["另付项目支付"] == 0
    assert decision.values["应付统筹"] == 440_000
    assert decision.values["统筹支付"] == 200_000


def test_a_claim_that_is_not_paid_has_no_payable_totals() -> None:
    abroad = {**STAY, "工伤": "是"}
    assert "TW0520" in codes(settled({**abroad, **TOTALS}))
    own = settled({**abroad, **WHOLLY_OWN})
    assert own.decided
    assert own.values["统筹支付"] == 0
    assert own.values["个人负担"] == 1_000_000


INTERFACE = """### 第一条
支付1元。

```tiao
接口 住院结算 关于 人次
  | 输出       | 码            | 类型 | 英文         | 合计   |
  | 医疗费总额 | medfee_sumamt | 金额 | "total cost" | {mark} |

事项 住院 按 住院结算

医疗费总额 = 1元
```
"""
Compiled = Callable[[str], Compilation]


def test_an_interface_marks_its_totals_in_a_column(compiled: Compiled) -> None:
    found = compiled(INTERFACE.format(mark="总额")).demand()
    assert [(o.name, o.billed) for o in billed_of(found).values()] == [("医疗费总额", "total")]


def test_an_unknown_mark_is_refused_with_the_nearest(compiled: Compiled) -> None:
    (problem,) = compiled(INTERFACE.format(mark="总数")).diagnostics
    assert (problem.code, problem.args["name"]) == ("TW0206", "总数")
    assert problem.args["nearest"] == "总额"
