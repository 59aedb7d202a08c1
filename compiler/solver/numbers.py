"""Exact numbers of the solver's form.

A number is either one of finitely many values, each under its guard, or a whole term over a
fixed denominator. So an amount times a ratio of a table is a choice between multiples: nothing
is multiplied that the solver does not know. Bounds that are certain are carried along and spare
it the branches that cannot happen.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from typing import Any

import z3
from attrs import field, frozen

from tiaowen.compiler.solver.formulas import Term, Truth, both, either, negation, same_form
from tiaowen.compiler.values import round_half_up

MOST_CASES = 96
"""A number of more values than this is carried as a term."""

Bound = Fraction | None


@frozen
class Number:
    """``cases``: (guard, value), one guard true; or else ``term`` / ``den``.

    ``low`` and ``high`` bound it for certain; None is no bound. A term may be real-valued.
    """

    cases: tuple[tuple[Truth, Fraction], ...] = ()
    term: Term = None
    den: int = 1
    low: Bound = field(default=None, kw_only=True)
    high: Bound = field(default=None, kw_only=True)

    @property
    def fixed(self) -> Fraction | None:
        """The value, where there is but one."""
        return self.cases[0][1] if len(self.cases) == 1 else None

    @property
    def whole(self) -> bool:
        """Whether it is certainly a whole number."""
        if self.cases:
            return all(value.denominator == 1 for _, value in self.cases)
        return self.den == 1 and bool(z3.is_int(self.term))


def constant(value: int | Fraction) -> Number:
    return Number(((True, Fraction(value)),), low=Fraction(value), high=Fraction(value))


def of_term(term: Term, den: int = 1, low: Bound = None, high: Bound = None) -> Number:
    """``term`` / ``den``; where the term is a numeral, the constant it is."""
    if z3.is_int_value(term) or z3.is_rational_value(term):
        return constant(Fraction(term.as_fraction() if z3.is_rational_value(term)
                                 else term.as_long()) / den)  # fmt: skip
    if low is not None and low == high:
        return constant(low)
    return Number((), term, den, low=low, high=high)


def of_cases(found: Iterable[tuple[Truth, Fraction]]) -> Number:
    """A number of the values given, equal ones under one guard."""
    guards: dict[Fraction, list[Truth]] = {}
    for guard, value in found:
        if guard is not False:
            guards.setdefault(value, []).append(guard)
    cases = tuple((either(*gs), value) for value, gs in guards.items())
    if len(cases) == 1:
        return constant(cases[0][1])
    low, high = min(guards), max(guards)
    made = Number(cases, low=low, high=high)
    return made if len(cases) <= MOST_CASES else Number((), *as_term(made), low=low, high=high)


def as_term(number: Number) -> tuple[Term, int]:
    """``number`` as a term over a denominator."""
    if not number.cases:
        return number.term, number.den
    den = lcm(*(value.denominator for _, value in number.cases))
    *before, (_, last) = number.cases
    term: Term = z3.IntVal(int(last * den))
    for guard, value in reversed(before):
        term = z3.If(guard, z3.IntVal(int(value * den)), term)
    return term, den


def _aligned(*numbers: Number) -> tuple[list[Term], int]:
    """The numbers' terms over one denominator, all whole or all real."""
    pairs = [as_term(n) for n in numbers]
    den = lcm(*(d for _, d in pairs))
    terms = [t if d == den else t * (den // d) for t, d in pairs]
    if any(z3.is_real(t) for t in terms):
        terms = [t if z3.is_real(t) else z3.ToReal(t) for t in terms]
    return terms, den


# --- arithmetic


def plus(a: Number, b: Number) -> Number:
    if _crossable(a, b):
        return _crossed(a, b, lambda x, y: x + y)
    if b.fixed == 0:
        return a
    if a.fixed == 0:
        return b
    (x, y), den = _aligned(a, b)
    return of_term(x + y, den, _sum(a.low, b.low), _sum(a.high, b.high))


def minus(a: Number, b: Number) -> Number:
    if b.fixed == 0:
        return a
    if not a.cases and not b.cases and a.den == b.den and same_form(a.term, b.term):
        return constant(0)
    return plus(a, negative(b))


def negative(a: Number) -> Number:
    if a.cases:
        return of_cases((guard, -value) for guard, value in a.cases)
    low, high = (None if b is None else -b for b in (a.high, a.low))
    return of_term(-a.term, a.den, low, high)


def scaled(a: Number, factor: Fraction) -> Number:
    """``a`` × a constant."""
    if factor == 0:
        return constant(0)
    if a.cases:
        return of_cases((guard, value * factor) for guard, value in a.cases)
    low, high = (None if b is None else b * factor for b in (a.low, a.high))
    if factor < 0:
        low, high = high, low
    over, den = factor.numerator, a.den * factor.denominator
    return of_term(a.term if over == 1 else a.term * over, den, low, high)


def times(a: Number, b: Number) -> Number | None:
    """``a`` × ``b``; None where neither has finitely many values."""
    if _crossable(a, b):
        return _crossed(a, b, lambda x, y: x * y)
    finite, other = (a, b) if a.cases else (b, a)
    if not finite.cases:
        return None
    return choose([(guard, scaled(other, value)) for guard, value in finite.cases])


def _crossable(a: Number, b: Number) -> bool:
    return bool(a.cases and b.cases) and len(a.cases) * len(b.cases) <= 4 * MOST_CASES


def _crossed(a: Number, b: Number, meaning: Any) -> Number:
    return of_cases((both(g, h), meaning(x, y)) for g, x in a.cases for h, y in b.cases)


def _sum(a: Bound, b: Bound) -> Bound:
    return None if a is None or b is None else a + b


def _least(a: Bound, b: Bound) -> Bound:
    return None if a is None or b is None else min(a, b)


def _most(a: Bound, b: Bound) -> Bound:
    return None if a is None or b is None else max(a, b)


def choose(found: list[tuple[Truth, Number]]) -> Number:
    """The number whose guard holds; of several, the first's. The last is taken for the rest."""
    kept = [(guard, number) for guard, number in found if guard is not False]
    first = next((i for i, (guard, _) in enumerate(kept) if guard is True), len(kept) - 1)
    kept = kept[: first + 1]
    if len(kept) == 1:
        return kept[0][1]
    if all(number.cases for _, number in kept):
        return of_cases(_exclusive(kept))
    terms, den = _aligned(*(number for _, number in kept))
    term = terms[-1]
    for (guard, _), then in reversed(list(zip(kept[:-1], terms[:-1], strict=True))):
        term = then if same_form(then, term) else z3.If(guard, then, term)
    low, high = kept[0][1].low, kept[0][1].high
    for _, number in kept[1:]:
        low, high = _least(low, number.low), _most(high, number.high)
    return of_term(term, den, low, high)


def _exclusive(found: list[tuple[Truth, Number]]) -> Iterable[tuple[Truth, Fraction]]:
    before: Truth = False
    for index, (guard, number) in enumerate(found):
        here = negation(before) if index == len(found) - 1 else both(guard, negation(before))
        yield from ((both(here, inner), value) for inner, value in number.cases)
        before = either(before, guard)


# --- order


def below(a: Number, b: Number, closed: bool) -> Truth:
    """``a`` < ``b``, or ≤ where ``closed``."""
    if _certain(a.high, b.low, closed):
        return True
    if _certain(b.high, a.low, not closed):
        return False
    if _crossable(a, b):
        return either(*(
            both(g, h) for g, x in a.cases for h, y in b.cases if x < y or (closed and x == y)
        ))  # fmt: skip
    (x, y), _ = _aligned(a, b)
    return x <= y if closed else x < y


def _certain(a: Bound, b: Bound, closed: bool) -> bool:
    return a is not None and b is not None and (a < b or (closed and a == b))


def equal(a: Number, b: Number) -> Truth:
    if a.high is not None and b.low is not None and a.high < b.low:
        return False
    if a.low is not None and b.high is not None and a.low > b.high:
        return False
    if _crossable(a, b):
        return either(*(both(g, h) for g, x in a.cases for h, y in b.cases if x == y))
    (x, y), _ = _aligned(a, b)
    return True if same_form(x, y) else x == y


def not_negative(a: Number) -> bool:
    """Whether ``a`` is certainly not below 0."""
    return a.low is not None and a.low >= 0


def extreme(numbers: Iterable[Number], highest: bool) -> Number:
    """The highest or the lowest."""
    best, *rest = numbers
    for other in rest:
        keep = below(other, best, True) if highest else below(best, other, True)
        found = choose([(keep, best), (True, other)])
        low, high = (
            (_known_most(best.low, other.low), _most(best.high, other.high))
            if highest
            else (_least(best.low, other.low), _known_least(best.high, other.high))
        )
        best = found if found.cases else of_term(found.term, found.den, low, high)
    return best


def _known_most(a: Bound, b: Bound) -> Bound:
    return b if a is None else a if b is None else max(a, b)


def _known_least(a: Bound, b: Bound) -> Bound:
    return b if a is None else a if b is None else min(a, b)


# --- whole numbers


def rounded(a: Number) -> Number:
    """``a`` to the nearest whole number, halves away from zero."""
    if a.whole:
        return a
    if a.cases:
        return of_cases((guard, Fraction(round_half_up(value))) for guard, value in a.cases)
    low, high = (None if b is None else Fraction(round_half_up(b)) for b in (a.low, a.high))
    up = _floored(2 * a.term + a.den, 2 * a.den)
    if a.low is not None and a.low >= 0:
        return of_term(up, 1, low, high)
    down = -_floored(-2 * a.term + a.den, 2 * a.den)
    return of_term(z3.If(a.term >= 0, up, down), 1, low, high)


def floor(a: Number) -> Number:
    if a.whole:
        return a
    if a.cases:
        return of_cases((guard, Fraction(value // 1)) for guard, value in a.cases)
    low, high = (None if b is None else Fraction(b // 1) for b in (a.low, a.high))
    return of_term(_floored(a.term, a.den), 1, low, high)


def _floored(over: Term, den: int) -> Term:
    return over / den if z3.is_int(over) else z3.ToInt(over / den)
