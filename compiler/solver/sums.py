"""Sums over any number of elements: what holds of every element, added up.

A sum is known by what is summed, written over the one element that stands for all; two copies of
a claim that sum the same share the value. ``lemmas`` then finds what the solver proves of every
element (an amount is not negative, not more than another, the sum of others) and says it of the
sums: proved once, true for any number of elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import z3
from attrs import Factory, define, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.solver import kinds, numbers
from tiaowen.compiler.solver.facts import Facts, unknown
from tiaowen.compiler.solver.formulas import Truth, formula, negation, same_form
from tiaowen.compiler.solver.kinds import Symbolic
from tiaowen.compiler.solver.numbers import Number, constant
from tiaowen.compiler.solver.places import Asking
from tiaowen.compiler.solver.space import Space

LEMMA_LIMIT = 1_000_000
"""What the solver may spend on one lemma (``rlimit``)."""
MOST_SUMMED = 10
"""So many sums at most are compared with one another."""


@frozen(eq=False)
class Fold:
    """A fold over every element of ``lines``: what is read in one of them, and its value."""

    lines: Facts
    kind: str
    each: Symbolic
    value: Symbolic


@define(eq=False)
class Folds:
    """The folds of a space, in the order they were met."""

    found: list[Fold] = Factory(list)
    told: int = 0


def folds(space: Space) -> Folds:
    """The folds that ``space`` keeps."""
    kept = space.kept.setdefault("folds", Folds())
    assert isinstance(kept, Folds)
    return kept


def sum_of_every(space: Space, lines: Facts, taken: Truth, value: Number) -> Number:
    """The sum of ``value`` over the elements that are ``taken``."""
    each = kinds.choose([(taken, value), (True, constant(0))])
    if each.fixed == 0:
        return constant(0)
    for fold in folds(space).found:
        if fold.kind == "sum" and fold.lines is lines and kinds.same_symbolic(fold.each, each):
            assert isinstance(fold.value, Number)
            return fold.value
    name = space.fresh(f"{lines.prefix}合计")
    positive = each.low is not None and each.low >= 0
    low = constant(0).low if positive else None
    den = 1 if each.cases and each.whole else numbers.as_term(each)[1]
    total = Number((), space.integer(name), den, low=low)
    if positive:
        space.fact(total.term >= 0)
    folds(space).found.append(Fold(lines, "sum", each, total))
    return total


def any_of_every(space: Space, lines: Facts, each: Truth) -> Truth:
    """Whether ``each`` is true of some element."""
    if each is False:
        return False
    for fold in folds(space).found:
        if fold.kind == "any" and fold.lines is lines and same_form(fold.each, each):
            return fold.value
    value = space.truth(space.fresh(f"{lines.prefix}任一"))
    folds(space).found.append(Fold(lines, "any", each, value))
    return value


def extreme_of_every(
    asking: Asking, lines: Facts, core: c.Aggregate, taken: Truth, value: Symbolic
) -> Symbolic:
    """The highest, lowest or first value: any there can be."""
    space = asking.space
    for fold in folds(space).found:
        if fold.kind == core.kind and fold.lines is lines and kinds.same_symbolic(fold.each, value):
            return fold.value
    made = unknown(space.fresh(f"{lines.prefix}{core.kind}"), core.type, asking.program, space)
    space.approximate(f"{core.kind}(每项 …)", "the highest, lowest or first of any number of lines")
    folds(space).found.append(Fold(lines, core.kind, value, made))
    return made


# --- lemmas


@define
class _Prover:
    """Proves claims of one element. Claims that a few elements belie are not tried."""

    solver: Any
    samples: list[Any] = Factory(list)

    @classmethod
    def of(cls, facts: list[Any]) -> _Prover:
        solver = z3.SimpleSolver()
        solver.set("rlimit", LEMMA_LIMIT)
        solver.add(*facts)
        return cls(solver)

    def always(self, claim: Truth) -> bool:
        """Whether ``claim`` holds of every element; False also where that was not told in time."""
        if isinstance(claim, bool):
            return claim
        if any(z3.is_false(m.eval(claim, model_completion=True)) for m in self.samples):
            return False
        return bool(self._found(z3.Not(claim)) == z3.unsat)

    def sample(self, claim: Truth) -> None:
        """An element of which ``claim`` holds, to try later claims on."""
        self._found(formula(claim))

    def _found(self, claim: Any) -> Any:
        self.solver.push()
        self.solver.add(claim)
        found = self.solver.check()
        if found == z3.sat:
            self.samples.append(self.solver.model())
        self.solver.pop()
        return found


def lemmas(space: Space) -> list[Any]:
    """What is proved of the folds of ``space`` and not told before; the space is told it."""
    kept = folds(space)
    if kept.told == len(kept.found):
        return []
    prover = _Prover.of(space.facts)
    new = kept.found[kept.told :]
    for fold in new:
        if fold.kind == "sum":
            prover.sample(numbers.below(constant(0), fold.each, False))
    told: list[Truth] = []
    for fold in new:
        if fold.kind == "any" and prover.always(negation(fold.each)):
            told.append(negation(fold.value))
        if fold.kind == "sum" and prover.always(_not_negative(fold.each)):
            told.append(_not_negative(fold.value))
    sums = [f for f in kept.found if f.kind == "sum"][-MOST_SUMMED:]
    fresh = {id(f) for f in new}
    for a, b in combinations(sums, 2):
        if a.lines is b.lines and fresh & {id(a), id(b)}:
            told += _ordered(prover, a, b)
    told += _identities(prover, sums, fresh)
    kept.told = len(kept.found)
    for lemma in told:
        space.fact(lemma)
    return told


def _not_negative(number: Number) -> Truth:
    return numbers.below(constant(0), number, True)


def _ordered(prover: _Prover, a: Fold, b: Fold) -> Iterator[Truth]:
    """Which of two amounts is never more than the other."""
    for low, high in ((a, b), (b, a)):
        if prover.always(numbers.below(low.each, high.each, True)):
            yield numbers.below(low.value, high.value, True)


def _identities(prover: _Prover, sums: list[Fold], fresh: set[int]) -> Iterator[Truth]:
    """Amounts that are the sum of two to four others, on every element."""
    for total in sums:
        others = [f for f in sums if f is not total and f.lines is total.lines]
        for size in (2, 3, 4):
            for parts in combinations(others, size):
                if not fresh & {id(total), *map(id, parts)}:
                    continue
                each = numbers.equal(_plus([p.each for p in parts]), total.each)
                if prover.always(each):
                    yield numbers.equal(_plus([p.value for p in parts]), total.value)


def _plus(parts: list[Number]) -> Number:
    whole = parts[0]
    for part in parts[1:]:
        whole = numbers.plus(whole, part)
    return whole
