"""Claims for which a quantity that an output needs has no definition."""

from __future__ import annotations

from contextlib import suppress

from tiaowen.compiler import core as c
from tiaowen.compiler.checks import witness
from tiaowen.compiler.checks.policy import Policy
from tiaowen.compiler.checks.space import Path, TooMany
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose


def gaps_in(node: c.Node, policy: Policy) -> list[Diagnostic]:
    """A finding with the first claim that no definition of ``node`` covers while an output asks.

    An output that nothing decides is 不适用 on its own line; that is no gap.
    """
    conditions = [a.condition for a in node.alternatives]
    if not conditions or None in conditions or node.id not in policy.demand.users:
        return []
    found: list[Path] = []

    def run(path: Path) -> None:
        if found:
            return
        evaluator = policy.certain(node.matter, path)
        if any(evaluator.truth(condition) is not False for condition in conditions):
            return
        asked = policy.is_of_matter(evaluator) and policy.demand.asked(
            node.id, evaluator, node.quantity)
        if asked and witness.happens(path, policy.inputs):
            found.append(path)

    with suppress(TooMany):
        policy.explore(run)
    return [_report(node, path) for path in found]


def _report(node: c.Node, path: Path) -> Diagnostic:
    rules = [a.rule for a in node.alternatives]
    return diagnose(
        "TW0302", rules[0].span, label="here", also=[Label(r.span, "here") for r in rules[1:]],
        article=rules[0].article, witness=witness.claim(path), name=node.quantity,
    )  # fmt: skip
