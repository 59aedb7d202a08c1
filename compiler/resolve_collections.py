"""Calls over the elements of a collection: aggregates, shares of an amount, months in a row."""

from __future__ import annotations

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.resolve import NOTHING, Context, Resolver
from tiaowen.compiler.scopes import LINES
from tiaowen.compiler.spelling import nearest
from tiaowen.compiler.types import Type
from tiaowen.dsl import tree as t

AGGREGATES = {
    "合计": "sum", "个数": "count", "最高": "max", "最低": "min", "任一": "any", "全都": "all",
    "首项": "first",
}  # fmt: skip
SHARES = {"按比例分摊": "proportion", "依次分摊": "in_order"}
MONTHS = {"最长中断": "gap", "连续月数": "run"}


def over_collection(resolver: Resolver, node: t.Call, context: Context,
                    expected: Type | None) -> c.Core | None:  # fmt: skip
    """The checked form of a call over a collection; None where ``node`` is no such call."""
    first, last = node.arguments[0], node.arguments[-1]
    if node.function in AGGREGATES and isinstance(first, t.Every):
        return _aggregate(resolver, node, first, context, expected)
    if node.function in SHARES and len(node.arguments) == 2 and isinstance(last, t.Every):
        return _share(resolver, node, last, context)
    if node.function in MONTHS and isinstance(first, t.Every):
        return _months(resolver, node, first, context)
    return None


def _inside(resolver: Resolver, every: t.Every, context: Context) -> Context | None:
    level = every.collection or LINES
    if level in resolver.symbols.collections:
        return evolve(context, level=level, keys={}, around=context)
    known = resolver.symbols.collections
    resolver.report("TW0201", every.span, context, name=level, nearest=nearest(level, known))
    return None


def _aggregate(resolver: Resolver, node: t.Call, every: t.Every, context: Context,
               expected: Type | None) -> c.Core:  # fmt: skip
    kind = AGGREGATES[node.function]
    inner = _inside(resolver, every, context)
    if inner is None:
        return NOTHING
    body = resolver.expression(every.body, inner, ty.TRUTH if kind in ("any", "all") else expected)
    if kind in ("any", "all"):
        body = resolver.fitted(body, ty.TRUTH, every.body.span, context)
    where = resolver.truth(every.where, inner) if every.where is not None else None
    if kind == "count" and body.type == ty.TRUTH:
        where = body if where is None else c.Logic("and", where, body, ty.TRUTH)
    result = {"count": ty.NUMBER, "any": ty.TRUTH, "all": ty.TRUTH}.get(kind, body.type)
    return c.Aggregate(kind, inner.level, body, where, result)


def _share(resolver: Resolver, node: t.Call, every: t.Every, context: Context) -> c.Core:
    inner = _inside(resolver, every, context)
    if inner is None:
        return NOTHING
    if context.level != inner.level:
        return resolver.report("TW0204", node.span, context, found=node.function,
                               expected={"zh": f"每 {inner.level} 的量里使用",
                                         "en": f"a quantity of each {inner.level}"})  # fmt: skip
    total = resolver.typed(node.arguments[0], context, ty.MONEY)
    weight = resolver.typed(every.body, inner, ty.MONEY)
    return c.Share(SHARES[node.function], total, inner.level, weight, ty.MONEY)


def _months(resolver: Resolver, node: t.Call, every: t.Every, context: Context) -> c.Core:
    inner = _inside(resolver, every, context)
    if inner is None:
        return NOTHING
    kind = MONTHS[node.function]
    bounds = [resolver.typed(a, context, ty.DATE) for a in node.arguments[1:]]
    wanted = (0, 2) if kind == "gap" else (1, 1)
    if not wanted[0] <= len(bounds) <= wanted[1] or (len(bounds) == 1 and kind == "gap"):
        return resolver.report("TW0210", node.span, context, name=node.function,
                               given=len(node.arguments),
                               wanted="1、3" if kind == "gap" else "2")  # fmt: skip
    body = resolver.typed(every.body, inner, ty.DATE)
    where = resolver.truth(every.where, inner) if every.where is not None else None
    start = bounds[0] if kind == "gap" and bounds else None
    end = bounds[-1] if bounds else None
    return c.Months(kind, inner.level, body, where, start, end, ty.MONTHS)
