"""Coverage: every sentence and every figure of the text is encoded, or set aside with a reason.

A figure is encoded where a rule is grounded at it, where it repeats such a figure in the same
sentence (超过3天 … 未超过3天), where a rule's derivation starts from it, and, if it is structural,
with its sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import Factory, define

from tiaowen.compiler.collect import Collected, ScopedRule
from tiaowen.compiler.coverage.computing import (
    computing_words,
    is_heading,
    is_outside,
    is_quantity,
    is_structural,
    references,
)
from tiaowen.compiler.coverage.encoding import Encoding, SentenceKey, encodes
from tiaowen.compiler.coverage.records import Coverage, FigureCover, SentenceCover, Status
from tiaowen.compiler.grounding import GroundedFigure, Grounding, Occurrence
from tiaowen.compiler.grounding.citing import Citations, clauses_of, rules_of_the_text
from tiaowen.compiler.grounding.derivations import equal, read_derivation
from tiaowen.compiler.grounding.measures import Measure, of_figure
from tiaowen.compiler.grounding.occurrences import Key
from tiaowen.dsl import tree as t
from tiaowen.dsl.article_path import ArticlePath, parse_reference
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose
from tiaowen.dsl.literate import Document
from tiaowen.dsl.outline import Paragraph
from tiaowen.dsl.sentences import Sentence


@define
class _SetAside:
    """A reason given for a sentence, and whether it suffices where the sentence computes."""

    rule: ScopedRule
    reason: str
    elsewhere: tuple[ArticlePath, ...]
    suffices: bool


def cover(collected: Collected, documents: Iterable[Document], grounding: Grounding) -> Coverage:
    """Whether the rules explain the text of ``documents``.

    Reports TW0403 for a sentence that nothing explains, TW0405 for such a figure of a sentence
    that is encoded, and TW0404 where what is set aside computes and the reason does not suffice.
    """
    work = _Work(collected, Citations(tuple(d for d in documents if d.paragraphs)), grounding)
    work.read_rules()
    for document in work.citations.documents:
        for paragraph in document.paragraphs:
            work.cover(paragraph)
    derived = tuple(f for f in grounding.figures if f.how == "derived")
    return Coverage(tuple(work.sentences), derived, tuple(work.setting), tuple(work.found))


@define
class _Work:
    collected: Collected
    citations: Citations
    grounding: Grounding
    encoded: dict[SentenceKey, list[str]] = Factory(dict)
    used: dict[Key, list[str]] = Factory(dict)
    aside: dict[SentenceKey, _SetAside] = Factory(dict)
    setting: list[ScopedRule] = Factory(list)
    sentences: list[SentenceCover] = Factory(list)
    found: list[Diagnostic] = Factory(list)

    # --- what the rules say

    def read_rules(self) -> None:
        encoding = Encoding(self.citations)
        homes: list[ArticlePath] = []
        for rule in rules_of_the_text(self.collected.rules):
            if isinstance(rule.statement, t.SetAside):
                self.setting.append(rule)
            elif encodes(rule):
                homes.append(rule.path)
                figures = self.grounding.of(rule.rule.id)
                for key in dict.fromkeys(encoding.of(rule, figures)):
                    self.encoded.setdefault(key, []).append(rule.rule.id)
                self._use(rule, figures)
        for rule in self.setting:
            assert isinstance(rule.statement, t.SetAside)
            aside = _reason(rule, rule.statement.reason, homes)
            for key in self._set_aside(rule):
                self.aside.setdefault(key, aside)

    def _use(self, rule: ScopedRule, figures: Sequence[GroundedFigure]) -> None:
        identity = rule.rule.id
        for figure in figures:
            starts = [figure.occurrence] if figure.occurrence else self._sources(rule, figure)
            for occurrence in starts:
                rules = self.used.setdefault(occurrence.key, [])
                if identity not in rules:
                    rules.append(identity)

    def _sources(self, rule: ScopedRule, figure: GroundedFigure) -> list[Occurrence]:
        """The figures of the text that a derivation starts from."""
        if figure.how != "derived":
            return []
        given = [of_figure(f) for f in read_derivation(figure.derivation).figures]
        return [
            o for p in self.citations.all(rule) for o in self.grounding.passages.of(p)
            if any(equal(of_figure(o.figure), measure) for measure in given)
        ]  # fmt: skip

    def _set_aside(self, rule: ScopedRule) -> list[SentenceKey]:
        """The sentence named; else the paragraph, and under a heading all that it heads."""
        number = clauses_of(rule).sentence
        if number is not None and rule.paragraph is not None:
            return [(id(rule.paragraph), number)]
        paragraphs: Iterable[Paragraph] = self.citations.own(rule)
        if rule.paragraph is not None and rule.paragraph.heading and rule.path.parts:
            paragraphs = [p for d in self.citations.documents for p in d.find(rule.path)]
        return [(id(p), s.number) for p in paragraphs for s in p.sentences]

    # --- what the text says

    def cover(self, paragraph: Paragraph) -> None:
        by_sentence: dict[int, list[Occurrence]] = {}
        for occurrence in self.grounding.passages.of(paragraph):
            by_sentence.setdefault(occurrence.sentence, []).append(occurrence)
        for sentence in paragraph.sentences:
            self._sentence(paragraph, sentence, by_sentence.get(sentence.number, []))

    def _sentence(self, paragraph: Paragraph, sentence: Sentence,
                  figures: Sequence[Occurrence]) -> None:  # fmt: skip
        key = (id(paragraph), sentence.number)
        rules, aside = tuple(self.encoded.get(key, ())), self.aside.get(key)
        status: Status = "unexplained"
        refused = False
        heading = is_heading(paragraph, sentence, figures)
        if rules and not (heading and paragraph.heading):
            status = "encoded"
        elif heading:
            status = "heading"
        elif aside is not None:
            words = () if aside.suffices else computing_words(sentence, figures)
            refused = bool(words)
            status = "unexplained" if refused else "set aside"
            if refused:
                self.found.append(
                    diagnose("TW0404", aside.rule.rule.span, article=str(paragraph.path),
                             words="、".join(words), also=[Label(sentence.span)])
                )  # fmt: skip
        if status == "unexplained" and not refused:
            self.found.append(diagnose("TW0403", sentence.span, article=str(paragraph.path),
                                       sentence=sentence.text))  # fmt: skip
        covers = self._figures(figures, status)
        shown = aside if not rules else None
        self.sentences.append(
            SentenceCover(paragraph, sentence, status, rules, shown.reason if shown else "",
                          tuple(map(str, shown.elsewhere)) if shown else (), covers)
        )  # fmt: skip

    def _figures(self, figures: Sequence[Occurrence], sentence: Status) -> tuple[FigureCover, ...]:
        counted = [o for o in figures if is_quantity(o.figure)]
        used: dict[Measure, tuple[str, ...]] = {}
        for o in counted:
            if rules := self.used.get(o.key):
                used.setdefault(of_figure(o.figure), tuple(rules))
        covers = tuple(self._figure(o, used, sentence) for o in counted)
        if sentence == "encoded":
            self.found.extend(
                diagnose("TW0405", cover.occurrence.span, figure=cover.occurrence.figure.text,
                         article=str(cover.occurrence.paragraph.path))
                for cover in covers if cover.status == "unexplained"
            )  # fmt: skip
        return covers

    def _figure(self, at: Occurrence, used: Mapping[Measure, tuple[str, ...]],
                sentence: Status) -> FigureCover:  # fmt: skip
        rules = tuple(self.used.get(at.key, ())) or used.get(of_figure(at.figure), ())
        if rules:
            return FigureCover(at, "encoded", rules)
        if sentence == "encoded" and not is_structural(at.figure):
            return FigureCover(at, "unexplained")
        return FigureCover(at, sentence)


def _reason(rule: ScopedRule, reason: str, homes: Sequence[ArticlePath]) -> _SetAside:
    """A reason read; the articles it names, or 依据 names, have to have rules."""
    named = [parse_reference(r.text) for r in clauses_of(rule).basis]
    elsewhere = tuple(
        path for path in (*references(reason), *(p for p in named if p is not None))
        if any(path.covers(home) for home in homes)
    )  # fmt: skip
    return _SetAside(rule, reason, elsewhere, bool(elsewhere) or is_outside(reason))
