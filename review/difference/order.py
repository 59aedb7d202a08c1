"""Amendments that now come in another order, where the order counts.

Amendments of one manner can be exchanged, as the checker has it (``compiler/checks/trial.py``),
unless what they ask for or work with draws on the quantity itself. Whatever else changes its
place among the amendments of a quantity may change the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tiaowen.compiler import core as c
from tiaowen.compiler.checks.trial import EXCHANGEABLE, manner_of
from tiaowen.compiler.walk import every
from tiaowen.review.difference.statements import Statement

Pair = tuple[Statement, Statement]


def reordered(same: Sequence[Pair],
              programs: tuple[c.Program, c.Program]) -> Iterator[Pair]:  # fmt: skip
    """Of the rules that say the same in both, those that another has passed with which they
    cannot be exchanged; of two that changed places the one that stood first."""
    told: set[str] = set()
    for chain in _chains(same, programs):
        ordered = sorted(chain, key=lambda entry: entry[1])
        for at, (pair, _, place, node) in enumerate(ordered):
            passed = [other for other in ordered[at + 1 :] if other[2] < place]
            counts = any(not _exchangeable(node, other[3], programs[0]) for other in passed)
            if counts and pair[0].rule.id not in told:
                told.add(pair[0].rule.id)
                yield pair


Entry = tuple[Pair, int, int, c.Node]
"""A pair with its place in A's chain, in B's, and its node in A."""


def _chains(same: Sequence[Pair],
            programs: tuple[c.Program, c.Program]) -> Iterator[list[Entry]]:  # fmt: skip
    """The amendments of each quantity of each matter."""
    chains: dict[tuple[str, str, str], list[Entry]] = {}
    for mine, theirs in same:
        places = {part.matter: part.node for part in theirs.parts}
        for part in mine.parts:
            other = places.get(part.matter)
            if part.node and other:
                nodes = programs[0].nodes[part.node], programs[1].nodes[other]
                entry = ((mine, theirs), nodes[0].index, nodes[1].index, nodes[0])
                chains.setdefault((part.matter, mine.level, mine.quantity), []).append(entry)
    yield from chains.values()


def _exchangeable(one: c.Node, other: c.Node, program: c.Program) -> bool:
    manner = manner_of(one)
    if manner != manner_of(other) or manner not in EXCHANGEABLE:
        return False
    return not (_draws_on(one, program) or _draws_on(other, program))


def _draws_on(node: c.Node, program: c.Program) -> bool:
    """Whether an amendment's operand or condition rests on the quantity it amends."""
    waiting = [core for core in (node.operand, node.condition) if core is not None]
    seen: set[str] = set()
    while waiting:
        for part in every(waiting.pop()):
            if not isinstance(part, c.Ref) or part.past or part.node in seen:
                continue
            seen.add(part.node)
            found = program.nodes[part.node]
            if (found.level, found.quantity) == (node.level, node.quantity):
                return True
            waiting += _expressions(found)
            if found.previous:
                waiting.append(c.Ref(found.previous, found.quantity, found.level, found.type))
    return False


def _expressions(node: c.Node) -> Iterator[c.Core]:
    from tiaowen.compiler.assembled import expressions

    return expressions(node)
