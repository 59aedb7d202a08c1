"""The examples of 重庆 and 济南 decide as they say, from their files to the printed figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tiaowen.apps.choosing import choose
from tiaowen.apps.files import read_text
from tiaowen.apps.programs import load_program
from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.claims.json_text import read_json
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.decision import Decision, decide
from tiaowen.engine.parameters import read_parameters

ROOT = Path(__file__).resolve().parents[2]
POLICIES, EXAMPLES = ROOT / "policies", ROOT / "examples"

DISTRICT = ["chongqing-parameters.toml"]
RESIDENT = ["chongqing-resident-parameters.toml"]
JINAN = ["jinan-parameters.toml"]


def decided(name: str, parameters: list[str], **changed: Any) -> Decision:
    """The example ``name`` decided by the policy that its claim chooses."""
    data = {**read_json(read_text(EXAMPLES / name), name), **changed}
    program = load_program(choose(data, folder=POLICIES))
    given: dict[str, Any] = {}
    for file in parameters:
        given |= read_parameters(read_text(EXAMPLES / file), file, program)
    return decide(program, read_claim(data, program), parameters=given)


def yuan(decision: Decision, name: str) -> str:
    value: Any = decision.values[name]
    return f"{value / 100:.2f}"


@pytest.mark.parametrize(
    ("name", "parameters", "output", "expected"),
    [
        ("chongqing-stay.json", DISTRICT, "统筹支付", "2855.02"),
        ("chongqing-district.json", DISTRICT, "区县财政负担", "1102112.67"),
        ("chongqing-resident-stay.json", RESIDENT, "统筹支付", "1311.77"),
        ("chongqing-resident-district.json", RESIDENT, "市级承担", "1974170.33"),
        ("chongqing-clearing.json", [], "净额合计", "0.00"),
        ("chongqing-clearing.json", [], "垫付合计", "90176.35"),
        ("chongqing-family.json", RESIDENT, "缴费标准", "80.00"),
        ("jinan-stay.json", JINAN, "统筹支付", "3804.53"),
    ],
)
def test_an_example_decides(name: str, parameters: list[str], output: str, expected: str) -> None:
    decision = decided(name, parameters)
    assert not decision.problems
    assert yuan(decision, output) == expected


def test_the_framework_lists_all_it_lacks_with_its_articles() -> None:
    decision = decided("jinan-stay.json", [])
    lacked = {d.args["name"]: d.article for d in decision.problems}
    assert {d.code for d in decision.problems} == {"TW0502"}
    assert lacked == {
        "纳入日期": "二",
        **dict.fromkeys(
            ("职工目录范围", "职工目录自付比例", "职工起付标准", "职工统筹支付比例",
             "职工最高支付限额", "大额救助金支付比例", "大额救助金最高支付限额"),
            "二、（三）1",
        ),
    }  # fmt: skip


def test_the_framework_ends_before_its_own_last_date() -> None:
    data = json.loads(read_text(EXAMPLES / "jinan-stay.json"))
    from datetime import date

    assert choose(data, on=date(2017, 12, 7), folder=POLICIES).name == "basic-2012.md"
    with pytest.raises(Rejected) as refused:
        choose(data, on=date(2017, 12, 8), folder=POLICIES)
    assert [d.code for d in refused.value.diagnostics] == ["TW0505"]


@pytest.mark.parametrize(
    ("insurance", "kind", "matter"),
    [
        ("职工基本", "普通住院", "职工住院"),
        ("城乡居民", "日间手术", "居民住院"),
        ("职工基本", "门诊慢特病", "职工规定病种"),
        ("职工基本", "定点药店购药", "职工账户支付"),
        ("城乡居民", "门诊慢特病", "居民规定病种"),
    ],
)
def test_the_claim_tells_its_matter(insurance: str, kind: str, matter: str) -> None:
    program: Program = load_program(POLICIES / "jinan" / "basic-2012.md")
    data = {"人员编号": "1", "险种": insurance, "医疗类别": kind, "参保地": "370100"}
    assert read_claim(data, program).matter == matter


def test_a_family_over_two_tiers_is_refused_with_its_article() -> None:
    members = [{"成员姓名": "甲", "成员档次": "一档"}, {"成员姓名": "乙", "成员档次": "二档"}]
    decision = decided("chongqing-family.json", RESIDENT, 家庭成员=members)
    assert {d.article for d in decision.problems} == {"三、（二）1"}


def test_district_sums_that_do_not_add_up_are_refused() -> None:
    districts = [{"区县": code} for code in ("500101", "500103", "500237")]
    decision = decided("chongqing-clearing.json", [], 结算区县=districts)
    assert {d.article for d in decision.problems} == {"五、（二）第4段"}
