"""What a drawing shows, before anybody says where: boxes with their rows, and edges.

An edge runs from what is drawn on to what draws on it, so that a picture reads from inputs to
results. Ids are stable: a state's is its node's id, a folded quantity's ``事项/量``, that of
an input, partition or result ``事项/种类:名``.
"""

from __future__ import annotations

from typing import Literal

from attrs import evolve, field, frozen

BoxKind = Literal[
    "field",
    "element",
    "reading",
    "parameter",
    "history",
    "settled",
    "quantity",
    "partition",
    "output",
]
"""field: the claim's; element: a fee line's or another collection's; settled: a result of a
matter settled in this one's place; partition: how a stay falls into parts; output: a line of
the statement."""

INPUTS: tuple[BoxKind, ...] = ("field", "element", "reading", "parameter", "history", "settled")


@frozen
class Row:
    """A rule of a box: a definition's alternative, an amendment, the sum of parts.

    ``text`` is the rule as written, ``short`` the part of it that a box has room for.
    ``applied`` is None where no claim is traced.
    """

    id: str
    kind: Literal["define", "amend", "total", "ground", "part"]
    short: str
    text: str
    article: str
    applied: bool | None = None


@frozen
class Box:
    """A quantity with its rules, a state of one, an input or a result.

    ``level`` names the collection of what is worked out for each element ('' otherwise).
    ``number`` is a result's place in the statement, from 1. ``lit`` is None where no claim is
    traced, else whether its decision looked at this, and ``value`` what it found.
    """

    id: str
    kind: BoxKind
    name: str
    label: str
    type: str = ""
    level: str = ""
    code: str = ""
    rows: tuple[Row, ...] = ()
    number: int = 0
    lit: bool | None = None
    value: str = ""

    @property
    def is_input(self) -> bool:
        return self.kind in INPUTS


@frozen
class Edge:
    """``kind``: uses (draws on), amends (the state before), result (shown as a line)."""

    source: str
    target: str
    kind: Literal["uses", "amends", "result"] = "uses"
    lit: bool | None = None


@frozen
class Cluster:
    """A matter: its boxes, inputs first, results last and in statement order."""

    name: str
    label: str
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]


@frozen
class Drawing:
    """``of`` is the quantity it was narrowed to; ``traced`` says that a claim's path is marked."""

    title: str
    level: str
    clusters: tuple[Cluster, ...]
    of: str = ""
    traced: bool = False
    digest: str = field(default="", eq=False)


def narrowed(cluster: Cluster, targets: frozenset[str]) -> Cluster:
    """``cluster`` with only the boxes ``targets`` and what they draw on, however far."""
    sources: dict[str, list[str]] = {}
    for edge in cluster.edges:
        sources.setdefault(edge.target, []).append(edge.source)
    kept: set[str] = set()
    stack = [box.id for box in cluster.boxes if box.id in targets]
    while stack:
        current = stack.pop()
        if current not in kept:
            kept.add(current)
            stack.extend(sources.get(current, ()))
    return evolve(
        cluster,
        boxes=tuple(b for b in cluster.boxes if b.id in kept),
        edges=tuple(e for e in cluster.edges if e.source in kept and e.target in kept),
    )
