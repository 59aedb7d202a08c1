"""The inputs of a policy as terms: what each field, reading and parameter can be.

A field's values are its type's: the members of its enumeration, both truths, amounts not
below zero. Whatever else an expression depends on is a term that is not real.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from attrs import Factory, define

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.checks.space import (
    DAY,
    Interval,
    Number,
    Region,
    Subset,
    Term,
    Texts,
    above,
    below,
    number_of,
)
from tiaowen.compiler.core import Value
from tiaowen.compiler.types import Type

ROUNDING = "舍入"
WHOLE = frozenset({ty.MONEY.name, *ty.WHOLE})
"""Types whose values are whole numbers."""
COUNTS = frozenset(
    {"age", "months", "days_apart", "year", "month", "working_days", "floor", "ceiling"}
)
KEEP_WHOLE = frozenset(
    {"add", "subtract", "multiply", "negate", "min", "max", "in_days", "in_months"}
)
EARLIEST, LATEST = datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)


@define
class Inputs:
    """Terms of one policy, made once. ``overridden`` are the quantities that a settlement of
    another matter or a part may give another value than their rules do."""

    nodes: Mapping[str, c.Node]
    fields: Mapping[str, c.FieldInfo]
    collections: Mapping[str, c.CollectionInfo]
    enums: Mapping[str, c.EnumInfo]
    readings: Mapping[str, c.ReadingInfo]
    parameters: Mapping[str, c.ParameterInfo]
    overridden: frozenset[str] = frozenset()
    terms: dict[str, Term] = Factory(dict)
    keys: dict[int, tuple[c.Core, str]] = Factory(dict)

    @property
    def rounds_by_reading(self) -> bool:
        return ROUNDING in self.readings

    def key(self, core: c.Core) -> str:
        """A text that is equal for equal expressions."""
        known = self.keys.get(id(core))
        if known is None:
            known = self.keys[id(core)] = (core, repr(core))
        return known[1]

    # --- terms

    def field(self, core: c.Field) -> Term:
        name = f"{core.level}.{core.name}" if core.level else core.name
        key = f"field {name}"
        if key not in self.terms:
            holder = self.collections[core.level].fields if core.level else self.fields
            info = holder[core.name]
            domain = _usual_first(self._given(info.type), info.default)
            self.terms[key] = Term(key, info.type, domain, True, name)
        return self.terms[key]

    def reading(self, core: c.ReadingRef) -> Term:
        key = f"reading {core.name}"
        if key not in self.terms:
            info = self.readings[core.name]
            domain = _usual_first(Subset(info.choices), info.default)
            self.terms[key] = Term(key, core.type, domain, True, core.name)
        return self.terms[key]

    def parameter(self, core: c.ParameterRef) -> Term | None:
        """The term of a parameter of one value; None of one that a file may give by keys."""
        if core.keys:
            return None
        key = f"parameter {core.name}"
        if key not in self.terms:
            domain = _within(self._given(core.type), core.bounds, core.type)
            self.terms[key] = Term(key, core.type, domain, True, core.name)
        return self.terms[key]

    def opaque(self, key: str, kind: Type, name: str = "", counts: bool = False) -> Term:
        """A term that stands for what is not followed; one that ``counts`` is whole, from 0."""
        if key not in self.terms:
            domain = Interval(0, whole=True) if counts else self._any(kind)
            self.terms[key] = Term(key, kind, domain, False, name)
        return self.terms[key]

    def derived(self, key: str, core: c.Op, operands: list[Value | Term]) -> Term:
        """The term of an operation on terms."""
        if key not in self.terms:
            domain = self._any(core.type)
            if isinstance(domain, Interval):
                whole = core.name in COUNTS or (
                    core.name in KEEP_WHOLE and all(_is_whole(o) for o in operands)
                )
                domain = Interval(whole=whole)
            self.terms[key] = Term(key, core.type, domain)
        return self.terms[key]

    # --- values of a type

    def _given(self, kind: Type) -> Region:
        """What a claim may give for a field of ``kind``."""
        domain = self._any(kind)
        if not isinstance(domain, Interval):
            return domain
        if kind == ty.DATE:
            return Interval(EARLIEST.toordinal(), LATEST.toordinal(), whole=True)
        if kind == ty.MOMENT:
            return Interval(EARLIEST.toordinal() * DAY, LATEST.toordinal() * DAY, whole=True)
        return Interval(0, whole=kind.name in WHOLE)

    def _any(self, kind: Type) -> Region:
        if kind == ty.TRUTH:
            return Subset((False, True))
        if kind == ty.TEXT:
            return Texts()
        if kind.kind in ("enumeration", "scale", "reading"):
            return Subset(self.members(kind.name))
        if kind.kind == "prefix":
            return Subset(prefixed(self.enums[kind.name]))
        if kind == ty.REASONS:
            return Subset((("",), ()))
        return Interval(whole=kind in (ty.DATE, ty.MOMENT))

    def members(self, name: str) -> tuple[Value, ...]:
        """All that a value of enumeration ``name`` can be, a scale's codes outside it too."""
        info = self.enums[name]
        if info.kind != "scale":
            return tuple(info.codes)
        base = self.enums.get(info.base)
        return (*info.steps, *(m for m in (base.codes if base else ()) if m not in info.steps))

    def rank(self, level: Value, scale: str) -> int | None:
        """Where ``level`` stands on ``scale``; None outside it."""
        info = self.enums[scale]
        for index, step in enumerate(info.steps):
            if level == step or level in info.groups[step]:
                return index
        return None


def prefixed(info: c.EnumInfo) -> tuple[str, ...]:
    """A code for each prefix of an enumeration (that no longer prefix claims), and one outside."""
    codes = list(dict.fromkeys(info.codes.values()))
    width = max(map(len, codes), default=1)
    found: list[str] = []
    for code in [*codes, ""]:
        longer = tuple(other for other in codes if len(other) > len(code))
        fillers = (code.ljust(width, d) for d in "0987654321")
        found += [f for f in fillers if not f.startswith(longer)][:1]
    return tuple(dict.fromkeys(found))


def _usual_first(region: Region, usual: Value | None) -> Region:
    if isinstance(region, Subset) and usual in region.values:
        return Subset((usual, *(v for v in region.values if v != usual)))
    return region


def _is_whole(operand: Value | Term) -> bool:
    if isinstance(operand, Term):
        return isinstance(operand.domain, Interval) and operand.domain.whole
    return isinstance(operand, int) and not isinstance(operand, bool)


def _within(region: Region, bounds: c.RangeOf | None, kind: Type) -> Region:
    if bounds is None or not isinstance(region, Interval):
        return region
    for bound, closed, cut in (
        (bounds.low, bounds.low_closed, above),
        (bounds.high, bounds.high_closed, below),
    ):
        number: Number | None = None
        if isinstance(bound, c.Constant):
            number = number_of(bound.value, kind)
        if number is not None:
            region = cut(region, number, closed)
    return region
