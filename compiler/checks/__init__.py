"""Rules against rules: overlaps, gaps, rules that never apply and orders left unsaid.

Every check here looks at a whole policy and reports with a concrete claim. What is reported as
an error certainly happens for that claim; what cannot be followed is left to run time, where an
overlap or a gap stops the decision.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import Assembled
from tiaowen.compiler.checks.gaps import gaps_in
from tiaowen.compiler.checks.order import unsaid_orders
from tiaowen.compiler.checks.overlap import definitions
from tiaowen.compiler.checks.policy import Policy
from tiaowen.compiler.checks.reach import replaced, unreachable
from tiaowen.compiler.checks.tables import tables_in
from tiaowen.compiler.checks.unused import too_deep, unused
from tiaowen.dsl.diagnostics import Diagnostic


@frozen
class Checked:
    """What was found, and the nodes whose definitions are proved never to overlap."""

    diagnostics: tuple[Diagnostic, ...]
    disjoint: frozenset[str]


def check(program: c.Program, made: Mapping[str, Assembled]) -> Checked:
    """Check a program that has no errors so far; ``made`` says where its rules stand."""
    policy = Policy.of(program)
    found: list[Diagnostic] = []
    disjoint: set[str] = set()
    for node in program.nodes.values():
        if node.kind == "define" and len(node.alternatives) > 1:
            overlapping, proved = definitions(node, policy)
            found += overlapping
            if proved:
                disjoint.add(node.id)
        found += gaps_in(node, policy)
        found += unreachable(node, policy)
    found += tables_in(policy)
    for assembled in made.values():
        found += unsaid_orders(assembled, policy)
        found += replaced(assembled, policy)
    found += unused(program, made)
    found += too_deep(program)
    return Checked(tuple(found), frozenset(disjoint))
