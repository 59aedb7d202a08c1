"""Every explanation follows from its own figures, and a changed figure does not."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.claim_strategies import claims
from tests.review.decided_scenes import SCENES

from tiaowen.compiler import dates
from tiaowen.compiler.core import Program
from tiaowen.compiler.operations import OPERATIONS as ENGINE_OPERATIONS
from tiaowen.compiler.values import round_half_up
from tiaowen.engine.decision import decide
from tiaowen.engine.frames import Frame
from tiaowen.engine.replaying import recompute as module
from tiaowen.engine.replaying import recompute_rules as rules
from tiaowen.engine.replaying.recompute import recompute
from tiaowen.engine.telling.explain import explain
from tiaowen.engine.telling.explanation import (
    Citation,
    Explanation,
    PolicyIdentity,
    StatementLine,
    Step,
    Term,
)

MANY = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
DERIVED = {"step", "settled", "op", "table", "if", "aggregate", "bands", "slice", "share", "months",
           "history", "apply"}  # fmt: skip


def explained(
    program: Program, matter: str, data: st.DataObject, readings: dict[str, str]
) -> Explanation:
    """The explanation of the last of a few claims of one person."""
    earlier: list[Frame] = []
    made = data.draw(st.lists(claims(program, matter), min_size=1, max_size=2))
    for claim in made[:-1]:
        decision = decide(program, claim, history=tuple(earlier), readings=readings)
        if decision.decided:
            earlier.append(decision.frame)
    last = decide(program, made[-1], history=tuple(earlier), readings=readings)
    return explain(last, why_not=True)


@pytest.mark.parametrize("rounding", ["逐项舍入", "末位舍入"])
@pytest.mark.parametrize("matter", ["住院", "生育住院", "门诊统筹", "两病门诊"])
@MANY
@given(data=st.data())
def test_decisions_of_langfang_recompute(
    langfang: Program, matter: str, rounding: str, data: st.DataObject
) -> None:
    assert recompute(explained(langfang, matter, data, {"舍入": rounding})) == []


@MANY
@given(data=st.data())
def test_decisions_on_six_grades_recompute(
    small_policy: Callable[[str], Program], data: st.DataObject
) -> None:
    assert recompute(explained(small_policy("six-grades.md"), "住院", data, {})) == []


@pytest.mark.parametrize("name", SCENES)
def test_scenes_recompute(name: str) -> None:
    assert recompute(SCENES[name]().explanation) == []


# --- changed figures


def is_number(value: object) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def changed_terms(term: Term) -> Iterator[Term]:
    """``term`` with one number in it that is worked out, or stands in the rule, changed."""
    stands = term.form == "constant" and rules.literal(term.text) is not None
    worked_out = term.form in DERIVED and not (term.name == "count" and not term.terms)
    if is_number(term.value) and (stands or worked_out):
        yield evolve(term, value=term.value + 1)  # type: ignore[operator]
    for index, inner in enumerate(term.terms):
        for changed in changed_terms(inner):
            yield evolve(term, terms=(*term.terms[:index], changed, *term.terms[index + 1 :]))


def changed_steps(step: Step) -> Iterator[Step]:
    if is_number(step.value):
        yield evolve(step, value=step.value + 1)  # type: ignore[operator]
    if is_number(step.before):
        yield evolve(step, before=step.before + 1)  # type: ignore[operator]
    yield from (evolve(step, term=term) for term in changed_terms(step.term))


def changes(explanation: Explanation) -> Iterator[Explanation]:
    """The explanation with one number changed, for every number."""
    for index, step in enumerate(explanation.steps):
        for changed in changed_steps(step):
            steps = (*explanation.steps[:index], changed, *explanation.steps[index + 1 :])
            yield evolve(explanation, steps=steps)
    for index, line in enumerate(explanation.statement):
        if line.step and is_number(line.value):
            other = evolve(line, value=line.value + 1)  # type: ignore[operator]
            statement = (*explanation.statement[:index], other, *explanation.statement[index + 1 :])
            yield evolve(explanation, statement=statement)


@pytest.mark.parametrize("name", ["transfer", "parts"])
def test_every_changed_number_is_found(name: str) -> None:
    tried = 0
    for changed in changes(SCENES[name]().explanation):
        tried += 1
        assert recompute(changed) != []
    assert tried > 150


@MANY
@given(data=st.data())
def test_a_changed_number_is_found_in_any_decision(langfang: Program, data: st.DataObject) -> None:
    made = explained(langfang, "住院", data, {})
    variants = list(changes(made))
    assume(variants)
    assert recompute(data.draw(st.sampled_from(variants))) != []


def test_a_step_that_is_not_there_is_found() -> None:
    made = SCENES["transfer"]().explanation
    assert recompute(evolve(made, steps=made.steps[1:])) != []
    assert recompute(evolve(made, steps=(*made.steps, made.steps[0]))) != []
    assert recompute(evolve(made, steps=tuple(reversed(made.steps)))) != []


def test_a_condition_that_does_not_hold_is_found() -> None:
    made = SCENES["transfer"]().explanation
    step = next(s for s in made.steps if s.kind == "subtract")
    *others, condition = step.term.terms
    failed = evolve(step, term=evolve(step.term, terms=(*others, evolve(condition, value=False))))
    assert (
        recompute(evolve(made, steps=tuple(failed if s is step else s for s in made.steps))) != []
    )


def one_step(
    term: Term, value: object, kind: str = "金额", before: object = None, operation: str = "define"
) -> Explanation:
    step = Step("s1", "量", "", value, kind, operation, term, Citation("第一条", ""), before)  # type: ignore[arg-type]
    line = StatementLine("量", "", "", kind, "", value, "s1")  # type: ignore[arg-type]
    identity = PolicyIdentity("", "", "", "", "", "")
    return Explanation(1, "", identity, "", (line,), (step,))


def test_a_half_fen_is_rounded_away_from_zero() -> None:
    half = Term(
        "op",
        Fraction(5, 2),
        "金额",
        "divide",
        terms=(Term("input", 5, "金额", "a"), Term("input", 2, "数量", "b")),
    )
    assert recompute(one_step(half, 3)) == []
    assert recompute(one_step(half, 2)) != []
    less = evolve(
        half, value=Fraction(-5, 2), terms=(Term("input", -5, "金额", "a"), half.terms[1])
    )
    assert recompute(one_step(less, -3)) == []
    assert recompute(one_step(less, -2)) != []


@pytest.mark.parametrize(("operation", "of", "operand", "kind", "value"), [
    ("raise", "百分点", Fraction(1, 20), "比例", Fraction(13, 20)),
    ("raise", "比例", Fraction(1, 20), "比例", Fraction(13, 20)),
    ("raise", "比例", Fraction(1, 20), "比例", Fraction(63, 100)),
    ("lower", "比例", Fraction(1, 20), "比例", Fraction(57, 100)),
    ("multiply", "比例", Fraction(1, 2), "比例", Fraction(3, 10)),
    ("at_most", "比例", Fraction(1, 2), "比例", Fraction(1, 2)),
    ("at_least", "比例", Fraction(1, 2), "比例", Fraction(3, 5)),
])  # fmt: skip
def test_amendments(operation: str, of: str, operand: Fraction, kind: str, value: Fraction) -> None:
    found = Term("input", Fraction(3, 5), kind, "before")
    term = Term("amend", None, kind, operation, terms=(found, Term("constant", operand, of)))
    assert recompute(one_step(term, value, kind, Fraction(3, 5), operation)) == []
    assert recompute(one_step(term, value + 1, kind, Fraction(3, 5), operation)) != []
    assert recompute(one_step(term, value, kind, Fraction(2, 5), operation)) != []


# --- the second hand and the first agree


def test_the_checker_stands_on_its_own() -> None:
    for imported in (module, rules):
        source = open(str(imported.__file__), encoding="utf-8").read()  # noqa: SIM115
        assert not {"tiaowen.engine.interpreter", "tiaowen.compiler"} & {
            line.split()[1].rpartition(".")[0] if line.startswith("from") else line
            for line in source.split("\n") if line.startswith(("from tiaowen", "import tiaowen"))}  # fmt: skip
        assert "tiaowen.compiler" not in source
        assert "engine.interpreter" not in source


def test_every_operation_is_known() -> None:
    assert set(ENGINE_OPERATIONS) <= set(rules.OPERATIONS)


DAYS = st.dates(datetime.date(1950, 1, 1), datetime.date(2060, 12, 31))


@given(DAYS, DAYS)
def test_months_agree(first: datetime.date, last: datetime.date) -> None:
    assert rules.full_months(first, last) == dates.months_between(first, last)


@given(DAYS, st.integers(-400, 400))
def test_later_months_agree(day: datetime.date, months: int) -> None:
    assert rules.later_month(day, months) == dates.add_months(day, months)


@given(
    st.dates(datetime.date(2023, 1, 1), datetime.date(2024, 12, 31)),
    st.dates(datetime.date(2023, 1, 1), datetime.date(2024, 12, 31)),
)
@settings(max_examples=25)
def test_working_days_agree(first: datetime.date, last: datetime.date) -> None:
    assert rules.workdays(first, last) == dates.working_days(first, last)


@given(st.lists(DAYS, max_size=12), DAYS, DAYS)
def test_gaps_and_runs_agree(
    days: list[datetime.date], one: datetime.date, other: datetime.date
) -> None:
    days.sort()
    start, end = min(one, other), max(one, other)
    assert rules.missing_months(days, ()) == dates.longest_gap(days)
    assert rules.missing_months(days, (start, end)) == dates.longest_gap(days, start, end)


@given(st.fractions())
def test_rounding_agrees(amount: Fraction) -> None:
    assert rules.rounded(amount) == round_half_up(amount)


@pytest.mark.parametrize(("text", "value"), [
    ("15万元", 15_000_000), ("１５万元", 15_000_000), ("200元", 20_000), ("5个百分点", Fraction(1, 20)), ("62.5%", Fraction(5, 8)),
    ("3个工作日", 3), ("2周", 14), ("十五万元", None), ("三级", None),
])  # fmt: skip
def test_literals(text: str, value: int | Fraction | None) -> None:
    assert rules.literal(text) == value
