"""The solver's answers as verdicts: proved, or a claim that the interpreter confirms.

A model that the interpreter does not confirm refutes nothing; then, and where the solver's time
is up, the answer is open and says why.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import z3
from attrs import define, evolve, field

from tiaowen.compiler.core import LINES, Program
from tiaowen.compiler.solver.evaluating import Valuation
from tiaowen.compiler.solver.form import deep
from tiaowen.compiler.solver.formulas import both, formula, negation
from tiaowen.compiler.solver.kinds import Unsupported
from tiaowen.compiler.solver.solving import Question, corrections
from tiaowen.compiler.solver.witness import Witness
from tiaowen.engine.claims.roles import LineRoles
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.earlier import EarlierClaim, HistoryItem, Opening, Settlement
from tiaowen.review.proof.asking import Asking, plain
from tiaowen.review.proof.candidates import Candidates
from tiaowen.review.proof.checking import Breach
from tiaowen.review.proof.exploring import Exploring
from tiaowen.review.proof.pairs import Hit, nearest
from tiaowen.review.proof.records import (
    Change,
    Counterexample,
    Found,
    MoreCost,
    OtherFact,
    Property,
    Proved,
    Refuted,
    Scene,
    Searched,
    Verdict,
    Why,
)
from tiaowen.review.proof.searching import SHRINKING, confirmed
from tiaowen.review.proof.shrinking import shrink
from tiaowen.review.proof.trying import Spent, Trying

MOST_MODELS = 12
"""Models looked at before the solver is given up."""


@define
class Solver:
    """Answers the questions of one matter; ``timeout`` is in seconds for each."""

    program: Program
    matter: str
    timeout: float
    asking: Asking = field(init=False)

    @asking.default
    def _asking(self) -> Asking:
        return Asking(self.program, self.matter)

    def verdict(self, asked: Property) -> Verdict:
        """Proved, refuted with a claim, or ``Searched`` of no claims where it stays open."""
        begin = time.monotonic()
        try:
            general = self.asking.question(asked, None)
            found = check(general, self.timeout)
            if found != z3.unsat and self.asking.know_the_past():
                general = self.asking.question(asked, None)
                found = check(general, self.timeout)
            if found == z3.unsat:
                assumed = [
                    n for f in general.forms for n, t in f.assumptions.items() if t is not True
                ]
                return Proved(time.monotonic() - begin, tuple(dict.fromkeys(assumed)))
            short = self._short(asked)
            if isinstance(short, Counterexample):
                return Refuted(short, Found.SOLVER)
        except Unsupported as beyond:
            return Searched(0, Why.UNTRANSLATED, beyond.reason)
        if found == z3.unknown:
            return Searched(0, Why.TIMEOUT, f"{self.timeout:g}")
        if short == z3.unsat:
            return Searched(0, Why.SUMS)
        names = [a.name for a in general.forms[0].approximations]
        return Searched(0, Why.APPROXIMATE, "、".join(names))

    def _short(self, asked: Property) -> Counterexample | Any:
        """A claim of one line that breaks ``asked``, as the interpreter decides it; else what the
        solver says of such claims: ``z3.unsat`` is a proof for them. First one without ratios of
        its own is looked for, of which the form follows more."""
        question = self.asking.question(asked, 1)
        simple = evolve(question, given=both(question.given, plain(question)))
        found: Any = z3.unknown
        for tried in (simple, question):
            for answer in _models(tried, self.timeout / 2):
                found = answer
                if isinstance(answer, Valuation):
                    with deep():
                        claims = tuple(form.claim(answer) for form in question.forms)
                    shown = _confirmed(asked, claims, self.program)
                    if shown is not None:
                        return shown
        return found


def check(question: Question, seconds: float) -> Any:
    """What the solver says of a claim that breaks the goal: ``z3.unsat`` is a proof, ``z3.sat``
    a claim as far as the form follows it."""
    found: Any = z3.sat
    for answer in _models(question, seconds):
        found = z3.sat if isinstance(answer, Valuation) else answer
    return found


def _models(question: Question, seconds: float) -> Iterator[Valuation | Any]:
    """Models of claims that break the goal, until none is wrong about what the form abstracts:
    where one is, the solver is told how it is there. Ends with what the solver says where it
    finds none."""
    solver = _solver(question)
    space = question.forms[0].space
    deadline = time.monotonic() + seconds
    for _ in range(MOST_MODELS):
        left = deadline - time.monotonic()
        solver.set("timeout", max(1, int(left * 1000)))
        answer = solver.check() if left > 0 else z3.unknown
        if answer != z3.sat:
            yield answer
            return
        with deep():
            valuation = Valuation(space, solver.model())
            wrong = list(corrections(valuation))
        yield valuation
        if not wrong:
            return
        solver.add(*wrong)


def _solver(question: Question) -> Any:
    solver = z3.SolverFor("ALL")
    solver.add(*question.forms[0].constraints)
    solver.add(formula(both(question.given, negation(question.goal))))
    return solver


def _confirmed(
    asked: Property, claims: tuple[Witness, ...], program: Program
) -> Counterexample | None:
    """The claims of a model made simple, if the interpreter says that they break ``asked``."""
    trying = Trying(program, asked.matter, Candidates.of(program, asked.matter), SHRINKING)
    first = scene_of(claims[0])
    change = _change(claims, program)
    if len(claims) > 1 and change is None:
        return None
    shown = confirmed(Hit(first, change, Breach({})), asked, trying)
    if shown is None:
        return None
    hit = Hit(shown.scenes[0], change, Breach(shown.figures, shown.loss))
    if isinstance(change, MoreCost):
        hit = next(nearest(asked, hit.scene, change, trying), hit)
    simple = shrink(hit, asked, trying)
    trying.left = SHRINKING
    return _replayed(confirmed(simple, asked, trying) or shown, asked, trying)


def _replayed(shown: Counterexample, asked: Property, trying: Trying) -> Counterexample:
    """``shown`` with earlier claims in place of the figures that the solver gives its past,
    where claims are found that lead to the same breach."""
    scene = shown.scenes[0]
    figures = [i for i in scene.items if not isinstance(i, EarlierClaim)]
    if not figures:
        return shown
    costs = {v for i in figures if isinstance(i, Opening | Settlement)
             for v in i.values.values() if type(v) is int and v > 0}  # fmt: skip
    bare = evolve(scene, items=())
    with suppress(Spent):
        for past in Exploring(trying).pasts(bare, sorted(costs)):
            found = confirmed(Hit(past, shown.change, Breach({}, shown.loss)), asked, trying)
            if found is not None:
                return found
    return evolve(shown, replayed=False)


def scene_of(found: Witness) -> Scene:
    """The claim of a model with all it is decided under."""
    collections = {n: records for n, records in found.collections.items() if any(records)}
    parameters = {
        name: ParameterValue(rows[0][1] if len(rows) == 1 and not rows[0][0] else None,
                             rows if len(rows) > 1 or rows[0][0] else ())
        for name, rows in found.parameters.items()
        if rows
    }  # fmt: skip
    return Scene(
        Claim(found.matter, dict(found.fields), collections),
        tuple(_items(found)),
        parameters,
        {name: str(choice) for name, choice in found.readings.items()},
    )


def _items(found: Witness) -> Iterator[HistoryItem]:
    if found.opened is not None:
        yield Opening(found.opened.year, found.opened.values, found.opened.counts)
    for item in found.settled:
        yield Settlement(item.matter, item.values)


def _change(claims: tuple[Witness, ...], program: Program) -> Change | None:
    """What the second claim of a model has other than the first; None where that is no one
    thing."""
    if len(claims) < 2:
        return None
    one, other = claims
    names = dict.fromkeys([*one.fields, *other.fields])
    differ = [n for n in names if one.fields.get(n) != other.fields.get(n)]
    if len(differ) == 1:
        info = program.fields[differ[0]]
        value = other.fields.get(differ[0], info.default)
        return None if value is None else OtherFact(differ[0], value)
    total = LineRoles.of(program.collections[LINES].fields).total
    costs: list[Any] = [c.collections.get(LINES, ({},))[0].get(total) for c in claims]
    if differ or None in costs or costs[1] <= costs[0]:
        return None
    return MoreCost(0, costs[1] - costs[0])
