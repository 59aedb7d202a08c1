"""What a state of a quantity draws on: other states, and inputs of every kind."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.assemble import expressions
from tiaowen.compiler.link import node_uses, present_parts
from tiaowen.compiler.walk import every, parts
from tiaowen.review.graph_drawing.model import BoxKind


@frozen
class Input:
    """A fact from outside the graph. ``matter`` is a settled result's."""

    kind: BoxKind
    name: str
    level: str = ""
    type: str = ""
    matter: str = ""


@frozen
class Uses:
    """Nodes and inputs, each once, in the order they are met."""

    nodes: tuple[str, ...]
    inputs: tuple[Input, ...]


def uses_of(node: c.Node, matter: c.Matter) -> Uses:
    """What ``node`` may draw on in the decision it stands in."""
    inputs: dict[Input, None] = {}
    functions: set[str] = set()
    nodes = set(node_uses(node, matter.partitions, matter.calls))
    for holder in _holders(node, matter):
        for part in _opened(holder, matter, functions):
            found = _input(part)
            if found is not None:
                inputs[found] = None
            elif isinstance(part, c.Ref) and not part.past and part.node:
                nodes.add(part.node)
    return Uses(tuple(sorted(n for n in nodes if _own(n, node))), tuple(inputs))


def _own(identity: str, node: c.Node) -> bool:
    return identity.startswith(f"{node.matter}/") and identity != node.id


def _holders(node: c.Node, matter: c.Matter) -> Iterator[c.Core]:
    """The expressions of a node, of the partition it sums and of the matters it calls."""
    calls: set[str] = set()
    for expression in expressions(node):
        yield expression
        calls |= {p.call for p in every(expression) if isinstance(p, c.Settled)}
    for call in sorted(calls & matter.calls.keys()):
        yield from parts(matter.calls[call])
    if node.kind == "total" and node.partition in matter.partitions:
        yield from parts(matter.partitions[node.partition])


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
