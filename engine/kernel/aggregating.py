"""Aggregates over fee lines and other collections, shares of an amount, months in a row."""

from __future__ import annotations

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.core import LINES
from tiaowen.compiler.walk import every
from tiaowen.engine.kernel.billed import lines_needed, of_ordinary_lines
from tiaowen.engine.kernel.graph import Graph, Node, Scope, Unsupported
from tiaowen.engine.kernel.translating import (
    LARGEST,
    At,
    StaticFrame,
    Translator,
    kernel_form,
)
from tiaowen.engine.kernel.values import MOST_OVER, V

MOST_ELEMENTS = 20_000
"""Of one claim, as ``engine/claims/reading.py`` allows; sums are bounded by it."""


def elements(t: Translator, collection: str, at: At, *, around: bool = False) -> Scope:
    """The loop over a collection's elements in a frame: a part's own fee lines alone.
    ``around`` makes one of its own inside the turn at hand."""
    parent = at.scope if around else at.frame.scope
    key = ("elements", collection, id(at.frame), id(parent))
    if key not in t.shared:
        scope = t.graph.scope("lines", parent, t.columns.offsets(collection))
        t.shared[key] = scope
        if collection == LINES:
            held = part_mask(t, at.frame, scope)
            scope.mask = held if held.value != 1 else None
    found: Scope = t.shared[key]
    return found


def part_mask(t: Translator, frame: StaticFrame, lines: Scope) -> Node:
    """Whether the fee line at hand belongs to a frame."""
    from tiaowen.engine.kernel.parting import line_key

    if frame.parent is None:
        return t.graph.one
    assert frame.key is not None
    own = t.graph.compare("==", line_key(t, frame.parent, frame.partition, lines).num, frame.key)
    return t.graph.and_(part_mask(t, frame.parent, lines), own)


def within(t: Translator, scope: Scope, where: Node) -> Node:
    """``where``, of the elements that the loop takes in."""
    return where if scope.mask is None else t.graph.and_(scope.mask, where)


def _element(at: At, scope: Scope) -> At:
    return At(at.frame, scope, around=at, asking=at.asking, past=None)


def folded(t: Translator, kind: str, scope: Scope, body: V, where: Node) -> V:
    """A fold of one kind over a loop's accepted turns."""
    g = t.graph
    if body.over is not None and kind != "count":
        found = of_fractions(t, kind, scope, body, where, MOST_ELEMENTS)
        return t.behind(too_many(t, scope), found) if kind == "sum" else found
    if kind == "sum":
        num = _reduced(t, kind, scope, body.num, where, MOST_ELEMENTS)
        return t.values.limited(V(body.kind, num, too_many(t, scope), body.den), LARGEST * body.den)
    if kind == "count":
        num = g.reduce("sum", scope, g.one, where, lo=0, hi=MOST_ELEMENTS)
    elif kind == "any":
        num = g.reduce("any", scope, g.and_(where, body.num), None, lo=0, hi=1)
    elif kind == "all":
        fails = g.and_(where, g.not_(body.num))
        num = g.not_(g.reduce("any", scope, fails, None, lo=0, hi=1))
    else:
        num = _reduced(t, kind, scope, body.num, where, MOST_ELEMENTS)
    den = 1 if kind == "count" else body.den
    result = {"count": "number", "any": "truth", "all": "truth"}.get(kind, body.kind)
    return V(result, num, g.zero, den)


def _reduced(t: Translator, kind: str, scope: Scope, num: Node, where: Node | None,
             most: int) -> Node:  # fmt: skip
    """The sum (over at most ``most`` turns), largest, least or first of a loop's numbers."""
    if kind == "sum":
        size = max(abs(num.lo), abs(num.hi)) * most
        return t.graph.reduce("sum", scope, num, where, lo=-size if num.lo < 0 else 0, hi=size)
    lo, hi = min(num.lo, 0), max(num.hi, 0)
    start = {"max": min(lo, -1), "min": max(hi, 1)}.get(kind, 0)
    return t.graph.reduce(kind, scope, num, where, lo=min(lo, start), hi=max(hi, start),
                          start=start)  # fmt: skip


def of_fractions(t: Translator, kind: str, scope: Scope, body: V, where: Node | None,
                 most: int) -> V:  # fmt: skip
    """As ``_reduced``, of fractions each over its own divisor (``Values.lowest`` made them): over
    the least common multiple of all, which one turn of the loop finds before another folds."""
    g = t.graph
    assert body.over is not None
    found = g.reduce("multiple", scope, body.over, where, lo=1, hi=MOST_OVER + 1, start=1)
    far = g.compare(">", found, g.const(MOST_OVER))
    over = g.least(found, g.const(MOST_OVER))
    times = g.pure("({0} // {1})", over, body.over, lo=0, hi=MOST_OVER)
    num = _reduced(t, kind, scope, g.mul(body.num, times), where, most)
    stop = g.select(far, t.stops.node("TW1304", ""), g.zero)
    return t.values.lowest(V(body.kind, num, stop, 1, over))


def too_many(t: Translator, scope: Scope) -> Node:
    """The stop of a claim with more elements than sums are bounded for."""
    g, array = t.graph, scope.over
    count = g.load(f"({array}[i + 1] - {array}[i])", g.root, 0, 1 << 40)
    many = g.compare(">", count, g.const(MOST_ELEMENTS))
    return g.select(many, t.stops.node("TW1302", ""), g.zero)


def stops_in(g: Graph, scope: Scope, stop: Node, where: Node) -> Node:
    """The first stop among a loop's accepted turns."""
    return g.reduce("stop", scope, g.select(where, stop, g.zero), None, lo=0, hi=max(stop.hi, 0))


@kernel_form(c.Aggregate)
def _aggregate(t: Translator, core: c.Aggregate, at: At) -> V:
    if core.collection == LINES and t.columns.lineless:
        return of_ordinary_lines(t, core, at)
    g = t.graph
    parts = [part for part in (core.body, core.where) if part is not None]
    around = any(isinstance(x, c.Around) for part in parts for x in every(part))
    scope = elements(t, core.collection, at, around=around and at.lines is not None)
    inner = _element(at, scope)
    here = within(t, scope, g.one)
    where, stop = here, g.zero
    if core.where is not None:
        held = t.of(core.where, inner)
        where = g.and_(here, held.num)
        stop = stops_in(g, scope, held.stop, here)
    body = t.values.number(1) if core.body is None else t.of(core.body, inner)
    if body.kind == "none":
        body = evolve(t.values.number(0), stop=body.stop)
    if core.kind == "count":
        body = t.values.number(1)
    if body.over is not None:
        body = t.values.lowest(body)
    stop = t.values.then(stop, stops_in(g, scope, body.stop, where))
    found = folded(t, core.kind, scope, body, where)
    if core.kind in ("max", "min", "first"):
        empty = g.compare("==", folded(t, "count", scope, body, where).num, g.zero)
        nothing = t.stops.node("TW0503", core.collection)
        stop = t.values.then(stop, g.select(empty, nothing, g.zero))
    return evolve(found, stop=t.values.then(stop, found.stop))


@kernel_form(c.Share)
def _share(t: Translator, core: c.Share, at: At) -> V:
    """Running sums over the elements before and up to the one at hand."""
    assert at.lines is not None
    if core.collection == LINES and t.columns.lineless:
        return t.stopping(lines_needed(t, core.collection))
    g, v = t.graph, t.values
    total = t.of(core.total, at)
    parent = at.lines
    scope = g.scope("lines", parent, t.columns.offsets(core.collection))
    if core.collection == LINES and at.frame.parent is not None:
        raise Unsupported(core.kind, "shares among the fee lines of a part")
    weight = t.of(core.weight, At(at.frame, scope, around=at))
    here, other = (g.load(s.index, s, 0, 1 << 40) for s in (parent, scope))
    sums = [folded(t, "sum", scope, weight, g.compare(sign, other, here)) for sign in ("<", "<=")]
    whole = folded(t, "sum", scope, weight, g.one)
    stop = v.then(total.stop, stops_in(g, scope, weight.stop, g.one))
    for one in (*sums, whole):
        stop = v.then(stop, one.stop)
    sums = [evolve(one, stop=g.zero) for one in sums]
    bare = evolve(total, stop=g.zero)
    if core.kind == "in_order":
        before, upto = (t.forms.lowest(bare, s) for s in sums)
        return t.behind(stop, t.forms.minus(upto, before))
    none = g.compare("==", whole.num, g.zero)
    before, upto = (
        v.rounded(v.divide(v.multiply(bare, s, g.zero), whole, g.zero, g.zero)) for s in sums
    )
    return t.behind(stop, v.choose(none, v.number(0), t.forms.minus(upto, before)))


@kernel_form(c.Months)
def _months(t: Translator, core: c.Months, at: At) -> V:
    """The months without a gap that end with the month asked for."""
    if core.collection == LINES and t.columns.lineless:
        return t.stopping(lines_needed(t, core.collection))
    if core.kind != "run" or core.end is None:
        raise Unsupported("最长中断", "the longest gap has no form in a kernel")
    g, v = t.graph, t.values
    scope = elements(t, core.collection, at)
    inner = _element(at, scope)
    here = within(t, scope, g.one)
    where, stop = here, g.zero
    if core.where is not None:
        held = t.of(core.where, inner)
        where, stop = g.and_(here, held.num), stops_in(g, scope, held.stop, here)
    day = t.of(core.body, inner)
    stop = v.then(stop, stops_in(g, scope, day.stop, where))
    if core.start is not None:
        stop = v.then(stop, t.of(core.start, at).stop)
    end = t.of(core.end, at)
    mark = g.sub(_month(t, end), _month(t, day))
    reached = g.reduce("months", scope, mark, where, lo=0, hi=MOST_ELEMENTS)
    return V("number", reached, v.then(stop, end.stop))


def _month(t: Translator, value: V) -> Node:
    year, month = t.forms.year(value), t.forms.month(value)
    return t.graph.add(t.graph.mul(year.num, t.graph.const(12)), month.num)
