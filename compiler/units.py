"""Which types go together, and how one converts to another."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.types import Type


def presumed(name: str, kinds: tuple[Type, ...]) -> Type:
    """The type of an operation on a quantity that is defined by itself in an earlier decision:
    that of the other operands, where all have to be of one."""
    known = [kind for kind in kinds if kind in (ty.MONEY, ty.RATIO, ty.NUMBER, ty.DAYS)]
    alike = name in ("min", "max", "add", "subtract")
    return known[0] if alike and len(set(known)) == 1 else ty.UNKNOWN


def fits(found: Type, expected: Type) -> bool:
    """Whether a value of type ``found`` stands where ``expected`` is asked for, as it is."""
    return ty.UNKNOWN in (found, expected) or found == expected or (
        {found.name, expected.name} == {"比例", "数量"}
    ) or (expected == ty.DATE and found == ty.MOMENT)  # fmt: skip


UNITLESS_TARGETS = (ty.DAYS, ty.WORKING_DAYS, ty.MONTHS, ty.YEARS, ty.HOURS, ty.STEPS, ty.RATIO)


def convert(found: c.Core, expected: Type) -> c.Core | None:
    """``found`` as ``expected`` where the units allow it: 元 of a price, years as months, a bare
    number as days; None otherwise."""
    kinds = (found.type, expected)
    if kinds == (ty.MONEY, ty.UNIT_PRICE):
        if isinstance(found, c.Constant):
            return evolve(found, value=Fraction(found.value, 100), type=expected)  # type: ignore[arg-type]
        return c.Op("in_yuan", (found,), ty.UNIT_PRICE)
    if kinds == (ty.UNIT_PRICE, ty.MONEY):
        return c.Op("in_fen", (found,), ty.MONEY)
    if kinds == (ty.YEARS, ty.MONTHS):
        return c.Op("in_months", (found,), ty.MONTHS)
    if isinstance(found, c.Constant) and found.type == ty.NUMBER and expected in UNITLESS_TARGETS:
        return evolve(found, type=expected)
    if expected.kind == "scale" and found.type.name == expected.base:
        return evolve(found, type=expected)
    return None


def aligned(left: c.Core, right: c.Core) -> tuple[c.Core, c.Core]:
    """Both sides in one unit where one converts to the other's."""
    if left.type == right.type:
        return left, right
    if (converted := convert(right, left.type)) is not None:
        return left, converted
    if (converted := convert(left, right.type)) is not None:
        return converted, right
    return left, right
