"""Calls: plain functions, aggregates over collections, folds over earlier decisions, bands."""

from __future__ import annotations

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.operations import FUNCTIONS, OPERATIONS, VARIADIC
from tiaowen.compiler.resolve import NOTHING, Context, Resolver
from tiaowen.compiler.resolve_collections import AGGREGATES, MONTHS, SHARES, over_collection
from tiaowen.compiler.spelling import nearest
from tiaowen.compiler.types import Type
from tiaowen.compiler.units import aligned
from tiaowen.dsl import tree as t

HISTORIES = {
    "本年次数": ("count", True), "历年次数": ("count", False), "本年累计": ("sum", True),
    "历年累计": ("sum", False), "本年最高": ("max", True), "历年最高": ("max", False),
    "上次": ("last", False), "本年上次": ("last", True), "有此前": ("exists", False),
    "本年有此前": ("exists", True),
}  # fmt: skip
YEAR = "年度"


def call(resolver: Resolver, node: t.Call, context: Context, expected: Type | None) -> c.Core:
    """The checked form of a call."""
    name = node.function
    if name in ("已填", "未填"):
        return _given(resolver, node, context)
    if name == "分段":
        return _bands(resolver, node, context)
    if name in HISTORIES:
        return _history(resolver, node, context)
    if any(isinstance(argument, t.Every) for argument in node.arguments):
        found = over_collection(resolver, node, context, expected)
        if found is not None:
            return found
    if name == "上一级":
        return _next_level(resolver, node, context)
    if name in resolver.symbols.functions:
        return _apply(resolver, node, context)
    if name in FUNCTIONS:
        return _function(resolver, node, context, expected)
    known = [*FUNCTIONS, *AGGREGATES, *SHARES, *MONTHS, *HISTORIES, *resolver.symbols.functions]
    known += ["已填", "未填", "分段", "上一级"]
    return resolver.report("TW0211", node.span, context, name=name, nearest=nearest(name, known))


def _arguments(resolver: Resolver, node: t.Call, context: Context, least: int, most: int) -> bool:
    if least <= len(node.arguments) <= most:
        return True
    resolver.report(
        "TW0210",
        node.span,
        context,
        name=node.function,
        given=len(node.arguments),
        wanted=str(least) if least == most else f"{least}–{most}",
    )
    return False


def _given(resolver: Resolver, node: t.Call, context: Context) -> c.Core:
    if not _arguments(resolver, node, context, 1, 1):
        return NOTHING
    argument = node.arguments[0]
    if isinstance(argument, t.Name):
        for level in (context.level, "") if context.level else ("",):
            fields = (
                resolver.symbols.collections[level].fields
                if level in resolver.symbols.collections
                else resolver.symbols.fields
            )
            if argument.name in fields:
                given = c.IsGiven(argument.name, level)
                return given if node.function == "已填" else c.Op("not", (given,), ty.TRUTH)
        return resolver.report(
            "TW0201",
            argument.span,
            context,
            name=argument.name,
            nearest=nearest(argument.name, resolver.symbols.fields),
        )
    return resolver.report(
        "TW0204",
        argument.span,
        context,
        found=argument.span.text,
        expected={"zh": "字段名", "en": "the name of a field"},
    )


def _function(resolver: Resolver, node: t.Call, context: Context, expected: Type | None) -> c.Core:
    name = FUNCTIONS[node.function]
    hint = expected if name in VARIADIC else None
    operands = [resolver.expression(a, context, hint) for a in node.arguments]
    if name in VARIADIC:
        if len(operands) < 2:
            return resolver.report(
                "TW0210", node.span, context, name=node.function, given=len(operands), wanted="2–"
            )
        operands = [aligned(operands[0], o)[1] for o in operands]
        first = operands[0]
        if any(o.type != first.type for o in operands):
            operands[0] = aligned(operands[1], first)[1]
    else:
        count = OPERATIONS[name].formula.count("{")
        if not _arguments(resolver, node, context, count, count):
            return NOTHING
    return resolver.op(name, tuple(operands), node.span, context)


def _next_level(resolver: Resolver, node: t.Call, context: Context) -> c.Core:
    if not _arguments(resolver, node, context, 1, 1):
        return NOTHING
    level = resolver.expression(node.arguments[0], context)
    if level.type.kind != "scale":
        return resolver.report("TW0204", node.arguments[0].span, context, found=level.type,
                               expected={"zh": "级别", "en": "a scale"})  # fmt: skip
    return c.Step(level, c.Constant(1, ty.STEPS, "1级"), 1, level.type.name, level.type)


def _apply(resolver: Resolver, node: t.Call, context: Context) -> c.Core:
    function = resolver.symbols.functions[node.function]
    if not _arguments(resolver, node, context, 1, 1):
        return NOTHING
    kind = resolver.symbols.types.get(function.parameter_type, ty.UNKNOWN)
    argument = resolver.typed(node.arguments[0], context, kind)
    body = function_body(resolver, node.function, context)
    return c.Apply(node.function, argument, body.type)


def function_body(resolver: Resolver, name: str, context: Context) -> c.Core:
    """The body of table function ``name``, checked in the matter that uses it."""
    function = resolver.symbols.functions[name]
    kind = resolver.symbols.types.get(function.parameter_type, ty.UNKNOWN)
    inner = evolve(context, argument=(function.parameter, kind))
    quiet = evolve(resolver, diagnostics=[])
    return quiet.expression(function.body, inner)


def _bands(resolver: Resolver, node: t.Call, context: Context) -> c.Core:
    if not _arguments(resolver, node, context, 3, 3):
        return NOTHING
    table = node.arguments[2]
    if not isinstance(table, t.Name) or table.name not in resolver.symbols.functions:
        return resolver.report(
            "TW0204",
            table.span,
            context,
            found=table.span.text,
            expected={"zh": "用“表”说明的表", "en": "a table declared with 表"},
        )
    function = resolver.symbols.functions[table.name]
    kind = resolver.symbols.types.get(function.parameter_type, ty.UNKNOWN)
    low = resolver.typed(node.arguments[0], context, kind)
    high = resolver.typed(node.arguments[1], context, kind)
    return c.Bands(low, high, table.name, kind)


# --- earlier decisions


def _history(resolver: Resolver, node: t.Call, context: Context) -> c.Core:
    kind, yearly = HISTORIES[node.function]
    if not _arguments(resolver, node, context, 1, 2):
        return NOTHING
    wanted = _targets(resolver, node.arguments[0], kind, context)
    if not wanted:
        return NOTHING
    bodies: dict[str, c.Core] = {}
    wheres: dict[str, c.Core] = {}
    years: dict[str, c.Core] = {}
    for matter, quantity in wanted.items():
        there = Context(matter, "", present=context, article=context.article)
        if quantity:
            bodies[matter] = resolver.name(quantity, node.arguments[0].span, there)
        if len(node.arguments) == 2:
            wheres[matter] = resolver.truth(node.arguments[1], there)
        year = resolver.at_level(YEAR, "", matter, past=True)
        if yearly and year is not None:
            years[matter] = year
    year_now = resolver.name(YEAR, node.span, context) if yearly else None
    result = {"count": ty.NUMBER, "exists": ty.TRUTH}.get(
        kind, next((b.type for b in bodies.values() if b.type != ty.UNKNOWN), ty.UNKNOWN)
    )
    text = node.span.text
    return c.History(kind, yearly, tuple(wanted), bodies, wheres, year_now, years, result, text)


def _targets(resolver: Resolver, argument: t.Expression, kind: str,
             context: Context) -> dict[str, str]:  # fmt: skip
    """Matter -> quantity read there ('' to count)."""
    counting = kind in ("count", "exists")
    if isinstance(argument, t.Qualified):
        if argument.scope in resolver.matters and not counting:
            return {argument.scope: argument.name}
        resolver.report(
            "TW0208",
            argument.span,
            context,
            name=argument.scope,
            nearest=nearest(argument.scope, resolver.matters),
        )
        return {}
    if not isinstance(argument, t.Name):
        resolver.report(
            "TW0204",
            argument.span,
            context,
            found=argument.span.text,
            expected={"zh": "事项或量的名字", "en": "the name of a matter or quantity"},
        )
        return {}
    if counting:
        if argument.name in resolver.matters:
            return {argument.name: ""}
        resolver.report(
            "TW0208",
            argument.span,
            context,
            name=argument.name,
            nearest=nearest(argument.name, resolver.matters),
        )
        return {}
    found = {
        matter: argument.name
        for matter in resolver.matters
        if resolver.at_level(argument.name, "", matter, stated=False) is not None
    }
    if not found:
        known = {name for scope in resolver.matters.values() for _, name in scope.quantities}
        resolver.report("TW0201", argument.span, context, name=argument.name,
                        nearest=nearest(argument.name, known))  # fmt: skip
    return found
