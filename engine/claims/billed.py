"""Billed totals: what a settlement table says of a bill whose fee lines it does not hold.

A claim may give these sums in place of fee lines; the interface of its matter marks which
(the column 合计). They are then taken as they are, and no line is known: a fee line is taken to
be an ordinary one, of which only what 未填 means is known. What asks for lines out of the
ordinary finds none; whatever else asks for a line stops (TW0519). Nothing is ever worked out
as if there were no lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from tiaowen.compiler import core as c
from tiaowen.compiler.core import EXCLUDED, LINES
from tiaowen.compiler.types import REASONS
from tiaowen.dsl.diagnostics import diagnose
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Element, Frame, Reader
from tiaowen.engine.stops import Stopped, stop

ALWAYS_NOTHING: Mapping[str, Any] = {"sum": 0, "count": 0, "any": False, "all": True}
"""What an aggregate comes to that takes no line in; the others then have no value."""


def billed_outputs(matter: c.Matter) -> tuple[c.Output, ...]:
    """The lines of a matter's statement that a claim may give in place of its fee lines."""
    return tuple(output for output in matter.outputs if output.billed)


def billed_of(program: c.Program) -> dict[str, c.Output]:
    """The billed totals of all statements of a policy, by name: a claim gives all or none."""
    found: dict[str, c.Output] = {}
    for matter in program.matters.values():
        for output in billed_outputs(matter):
            found.setdefault(output.name, output)
    return found


def lacking(totals: Mapping[str, Any], program: c.Program) -> list[str]:
    """The billed totals that are not among ``totals``, by both names."""
    outputs = [o for o in billed_of(program).values() if o.name not in totals]
    return [f"{o.name}（{o.code}）" if o.code else o.name for o in outputs]


def lineless(frame: Frame) -> bool:
    """Whether ``frame`` is of a claim that gives billed totals and no fee lines."""
    return bool(frame.claim.totals)


def lines_needed(name: str, rule: c.Rule | None = None) -> Stopped:
    """The stop of ``name``, which only fee lines can tell; ``rule`` asks for it."""
    span = rule.span if rule is not None and rule.id else None
    article = rule.article if rule is not None else ""
    return Stopped([diagnose("TW0519", span, article=article, name=name)], missing=True)


def taken(frame: Frame) -> dict[str, Any]:
    """The totals of a frame's claim that stand in place of its matter's rules. Where the claim
    itself is not paid the bill is wholly the person's own; else what it is split in stops
    (TW0520)."""
    given = frame.claim.totals
    outputs = [output for output in billed_outputs(frame.matter) if output.name in given]
    found: dict[str, Any] = {output.name: given[output.name] for output in outputs}
    total, own = (of_kind(outputs, kind) for kind in ("total", "own"))
    identity = frame.matter.final.get(("", EXCLUDED))
    if identity is None or not total or not own or given[total] == given[own]:
        return found

    def unless_excluded(amount: Any) -> Any:
        reasons = evaluate(c.Ref(identity, EXCLUDED, "", REASONS), Reader(frame))
        if reasons:
            why = "、".join(reasons)
            raise Stopped([diagnose("TW0520", place=own, name=own, reasons=why)])
        return amount

    split = {name: partial(unless_excluded, amount) for name, amount in found.items()}
    return {**split, total: found[total]}


def of_kind(outputs: Iterable[c.Output], kind: str) -> str:
    """The name of the total that is marked ``kind``; '' where none is."""
    return next((output.name for output in outputs if output.billed == kind), "")


def of_ordinary_lines(core: c.Aggregate, reader: Reader) -> Any:
    """An aggregate over fee lines that are not known: that of nothing, where an ordinary line is
    none of those it looks for; a stop where it is."""
    line = Reader(reader.frame, Element(reader.frame, LINES, 0, {}), around=reader)
    looked_for = core.where is None or evaluate(core.where, line)
    if looked_for and core.kind in ("any", "all") and core.body is not None:
        looked_for = bool(evaluate(core.body, line)) == (core.kind == "any")
    if looked_for:
        raise lines_needed(core.collection)
    if core.kind not in ALWAYS_NOTHING:
        raise stop("TW0503", None, (), name=core.collection)
    return ALWAYS_NOTHING[core.kind]
