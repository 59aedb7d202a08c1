"""The figures of two policies as a page: first what differs, with both articles, then what is
the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tiaowen.compiler import core as c
from tiaowen.review.difference.records import (
    FIGURE_KINDS,
    LIST_KINDS,
    Adjustment,
    AdjustmentPair,
    Difference,
    Entry,
    Figure,
    Figures,
    Listed,
    Row,
    Side,
    Stated,
)
from tiaowen.review.present.difference_cells import Cells, article_of
from tiaowen.review.present.difference_words import Said
from tiaowen.review.present.page import Block, Heading, Point, Points, Prose, Table
from tiaowen.review.present.quotes import excerpt
from tiaowen.review.present.symbolic import term_of, written

QUOTED = 46
"""Characters of the regulation quoted beside an amendment."""


class FigureBlocks:
    """Lays out the figures of one comparison."""

    def __init__(self, found: Difference, said: Said, own: tuple[Said, Said]) -> None:
        self.found = found
        self.said = said
        self.own = own
        self.sides: tuple[Side, Side] = (found.first, found.second)
        self.names = (said.say("first"), said.say("second"))

    def blocks(self, figures: Figures) -> Iterator[Block]:
        """Every kind with what differs; at the end, in short, what is the same."""
        same: list[Figure] = []
        for kind in FIGURE_KINDS:
            shown = [f for f in figures.of(kind) if not f.same]
            same += [f for f in figures.of(kind) if f.same]
            if shown:
                yield Heading(self.said.say(kind))
            if kind == "area":
                yield from self._area(shown)
                continue
            for figure in shown:
                yield from self.figure(figure)
        for kind_of_list in LIST_KINDS:
            yield from self._listed(kind_of_list, figures.listed(kind_of_list))
        if same:
            yield Heading(self.said.say("same_figures"))
            yield Points(tuple(self._same(figure) for figure in same))

    # --- a figure

    def title(self, figure: Figure) -> str:
        name = self.said.name(figure.quantity)
        if figure.renamed:
            name = self.said.say("renamed_to", name, self.said.name(figure.renamed))
        return self.said.say("figure_of", name, self.matters(figure))

    def matters(self, figure: Figure) -> str:
        """The matters it holds in; all that both have are said in one word."""
        both = [pair for pair in self.found.matters if pair.both]
        if len(both) > 1 and set(both) <= set(figure.matters):
            return self.said.say("every_matter")
        return self.said("list").join(self.said.matter(pair) for pair in figure.matters)

    def figure(self, figure: Figure) -> Iterator[Block]:
        """A table where it has keys, else a line for each side; then what is on top of it."""
        yield Heading(self.title(figure), 2)
        cells = Cells(self.said, self.sides, self.own)
        if figure.keys:
            cited = [f"{self.names[n]} {a}" for n in (0, 1) if (a := article_of(figure, n))]
            if cited:
                yield Prose(f"〔{self.said('comma').join(cited)}〕")
            yield self._table(figure, cells)
        elif figure.rows:
            yield Points(tuple(self._lines(figure, cells)))
        if cells.notes:
            yield Points(cells.points())
        if figure.adjustments:
            if figure.rows:
                yield Prose(self.said.say("adjusted"))
            yield Points(tuple(p for pair in figure.adjustments
                               for p in self.adjusted(pair, figure.quantity)))  # fmt: skip

    def _table(self, figure: Figure, cells: Cells) -> Table:
        shown = [n for n in (0, 1) if any((row.first, row.second)[n] for row in figure.rows)]
        gaps = any(row.gap for row in figure.rows)
        uniform = [bool(article_of(figure, n)) for n in (0, 1)]
        keys = [self.said.name(key.name) for key in figure.keys]
        head = keys + [self.names[n] for n in shown] + ([self.said.say("gap")] if gaps else [])
        rows = [self._row(row, figure, cells, shown, uniform, gaps) for row in figure.rows]
        numeric = frozenset(range(len(keys), len(head))) if not cells.notes else frozenset[int]()
        return Table(tuple(head), tuple(rows), numeric)

    def _row(self, row: Row, figure: Figure, cells: Cells, shown: Sequence[int],
             uniform: Sequence[bool], gaps: bool) -> tuple[str, ...]:  # fmt: skip
        found, alike = [], False
        for span, key in zip(row.spans, figure.keys, strict=True):
            alike = alike or (key.levels and len(_steps(row)) == 1)
            found.append(cells.labelled(row, span, key))
        for side in shown:
            stated = (row.first, row.second)[side]
            found.append(cells.cell(stated, side, step=not alike, cited=not uniform[side]))
        if gaps:
            found.append("" if row.gap is None else self.said.gap(row.gap, figure.type))
        return tuple(found)

    def _lines(self, figure: Figure, cells: Cells) -> Iterator[Point]:
        """Both sides of a figure that goes by nothing."""
        for row in figure.rows:
            for side, said in enumerate((row.first, row.second)):
                for stated in said:
                    yield self._line(stated, side, row, figure, cells)

    def _line(self, stated: Stated, side: int, row: Row, figure: Figure, cells: Cells) -> Point:
        shown, note = cells.short(stated, side)
        if note and shown in (self.said.say("formula"), self.said.say("left")):
            shown, note = note, ""
        text = f"{self.names[side]}{self.said('separator')}{shown}"
        text += f"{self.said('semicolon')}{note}" if note else ""
        if side == 1 and row.gap:
            text += f"{self.said('semicolon')}{self.said.gap(row.gap, figure.type)}"
        quoted = self._words(stated, side, figure)
        return Point(text, stated.rule.article if stated.rule is not None else "", quoted)

    def _words(self, stated: Stated, side: int, figure: Figure) -> tuple[Point, ...]:
        """What the regulation says, where the figure is more than a number."""
        if stated.rule is None or isinstance(stated.value, c.Constant | c.ParameterRef):
            return ()
        return self.quoted(stated.rule, stated.value, side, figure.quantity)

    # --- amendments

    def adjusted(self, pair: AdjustmentPair, quantity: str, name: bool = False) -> Iterator[Point]:
        """An amendment of one side, or of both where both have it; with its words."""
        if pair.first is not None and pair.second is not None:
            text = self._adjustment(pair.first, 0, quantity, name)
            articles = self._articles(pair.first.rule.article, pair.second.rule.article)
            yield Point(f"{self.said.say('both')}{self.said('separator')}{text}", articles)
            return
        for side, adjustment in enumerate((pair.first, pair.second)):
            if adjustment is not None:
                text = self._adjustment(adjustment, side, quantity, name)
                quoted = self.quoted(adjustment.rule, adjustment.operand, side, adjustment.of)
                yield Point(f"{self.names[side]}{self.said('separator')}{text}",
                            adjustment.rule.article, quoted)  # fmt: skip

    def _adjustment(self, adjustment: Adjustment, side: int, quantity: str, name: bool) -> str:
        own = self.own[side]
        text = f"{own.operation(adjustment.operation)} {written(adjustment.operand, own)}"
        if name or adjustment.of != quantity:
            text = f"{own.name(adjustment.of)} {text}"
        if adjustment.condition is not None and not isinstance(adjustment.condition, c.Constant):
            text += f"  {own('when', written(adjustment.condition, own))}"
        return text

    def quoted(self, rule: c.Rule, value: c.Core | None, side: int,
               quantity: str) -> tuple[Point, ...]:  # fmt: skip
        """The words that a rule rests on, cut to those about its figures."""
        if not rule.words:
            return ()
        term = term_of(value, self.own[side]) if value is not None else None
        return (Point(f"“{excerpt(rule.words, term, (quantity, rule.text), QUOTED)}”"),)

    def _area(self, figures: Sequence[Figure]) -> Iterator[Block]:
        """What turns on the place of care, all of one side together."""
        pairs = [pair for figure in figures for pair in figure.adjustments]
        pairs.sort(key=lambda pair: 0 if pair.same else 1 if pair.first is not None else 2)
        points = [p for pair in pairs for p in self.adjusted(pair, "", name=True)]
        if points:
            yield Points(tuple(points))

    # --- the same, and lists

    def _same(self, figure: Figure) -> Point:
        """A figure both have alike, its articles and, where it is one figure, what it is."""
        articles = [article_of(figure, side) for side in (0, 1)]
        text = self.title(figure)
        if len(figure.rows) == 1 and len(figure.rows[0].first) == 1:
            shown, _ = Cells(self.said, self.sides, self.own).short(figure.rows[0].first[0], 0)
            if shown != self.said.say("formula"):
                text += f"{self.said('separator')}{shown}"
        return Point(text, self._articles(*articles) if all(articles) else "")

    def _listed(self, kind: str, entries: Sequence[Listed]) -> Iterator[Block]:
        """What both have, then what each has alone."""
        if not entries:
            return
        yield Heading(self.said.say(kind))
        both = [e for e in entries if e.first is not None and e.second is not None]
        same = [e for e in both if e.same]
        points = [self._common(kind, entry) for entry in both if not entry.same]
        if same:
            names = self.said("list").join(self.said.name(entry.name) for entry in same)
            alike = self.said.say("alike", len(same))
            points.append(Point(f"{alike}{self.said('separator')}{names}"))
        if points:
            yield Points(tuple(points))
        for side, key in enumerate(("only_first", "only_second")):
            alone = [
                entry for e in entries
                if (entry := (e.first, e.second)[side]) is not None
                and (e.first, e.second)[1 - side] is None
            ]  # fmt: skip
            if alone:
                yield Prose(self.said.say(key) + self.said("separator"))
                yield Points(tuple(
                    Point(self.entry(kind, entry, side), entry.rule.article) for entry in alone
                ))  # fmt: skip

    def _common(self, kind: str, listed: Listed) -> Point:
        """An entry that both have and say otherwise."""
        assert listed.first is not None
        assert listed.second is not None
        both = (listed.first, listed.second)
        below = (
            Point(f"{self.names[n]}{self.said('separator')}{self.entry(kind, entry, n)}")
            for n, entry in enumerate(both)
        )
        articles = self._articles(*(entry.rule.article for entry in both))
        return Point(self.said.name(listed.name), articles, tuple(below))

    def _articles(self, first: str, second: str) -> str:
        """The articles of both; once where they are the same."""
        return first if first == second else self.said.say("articles", first, second)

    def entry(self, kind: str, entry: Entry, side: int) -> str:
        """An entry of one policy in a line."""
        own, say = self.own[side], self.said.say
        if kind == "exclusion":
            place = f"{say('lines')} · " if entry.level else ""
            return place + entry.name
        if kind == "duty":
            return entry.name
        if kind == "parameter":
            keys = say("keyed", own("list").join(map(own.name, entry.choices)))
            text = f"{own.name(entry.name)}{own('separator')}“{entry.delegation}”"
            return text + (keys if entry.choices else "")
        choices = (say("default", own.name(x)) if x == entry.default else own.name(x)
                   for x in entry.choices)  # fmt: skip
        return f"{own.name(entry.name)}{own('separator')}{' | '.join(choices)}"


def _steps(row: Row) -> set[str]:
    return {s.step for s in (*row.first, *row.second) if s.provided and s.step}
