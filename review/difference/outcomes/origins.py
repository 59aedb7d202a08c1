"""Where a figure of a decision comes from: the rule of the regulation that gives it.

The lines of a statement are the national interface's; behind each stands a quantity of the
policy, and behind that the rule that was taken. Promised: the rule returned is one that decided
in this very claim.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.walk import every
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Frame, Reader
from tiaowen.engine.interpreter import value_of
from tiaowen.engine.stops import Stopped

DEEPEST = 12


@frozen
class Origin:
    """A figure's quantity and value, the rule that gives it, and every article on the way."""

    quantity: str
    value: int | None
    rule: c.Rule | None
    articles: tuple[str, ...] = ()


def origin(core: c.Core, frame: Frame, node: c.Node) -> Origin | None:
    """The origin of ``core``, an expression of ``node``; None of a plain nothing."""
    value = evaluate(core, Reader(frame))
    whole = value if isinstance(value, int) else None
    if isinstance(core, c.Constant):
        if not value:
            return None
        return Origin(node.quantity, whole, node.rule or _taken(node, frame), ())
    rules = list(rules_behind(core, frame))
    around = node.rule or _taken(node, frame)
    own = next((r for r in (*rules, around) if r is not None and r.article), None)
    name = core.quantity if isinstance(core, c.Ref) else (
        core.name if isinstance(core, c.ParameterRef) else node.quantity
    )  # fmt: skip
    articles = tuple(dict.fromkeys(r.article for r in rules if r.article))
    return Origin(name, whole, own, articles)


def rules_behind(core: c.Core, frame: Frame, depth: int = 0) -> Iterator[c.Rule]:
    """The policy's rules that an amount rests on, the last first, as far as the first that gives
    it a figure of its own."""
    if depth > DEEPEST:
        return
    for part in every(core):
        if isinstance(part, c.ParameterRef):
            yield frame.program.parameters[part.name].rule
        if isinstance(part, c.Ref) and not part.past and not part.level and part.type == ty.MONEY:
            yield from _of_node(frame.program.nodes[part.node], frame, depth)


def _of_node(node: c.Node, frame: Frame, depth: int) -> Iterator[c.Rule]:
    reader = Reader(frame)
    while node.kind != "define":
        if node.kind == "amend" and _changes(node, frame) and node.rule is not None:
            if node.rule.article:
                yield node.rule
            if node.operation == "set_to":
                return
        node = frame.program.nodes[node.previous]
    for alternative in node.alternatives:
        if alternative.value is not None and _holds(alternative.condition, reader):
            if not alternative.rule.article or isinstance(alternative.value, c.Ref):
                yield from rules_behind(alternative.value, frame, depth + 1)
            if alternative.rule.article:
                yield alternative.rule
            return


def _changes(node: c.Node, frame: Frame) -> bool:
    """Whether an amendment makes another value of the one it finds, or replaces it."""
    if not _holds(node.condition, Reader(frame)):
        return False
    if node.operation == "set_to":
        return True
    try:
        return bool(value_of(node.id, frame) != value_of(node.previous, frame))
    except Stopped:
        return False


def _taken(node: c.Node, frame: Frame) -> c.Rule | None:
    """The rule of the definition that holds."""
    reader = Reader(frame)
    holding = (a.rule for a in node.alternatives if _holds(a.condition, reader))
    return next(holding, None)


def _holds(condition: c.Core | None, reader: Reader) -> bool:
    if condition is None:
        return True
    try:
        return bool(evaluate(condition, reader))
    except Stopped:
        return False
