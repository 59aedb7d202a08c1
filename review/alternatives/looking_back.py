"""The days of earlier claims that a present rule counts from: a stay is continuous if it begins
within a day of the discharge before it, and either of the two days could be another one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import expressions
from tiaowen.compiler.core import Value
from tiaowen.compiler.walk import every, parts
from tiaowen.engine.frames import Claim, Frame
from tiaowen.engine.reach import Fact
from tiaowen.review.alternatives.candidates import gap, moved
from tiaowen.review.alternatives.comparisons import Comparison, Sources, comparisons, met
from tiaowen.review.alternatives.model import Place


def boundaries_before(frame: Frame, earlier: Claim, sources: Sources) -> dict[Place, list[Value]]:
    """For each day of ``earlier`` that a comparison of the decision ``frame`` draws on, the days
    around which it turns."""
    found: dict[Place, list[Value]] = {}
    for comparison in comparisons(frame.program, frame.matter.name):
        facts = set(_facts_before(comparison, earlier.matter, sources))
        days = {
            name: day
            for level, name in facts
            if not level and isinstance(day := earlier.fields.get(name), date)
        }
        if not days:
            continue
        for came_out in met(comparison, frame):
            if came_out.left is None or came_out.right is None:
                continue
            for name, day in days.items():
                nearby = moved(day, gap(came_out.left, came_out.right))
                found.setdefault(Place(name), []).extend(nearby)
    return found


def _facts_before(comparison: Comparison, matter: str, sources: Sources) -> Iterator[Fact]:
    """The facts of an earlier claim of ``matter`` that either side is worked out from."""
    for fold in _folds([comparison.left, comparison.right], sources.program):
        if matter in fold.bodies:
            for part in every(fold.bodies[matter]):
                if isinstance(part, c.Field):
                    yield part.level, part.name
                elif isinstance(part, c.Ref) and part.node:
                    yield from sources.node(part.node)


def _folds(expressions_of: list[c.Core], program: c.Program) -> Iterator[c.History]:
    """Every fold over earlier decisions that expressions lead to, through what they name."""
    seen: set[str] = set()
    stack = list(expressions_of)
    while stack:
        part = stack.pop()
        if isinstance(part, c.History):
            yield part
            continue
        if isinstance(part, c.Ref) and part.node and not part.past and part.node not in seen:
            seen.add(part.node)
            node = program.nodes[part.node]
            stack += expressions(node)
            if node.previous:
                stack += expressions(program.nodes[node.previous])
        stack += parts(part)
