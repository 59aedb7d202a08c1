"""A program with one rule taken out of it, or one row of a table replaced by its neighbour."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from attrs import evolve, frozen
from tests.reconcile.scenes import MATTER

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import expressions
from tiaowen.compiler.core import Program
from tiaowen.compiler.types import TRUTH
from tiaowen.compiler.walk import every, rewrite

NEVER = c.Constant(False, TRUTH)


def nodes_of(program: Program) -> list[c.Node]:
    """The nodes of the matter that scenes are of."""
    return [node for node in program.nodes.values() if node.matter == MATTER]


def parts(node: c.Node) -> Iterator[c.Core]:
    """Every expression inside ``node``."""
    return (part for core in expressions(node) for part in every(core))


@frozen
class Fault:
    """A change of one node: without its amendment, without a ground, with a row misread."""

    node: str
    kind: str
    number: int = 0
    row: int = 0
    instead: int = 0
    text: str = ""

    def of(self, program: Program) -> Program:
        """``program`` with the fault."""
        node = program.nodes[self.node]
        if self.kind == "amendment":
            changed = evolve(node, condition=NEVER)
        else:
            tables = iter(range(1000))

            def change(core: c.Core) -> c.Core:
                if self.kind == "ground" and isinstance(core, c.Reasons):
                    return evolve(core, grounds=self._without(core))
                if self.kind == "row" and isinstance(core, c.Pick) and next(tables) == self.number:
                    return self._misread(core)
                return core

            alternatives = tuple(rewrite(a, change) for a in node.alternatives)
            operand, node = node.operand, evolve(node, operand=None)
            changed = evolve(rewrite(node, change), alternatives=alternatives, operand=operand)
        return evolve(program, nodes={**program.nodes, self.node: changed})

    def _without(self, core: c.Reasons) -> tuple[tuple[c.Core, str, c.Rule], ...]:
        return tuple(g for n, g in enumerate(core.grounds) if n != self.number)

    def _misread(self, core: c.Pick) -> c.Pick:
        rows = list(core.rows)
        rows[self.row] = evolve(rows[self.row], value=rows[self.instead].value)
        return evolve(core, rows=tuple(rows))


def amendment(program: Program, rng: Random) -> Fault:
    """One amendment not made."""
    node = rng.choice([n for n in nodes_of(program) if n.kind == "amend"])
    return Fault(node.id, "amendment", text=node.rule.text if node.rule else "")


def ground(program: Program, rng: Random) -> Fault | None:
    """One ground of exclusion not heeded."""
    found = [
        Fault(node.id, "ground", number, text=reason)
        for node in nodes_of(program)
        for core in parts(node)
        if isinstance(core, c.Reasons)
        for number, (_, reason, _) in enumerate(core.grounds)
    ]
    return rng.choice(found) if found else None


def row(program: Program, rng: Random) -> Fault | None:
    """One row of a table read for another that differs from it in a single key."""
    found = [
        Fault(node.id, "row", number, at, other, core.rows[other].text)
        for node in nodes_of(program)
        for number, core in enumerate(_tables(node))
        for at in range(len(core.rows))
        for other in range(len(core.rows))
        if at != other and _beside(core, at, other)
    ]
    return rng.choice(found) if found else None


def _tables(node: c.Node) -> list[c.Pick]:
    """The tables of a node in the order in which rewriting it comes to them."""
    found: list[c.Pick] = []

    def note(core: c.Core) -> c.Core:
        if isinstance(core, c.Pick):
            found.append(core)
        return core

    for alternative in node.alternatives:
        rewrite(alternative, note)
    rewrite(evolve(node, operand=None), note)
    return found


def _beside(core: c.Pick, at: int, other: int) -> bool:
    pairs = zip(core.rows[at].matchers, core.rows[other].matchers, strict=True)
    return sum(one != two for one, two in pairs) == 1
