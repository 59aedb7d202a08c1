"""Tables, bands and scales in a kernel, as ``engine/tables.py`` means them."""

from __future__ import annotations

from typing import Any

from attrs import evolve, frozen

from tiaowen.compiler import core as c
from tiaowen.engine.kernel.expressions import accepts
from tiaowen.engine.kernel.graph import Node, Unsupported
from tiaowen.engine.kernel.translating import At, Translator, kernel_form
from tiaowen.engine.kernel.values import V


def in_range(t: Translator, value: V, cell: c.RangeOf, at: At) -> V:
    """Whether ``value`` lies in a range; a bound is asked for only if the one before lets it."""
    g = t.graph
    found, stop, value = g.one, g.zero, evolve(value, stop=g.zero)
    for bound, closed, sign in (
        (cell.low, cell.low_closed, ">"),
        (cell.high, cell.high_closed, "<"),
    ):
        if bound is None:
            continue
        limit = t.of(bound, at)
        stop = t.values.then(stop, g.select(found, limit.stop, g.zero))
        limit = value if limit.kind == "none" else evolve(limit, stop=g.zero)
        a, b = t.values.common(value, limit)
        stop = t.values.then(stop, g.select(found, t.values.then(a.stop, b.stop), g.zero))
        inside = t.values.compare(sign + ("=" if closed else ""), a, b)
        found = g.and_(found, inside)
    return t.values.truth(found, stop)


def matches(t: Translator, matcher: c.Matcher, value: V, at: At) -> V:
    """Whether a table cell accepts ``value``."""
    if matcher is None or value.kind == "none":
        return t.values.truth(t.graph.one)
    if isinstance(matcher, c.RangeOf):
        return in_range(t, value, matcher, at)
    return t.values.truth(accepts(t, value, matcher.accepted, matcher.prefixes))


@frozen
class _Row:
    """What a row comes to: whether it accepts, and what stops on the way there."""

    held: Node
    stop: Node


def _row(t: Translator, core: c.Pick, row: c.PickRow, keys: list[V], at: At) -> _Row:
    g = t.graph
    held, stop = g.one, g.zero
    for key, matcher in zip(keys, row.matchers, strict=True):
        if matcher is None:
            continue
        cell = matches(t, matcher, key, at)
        stop = t.values.then(stop, g.select(held, t.values.then(key.stop, cell.stop), g.zero))
        held = g.and_(held, cell.num)
    return _Row(held, stop)


@kernel_form(c.Pick)
def _pick(t: Translator, core: c.Pick, at: At) -> V:
    g = t.graph
    keys = [t.of(key, at) for key in core.keys]
    names = "、".join(core.key_names)
    every = g.zero  # a stop that tells the keys reads them all
    for key in keys:
        every = t.values.then(every, key.stop)
    nothing = t.stopping(t.values.then(every, t.stops.node("TW0503", names)))
    rows = [_row(t, core, row, keys, at) for row in core.rows]
    if core.enumerable:
        found = nothing
        for row, made in zip(reversed(core.rows), reversed(rows), strict=True):
            if made.held.value != 0:
                found = t.choose(made.held, t.of(row.value, at), found)
            found = t.behind(made.stop, found)
        return found
    several = t.values.then(every, t.stops.node("TW0504", names))
    found, count, stop = nothing, g.zero, g.zero
    for row, made in zip(core.rows, rows, strict=True):
        stop = t.values.then(stop, made.stop)
        count = g.add(count, made.held)
        if made.held.value != 0:
            found = t.choose(made.held, t.of(row.value, at), found)
    many = g.select(g.compare(">", count, g.one), several, found.stop)
    return evolve(found, stop=t.values.then(stop, many))


@kernel_form(c.Apply)
def _apply(t: Translator, core: c.Apply, at: At) -> V:
    function = at.frame.matter.functions[core.function]
    argument = t.of(core.argument, at)
    if argument.kind == "none":
        return argument
    inner = evolve(at, argument=evolve(argument, stop=t.graph.zero))
    return t.behind(argument.stop, t.of(function.body, inner))


@kernel_form(c.Argument)
def _argument(t: Translator, core: c.Argument, at: At) -> V:
    assert at.argument is not None
    return at.argument


@kernel_form(c.Bands)
def _bands(t: Translator, core: c.Bands, at: At) -> V:
    """Each slice of [low, high] at its band's ratio; a part that no band covers is a stop."""
    g, v = t.graph, t.values
    low, high = t.of(core.low, at), t.of(core.high, at)
    if "none" in (low.kind, high.kind):
        return t.stopping(v.then(low.stop, high.stop))
    table = at.frame.matter.functions[core.function].body
    assert isinstance(table, c.Pick)
    stop = v.then(low.stop, high.stop)
    bare_low, bare_high = (evolve(x, stop=g.zero) for x in (low, high))
    total, covered = v.number(0), v.number(0)
    for row in table.rows:
        held, width, row_stop = _slice(t, table, row, (bare_low, bare_high), at)
        stop = v.then(stop, row_stop)
        used = g.and_(held, g.compare(">", width.num, g.zero))
        ratio = t.of(row.value, at)
        stop = v.then(stop, g.select(used, ratio.stop, g.zero))
        width = v.choose(used, width, v.number(0))
        covered = t.forms.plus(covered, width)
        if ratio.kind != "none":
            total = t.forms.plus(total, v.multiply(width, evolve(ratio, stop=g.zero), g.zero))
    apart = t.forms.minus(bare_high, bare_low)
    whole = t.forms.highest(apart, v.number(0))
    a, b = v.common(covered, whole)
    for made in (a, b, total):  # arithmetic may come to numbers that are too large
        stop = v.then(stop, made.stop)
    gap = t.stops.node("TW0503", core.function)
    return evolve(total, stop=v.then(stop, g.select(g.compare("!=", a.num, b.num), gap, g.zero)))


def _slice(t: Translator, table: c.Pick, row: c.PickRow, ends: tuple[V, V],
           at: At) -> tuple[Node, V, Node]:  # fmt: skip
    """Whether a row's other keys hold, how much of [low, high] lies in its band, and its stop."""
    g, v = t.graph, t.values
    held, stop = g.one, g.zero
    bounds: c.RangeOf | None = None
    for matcher, key in zip(row.matchers, table.keys, strict=True):
        if isinstance(key, c.Argument):
            bounds = matcher if isinstance(matcher, c.RangeOf) else bounds
        elif matcher is not None:
            value = t.of(key, at)
            cell = matches(t, matcher, value, at)
            stop = v.then(stop, g.select(held, v.then(value.stop, cell.stop), g.zero))
            held = g.and_(held, cell.num)
    start, end = ends
    if bounds is not None and bounds.low is not None:
        limit = t.of(bounds.low, at)
        stop = v.then(stop, g.select(held, limit.stop, g.zero))
        start = (
            t.forms.highest(start, evolve(limit, stop=g.zero)) if limit.kind != "none" else start
        )
    if bounds is not None and bounds.high is not None:
        limit = t.of(bounds.high, at)
        stop = v.then(stop, g.select(held, limit.stop, g.zero))
        end = t.forms.lowest(end, evolve(limit, stop=g.zero)) if limit.kind != "none" else end
    return held, t.forms.minus(end, start), stop


def _steps(t: Translator, scale: str) -> dict[int, int]:
    """A level's number to its place on the scale."""
    info, found = t.program.enums[scale], dict[int, int]()
    for index, step in enumerate(info.steps):
        for name in (step, *info.groups[step]):
            found.setdefault(t.names.member(name), index)
    return found


def place(t: Translator, value: V, scale: str) -> tuple[Node, Node]:
    """Where a level stands on its scale, and the stop where it does not; anywhere for a value that
    always stops."""
    if value.kind == "none":
        return t.graph.zero, t.graph.zero
    if value.kind != "name":
        raise Unsupported(scale, f"a level that is a {value.kind}")
    index = t.names.lookup(value.num, _steps(t, scale), -1)
    outside = t.graph.compare("<", index, t.graph.zero)
    return index, t.graph.select(outside, t.stops.node("TW0516", scale), t.graph.zero)


@kernel_form(c.Rank)
def _rank(t: Translator, core: c.Rank, at: At) -> V:
    value = t.of(core.operand, at)
    index, outside = place(t, value, core.scale)
    return V("number", index, t.values.then(value.stop, outside))


@kernel_form(c.Step)
def _step(t: Translator, core: c.Step, at: At) -> V:
    g = t.graph
    value, amount = t.of(core.operand, at), t.of(core.amount, at)
    index, outside = place(t, value, core.scale)
    steps = t.program.enums[core.scale].steps
    by = g.mul(t.values.whole(amount), g.const(core.sign))
    moved = g.least(g.most(g.add(index, by), g.zero), g.const(len(steps) - 1))
    numbers: Any = {n: t.names.member(step) for n, step in enumerate(steps)}
    num = t.names.lookup(moved, numbers, 0)
    stop = t.values.then(t.values.then(value.stop, amount.stop), outside)
    return V("name", num, stop)
