"""Why a decision stops: nothing in the text provides, or something it needs is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose

NOT_PROVIDED = frozenset(("TW0503", "TW0504", "TW0516"))
"""Stops that are the policy's answer: the data is in order, the text does not provide."""


class Stopped(Exception):
    """A decision cannot be made. ``missing`` tells what was lacking apart from what no rule
    covers: several lacks are reported together."""

    def __init__(self, diagnostics: Iterable[Diagnostic], missing: bool = False) -> None:
        self.diagnostics = tuple(diagnostics)
        self.missing = missing
        super().__init__(", ".join(d.code for d in self.diagnostics))

    def located(self, node: c.Node) -> Stopped:
        """The same stop, said to be at ``node`` where nothing nearer said so."""
        if all(d.labels or d.place for d in self.diagnostics):
            return self
        rule = node.rule or (node.alternatives[0].rule if node.alternatives else None)
        if rule is None or not rule.id:
            return self
        return Stopped([_at(d, node, rule) for d in self.diagnostics], self.missing)

    @classmethod
    def merged(cls, stops: Sequence[Stopped]) -> Stopped:
        """One stop for several, each finding once."""
        found: dict[tuple[str, str], Diagnostic] = {}
        for stopped in stops:
            for diagnostic in stopped.diagnostics:
                found.setdefault((diagnostic.code, str(diagnostic.args)), diagnostic)
        return cls(found.values(), missing=True)


def _at(found: Diagnostic, node: c.Node, rule: c.Rule) -> Diagnostic:
    if found.labels or found.place:
        return found
    args = {"articles": rule.article, "reason": "", "quantity": node.quantity, **found.args}
    return evolve(found, labels=(Label(rule.span),), article=rule.article, args=args)


def stop(
    code: str, node: c.Node | None, looked_at: Sequence[c.Alternative], **args: Any
) -> Stopped:
    """A stop at ``node`` after its ``looked_at`` alternatives."""
    rule = args.pop("rule", None)
    if node is not None:
        rules = [a.rule for a in looked_at]
        rule = rules[0] if rules else node.rule
        articles = "、".join(dict.fromkeys(r.article for r in rules if r.article))
        reason = next((a.reason for a in looked_at if a.reason), "")
        args = {"name": node.quantity, "articles": articles, "reason": reason, **args}
    span = rule.span if rule is not None and rule.id else None
    return Stopped([diagnose(code, span, article=rule.article if rule else "", **args)])


def missing_field(info: c.FieldInfo, level: str, index: int | None) -> Stopped:
    """A fact the claim does not give and whose absence means nothing."""
    place = f"{level}[{index}].{info.name}" if level and index is not None else info.name
    return Stopped(
        [diagnose("TW0501", None, place=place, name=info.name, code=info.code)], missing=True
    )


def missing_parameter(info: c.ParameterInfo, keyed: bool = False) -> Stopped:
    """A figure that the text leaves to another document and nobody gave."""
    return Stopped(
        [
            diagnose(
                "TW0502",
                info.rule.span,
                article=info.rule.article,
                name=info.name,
                delegation=info.delegation,
                type=info.type,
                keyed=keyed,
            )
        ],
        missing=True,
    )
