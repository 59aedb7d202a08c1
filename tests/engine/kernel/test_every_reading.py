"""Every matter of every policy has a kernel, under each value of each reading, and means there
what the interpreter means."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.kernel.agreeing import (
    POLICIES,
    as_python,
    compiled,
    differences,
    figures,
    keyed,
)
from tests.engine.kernel.laying_out import settle
from tests.engine.kernel.test_agreement import QUICK, people
from tests.policy_strategies import HEAD

from tiaowen.compiler.core import Program, Value
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.frames import Claim
from tiaowen.engine.interpreter import ROUND_RESULTS, ROUNDING
from tiaowen.engine.kernel import Unsupported, build
from tiaowen.engine.kernel.generating import generate


def alternatives(program: Program) -> Iterator[dict[str, str]]:
    """Readings such that each has each of its values once beside the default; rounding, which
    changes every amount, by itself."""
    others = {
        name: [choice for choice in reading.choices if choice != reading.default]
        for name, reading in program.readings.items()
        if name != ROUNDING
    }
    for turn in range(max(map(len, others.values()))):
        yield {name: choices[min(turn, len(choices) - 1)] for name, choices in others.items()}
    yield {ROUNDING: ROUND_RESULTS}


@pytest.mark.parametrize("policy", POLICIES)
def test_every_matter_has_a_kernel_under_every_reading(policy: str) -> None:
    """Fund matters too."""
    program = compiled(policy).demand()
    parameters = keyed(program, policy)
    lacking = []
    for readings in alternatives(program):
        try:
            generate(program, list(program.matters), readings, parameters)
        except Unsupported as unfit:
            lacking.append((readings, str(unfit)))
    assert lacking == []


@pytest.mark.parametrize("policy", POLICIES)
def test_all_matters_go_together_behind_opening_totals(policy: str) -> None:
    """With the rules that decided and the totals from before: nothing of it has no form."""
    program = compiled(policy).demand()
    made = generate(program, list(program.matters), {}, keyed(program, policy), None,
                    rules=True, telling=True, opening=True)  # fmt: skip
    assert set(made.matters) == {*program.matters, "?"}
    assert any(output.name.startswith("rule_") for output in made.outputs)


@pytest.mark.parametrize("policy", [p for p in POLICIES if "langfang" in p or "ziyang" in p])
def test_amounts_that_are_not_rounded_are_settled_exactly(policy: str) -> None:
    """Sums of shares by days and what earlier stays left behind keep every part of a 分; what is
    finer than numbers of columns is refused, and only that."""
    program, readings = compiled(policy).demand(), {ROUNDING: ROUND_RESULTS}
    parameters = figures(program)
    kernel = as_python(program, None, readings, parameters, rules=True)

    @settings(max_examples=3, deadline=None, suppress_health_check=QUICK)
    @given(made=people(program, list(program.matters)))
    def agree(made: list[list[Claim]]) -> None:
        found = differences(kernel, program, made, readings, parameters)
        if any("TW1304" in told for told in found):  # what comes behind one differs too
            made = [
                one for one in made if not differences(kernel, program, [one], readings, parameters)
            ]
            found = differences(kernel, program, made, readings, parameters)
        assert found == []

    agree()


def test_shares_by_days_add_up_exactly() -> None:
    """Of medicine for 10 days 3 are too many, of that for 28 days 13, of that for 9 days 2: of
    100.01元 each 30.003, 46.4332… and 22.2244…, together 98.6606…, which is rounded once to
    98.66元; each by itself it would be 30.00 + 46.43 + 22.22 = 98.65元."""
    program = compiled("policies/langfang/resident-2024-draft.md").demand()
    medicine: dict[str, Value] = {
        "金额": 10_001, "收费项目等级": "甲", "目录类别": "西药中成药", "出院带药": True,
    }  # fmt: skip
    spans: list[tuple[str, int]] = [("急性病", 10), ("慢性病", 28), ("急性病", 9)]
    lines = tuple(medicine | {"带药病程": kind, "带药天数": days} for kind, days in spans)
    stay = Claim("住院", {
        "医疗类别": "普通住院", "就医地": "131002", "参保地": "131000", "人员类别": "居民成年",
        "医院等级": "二级甲等", "就诊ID": "1", "入院时间": datetime.datetime(2024, 3, 1, 9),
        "登记时间": datetime.datetime(2024, 3, 1, 9), "出院时间": datetime.datetime(2024, 3, 8, 9),
    }, {"明细": lines})  # fmt: skip
    once, each = {ROUNDING: ROUND_RESULTS}, dict[str, str]()
    for readings, unpaid in ((once, 9_866), (each, 9_865)):
        kernel = as_python(program, ["住院"], readings)
        assert differences(kernel, program, [[stay, stay]], readings) == []
        settled = settle(kernel, program, [[stay]])
        assert settled.outputs["fulamt_ownpay_amt"].tolist() == [unpaid]


SHARES = (
    HEAD.replace("  | 甲类 | class", '  | 疗程 | days | 天数 | | "days" |\n  | 甲类 | class')
    + """
接口 测算 关于 人次
  | 输出 | 码 | 类型 | 英文 |
  | 共计 | sum | 金额 | "sum" |
  | 最多 | most | 金额 | "most" |
  | 最少 | least | 金额 | "least" |
  | 超过 | over | 是否 | "over" |
事项 测算 按 测算
共计 = 合计(每项 金额 × 7日 ÷ 疗程)
最多 = 最高(每项 金额 × 7日 ÷ 疗程 当 甲类)
最少 = 最低(每项 金额 × 7日 ÷ 疗程)
超过 = 合计(每项 金额 × 1日 ÷ 疗程) > 最高(每项 金额 × 2日 ÷ 疗程)
"""
)


def test_machine_code_finds_common_divisors(tmp_path: Path) -> None:
    """Sums and extremes of fractions over the days of each line, as machine code."""
    program = compile_policy([read_document(Source("shares.tiao", SHARES))]).demand()
    kernel = build(program, matters=["测算"], cache=tmp_path)
    line = st.fixed_dictionaries(
        {"金额": st.integers(0, 3_000_000), "疗程": st.integers(0, 90), "甲类": st.booleans()}
    )
    stays = st.lists(st.lists(line, max_size=3), min_size=1, max_size=20)

    @settings(max_examples=40, deadline=None, suppress_health_check=QUICK)
    @given(made=stays)
    def agree(made: list[list[dict[str, Value]]]) -> None:
        claims = [Claim("测算", {}, {"明细": tuple(lines)}) for lines in made]
        assert differences(kernel, program, [[claim] for claim in claims]) == []

    agree()
    primes = [101, 103, 107, 109, 113, 127]
    fine = Claim(
        "测算", {}, {"明细": tuple({"金额": 100, "疗程": n, "甲类": True} for n in primes)}
    )
    (number,) = settle(kernel, program, [[fine]]).reject.tolist()
    assert kernel.stops[number].code == "TW1304"
