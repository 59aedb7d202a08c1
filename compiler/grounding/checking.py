"""Grounding: every figure of a rule stands in the text the rule cites.

A figure is grounded by its occurrence: first those figures of the cited text that are equal are
found, then one of them has to stand with the words the rule gives the figure to (its row and
column, its condition). Words that the text does not use decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import Factory, define, evolve

from tiaowen.compiler.collect import Collected, ScopedRule
from tiaowen.compiler.grounding.assigning import Assignment
from tiaowen.compiler.grounding.axes import Axes
from tiaowen.compiler.grounding.cited import Cited, Figures
from tiaowen.compiler.grounding.citing import Citations, clauses_of, rules_of_the_text
from tiaowen.compiler.grounding.derivations import Derivation, read_derivation
from tiaowen.compiler.grounding.labels import Label, RuleFigure, rule_figures
from tiaowen.compiler.grounding.measures import (
    Meaning,
    Measure,
    RuleLiteral,
    meaning,
    of_figure,
    same,
    structural,
)
from tiaowen.compiler.grounding.occurrences import Passages
from tiaowen.compiler.grounding.records import GroundedFigure, Grounding
from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.literate import Document
from tiaowen.dsl.normal import halfwidth

SHOWN = 6
"""How many figures of the text a message lists."""


def ground(collected: Collected,
           documents: Iterable[Document]) -> tuple[list[Diagnostic], Grounding]:  # fmt: skip
    """Ground the figures of every rule that stands under an article.

    Rules of the vocabulary and of interfaces are passed over. Gives TW0401, TW0402 and TW0406,
    and for every figure how it is grounded.
    """
    work = _Work(collected, Citations(tuple(d for d in documents if d.paragraphs)))
    for rule in rules_of_the_text(collected.rules):
        work.ground(rule)
    found = [*work.found, *work.assignment.swapped()]
    found.sort(key=lambda d: d.span.start if d.span else 0)
    return found, Grounding(tuple(work.grounded), work.passages)


@define
class _Work:
    collected: Collected
    citations: Citations
    passages: Passages = Factory(Passages)
    assignment: Assignment = Factory(Assignment)
    grounded: list[GroundedFigure] = Factory(list)
    found: list[Diagnostic] = Factory(list)
    _names: frozenset[str] | None = None
    _figures: dict[str, tuple[RuleFigure, ...]] = Factory(dict)
    _labels: dict[int, list[Label]] = Factory(dict)
    _cited: dict[object, Cited] = Factory(dict)
    _all: Figures | None = None

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
        derive = clauses_of(rule).derive
        derivation = read_derivation(derive) if derive else None
        if derivation and (wrong := derivation.wrong()):
            self.found.append(
                diagnose("TW0406", rule.rule.span, article=rule.rule.article, derivation=derive,
                         result=str(wrong.sides[-1]), figure=str(wrong.sides[0]))
            )  # fmt: skip
        figures = self._figures.get(rule.rule.id, ())
        if not figures:
            return
        cited = self._cited_by(rule)
        for figure in figures:
            self.grounded.append(self._grounded(rule, figure, cited, derivation))

    def _cited_by(self, rule: ScopedRule) -> Cited:
        clauses = clauses_of(rule)
        key = (id(rule.paragraph), rule.path, clauses.basis, clauses.sentence)
        if key not in self._cited:
            paragraphs = self.citations.all(rule)
            occurrences = tuple(
                o for p in paragraphs for o in self.passages.of(p)
                if clauses.sentence in (None, o.sentence) or p is not rule.paragraph
            )  # fmt: skip
            text = halfwidth("\n".join(p.text for p in paragraphs))
            axes = Axes(text, self._labels.get(id(rule.paragraph), ()), self.passages)
            self._cited[key] = Cited(paragraphs, Figures(occurrences), axes)
        return self._cited[key]

    def _grounded(self, rule: ScopedRule, figure: RuleFigure, cited: Cited,
                  derivation: Derivation | None) -> GroundedFigure:  # fmt: skip
        literal = figure.literal
        record = GroundedFigure(rule, literal, figure.labels)
        mine = meaning(literal)
        equal = cited.figures.equal(mine)
        if equal:
            chosen = self.assignment.choose(rule, figure, equal, cited)
            return evolve(record, how="text", occurrence=chosen)
        if isinstance(mine, Measure):
            words = _structural_words(mine, cited, derivation)
            if words is not None:
                return evolve(record, how="structural", words=words)
            if derivation is not None and derivation.gives(mine):
                if derivation.wrong() is not None:
                    return record
                if _anchored(derivation, mine, cited):
                    return evolve(record, how="derived", derivation=derivation.text)
            elif derivation is not None and derivation.equations:
                self.found.append(
                    diagnose("TW0406", literal.span, article=rule.rule.article,
                             derivation=derivation.text, figure=literal.span.text,
                             result=str(derivation.equations[-1].sides[-1]))
                )  # fmt: skip
                return record
        self._missing(rule, literal, cited)
        return record

    def _missing(self, rule: ScopedRule, literal: RuleLiteral, cited: Cited) -> None:
        mine = meaning(literal)
        alike = dict.fromkeys(o.figure.text for o in cited.figures.alike(mine))
        self.found.append(
            diagnose("TW0401", literal.span, article=rule.rule.article, label="here",
                     figure=literal.span.text, figures="、".join(list(alike)[:SHOWN]) or None,
                     holder=self._holder(rule, mine, cited) or None)
        )  # fmt: skip

    def _holder(self, rule: ScopedRule, mine: Meaning, cited: Cited) -> str:
        """Where the figure is: in another sentence than the one named, else anywhere."""
        if clauses_of(rule).sentence is not None:
            own = (o for p in cited.paragraphs for o in self.passages.of(p))
            for occurrence in own:
                if same(mine, occurrence.figure):
                    return f"{occurrence.paragraph.path}句{occurrence.sentence}"
        if self._all is None:
            texts = (p for d in self.citations.documents for p in d.paragraphs)
            self._all = Figures(tuple(o for p in texts for o in self.passages.of(p)))
        return next((str(o.paragraph.path) for o in self._all.equal(mine)), "")


def _structural_words(mine: Measure, cited: Cited, derivation: Derivation | None) -> str | None:
    """The words that say a structural figure, '' where it needs none; None where it is not one."""
    entry = structural(mine)
    if entry is None:
        return None
    texts = (cited.axes.text, derivation.text if derivation else "")
    said = next((match for text in texts if (match := entry.words.search(text))), None)
    return said[0] if said else None if entry.needed else ""


def _anchored(derivation: Derivation, mine: Measure, cited: Cited) -> bool:
    """Whether the derivation names another figure, or a word, that the cited text has."""
    given = {of_figure(f) for f in derivation.figures if not same(mine, f)}
    if any(of_figure(o.figure) in given for o in cited.figures.occurrences):
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
