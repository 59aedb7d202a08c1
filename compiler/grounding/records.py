"""How each figure of a rule is grounded, as data for whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from attrs import field, frozen

from tiaowen.compiler.collect import ScopedRule
from tiaowen.compiler.grounding.labels import Label
from tiaowen.compiler.grounding.measures import RuleLiteral
from tiaowen.compiler.grounding.occurrences import Occurrence, Passages

How = Literal["text", "structural", "derived", "missing"]


@frozen
class GroundedFigure:
    """One figure of a rule.

    'text': it stands at ``occurrence``. 'structural': it needs no figure (0元, 100%, 1级);
    ``words`` are what says it in the text, where something does (不设, 全额). 'derived': it
    follows by ``derivation``. 'missing': a diagnostic says so. ``labels`` are the words the rule
    gives it to.
    """

    rule: ScopedRule = field(repr=False)
    literal: RuleLiteral
    labels: tuple[Label, ...] = ()
    how: How = "missing"
    occurrence: Occurrence | None = None
    derivation: str = ""
    words: str = ""


@frozen(slots=False)
class Grounding:
    """The figures of all rules, in the order of the text; ``passages`` are the figures read."""

    figures: tuple[GroundedFigure, ...] = ()
    passages: Passages = field(factory=Passages, eq=False, repr=False)

    @cached_property
    def by_rule(self) -> Mapping[str, tuple[GroundedFigure, ...]]:
        """Rule id to its figures."""
        found: dict[str, list[GroundedFigure]] = {}
        for figure in self.figures:
            found.setdefault(figure.rule.rule.id, []).append(figure)
        return {rule: tuple(figures) for rule, figures in found.items()}

    def of(self, rule_id: str) -> tuple[GroundedFigure, ...]:
        return self.by_rule.get(rule_id, ())
