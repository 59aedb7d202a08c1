"""Laws of evaluation, on generated policies and generated claims."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.claim_strategies import claims
from tests.policy_strategies import Generated, policies

from tiaowen.compiler.core import Program, Value
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.compiled import decide_compiled
from tiaowen.engine.decision import Decision, decide
from tiaowen.engine.frames import Claim, Frame
from tiaowen.engine.replaying.recompute import recompute
from tiaowen.engine.telling.explain import explain

Engine = Callable[..., Decision]
EXAMPLES = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
READINGS = st.fixed_dictionaries({}, optional={
    "百分数增减": st.just("相对"), "宽严": st.just("严"), "舍入": st.just("末位舍入")})  # fmt: skip


def program_of(text: str) -> Program:
    compilation = compile_policy([read_document(Source("generated.tiao", text))])
    assume(compilation.program is not None)  # a policy the checks refuse says nothing here
    return compilation.demand()


def year_of(
    program: Program, made: list[Claim], readings: dict[str, str], engine: Engine = decide
) -> list[Decision]:
    """A person's claims decided in turn."""
    history: list[Frame] = []
    decisions = []
    for claim in made:
        decisions.append(engine(program, claim, history=tuple(history), readings=readings))
        if decisions[-1].decided:
            history.append(decisions[-1].frame)
    return decisions


def values(decisions: list[Decision]) -> list[tuple[dict[str, Value | None], list[str]]]:
    return [(dict(d.values), [p.code for p in d.problems]) for d in decisions]


@EXAMPLES
@given(policy=policies(), data=st.data())
def test_interpreter_and_compiled_engine_agree(policy: Generated, data: st.DataObject) -> None:
    program = program_of(policy.text())
    made = data.draw(st.lists(claims(program, "测算"), min_size=1, max_size=3))
    readings = data.draw(READINGS)
    reference = year_of(program, made, readings)
    compiled = year_of(program, made, readings, decide_compiled)
    assert values(compiled) == values(reference)
    assert [d.frame.memo for d in compiled] == [d.frame.memo for d in reference]


@EXAMPLES
@given(policy=policies(), data=st.data())
def test_the_order_of_unrelated_rules_does_not_matter(
    policy: Generated, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(policy.blocks))))
    program, shuffled = program_of(policy.text()), program_of(policy.text(tuple(order)))
    made = data.draw(st.lists(claims(program, "测算"), min_size=1, max_size=2))
    assert values(year_of(shuffled, made, {})) == values(year_of(program, made, {}))


@EXAMPLES
@given(policy=policies(), data=st.data())
def test_an_explanation_can_be_worked_out_again(policy: Generated, data: st.DataObject) -> None:
    program = program_of(policy.text())
    made = data.draw(st.lists(claims(program, "测算"), min_size=1, max_size=3))
    for decision in year_of(program, made, data.draw(READINGS)):
        assert recompute(explain(decision)) == []


@EXAMPLES
@given(policy=policies(), data=st.data())
def test_a_decision_made_again_is_identical(policy: Generated, data: st.DataObject) -> None:
    program, again = program_of(policy.text()), program_of(policy.text())
    made = data.draw(st.lists(claims(program, "测算"), min_size=1, max_size=2))
    first, second = year_of(program, made, {}), year_of(again, made, {})
    assert [explain(d) for d in first] == [explain(d) for d in second]
