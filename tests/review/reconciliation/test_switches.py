"""A policy with its switches at rest is the policy; a switch leaves out its rule alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.claim_strategies import claims
from tests.review.reconciliation.small import program, stay

from tiaowen.compiler.core import Program
from tiaowen.engine.compiled import decide_compiled
from tiaowen.engine.decision import decide
from tiaowen.review.reconciliation.switches import OFF, REST, switched


@settings(max_examples=60)
@given(data=st.data())
def test_at_rest_it_decides_as_the_policy_does(langfang: Program, data: st.DataObject) -> None:
    claim = data.draw(claims(langfang, "住院"))
    made = switched(langfang, "住院")
    rest = dict.fromkeys(made.sites, REST) if data.draw(st.booleans()) else {}
    here, there = decide(langfang, claim), decide_compiled(made.program, claim, readings=rest)
    assert here.values == there.values
    assert [p.code for p in here.problems] == [p.code for p in there.problems]
    assert [(r.reason, r.index) for r in here.refusals] == [
        (r.reason, r.index) for r in there.refusals
    ]


def test_every_place_of_the_small_policy_has_its_switch() -> None:
    found = [
        (s.kind, s.quantity, len(s.options)) for s in switched(program(), "住院").sites.values()
    ]
    assert sorted(found) == [
        ("amendment", "统筹支付", 1), ("amendment", "起付线", 1), ("table", "起付线", 3)
    ]  # fmt: skip


def test_a_rule_passed_over_and_a_row_misread() -> None:
    made = switched(program(), "住院")
    aged = stay(高龄=True)
    names = {(s.kind, s.quantity): s for s in made.sites.values()}
    skipped = {names["amendment", "起付线"].name: OFF}
    assert decide(made.program, aged).values["起付线"] == 25000
    assert decide(made.program, aged, readings=skipped).values["起付线"] == 30000
    table = names["table", "起付线"]
    third = {table.name: next(o.key for o in table.options if o.text == "三级")}
    # 800 − 50, the aged person's reduction still made
    assert decide(made.program, aged, readings=third).values["起付线"] == 75000
    both = {**skipped, **third}
    assert decide_compiled(made.program, aged, readings=both).values["起付线"] == 80000


def test_switches_are_made_once() -> None:
    assert switched(program(), "住院") is switched(program(), "住院")
