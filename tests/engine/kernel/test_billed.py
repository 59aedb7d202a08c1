"""Totals in place of fee lines: the kernel means what the interpreter means, without a loop."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.claim_strategies import claims
from tests.engine.kernel.agreeing import POLICIES, compiled, differences, figures
from tests.engine.kernel.filling import filled
from tests.engine.kernel.laying_out import fitted

from tiaowen.compiler.core import LINES, Program
from tiaowen.engine.claims.billed import billed_of
from tiaowen.engine.decision import decide
from tiaowen.engine.frames import Claim
from tiaowen.engine.kernel.columns import Given
from tiaowen.engine.kernel.generating import generate
from tiaowen.engine.kernel.running import Kernel

PARTS = ("全自费", "超限价", "先行自付", "政策范围内费用")


def columns(program: Program) -> dict[str, Given]:
    """Every field but those of fee lines, and the billed totals."""
    found = {info.code: Given() for info in program.fields.values()}
    for collection in program.collections.values():
        if collection.name != LINES:
            found |= {f"{collection.code or collection.name}.{info.code}": Given()
                      for info in collection.fields.values()}  # fmt: skip
    return found | {output.code: Given(nullable=False) for output in billed_of(program).values()}


def without_lines(program: Program, matters: list[str]) -> Kernel:
    """The kernel of ``matters`` for a file of totals, run as it is written."""
    return Kernel(generate(program, matters, {}, figures(program), columns(program), rules=True))


def settling(program: Program) -> list[str]:
    """The matters whose statement has billed totals."""
    return [name for name, m in program.matters.items() if any(o.billed for o in m.outputs)]


@st.composite
def billed(draw: st.DrawFn, program: Program, matter: str) -> Claim:
    """A claim with the totals of a bill, to which most of what its decision lacks was added."""
    amounts = st.one_of(st.integers(0, 3_000_000), st.just(0), st.just(30_000_000))
    parts = {name: draw(amounts) for name in PARTS}
    totals = {"医疗费总额": sum(parts.values()), **parts}
    made = draw(claims(program, matter))
    others = {name: found for name, found in made.collections.items() if name != LINES}
    claim = filled(draw, program, fitted(evolve(made, collections=others, totals=totals)))
    if draw(st.booleans()) and _contradicts(program, claim):
        whole = {**dict.fromkeys(PARTS, 0), "全自费": totals["医疗费总额"]}
        claim = evolve(claim, totals={**totals, **whole})
    return claim


def _contradicts(program: Program, claim: Claim) -> bool:
    problems = decide(program, claim, parameters=figures(program)).problems
    return any(problem.code == "TW0520" for problem in problems)


@pytest.mark.parametrize("policy", POLICIES)
def test_generated_bills_settle_as_the_interpreter_decides_them(policy: str) -> None:
    program = compiled(policy).program
    assert program is not None
    matters = settling(program)
    kernel = without_lines(program, matters)
    each = st.sampled_from(matters).flatmap(lambda matter: billed(program, matter))
    people = st.lists(st.lists(each, min_size=1, max_size=3), min_size=1, max_size=6)

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(people)
    def agree(made: list[list[Claim]]) -> None:
        assert not differences(kernel, program, made, parameters=figures(program))

    agree()


@pytest.mark.parametrize("policy", POLICIES)
def test_a_kernel_of_totals_reads_no_fee_lines(policy: str) -> None:
    program = compiled(policy).program
    assert program is not None
    kernel = without_lines(program, settling(program))
    lines = program.collections[LINES].code
    assert not [code for code in kernel.collections if code == lines]
    assert not [column.name for column in kernel.columns if column.collection == LINES]
    assert {o.code for o in billed_of(program).values()} <= {c.name for c in kernel.columns}


def test_totals_are_given_all_together() -> None:
    program = compiled(POLICIES[0]).demand()
    some = columns(program)
    del some["preselfpay_amt"]
    with pytest.raises(ValueError, match="preselfpay_amt"):
        generate(program, settling(program), {}, {}, some)
