"""Days and moments of the solver's form: the calendar as linear facts, exactly.

A day is a year, a month and a day of the month, or the ordinal that ``date.toordinal`` gives
it, or both. Comparisons, ages and months need no ordinal; differences in days need no table.
A moment adds the microseconds since midnight.
"""

from __future__ import annotations

import datetime

import z3
from attrs import evolve, frozen

from tiaowen.compiler.solver.formulas import Term, Truth, both, either
from tiaowen.compiler.solver.numbers import Number, as_term, constant, of_term

MICROSECONDS_OF_DAY = 86_400_000_000
MICROSECONDS_OF_HOUR = 3_600_000_000


@frozen
class Day:
    """``civil`` is (year, month, day of the month); ``micros`` is None for a day alone."""

    civil: tuple[Term, Term, Term] | None
    number: Term = None
    micros: Term = None
    fixed: datetime.date | None = None

    @property
    def is_moment(self) -> bool:
        return self.micros is not None


def day_of(value: datetime.date) -> Day:
    """A given day or moment."""
    civil = z3.IntVal(value.year), z3.IntVal(value.month), z3.IntVal(value.day)
    micros = None
    if isinstance(value, datetime.datetime):
        clock = (value.hour * 60 + value.minute) * 60 + value.second
        micros = z3.IntVal(clock * 1_000_000 + value.microsecond)
    return Day(civil, z3.IntVal(value.toordinal()), micros, value)


def ordinal(day: Day) -> Term:
    """The number of a day, 1 being the first of January of the year 1."""
    if day.number is not None:
        return day.number
    assert day.civil is not None
    year, month, of_month = day.civil
    before = year - 1
    leap = z3.If(_leap(year), 1, 0)
    shift = z3.If(month <= 2, 0, leap - 2)
    return (365 * before + before / 4 - before / 100 + before / 400
            + (367 * month - 362) / 12 + shift + of_month)  # fmt: skip


def _leap(year: Term) -> Truth:
    return z3.And(year % 4 == 0, z3.Or(year % 100 != 0, year % 400 == 0))


def days_of_month(year: Term, month: Term) -> Term:
    short = z3.Or(month == 4, month == 6, month == 9, month == 11)
    return z3.If(month == 2, z3.If(_leap(year), 29, 28), z3.If(short, 30, 31))


def is_civil(civil: tuple[Term, Term, Term], first: int, last: int) -> Truth:
    """Whether three terms are a day of the calendar in the years ``first`` to ``last``."""
    year, month, day = civil
    return z3.And(year >= first, year <= last, month >= 1, month <= 12, day >= 1,
                  day <= days_of_month(year, month))  # fmt: skip


def whole_day(day: Day) -> Day:
    """The day of a moment."""
    fixed = day.fixed.date() if isinstance(day.fixed, datetime.datetime) else day.fixed
    return evolve(day, micros=None, fixed=fixed)


# --- order


def _place(day: Day, other: Day) -> Term:
    """Where a day stands beside ``other``: by the calendar if both have it, else by number."""
    if day.civil is not None and other.civil is not None:
        year, month, of_month = day.civil
        return 372 * year + 31 * month + of_month
    return ordinal(day)


def before(a: Day, b: Day, closed: bool) -> Truth:
    """Whether ``a`` is before ``b``, or not after where ``closed``; a day against a moment is
    compared by days."""
    if a.fixed is not None and b.fixed is not None and a.is_moment == b.is_moment:
        return a.fixed < b.fixed or (closed and a.fixed == b.fixed)
    x, y = _place(a, b), _place(b, a)
    if a.is_moment and b.is_moment:
        within = a.micros <= b.micros if closed else a.micros < b.micros
        return either(x < y, both(x == y, within))
    return x <= y if closed else x < y


def same_day(a: Day, b: Day) -> Truth:
    """Whether two days, or two moments, are the same."""
    if a.fixed is not None and b.fixed is not None and a.is_moment == b.is_moment:
        return a.fixed == b.fixed
    alike = _place(a, b) == _place(b, a)
    return both(alike, a.micros == b.micros) if a.is_moment and b.is_moment else alike


def choose_day(found: list[tuple[Truth, Day]]) -> Day:
    """The day whose guard holds; the last is taken for the rest."""
    days = [day for _, day in found]

    def pick(terms: list[Term]) -> Term:
        term = terms[-1]
        for (guard, _), then in reversed(list(zip(found[:-1], terms[:-1], strict=True))):
            term = then if then.eq(term) else z3.If(guard, then, term)
        return term

    micros = pick([d.micros for d in days]) if all(d.is_moment for d in days) else None
    if all(d.civil is not None for d in days):
        triples = [d.civil for d in days if d.civil is not None]
        year, month, day = (pick([t[i] for t in triples]) for i in range(3))
        return Day((year, month, day), micros=micros)
    return Day(None, pick([ordinal(d) for d in days]), micros)


# --- counting


def days_apart(a: Day, b: Day) -> Number:
    """Days from ``b`` to ``a``."""
    return of_term(ordinal(a) - ordinal(b))


def hours_apart(a: Day, b: Day) -> Number:
    """Hours from moment ``b`` to moment ``a``."""
    days = (ordinal(a) - ordinal(b)) * MICROSECONDS_OF_DAY
    return of_term(days + a.micros - b.micros, MICROSECONDS_OF_HOUR)


def whole_months(start: Day, end: Day) -> Number:
    """Whole months from ``start`` to ``end``, by the corresponding day (民法典 202)."""
    assert start.civil is not None
    assert end.civil is not None
    (y, m, d), (year, month, day) = start.civil, end.civil
    most = days_of_month(year, month)
    corresponding = z3.If(d <= most, d, most)
    return of_term((year - y) * 12 + month - m - z3.If(corresponding <= day, 0, 1))


def moved_months(day: Day, months: Term) -> Day:
    """The corresponding day so many months on, else that month's last."""
    assert day.civil is not None
    year, month, of_month = day.civil
    total = year * 12 + month - 1 + months
    year, month = total / 12, total % 12 + 1
    most = days_of_month(year, month)
    return Day((year, month, z3.If(of_month <= most, of_month, most)), micros=day.micros)


def moved_days(day: Day, days: Term) -> Day:
    return Day(None, ordinal(day) + days, day.micros)


def moved_hours(moment: Day, hours: Number) -> Day:
    """A moment so many hours on, in whole microseconds."""
    term, den = as_term(hours)
    micros = moment.micros + term * (MICROSECONDS_OF_HOUR // den)
    return Day(None, ordinal(moment) + micros / MICROSECONDS_OF_DAY, micros % MICROSECONDS_OF_DAY)


def new_year(year: Number) -> Day:
    """The first of January of a year."""
    fixed = year.fixed
    if fixed is not None:
        return day_of(datetime.date(int(fixed), 1, 1))
    term, den = as_term(year)
    whole = term if den == 1 else term / den
    return Day((whole, z3.IntVal(1), z3.IntVal(1)))


def year_of(day: Day) -> Number:
    assert day.civil is not None
    return constant(day.fixed.year) if day.fixed is not None else of_term(day.civil[0])


def month_of(day: Day) -> Number:
    assert day.civil is not None
    return constant(day.fixed.month) if day.fixed is not None else of_term(day.civil[1])
