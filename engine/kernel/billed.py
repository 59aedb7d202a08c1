"""Billed totals in a kernel: columns in place of fee lines, as ``engine/billed.py`` has them."""

from __future__ import annotations

from functools import partial

from tiaowen.compiler import core as c
from tiaowen.compiler.core import EXCLUDED
from tiaowen.engine.billed import ALWAYS_NOTHING, billed_outputs
from tiaowen.engine.kernel.graph import Node
from tiaowen.engine.kernel.translating import At, StaticFrame, Translator
from tiaowen.engine.kernel.values import V


def lines_needed(t: Translator, name: str) -> Node:
    """The stop of ``name``, which only fee lines can tell."""
    return t.stops.node("TW0519", name, missing=True)


def take(t: Translator, frame: StaticFrame) -> StaticFrame:
    """``frame``, a whole decision, with the totals that its rows give."""
    for output in billed_outputs(frame.matter):
        if t.columns.lineless and output.code in t.columns.totals:
            frame.overrides[output.name] = partial(_total, t, frame, output)
    return frame


def _total(t: Translator, frame: StaticFrame, output: c.Output) -> V:
    given = t.columns.total(output)
    identity = frame.matter.final.get(("", EXCLUDED))
    if output.billed != "part" or identity is None:
        return given
    g, reasons = t.graph, t.value_of(identity, frame)
    paid = g.compare("!=", given.num, g.zero)
    refused = g.select(reasons.num, t.stops.node("TW0520", output.name), g.zero)
    stop = g.select(paid, t.values.then(reasons.stop, refused), g.zero)
    return V("number", given.num, stop)


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
