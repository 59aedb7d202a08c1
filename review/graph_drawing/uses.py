"""What a state of a quantity draws on: other states, and inputs of every kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import expressions
from tiaowen.compiler.link import present_parts
from tiaowen.compiler.walk import every, parts
from tiaowen.review.graph_drawing.model import BoxKind


@frozen
class Input:
    """A fact from outside the graph. ``matter`` is a settled result's; ``type`` is left open
    where the policy only asks whether the fact is given."""

    kind: BoxKind
    name: str
    level: str = ""
    type: str = field(default="", eq=False)
    matter: str = ""


@frozen
class Uses:
    """Nodes and inputs, each once, in the order they are met."""

    nodes: tuple[str, ...]
    inputs: tuple[Input, ...]


def uses_of(node: c.Node, matter: c.Matter) -> Uses:
    """What ``node`` may draw on in the decision it stands in; of the partition that a total
    sums only its name is its own affair."""
    before = (node.previous,) if node.previous else ()
    return _uses(_holders(node, matter), matter, before)


def partition_uses(partition: c.PartitionOf, matter: c.Matter) -> Uses:
    """What the making of a partition's parts draws on."""
    return _uses(parts(partition), matter)


def _uses(holders: Iterable[c.Core], matter: c.Matter, before: tuple[str, ...] = ()) -> Uses:
    inputs: dict[Input, None] = {}
    nodes = dict.fromkeys(before)
    functions: set[str] = set()
    for holder in holders:
        for part in _opened(holder, matter, functions):
            found = _input(part)
            if found is not None:
                inputs[found] = None
            elif isinstance(part, c.Ref) and not part.past and part.node:
                nodes[part.node] = None
    own = f"{matter.name}/"
    return Uses(tuple(n for n in nodes if n.startswith(own)), tuple(inputs))


def _holders(node: c.Node, matter: c.Matter) -> Iterator[c.Core]:
    """The expressions of a node and of the matters it calls."""
    calls: dict[str, None] = {}
    for expression in expressions(node):
        yield expression
        calls.update({p.call: None for p in every(expression) if isinstance(p, c.Settled)})
    for call in calls:
        if call in matter.calls:
            yield from parts(matter.calls[call])


def _opened(holder: c.Core, matter: c.Matter, seen: set[str]) -> Iterator[c.Core]:
    """The parts read in the present decision, tables applied by name among them. A fold over
    history is passed on whole."""
    for part in present_parts(holder):
        yield part
        name = part.function if isinstance(part, c.Apply | c.Bands) else ""
        if name and name not in seen and name in matter.functions:
            seen.add(name)
            yield from _opened(matter.functions[name].body, matter, seen)
    for part in every(holder):
        if isinstance(part, c.History):
            yield part


def _input(part: c.Core) -> Input | None:
    match part:
        case c.Field():
            return Input("element" if part.level else "field", part.name, part.level,
                         part.type.name)  # fmt: skip
        case c.IsGiven():
            return Input("element" if part.level else "field", part.name, part.level)
        case c.ReadingRef():
            return Input("reading", part.name)
        case c.ParameterRef():
            return Input("parameter", part.name, type=part.type.name)
        case c.History():
            return Input("history", part.text, type=part.type.name)
        case c.Settled():
            return Input("settled", part.quantity, type=part.type.name,
                         matter=part.node.split("/", 1)[0])  # fmt: skip
    return None
