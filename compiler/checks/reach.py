"""Rules that can never apply, and amendments that a later 改为 always replaces."""

from __future__ import annotations

from collections.abc import Iterator

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import Assembled
from tiaowen.compiler.checks.policy import Policy
from tiaowen.compiler.checks.space import Path, TooMany
from tiaowen.compiler.walk import every
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose

MOST_PATHS = 1000


def unreachable(node: c.Node, policy: Policy) -> Iterator[Diagnostic]:
    """The definitions or the amendment of ``node`` whose conditions never hold."""
    rules = [(a.condition, a.rule) for a in node.alternatives]
    if node.rule is not None:
        rules.append((node.condition, node.rule))
    for condition, rule in rules:
        if condition is not None and _never(condition, node, policy):
            yield diagnose("TW0303", rule.span, label="here", article=rule.article,
                           name=node.quantity)  # fmt: skip


def _never(condition: c.Core, node: c.Node, policy: Policy) -> bool:
    """Whether a condition is evaluated and false for every claim."""
    return any(_refuted(condition, node, policy, shallow) for shallow in (True, False))


def _refuted(condition: c.Core, node: c.Node, policy: Policy, shallow: bool) -> bool:
    seen = {True: False, False: False}

    def run(path: Path) -> None:
        if not seen[True]:
            holds = policy.open(node.matter, path, shallow).truth(condition)
            seen[holds is not False] = True

    try:
        policy.explore(run, MOST_PATHS)
    except TooMany:
        return False
    return seen[False] and not seen[True]


def replaced(made: Assembled, policy: Policy) -> Iterator[Diagnostic]:
    """Amendments before one that replaces the value for every claim, where nothing else reads
    what they give."""
    for chain in made.chains.values():
        nodes = [policy.program.nodes[i] for i in chain]
        last = next((n for n in reversed(nodes) if _replaces(n)), None)
        if last is None or last.rule is None:
            continue
        before = nodes[1 : last.index]
        if any(_is_read(n, policy) for n in nodes[: last.index]):
            continue
        for node in before:
            if node.kind == "amend" and node.rule is not None:
                yield diagnose("TW0303", node.rule.span, also=[Label(last.rule.span, "earlier")],
                               article=node.rule.article, name=node.quantity)  # fmt: skip


def _replaces(node: c.Node) -> bool:
    if node.operation != "set_to" or node.condition is not None or node.amended is None:
        return False
    refs = (p for p in every(node.amended) if isinstance(p, c.Ref) and not p.past)
    return all(ref.node != node.previous for ref in refs)


def _is_read(node: c.Node, policy: Policy) -> bool:
    """Whether anything but the next amendment draws on a state of a quantity."""
    users = policy.demand.users.get(node.id, ())
    nodes = policy.program.nodes
    return any(nodes[user].previous != node.id for user, _ in users)
