"""What is asked for, and when: an output's value asks for what its rules draw on, no more.

``sites`` walks an expression with the conditions under which each part is evaluated;
``Demand`` follows them from a node up to the outputs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from attrs import define, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.checks.comparing import Unknown, Verdict
from tiaowen.compiler.checks.space import Dead
from tiaowen.compiler.checks.symbolic import Evaluator
from tiaowen.compiler.walk import parts


@frozen
class InRow:
    """The guard that a table's row ``index`` is the one chosen."""

    table: c.Pick
    index: int


Guard: TypeAlias = tuple[c.Core | InRow, bool]
Guards: TypeAlias = tuple[Guard, ...]


def sites(core: c.Core, guards: Guards = ()) -> Iterator[tuple[c.Core, Guards]]:
    """``core`` and every part evaluated with it in the same decision, with what must hold."""
    stack: list[tuple[c.Core, Guards]] = [(core, guards)]
    while stack:
        current, held = stack.pop()
        yield current, held
        stack.extend(reversed(list(_inside(current, held))))


def _inside(core: c.Core, held: Guards) -> Iterator[tuple[c.Core, Guards]]:
    match core:
        case c.Constant() | c.Field() | c.Ref() | c.IsGiven() | c.ReadingRef() | c.Argument():
            return
        case c.Op():
            for operand in core.operands:
                yield operand, held
        case c.Choose():
            yield core.condition, held
            yield core.then, (*held, (core.condition, True))
            yield core.otherwise, (*held, (core.condition, False))
        case c.Logic():
            yield core.left, held
            yield core.right, (*held, (core.left, core.kind == "and"))
        case c.Pick():
            for key in core.keys:
                yield key, held
            for index, row in enumerate(core.rows):
                yield row.value, (*held, (InRow(core, index), True))
        case c.Aggregate():
            inner = held if core.where is None else (*held, (core.where, True))
            if core.where is not None:
                yield core.where, held
            if core.body is not None:
                yield core.body, inner
        case c.History():
            if core.year is not None:
                yield core.year, held
        case _:
            for part in parts(core):
                yield part, held


def node_sites(node: c.Node) -> Iterator[tuple[c.Core, Guards]]:
    """Every part of a node's expressions with what must hold for it to be evaluated."""
    earlier: Guards = ()
    for alternative in node.alternatives:
        condition = alternative.condition
        if condition is not None:
            yield from sites(condition, earlier)
        if alternative.value is not None:
            own = earlier if condition is None else (*earlier, (condition, True))
            yield from sites(alternative.value, own)
        if condition is not None:
            earlier = (*earlier, (condition, False))
    if node.condition is not None:
        yield from sites(node.condition)
    if node.amended is not None:
        held: Guards = () if node.condition is None else ((node.condition, True),)
        yield from sites(node.amended, held)


def guards_hold(guards: Guards, evaluator: Evaluator) -> Verdict:
    """Whether all guards hold."""
    result: Verdict = True
    for guard, wanted in guards:
        if isinstance(guard, InRow):
            holds = evaluator.row_holds(guard.table.rows[guard.index], guard.table, {})
        else:
            holds = evaluator.truth(guard)
        if isinstance(holds, Unknown):
            result = holds
        elif holds is not wanted:
            return False
    return result


@define
class Demand:
    """Who draws on each node of a program, and the outputs of each matter."""

    users: Mapping[str, list[tuple[str, Guards]]]
    roots: Mapping[str, str]
    """node of an output -> the quantity"""
    tables: list[tuple[c.Node, c.Pick, Guards]]
    """every table of a node's rules, with what must hold for it to be read"""

    def asked(self, identity: str, evaluator: Evaluator, own: str = "") -> bool:
        """Whether an output other than ``own`` certainly asks for a node on this path."""
        seen: set[str] = set()
        stack = [identity]
        while stack:
            current = stack.pop()
            if self.roots.get(current, own) != own:
                return True
            for user, guards in self.users.get(current, ()):
                if user in seen:
                    continue
                try:
                    holds = guards_hold(guards, evaluator)
                except Dead:
                    continue
                if holds is True:
                    seen.add(user)
                    stack.append(user)
        return False


def demand(nodes: Mapping[str, c.Node], matters: Mapping[str, c.Matter]) -> Demand:
    """The demand of a program."""
    users: dict[str, list[tuple[str, Guards]]] = defaultdict(list)
    tables: list[tuple[c.Node, c.Pick, Guards]] = []
    for identity, node in nodes.items():
        for core, guards in node_sites(node):
            if isinstance(core, c.Ref) and not core.past and core.node:
                users[core.node].append((identity, guards))
            elif isinstance(core, c.Pick):
                tables.append((node, core, guards))
        if node.previous:
            kept: Guards = () if node.condition is None else ((node.condition, False),)
            if node.kind == "total" or node.condition is not None:
                users[node.previous].append((identity, kept))
    roots = {o.node: o.name for m in matters.values() for o in m.outputs if o.node is not None}
    return Demand(users, roots, tables)
