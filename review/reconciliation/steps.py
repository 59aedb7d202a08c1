"""Where two decisions of one claim first part: the first state of a quantity that differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tiaowen.compiler import core as c
from tiaowen.compiler.core import EXCLUDED
from tiaowen.compiler.walk import every
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Element, Frame, Reader
from tiaowen.engine.parts import elements_of
from tiaowen.engine.stops import Stopped
from tiaowen.review.reconciliation.records import Step

_NOTHING = object()


def changed_step(before: Frame, after: Frame) -> Step | None:
    """The first step of ``after`` whose value is another than in ``before``; both are filled.

    A frame's memory holds values in the order in which they were worked out, so operands come
    before what rests on them; fee lines come before the sums of them.
    """
    own = _first(after, before.memo, after.memo, None)
    for other, element in _lines(before, after):
        found = _first(after, other, element.memo, element)
        if found is not None and (own is None or _rests_on_lines(own, after)):
            return found
    return own


def _lines(before: Frame, after: Frame) -> Iterator[tuple[dict[str, Any], Element]]:
    for name in after.program.collections:
        if name not in before.elements or name not in after.elements:
            continue
        pairs = zip(elements_of(before, name), elements_of(after, name), strict=False)
        yield from ((one.memo, other) for one, other in pairs)


def _first(frame: Frame, old: dict[str, Any], new: dict[str, Any],
           element: Element | None) -> Step | None:  # fmt: skip
    for identity, value in new.items():
        was = old.get(identity, _NOTHING)
        if was is _NOTHING or was == value:
            continue
        node = frame.program.nodes[identity]
        rule = _rule(node, frame, element)
        return Step(node.quantity, node.type.name, was, value, rule,
                    element.index if element is not None else None)  # fmt: skip
    return None


def _rests_on_lines(step: Step, frame: Frame) -> bool:
    """Whether a quantity of the claim is one that fee lines do not ask for: then a change of a
    line comes first."""
    used = {
        part.quantity
        for node in frame.program.nodes.values()
        if node.level and node.matter == frame.matter.name
        for core in (*(a.value for a in node.alternatives), node.amended)
        if core is not None
        for part in _refs(core)
    }
    return step.quantity not in used or step.quantity == EXCLUDED


def _refs(core: c.Core) -> Iterator[c.Ref]:
    return (part for part in every(core) if isinstance(part, c.Ref) and not part.level)


def _rule(node: c.Node, frame: Frame, element: Element | None) -> c.Rule | None:
    """The rule that gave a state: of several definitions the one that holds."""
    if node.rule is not None and node.kind != "define":
        return node.rule
    reader = Reader(frame, element)
    for alternative in node.alternatives:
        try:
            if alternative.condition is None or evaluate(alternative.condition, reader):
                return alternative.rule
        except Stopped:
            continue
    return node.rule
