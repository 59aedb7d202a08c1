"""What explains a charged sheet, worked out by hand for a small policy."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from tests.review.reconciliation.small import found, program, sheet, stay

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Program
from tiaowen.engine.history.earlier import EarlierClaim, Settlement
from tiaowen.review.reconciliation.records import (
    AddedItem,
    Cause,
    MissedItem,
    OtherReading,
    OtherVersion,
    Reconciliation,
    SkippedRule,
    StatedFact,
    WrongFact,
    WrongRow,
)
from tiaowen.review.reconciliation.search import OUT_OF_BUDGET


def told(cause: Cause) -> tuple[Any, ...]:
    """A cause in short."""
    match cause:
        case WrongFact() | StatedFact():
            (one,) = cause.change.settings
            return one.place.field, one.place.index, one.after
        case OtherReading():
            return cause.reading, cause.choice
        case MissedItem():
            return "missed", cause.index
        case WrongRow():
            return "row", cause.option.text
        case SkippedRule():
            return "skipped", cause.site.quantity
        case OtherVersion():
            return "version", cause.label
    return (type(cause).__name__,)


def explanations(made: Reconciliation) -> list[list[set[tuple[Any, ...]]]]:
    """Of each hypothesis the causes of each slot, simplest first."""
    return [[set(map(told, slot)) for slot in h.slots] for g in made.groups for h in g.members]


def test_what_agrees_is_not_searched() -> None:
    made = found(sheet(crt_dedc=300, hifp_pay=440, psn_part_amt=450))
    assert made.agrees
    assert made.first is None
    assert (made.groups, made.nearest, made.effort.decisions) == ((), None, 0)


def test_a_wrong_fact_and_a_misread_row_cannot_be_told_apart() -> None:
    # 850 − 800 = 50, × 80% = 40.00
    made = found(sheet(crt_dedc=800, hifp_pay=40))
    assert made.first is not None
    assert (made.first.name, made.first.policy, made.first.charged) == ("起付线", 30000, 80000)
    assert made.first.article == "第一条"
    assert explanations(made) == [[{("等级", -1, "三级"), ("row", "三级")}]]
    assert isinstance(made.groups[0].members[0].simplest[0], WrongFact)
    step = made.groups[0].members[0].step
    assert step is not None
    assert (step.quantity, step.before, step.after) == ("起付线", 30000, 80000)


def test_a_reading() -> None:
    # 550 × 70% = 385.00
    made = found(sheet(crt_dedc=300, hifp_pay=385))
    assert explanations(made)[0][0] >= {("比例口径", "严")}
    step = made.groups[0].members[0].step
    assert step is not None
    assert step.quantity == "支付比例"
    assert step.rule is not None
    assert step.rule.article == "第二条"


def test_a_rule_passed_over() -> None:
    # aged: 300 − 50 = 250 by the policy; 300 charged, 550 × 80% = 440.00
    made = found(sheet(crt_dedc=300, hifp_pay=440), stay(高龄=True))
    assert explanations(made) == [[{("高龄", -1, False), ("skipped", "起付线")}]]


def test_two_causes() -> None:
    # the companion's 40 counted: 890 − 800 = 90, × 80% = 72.00
    made = found(sheet(inscp_scp_amt=890, crt_dedc=800, hifp_pay=72))
    assert explanations(made) == [[{("等级", -1, "三级"), ("row", "三级")}, {("自费", 2, False)}]]


def test_one_cause_goes_before_two_and_two_are_found_when_asked_for() -> None:
    charged = sheet(crt_dedc=800, hifp_pay=40)
    assert all(len(g.members[0].slots) == 1 for g in found(charged).groups)
    both = found(sheet(hifp_pay=72), pairs=True)
    assert {len(g.members[0].slots) for g in both.groups} >= {2}
    sizes = [len(g.members[0].slots) for g in both.groups]
    assert sizes == sorted(sizes)


def earlier(paid: str) -> EarlierClaim:
    """A stay in March at a primary hospital: of ``paid`` + 100.00, 80% of ``paid``."""
    return EarlierClaim(stay("一级", 结算ID="E", 入院时间="2024-03-01 08:00",
                             出院时间="2024-03-04 08:00",
                             明细=[{"金额": paid}]))  # fmt: skip


def test_an_earlier_stay_missed() -> None:
    # March: (1,100 − 100) × 80% = 800; of the 1,000 a year 200 are left, but 440.00 were paid
    made = found(sheet(crt_dedc=300, hifp_pay=440), items=[earlier("1100")])
    assert made.first is not None
    assert made.first.policy == 20000
    assert ("missed", 0) in explanations(made)[0][0]


def test_an_earlier_stay_that_the_history_lacks_is_worked_out() -> None:
    # 150.00 were paid where 440.00 are due: the year's 1,000 had 850.00 taken from it
    made = found(sheet(crt_dedc=300, hifp_pay=150))
    (slot,) = made.groups[0].members[0].slots
    added = [cause.item for cause in slot if isinstance(cause, AddedItem)]
    assert {getattr(item, "values", {}).get("统筹支付") for item in added} == {85000}


def test_a_settlement_among_the_items_can_be_missed_too() -> None:
    item = Settlement("住院", {"年度": 2024, "统筹支付": 80000}, "E")
    made = found(sheet(crt_dedc=300, hifp_pay=440), items=[item])
    assert ("missed", 0) in explanations(made)[0][0]


def version(ratio: str) -> Program:
    """The policy with another ratio in place of 80%."""
    old = program()
    node = old.nodes["住院/支付比例#0"]
    value = node.alternatives[0].value
    assert isinstance(value, c.Choose)
    assert isinstance(value.then, c.Constant)
    from tiaowen.compiler.values import parse_ratio

    then = evolve(value, then=evolve(value.then, value=parse_ratio(ratio)))
    alternative = evolve(node.alternatives[0], value=then)
    nodes = {**old.nodes, node.id: evolve(node, alternatives=(alternative,))}
    return evolve(old, nodes=nodes, identity=evolve(old.identity, digest=ratio))


def test_an_earlier_version() -> None:
    # 550 × 65% = 357.50
    given = [("60%", version("60%")), ("65%", version("65%"))]
    made = found(sheet(crt_dedc=300, hifp_pay="357.50"), earlier_versions=given)
    assert ("version", "65%") in explanations(made)[0][0]
    with_two = found(sheet(crt_dedc=800, hifp_pay="32.50"), earlier_versions=given)
    # at a tertiary hospital: (850 − 800) × 65% = 32.50
    assert explanations(with_two)[0] == [
        {("等级", -1, "三级"), ("row", "三级")}, {("version", "65%")}
    ]  # fmt: skip


def test_facts_that_the_sheet_repeats_come_first() -> None:
    made = found(sheet(hosp_lv="3", crt_dedc=800, hifp_pay=40))
    assert [told(cause) for cause in made.stated] == [("等级", -1, "三级")]
    assert isinstance(made.groups[0].members[0].simplest[0], StatedFact)


def test_where_nothing_fits_the_nearest_is_told_as_such() -> None:
    made = found(sheet(crt_dedc="812.34", hifp_pay=40))
    assert made.groups == ()
    assert made.nearest is not None
    left = [(line.name, now, then) for line, now, then in made.nearest.left]
    assert left == [("起付线", 80000, 81234)], "12.34 is less than any other cause leaves"


def test_a_budget_is_kept_and_what_it_left_out_is_said() -> None:
    made = found(sheet(crt_dedc="812.34", hifp_pay=40), budget=5)
    assert made.effort.decisions <= 8
    assert OUT_OF_BUDGET in made.effort.unsearched


@pytest.mark.parametrize("grade", ["一级", "二级", "三级"])
def test_what_a_group_says_is_what_its_causes_give(grade: str) -> None:
    charged = sheet(crt_dedc={"一级": 100, "二级": 300, "三级": 800}[grade])
    made = found(charged, stay("一级" if grade != "一级" else "二级"))
    for group in made.groups:
        assert group.values["起付线"] == charged.value("起付线")
