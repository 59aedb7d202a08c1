"""Arithmetic of its own for the checker in ``recompute``: nothing here comes from the engine.

The same law is written a second time, plainly and by other means (periods are found by search,
working days by looking at each day), so that a slip in the engine's arithmetic and the same
slip here are unlikely together.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any


def rounded(amount: Fraction | int) -> int:
    """``amount`` to whole 分, a half away from zero."""
    size = abs(Fraction(amount)) + Fraction(1, 2)
    whole = size.numerator // size.denominator
    return -whole if amount < 0 else whole


# --- dates


def day_of(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at


def later_month(day: date, months: int) -> date:
    """The same day ``months`` on, or the last one of a shorter month."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def full_months(start: date, end: date) -> int:
    """The most months that have gone by from ``start`` to ``end``, by trying."""
    first, last = day_of(start), day_of(end)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    while later_month(first, months) > last:
        months -= 1
    return months


def moved(at: date, amount: Any, unit: str, sign: int) -> date:
    """``at`` moved by an amount of days, months, years or hours."""
    if unit == "hours":
        return at + sign * timedelta(microseconds=int(Fraction(amount) * 3_600_000_000))
    if unit == "days":
        return at + sign * timedelta(days=int(amount))
    day = later_month(day_of(at), sign * int(amount) * (12 if unit == "years" else 1))
    return datetime.combine(day, at.time()) if isinstance(at, datetime) else day


def hours(late: date, early: date) -> Fraction:
    """Hours between two moments, a date being its midnight."""
    one, other = (
        at if isinstance(at, datetime) else datetime.combine(at, time.min) for at in (late, early)
    )
    return Fraction((one - other) // timedelta(microseconds=1), 3_600_000_000)


def workdays(start: date, end: date) -> int:
    """Working days after ``start`` up to ``end``, counted one by one."""
    from chinese_calendar import is_workday

    first, last = day_of(start), day_of(end)
    if last < first:
        return -workdays(last, first)
    days = (last - first).days
    return sum(1 for n in range(1, days + 1) if is_workday(first + timedelta(days=n)))


def missing_months(days: Sequence[date], bounds: Sequence[date]) -> int:
    """The most months in a row without a date: between the dates, or inside ``bounds``."""
    months = sorted({d.year * 12 + d.month for d in days})
    if bounds:
        low, high = (b.year * 12 + b.month for b in (bounds[0], bounds[-1]))
        months = [low - 1, *(m for m in months if low <= m <= high), high + 1]
    return max([0, *(b - a - 1 for a, b in pairwise(months))])


def months_in_a_row(days: Sequence[date], end: date) -> int:
    """How many months without a gap end with the month of ``end``."""
    present = {d.year * 12 + d.month for d in days}
    month, count = end.year * 12 + end.month, 0
    while month in present:
        month, count = month - 1, count + 1
    return count


# --- operations


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    """A moment beside a date counts by its day."""
    if isinstance(a, datetime) and isinstance(b, date) and not isinstance(b, datetime):
        return a.date(), b
    if isinstance(b, datetime) and isinstance(a, date) and not isinstance(a, datetime):
        return a, b.date()
    return a, b


def _order(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda a, b: test(*_alike(a, b))


def _whole_below(number: Any) -> int:
    exact = Fraction(number)
    return exact.numerator // exact.denominator


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: Fraction(a) * Fraction(b),
    "price_times": lambda a, b: Fraction(a) * Fraction(b) * 100,
    "divide": lambda a, b: Fraction(a) / Fraction(b),
    "negate": lambda a: -a,
    "in_yuan": lambda a: Fraction(a) / 100,
    "in_fen": lambda a: Fraction(a) * 100,
    "in_months": lambda a: Fraction(a) * 12,
    "in_days": lambda a: a,
    "days_apart": lambda a, b: (day_of(a) - day_of(b)).days,
    "hours_apart": hours,
    "eq": _order(lambda a, b: bool(a == b)),
    "ne": _order(lambda a, b: bool(a != b)),
    "lt": _order(lambda a, b: bool(a < b)),
    "le": _order(lambda a, b: bool(a <= b)),
    "gt": _order(lambda a, b: bool(a > b)),
    "ge": _order(lambda a, b: bool(a >= b)),
    "not": lambda a: not a,
    "nonempty": lambda a: a not in ("", (), 0, False),
    "min": lambda *values: sorted(values)[0],
    "max": lambda *values: sorted(values)[-1],
    "age": lambda born, on: full_months(born, on) // 12,
    "months": full_months,
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "day": day_of,
    "new_year": lambda year: date(int(year), 1, 1),
    "working_days": workdays,
    "floor": _whole_below,
    "ceiling": lambda a: -_whole_below(-Fraction(a)),
    "same_area": lambda a, b: str(a)[:4] == str(b)[:4],
    "raise_share": lambda base, share: base + Fraction(base) * share,
    "lower_share": lambda base, share: base - Fraction(base) * share,
    **{
        f"{verb}_{unit}": (lambda at, n, unit=unit, sign=sign: moved(at, n, unit, sign))
        for verb, sign in (("shift", 1), ("back", -1))
        for unit in ("days", "months", "years", "hours")
    },
}
"""Every operation of the language by its name in an explanation."""

UNITS = {"天数": "days", "月数": "months", "年限": "years", "时长": "hours"}

_LITERAL = re.compile(
    r"(?P<sign>-?)(?P<number>[\d,]+(?:\.\d+)?)\s*(?P<size>[百千万亿]*)\s*"
    r"(?P<unit>元|%|‰|个?百分点|日|天|周|个?工作日|个?月|年|岁|个?小时|分钟|级|次|人|倍)?"
)
_SIZES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_SCALES = {
    "元": Fraction(100),
    "%": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    "周": Fraction(7),
    "百分点": Fraction(1, 100),
    "个百分点": Fraction(1, 100),
    "分钟": Fraction(1, 60),
}


def literal(text: str) -> Fraction | None:
    """The number that a rule's figure says, in 分 for 元; None for what is not plain figures."""
    match = _LITERAL.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None or match["size"] not in _SIZES:
        return None
    number = Fraction(match["number"].replace(",", "")) * _SIZES[match["size"]]
    return (-number if match["sign"] else number) * _SCALES.get(match["unit"] or "", Fraction(1))
