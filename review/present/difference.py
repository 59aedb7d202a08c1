"""The comparison of two policies as a page, for a terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.difference.records import (
    FIGURE_KINDS,
    LIST_KINDS,
    Difference,
    Figures,
    MatterPair,
    Side,
)
from tiaowen.review.present.difference_figures import FigureBlocks
from tiaowen.review.present.difference_rules import rule_blocks
from tiaowen.review.present.difference_words import Said, said_of
from tiaowen.review.present.page import Block, Heading, Page, Point, Points, Prose, Table
from tiaowen.review.present.words import labels_of


def difference_page(found: Difference, lang: Lang, *, every_rule: bool = False) -> Page:
    """The page of ``found``. Where two policies share few rules, those that only one has are
    listed by article; ``every_rule`` tells each with its words."""
    said = said_of(found.first, found.second, lang)
    title = said.say("title", found.first.title, found.second.title)
    return Page(title, tuple(_blocks(found, said, every_rule)))


def _blocks(found: Difference, said: Said, every_rule: bool) -> Iterator[Block]:
    own = (evolve(said, labels=labels_of(found.first.program)),
           evolve(said, labels=labels_of(found.second.program)))  # fmt: skip
    yield Points(tuple(_side(side, name, said) for side, name in
                       ((found.first, "first"), (found.second, "second"))))  # fmt: skip
    if found.identical:
        yield Prose(said.say("identical"), strong=True)
        return
    yield from difference_head(found, said)
    if found.figures is not None:
        figures = list(FigureBlocks(found, said, own).blocks(found.figures))
        yield from figures or [Prose(said.say("all_alike"))]
    if found.rules is not None:
        yield from rule_blocks(found.rules, said, every_rule)
    if found.outcomes is not None:
        from tiaowen.review.present.difference_outcomes import outcome_blocks

        for outcomes in found.outcomes:
            yield from outcome_blocks(outcomes, said.lang, found.parts)


def difference_head(found: Difference, said: Said) -> Iterator[Block]:
    """Which matters are compared, and how many figures of each kind are the same."""
    yield from _matters(found, said)
    if found.figures is not None:
        yield from _overview(found.figures, said)


def _side(side: Side, name: str, said: Said) -> Point:
    identity = side.program.identity
    parts = [said.say("region", identity.region, said("list").join(identity.insurance))]
    if identity.document_number:
        parts.insert(0, identity.document_number)
    parts.append(said("draft") if identity.in_force is None
                 else said("in_force", identity.in_force))  # fmt: skip
    if identity.expires is not None:
        parts.append(said("expires", identity.expires))
    if side.readings:
        parts.append(said.say("chosen", said.choices(side.readings)))
    sources = dict.fromkeys(p.source for p in side.parameters.values() if p.source)
    if sources:
        parts.append(said.say("given", said("list").join(sources)))
    letter, short = said.say("a" if name == "first" else "b"), said.say(name)
    text = said.say("side", letter, side.title)
    if short != letter:
        text = said.say("side_named", letter, short, side.title)
    return Point(f"{text}{said('semicolon')}{said('comma').join(parts)}")


def _matters(found: Difference, said: Said) -> Iterator[Block]:
    """Which matter is compared with which, and what only one has."""
    both = [said.name(p.name) if p.by == "name"
            else said.say("paired", said.name(p.first), said.name(p.second))
            for p in found.pairs]  # fmt: skip
    points = [Point(said.say("matters") + said("separator") + said("list").join(both))]
    for key, alone in (
        ("only_first", [p.first for p in found.matters if not p.second]),
        ("only_second", [p.second for p in found.matters if not p.first]),
    ):
        if alone:
            names = said("list").join(map(said.name, alone))
            points.append(Point(said.say(key) + said("separator") + names))
    if nameable := _nameable(found.matters):
        points.append(Point(said.say("nameable", nameable)))
    yield Points(tuple(points))


def _nameable(pairs: Sequence[MatterPair]) -> str:
    """A pair that the user could name: one matter of each, unpaired, of one interface."""
    for one in pairs:
        for other in pairs:
            if not one.second and not other.first and one.interface == other.interface != "":
                return f"{one.first}:{other.second}"
    return ""


def _overview(figures: Figures, said: Said) -> Iterator[Block]:
    """How many figures of each kind are the same, differ, or stand on one side."""
    rows = []
    for kind in FIGURE_KINDS:
        some = figures.of(kind)
        rows.append(_counted(kind, [(f.whose != "second", f.whose != "first", f.same)
                                    for f in some], said))  # fmt: skip
    for list_kind in LIST_KINDS:
        entries = figures.listed(list_kind)
        rows.append(_counted(list_kind, [(e.first is not None, e.second is not None, e.same)
                                         for e in entries], said))  # fmt: skip
    shown = tuple(row for row in rows if any(cell != said.say("none") for cell in row[1:]))
    if shown:
        yield Heading(said.say("overview"))
        head = ("kind", "count_same", "count_different", "only_first", "only_second")
        yield Table(tuple(map(said.say, head)), shown, frozenset(range(1, 5)))


def _counted(kind: str, found: Sequence[tuple[bool, bool, bool]], said: Said) -> tuple[str, ...]:
    """A row of the overview, of (A has it, B has it, both alike)."""
    counts = (
        sum(first and second and same for first, second, same in found),
        sum(first and second and not same for first, second, same in found),
        sum(first and not second for first, second, _ in found),
        sum(second and not first for first, second, _ in found),
    )
    return (said.say(kind), *(str(n) if n else said.say("none") for n in counts))
