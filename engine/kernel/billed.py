"""Billed totals in a kernel: columns in place of fee lines, as ``claims/billed.py`` has them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.core import EXCLUDED
from tiaowen.engine.claims.billed import ALWAYS_NOTHING, billed_outputs
from tiaowen.engine.kernel.graph import Node
from tiaowen.engine.kernel.translating import At, StaticFrame, Translator
from tiaowen.engine.kernel.values import V


def lines_needed(t: Translator, name: str) -> Node:
    """The stop of ``name``, which only fee lines can tell."""
    return t.stops.node("TW0519", name, missing=True)


def take(t: Translator, frame: StaticFrame) -> StaticFrame:
    """``frame``, a whole decision, with the totals that its rows give."""
    outputs = [o for o in billed_outputs(frame.matter) if o.code in t.columns.totals]
    for output in outputs:
        frame.overrides[output.name] = partial(_total, t, frame, output, outputs)
    return frame


def _total(t: Translator, frame: StaticFrame, output: c.Output, bill: Sequence[c.Output]) -> V:
    """A total of the ``bill``, as the row gives it."""
    given = t.columns.total(output)
    identity = frame.matter.final.get(("", EXCLUDED))
    by_kind = {other.billed: other for other in bill}
    if output.billed == "total" or identity is None or not {"total", "own"} <= set(by_kind):
        return given
    g, reasons = t.graph, t.value_of(identity, frame)
    own = by_kind["own"]
    split = g.compare("!=", t.columns.total(own).num, t.columns.total(by_kind["total"]).num)
    refused = g.select(reasons.num, t.stops.node("TW0520", own.name), g.zero)
    return evolve(given, stop=g.select(split, t.values.then(reasons.stop, refused), g.zero))


def of_ordinary_lines(t: Translator, core: c.Aggregate, at: At) -> V:
    """An aggregate over fee lines that no row gives."""
    g, v = t.graph, t.values
    line = At(at.frame, g.root, around=at, asking=at.asking)
    looked_for, stop = g.one, g.zero
    if core.where is not None:
        where = t.of(core.where, line)
        looked_for, stop = where.num, where.stop
    if looked_for.value != 0 and core.kind in ("any", "all") and core.body is not None:
        body = t.of(core.body, line)
        wanted = body.num if core.kind == "any" else g.not_(body.num)
        stop = v.then(stop, g.select(looked_for, body.stop, g.zero))
        looked_for = g.and_(looked_for, wanted)
    needed = g.select(looked_for, lines_needed(t, core.collection), g.zero)
    stop = v.then(stop, needed)
    if core.kind not in ALWAYS_NOTHING:
        return t.stopping(v.then(stop, t.stops.node("TW0503", core.collection)))
    nothing = ALWAYS_NOTHING[core.kind]
    found = v.truth(g.const(nothing)) if core.kind in ("any", "all") else v.number(nothing)
    return V(found.kind, found.num, stop)
