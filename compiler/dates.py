"""How the law counts days, months, years and working days.

Every window, age and waiting period of a regulation is counted here and nowhere else, by
民法典 第二百条至第二百零四条: by the Gregorian calendar (200), the first day not counted
(201), to the corresponding day or else the last day of the month (202), past a holiday to
the day after it (203), unless the regulation says otherwise (204). So

- "N日内", "N个月内" of ``a`` is up to and including ``add_days(a, N)``, ``add_months(a, N)``;
- "满N个月" is ``months_between(a, b) >= N``; "超过N个月" is ``started_months(a, b) > N``.

Promised: whole days are exact integers, hours exact fractions, no float and no clock of the
machine. A moment is Beijing time without a zone. Working days of a year whose calendar is
not known are refused (``UnknownYear``), never guessed from weekdays.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise

from attrs import frozen

from tiaowen.compiler.bad_value import BadValue
from tiaowen.compiler.moments import FIRST_YEAR, LAST_YEAR
from tiaowen.compiler.moments import as_date as as_date
from tiaowen.compiler.moments import calendar_day as calendar_day
from tiaowen.compiler.moments import parse_date as parse_date
from tiaowen.compiler.moments import parse_moment as parse_moment

_FARTHEST = (LAST_YEAR - FIRST_YEAR + 1) * 366


class UnknownYear(Exception):
    """The working days of ``year`` are not known: no holiday arrangement is on record for it."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"the working days of {year} are not known")


def add_days(start: date, days: int) -> date:
    """The ``days``-th day after ``start``, which is not itself counted (民法典 201).

    ``BadValue`` outside the years of the language, as for every sum here.
    """
    if abs(days) > _FARTHEST:
        raise BadValue(
            "year-out-of-range", year=start.year + days // 365, first=FIRST_YEAR, last=LAST_YEAR
        )
    end = as_date(start) + timedelta(days=days)
    return calendar_day(end.year, end.month, end.day)


def add_months(start: date, months: int) -> date:
    """The corresponding day ``months`` on, else that month's last day (民法典 202).

    2023-08-31 and 6 months is 2024-02-29. A negative number counts backwards alike.
    """
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not FIRST_YEAR <= years <= LAST_YEAR:
        raise BadValue("year-out-of-range", year=years, first=FIRST_YEAR, last=LAST_YEAR)
    return date(years, month + 1, min(start.day, monthrange(years, month + 1)[1]))


def add_years(start: date, years: int) -> date:
    """The corresponding day ``years`` on; of 29 February, 28 February in a common year."""
    return add_months(start, 12 * years)


def days_between(start: date, end: date) -> int:
    """Days from ``start`` to ``end``, the first not counted; negative when ``end`` is earlier."""
    return (as_date(end) - as_date(start)).days


def _corresponding(start: date, month: date) -> int:
    """Which day of that month corresponds to ``start``: the same, else the last (202)."""
    return min(start.day, monthrange(month.year, month.month)[1])


def months_between(start: date, end: date) -> int:
    """Whole months elapsed: the largest n with ``add_months(start, n) <= end`` (民法典 202).

    Negative when ``end`` is earlier, by the same sentence: one day before is -1.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if _corresponding(start, end) <= end.day else months - 1


def started_months(start: date, end: date) -> int:
    """Months begun: the least n with ``end <= add_months(start, n)``; none on ``start`` itself."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if end.day <= _corresponding(start, end) else months + 1


def years_between(start: date, end: date) -> int:
    """Whole years elapsed: the largest n with ``add_years(start, n) <= end``."""
    return months_between(start, end) // 12


def age(birth: date, on: date) -> int:
    """Full years of age on a day; a year is full on the birthday itself.

    Born on 29 February, it is full on 28 February of a common year. ``BadValue`` before birth.
    """
    if days_between(birth, on) < 0:
        raise BadValue("before-birth", on=as_date(on), birth=as_date(birth))
    return years_between(birth, on)


def hours_between(start: datetime, end: datetime) -> Fraction:
    """Hours from moment to moment, exact to the microsecond; negative when ``end`` is earlier.

    An hour's period runs from the moment itself (民法典 201, second paragraph).
    """
    return Fraction((end - start) // timedelta(microseconds=1), 3_600_000_000)


@cache
def _workdays(year: int) -> tuple[int, ...]:
    """The working days of a year as ordinals, in order: holidays out, make-up weekends in."""
    from chinese_calendar import is_workday

    day, found = date(year, 1, 1), []
    try:
        while day.year == year:
            if is_workday(day):
                found.append(day.toordinal())
            day += timedelta(days=1)
    except NotImplementedError:
        raise UnknownYear(year) from None
    return tuple(found)


def is_working_day(day: date) -> bool:
    """Whether people work on ``day`` by the State Council's arrangement for its year."""
    return as_date(day).toordinal() in _workdays(day.year)


def working_days(start: date, end: date) -> int:
    """Working days after ``start`` up to and including ``end``; ``start`` is not counted (201).

    A weekend made a working day counts, a weekday made a holiday does not. When ``end`` is
    earlier, minus the working days after ``end`` up to ``start``. Raises ``UnknownYear`` for
    the first year of the days counted that is not known.
    """
    first, last = as_date(start), as_date(end)
    if last < first:
        return -working_days(last, first)
    if first == last:
        return 0
    after, upto = first.toordinal(), last.toordinal()
    counted = 0
    for year in range((first + timedelta(days=1)).year, last.year + 1):
        days = _workdays(year)
        counted += bisect_right(days, upto) - bisect_right(days, after)
    return counted


def add_working_days(start: date, days: int) -> date:
    """The ``days``-th working day after ``start``; none is ``start`` itself.

    Raises ``UnknownYear`` when the count runs into a year that is not known, ``BadValue`` for
    a negative count.
    """
    if days < 0:
        raise BadValue("negative-count", count=days)
    day = as_date(start)
    if days == 0:
        return day
    year = (day + timedelta(days=1)).year
    while True:
        known = _workdays(year)
        ahead = bisect_right(known, day.toordinal())
        if ahead + days <= len(known):
            return date.fromordinal(known[ahead + days - 1])
        days -= len(known) - ahead
        year += 1


def past_holidays(last: date) -> date:
    """The last day of a period, moved past a holiday it falls on (民法典 203).

    The day itself when it is a working day, else the next working day. Raises ``UnknownYear``.
    """
    day = as_date(last)
    year = day.year
    while True:
        known = _workdays(year)
        ahead = bisect_left(known, day.toordinal())
        if ahead < len(known):
            return date.fromordinal(known[ahead])
        year += 1


@frozen
class Run:
    """Months in a row, from the first day of the ``first`` month to that of the ``last``."""

    first: date
    last: date

    @property
    def months(self) -> int:
        """How many months: 1 where it begins and ends in the same one."""
        return _index(self.last) - _index(self.first) + 1


def month_first(day: date) -> date:
    """The first day of the month of ``day``."""
    return date(day.year, day.month, 1)


def _index(day: date) -> int:
    return day.year * 12 + day.month - 1


def _of_index(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def _months(records: Sequence[date], start: date | None, end: date | None) -> Iterator[int]:
    """The months of ``records`` inside the window, each once, in order."""
    previous: date | None = None
    for day in records:
        if previous is not None and _index(day) < _index(previous):
            raise BadValue("unsorted", later=as_date(day), earlier=as_date(previous))
        fresh = previous is None or _index(day) > _index(previous)
        previous = day
        if (
            fresh
            and (start is None or _index(start) <= _index(day))
            and (end is None or _index(day) <= _index(end))
        ):
            yield _index(day)


def runs(
    records: Sequence[date], start: date | None = None, end: date | None = None
) -> tuple[Run, ...]:
    """连续段: the longest stretches of months without a gap, in order.

    ``records`` are dates in order, each standing for its month (two in one month are one);
    ``start`` and ``end`` bound the months looked at, both included. ``BadValue`` where the
    dates are not in order.
    """
    found: list[list[int]] = []
    for month in _months(records, start, end):
        if found and month == found[-1][1] + 1:
            found[-1][1] = month
        else:
            found.append([month, month])
    return tuple(Run(_of_index(first), _of_index(last)) for first, last in found)


def longest_gap(months: Sequence[date], start: date | None = None, end: date | None = None) -> int:
    """最长中断: the most months in a row that are missing; 0 where none is.

    Counted between the first and the last of ``months``, and where ``start`` or ``end`` is
    given, from that month and to that month, both included: with no month at all in a bounded
    window the whole window is the gap.
    """
    present = list(_months(months, start, end))
    if start is not None:
        present.insert(0, _index(start) - 1)
    if end is not None:
        present.append(_index(end) + 1)
    return max([0, *(later - earlier - 1 for earlier, later in pairwise(present))])
