"""What a figure measures, so that a rule's figure and the text's can be compared exactly.

15万元, 150,000元 and 十五万元 are one measure; so are 50%, 一半 and 五成, 两倍 and 200%, 7日 and
七天, and 5个百分点 and 5% (what they mean is the reading's to say). Hours are not days here: that
72 hours are three days is a derivation, and has to be written as one.
"""

from __future__ import annotations

import calendar
import datetime
import re
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

from tiaowen.compiler import types as ty
from tiaowen.compiler.types import LITERALS, NUMBER
from tiaowen.dsl import tree as t
from tiaowen.dsl.figures import Figure

AGE = "岁"
COUNT = NUMBER.name

_OF_LITERAL = {"百分点": ty.RATIO.name, "倍": ty.RATIO.name, "岁": AGE}
_OF_FIGURE: dict[str, str] = {
    "分": ty.MONEY.name, "比例": ty.RATIO.name, "百分点": ty.RATIO.name, "倍": ty.RATIO.name,
    "日": ty.DAYS.name, "工作日": ty.WORKING_DAYS.name, "月": ty.MONTHS.name, "年": ty.YEARS.name,
    "年度": ty.YEARS.name, "岁": AGE, "小时": ty.HOURS.name, "级": ty.STEPS.name,
}  # fmt: skip
"""The dimension of a unit of ``dsl/figures.py``; every other unit counts things."""

_NOT_COUNTED = frozenset({"分", "比例", "百分点"})


@frozen
class Measure:
    """A value in its dimension's own unit: 分, 1 for 100%, days, months, years, hours, a count.

    A bare number in a rule has dimension '' and is any count, whatever the text counts.
    """

    value: Fraction
    dimension: str

    def __str__(self) -> str:
        value, unit = self.value, _UNITS.get(self.dimension, "")
        if self.dimension == ty.MONEY.name:
            value /= 100
        if self.dimension == ty.RATIO.name:
            value, unit = value * 100, "%"
        return f"{_decimal(value)}{unit}"


_UNITS = {
    ty.MONEY.name: "元", ty.DAYS.name: "天", ty.WORKING_DAYS.name: "个工作日",
    ty.MONTHS.name: "个月", ty.YEARS.name: "年", AGE: "岁", ty.HOURS.name: "小时",
    ty.STEPS.name: "级",
}  # fmt: skip


def _decimal(value: Fraction) -> str:
    scaled = value * 10**6
    if scaled.denominator != 1:
        return str(value)
    whole, rest = divmod(abs(int(scaled)), 10**6)
    digits = f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
    return f"-{digits}" if value < 0 else digits


RuleLiteral: TypeAlias = t.Number | t.DateLiteral


def of_number(node: t.Number) -> Measure:
    """The measure of a literal as a rule writes it."""
    kind, scale = LITERALS.get(node.unit, (NUMBER, Fraction(1)))
    dimension = _OF_LITERAL.get(node.unit, kind.name) if node.unit else ""
    return Measure(node.value * scale, dimension)


def of_figure(figure: Figure) -> Measure:
    """The measure of a figure of the text."""
    return Measure(figure.value, _OF_FIGURE.get(figure.unit, COUNT))


def comparable(mine: Measure, figure: Figure) -> bool:
    """Whether the text's figure is of the kind a rule's figure of this measure can stand for."""
    if mine.dimension == "":
        return figure.kind != "quantity" or figure.unit not in _NOT_COUNTED
    if figure.kind == "ordinal":
        return mine.dimension == COUNT and figure.unit in ("", "次")
    return figure.kind == "quantity" and mine.dimension == of_figure(figure).dimension


Meaning: TypeAlias = Measure | datetime.date
"""What a rule's literal says, ready to be compared."""


def meaning(literal: RuleLiteral) -> Meaning:
    """The measure of a number, the day of a date."""
    return of_number(literal) if isinstance(literal, t.Number) else literal.value


def same(mine: Meaning, figure: Figure) -> bool:
    """Whether what a rule says is the text's ``figure``."""
    if not isinstance(mine, Measure):
        return figure.day is not None and _same_day(mine, figure.day)
    if figure.kind == "date":
        return mine.dimension == "" and mine.value in (figure.day or ())
    return (
        figure.kind in ("quantity", "ordinal")
        and mine.value == of_figure(figure).value
        and comparable(mine, figure)
    )


def _same_day(value: datetime.date, day: tuple[int | None, int | None, int | None]) -> bool:
    """A month stands for its first and its last day; what is unsaid is not compared."""
    year, month, number = day
    if number is None and month is not None:
        last = calendar.monthrange(value.year, value.month)[1]
        return month == value.month and year in (None, value.year) and value.day in (1, last)
    if month is None:
        return False
    return (month, number) == (value.month, value.day) and year in (None, value.year)


@frozen
class Structural:
    """Figures that need no figure of the text; ``dimensions`` None is any.

    ``words`` are how a text says them. Where they are ``needed``, the text cited or the
    derivation has to have them.
    """

    name: str
    value: Fraction
    dimensions: frozenset[str] | None
    words: re.Pattern[str]
    needed: bool = False


STRUCTURAL: tuple[Structural, ...] = (
    Structural("nothing (0元, 0%, 0天)", Fraction(0), None,
               re.compile(r"不设|不再设置|不计|免|不予|不得|不再|不纳入|当日|同日")),
    Structural("the whole (100%)", Fraction(1), frozenset({ty.RATIO.name}),
               re.compile(r"全额|全部|自费|据实|具实|按实际")),
    Structural("a count of one (1级, 1次, 1人, 1)", Fraction(1),
               frozenset({"", COUNT, ty.STEPS.name}),
               re.compile(r"[一1１](?:[级次人个例项]|参保年度|自然年度)|每|单次|首次|单胎")),
    Structural("the next day, month or year", Fraction(1), frozenset({ty.DAYS.name}),
               re.compile(r"次日|翌日|第二[日天]"), needed=True),
    Structural("the next day, month or year", Fraction(1), frozenset({ty.MONTHS.name}),
               re.compile(r"次月"), needed=True),
    Structural("the next day, month or year", Fraction(1), frozenset({ty.YEARS.name}),
               re.compile(r"次年|下年度|上年度"), needed=True),
)  # fmt: skip
"""The figures a rule may use without a figure of the text, and the words that say them there."""


def structural(measure: Measure) -> Structural | None:
    """The entry of ``STRUCTURAL`` that ``measure`` falls under."""
    for entry in STRUCTURAL:
        fits = entry.dimensions is None or measure.dimension in entry.dimensions
        if fits and measure.value == entry.value:
            return entry
    return None
