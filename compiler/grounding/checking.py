"""Grounding: every figure of a rule stands in the text the rule cites.

A figure is grounded by its occurrence. First those figures of the cited text that are equal are
found; one of them has to stand with the words the rule gives the figure to (its row and column,
its condition). Words that the text does not use decide nothing. A rule is blamed for a figure's
words (TW0402) only when every equal figure stands with other words and the text has another
figure for the rule's own: that is what two swapped rows look like.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import Factory, define, evolve

from tiaowen.compiler.collect import Collected, ScopedRule
from tiaowen.compiler.grounding.citing import Citations, clauses_of, stands_in_a_text
from tiaowen.compiler.grounding.derivations import Derivation, read_derivation
from tiaowen.compiler.grounding.labels import Label, RuleFigure, rule_figures
from tiaowen.compiler.grounding.measures import (
    RuleLiteral,
    comparable,
    of_figure,
    of_number,
    same,
    structural,
)
from tiaowen.compiler.grounding.records import GroundedFigure, Grounding
from tiaowen.compiler.grounding.words import Axes, Fit, Occurrence, Passages, beats, fit
from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.diagnostics import Label as Place
from tiaowen.dsl.literate import Document
from tiaowen.dsl.normal import halfwidth
from tiaowen.dsl.outline import Paragraph

_Key = tuple[int, int]
"""A figure of the text: its paragraph's identity and where it starts."""

SHOWN = 6
"""How many figures of the text a message lists."""


def ground(collected: Collected,
           documents: Iterable[Document]) -> tuple[list[Diagnostic], Grounding]:  # fmt: skip
    """Ground the figures of every rule that stands under an article.

    Rules of the vocabulary and of interfaces cite nothing and are passed over. Gives TW0401,
    TW0402 and TW0406, and for every figure how it is grounded.
    """
    work = _Work(collected, Citations(tuple(d for d in documents if d.paragraphs)))
    for rule in collected.rules:
        if stands_in_a_text(rule):
            work.ground(rule)
    for accusation in work.accused:
        work.judge(accusation)
    work.found.sort(key=lambda d: d.span.start if d.span else 0)
    return work.found, Grounding(tuple(work.grounded), work.passages)


@define
class _Cited:
    """What one rule cites: occurrences in order, and the axes of all rules citing it."""

    paragraphs: tuple[Paragraph, ...]
    occurrences: tuple[Occurrence, ...]
    axes: Axes


@define
class _Accusation:
    """A figure no equal of which stands well with the rule's words; judged when all is grounded."""

    rule: ScopedRule
    literal: t.Number
    labels: tuple[Label, ...]
    equal: tuple[Occurrence, ...]
    fits: tuple[Mapping[Label, int], ...]
    cited: _Cited


@define
class _Work:
    collected: Collected
    citations: Citations
    passages: Passages = Factory(Passages)
    grounded: list[GroundedFigure] = Factory(list)
    found: list[Diagnostic] = Factory(list)
    accused: list[_Accusation] = Factory(list)
    _taken: set[_Key] = Factory(set)
    _settled: set[_Key] = Factory(set)
    _names: frozenset[str] | None = None
    _figures: dict[str, tuple[RuleFigure, ...]] = Factory(dict)
    _labels: dict[int, list[Label]] = Factory(dict)
    _citing: dict[object, _Cited] = Factory(dict)
    _holders: dict[RuleLiteral, str] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        for rule in self.collected.rules:
            figures = rule_figures(rule.statement, self._known)
            if figures:
                self._figures[rule.rule.id] = figures
                labels = self._labels.setdefault(id(rule.paragraph), [])
                labels.extend(label for figure in figures for label in figure.labels)

    def _known(self, name: str) -> bool:
        if self._names is None:
            self._names = frozenset(_declared(self.collected.rules))
        return name in self._names

    def ground(self, rule: ScopedRule) -> None:
        figures = self._figures.get(rule.rule.id, ())
        derive = clauses_of(rule).derive
        derivation = read_derivation(derive) if derive else None
        if derivation and (wrong := derivation.wrong()):
            self.found.append(
                diagnose("TW0406", rule.rule.span, article=rule.rule.article, derivation=derive,
                         result=str(wrong.sides[-1]), figure=str(wrong.sides[0]))
            )  # fmt: skip
        if not figures:
            return
        cited = self._cited(rule)
        for figure in figures:
            self.grounded.append(self._grounded(rule, figure, cited, derivation))

    def _cited(self, rule: ScopedRule) -> _Cited:
        clauses = clauses_of(rule)
        key = (id(rule.paragraph), rule.path, clauses.basis, clauses.sentence)
        if key not in self._citing:
            self._citing[key] = self._read_cited(rule)
        return self._citing[key]

    def _read_cited(self, rule: ScopedRule) -> _Cited:
        paragraphs = self.citations.all(rule)
        sentence = clauses_of(rule).sentence
        occurrences = [
            o for p in paragraphs for o in self.passages.of(p)
            if sentence is None or p is not rule.paragraph or o.sentence == sentence
        ]  # fmt: skip
        text = halfwidth("\n".join(p.text for p in paragraphs))
        axes = Axes(text, self._labels.get(id(rule.paragraph), ()))
        return _Cited(paragraphs, tuple(occurrences), axes)

    # --- one figure

    def _grounded(self, rule: ScopedRule, figure: RuleFigure, cited: _Cited,
                  derivation: Derivation | None) -> GroundedFigure:  # fmt: skip
        literal, derive = figure.literal, derivation.text if derivation else ""
        record = GroundedFigure(rule, literal, figure.labels)
        equal = [o for o in cited.occurrences if same(literal, o.figure)]
        if equal:
            chosen = self._choose(rule, figure, equal, cited)
            return evolve(record, how="text", occurrence=chosen)
        if isinstance(literal, t.Number):
            measure = of_number(literal)
            entry = structural(measure)
            if entry is not None:
                said = entry.words.search(f"{cited.axes.text}\n{derive}")
                if said or not entry.needed:
                    return evolve(record, how="structural", words=said[0] if said else "")
            if derivation and derivation.wrong() and derivation.gives(measure):
                return record
            if derivation and derivation.gives(measure) and _anchored(derivation, literal, cited):
                return evolve(record, how="derived", derivation=derivation.text)
            if derivation and derivation.equations and not derivation.gives(measure):
                self.found.append(
                    diagnose("TW0406", literal.span, article=rule.rule.article,
                             derivation=derivation.text, figure=literal.span.text,
                             result=str(derivation.equations[-1].sides[-1]))
                )  # fmt: skip
                return record
        self._missing(rule, literal, cited)
        return record

    def _missing(self, rule: ScopedRule, literal: RuleLiteral,
                 cited: _Cited) -> None:  # fmt: skip
        alike = [
            o.figure.text for o in cited.occurrences
            if (comparable(of_number(literal), o.figure) if isinstance(literal, t.Number)
                else o.figure.kind == "date")
        ]  # fmt: skip
        figures = "、".join(list(dict.fromkeys(alike))[:SHOWN])
        self.found.append(
            diagnose("TW0401", literal.span, article=rule.rule.article, label="here",
                     figure=literal.span.text, figures=figures or None,
                     holder=self._holder(literal, cited.paragraphs) or None)
        )  # fmt: skip

    def _holder(self, literal: RuleLiteral, cited: Iterable[Paragraph]) -> str:
        """Where the figure is: in another sentence of the cited text, else anywhere."""
        for paragraph in cited:
            for occurrence in self.passages.of(paragraph):
                if same(literal, occurrence.figure):
                    return f"{paragraph.path}句{occurrence.sentence}"
        if literal not in self._holders:
            everywhere = (p for d in self.citations.documents for p in d.paragraphs)
            self._holders[literal] = next(
                (str(p.path) for p in everywhere
                 if any(same(literal, o.figure) for o in self.passages.of(p))), ""
            )  # fmt: skip
        return self._holders[literal]

    # --- which occurrence

    def _choose(self, rule: ScopedRule, figure: RuleFigure, equal: Sequence[Occurrence],
                cited: _Cited) -> Occurrence:  # fmt: skip
        """The equal figure that stands best with the rule's words, the first of several."""
        labels = tuple(label for label in figure.labels if cited.axes.known(label))
        fits = {_key(o): self._fits(labels, o, cited.axes) for o in equal}
        chosen = max(equal, key=lambda o: (sum(fits[_key(o)].values()), _key(o) not in self._taken))
        self._taken.add(_key(chosen))
        if Fit.SAID in fits[_key(chosen)].values() and _stands(fits[_key(chosen)]):
            self._settled.add(_key(chosen))
        literal = figure.literal
        if isinstance(literal, t.Number) and not any(_stands(its) for its in fits.values()):
            self.accused.append(
                _Accusation(rule, literal, labels, tuple(equal), tuple(fits.values()), cited)
            )
        return chosen

    def _fits(self, labels: Sequence[Label], at: Occurrence, axes: Axes) -> dict[Label, int]:
        siblings = self.passages.of(at.paragraph)
        return {x: fit(x, axes.said(at, x.axis, siblings)) for x in labels}

    def judge(self, accused: _Accusation) -> None:
        """Report TW0402 if the text has another figure that the rule's words are about.

        A figure that another rule uses with its own words is not that other figure.
        """
        for other in accused.cited.occurrences:
            if other in accused.equal or _key(other) in self._settled:
                continue
            if not comparable(of_number(accused.literal), other.figure):
                continue
            its = self._fits(accused.labels, other, accused.cited.axes)
            if all(beats(mine, its) for mine in accused.fits):
                self._report_words(accused, other)
                return

    def _report_words(self, accused: _Accusation, better: Occurrence) -> None:
        at, axes = accused.equal[0], accused.cited.axes
        against = [label for label, how in accused.fits[0].items() if how < Fit.SILENT]
        siblings = self.passages.of(at.paragraph)
        words: list[str] = []
        for label in against:
            said = axes.said(at, label.axis, siblings)
            if said is not None and not said.carried:
                words.extend(sorted(said.words))
                words.extend(str(m) for m in sorted(said.bounds, key=lambda m: m.value))
        figure = accused.literal.span.text
        self.found.append(
            diagnose("TW0402", accused.literal.span, article=accused.rule.rule.article,
                     figure=figure, used_with=" ".join(str(label) for label in against),
                     stands_with=" ".join(words) or at.figure.context or at.figure.clause,
                     proposal=better.figure.text, also=[Place(at.span)])
        )  # fmt: skip


def _key(occurrence: Occurrence) -> _Key:
    return id(occurrence.paragraph), occurrence.figure.start


def _stands(fits: Mapping[Label, int]) -> bool:
    """Whether nothing speaks against a figure, and nothing was said only before its clause."""
    return min(fits.values(), default=Fit.SILENT) >= Fit.SILENT


def _anchored(derivation: Derivation, literal: t.Number, cited: _Cited) -> bool:
    """Whether the derivation names another figure, or a word, that the cited text has."""
    given = [of_figure(f) for f in derivation.figures if not same(literal, f)]
    for occurrence in cited.occurrences:
        if of_figure(occurrence.figure) in given:
            return True
    plain = halfwidth(derivation.text)
    return any(
        pair in cited.axes.text
        for pair in (plain[i : i + 2] for i in range(len(plain) - 1))
        if all("\u4e00" <= char <= "\u9fff" for char in pair)
    )


def _declared(rules: Iterable[ScopedRule]) -> Iterable[str]:
    """The names of quantities and fields, for telling a table's keys from its columns."""
    for rule in rules:
        match rule.statement:
            case t.Definition() | t.Scale() | t.Parameter() | t.Amendment():
                yield rule.statement.name
            case t.Fields() | t.Collection() | t.InterfaceHead():
                for row in rule.statement.table.rows[1:]:
                    first = row.cells[0]
                    if isinstance(first, t.OneOf) and isinstance(first.items[0], t.Name):
                        yield first.items[0].name
