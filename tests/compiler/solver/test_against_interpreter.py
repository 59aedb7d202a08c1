"""The solver's form of every matter of the five policies, against the interpreter: with every
fact fixed it is decided where the interpreter decides, and comes to the same amounts."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.claim_strategies import claims
from tests.policy_strategies import Generated, policies

from tiaowen.compiler.core import ParameterInfo, Program
from tiaowen.compiler.program import compile_policy
from tiaowen.compiler.solver.evaluating import NotRepresented, Valuation, valued
from tiaowen.compiler.solver.form import Form, translate
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.decision import Decision, decide
from tiaowen.engine.frames import Claim, ParameterValue

POLICIES = Path(__file__).parents[3] / "policies"
NAMES = ("chongqing/employee-2011", "chongqing/resident-2011", "jinan/basic-2012",
         "langfang/resident-2024-draft", "ziyang/employee-2023")  # fmt: skip
LINES = 2
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
FIGURES: Mapping[str, Any] = {
    "金额": 80_000, "比例": Fraction(7, 10), "是否": True, "日期": datetime.date(2024, 3, 1),
    "年限": 25, "文本": "有", "数量": Fraction(3),
}  # fmt: skip
LOWER: Mapping[str, Any] = {"金额": 30_000, "比例": Fraction(3, 5), "是否": False}
MEMBERS = {"医院级别": "三级", "医院等级": "三级甲等", "人员类别": "退休", "资助身份": "特困人员",
           "缴费档次": "一档"}  # fmt: skip


@cache
def program(name: str) -> Program:
    paths = (POLICIES / "vocabulary.tiao", POLICIES / f"{name}.md")
    documents = [read_document(Source(p.name, p.read_text(encoding="utf-8"))) for p in paths]
    return compile_policy(documents).demand()


def figure(info: ParameterInfo, made: Program) -> ParameterValue:
    """A value for a parameter: where it has keys one for a member, and one for all others."""
    members = made.enums.get(info.type.name)
    usual = FIGURES[info.type.name] if members is None else next(iter(members.codes))
    key = next((k for k in info.keys if k in MEMBERS), None)
    if not info.keys:
        return ParameterValue(usual)
    rows = [({key: MEMBERS[key]}, LOWER.get(info.type.name, usual))] if key else []
    return ParameterValue(None, (*rows, ({}, usual)))


@cache
def parameters(name: str) -> Mapping[str, ParameterValue]:
    made = program(name)
    return {n: figure(info, made) for n, info in made.parameters.items()}


@cache
def form(name: str, matter: str, given: bool = True) -> Form:
    made = program(name)
    missing = () if given else tuple(made.parameters)
    return translate(made, matter, lines=LINES, complete=False, missing_parameters=missing,
                     parameters=parameters(name) if given else {})  # fmt: skip


def in_decimals(claim: Claim, made: Program) -> Claim:
    """``claim`` with prices that have as many decimals as prices may have."""

    def exact(record: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Any]:
        return {n: Fraction(round(v, 2)) if types[n] == "单价" else v for n, v in record.items()}

    fields = exact(claim.fields, {n: i.type.name for n, i in made.fields.items()})
    collections = {
        name: tuple(exact(r, {n: i.type.name for n, i in made.collections[name].fields.items()})
                    for r in records)
        for name, records in claim.collections.items()
    }  # fmt: skip
    return Claim(claim.matter, fields, collections)


def assert_same(made: Form, valuation: Valuation, decision: Decision) -> None:
    """Decided alike, and every output that the interpreter worked out the same."""
    stops = [reason for reason, when in made.stops.items() if valuation.holds(when)]
    assert valuation.holds(made.decided) == decision.decided, stops
    for name, value in made.outputs.items():
        worked_out = name in decision.values
        assert valuation.holds(made.output_fails[name]) == (not worked_out), name
        if worked_out:
            assert valuation.plain(value) == decision.values[name], name
    for problem in decision.problems:
        assert problem.code in {reason.code for reason in stops}


def compare(made: Form, claim: Claim, **given: Any) -> None:
    try:
        valuation = valued(made, claim.fields, claim.collections)
    except NotRepresented:
        assume(False)
    assume(all(valuation.holds(assumed) for assumed in made.assumptions.values()))
    assert_same(made, valuation, decide(made.program, claim, **given))


MATTERS = [(name, matter) for name in NAMES for matter in program(name).matters]


@pytest.mark.parametrize(("name", "matter"), MATTERS)
@settings(max_examples=3, deadline=None, suppress_health_check=QUIET)
@given(data=st.data())
def test_the_form_and_the_interpreter_agree(name: str, matter: str, data: st.DataObject) -> None:
    claim = in_decimals(data.draw(claims(program(name), matter, LINES)), program(name))
    compare(form(name, matter), claim, parameters=parameters(name))


@pytest.mark.parametrize(("name", "matter"), [
    ("jinan/basic-2012", "职工住院"), ("langfang/resident-2024-draft", "大病保险"),
    ("chongqing/resident-2011", "门诊统筹"),
])  # fmt: skip
@settings(max_examples=3, deadline=None, suppress_health_check=QUIET)
@given(data=st.data())
def test_a_missing_parameter_stops_both(name: str, matter: str, data: st.DataObject) -> None:
    claim = in_decimals(data.draw(claims(program(name), matter, LINES)), program(name))
    compare(form(name, matter, given=False), claim)


READINGS = st.fixed_dictionaries({}, optional={
    "百分数增减": st.just("相对"), "宽严": st.just("严"), "舍入": st.just("末位舍入")})  # fmt: skip


@settings(max_examples=10, deadline=None, suppress_health_check=QUIET)
@given(policy=policies(), readings=READINGS, data=st.data())
def test_generated_policies_agree(
    policy: Generated, readings: dict[str, str], data: st.DataObject
) -> None:
    compilation = compile_policy([read_document(Source("generated.tiao", policy.text()))])
    assume(compilation.program is not None)
    made = compilation.demand()
    claim = data.draw(claims(made, "测算", LINES))
    chosen = translate(made, "测算", readings=readings, lines=LINES, complete=False)
    compare(chosen, claim, readings=readings)


@settings(max_examples=10, deadline=None, suppress_health_check=QUIET)
@given(policy=policies(), readings=READINGS, data=st.data())
def test_open_readings_agree_with_each(
    policy: Generated, readings: dict[str, str], data: st.DataObject
) -> None:
    compilation = compile_policy([read_document(Source("generated.tiao", policy.text()))])
    assume(compilation.program is not None)
    made = compilation.demand()
    claim = data.draw(claims(made, "测算", LINES))
    chosen = translate(made, "测算", open_readings=made.readings, lines=LINES, complete=False)
    valuation = valued(chosen, claim.fields, claim.collections, readings)
    assert_same(chosen, valuation, decide(made, claim, readings=readings))
