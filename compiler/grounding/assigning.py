"""Which of several equal figures a rule means, and whether the rule's words stand with any.

A rule is blamed for a figure's words (TW0402) only when every equal figure stands with other
words, or with its own only in an earlier clause, and the text has another figure that the rule's
words are about: that is what two swapped rows look like. A figure that another rule uses with
its own words is not that other figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import Factory, define

from tiaowen.compiler.collect import ScopedRule
from tiaowen.compiler.grounding.axes import Axes
from tiaowen.compiler.grounding.cited import Cited
from tiaowen.compiler.grounding.fits import Fit, beats, fit
from tiaowen.compiler.grounding.labels import Label, RuleFigure
from tiaowen.compiler.grounding.measures import of_number
from tiaowen.compiler.grounding.occurrences import Key, Occurrence
from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.diagnostics import Label as Place


@define
class _Accusation:
    rule: ScopedRule
    literal: t.Number
    labels: tuple[Label, ...]
    equal: tuple[Occurrence, ...]
    fits: tuple[Mapping[Label, int], ...]
    cited: Cited


@define
class Assignment:
    """The figures of the text that rules have been given so far."""

    _taken: set[Key] = Factory(set)
    _settled: set[Key] = Factory(set)
    _accused: list[_Accusation] = Factory(list)

    def choose(self, rule: ScopedRule, figure: RuleFigure, equal: Sequence[Occurrence],
               cited: Cited) -> Occurrence:  # fmt: skip
        """The equal figure that stands best with the rule's words, the first free of several."""
        labels = tuple(label for label in figure.labels if cited.axes.known(label))
        fits = {o.key: _fits(labels, o, cited.axes) for o in equal}
        chosen = max(equal, key=lambda o: (sum(fits[o.key].values()), o.key not in self._taken))
        self._taken.add(chosen.key)
        if Fit.SAID in fits[chosen.key].values() and _stands(fits[chosen.key]):
            self._settled.add(chosen.key)
        literal = figure.literal
        if isinstance(literal, t.Number) and not any(_stands(its) for its in fits.values()):
            self._accused.append(
                _Accusation(rule, literal, labels, tuple(equal), tuple(fits.values()), cited)
            )
        return chosen

    def swapped(self) -> Iterator[Diagnostic]:
        """TW0402 for each figure that belongs to other words; asked when all is assigned."""
        for accused in self._accused:
            other = self._meant(accused)
            if other is not None:
                yield _report(accused, other)

    def _meant(self, accused: _Accusation) -> Occurrence | None:
        equal = {o.key for o in accused.equal}
        for other in accused.cited.figures.alike(of_number(accused.literal)):
            if other.key in equal or other.key in self._settled:
                continue
            its = _fits(accused.labels, other, accused.cited.axes)
            if all(beats(mine, its) for mine in accused.fits):
                return other
        return None


def _fits(labels: Sequence[Label], at: Occurrence, axes: Axes) -> dict[Label, int]:
    return {label: fit(label, axes.said(at, label.axis)) for label in labels}


def _stands(fits: Mapping[Label, int]) -> bool:
    """Whether nothing speaks against a figure, and nothing was said only before its clause."""
    return min(fits.values(), default=Fit.SILENT) >= Fit.SILENT


def _report(accused: _Accusation, better: Occurrence) -> Diagnostic:
    at, axes = accused.equal[0], accused.cited.axes
    against = [label for label, how in accused.fits[0].items() if how < Fit.SILENT]
    words: list[str] = []
    for label in against:
        said = axes.said(at, label.axis)
        if said is not None and not said.carried:
            words.extend(sorted(said.words))
            words.extend(str(m) for m in sorted(said.bounds, key=lambda m: m.value))
    return diagnose(
        "TW0402", accused.literal.span, article=accused.rule.rule.article,
        figure=accused.literal.span.text, used_with=" ".join(str(label) for label in against),
        stands_with=" ".join(words) or at.figure.context or at.figure.clause,
        proposal=better.figure.text, also=[Place(at.span)],
    )  # fmt: skip
