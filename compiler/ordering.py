"""The order in which amendments of one quantity apply: the text's, unless 后于 says otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from tiaowen.compiler.collect import ScopedRule
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose


def in_force_order(chain: Sequence[ScopedRule], diagnostics: list[Diagnostic]) -> list[ScopedRule]:
    """``chain`` in the order of application: each rule after those its 后于 names, otherwise by
    the text, an interface's rules last. A circle is reported and broken by the text's order."""
    waiting = sorted(chain, key=lambda r: (bool(r.scope.interfaces), r.order))
    if not any(rule.after for rule in waiting):
        return waiting
    ordered: list[ScopedRule] = []
    while waiting:
        free = next((r for r in waiting if not _blocked(r, waiting)), None)
        if free is None:
            free = waiting[0]
            others = tuple(Label(r.rule.span, "rule") for r in waiting[1:])
            diagnostics.append(
                diagnose(
                    "TW0312",
                    free.rule.span,
                    also=others,
                    article=free.rule.article,
                    rules="、".join(r.rule.text for r in waiting),
                )
            )
        waiting.remove(free)
        ordered.append(free)
    return ordered


def _blocked(rule: ScopedRule, waiting: Sequence[ScopedRule]) -> bool:
    return any(
        other is not rule and any(path.covers(other.path) for path in rule.after)
        for other in waiting
    )
