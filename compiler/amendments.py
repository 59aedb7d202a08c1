"""What each amendment makes of the value it finds."""

from __future__ import annotations

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.resolve import NOTHING, Context, Resolver
from tiaowen.dsl import tree as t

PERCENT_READING = "百分数增减"
RELATIVE = "相对"


def amendment(statement: t.Amendment, previous: c.Ref, context: Context,
              resolver: Resolver) -> tuple[c.Core, c.Core]:  # fmt: skip
    """The operand and the new value of ``previous`` under ``statement``."""
    kind, span = previous.type, statement.span
    match statement.operation:
        case "set_to":
            operand = resolver.typed(statement.operand, context, kind)
            return operand, operand
        case "at_least" | "at_most":
            operand = resolver.typed(statement.operand, context, kind)
            name = "max" if statement.operation == "at_least" else "min"
            return operand, resolver.op(name, (previous, operand), span, context)
        case "step_up" | "step_down":
            operand = resolver.typed(statement.operand, context, ty.STEPS)
            if kind.kind != "scale":
                resolver.report(
                    "TW0204", span, context, found=kind, expected={"zh": "级别", "en": "a scale"}
                )
                return operand, NOTHING
            sign = 1 if statement.operation == "step_up" else -1
            return operand, c.Step(previous, operand, sign, kind.name, kind)
        case "raise" | "lower":
            operand = resolver.expression(statement.operand, context)
            return operand, _raised(statement, previous, operand, context, resolver)
        case "multiply":
            operand = resolver.expression(statement.operand, context)
        case _:
            operand = resolver.expression(statement.operand, context, kind)
    amended = resolver.arithmetic(statement.operation, previous, operand, span, context)
    return operand, resolver.fitted(amended, kind, span, context)


def _raised(statement: t.Amendment, previous: c.Ref, operand: c.Core, context: Context,
            resolver: Resolver) -> c.Core:  # fmt: skip
    """提高 or 降低: points are added, a percentage of money is relative, a percentage of a ratio
    is what reading 百分数增减 says."""
    up = statement.operation == "raise"
    plain = "add" if up else "subtract"
    if operand.type != ty.RATIO:
        return resolver.arithmetic(plain, previous, operand, statement.span, context)
    relative = c.Op("raise_share" if up else "lower_share", (previous, operand), previous.type)
    if previous.type != ty.RATIO:
        return relative
    reading = resolver.symbols.types.get(PERCENT_READING)
    if PERCENT_READING not in resolver.symbols.readings or reading is None:
        return resolver.report(
            "TW0205",
            statement.span,
            context,
            name=statement.name,
            percent=statement.operand.span.text,
        )
    points = c.Op(plain, (previous, operand), ty.RATIO)
    chosen = c.Op(
        "eq",
        (c.ReadingRef(PERCENT_READING, reading), c.Constant(RELATIVE, reading, RELATIVE)),
        ty.TRUTH,
    )
    return c.Choose(chosen, relative, points, ty.RATIO)
