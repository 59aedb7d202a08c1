"""Which state of a quantity each reference sees, and the dependency graph that follows.

A reference sees a quantity's last state. What an amendment needs, though, is computed before
it: for an amendment A of Q, every quantity that A's operand or condition draws on, and A
itself, see Q as it stood before A.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import Assembled, expressions
from tiaowen.compiler.scopes import LINES, Place
from tiaowen.compiler.walk import every, rewrite
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose

if TYPE_CHECKING:
    import networkx as nx


def present_parts(expression: c.Core) -> Iterator[c.Core]:
    """The parts of ``expression`` read in the present decision: a fold's bodies are not."""
    stack = [expression]
    while stack:
        current = stack.pop()
        if isinstance(current, c.History):
            if current.year is not None:
                stack.append(current.year)
            for where in current.wheres.values():
                stack.extend(p.body for p in every(where) if isinstance(p, c.Present))
            continue
        yield current
        from tiaowen.compiler.walk import parts

        stack.extend(parts(current))


def link(made: Assembled) -> None:
    """Point every reference of ``made`` at a node."""
    uses = _uses(made)
    seen = _seen_states(made, uses)
    for identity, node in list(made.nodes.items()):
        here = (node.level, node.quantity)

        def point(x: c.Core, here: Place = here, node: c.Node = node) -> c.Core:
            return _pointed(x, here, node, made, seen) if isinstance(x, c.Ref) else x

        made.nodes[identity] = rewrite_node(node, point)
    everywhere = {place: len(chain) - 1 for place, chain in made.chains.items()}

    def final(ref: c.Ref) -> c.Ref:
        place = (ref.level, ref.quantity)
        if ref.node or ref.past or place not in everywhere:
            return ref
        return evolve(ref, node=made.chains[place][everywhere[place]])

    made.duties = [rewrite_refs(d, final) for d in made.duties]
    made.properties = [rewrite_refs(p, final) for p in made.properties]
    made.functions = {n: rewrite_refs(f, final) for n, f in made.functions.items()}
    made.calls = {n: rewrite_refs(k, final) for n, k in made.calls.items()}
    made.partitions = {n: rewrite_refs(_spread(p, made), final) for n, p in made.partitions.items()}
    if made.condition is not None:
        made.condition = rewrite(made.condition, lambda x: final(x) if isinstance(x, c.Ref) else x)


def _spread(partition: c.PartitionOf, made: Assembled) -> c.PartitionOf:
    """A part's use of a spread amount is its state before this partition sums it."""
    spread = []
    for quantity, whole, used in partition.spread:
        chain = made.chains.get((used.level, used.quantity), [])
        for identity in chain:
            if made.nodes[identity].partition == partition.name:
                used = evolve(used, node=made.nodes[identity].previous)
        spread.append((quantity, whole, used))
    return evolve(partition, spread=tuple(spread))


def rewrite_refs(holder: Any, change: Callable[[c.Ref], c.Ref]) -> Any:
    """``holder`` (any record) with its references changed."""
    return rewrite(holder, lambda x: change(x) if isinstance(x, c.Ref) else x)


def rewrite_node(node: c.Node, apply: Callable[[c.Core], c.Core]) -> c.Node:
    """``node`` with ``apply`` done to every expression in it."""
    alternatives = tuple(
        evolve(
            a,
            condition=None if a.condition is None else rewrite(a.condition, apply),
            value=None if a.value is None else rewrite(a.value, apply),
        )
        for a in node.alternatives
    )
    fields = {
        name: rewrite(value, apply)
        for name in ("condition", "amended", "operand")
        if (value := getattr(node, name)) is not None
    }
    return evolve(node, alternatives=alternatives, **fields)


def _pointed(ref: c.Ref, here: Place, node: c.Node, made: Assembled,
             seen: Mapping[tuple[Place, Place], int]) -> c.Ref:  # fmt: skip
    place = (ref.level, ref.quantity)
    if ref.node or ref.past or place not in made.chains:
        return ref
    chain = made.chains[place]
    index = len(chain) - 1
    if place == here:
        index = max(node.index - 1, 0) if node.index else index
    else:
        index = min(index, seen.get((here, place), index))
    return evolve(ref, node=chain[index])


def _uses(made: Assembled) -> dict[str, set[Place]]:
    """Node -> the quantities it draws on."""
    return {
        identity: {
            (p.level, p.quantity)
            for e in expressions(node)
            for p in present_parts(e)
            if isinstance(p, c.Ref) and not p.node and not p.past
        }
        | _partition_uses(node, made)
        | _call_uses(node, made)
        for identity, node in made.nodes.items()
    }


def _partition_uses(node: c.Node, made: Assembled) -> set[Place]:
    if node.kind != "total" or node.partition not in made.partitions:
        return set()
    return _places_in(made.partitions[node.partition])


def _call_uses(node: c.Node, made: Assembled) -> set[Place]:
    found: set[Place] = set()
    for expression in expressions(node):
        for part in every(expression):
            if isinstance(part, c.Settled):
                found |= _places_in(made.calls[part.call])
    return found


def _places_in(holder: c.Call | c.PartitionOf) -> set[Place]:
    from tiaowen.compiler.walk import parts

    return {
        (p.level, p.quantity)
        for e in parts(holder)
        for p in present_parts(e)
        if isinstance(p, c.Ref) and not p.past
    }


def _seen_states(made: Assembled, uses: Mapping[str, set[Place]]) -> dict[tuple[Place, Place], int]:
    """(reader, quantity) -> the last state it may see, where that is not the final one."""
    import networkx as nx

    quantities: nx.DiGraph[Place] = nx.DiGraph()
    for place, chain in made.chains.items():
        quantities.add_node(place)
        for identity in chain:
            quantities.add_edges_from(
                (place, used) for used in uses[identity] if used in made.chains
            )
    seen: dict[tuple[Place, Place], int] = {}
    for component in nx.strongly_connected_components(quantities):
        if len(component) == 1:
            continue
        for place in component:
            for index, identity in enumerate(made.chains[place]):
                if index == 0:
                    continue
                for reader in _closure(uses[identity] & component, place, component, made, uses):
                    key = (reader, place)
                    seen[key] = min(seen.get(key, index - 1), index - 1)
    return seen


def _closure(start: set[Place], without: Place, component: set[Place], made: Assembled,
             uses: Mapping[str, set[Place]]) -> set[Place]:  # fmt: skip
    found: set[Place] = set()
    stack = [p for p in start if p != without]
    while stack:
        place = stack.pop()
        if place in found:
            continue
        found.add(place)
        for identity in made.chains[place]:
            stack.extend(p for p in uses[identity] & component if p != without and p not in found)
    return found


# --- the graph of nodes


def dependency_graph(nodes: Mapping[str, c.Node], partitions: Mapping[str, c.PartitionOf],
                     calls: Mapping[str, c.Call]) -> nx.DiGraph[str]:  # fmt: skip
    """An edge from each node to every node it may draw on in the same decision."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    for identity, node in nodes.items():
        graph.add_node(identity)
        graph.add_edges_from((identity, used) for used in node_uses(node, partitions, calls))
    return graph


def node_uses(node: c.Node, partitions: Mapping[str, c.PartitionOf],
              calls: Mapping[str, c.Call]) -> set[str]:  # fmt: skip
    """The nodes that ``node`` may draw on."""
    from tiaowen.compiler.walk import parts

    found = {node.previous} if node.previous else set()
    holders: list[c.Core] = list(expressions(node))
    for expression in list(holders):
        for part in every(expression):
            if isinstance(part, c.Settled) and part.call in calls:
                holders.extend(parts(calls[part.call]))
                found.add(part.node)
    partition = partitions.get(node.partition) if node.kind == "total" else None
    if partition is not None:
        holders.extend(parts(partition))
    for holder in holders:
        found |= {p.node for p in present_parts(holder) if isinstance(p, c.Ref) and not p.past}
    return {n for n in found if n}


def cycles(graph: nx.DiGraph[str], nodes: Mapping[str, c.Node]) -> list[Diagnostic]:
    """One diagnostic per circle of rules, printed rule by rule."""
    import networkx as nx

    found: list[Diagnostic] = []
    for component in nx.strongly_connected_components(graph):
        if len(component) == 1 and not graph.has_edge(*(list(component) * 2)):
            continue
        circle = [edge[0] for edge in nx.find_cycle(graph.subgraph(component))]
        rules = [r for r in (_rule(nodes[i]) for i in circle) if r is not None]
        labels = tuple(
            Label(r.span, "rule", {"name": nodes[i].quantity})
            for i, r in zip(circle, rules, strict=False)
        )
        found.append(
            diagnose(
                "TW0304",
                labels[0].span if labels else None,
                also=labels[1:],
                article=rules[0].article if rules else "",
                cycle=" → ".join([nodes[i].quantity for i in circle] + [nodes[circle[0]].quantity]),
                rules="\n".join(r.text for r in rules),
            )
        )
    return found


def _rule(node: c.Node) -> c.Rule | None:
    return node.rule or (node.alternatives[0].rule if node.alternatives else None)


def varying(partition: c.PartitionOf, nodes: Mapping[str, c.Node],
            graph: nx.DiGraph[str]) -> frozenset[str]:  # fmt: skip
    """The nodes whose value a part may change: all that draw, however far, on fee lines or on
    a fact the partition changes."""
    import networkx as nx

    changed = {*partition.overrides, *(q for q, _, _ in partition.spread)}
    seeds = {
        identity
        for identity, node in nodes.items()
        if (not node.level and node.quantity in changed)
        or any(_touched(part, changed) for e in expressions(node) for part in present_parts(e))
        or (node.kind == "total" and node.partition == partition.name)
    }
    backwards = graph.reverse(copy=False)
    reached: set[str] = set()
    for seed in seeds:
        if seed not in reached:
            reached |= {seed, *nx.descendants(backwards, seed)}
    return frozenset(reached)


def _touched(part: c.Core, changed: set[str]) -> bool:
    if isinstance(part, c.Field):
        return part.name in changed and not part.level
    return isinstance(part, c.Aggregate) and part.collection == LINES
