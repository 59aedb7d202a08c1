"""What a decision did, in a form in which two that did the same are equal."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tiaowen.compiler.core import LINES
from tiaowen.compiler.types import RATIO, TRUTH
from tiaowen.engine.decision import Decision
from tiaowen.engine.frames import Frame


def signature(made: Decision, kinds: bool = True) -> tuple[object, ...]:
    """What a decision did: the quantities it worked out with those of their values that tell
    cases apart (of an amount, whether it is nothing), or why it stopped. Without ``kinds`` only
    what may bend the curve of payment against cost."""
    stops = tuple((p.code, str(p.args.get("name")), p.args.get("reason")) for p in made.problems)
    return stops, tuple(_told(made.frame, kinds))


def _told(frame: Frame, kinds: bool) -> Iterator[object]:
    nodes = frame.program.nodes
    for holder in (frame, *frame.elements.get(LINES, ())[:2]):
        for node, value in sorted(holder.memo.items()):
            kind = nodes[node].type
            if kind == RATIO or (kinds and (kind == TRUTH or kind.enumerated)):
                yield node, value
            elif kinds and isinstance(value, int | Fraction):
                yield node, (value > 0) - (value < 0)
            else:
                yield node
