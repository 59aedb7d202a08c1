"""Claims for which a quantity that an output needs has no definition."""

from __future__ import annotations

from tiaowen.compiler import core as c
from tiaowen.compiler.checks import witness
from tiaowen.compiler.checks.policy import Policy
from tiaowen.compiler.checks.space import Path
from tiaowen.compiler.checks.symbolic import Evaluator
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose


def gaps_in(node: c.Node, policy: Policy) -> list[Diagnostic]:
    """A finding with the first claim that no definition of ``node`` covers while an output asks.

    An output that nothing decides is 不适用 on its own line; that is no gap.
    """
    conditions = [a.condition for a in node.alternatives]
    if not conditions or None in conditions or node.id not in policy.demand.users:
        return []

    def uncovered(evaluator: Evaluator) -> bool:
        return all(evaluator.truth(condition) is False for condition in conditions)

    def possible(path: Path) -> bool:
        evaluator = policy.open(node.matter, path, shallow=True)
        return uncovered(evaluator) and witness.happens(path, policy.inputs)

    def happens(path: Path) -> bool:
        evaluator = policy.certain(node.matter, path)
        return (
            uncovered(evaluator)
            and policy.is_of_matter(evaluator)
            and policy.demand.asked(node.id, evaluator, node.quantity)
            and witness.happens(path, policy.inputs)
        )

    if policy.never(possible):
        return []
    path = policy.first(happens)
    return [] if path is None else [_report(node, path)]


def _report(node: c.Node, path: Path) -> Diagnostic:
    rules = [a.rule for a in node.alternatives]
    return diagnose(
        "TW0302", rules[0].span, label="here", also=[Label(r.span, "here") for r in rules[1:]],
        article=rules[0].article, witness=witness.claim(path), name=node.quantity,
    )  # fmt: skip
