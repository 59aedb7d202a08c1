"""One matter's decision in a kernel: its outputs, why it stops, what it leaves behind."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from attrs import define, evolve, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.core import EXCLUDED, LINES
from tiaowen.engine.kernel.aggregating import elements, stops_in, within
from tiaowen.engine.kernel.folding import (
    Folds,
    Total,
    _year,
    recorded_value,
)
from tiaowen.engine.kernel.graph import Node, Scope, Unsupported
from tiaowen.engine.kernel.owning import added
from tiaowen.engine.kernel.parting import parts_of
from tiaowen.engine.kernel.prelude import FIRST_MISSING
from tiaowen.engine.kernel.recording import in_form, like_of
from tiaowen.engine.kernel.ruling import RULE, RULES, Rules
from tiaowen.engine.kernel.scheduling import Writer, written
from tiaowen.engine.kernel.translating import At, StaticFrame, Translator
from tiaowen.engine.kernel.values import V


@frozen(eq=False)
class Decided:
    """The outputs of a matter by national code, and its stop."""

    matter: str
    outputs: dict[str, tuple[str, V]]
    reject: Node

    def only(self, codes: Collection[str]) -> Decided:
        """The same decision, with only some of its outputs written."""
        return evolve(self, outputs={k: v for k, v in self.outputs.items()
                                     if k.removeprefix(RULE) in codes})  # fmt: skip


def decided(t: Translator, matter: str, rules: Rules | None = None) -> Decided:
    """A matter's decision, as ``engine/decision.py`` makes it; with ``rules``, which decided."""
    frame = t.frame(matter)
    outputs: dict[str, tuple[str, V]] = {}
    reject = t.graph.zero
    for code, name, node in _asked(frame.matter):
        value = _writable(t, name, t.value_of(node, frame))
        outputs[code] = name, value
        reject = t.values.then(reject, value.stop)
        if rules is not None:
            rule = V(RULES, rules.deciding(node, frame), t.graph.zero)
            outputs[RULE + code] = name, rule
    return Decided(matter, outputs, t.values.then(reject, _afterwards(t, frame)))


def _asked(matter: c.Matter) -> list[tuple[str, str, str]]:
    """(national code, name, node) of what a decision gives."""
    if matter.outputs:
        return [(o.code, o.name, o.node) for o in matter.outputs if o.node is not None]
    return [(name, name, node) for (level, name), node in matter.final.items()
            if not level and name != EXCLUDED]  # fmt: skip


def _writable(t: Translator, name: str, value: V) -> V:
    """``value`` as a column holds it: a fraction too fine for 64 bits is written in 10^-12 or
    coarser where that is exact, and is a stop where it is not."""
    g = t.graph
    if not value.num.wide or value.over is not None:
        return value
    for den in (math.gcd(value.den, 10**digits) for digits in (12, 9, 6)):
        by = value.den // den
        num = g.floor(value.num, by)
        if not num.wide and by > 1:
            lost = g.compare("!=", value.num, g.mul(num, g.const(by)))
            stop = g.select(lost, t.stops.node("TW1304", name), g.zero)
            return evolve(value, num=num, den=den, stop=t.values.then(value.stop, stop))
    return value


def _afterwards(t: Translator, frame: StaticFrame) -> Node:
    """Stops of the grounds of exclusion and of the duties, which come after the outputs."""
    g, v, final = t.graph, t.values, frame.matter.final
    stop = g.zero
    if ("", EXCLUDED) in final:
        stop = t.value_of(final["", EXCLUDED], frame).stop
    if (LINES, EXCLUDED) in final and not t.columns.lineless:
        lines = elements(t, LINES, At(frame))
        each = t.value_of(final[LINES, EXCLUDED], frame, lines)
        stop = v.then(stop, stops_in(g, lines, each.stop, within(t, lines, g.one)))
    for duty in frame.matter.duties:
        when = v.truth(g.one) if duty.when is None else t.of(duty.when, At(frame))
        kept = t.of(duty.condition, At(frame))
        asked = g.and_(g.compare("==", when.stop, g.zero), when.num)
        late = g.select(asked, _unless_missing(t, kept.stop), g.zero)
        stop = v.then(stop, v.then(_unless_missing(t, when.stop), late))
    return stop


def _unless_missing(t: Translator, stop: Node) -> Node:
    """A stop, but for what is missing: a duty is then not told."""
    if stop.hi < FIRST_MISSING:
        return stop
    known = t.graph.compare("<", stop, t.graph.const(FIRST_MISSING))
    return t.graph.select(known, stop, t.graph.zero)


# --- what a decision leaves behind


@define
class Addition:
    """What a decision, or one part of it, adds to a running total."""

    total: Total
    where: Node
    year: Node | None
    amount: Node

    @property
    def nodes(self) -> list[Node]:
        return [n for n in (self.where, self.year, self.amount) if n is not None]

    def write(self, writer: Writer, now: frozenset[int]) -> None:
        place = "0" if self.year is None else written(self.year, now)
        if self.where.value is None:
            writer.put(f"if {written(self.where, now)}:")
            writer.indent += 1
        amount = written(self.amount, now)
        writer.each(added(self.total.name, place, amount, self.total.den))
        if self.where.value is None:
            writer.indent -= 1


@frozen(eq=False)
class Legacy:
    """Additions of the whole decision (``guard`` None or where it holds) and of its parts."""

    guard: Node | None
    whole: Addition
    scope: Scope | None = None
    part: Addition | None = None


def legacies(t: Translator, matter: str, folds: Folds) -> list[Legacy]:
    """What a decision of ``matter`` adds to the running totals."""
    found = []
    frame = t.frame(matter)
    for total in list(folds.totals.values()):
        if matter not in total.core.matters:
            continue
        whole = _addition(t, matter, total, frame)
        yearly = [p for p in frame.matter.partitions.values() if p.yearly]
        made = [parts_of(t, frame, p.name) for p in yearly] if total.kind == "sum" else []
        split = [parts for parts in made if parts.whole.value != 1] if total.yearly else []
        if len(split) > 1:
            raise Unsupported(total.core.text, "a stay that may be split by year in two ways")
        for parts in split:
            part = _addition(t, matter, total, parts.frame)
            found.append(Legacy(parts.whole, whole, parts.scope, part))
        if not split:
            found.append(Legacy(None, whole))
    return found


def _addition(t: Translator, matter: str, total: Total, frame: StaticFrame) -> Addition:
    at, core = At(frame), total.core
    where = t.of(core.wheres[matter], at).num if matter in core.wheres else t.graph.one
    year = _year(t, t.of(core.years[matter], at)) if total.yearly else None
    amount = t.graph.one
    if total.kind == "sum":
        body = core.bodies[matter]
        amount = in_form(t, t.of(body, at), like_of(t, body)).num
    return Addition(total, where, year, amount)


def records(t: Translator, matter: str, folds: Folds) -> list[tuple[Any, V]]:
    """The slots that a decision of ``matter`` fills, with what goes in."""
    return [(slot, recorded_value(t, slot))
            for slot in list(folds.slots.values()) if slot.matter == matter]  # fmt: skip
