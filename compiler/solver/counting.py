"""What the ``solver`` column says of days: the calendar exactly, working days by their bounds."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import z3
from attrs import Factory, define, evolve

from tiaowen.compiler import dates
from tiaowen.compiler.moments import FIRST_YEAR, LAST_YEAR
from tiaowen.compiler.solver import days, numbers
from tiaowen.compiler.solver.days import Day
from tiaowen.compiler.solver.formulas import Truth, both, either
from tiaowen.compiler.solver.numbers import Number, constant, not_negative
from tiaowen.compiler.solver.space import Auxiliary, Space


@cache
def known_years() -> tuple[int, int]:
    """The first and the last year whose working days are known."""
    found = []
    for year in range(2000, 2100):
        try:
            dates.is_working_day(date(year, 1, 1))
        except dates.UnknownYear:
            continue
        found.append(year)
    return found[0], found[-1]


@define(eq=False)
class Counting:
    """The operations on days of one space. ``stopped`` gathers, with its code, when an operation
    has no value."""

    space: Space
    stopped: list[tuple[str, Truth]] = Factory(list)

    def civil(self, day: Day) -> Day:
        """``day`` with its year, month and day of the month."""
        if day.civil is not None:
            return day
        made: Day = self.space.application(
            "civil", (days.whole_day(day),), lambda: self._civil(days.whole_day(day))
        )
        return evolve(made, micros=day.micros)

    def _civil(self, day: Day) -> Day:
        space, name = self.space, self.space.fresh("day")
        civil = tuple(space.integer(f"{name}.{part}") for part in ("year", "month", "day"))
        found = Day(civil)
        space.fact(days.is_civil(civil, 1, 9999))
        space.fact(days.ordinal(found) == days.ordinal(day))
        space.auxiliaries.append(Auxiliary(name, (day,), found, lambda d: d))
        return evolve(found, number=day.number)

    def whole_day(self, day: Day) -> Day:
        return days.whole_day(day)

    def year(self, day: Day) -> Number:
        return days.year_of(self.civil(day))

    def month(self, day: Day) -> Number:
        return days.month_of(self.civil(day))

    def new_year(self, year: Number) -> Day | None:
        last = constant(LAST_YEAR + 1)
        outside = either(numbers.below(year, constant(FIRST_YEAR), False),
                         numbers.below(last, year, True))  # fmt: skip
        self.stopped.append(("TW0518", outside))
        return None if outside is True else days.new_year(year)

    def days_apart(self, a: Day, b: Day) -> Number:
        return days.days_apart(a, b)

    def hours_apart(self, a: Day, b: Day) -> Number:
        return days.hours_apart(a, b)

    def moved_days(self, day: Day, amount: Number) -> Day:
        return self._in_range(days.moved_days(day, _truncated(amount)))

    def moved_hours(self, day: Day, amount: Number) -> Day:
        return self._in_range(days.moved_hours(day, amount))

    def _in_range(self, moved: Day) -> Day:
        number = days.ordinal(moved)
        first, last = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
        self.stopped.append(("TW0518", z3.Or(number < first, number > last)))
        return moved

    def moved_months(self, day: Day, amount: Number) -> Day:
        moved = days.moved_months(self.civil(day), _truncated(amount))
        assert moved.civil is not None
        year = moved.civil[0]
        outside = z3.Or(year < FIRST_YEAR, year > LAST_YEAR)
        self.stopped.append(("TW0518", outside))
        return moved

    def whole_months(self, start: Day, end: Day) -> Number:
        return days.whole_months(self.civil(start), self.civil(end))

    def age(self, birth: Day, on: Day) -> Number:
        birth, on = days.whole_day(birth), days.whole_day(on)
        self.stopped.append(("TW0518", days.before(on, birth, False)))
        return numbers.floor(numbers.scaled(self.whole_months(birth, on), Fraction(1, 12)))

    def working_days(self, start: Day, end: Day) -> Number:
        start, end = self.civil(days.whole_day(start)), self.civil(days.whole_day(end))
        made: Number = self.space.application(
            "working_days", (start, end), lambda: self._working_days(start, end)
        )
        self.stopped.append(("TW0509", _calendar_unknown(start, end)))
        return made

    def _working_days(self, start: Day, end: Day) -> Number:
        space, name = self.space, self.space.fresh("working_days")
        term = space.integer(name)
        apart = days.ordinal(end) - days.ordinal(start)
        space.fact(z3.If(apart >= 0, z3.And(term >= 0, term <= apart),
                         z3.And(term <= 0, term >= apart)))  # fmt: skip
        space.approximate("工作日数", "working days are not counted, only bounded by the days")
        counted = numbers.of_term(term)

        def meaning(a: date | None, b: date | None) -> int | None:
            if a is None or b is None:
                return None
            try:
                return dates.working_days(a, b)
            except dates.UnknownYear:
                return 0

        space.auxiliaries.append(Auxiliary(name, (start, end), counted, meaning))
        return counted


def _truncated(a: Number) -> Any:
    """The whole part of a number, as a term."""
    if a.whole or not_negative(a):
        return numbers.as_term(numbers.floor(a))[0]
    term, _ = numbers.as_term(a)
    minus = Fraction(-1)
    up, down = numbers.floor(a), numbers.scaled(numbers.floor(numbers.scaled(a, minus)), minus)
    return z3.If(term >= 0, numbers.as_term(up)[0], numbers.as_term(down)[0])


def _calendar_unknown(start: Day, end: Day) -> Truth:
    """Whether counting from ``start`` to ``end`` needs a year whose working days are unknown."""
    first, last = known_years()

    def outside(a: Day, b: Day) -> Truth:
        assert a.civil is not None
        assert b.civil is not None
        year, month, day = a.civil
        following = z3.If(z3.And(month == 12, day == 31), year + 1, year)
        return z3.Or(following < first, b.civil[0] > last)

    ahead, behind = days.before(start, end, False), days.before(end, start, False)
    return either(both(ahead, outside(start, end)), both(behind, outside(end, start)))
