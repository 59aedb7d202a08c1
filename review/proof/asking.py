"""Properties as questions to the solver, over one claim or two that differ in one thing.

Two claims of any number of lines that differ in the cost of one line: that line stands in both,
alike but for its cost, and every sum differs by what that line adds to it. So what is proved is
proved of lists of any length, from the one line up through their sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import z3
from attrs import Factory, define

from tiaowen.compiler.core import LINES, Output, Program
from tiaowen.compiler.solver import days, kinds, numbers, translate
from tiaowen.compiler.solver.form import Form
from tiaowen.compiler.solver.formulas import (
    Truth,
    both,
    either,
    formula,
    implies,
    negation,
    same_truth,
)
from tiaowen.compiler.solver.invariants import Invariants, usual_invariants
from tiaowen.compiler.solver.kinds import Unsupported, Word
from tiaowen.compiler.solver.numbers import Number
from tiaowen.compiler.solver.solving import Question
from tiaowen.compiler.solver.sums import Fold, folds, lemmas
from tiaowen.compiler.types import RATIO
from tiaowen.engine.claims.roles import LineRoles, Roles
from tiaowen.review.proof.checking import LACKING, NOT_PROVIDED
from tiaowen.review.proof.records import Kind, Property
from tiaowen.review.proof.standard import Statement, level_field, person_field

OTHER = "另一份."
"""What the variables of the second claim begin with."""


@define
class Asking:
    """The questions of one matter; forms are made once for each number of lines."""

    program: Program
    matter: str
    forms: dict[tuple[object, ...], Form] = Factory(dict)
    lemmas: list[Any] = Factory(list)
    """What is proved of the sums of any number of lines."""
    past: Invariants | None = None
    """What is taken for granted of earlier decisions, since it is proved of every history."""

    def know_the_past(self) -> bool:
        """Take for granted from here on what is proved of every history; whether that is more
        than before. What is proved without it needs none of it."""
        one = self._form(None)
        if self.past is not None or not one.asking.domains:
            return False
        self.past = usual_invariants(self.program)
        self.forms.clear()
        return bool(self.past.held)

    def question(self, asked: Property, lines: int | None) -> Question:
        """``asked`` of claims with at most ``lines`` lines, None of any number.

        ``Unsupported`` where the solver's form does not hold what the question needs.
        """
        match asked.kind:
            case Kind.LEVEL | Kind.RETIRED:
                return self._other_fact(asked, lines)
            case Kind.MONOTONE | Kind.CLIFF:
                return self._more_cost(asked, lines)
        one = self._form(lines)
        if asked.kind is Kind.DECIDED:
            return _every_claim(one)
        return Question((one,), _goal(asked, one), _all(True, one))

    def _form(self, lines: int | None) -> Form:
        if (lines,) not in self.forms:
            self.forms[lines,] = translate(
                self.program, self.matter, lines=lines, invariants=self.past
            )
        return self.forms[lines,]

    # --- pairs

    def _pair(self, lines: int | None, *vary: str) -> tuple[Form, Form]:
        """A claim and a copy of it that may have another ``vary``, in a space of their own."""
        costs = vary[0].startswith(f"{LINES}.")
        if (lines, vary) not in self.forms:
            one = translate(self.program, self.matter, lines=lines, invariants=self.past)
            if costs and lines is None:
                self.lemmas = lemmas(one.space)
            other = translate(self.program, self.matter, lines=lines, prefix=OTHER, share=one,
                              invariants=self.past,
                              vary=vary)  # fmt: skip
            if costs and lines is None:
                # what holds of its sums follows from the first claim's: see _sums_follow
                folds(one.space).told = len(folds(one.space).found)
            self.forms[lines, vary], self.forms[lines, vary, OTHER] = one, other
        return self.forms[lines, vary], self.forms[lines, vary, OTHER]

    def _other_fact(self, asked: Property, lines: int | None) -> Question:
        if asked.kind is Kind.LEVEL:
            levels = level_field(self.program, asked.matter)
            assert levels is not None
            one, other = self._pair(lines, levels[0])
            differ = _higher(one.facts[levels[0]].value, other.facts[levels[0]].value, levels[1])
            return Question((one, other), _no_more_ratio(one, other), _all(differ, one, other))
        people = person_field(self.program)
        assert people is not None
        name, at_work, retired = people
        one, other = self._pair(lines, name)
        first, second = one.facts[name].value, other.facts[name].value
        assert isinstance(first, Word)
        differ = both(kinds.begins(first, at_work), kinds.begins(second, retired))
        person = Statement.of(one.matter).person
        assert person is not None
        goal = numbers.below(_amount(other, person), _amount(one, person), True)
        return Question((one, other), goal, _all(differ, one, other))

    def _more_cost(self, asked: Property, lines: int | None) -> Question:
        roles = LineRoles.of(self.program.collections[LINES].fields)
        costs = [name for name in (roles.total, roles.price) if name]
        one, other = self._pair(lines, *(f"{LINES}.{name}" for name in costs))
        alike = both(*_alike_but_for_cost(one, other, costs))
        if lines is None:
            alike = both(alike, *_sums_follow(one, other, self.lemmas))
        statement = Statement.of(one.matter)
        total = statement.total
        assert total is not None
        added = numbers.minus(_amount(other, total), _amount(one, total))
        more = numbers.below(numbers.constant(0), added, False)
        given = _all(both(alike, more), one, other)
        if asked.kind is Kind.CLIFF:
            assert statement.person is not None
            person = statement.person
            borne = numbers.minus(_amount(other, person), _amount(one, person))
            return Question((one, other), numbers.below(borne, added, True), given)
        if statement.eligible is not None:
            eligible = _amount(one, statement.eligible), _amount(other, statement.eligible)
            given = both(given, numbers.below(*eligible, False))
        paid = numbers.below(_funds(one, statement), _funds(other, statement), True)
        return Question((one, other), paid, given)


def _all(differ: Truth, *forms: Form) -> Truth:
    """What is given of two claims: how they differ, and that both are decided."""
    return both(differ, *(both(f.of_matter, _in_force(f), f.decided) for f in forms))


def _in_force(form: Form) -> Truth:
    """The stay ends, or the visit is, while the policy is in force: of others it is not asked."""
    identity, roles = form.program.identity, Roles.of(form.program)
    for name in (roles.discharge, roles.admission):
        if name not in form.facts.all:
            continue
        given = form.facts[name]
        day = days.whole_day(given.value)
        bounds: list[Truth] = []
        if identity.in_force is not None:
            bounds.append(days.before(days.day_of(identity.in_force), day, True))
        if identity.expires is not None:
            bounds.append(days.before(day, days.day_of(identity.expires), True))
        return implies(given.given, both(*bounds))
    return True


# --- goals of one claim


def _every_claim(one: Form) -> Question:
    """A claim of the matter is decided, unless it lacks something or the text says that it does
    not provide."""
    lacks = either(*(one.reason(code) for code in sorted(LACKING)))
    stops = [
        when
        for reason, when in one.stops.items()
        if reason.code not in LACKING and not (reason.code == NOT_PROVIDED and reason.words)
    ]
    given = both(one.of_matter, _in_force(one), negation(lacks))
    return Question((one,), negation(either(*stops)), given)


def _goal(asked: Property, one: Form) -> Truth:
    statement = Statement.of(one.matter)
    if asked.kind is Kind.STATED:
        assert asked.condition is not None
        found = one.property(asked.condition)
        return either(found.fails, False if found.value is None else found.value)
    if asked.kind is Kind.WITHIN:
        assert statement.eligible is not None
        return numbers.below(_funds(one, statement), _amount(one, statement.eligible), True)
    zero = numbers.constant(0)
    return both(*(numbers.below(zero, _amount(one, o), True) for o in statement.amounts))


def _no_more_ratio(low: Form, high: Form) -> Truth:
    ratio = Statement.of(low.matter).ratio
    assert ratio is not None
    return numbers.below(_amount(high, ratio), _amount(low, ratio), True)


def _amount(form: Form, output: Output) -> Number:
    value = form.outputs[output.name]
    if value is None:
        return numbers.constant(0)
    assert isinstance(value, Number)
    return value


def _funds(form: Form, statement: Statement) -> Number:
    total = numbers.constant(0)
    for fund in statement.funds:
        total = numbers.plus(total, _amount(form, fund))
    return total


def _higher(low: Any, high: Any, scale: Any) -> Truth:
    """``high`` stands on a higher step of ``scale`` than ``low``."""

    def on(value: Any, step: str) -> Truth:
        members = {step, *scale.groups.get(step, ())}
        return either(*(guard for guard, name in value.cases if name in members))

    steps = scale.steps
    return either(*(
        both(on(low, steps[i]), either(*(on(high, above) for above in steps[i + 1 :])))
        for i in range(len(steps) - 1)
    ))  # fmt: skip


def plain(question: Question) -> Truth:
    """Every ratio that a claim gives is nothing: then nothing unknown is multiplied."""
    zero = numbers.constant(0)
    return both(*(
        numbers.equal(given.value, zero)
        for form in question.forms
        for facts in (form.facts, *(line.facts for line in form.lines.get(LINES, ())))
        for given in facts.all.values()
        if given.type == RATIO
    ))  # fmt: skip


# --- one line that costs more


def _alike_but_for_cost(one: Form, other: Form, costs: Sequence[str]) -> Iterator[Truth]:
    """There is a first line, and only it has another cost or price in the second claim."""
    for index, (a, b) in enumerate(zip(one.lines[LINES], other.lines[LINES], strict=True)):
        if index == 0:
            yield a.present
        for name in costs:
            if name in a.facts.all or name in b.facts.all:
                first, second = a.facts[name], b.facts[name]
                yield same_truth(first.given, second.given)
                if index:
                    yield kinds.equal(first.value, second.value)


def _sums_follow(one: Form, other: Form, proved: list[Any]) -> Iterator[Truth]:
    """Each sum of the second claim is that of the first with the changed line's part exchanged.

    What is ``proved`` of the sums of any lines holds of the lines beside the changed one too, so
    of each sum without that line's part. Whether any line is such as is asked depends on the
    changed line and, alike in both claims, on the others.
    """
    mine, others = (_folds_of(form) for form in (one, other))
    if len(mine) != len(others):
        raise Unsupported("合计")
    rest: list[tuple[Any, Any]] = []
    for number, (a, b) in enumerate(zip(mine, others, strict=True)):
        if a.kind != b.kind:
            raise Unsupported("合计")
        if a.kind == "sum":
            change = numbers.minus(b.each, a.each)
            yield numbers.equal(numbers.minus(b.value, a.value), change)
            part, den = numbers.as_term(a.each)
            if den == a.value.den and z3.is_int(part):
                rest.append((a.value.term, a.value.term - part))
        elif a.kind == "any":
            elsewhere = one.space.truth(f"{OTHER}任一 {number}")
            yield same_truth(formula(a.value), either(a.each, elsewhere))
            yield same_truth(formula(b.value), either(b.each, elsewhere))
    if len(rest) == sum(fold.kind == "sum" for fold in mine):
        told = (formula(lemma) for lemma in proved)
        yield from (z3.substitute(lemma, rest) for lemma in told if not z3.is_not(lemma))


def _folds_of(form: Form) -> list[Fold]:
    facts = form.lines[LINES][0].facts
    return [fold for fold in folds(form.space).found if fold.lines is facts]
