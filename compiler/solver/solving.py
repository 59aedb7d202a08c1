"""One question to the solver: whether something holds of every claim.

First of claims of any length, with sums as values of their own: if that is proved it is proved.
Else of claims of a few lines, exactly: a model is completed by the meaning of what was
abstracted, and where it was wrong the solver is told the truth there and asked again. What the
solver may spend is counted in its own steps, so that an answer does not depend on the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import z3
from attrs import field, frozen

from tiaowen.compiler.solver.evaluating import NotRepresented, Valuation
from tiaowen.compiler.solver.form import Form, deep
from tiaowen.compiler.solver.formulas import Truth, both, formula, implies, negation
from tiaowen.compiler.solver.kinds import equal, known
from tiaowen.compiler.solver.space import Approximation, Auxiliary
from tiaowen.compiler.types import Type

LIMIT = 40_000_000
"""What one question may spend (``rlimit``): some ten seconds."""
QUICK = 8
"""The part of it that the quick solver, which proves soon or not at all, is given."""
MOST_ROUNDS = 24
"""How often a model is refused because of what was abstracted."""
LENGTHS = (1, 2)
"""Lines of the claims that counterexamples are looked for among."""


@frozen
class Question:
    """Whether ``goal`` holds wherever ``given`` does, of the claims ``forms`` of one space."""

    forms: tuple[Form, ...]
    goal: Truth
    given: Truth = True


Asked: TypeAlias = Callable[[int | None], Question]
"""Makes the question for claims of at most so many lines; None, of any number."""


@frozen
class Proved:
    """It holds of every claim for which the assumptions named hold."""

    assumptions: tuple[str, ...]
    approximations: tuple[Approximation, ...]
    spent: int


@frozen
class Refuted:
    """Claims, one for each form, that the solver says it fails on; the interpreter confirms."""

    claims: tuple[Any, ...]
    """``witness.Witness`` of each form"""
    spent: int
    valuation: Valuation = field(repr=False, eq=False)


@frozen
class Undecided:
    """The solver gave up: ``limit`` its steps ran out, ``abstracted`` every model it found rests
    on what it was told only facts about, ``long`` there is none among claims of a few lines."""

    why: str
    approximations: tuple[Approximation, ...]
    spent: int


Answer: TypeAlias = Proved | Refuted | Undecided


def prove(ask: Asked, *, limit: int = LIMIT, lengths: Iterable[int] = LENGTHS) -> Answer:
    """The answer to a question, of claims of any number of lines."""
    general = ask(None)
    answer = solve(general, limit=limit)
    if isinstance(answer, Proved):
        return answer
    why = "long" if isinstance(answer, Refuted) else answer.why
    spent = answer.spent
    for length in lengths:
        found = solve(ask(length), limit=limit)
        spent += found.spent
        if isinstance(found, Refuted):
            return Refuted(found.claims, spent, found.valuation)
        if isinstance(found, Undecided):
            why = found.why
    return Undecided(why, general.forms[0].approximations, spent)


def solve(question: Question, *, limit: int = LIMIT) -> Answer:
    """The answer for the claims that the question's forms stand for."""
    first = question.forms[0]
    asked = [*first.constraints, formula(both(question.given, negation(question.goal)))]
    quick = _solver(z3.SimpleSolver(), asked, limit // QUICK)
    if quick.check() == z3.unsat:
        return _proved(question, _spent(quick))
    solver = _solver(z3.SolverFor("ALL"), asked, limit)
    spent = 0
    for _ in range(MOST_ROUNDS):
        found = solver.check()
        spent += _spent(solver)
        if found == z3.unsat:
            return _proved(question, spent)
        if found == z3.unknown:
            return Undecided("limit", first.approximations, spent)
        with deep():
            valuation = Valuation(first.space, solver.model())
            wrong = list(corrections(valuation))
            if not wrong or _stands(valuation, question):
                claims = tuple(form.claim(valuation) for form in question.forms)
                return Refuted(claims, spent, valuation)
        solver.add(*wrong)
    return Undecided("abstracted", first.approximations, spent)


def _solver(solver: Any, asked: list[Any], limit: int) -> Any:
    solver.set("rlimit", limit)
    solver.add(*asked)
    return solver


def _proved(question: Question, spent: int) -> Proved:
    assumed = tuple(dict.fromkeys(name for form in question.forms for name in form.assumptions))
    return Proved(assumed, question.forms[0].approximations, spent)


def _stands(valuation: Valuation, question: Question) -> bool:
    """Whether a model is still a counterexample when what was abstracted is worked out."""
    try:
        valuation.complete()
    except (NotRepresented, ValueError, OverflowError):
        return False
    failing = both(question.given, negation(question.goal))
    return valuation.holds(failing) and all(
        valuation.holds(fact) for fact in question.forms[0].constraints
    )


def _spent(solver: Any) -> int:
    statistics = solver.statistics()
    counted = dict(statistics[index] for index in range(len(statistics)))
    return int(counted.get("rlimit count", 0))


def corrections(valuation: Valuation) -> Iterable[Any]:
    """What a model gets wrong of the values that were abstracted, told as it is."""
    for auxiliary in valuation.space.auxiliaries:
        operands = [valuation.plain(operand) for operand in auxiliary.operands]
        try:
            right = auxiliary.meaning(*operands)
        except (NotRepresented, ValueError, OverflowError):
            continue
        if right is not None and valuation.plain(auxiliary.value) != right:
            yield formula(_told(auxiliary, operands, right, valuation))


def _told(auxiliary: Auxiliary, operands: list[Any], right: Any, valuation: Valuation) -> Truth:
    if auxiliary.at is not None:
        return auxiliary.at(*operands)
    texts = valuation.space.texts
    kind = Type("")
    pairs = zip(auxiliary.operands, operands, strict=True)
    alike = both(*(equal(symbolic, known(plain, kind, texts)) for symbolic, plain in pairs))
    return implies(alike, equal(auxiliary.value, known(right, kind, texts)))
