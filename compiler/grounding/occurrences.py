"""The figures of the text, each paragraph read once, and the clauses they stand in."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from attrs import Factory, define, field, frozen

from tiaowen.compiler.grounding.measures import of_figure
from tiaowen.dsl.figures import Figure, paragraph_figures
from tiaowen.dsl.normal import halfwidth
from tiaowen.dsl.outline import Paragraph
from tiaowen.dsl.source import Span

_STRONG = re.compile(r"[,。;:!?()\n]")

Key = tuple[int, int]
"""A figure of the text: its paragraph's identity and where it starts."""


@frozen
class Occurrence:
    """One figure of the text; offsets of ``figure`` count from the paragraph's start."""

    paragraph: Paragraph
    figure: Figure

    @property
    def key(self) -> Key:
        return id(self.paragraph), self.figure.start

    @property
    def span(self) -> Span:
        at = self.paragraph.span
        return Span(at.source, at.start + self.figure.start, at.start + self.figure.end)

    @property
    def sentence(self) -> int:
        """The number of the sentence that holds the figure, 0 for none."""
        at = self.paragraph.span.start + self.figure.start
        sentences = self.paragraph.sentences
        last = bisect_right(sentences, at, key=lambda s: s.span.start) - 1
        return sentences[last].number if last >= 0 and at < sentences[last].span.end else 0


@define
class Passage:
    """One paragraph: its half-width text, its figures, and where its clauses begin."""

    paragraph: Paragraph
    occurrences: tuple[Occurrence, ...]
    text: str = field(init=False)
    cuts: list[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.text = halfwidth(self.paragraph.text)
        self.cuts = [0, *(match.end() for match in _STRONG.finditer(self.text))]

    def clause(self, at: int) -> tuple[int, int]:
        """The stretch between two strong marks that holds offset ``at``."""
        place = bisect_right(self.cuts, at)
        end = self.cuts[place] if place < len(self.cuts) else len(self.text)
        return self.cuts[place - 1], end

    def stretches(self, figure: Figure) -> Iterator[tuple[int, int]]:
        """What stands before ``figure`` in its clause, nearest first, cut at figures of its kind.

        Nothing where the figure's words were put together from elsewhere (分别, a table).
        """
        begin = self.clause_start(figure)
        if begin is None:
            return
        end = figure.start
        mine = of_figure(figure).dimension
        first = bisect_left(self.occurrences, begin, key=lambda o: o.figure.start)
        last = bisect_left(self.occurrences, figure.start, key=lambda o: o.figure.start)
        for other in reversed(self.occurrences[first:last]):
            its = other.figure
            if its.kind == "quantity" and of_figure(its).dimension == mine:
                yield its.end, end
                end = its.start
        yield begin, end

    def clause_start(self, figure: Figure) -> int | None:
        """Where the words before ``figure`` in its clause begin."""
        if self.paragraph.row is not None or not figure.clause.endswith(figure.context):
            return None
        before = self.text[: figure.start].rstrip()
        known = before.endswith(halfwidth(figure.clause))
        return len(before) - len(figure.clause) if known else len(before)


@define
class Passages:
    """Paragraphs, each read once and only when it is asked for."""

    _read: dict[int, Passage] = Factory(dict)

    def passage(self, paragraph: Paragraph) -> Passage:
        kept = self._read.get(id(paragraph))
        if kept is None:
            found = tuple(Occurrence(paragraph, f) for f in paragraph_figures(paragraph))
            kept = self._read[id(paragraph)] = Passage(paragraph, found)
        return kept

    def of(self, paragraph: Paragraph) -> tuple[Occurrence, ...]:
        """The paragraph's figures, in order."""
        return self.passage(paragraph).occurrences
