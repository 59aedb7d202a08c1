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

    lines: Any
    """What the elements are known by: their facts, or a ``portions.Portion``."""
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


def sum_of_every(space: Space, lines: Any, taken: Truth, value: Number) -> Number:
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
    real = not each.cases and z3.is_real(each.term)
    total = Number((), space.real(name) if real else space.integer(name), den, low=low)
    if positive:
        space.fact(total.term >= 0)
    folds(space).found.append(Fold(lines, "sum", each, total))
    return total


def any_of_every(space: Space, lines: Any, each: Truth) -> Truth:
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
    asking: Asking, lines: Any, core: c.Aggregate, taken: Truth, value: Symbolic
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
    """What is proved of the folds of ``space`` and not told before; the space is told it.

    Lines come before the parts they are in: what is proved of the one helps to prove the other.
    Of parts only their sums are looked at; whether some part stops is left open.
    """
    kept = folds(space)
    new = kept.found[kept.told :]
    kept.told = len(kept.found)
    owners = {id(fold.lines): fold.lines for fold in kept.found}
    told: list[Any] = []
    for owner in owners.values():
        fresh = [fold for fold in new if fold.lines is owner]
        if fresh:
            sums = [f for f in kept.found if f.kind == "sum" and f.lines is owner]
            if not isinstance(owner, Facts):
                fresh = [fold for fold in fresh if fold.kind == "sum"]
            found = list(_of_owner(_Prover.of(space.facts), fresh, sums[-MOST_SUMMED:]))
            for lemma in found:
                space.fact(lemma)
            told += found
    return told


def _of_owner(prover: _Prover, new: list[Fold], sums: list[Fold]) -> Iterator[Truth]:
    """What is proved of the folds over the same elements."""
    for fold in new:
        if fold.kind == "sum":
            prover.sample(numbers.below(constant(0), fold.each, False))
    for fold in new:
        if fold.kind == "any" and prover.always(negation(fold.each)):
            yield negation(fold.value)
        if fold.kind == "sum" and prover.always(_not_negative(fold.each)):
            yield _not_negative(fold.value)
    fresh = {id(fold) for fold in new}
    for a, b in combinations(sums, 2):
        if fresh & {id(a), id(b)}:
            yield from _ordered(prover, a, b)
    yield from _identities(prover, sums, fresh)


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
        others = [f for f in sums if f is not total]
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
