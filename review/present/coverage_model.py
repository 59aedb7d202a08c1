"""What became of every sentence of a regulation, as records that are rendered elsewhere.

A paragraph keeps the rules that stand under it; what encodes it from another place is named, so
that every rule is told once and every sentence leads to all of its rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import Factory, define, frozen

from tiaowen.compiler.collect import Collected
from tiaowen.compiler.coverage import Count, Coverage, SentenceCover
from tiaowen.compiler.grounding import GroundedFigure
from tiaowen.compiler.grounding.measures import RuleLiteral
from tiaowen.dsl import tree as t
from tiaowen.dsl.literate import Document
from tiaowen.dsl.outline import Paragraph


@frozen
class RuleShown:
    """A rule as written, with a number for references; ``article`` is where it stands."""

    number: int
    text: str
    article: str

    @property
    def head(self) -> str:
        """Its first line."""
        return self.text.split("\n", 1)[0]


@frozen
class Piece:
    """A stretch of a sentence; ``figure`` is what became of it where it is a figure, else ''."""

    text: str
    figure: str = ""


@frozen
class SentenceShown:
    """``rules`` are the numbers of the rules that encode it; ``see`` what the reason refers to."""

    status: str
    pieces: tuple[Piece, ...]
    rules: tuple[int, ...] = ()
    reason: str = ""
    see: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@frozen
class Passage:
    """A paragraph: its number or mark, its sentences, and the rules that stand under it.

    ``also`` are rules that stand elsewhere and encode something of it.
    """

    article: str
    lead: str
    heading: bool
    sentences: tuple[SentenceShown, ...]
    rules: tuple[RuleShown, ...] = ()
    also: tuple[RuleShown, ...] = ()

    @property
    def reasons(self) -> tuple[SentenceShown, ...]:
        """One sentence for each reason given here."""
        given = {s.reason: s for s in reversed(self.sentences) if s.reason}
        return tuple(reversed(given.values()))


@frozen
class Told:
    """A figure or a sentence in its article, with the reason or derivation that explains it."""

    article: str
    words: str
    because: str = ""
    rule: str = ""


@frozen
class CoverageReport:
    """How much of one regulation is encoded, and where."""

    title: str
    file: str
    sentences: Count
    figures: Count
    passages: tuple[Passage, ...]
    derived: tuple[Told, ...] = ()
    aside: tuple[Told, ...] = ()
    unexplained: tuple[Told, ...] = ()

    @property
    def complete(self) -> bool:
        return not (self.sentences.unexplained or self.figures.unexplained)


# --- from a coverage


def build(file: str, document: Document, collected: Collected,
          coverage: Coverage) -> CoverageReport:  # fmt: skip
    """The report on the text of ``document``, which ``file`` holds."""
    work = _Work(collected, coverage)
    title = document.front.title if document.front else file
    return CoverageReport(
        title, file, coverage.sentence_count, coverage.figure_count,
        tuple(work.passage(p) for p in document.paragraphs if p.text.strip()),
        tuple(work.derived()), tuple(work.figures("set aside", coverage.sentences)),
        tuple(work.unexplained()),
    )  # fmt: skip


def _written(literal: RuleLiteral) -> str:
    return literal.text if isinstance(literal, t.Number) else literal.value.isoformat()


@define
class _Work:
    collected: Collected
    coverage: Coverage
    rules: dict[str, RuleShown] = Factory(dict)
    standing: dict[int, list[RuleShown]] = Factory(dict)
    covers: dict[int, list[SentenceCover]] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        for cover in self.coverage.sentences:
            self.covers.setdefault(id(cover.paragraph), []).append(cover)
        encoding = {rule for cover in self.coverage.sentences for rule in cover.rules}
        for scoped in self.collected.rules:
            if scoped.rule.id in encoding:
                shown = RuleShown(len(self.rules) + 1, scoped.rule.text, scoped.rule.article)
                self.rules[scoped.rule.id] = shown
                self.standing.setdefault(id(scoped.paragraph), []).append(shown)

    def passage(self, paragraph: Paragraph) -> Passage:
        covers = self.covers.get(id(paragraph), [])
        own = tuple(self.standing.get(id(paragraph), ()))
        used = {rule: self.rules[rule] for cover in covers for rule in cover.rules}
        start = covers[0].sentence.span.start if covers else paragraph.span.end
        return Passage(
            str(paragraph.path), paragraph.text[: start - paragraph.span.start],
            paragraph.heading, tuple(self.sentence(cover) for cover in covers), own,
            tuple(rule for rule in used.values() if rule not in own),
        )  # fmt: skip

    def sentence(self, cover: SentenceCover) -> SentenceShown:
        text, begin, at = cover.sentence.text, cover.sentence.span.start, 0
        pieces: list[Piece] = []
        for figure in cover.figures:
            start, end = (x - begin for x in (figure.occurrence.span.start,
                                              figure.occurrence.span.end))  # fmt: skip
            pieces += [Piece(text[at:start]), Piece(text[start:end], figure.status)]
            at = end
        pieces.append(Piece(text[at:]))
        numbers = tuple(sorted(self.rules[rule].number for rule in cover.rules))
        return SentenceShown(cover.status, tuple(p for p in pieces if p.text), numbers,
                             cover.reason, cover.elsewhere)  # fmt: skip

    def derived(self) -> Iterator[Told]:
        """Each rule with figures that follow from the text, and how they do."""
        by_rule: dict[str, list[GroundedFigure]] = {}
        for figure in self.coverage.derived:
            by_rule.setdefault(figure.rule.rule.id, []).append(figure)
        for first, *others in by_rule.values():
            written = [_written(figure.literal) for figure in (first, *others)]
            rule = first.rule.rule
            yield Told(rule.article, "、".join(dict.fromkeys(written)), first.derivation, rule.text)

    def figures(self, status: str, covers: Sequence[SentenceCover]) -> Iterator[Told]:
        for cover in covers:
            for figure in cover.figures:
                if figure.status == status:
                    because = cover.reason or cover.sentence.text
                    yield Told(str(cover.paragraph.path), figure.occurrence.figure.text, because)

    def unexplained(self) -> Iterator[Told]:
        """Sentences, and the figures of sentences that are otherwise encoded."""
        for cover in self.coverage.sentences:
            if cover.status == "unexplained":
                yield Told(str(cover.paragraph.path), cover.sentence.text, cover.reason)
        encoded = [s for s in self.coverage.sentences if s.status != "unexplained"]
        yield from self.figures("unexplained", encoded)
