"""Quantities that nothing draws on, and chains of quantities too long to follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import Assembled, expressions
from tiaowen.compiler.link import node_uses
from tiaowen.compiler.resolve_calls import YEAR
from tiaowen.compiler.scopes import EXCLUDED
from tiaowen.compiler.walk import every, parts
from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import Diagnostic, diagnose

DEEPEST = 2000
"""A chain of quantities may be this long."""


def unused(program: c.Program, made: Mapping[str, Assembled]) -> Iterator[Diagnostic]:
    """The quantities that no output, duty, property, ground of exclusion or part draws on."""
    reached = _reached(program)
    idle: dict[str, tuple[str, c.Rule]] = {}
    used: set[str] = set()
    for assembled in made.values():
        for place, rules in assembled.scope.quantities.items():
            if not rules.definitions or place not in assembled.chains:
                continue
            first = rules.definitions[0]
            draws = any(node in reached for node in assembled.chains[place])
            national = bool(first.scope.interfaces) or isinstance(first.statement, t.Scale)
            if draws or national or assembled.scope.interface is None or place[1] == YEAR:
                used.add(first.rule.id)
            else:
                idle[first.rule.id] = (place[1], first.rule)
    for identity, (name, rule) in idle.items():
        if identity not in used:
            yield diagnose("TW0310", rule.span, article=rule.article, name=name, nearest="")


def _reached(program: c.Program) -> set[str]:
    """Every node that matters to a decision, in this one or a later one."""
    pending = list(_roots(program))
    bodies = {
        (matter.name, name): function.body
        for matter in program.matters.values()
        for name, function in matter.functions.items()
    }
    reached: set[str] = set()
    while pending:
        identity = pending.pop()
        if identity in reached or identity not in program.nodes:
            continue
        reached.add(identity)
        node = program.nodes[identity]
        pending.append(node.previous)
        for expression in expressions(node):
            pending.extend(_drawn(expression, node.matter, bodies))
    return reached


def _drawn(expression: c.Core, matter: str,
           bodies: Mapping[tuple[str, str], c.Core]) -> Iterator[str]:  # fmt: skip
    """The nodes an expression draws on, in earlier decisions and through tables as well."""
    stack: list[c.Core] = [expression]
    while stack:
        for part in every(stack.pop()):
            if isinstance(part, c.Ref | c.Settled):
                yield part.node
            elif isinstance(part, c.Apply | c.Bands) and (matter, part.function) in bodies:
                stack.append(bodies[matter, part.function])


def _roots(program: c.Program) -> Iterator[str]:
    for node in program.nodes.values():
        if node.quantity == EXCLUDED:
            yield node.id
    for matter in program.matters.values():
        yield from (o.node for o in matter.outputs if o.node is not None)
        holders: list[Iterable[c.Core]] = [
            *map(parts, (*matter.duties, *matter.properties)),
            *map(parts, (*matter.calls.values(), *matter.partitions.values())),
            () if matter.condition is None else (matter.condition,),
        ]  # fmt: skip
        for holder in holders:
            for expression in holder:
                yield from _drawn(expression, matter.name, {})


def too_deep(program: c.Program) -> Iterator[Diagnostic]:
    """The longest chain of quantities, where it is longer than evaluation may go."""
    uses: dict[str, list[str]] = {}
    for matter in program.matters.values():
        for identity, node in program.nodes.items():
            if node.matter == matter.name:
                drawn = node_uses(node, matter.partitions, matter.calls)
                uses[identity] = [n for n in drawn if n in program.nodes]
    depths = _depths(uses)
    if not depths:
        return
    deepest = max(depths, key=lambda identity: depths[identity])
    if depths[deepest] > DEEPEST:
        node = program.nodes[deepest]
        rule = node.rule or (node.alternatives[0].rule if node.alternatives else None)
        yield diagnose("TW0311", rule.span if rule else None, article=rule.article if rule else "",
                       name=node.quantity, depth=depths[deepest], limit=DEEPEST)  # fmt: skip


def _depths(uses: Mapping[str, list[str]]) -> dict[str, int]:
    """How long the longest chain under each node is; the graph has no circles."""
    depths: dict[str, int] = {}
    for start in uses:
        stack = [start]
        while stack:
            current = stack[-1]
            waiting = [n for n in uses.get(current, ()) if n not in depths]
            if waiting and current not in depths:
                stack.extend(waiting)
                continue
            depths[current] = 1 + max((depths[n] for n in uses.get(current, ())), default=0)
            stack.pop()
    return depths
