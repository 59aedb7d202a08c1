"""Every kind of value of the solver's form, and what all of them share: choosing between two
values, comparing them, telling whether one is among some.

=========  ==============================================================================
是否       a truth
amounts    ``Number`` (金额 in 分; 比例, 单价 and 数量 exact)
dates      ``Day``
members    ``Options``: names under guards, for enumerations, scales and readings
codes      ``Word``: a code of a prefix enumeration, or a text
理由       ``Grounds``: reasons under guards
=========  ==============================================================================
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeAlias

import z3
from attrs import frozen

from tiaowen.compiler.core import Value
from tiaowen.compiler.solver import days, numbers
from tiaowen.compiler.solver.days import Day
from tiaowen.compiler.solver.formulas import (
    Term,
    Truth,
    both,
    chosen_truth,
    either,
    negation,
    same_form,
    same_truth,
)
from tiaowen.compiler.solver.numbers import Number
from tiaowen.compiler.types import Type

CODE_DIGITS = 6
"""Codes of prefix enumerations are taken with so many digits."""


class Unsupported(Exception):
    """The solver's form has no translation of this; ``reason`` says of what."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@frozen
class Options:
    """One of finitely many names, each under its guard; one guard is true."""

    cases: tuple[tuple[Truth, str], ...]


@frozen
class Word:
    """A code as a number of ``CODE_DIGITS`` digits, or a text by the number it is known by."""

    term: Term
    code: bool


@frozen
class Grounds:
    """Reasons, in order, each under the condition on which it holds."""

    held: tuple[tuple[Truth, str], ...] = ()


Symbolic: TypeAlias = Any
"""A truth, ``Number``, ``Day``, ``Options``, ``Word`` or ``Grounds``."""


def code_number(code: str) -> int:
    """A code of digits, filled up with zeros."""
    if not code.isdigit() or len(code) > CODE_DIGITS:
        raise Unsupported(f"code {code!r}")
    return int(code.ljust(CODE_DIGITS, "0"))


def known(value: Value, kind: Type, texts: dict[str, int]) -> Symbolic:
    """A plain value of type ``kind``; ``texts`` numbers the texts met."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Fraction):
        return numbers.constant(value)
    if isinstance(value, datetime.date):
        return days.day_of(value)
    if isinstance(value, tuple):
        return Grounds(tuple((True, reason) for reason in value))
    if kind.kind == "prefix":
        return Word(z3.IntVal(code_number(value)), code=True)
    if kind.enumerated:
        return Options(((True, value),))
    return Word(z3.IntVal(texts.setdefault(value, len(texts))), code=False)


# --- choosing


def choose(found: Iterable[tuple[Truth, Symbolic]]) -> Symbolic:
    """The value whose guard holds, of several the first's; None where there is none. What has no
    value on any claim is left out, and the last is taken for the rest."""
    kept = [(guard, value) for guard, value in found if value is not None and guard is not False]
    if not kept:
        return None
    first = kept[0][1]
    if len(kept) == 1:
        return first
    if isinstance(first, Number):
        return numbers.choose(kept)
    if isinstance(first, Day):
        return days.choose_day(kept)
    if isinstance(first, Options):
        return _options(kept)
    if isinstance(first, Word):
        term = kept[-1][1].term
        for guard, word in reversed(kept[:-1]):
            term = word.term if same_form(word.term, term) else z3.If(guard, word.term, term)
        return Word(term, first.code)
    if isinstance(first, Grounds):
        return _grounds(kept)
    truth = kept[-1][1]
    for guard, then in reversed(kept[:-1]):
        truth = chosen_truth(guard, then, truth)
    return truth


def _first_of(found: list[tuple[Truth, Symbolic]]) -> Iterable[tuple[Truth, Symbolic]]:
    """The same choices under guards that exclude one another."""
    before: Truth = False
    for index, (guard, value) in enumerate(found):
        here = negation(before) if index == len(found) - 1 else both(guard, negation(before))
        yield here, value
        before = either(before, guard)


def options(found: Iterable[tuple[Truth, str]]) -> Options:
    """Names under guards that exclude one another, equal names under one guard."""
    guards: dict[str, list[Truth]] = {}
    for guard, name in found:
        if guard is not False:
            guards.setdefault(name, []).append(guard)
    cases = tuple((either(*gs), name) for name, gs in guards.items())
    return Options(((True, cases[0][1]),)) if len(cases) == 1 else Options(cases)


def _options(found: list[tuple[Truth, Symbolic]]) -> Options:
    return options(
        (both(here, guard), name) for here, value in _first_of(found) for guard, name in value.cases
    )


def _grounds(found: list[tuple[Truth, Symbolic]]) -> Grounds:
    return Grounds(
        tuple(
            (both(here, guard), reason)
            for here, value in _first_of(found)
            for guard, reason in value.held
        )
    )


# --- comparing


def equal(a: Symbolic, b: Symbolic) -> Truth:
    """Whether two values of one type are the same."""
    if isinstance(a, Number):
        return numbers.equal(a, b)
    if isinstance(a, Day):
        return days.same_day(a, b)
    if isinstance(a, Options):
        return either(*(both(g, h) for g, x in a.cases for h, y in b.cases if x == y))
    if isinstance(a, Word):
        return True if same_form(a.term, b.term) else a.term == b.term
    if isinstance(a, Grounds):
        raise Unsupported("comparing reasons")
    return same_truth(a, b)


def ordered(a: Symbolic, b: Symbolic, closed: bool) -> Truth:
    """Whether ``a`` < ``b``, or ≤ where ``closed``."""
    if isinstance(a, Number):
        return numbers.below(a, b, closed)
    if isinstance(a, Day):
        return days.before(a, b, closed)
    raise Unsupported("an order of names")


def among(value: Symbolic, accepted: Iterable[Value], prefixes: Iterable[str]) -> Truth:
    """Whether a value is one of ``accepted`` or begins with one of ``prefixes``."""
    names = frozenset(accepted)
    if isinstance(value, Options):
        starts = tuple(prefixes)
        return either(
            *(g for g, n in value.cases if n in names or (starts and n.startswith(starts)))
        )
    if isinstance(value, Word):
        if not value.code:
            raise Unsupported("a text among others")
        return either(*(begins(value, prefix) for prefix in prefixes))
    if isinstance(value, Number):
        return either(*(numbers.equal(value, numbers.constant(n)) for n in names
                        if isinstance(n, int | Fraction)))  # fmt: skip
    if isinstance(value, Day | Grounds):
        raise Unsupported("a day among others")
    return either(both(True in names, value), both(False in names, negation(value)))


def begins(word: Word, prefix: str) -> Truth:
    """Whether a code begins with ``prefix``."""
    rest = 10 ** (CODE_DIGITS - len(prefix))
    low = code_number(prefix)
    if z3.is_int_value(word.term):
        return bool(low <= word.term.as_long() < low + rest)
    return z3.And(word.term >= low, word.term < low + rest)


def same_beginning(a: Word, b: Word, digits: int = 4) -> Truth:
    """Whether two codes have the same first digits."""
    if not (a.code and b.code):
        raise Unsupported("the area of a text")
    rest = 10 ** (CODE_DIGITS - digits)
    x, y = a.term / rest, b.term / rest
    return True if same_form(x, y) else x == y


def same_symbolic(a: Symbolic, b: Symbolic) -> bool:
    """Whether two values are written alike, so that they are certainly the same."""
    if type(a) is not type(b) and not (isinstance(a, bool | z3.BoolRef)):
        return False
    if isinstance(a, Number):
        if a.cases or b.cases:
            return _alike(a.cases, b.cases)
        return a.den == b.den and same_form(a.term, b.term)
    if isinstance(a, Options):
        return _alike(a.cases, b.cases)
    if isinstance(a, Grounds):
        return _alike(a.held, b.held)
    if isinstance(a, Word):
        return a.code == b.code and same_form(a.term, b.term)
    if isinstance(a, Day):
        parts = (a.micros, a.number) if a.civil is None else (a.micros, *a.civil)
        others = (b.micros, b.number) if b.civil is None else (b.micros, *b.civil)
        return len(parts) == len(others) and all(map(same_form, parts, others))
    return same_form(a, b)


def _alike(a: tuple[tuple[Truth, Any], ...], b: tuple[tuple[Truth, Any], ...]) -> bool:
    return len(a) == len(b) and all(
        x == y and same_form(g, h) for (g, x), (h, y) in zip(a, b, strict=True)
    )
