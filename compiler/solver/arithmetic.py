"""What the ``solver`` column of the table of operations is written in.

Each function here means what its operation means on plain values. Where the solver could not
follow exactly (two unknowns multiplied or divided, working days) the result is a value of its
own with true facts about it, and is listed among the approximations.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from operator import mul
from typing import Any

from attrs import define

from tiaowen.compiler.operations import OPERATIONS
from tiaowen.compiler.solver import days, kinds, numbers
from tiaowen.compiler.solver.counting import Counting
from tiaowen.compiler.solver.days import Day
from tiaowen.compiler.solver.formulas import Truth, both, either, implies, negation
from tiaowen.compiler.solver.kinds import Grounds, Symbolic
from tiaowen.compiler.solver.numbers import Number, constant, not_negative
from tiaowen.compiler.solver.space import Auxiliary

MOST_COMPARED = 8
"""A product is compared with so many earlier ones."""


@cache
def _form(name: str) -> Any:
    """The compiled text of an operation's form; operands stand under ``o``."""
    text = OPERATIONS[name].solver
    places = [f"o[{index}]" for index in range(text.count("{"))]
    return compile(text.replace("{*}", "*o").format(*places), name, "eval")


@define(eq=False)
class Arithmetic(Counting):
    """The operations on symbolic values of one space."""

    def operate(self, name: str, operands: list[Symbolic]) -> Symbolic:
        """The value of operation ``name``."""
        forms = {form: getattr(self, form) for form in _FORMS}
        return eval(_form(name), {"__builtins__": {}, "o": operands, **forms})

    # --- comparing

    def equal(self, a: Symbolic, b: Symbolic) -> Truth:
        return kinds.equal(*_by_days(a, b))

    def below(self, a: Symbolic, b: Symbolic) -> Truth:
        return kinds.ordered(*_by_days(a, b), closed=False)

    def at_most(self, a: Symbolic, b: Symbolic) -> Truth:
        return kinds.ordered(*_by_days(a, b), closed=True)

    def negation(self, truth: Truth) -> Truth:
        return negation(truth)

    def any_of(self, grounds: Grounds) -> Truth:
        return either(*(holds for holds, _ in grounds.held))

    def same_area(self, a: Symbolic, b: Symbolic) -> Truth:
        return kinds.same_beginning(a, b)

    def lowest(self, *values: Symbolic) -> Symbolic:
        return self._extreme(values, highest=False)

    def highest(self, *values: Symbolic) -> Symbolic:
        return self._extreme(values, highest=True)

    def _extreme(self, values: tuple[Symbolic, ...], highest: bool) -> Symbolic:
        if isinstance(values[0], Number):
            return numbers.extreme(values, highest)
        best, *rest = values
        for other in rest:
            keep = days.before(other, best, True) if highest else days.before(best, other, True)
            best = kinds.choose([(keep, best), (True, other)])
        return best

    # --- numbers

    def plus(self, a: Number, b: Number) -> Number:
        return numbers.plus(a, b)

    def minus(self, a: Number, b: Number) -> Number:
        return numbers.minus(a, b)

    def scaled(self, a: Number, over: int, under: int = 1) -> Number:
        return numbers.scaled(a, Fraction(over, under))

    def floor(self, a: Number) -> Number:
        return numbers.floor(a)

    def times(self, a: Number, b: Number) -> Number:
        exact = numbers.times(a, b)
        if exact is not None:
            return exact
        made: Number = self.space.application("product", (a, b), lambda: self._product(a, b))
        return made

    def _product(self, a: Number, b: Number) -> Number:
        space, zero, one = self.space, constant(0), constant(1)
        name = space.fresh("product")
        low = Fraction(0) if not_negative(a) and not_negative(b) else None
        whole = a.whole and b.whole
        term = space.integer(name) if whole else space.real(name)
        product = Number((), term, low=low)
        space.approximate("×", "two unknown numbers are multiplied")
        for x, y in ((a, b), (b, a)):
            positive, lowest = numbers.below(zero, x, True), numbers.below(zero, y, True)
            space.fact(implies(numbers.equal(x, zero), numbers.equal(product, zero)))
            space.fact(implies(both(positive, numbers.below(y, one, True)),
                               numbers.below(product, x, True)))  # fmt: skip
            space.fact(implies(both(positive, numbers.below(one, y, True)),
                               numbers.below(x, product, True)))  # fmt: skip
            space.fact(implies(both(positive, lowest), numbers.below(zero, product, True)))
            space.fact(implies(both(positive, numbers.below(y, zero, True)),
                               numbers.below(product, zero, True)))  # fmt: skip
        self._beside_others(a, b, product)
        space.auxiliaries.append(Auxiliary(name, (a, b), product, mul, lambda x, y: both(
            implies(numbers.equal(a, constant(x)), numbers.equal(product, numbers.scaled(b, x))),
            implies(numbers.equal(b, constant(y)), numbers.equal(product, numbers.scaled(a, y))),
        )))  # fmt: skip
        return product

    def _beside_others(self, a: Number, b: Number, product: Number) -> None:
        """More of either, times no less of the other, is no less; and of one multiplier not above
        1, the product grows no faster than what is multiplied."""
        zero, one = constant(0), constant(1)
        earlier = list(self.space.applications("product"))[-MOST_COMPARED:]
        for (x, y), other in earlier:
            for p, q, m, n, less, more in (
                (x, y, a, b, other, product),
                (a, b, x, y, product, other),
            ):
                positive = both(numbers.below(zero, p, True), numbers.below(zero, q, True))
                risen = both(positive, numbers.below(p, m, True), numbers.below(q, n, True))
                self.space.fact(implies(risen, numbers.below(less, more, True)))
                if kinds.same_symbolic(b, y):
                    slow = both(numbers.below(p, m, True), numbers.below(zero, b, True),
                                numbers.below(b, one, True))  # fmt: skip
                    gained = numbers.minus(more, less)
                    self.space.fact(implies(slow, numbers.below(gained, numbers.minus(m, p), True)))

    def over(self, a: Number, b: Number) -> Number | None:
        zero = constant(0)
        nothing = numbers.equal(b, zero)
        if nothing is not False:
            self.stopped.append(("TW0508", nothing))
        if b.cases:
            found = [(g, numbers.scaled(a, 1 / value)) for g, value in b.cases if value]
            return numbers.choose(found) if found else None
        made: Number = self.space.application("quotient", (a, b), lambda: self._quotient(a, b))
        return made

    def _quotient(self, a: Number, b: Number) -> Number:
        space, zero, one = self.space, constant(0), constant(1)
        name = space.fresh("quotient")
        low = Fraction(0) if not_negative(a) and not_negative(b) else None
        quotient = Number((), space.real(name), low=low)
        space.approximate("÷", "one unknown number is divided by another")
        positive = numbers.below(zero, b, False)
        rising = both(positive, numbers.below(zero, a, True))
        space.fact(implies(rising, numbers.below(zero, quotient, True)))
        space.fact(implies(both(positive, numbers.below(a, b, True)),
                           numbers.below(quotient, one, True)))  # fmt: skip
        space.fact(implies(both(positive, numbers.below(b, a, True)),
                           numbers.below(one, quotient, True)))  # fmt: skip
        space.fact(implies(both(positive, numbers.equal(a, zero)), numbers.equal(quotient, zero)))

        def at(x: Fraction, y: Fraction) -> Truth:
            exact = numbers.scaled(a, 1 / Fraction(y)) if y else zero
            return implies(numbers.equal(b, constant(y)), numbers.equal(quotient, exact))

        space.auxiliaries.append(Auxiliary(
            name, (a, b), quotient, lambda x, y: Fraction(x) / Fraction(y) if y else Fraction(0), at
        ))  # fmt: skip
        return quotient


_FORMS = (
    "equal", "below", "at_most", "negation", "any_of", "same_area", "lowest", "highest", "plus",
    "minus", "scaled", "floor", "times", "over", "whole_day", "year", "month", "new_year",
    "days_apart", "hours_apart", "moved_days", "moved_hours", "moved_months", "whole_months",
    "age", "working_days",
)  # fmt: skip
"""What the column may use."""


def _by_days(a: Symbolic, b: Symbolic) -> tuple[Symbolic, Symbolic]:
    """A day and a moment are compared by days."""
    if isinstance(a, Day) and a.is_moment != b.is_moment:
        return days.whole_day(a), days.whole_day(b)
    return a, b
