"""Planted faults are found, each with the arithmetic of its claim; what holds is not refuted."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tiaowen.compiler.core import Program
from tiaowen.compiler.solver import available
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.history.earlier import EarlierClaim
from tiaowen.engine.history.person import decide_person
from tiaowen.review.proof import Answer, prove
from tiaowen.review.proof.records import (
    Found,
    MoreCost,
    NotApplicable,
    OtherFact,
    Proved,
    Reason,
    Refuted,
    Searched,
    Why,
)

BUDGET = 400
solver = pytest.mark.skipif(not available(), reason="needs the extra proof")


def asked(program: Program, matter: str, name: str, search_only: bool) -> Answer:
    found = prove(
        program, [matter], names=[name], search_only=search_only, budget=BUDGET, timeout=60
    )
    (answer,) = found.answers
    return answer


@pytest.fixture(params=[True, pytest.param(False, marks=solver)], ids=["search", "solver"])
def search_only(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_cliff_is_found_to_the_cent(faulty: Program, search_only: bool) -> None:
    # 1,000.00: (1,000 − 100) × 80% = 720; 1,000.01: (1,000.01 − 100) × 50% = 450.005 → 450.01
    # a cent more cost takes 269.99 from the fund's part; the retired lose (70%) 630 − 450.01
    for name in ("cliff", "monotone"):
        verdict = asked(faulty, "住院", name, search_only).verdict
        assert isinstance(verdict, Refuted)
        losses = {c.loss for c in (verdict.counterexample, *verdict.others)}
        assert losses <= {26999, 17999}
        shown = verdict.counterexample
        assert shown.change == MoreCost(0, 1)
        assert shown.decisions[0].values["政策范围内费用"] == 100_000
        assert shown.decisions[1].values["统筹支付"] == 45_001


def test_retired_fare_worse(faulty: Program, search_only: bool) -> None:
    verdict = asked(faulty, "住院", "retired", search_only).verdict
    assert isinstance(verdict, Refuted)
    assert isinstance(verdict.counterexample.change, OtherFact)
    assert verdict.counterexample.loss is not None
    assert verdict.counterexample.loss > 0
    ratios = [d.values["支付比例"] for d in verdict.counterexample.decisions]
    assert ratios == [Fraction(4, 5), Fraction(7, 10)]


def test_higher_level_has_a_higher_ratio(faulty: Program, search_only: bool) -> None:
    verdict = asked(faulty, "门诊", "level", search_only).verdict
    assert isinstance(verdict, Refuted)
    low, high = verdict.counterexample.figures["支付比例"]
    assert (low, high) in {(Fraction(3, 5), Fraction(7, 10)), (Fraction(3, 5), Fraction(13, 20))}


def test_stated_property_is_refuted_with_its_claim(faulty: Program, search_only: bool) -> None:
    # above 1,900.01 yuan (1,900.01 − 100) × 50% = 900.01 is more than 900
    verdict = asked(faulty, "住院", "支付不超过九百元", search_only).verdict
    assert isinstance(verdict, Refuted)
    paid = verdict.counterexample.decisions[0].values["统筹支付"]
    assert isinstance(paid, int)
    assert paid > 90_000


def test_history_is_shown_by_earlier_claims(faulty: Program, search_only: bool) -> None:
    # the limit of 500 is reached only by what was paid before in the year
    verdict = asked(faulty, "门诊", "没有人到限额", search_only).verdict
    assert isinstance(verdict, Refuted)
    shown = verdict.counterexample
    assert shown.replayed
    assert shown.scenes[0].items
    assert all(isinstance(item, EarlierClaim) for item in shown.scenes[0].items)


def test_counterexamples_are_the_interpreters(faulty: Program) -> None:
    found = prove(faulty, search_only=True, budget=BUDGET)
    for answer in found.answers:
        if isinstance(answer.verdict, Refuted):
            shown = answer.verdict.counterexample
            for scene, decision in zip(shown.scenes, shown.decisions, strict=True):
                again = decide_person(faulty, scene.claim, scene.items, readings=scene.readings,
                                      parameters=scene.parameters)  # fmt: skip
                assert again.decision.values == decision.values


@solver
def test_what_holds_is_proved(faulty: Program) -> None:
    for matter in ("住院", "门诊"):
        for name in ("within", "nonnegative", "decided"):
            assert isinstance(asked(faulty, matter, name, False).verdict, Proved), (matter, name)
    for name in ("monotone", "cliff"):
        assert isinstance(asked(faulty, "门诊", name, False).verdict, Proved), name


def test_what_is_only_searched_is_not_called_proved(faulty: Program) -> None:
    verdict = asked(faulty, "住院", "within", True).verdict
    assert isinstance(verdict, Searched)
    assert verdict.claims > 0
    assert verdict.why is (Why.NOT_ASKED if available() else Why.ABSENT)


def test_gaps_the_text_states_are_listed(faulty: Program) -> None:
    answer = asked(faulty, "住院", "decided", True)
    assert [(gap.quantity, gap.reason) for gap in answer.gaps] == [("支付比例", "其他人员没有规定")]


def test_not_applicable_says_why(faulty: Program, langfang: Program) -> None:
    level = asked(faulty, "住院", "level", True).verdict
    assert level == NotApplicable(Reason.NO_LEVEL)
    fixed = asked(langfang, "生育住院", "within", True).verdict
    assert fixed == NotApplicable(Reason.FIXED_SUM, "定额补助")
    assert asked(langfang, "门诊统筹", "retired", True).verdict == NotApplicable(Reason.ONE_KIND)


def test_search_is_the_same_each_time(faulty: Program) -> None:
    first, second = (prove(faulty, ["住院"], search_only=True, budget=200) for _ in range(2))
    scenes = [
        [c.scenes for a in found.answers if isinstance(a.verdict, Refuted)
         for c in (a.verdict.counterexample, *a.verdict.others)]
        for found in (first, second)
    ]  # fmt: skip
    assert scenes[0] == scenes[1]
    assert first.claims == second.claims


def test_unknown_property_is_refused(faulty: Program) -> None:
    with pytest.raises(Rejected) as rejected:
        prove(faulty, ["住院"], names=["没有的性质"], search_only=True)
    assert [d.code for d in rejected.value.diagnostics] == ["TW1101"]


@solver
def test_the_solver_says_that_it_found_it(faulty: Program) -> None:
    verdict = asked(faulty, "住院", "cliff", False).verdict
    assert isinstance(verdict, Refuted)
    assert verdict.found is Found.SOLVER
