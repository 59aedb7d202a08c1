"""The facts of a claim as variables: what a field can hold is what the reader of claims accepts.

A field is made when first asked for. A copy of a claim takes every fact of the claim it is a
copy of, except those that are to vary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import z3
from attrs import Factory, define, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.solver import days, kinds, numbers
from tiaowen.compiler.solver.days import MICROSECONDS_OF_DAY, Day
from tiaowen.compiler.solver.formulas import Truth, both, either, implies
from tiaowen.compiler.solver.kinds import Options, Symbolic, Word
from tiaowen.compiler.solver.numbers import Number
from tiaowen.compiler.solver.space import Space
from tiaowen.compiler.types import Type
from tiaowen.compiler.values import COUNT_PLACES, PRICE_PLACES

FIRST_DATE, LAST_DATE = 1901, 2099
"""The years that dates of a claim are taken from: the calendar's, but for its edges."""
_STEPS = {ty.NUMBER.name: 10**COUNT_PLACES, ty.UNIT_PRICE.name: 10**PRICE_PLACES}
_DIVISION = "区划"


@frozen(eq=False)
class Given:
    """A fact: its value if the claim gives it, and whether it does."""

    name: str
    type: Type
    value: Symbolic
    given: Truth


def unknown(
    name: str, kind: Type, program: c.Program, space: Space, *, signed: bool = False
) -> Symbolic:
    """A value of type ``kind`` that may be any that a claim may give, by the variable ``name``;
    a number that is ``signed``, what rules work out, may be below 0."""
    if kind == ty.TRUTH:
        return space.truth(name)
    if kind in (ty.DATE, ty.MOMENT):
        return _unknown_day(name, kind, space)
    if kind.kind == "prefix":
        return _unknown_code(name, kind, program, space)
    if kind == ty.TEXT:
        return Word(space.integer(name), code=False)
    if kind.enumerated:
        return _unknown_member(name, members(kind, program), space)
    if signed:
        whole = kind == ty.MONEY or kind.name in ty.WHOLE
        return Number((), space.integer(name) if whole else space.real(name))
    if kind in (ty.RATIO, ty.POINTS, ty.HOURS):
        term = space.real(name)
        space.fact(term >= 0)
        if kind != ty.HOURS:
            space.fact(term <= 1)
        return Number((), term, low=Fraction(0), high=None if kind == ty.HOURS else Fraction(1))
    term = space.integer(name)
    space.fact(term >= 0)
    return Number((), term, _STEPS.get(kind.name, 1), low=Fraction(0))


def members(kind: Type, program: c.Program) -> tuple[str, ...]:
    """All that a value of an enumeration, a scale or a reading can be."""
    if kind.kind == "reading":
        return program.readings[kind.name].choices
    info = program.enums[kind.name]
    if info.kind != "scale":
        return tuple(info.codes)
    base = program.enums.get(info.base)
    return (*info.steps, *(m for m in (base.codes if base else ()) if m not in info.steps))


def _unknown_member(name: str, names: tuple[str, ...], space: Space) -> Options:
    if len(names) == 1:
        return Options(((True, names[0]),))
    term = space.integer(name)
    space.fact(z3.And(term >= 0, term < len(names)))
    return Options(tuple((term == index, member) for index, member in enumerate(names)))


def _unknown_code(name: str, kind: Type, program: c.Program, space: Space) -> Word:
    word = Word(space.integer(name), code=True)
    lowest = 100_000 if kind.name == _DIVISION else 0
    space.fact(z3.And(word.term >= lowest, word.term < 10**kinds.CODE_DIGITS))
    if kind.name != _DIVISION:
        prefixes = program.enums[kind.name].codes.values()
        space.fact(either(*(kinds.begins(word, prefix) for prefix in prefixes)))
    return word


def _unknown_day(name: str, kind: Type, space: Space) -> Day:
    year, month, day = (space.integer(f"{name}.{part}") for part in ("年", "月", "日"))
    space.fact(days.is_civil((year, month, day), FIRST_DATE, LAST_DATE))
    micros = None
    if kind == ty.MOMENT:
        micros = space.integer(f"{name}.时")
        space.fact(z3.And(micros >= 0, micros < MICROSECONDS_OF_DAY))
    return Day((year, month, day), micros=micros)


@define(eq=False)
class Facts:
    """What a claim, or an element of one of its collections, gives.

    ``tested`` are the fields whose presence some rule asks for: only those, and with
    ``complete`` False those without a default, may be left out.
    """

    program: c.Program
    space: Space
    prefix: str
    declared: Mapping[str, c.FieldInfo]
    tested: frozenset[str]
    complete: bool = True
    copied: Facts | None = None
    varied: frozenset[str] = frozenset()
    known: dict[str, Given] = Factory(dict)

    def __getitem__(self, name: str) -> Given:
        if self.copied is not None and name not in self.varied:
            return self.copied[name]
        if name not in self.known:
            self.known[name] = self._made(name)
        return self.known[name]

    def _made(self, name: str) -> Given:
        info = self.declared[name]
        value = unknown(f"{self.prefix}{name}", info.type, self.program, self.space)
        optional = name in self.tested or (info.default is None and not self.complete)
        given = self.space.truth(f"{self.prefix}{name}?") if optional else True
        return Given(name, info.type, value, given)

    @property
    def all(self) -> dict[str, Given]:
        """Every fact asked for so far, by name."""
        shared = {} if self.copied is None else self.copied.all
        return {**{n: g for n, g in shared.items() if n not in self.varied}, **self.known}

    def named(self, *codes: str) -> str:
        """The field whose code or alias is the first of ``codes``; '' where there is none."""
        for code in codes:
            for info in self.declared.values():
                if code == info.code or code in info.aliases:
                    return info.name
        return ""


_PARTS = ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")


def stay_in_order(facts: Facts) -> None:
    """A stay does not end before it begins, as the reader of claims has it (TW0607)."""
    begin, end = facts.named("begntime", "begndate"), facts.named("endtime", "enddate")
    asked = facts.all
    if begin in asked and end in asked:
        first, last = asked[begin], asked[end]
        in_order = kinds.ordered(*_one_kind(first.value, last.value), closed=True)
        facts.space.fact(implies(both(first.given, last.given), in_order))


def _one_kind(a: Day, b: Day) -> tuple[Day, Day]:
    return (a, b) if a.is_moment == b.is_moment else (days.whole_day(a), days.whole_day(b))


def line_adds_up(line: Facts) -> None:
    """A line's total is the sum of its parts where all are given (TW0608)."""
    asked = line.all
    total, parts = line.named("det_item_fee_sumamt"), [line.named(code) for code in _PARTS]
    if total in asked and all(part in asked for part in parts):
        sum_of_parts = asked[parts[0]].value
        for part in parts[1:]:
            sum_of_parts = numbers.plus(sum_of_parts, asked[part].value)
        given = both(*(asked[name].given for name in (total, *parts)))
        line.space.fact(implies(given, numbers.equal(sum_of_parts, asked[total].value)))


def priced(line: Facts, times: Iterable[tuple[tuple[Symbolic, ...], Symbolic]]) -> None:
    """A line's total is less than 1 分 from count times price where these are given (TW0609)."""
    asked = line.all
    total, count, price = (line.named(n) for n in ("det_item_fee_sumamt", "cnt", "pric"))
    if total not in asked or count not in asked or price not in asked:
        return
    given = both(*(asked[name].given for name in (total, count, price)))
    pair = asked[price].value, asked[count].value
    for operands, product in times:
        if all(map(kinds.same_symbolic, pair, operands)):
            gap = numbers.minus(numbers.scaled(product, Fraction(100)), asked[total].value)
            one = numbers.constant(1)
            near = both(numbers.below(gap, one, False),
                        numbers.below(numbers.negative(one), gap, False))  # fmt: skip
            line.space.fact(implies(given, near))
