"""Laws of comparing rules, on generated policies: what changes nothing is no change, and what is
told to change nothing changes no decision."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.claim_strategies import claims
from tests.policy_strategies import Generated, policies
from tests.review.difference.variants import called, small

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.decision import decide
from tiaowen.review.difference import compare_policies
from tiaowen.review.difference.rule_records import Rules

EXAMPLES = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def program(policy: Generated, rules: list[str] | None = None) -> Program:
    """A generated policy as one article of a regulation."""
    try:
        return small(written(policy, rules))
    except Rejected:
        assume(False)
        raise


def written(policy: Generated, rules: list[str] | None = None) -> str:
    whole = policy.text()
    if rules is not None:
        whole = whole.replace("\n".join(policy.blocks), "\n".join(rules))
    return f"### 第一条\n\n正文。\n\n```tiao\n{whole}```\n"


def compared(first: Program, second: Program) -> Rules:
    found = compare_policies(first, second, parts=["rules"]).rules
    assert found is not None
    return found


@st.composite
def with_helpers(draw: st.DrawFn) -> Generated:
    """A policy of which only the last quantity is a line of the statement."""
    policy = draw(policies())
    return Generated(policy.blocks, policy.outputs[-1:])


@EXAMPLES
@given(policy=with_helpers(), data=st.data())
def test_other_names_and_another_order_of_quantities_are_no_change(
    policy: Generated, data: st.DataObject
) -> None:
    assume(policy.outputs)
    blocks = data.draw(st.permutations(policy.blocks))
    output = policy.outputs[0].split(":")[0]
    helpers = [name for name in ("量甲", "量乙", "量丙", "量丁", "量戊", "量己") if name != output]
    names = {name: f"{name}新" for name in data.draw(st.sets(st.sampled_from(helpers)))}
    text = written(policy, list(blocks))
    base, other = program(policy), small(called(text, names) if names else text)
    found = compared(base, other)
    assert found.same
    assert {change.kind for change in found.changes} <= {"renamed"}


@EXAMPLES
@given(policy=policies(), data=st.data())
def test_an_order_told_to_be_without_effect_has_none(
    policy: Generated, data: st.DataObject
) -> None:
    lines = [line for block in policy.blocks for line in _rules(block)]
    base = program(policy)
    other = program(policy, data.draw(st.permutations(lines)))
    if not compared(base, other).same:
        return
    for claim in data.draw(st.lists(claims(base, "测算"), min_size=3, max_size=3)):
        for readings in ({}, {"百分数增减": "相对", "宽严": "严"}):
            one, two = (decide(p, claim, readings=readings) for p in (base, other))
            assert one.values == two.values


def _rules(block: str) -> list[str]:
    """The rules of a block, a table with its definition."""
    found: list[str] = []
    for line in block.split("\n"):
        if line.startswith("  "):
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found
