"""Derivations: how a figure that does not stand in the text follows from it, checked exactly.

``推导 "3天 = 72小时"`` and ``推导 "200元 ÷ 2"`` are computed; free text has to hold the figure.
Parts are divided by ；or，. Either way a derivation names something the cited text has.
"""

from __future__ import annotations

import re
from fractions import Fraction

from attrs import frozen

from tiaowen.compiler.grounding.measures import COUNT, Measure, of_figure
from tiaowen.compiler.types import DAYS, HOURS, MONTHS, RATIO, YEARS
from tiaowen.dsl.figures import Figure, figures
from tiaowen.dsl.normal import halfwidth

_PARTS = re.compile(r"[；，。;]")
_SIGNS = re.compile(r"[+\-−×*÷/()=\s]*")
_TOKEN = re.compile(r"[+\-−×*÷/()=]")
_CONVERSIONS = {DAYS.name: (HOURS.name, 24), YEARS.name: (MONTHS.name, 12)}
_DEEPEST = 20
"""Brackets nested deeper than this are no derivation anybody checks by reading."""

_PURE = frozenset({RATIO.name, COUNT, ""})


@frozen
class Equation:
    """A part in arithmetic form: the value of each of its sides."""

    sides: tuple[Measure, ...]

    @property
    def holds(self) -> bool:
        return all(equal(self.sides[0], side) for side in self.sides[1:])


@frozen
class Derivation:
    """``figures`` are all that it names, ``equations`` its parts in arithmetic form."""

    text: str
    figures: tuple[Figure, ...]
    equations: tuple[Equation, ...]

    def wrong(self) -> Equation | None:
        """The first equation that does not hold."""
        return next((e for e in self.equations if not e.holds), None)

    def gives(self, measure: Measure) -> bool:
        """Whether it computes or, in free text, names ``measure``."""
        if any(equal(side, measure) for e in self.equations for side in e.sides):
            return True
        return not self.equations and any(equal(of_figure(f), measure) for f in self.figures)


def equal(mine: Measure, other: Measure) -> bool:
    """Whether two measures are one amount: 72 hours and 3 days are, 50% and the number 0.5 are."""
    left, right = _reduced(mine), _reduced(other)
    return left == right


def _reduced(measure: Measure) -> Measure:
    unit, scale = _CONVERSIONS.get(measure.dimension, (measure.dimension, 1))
    return Measure(measure.value * scale, RATIO.name if unit in _PURE else unit)


def read_derivation(text: str) -> Derivation:
    """``text`` read; what is not arithmetic is free text."""
    equations = [e for part in _PARTS.split(text) if (e := _equation(part)) is not None]
    return Derivation(text, figures(text), tuple(equations))


def _equation(part: str) -> Equation | None:
    tokens = _tokens(part)
    if not any(isinstance(token, str) for token in tokens):
        return None
    try:
        reader = _Reader(tokens)
        sides = [reader.sum()]
        while reader.take("="):
            sides.append(reader.sum())
        return Equation(tuple(sides)) if reader.done else None
    except _NotArithmetic:
        return None


def _tokens(part: str) -> list[Measure | str]:
    plain = halfwidth(part)
    tokens: list[Measure | str] = []
    at = 0
    for figure in figures(part):
        if figure.kind != "quantity" or not _SIGNS.fullmatch(plain[at : figure.start]):
            return []
        tokens.extend(_TOKEN.findall(plain[at : figure.start]))
        tokens.append(of_figure(figure))
        at = figure.end
    if not _SIGNS.fullmatch(plain[at:]):
        return []
    return [*tokens, *_TOKEN.findall(plain[at:])]


class _NotArithmetic(Exception):
    """The tokens are no expression, or its units do not fit."""


class _Reader:
    """Sums, products and brackets over measures."""

    def __init__(self, tokens: list[Measure | str]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def done(self) -> bool:
        return self.at == len(self.tokens)

    def take(self, *signs: str) -> str:
        token = None if self.done else self.tokens[self.at]
        if isinstance(token, str) and token in signs:
            self.at += 1
            return token
        return ""

    def sum(self) -> Measure:
        value = self.product()
        while sign := self.take("+", "-", "−"):
            left, right = _reduced(value), _reduced(self.product())
            if left.dimension != right.dimension:
                raise _NotArithmetic
            step = right.value if sign == "+" else -right.value
            value = Measure(left.value + step, left.dimension)
        return value

    def product(self) -> Measure:
        value = self.atom()
        while sign := self.take("×", "*", "÷", "/"):
            other = self.atom()
            value = _times(value, other) if sign in "×*" else _over(value, other)
        return value

    def atom(self) -> Measure:
        if self.take("("):
            self.depth += 1
            if self.depth > _DEEPEST:
                raise _NotArithmetic
            value = self.sum()
            if not self.take(")"):
                raise _NotArithmetic
            self.depth -= 1
            return value
        token = None if self.done else self.tokens[self.at]
        if not isinstance(token, Measure):
            raise _NotArithmetic
        self.at += 1
        return token


def _times(left: Measure, right: Measure) -> Measure:
    if right.dimension in _PURE:
        return Measure(left.value * right.value, left.dimension)
    if left.dimension in _PURE:
        return Measure(left.value * right.value, right.dimension)
    raise _NotArithmetic


def _over(left: Measure, right: Measure) -> Measure:
    if right.value == 0:
        raise _NotArithmetic
    if right.dimension in _PURE:
        return Measure(Fraction(left.value, right.value), left.dimension)
    mine, other = _reduced(left), _reduced(right)
    if mine.dimension != other.dimension:
        raise _NotArithmetic
    return Measure(mine.value / other.value, RATIO.name)
