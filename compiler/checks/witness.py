"""A path as a claim: plain field values that show a finding."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tiaowen.compiler import types as ty
from tiaowen.compiler.checks.inputs import Inputs
from tiaowen.compiler.checks.space import (
    Interval,
    Path,
    Region,
    Subset,
    Term,
    above,
    below,
    is_empty,
    sample,
    value_at,
)
from tiaowen.compiler.core import Value
from tiaowen.compiler.types import Type
from tiaowen.compiler.values import format_value

OTHER_TEXT = "其他"


def claim(path: Path) -> Mapping[str, str]:
    """The inputs that ``path`` depends on, by name, each with a value in its words."""
    found: dict[str, str] = {}
    for key, term in path.terms.items():
        if term.name and (term.real or key in path.trusted):
            value = value_in(path.region(term), term)
            if value is not None and path.region(term) != term.domain:
                found[term.name] = label(value, term.type)
    return found


def label(value: Value, kind: Type) -> str:
    return format_value(value, kind.name)


def value_in(region: Region, term: Term) -> Value | None:
    """A value of ``region``; None where it is not bounded."""
    if isinstance(region, Subset):
        return region.values[0]
    if isinstance(region, Interval):
        number = sample(region)
        return None if number is None else value_at(number, term.type)
    if region.fixed is not None:
        return region.fixed
    text = OTHER_TEXT
    while text in region.excluded:
        text += OTHER_TEXT
    return text


def happens(path: Path, inputs: Inputs) -> bool:
    """Whether a claim can be on ``path`` although nothing covers it, and narrow it to such.

    A code outside a scale is 无规定 by itself; a 数量 is taken to count whole things.
    """
    for key, scale in path.scales.items():
        region = path.regions.get(key)
        if isinstance(region, Subset):
            inside = tuple(v for v in region.values if inputs.rank(v, scale) is not None)
            if not inside:
                return False
            path.regions[key] = Subset(inside)
    for key, term in path.terms.items():
        region = path.regions[key]
        if term.type == ty.NUMBER and isinstance(region, Interval) and not region.whole:
            counted = as_whole(region)
            if is_empty(counted):
                return False
            path.regions[key] = counted
    return True


def as_whole(region: Interval) -> Interval:
    """The whole numbers of ``region``."""
    low, high = region.low, region.high
    if low is not None:
        low = math.floor(low) + 1 if region.low_open else math.ceil(low)
    if high is not None:
        high = math.ceil(high) - 1 if region.high_open else math.floor(high)
    return Interval(low, high, whole=True)


def positive(region: Interval, kind: Type) -> Interval:
    """The part of ``region`` that a table has to cover: above 0, of a ratio up to 100%."""
    if kind in (ty.DATE, ty.MOMENT):
        return region
    region = above(region, 0, closed=False)
    return below(region, 1, closed=True) if kind == ty.RATIO else region
