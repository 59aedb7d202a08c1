"""What generated kernels call: calendar and rounding, on whole numbers alone.

Written in the part of Python that ``machine`` translates: ints, ``if``, ``while``, calls. Days
count from 1970-01-01, moments are seconds from its midnight.
"""

from __future__ import annotations

__all__ = [
    "add_months", "ceiling_over", "common_divisor", "common_multiple", "day_of_month",
    "days_in_month", "ends_month", "first", "first_stop", "floor_over", "from_civil", "half_away",
    "half_away_over", "month_of", "months_between", "never_zero", "trunc_over", "udiv", "year_of",
]  # fmt: skip

FIRST_DAY, LAST_DAY = -25_567, 376_199
"""1900-01-01 and 2999-12-31, in days from 1970."""
FIRST_MISSING = 1_000_000
"""Stops from here on are facts or figures that are missing."""


def udiv(a: int, b: int) -> int:
    """``a`` over ``b``, downwards; neither is negative."""
    return a // b


def half_away(a: int, b: int) -> int:
    """``a`` over a positive ``b``, to the nearest; halves away from zero."""
    if a >= 0:
        return (2 * a + b) // (2 * b)
    return -((b - 2 * a) // (2 * b))


def half_away_over(a: int, b: int) -> int:
    """As ``half_away``, for a ``b`` of either sign."""
    if b < 0:
        return half_away(-a, -b)
    return half_away(a, b)


def floor_over(a: int, b: int) -> int:
    """``a`` over ``b``, downwards."""
    return a // b if b > 0 else (-a) // (-b)


def ceiling_over(a: int, b: int) -> int:
    """``a`` over ``b``, upwards."""
    return -floor_over(-a, b)


def trunc_over(a: int, b: int) -> int:
    """``a`` over ``b``, towards zero."""
    down = floor_over(a, b)
    return down + 1 if down < 0 and down * b != a else down


def never_zero(a: int) -> int:
    """A divisor: 1 where it would be 0, which is a stop elsewhere."""
    return a if a != 0 else 1


def common_divisor(a: int, b: int) -> int:
    """The greatest common divisor of ``a`` and a positive ``b``."""
    a = a if a >= 0 else -a
    while a != 0:
        rest = b % a
        b = a
        a = rest
    return b


def common_multiple(a: int, b: int) -> int:
    """The least common multiple of two positive divisors; one above 2^36, where it is above."""
    if a > 68_719_476_736:
        return a
    times = udiv(a, common_divisor(a, b))
    return times * b if times <= udiv(68_719_476_736, b) else 68_719_476_737


def first(a: int, b: int) -> int:
    """Of two stops one after the other: the first."""
    return a if a != 0 else b


def first_stop(a: int, b: int) -> int:
    """Of the stops of two operands: what is missing gives way to any other stop."""
    if a == 0:
        return b
    if a >= 1_000_000 and b != 0 and b < 1_000_000:
        return b
    return a


def year_of(days: int) -> int:
    """The year of a day from 1900 on."""
    z = days + 719468
    century = udiv(4 * z + 3, 146097)
    day = z - udiv(146097 * century, 4)
    year = udiv(4 * day + 3, 1461)
    return 100 * century + year + (1 if day - udiv(1461 * year, 4) >= 306 else 0)


def month_of(days: int) -> int:
    """The month of a day from 1900 on, 1 to 12."""
    z = days + 719468
    century = udiv(4 * z + 3, 146097)
    day = z - udiv(146097 * century, 4)
    year = udiv(4 * day + 3, 1461)
    month = udiv(5 * (day - udiv(1461 * year, 4)) + 2, 153)
    return month + 3 if month < 10 else month - 9


def day_of_month(days: int) -> int:
    """The day of the month of a day from 1900 on."""
    z = days + 719468
    century = udiv(4 * z + 3, 146097)
    day = z - udiv(146097 * century, 4)
    year = udiv(4 * day + 3, 1461)
    rest = day - udiv(1461 * year, 4)
    return rest - udiv(153 * udiv(5 * rest + 2, 153) + 2, 5) + 1


def ends_month(days: int) -> int:
    """1 on the last day of a month."""
    return 1 if month_of(days + 1) != month_of(days) else 0


def from_civil(year: int, month: int, day: int) -> int:
    """The day of a date."""
    y = year - 1 if month <= 2 else year
    era = y // 400
    yoe = y - era * 400
    mp = month - 3 if month > 2 else month + 9
    doy = (153 * mp + 2) // 5 + day - 1
    doe = yoe * 365 + yoe // 4 - yoe // 100 + doy
    return era * 146097 + doe - 719468


def days_in_month(year: int, month: int) -> int:
    """How many days a month has."""
    if month == 2:
        leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
        return 29 if leap else 28
    return 30 if month == 4 or month == 6 or month == 9 or month == 11 else 31


def add_months(days: int, months: int) -> int:
    """The corresponding day, or else the last of the month (民法典 第二百零二条)."""
    index = year_of(days) * 12 + month_of(days) - 1 + months
    year = index // 12
    month = index - year * 12 + 1
    day = min(day_of_month(days), days_in_month(year, month))
    return from_civil(year, month, day)


def months_between(start: int, end: int) -> int:
    """Whole months elapsed; negative where ``end`` is earlier."""
    year = year_of(end)
    month = month_of(end)
    months = (year - year_of(start)) * 12 + month - month_of(start)
    corresponding = min(day_of_month(start), days_in_month(year, month))
    return months if corresponding <= day_of_month(end) else months - 1
