"""The one table of operations.

Each has its type rule, its meaning in the interpreter and how a formula shows it; the forms
in other engines are data beside them, so that nothing is said twice. Operands arrive
evaluated; ``And``, ``Or`` and conditionals are not here because they look at one side only.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from operator import add, eq, ge, gt, le, lt, mul, ne, neg, not_, sub
from typing import Any

from attrs import frozen

from tiaowen.compiler import dates
from tiaowen.compiler import types as ty
from tiaowen.compiler.types import Type

TypeRule = Callable[[tuple[Type, ...]], Type | None]
"""The result type of operand types, None where they do not fit."""


@frozen
class Operation:
    """``formula`` is how an explanation writes it with operands in place of {0}, {1}, …;
    ``python`` is an expression of the same meaning on operands of one type, '' where only
    the function ``meaning`` says it; ``solver`` is the same in what ``solver/arithmetic.py``
    provides, for operands that are not known."""

    name: str
    rule: TypeRule
    meaning: Callable[..., Any]
    formula: str
    python: str = ""
    solver: str = ""

    @property
    def kernel(self) -> str:
        """The same in what ``engine/kernel/forms.py`` provides: one text, other numbers."""
        return self.solver


QUANTITIES = {ty.NUMBER.name, ty.RATIO.name}
SCALAR_LIKE = {t.name for t in (ty.DAYS, ty.WORKING_DAYS, ty.MONTHS, ty.YEARS, ty.HOURS, ty.NUMBER)}
ORDERED = {t.name for t in (
    ty.MONEY, ty.UNIT_PRICE, ty.RATIO, ty.POINTS, ty.DAYS, ty.WORKING_DAYS, ty.MONTHS, ty.YEARS,
    ty.HOURS, ty.STEPS, ty.DATE, ty.MOMENT, ty.NUMBER,
)}  # fmt: skip


def _table(entries: dict[tuple[Type, Type], Type]) -> TypeRule:
    named = {(a.name, b.name): result for (a, b), result in entries.items()}

    def rule(types: tuple[Type, ...]) -> Type | None:
        return named.get((types[0].name, types[1].name)) if len(types) == 2 else None

    return rule


_SUMS = {(t, t): t for t in (
    ty.MONEY, ty.UNIT_PRICE, ty.RATIO, ty.DAYS, ty.MONTHS, ty.YEARS, ty.HOURS, ty.NUMBER,
    ty.WORKING_DAYS, ty.POINTS,
)} | {
    (ty.NUMBER, ty.RATIO): ty.NUMBER, (ty.RATIO, ty.NUMBER): ty.NUMBER,
    (ty.RATIO, ty.POINTS): ty.RATIO,
}  # fmt: skip
_SHIFTS = {(d, t): d for d in (ty.DATE, ty.MOMENT) for t in (ty.DAYS, ty.MONTHS, ty.YEARS)} | {
    (ty.MOMENT, ty.HOURS): ty.MOMENT
}
_DIFFERENCES = {
    (ty.DATE, ty.DATE): ty.DAYS, (ty.MOMENT, ty.MOMENT): ty.HOURS,
    (ty.DATE, ty.MOMENT): ty.DAYS, (ty.MOMENT, ty.DATE): ty.DAYS,
}  # fmt: skip
_PRODUCTS = {(a, n): a for a in (ty.MONEY, ty.UNIT_PRICE) for n in (ty.RATIO, ty.NUMBER)} | {
    (ty.RATIO, ty.RATIO): ty.RATIO, (ty.RATIO, ty.NUMBER): ty.NUMBER,
    (ty.NUMBER, ty.NUMBER): ty.NUMBER,
    (ty.UNIT_PRICE, ty.NUMBER): ty.MONEY, (ty.POINTS, ty.NUMBER): ty.POINTS,
} | {(ty.MONEY, d): ty.MONEY for d in (ty.DAYS, ty.MONTHS, ty.YEARS)} | {
    (d, ty.NUMBER): d for d in (ty.DAYS, ty.MONTHS, ty.YEARS, ty.HOURS)
}  # fmt: skip
_PRODUCTS |= {(b, a): t for (a, b), t in _PRODUCTS.items()}
_QUOTIENTS = {(t, t): ty.RATIO for t in (ty.MONEY, ty.UNIT_PRICE)} | {
    (t, t): ty.NUMBER for t in (ty.DAYS, ty.MONTHS, ty.YEARS, ty.HOURS, ty.NUMBER)
} | {
    (ty.MONEY, ty.NUMBER): ty.MONEY, (ty.MONEY, ty.RATIO): ty.MONEY,
    (ty.RATIO, ty.RATIO): ty.NUMBER,
    (ty.RATIO, ty.NUMBER): ty.RATIO, (ty.NUMBER, ty.RATIO): ty.NUMBER,
    (ty.UNIT_PRICE, ty.NUMBER): ty.UNIT_PRICE,
} | {(ty.MONEY, d): ty.MONEY for d in (ty.DAYS, ty.MONTHS, ty.YEARS)} | {
    (d, ty.NUMBER): d for d in (ty.DAYS, ty.MONTHS, ty.YEARS, ty.HOURS)
}  # fmt: skip


def _same(result: Type | None = None, allowed: set[str] | None = None) -> TypeRule:
    """All operands of one (allowed) type; 单价 and 金额, dates and moments compare too."""

    def rule(types: tuple[Type, ...]) -> Type | None:
        first = types[0]
        if any(not _comparable(first, t) for t in types[1:]):
            return None
        if allowed is not None and any(t.name not in allowed for t in types):
            return None
        return result or first

    return rule


def _comparable(a: Type, b: Type) -> bool:
    pairs = ({"比例", "数量"}, {"日期", "时刻"})
    return a.name == b.name or any({a.name, b.name} == pair for pair in pairs)


def _exactly(*types: Type, result: Type) -> TypeRule:
    names = tuple(t.name for t in types)

    def rule(given: tuple[Type, ...]) -> Type | None:
        fits = len(given) == len(names) and all(
            g.name == n or (n == "日期" and g.name == "时刻")
            for g, n in zip(given, names, strict=True)
        )
        return result if fits else None

    return rule


def shift(day: datetime.date, amount: Any, unit: str, sign: int = 1) -> datetime.date:
    """``day`` moved by ``amount`` 天数, 月数, 年限 or 时长, by legal counting. ``BadValue`` outside
    the years of the language."""
    if unit == "时长":
        clock = datetime.timedelta(microseconds=int(amount * 3_600_000_000))
        dates.add_days(day, sign * clock.days)
        return day + sign * clock
    if unit == "天数":
        moved = dates.add_days(day, sign * int(amount))
    else:
        months = int(amount) * (12 if unit == "年限" else 1) * sign
        moved = dates.add_months(dates.as_date(day), months)
    if isinstance(day, datetime.datetime):
        return datetime.datetime.combine(moved, day.time())
    return moved


def divide(a: Any, b: Any) -> Any:
    """Exact quotient; ZeroDivisionError where ``b`` is zero."""
    return Fraction(a) / Fraction(b)


def _ordered(a: Any, b: Any) -> tuple[Any, Any]:
    """A date against a moment compares by days."""
    if isinstance(a, datetime.date) and isinstance(a, datetime.datetime) != isinstance(
        b, datetime.datetime
    ):
        return dates.as_date(a), dates.as_date(b)
    return a, b


def _days(a: datetime.date, b: datetime.date) -> int:
    return (dates.as_date(a) - dates.as_date(b)).days


def _compared(sign: str) -> Callable[[Any, Any], bool]:
    plain = {"=": eq, "≠": ne, "<": lt, "≤": le, ">": gt, "≥": ge}[sign]

    def meaning(a: Any, b: Any) -> bool:
        return bool(plain(*_ordered(a, b)))

    return meaning


_COMPARISONS = tuple(
    Operation(name, _same(ty.TRUTH, allowed), _compared(sign), f"{{0}} {sign} {{1}}", python,
              solver=solver)
    for name, sign, allowed, python, solver in (
        ("eq", "=", None, "({0} == {1})", "equal({0}, {1})"),
        ("ne", "≠", None, "({0} != {1})", "negation(equal({0}, {1}))"),
        ("lt", "<", ORDERED, "({0} < {1})", "below({0}, {1})"),
        ("le", "≤", ORDERED, "({0} <= {1})", "at_most({0}, {1})"),
        ("gt", ">", ORDERED, "({0} > {1})", "below({1}, {0})"),
        ("ge", "≥", ORDERED, "({0} >= {1})", "at_most({1}, {0})"),
    )
)  # fmt: skip

_DATE_SHIFTS = tuple(
    Operation(f"{verb}_{suffix}", _table(_SHIFTS), partial(shift, unit=unit, sign=sign),
              f"{{0}} {mark} {{1}}", solver=f"{moved}({{0}}, scaled({{1}}, {sign * times}))")
    for verb, sign, mark in (("shift", 1, "+"), ("back", -1, "−"))
    for suffix, unit, moved, times in (
        ("days", "天数", "moved_days", 1), ("months", "月数", "moved_months", 1),
        ("years", "年限", "moved_months", 12), ("hours", "时长", "moved_hours", 1),
    )
)  # fmt: skip

OPERATIONS: dict[str, Operation] = {
    o.name: o
    for o in (
        Operation("add", _table(_SUMS), add, "{0} + {1}", "({0} + {1})",
                  solver="plus({0}, {1})"),
        Operation("subtract", _table(_SUMS), sub, "{0} − {1}", "({0} - {1})",
                  solver="minus({0}, {1})"),
        Operation("multiply", _table(_PRODUCTS), mul, "{0} × {1}", "({0} * {1})",
                  solver="times({0}, {1})"),
        Operation("price_times", _table({(ty.UNIT_PRICE, ty.NUMBER): ty.MONEY}),
                  lambda a, b: a * b * 100, "{0} × {1}", "({0} * {1} * 100)",
                  solver="scaled(times({0}, {1}), 100)"),
        Operation("divide", _table(_QUOTIENTS), divide, "{0} ÷ {1}", solver="over({0}, {1})"),
        Operation("negate", _same(), neg, "−{0}", "(-{0})", solver="scaled({0}, -1)"),
        Operation("in_yuan", _exactly(ty.MONEY, result=ty.UNIT_PRICE),
                  lambda a: Fraction(a) / 100, "{0}", solver="scaled({0}, 1, 100)"),
        Operation("in_fen", _exactly(ty.UNIT_PRICE, result=ty.MONEY), lambda a: a * 100, "{0}",
                  "({0} * 100)", solver="scaled({0}, 100)"),
        Operation("in_months", _exactly(ty.YEARS, result=ty.MONTHS), lambda a: a * 12, "{0}",
                  "({0} * 12)", solver="scaled({0}, 12)"),
        *_DATE_SHIFTS,
        Operation("days_apart", _table(_DIFFERENCES), _days, "{0} − {1}",
                  solver="days_apart({0}, {1})"),
        Operation("hours_apart", _table(_DIFFERENCES), lambda a, b: dates.hours_between(b, a),
                  "{0} − {1}", solver="hours_apart({0}, {1})"),
        *_COMPARISONS,
        Operation("not", _exactly(ty.TRUTH, result=ty.TRUTH), not_, "非 {0}", "(not {0})",
                  solver="negation({0})"),
        Operation("min", _same(None, ORDERED), min, "较小({*})", "min({*})",
                  solver="lowest({*})"),
        Operation("max", _same(None, ORDERED), max, "较大({*})", "max({*})",
                  solver="highest({*})"),
        Operation("age", _exactly(ty.DATE, ty.DATE, result=ty.YEARS),
                  lambda b, d: dates.age(dates.as_date(b), dates.as_date(d)), "周岁({0}, {1})",
                  solver="age({0}, {1})"),
        Operation("months", _exactly(ty.DATE, ty.DATE, result=ty.MONTHS),
                  lambda a, b: dates.months_between(dates.as_date(a), dates.as_date(b)),
                  "月数({0}, {1})", solver="whole_months({0}, {1})"),
        Operation("year", _exactly(ty.DATE, result=ty.NUMBER), lambda d: d.year, "年份({0})",
                  "{0}.year", solver="year({0})"),
        Operation("month", _exactly(ty.DATE, result=ty.NUMBER), lambda d: d.month, "月份({0})",
                  "{0}.month", solver="month({0})"),
        Operation("day", _exactly(ty.DATE, result=ty.DATE), dates.as_date, "日期部分({0})",
                  solver="whole_day({0})"),
        Operation("new_year", _exactly(ty.NUMBER, result=ty.DATE),
                  lambda year: dates.calendar_day(int(year), 1, 1), "元旦({0})",
                  solver="new_year({0})"),
        Operation("working_days", _exactly(ty.DATE, ty.DATE, result=ty.WORKING_DAYS),
                  lambda a, b: dates.working_days(dates.as_date(a), dates.as_date(b)),
                  "工作日数({0}, {1})", solver="working_days({0}, {1})"),
        Operation("floor", _exactly(ty.NUMBER, result=ty.NUMBER), math.floor, "取整({0})",
                  solver="floor({0})"),
        Operation("ceiling", _exactly(ty.NUMBER, result=ty.NUMBER), math.ceil, "向上取整({0})",
                  solver="scaled(floor(scaled({0}, -1)), -1)"),
        Operation("same_area", lambda t: ty.TRUTH if len(t) == 2 else None,
                  lambda a, b: str(a)[:4] == str(b)[:4], "辖区({0}, {1})",
                  solver="same_area({0}, {1})"),
        Operation("raise_share", lambda t: t[0], lambda base, share: base * (1 + share),
                  "{0} × (1 + {1})", "({0} * (1 + {1}))",
                  solver="plus({0}, times({0}, {1}))"),
        Operation("lower_share", lambda t: t[0], lambda base, share: base * (1 - share),
                  "{0} × (1 − {1})", "({0} * (1 - {1}))",
                  solver="minus({0}, times({0}, {1}))"),
        Operation("nonempty", lambda t: ty.TRUTH, bool, "{0}", "bool({0})",
                  solver="any_of({0})"),
    )
}  # fmt: skip
"""Every operation by name."""

FUNCTIONS = {
    "较小": "min", "较大": "max", "周岁": "age", "月数": "months", "年份": "year", "月份": "month",
    "日期部分": "day", "元旦": "new_year", "工作日数": "working_days", "取整": "floor",
    "向上取整": "ceiling", "同统筹区": "same_area", "辖区": "same_area",
}  # fmt: skip
"""What a policy calls it -> the operation."""

VARIADIC = {"min", "max"}
