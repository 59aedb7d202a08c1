"""Which other values a fact could have: those at which some rule answers otherwise.

An enumerated fact can be each of its members, a flag the other one, a figure or day the values
around each boundary it is compared with. Nothing else is tried: between two boundaries a rule
cannot tell one value from another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Value
from tiaowen.compiler.moments import FIRST_YEAR, LAST_YEAR
from tiaowen.compiler.types import Type
from tiaowen.engine.claims.members import DIVISION
from tiaowen.engine.frames import Frame
from tiaowen.engine.reach import Fact, reached
from tiaowen.review.alternatives.comparisons import Comparison, Met, Sources, comparisons, met
from tiaowen.review.alternatives.comparisons import uneven as is_uneven
from tiaowen.review.alternatives.model import Place
from tiaowen.review.alternatives.turning import FARTHEST, turns

_DAY = timedelta(days=1)
_STEPS: Mapping[str, int | Fraction] = {
    ty.MONEY.name: 1, ty.UNIT_PRICE.name: Fraction(1, 100), ty.RATIO.name: Fraction(1, 100),
    ty.NUMBER.name: 1, ty.DAYS.name: 1, ty.MONTHS.name: 1, ty.YEARS.name: 1,
    ty.WORKING_DAYS.name: 1, ty.HOURS.name: 1, ty.STEPS.name: 1,
}  # fmt: skip
"""The next value of a type: a figure beside a boundary is this far from it."""


def members(info: c.FieldInfo, tested: Iterable[str], program: c.Program) -> list[Value]:
    """The members of an enumerated field as values; of a type that keeps raw codes, a code for
    each of the prefixes ``tested``, as long as codes of its kind are."""
    enum = program.enums[info.type.name]
    if enum.kind == "prefix":
        wide = 6 if info.type.name == DIVISION else 0
        return [prefix.ljust(wide, "0") for prefix in sorted(set(tested))]
    return list(enum.codes)


def prefixes(program: c.Program, matter: str, sources: Sources) -> dict[Fact, set[str]]:
    """The code prefixes that rules ask of each fact."""
    found: dict[Fact, set[str]] = {}
    for part in reached(program, matter):
        if isinstance(part, c.Among) and part.prefixes:
            for fact in sources.of(part.operand):
                found.setdefault(fact, set()).update(part.prefixes)
    return found


def boundaries(frame: Frame, sources: Sources) -> dict[Place, dict[Value, None]]:
    """For each fact that a comparison draws on, the values at and around which it turns."""
    program = frame.program
    found: dict[Place, dict[Value, None]] = {}
    for comparison in comparisons(program, frame.matter.name):
        facts = _facts(comparison, sources)
        if not facts:
            continue
        uneven = comparison.past is None and is_uneven(comparison, program)
        for came_out in met(comparison, frame):
            for place, info in _places(facts, came_out, frame):
                values = found.setdefault(place, {})
                now = _record(place, frame).get(info.name)
                if uneven and isinstance(now, date):
                    values.update(dict.fromkeys(turns(came_out, place, now, frame)))
                else:
                    values.update(dict.fromkeys(_around(came_out, info, now)))
    return found


def _facts(comparison: Comparison, sources: Sources) -> frozenset[Fact]:
    """The facts of the present claim on either side."""
    sides = (comparison.left, comparison.right)
    if comparison.past is None:
        return sources.of(sides[0]) | sources.of(sides[1])
    return sources.of(sides[0], present=False) | sources.of(sides[1], present=False)


def _places(
    facts: Iterable[Fact], came_out: Met, frame: Frame
) -> Iterator[tuple[Place, c.FieldInfo]]:
    program = frame.program
    for level, name in sorted(facts):
        if not level and name in program.fields:
            yield Place(name), program.fields[name]
        elif level and name in program.collections[level].fields:
            count = len(frame.claim.collections.get(level, ()))
            for index in range(count) if came_out.index < 0 else [came_out.index]:
                yield Place(name, level, index), program.collections[level].fields[name]


def _record(place: Place, frame: Frame) -> Mapping[str, Value]:
    claim = frame.claim
    return claim.collections[place.collection][place.index] if place.collection else claim.fields


# --- values around a boundary


def _around(came_out: Met, info: c.FieldInfo, now: Value | None) -> Iterator[Value]:
    left, right = came_out.left, came_out.right
    if now is None:
        for other in (left, right):
            if other is not None:
                yield from _beside(other, info.type)
    elif left is None or right is None:
        return
    elif isinstance(now, date):
        if info.type in (ty.DATE, ty.MOMENT):
            yield from moved(now, gap(left, right))
    elif isinstance(now, str):
        yield from (other for other in (left, right) if isinstance(other, str) and other != now)
    elif isinstance(now, int | Fraction) and not isinstance(now, bool):
        yield from _figures(left, right, info.type, now)


def _beside(other: Any, kind: Type) -> Iterator[Value]:
    """The other side of a comparison as a value of the fact itself, and its neighbours."""
    if isinstance(other, date) and kind in (ty.DATE, ty.MOMENT):
        for days in (0, -1, 1):
            yield _as(other + days * _DAY, kind)
    elif isinstance(other, str) and kind.name == ty.TEXT.name:
        yield other
    elif kind.name in _STEPS and isinstance(other, int | Fraction) and not isinstance(other, bool):
        yield from _stepped(other, kind)


def _as(day: date, kind: Type) -> date:
    """``day`` as a value of a date's or moment's type."""
    if kind == ty.DATE:
        return day.date() if isinstance(day, datetime) else day
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)


def gap(left: Any, right: Any) -> tuple[str, Any]:
    """How far two sides are apart, and in what: days of days, or figures."""
    if isinstance(left, date) and isinstance(right, date):
        if isinstance(left, datetime) and isinstance(right, datetime):
            return "moment", right - left
        return "days", (date(right.year, right.month, right.day)
                        - date(left.year, left.month, left.day)).days  # fmt: skip
    if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
        return "figure", Fraction(right) - Fraction(left)
    return "", 0


def moved(now: date, apart: tuple[str, Any]) -> Iterator[date]:
    """``now`` moved so that the sides meet, and a little to either side of that."""
    kind, by = apart
    if kind == "moment" and isinstance(now, datetime):
        for sign in (1, -1):
            for minutes in (-1, 0, 1):
                yield from _in_range(now, sign * by + timedelta(minutes=minutes))
        by, kind = by.days, "days"
    if kind not in ("days", "figure") or abs(by) > FARTHEST.days or by != int(by):
        return
    for sign in (1, -1):
        for extra in (-1, 0, 1):
            yield from _in_range(now, (sign * int(by) + extra) * _DAY)


def _in_range(now: date, by: timedelta) -> Iterator[date]:
    if by and abs(by) <= FARTHEST:
        moved = now + by
        if FIRST_YEAR <= moved.year <= LAST_YEAR:
            yield moved


def _figures(left: Any, right: Any, kind: Type, now: int | Fraction) -> Iterator[Value]:
    apart, by = gap(left, right)
    if apart != "figure" or kind.name not in _STEPS:
        return
    for target in (now + by, now - by):
        if target >= 0:
            yield from (v for v in _stepped(target, kind) if v != now)


def _stepped(target: int | Fraction, kind: Type) -> Iterator[Value]:
    step = _STEPS[kind.name]
    for value in (target, target - step, target + step):
        exact = Fraction(value)
        if value < 0 or (kind.name in (ty.MONEY.name, *_WHOLE) and exact.denominator != 1):
            continue
        yield int(exact) if kind.name in (ty.MONEY.name, *_WHOLE) else exact


_WHOLE = ty.WHOLE
