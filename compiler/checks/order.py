"""Amendments whose order changes the result and is not said.

Inside an article the text's order counts. Across articles the order has to be said with 后于
unless the two can be exchanged, never apply together, or are the interface's, which come last.
The same holds where an earlier article amends what a later one defines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import Assembled
from tiaowen.compiler.checks.policy import Policy
from tiaowen.compiler.checks.space import Path
from tiaowen.compiler.checks.trial import EXCHANGEABLE, Amendment, Shown, Trial
from tiaowen.compiler.collect import ScopedRule
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose

MOST_PAIRS = 2000


def unsaid_orders(made: Assembled, policy: Policy) -> Iterator[Diagnostic]:
    """The pairs of rules of one matter whose order has to be said."""
    for place, chain in made.chains.items():
        rules = made.scope.quantities.get(place)
        if rules is None or len(chain) < 2:
            continue
        by_id = {scoped.rule.id: scoped for scoped in rules.chain}
        nodes = [policy.program.nodes[i] for i in chain[1:]]
        amendments = [
            Amendment(node, by_id[node.rule.id])
            for node in nodes
            if node.kind == "amend" and node.rule is not None
            and not by_id[node.rule.id].scope.interfaces
        ]  # fmt: skip
        for first, second in islice(_pairs(amendments), MOST_PAIRS):
            shown = _exchanged(first, second, policy)
            if shown is not None:
                yield _report(first.scoped, second.scoped, first.node, shown)
        yield from _before_definition(amendments, rules.definitions, policy)


def _article(scoped: ScopedRule) -> object:
    return scoped.path.article


def _pairs(amendments: Sequence[Amendment]) -> Iterator[tuple[Amendment, Amendment]]:
    """Amendments of different articles, in force order, about whose order nothing is said."""
    if len({_article(a.scoped) for a in amendments}) < 2:
        return
    for at, first in enumerate(amendments):
        for second in amendments[at + 1 :]:
            if _article(first.scoped) == _article(second.scoped):
                continue
            if first.manner == second.manner and first.manner in EXCHANGEABLE:
                continue
            if not _is_said(second.scoped, first.scoped, amendments):
                yield first, second


def _is_said(later: ScopedRule, earlier: ScopedRule, amendments: Sequence[Amendment]) -> bool:
    """Whether 后于, perhaps over rules in between, puts ``later`` after ``earlier``."""
    seen: list[ScopedRule] = []
    stack = [later]
    while stack:
        current = stack.pop()
        if any(path.covers(earlier.path) for path in current.after):
            return True
        seen.append(current)
        stack += [
            a.scoped for a in amendments
            if a.scoped not in seen and a.scoped not in stack and _follows(current, a.scoped)
        ]  # fmt: skip
    return False


def _follows(later: ScopedRule, earlier: ScopedRule) -> bool:
    if any(path.covers(earlier.path) for path in later.after):
        return True
    return _article(later) == _article(earlier) and earlier.order < later.order


# --- claims


def _exchanged(first: Amendment, second: Amendment, policy: Policy) -> Shown | None:
    """A claim on which the two give different results in different order."""
    found: list[Shown] = []

    def run(path: Path) -> bool:
        trial = Trial(policy, path)
        if not trial.applies(first) or not trial.applies(second):
            return False
        for base in trial.bases(first, second):
            one = trial.after(second, trial.after(first, base))
            other = trial.after(first, trial.after(second, base))
            if one is not None and other is not None and one != other:
                found.append(trial.shown(first, base, one, other))
                return True
        return False

    policy.first(run)
    return found[0] if found else None


def _before_definition(amendments: Sequence[Amendment], definitions: Sequence[ScopedRule],
                       policy: Policy) -> Iterator[Diagnostic]:  # fmt: skip
    """Amendments of an earlier article than the one that defines the quantity."""
    if not definitions or any(d.scope.interfaces for d in definitions):
        return
    articles = {_article(d) for d in definitions}
    start = min(definitions, key=lambda d: d.order)
    for amendment in amendments:
        scoped = amendment.scoped
        if scoped.order > start.order or _article(scoped) in articles:
            continue
        if any(path.covers(d.path) for path in scoped.after for d in definitions):
            continue
        shown = _changes(amendment, policy)
        if shown is not None:
            yield _report(start, scoped, amendment.node, shown)


def _changes(amendment: Amendment, policy: Policy) -> Shown | None:
    """A claim on which the amendment changes what is defined."""
    found: list[Shown] = []

    def run(path: Path) -> bool:
        trial = Trial(policy, path)
        if not trial.applies(amendment):
            return False
        for base in trial.bases(amendment):
            result = trial.after(amendment, base)
            if result is not None and result != base:
                found.append(trial.shown(amendment, base, result, base))
                return True
        return False

    policy.first(run)
    return found[0] if found else None


def _report(first: ScopedRule, second: ScopedRule, node: c.Node, shown: Shown) -> Diagnostic:
    return diagnose(
        "TW0305", first.rule.span, label="first", also=[Label(second.rule.span, "second")],
        article=first.rule.article, witness=shown.claim, name=node.quantity, one=shown.one,
        other=shown.other, second=second.rule.text,
    )  # fmt: skip
