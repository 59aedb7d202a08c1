"""The solver's form of every matter of the five policies, against the interpreter."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.claim_strategies import claims

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.compiler.solver.evaluating import NotRepresented, Valuation, valued
from tiaowen.compiler.solver.form import Form, translate
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.decision import Decision, decide
from tiaowen.engine.frames import Claim

POLICIES = Path(__file__).parents[3] / "policies"
NAMES = ("chongqing/employee-2011", "chongqing/resident-2011", "jinan/basic-2012",
         "langfang/resident-2024-draft", "ziyang/employee-2023")  # fmt: skip
LINES = 2


@cache
def program(name: str) -> Program:
    paths = (POLICIES / "vocabulary.tiao", POLICIES / f"{name}.md")
    documents = [read_document(Source(p.name, p.read_text(encoding="utf-8"))) for p in paths]
    return compile_policy(documents).demand()


@cache
def form(name: str, matter: str) -> Form:
    made = program(name)
    return translate(made, matter, lines=LINES, complete=False,
                     missing_parameters=made.parameters)  # fmt: skip


MATTERS = [(name, matter) for name in NAMES for matter in program(name).matters]


def same(form: Form, valuation: Valuation, decision: Decision) -> None:
    """Decided alike, and every output that the interpreter worked out the same."""
    assert valuation.holds(form.decided) == decision.decided, [
        (r, valuation.holds(t)) for r, t in form.stops.items() if valuation.holds(t)
    ]
    for name, value in form.outputs.items():
        worked_out = name in decision.values
        assert valuation.holds(form.output_fails[name]) == (not worked_out), name
        if worked_out:
            assert valuation.plain(value) == decision.values[name], name


@pytest.mark.parametrize(("name", "matter"), MATTERS)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_form_and_the_interpreter_agree(name: str, matter: str, data: st.DataObject) -> None:
    made = form(name, matter)
    claim: Claim = data.draw(claims(program(name), matter, LINES))
    try:
        valuation = valued(made, claim.fields, claim.collections)
    except NotRepresented:
        assume(False)
    same(made, valuation, decide(program(name), claim)) if all(
        valuation.holds(t) for t in made.assumptions.values()
    ) else assume(False)
