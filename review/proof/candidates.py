"""Values worth trying for each fact: what the rules compare it with, and what lies beside that.

A rule can only tell values apart at the constants it names, so the constants of a matter's rules,
with their neighbours, are the boundaries of its claims. Values stand in one fixed order, the
plainest first: a claim made of first values is an ordinary one.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import expressions
from tiaowen.compiler.core import FieldInfo, Program, Value
from tiaowen.compiler.walk import every
from tiaowen.engine.claims.roles import Roles, named
from tiaowen.engine.reach import Fact, inputs

STAY = 9
"""Days of an ordinary stay."""
ORDINARY = 1_000_000
"""分 of an ordinary amount: 10,000 yuan."""
BORN = datetime.date(1970, 5, 1)
MOST = 60
"""Values tried for one fact."""

PLAIN_CODES = ("1100", "1500", "101")
"""Codes that are the plainest of their kind: in work, a resident adult, western medicine."""

_STEPS: Mapping[str, Any] = {
    "金额": 1, "单价": Fraction(1, 100), "比例": Fraction(1, 100), "数量": 1, "天数": 1,
    "工作日": 1, "月数": 1, "年限": 1, "级数": 1,
}  # fmt: skip
"""How far a neighbour lies from a constant, by type."""

_BASICS: Mapping[str, tuple[Any, ...]] = {
    "金额": (ORDINARY, 1, 100_000, 20_000_000), "单价": (Fraction(100),), "天数": (1, 5),
    "比例": (Fraction(1, 2), Fraction(0), Fraction(1)), "数量": (1, 2, 3), "月数": (1,),
    "年限": (1,), "时长": (Fraction(1),), "工作日": (1,), "级数": (1,),
}  # fmt: skip


@frozen
class Candidates:
    """Values for the facts of one matter; ``day`` is the discharge of an ordinary stay."""

    program: Program
    matter: str
    day: datetime.date
    facts: frozenset[Fact]
    constants: Mapping[str, tuple[Any, ...]]
    """Constants of the matter's rules by the name of their type, ascending."""
    prefixes: frozenset[str]

    @classmethod
    def of(cls, program: Program, matter: str) -> Candidates:
        """The candidates of ``matter``."""
        constants: dict[str, set[Any]] = defaultdict(set)
        prefixes: set[str] = set()
        for core in _cores(program, matter):
            if isinstance(core, c.Constant) and not isinstance(core.value, bool | tuple):
                constants[core.type.name].add(core.value)
            elif isinstance(core, c.Among):
                prefixes.update(core.prefixes)
            elif isinstance(core, c.Pick):
                for row in core.rows:
                    cells = [m for m in row.matchers if isinstance(m, c.AmongOf)]
                    prefixes.update(*(m.prefixes for m in cells))
        return cls(
            program, matter, _ordinary_day(program), frozenset(inputs(program, matter)),
            {k: tuple(sorted(v)) for k, v in constants.items()}, frozenset(prefixes),
        )  # fmt: skip

    def info(self, fact: Fact) -> FieldInfo:
        level, name = fact
        fields = self.program.collections[level].fields if level else self.program.fields
        return fields[name]

    def values(self, fact: Fact) -> tuple[Value, ...]:
        """The values to try, the plainest first."""
        info = self.info(fact)
        found = dict.fromkeys(self._plain(info))
        found.update(dict.fromkeys(self._values(info)))
        return tuple(found)[:MOST] if info.type.kind == "plain" else tuple(found)

    def first(self, fact: Fact) -> Value:
        """The plainest value."""
        return self.values(fact)[0]

    # --- by type

    def _plain(self, info: FieldInfo) -> Iterator[Value]:
        """What an ordinary claim would say."""
        if info.default is not None:
            yield info.default
        roles, fields = Roles.of(self.program), self.program.fields
        if info.name == roles.admission:
            yield self._at(self.day - datetime.timedelta(STAY), info)
        elif info.name in (roles.discharge, roles.settled_at):
            yield self._at(self.day, info)
        elif info.name == self._born:
            yield BORN
        elif info.name == named(fields, "insutype") and self.program.identity.insurance:
            codes = self.program.enums[info.type.name].codes
            yield from (n for n, k in codes.items() if k in self.program.identity.insurance)

    def _at(self, day: datetime.date, info: FieldInfo) -> Value:
        return day if info.type.name == "日期" else datetime.datetime.combine(day, datetime.time())

    def _values(self, info: FieldInfo) -> Iterable[Value]:
        kind = info.type
        enum = self.program.enums.get(kind.name)
        if enum is not None and enum.kind == "prefix":
            return self._prefixed(enum)
        if enum is not None:
            return self._members(enum)
        if kind.name == "是否":
            return (False, True)
        if kind.name == "文本":
            return ("甲", "", "乙")
        if kind.name in ("日期", "时刻"):
            days = self._births() if info.name == self._born else self._days()
            return (self._at(day, info) for day in days)
        return self._numbers(kind.name)

    def _numbers(self, kind: str) -> Iterator[Value]:
        yield from _BASICS.get(kind, (1,))
        step = _STEPS.get(kind, 1)
        for constant in self.constants.get(kind, ()):
            for value in (constant, constant + step, constant - step):
                if value >= 0 and (kind != "比例" or value <= 1):
                    yield value

    def _members(self, enum: c.EnumInfo) -> Iterator[Value]:
        """Members: first one for each step of a scale of them, then those whose code is plain."""
        names = list(enum.codes) or list(enum.steps)
        for scale in self.program.enums.values():
            if scale.kind == "scale" and scale.base == enum.name:
                for step in scale.steps:
                    yield from [n for n in names if n in scale.groups.get(step, ())][:1]
        yield from (n for n in names if enum.codes.get(n) in PLAIN_CODES)
        yield from names

    def _prefixed(self, enum: c.EnumInfo) -> Iterator[Value]:
        """A code for every prefix that the rules name, the policy's own region first."""
        width = 6 if any(len(code) > 4 for code in enum.codes.values()) else 4
        region = self.program.identity.region
        if len(region) == width:
            yield region
        codes = {code.ljust(width, "0") for code in enum.codes.values()}
        yield from (code for code in PLAIN_CODES if code in codes and self._insures(code))
        mentioned = [k for k in enum.codes.values() if k in self.prefixes] or enum.codes.values()
        yield from (code.ljust(width, "0") for code in mentioned)
        if width == 6:
            yield "650000"

    def _insures(self, code: str) -> bool:
        return code != "1100" or "310" in self.program.identity.insurance

    def _days(self) -> Iterator[datetime.date]:
        """The ordinary day, the turn of the year, and days that the rules name."""
        yield self.day
        yield from (self.day - datetime.timedelta(n) for n in (1, STAY, 30, 366))
        yield datetime.date(self.day.year, 1, 1)
        yield datetime.date(self.day.year - 1, 12, 31)
        for constant in self.constants.get("日期", ()):
            yield from (constant + datetime.timedelta(n) for n in (0, 1, -1))

    def _births(self) -> Iterator[datetime.date]:
        """Birthdays that fall on the ordinary day, at the ages that the rules name."""
        yield BORN
        for years in self.constants.get("年限", ()):
            if 0 < years < 120:
                turned = datetime.date(self.day.year - int(years), self.day.month, self.day.day)
                yield from (turned + datetime.timedelta(n) for n in (0, 1, -1))

    @property
    def _born(self) -> str:
        return named(self.program.fields, "brdy")


def _ordinary_day(program: Program) -> datetime.date:
    """10 March of the first whole year that the policy is in force in."""
    begin = program.identity.in_force
    year = 2024 if begin is None else begin.year + (begin > datetime.date(begin.year, 1, 1))
    return datetime.date(year, 3, 10)


def reached(program: Program, matter: str) -> tuple[str, ...]:
    """``matter`` and the matters it settles by."""
    calls = program.matters[matter].calls.values()
    return tuple(dict.fromkeys([matter, *(call.matter for call in calls)]))


def _cores(program: Program, matter: str) -> Iterator[c.Core]:
    """Every expression of the rules that decide ``matter``."""
    matters = reached(program, matter)
    for node in program.nodes.values():
        if node.matter in matters:
            for core in expressions(node):
                yield from every(core)
    for name in matters:
        asked = program.matters[name]
        for function in asked.functions.values():
            yield from every(function.body)
        for call in asked.calls.values():
            changed = [*call.overrides.values()]
            for core in changed if call.condition is None else [*changed, call.condition]:
                yield from every(core)
        if asked.condition is not None:
            yield from every(asked.condition)
