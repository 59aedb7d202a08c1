"""Columns for a layered drawing: everything stands to the right of what it draws on.

Inputs share the first column and results the last. What lies between stands where the lines
from source to furthest target are shortest in sum, found by moving one box at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

_SWEEPS = 24


def forward(nodes: Sequence[str], edges: Iterable[tuple[str, str]]) -> list[tuple[str, str, bool]]:
    """``edges`` without circles: (source, target, turned). Of a circle's edges those are turned
    that run against the order of ``nodes``."""
    import networkx as nx

    listed = list(edges)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(listed)
    place = {node: number for number, node in enumerate(nodes)}
    circle: dict[str, int] = {}
    for number, component in enumerate(nx.strongly_connected_components(graph)):
        if len(component) > 1:
            circle.update(dict.fromkeys(component, number))
    found = []
    for source, target in listed:
        same = source in circle and circle[source] == circle.get(target)
        turned = same and place[source] > place[target]
        found.append((target, source, True) if turned else (source, target, False))
    return list(dict.fromkeys(found))


def ranked(nodes: Sequence[str], edges: Iterable[tuple[str, str]], first: frozenset[str],
           last: frozenset[str]) -> dict[str, int]:  # fmt: skip
    """Column of each node from 0; ``edges`` have no circles. ``first`` stand in column 0,
    ``last`` all in the furthest."""
    into: dict[str, list[str]] = {node: [] for node in nodes}
    out: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in edges:
        into[target].append(source)
        out[source].append(target)
    ranks = _earliest(nodes, into, out, first)
    end = max([rank + 1 for node, rank in ranks.items() if node not in last], default=0)
    ranks.update(dict.fromkeys(last, end))
    movable = [n for n in nodes if n not in first and n not in last]
    for _ in range(_SWEEPS):
        moved = [_settle(node, ranks, into, out, end) for node in movable]
        if not any(moved):
            break
    return ranks


def _earliest(nodes: Sequence[str], into: Mapping[str, list[str]], out: Mapping[str, list[str]],
              first: frozenset[str]) -> dict[str, int]:  # fmt: skip
    waiting = {node: len(into[node]) for node in nodes}
    ranks = {node: 0 if node in first or not first else 1 for node in nodes}
    ready = [node for node in nodes if not waiting[node]]
    for node in ready:
        for target in out[node]:
            ranks[target] = max(ranks[target], ranks[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return ranks


def _settle(node: str, ranks: dict[str, int], into: Mapping[str, list[str]],
            out: Mapping[str, list[str]], end: int) -> bool:  # fmt: skip
    """Move ``node`` to the column where the lines at it are shortest; whether it moved."""
    low = max((ranks[s] + 1 for s in into[node]), default=ranks[node])
    high = min((ranks[t] - 1 for t in out[node]), default=min(end - 1, low) if end else low)
    others = {
        source: max((ranks[t] for t in out[source] if t != node), default=ranks[source])
        for source in into[node]
    }
    reach = max((ranks[t] for t in out[node]), default=0)

    def cost(rank: int) -> int:
        own = reach - rank if out[node] else 0
        return own + sum(max(0, rank - others[source]) for source in others)

    places = range(low, max(low, high) + 1)
    best = min(places, key=lambda rank: (cost(rank), abs(rank - ranks[node])))
    moved = best != ranks[node]
    ranks[node] = best
    return moved
