"""What a draft does to people and to the funds, as a page for a terminal.

First what is compared and what it comes to, in three sentences for each draft; then the funds by
every dimension, the people, caps and deductibles, what is not settled and by whom, and the people
who change most. Where a table is too wide, columns go before rows are broken up, and it is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from attrs import evolve, frozen

from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.render.cells import cells, visible
from tiaowen.review.impact.reasons import Reason
from tiaowen.review.impact.records import Breakdown, Changed, Comparison, Impact, Row
from tiaowen.review.present.impact_names import ImpactNames
from tiaowen.review.present.impact_words import Said, masked
from tiaowen.review.present.page import (
    NARROWEST,
    Block,
    Heading,
    Page,
    Point,
    Points,
    Prose,
    Table,
    page_markdown,
    page_text,
)


@frozen
class Funds:
    """Stands for the picture of what the funds pay by one dimension."""

    breakdown: Breakdown


@frozen
class People:
    """Stands for the picture of how people's payments change."""

    found: Comparison


@frozen
class Key:
    """The sentences that say what matters most of a draft."""

    texts: tuple[str, ...]


Piece: TypeAlias = Block | Key | Funds | People


def impact_text(impact: Impact, lang: Lang, color: bool, width: int, names: ImpactNames,
                reasons: Sequence[Reason] = ()) -> str:  # fmt: skip
    """``impact`` in ``width`` terminal cells, ending in a line break."""
    page = impact_page(impact, lang, names, reasons)
    return page_text(_in(page, width, Said(lang)), color, width)


def impact_markdown(impact: Impact, lang: Lang, names: ImpactNames,
                    reasons: Sequence[Reason] = ()) -> str:  # fmt: skip
    """``impact`` as Markdown, every column of every table in it."""
    return page_markdown(impact_page(impact, lang, names, reasons))


def impact_page(impact: Impact, lang: Lang, names: ImpactNames,
                reasons: Sequence[Reason] = ()) -> Page:  # fmt: skip
    """``impact`` without its pictures."""
    said = Said(lang, len(impact.comparisons) > 1)
    blocks: list[Block] = []
    for piece in pieces_of(impact, said, names, reasons):
        if isinstance(piece, Key):
            blocks += [Prose(text, strong=True) for text in piece.texts]
        elif not isinstance(piece, Funds | People):
            blocks.append(piece)
    return Page(said("title"), tuple(blocks))


def pieces_of(impact: Impact, said: Said, names: ImpactNames,
              reasons: Sequence[Reason] = ()) -> Iterator[Piece]:  # fmt: skip
    """Everything an impact says in the order of reading; pictures by what they show."""
    yield _policies(impact, said)
    yield Prose(said("population", said.claims(impact.claims), said.people(impact.people)))
    yield Prose(said("how"))
    if said.several:
        yield Heading(said("compared"))
        yield _drafts(impact, said)
    for found in impact.comparisons:
        down = 1 if said.several else 0
        if said.several:
            yield Heading(f"{said.policy(found.draft.key)} 《{visible(found.draft.title)}》")
        yield Key(said.sentences(found))
        for piece in _sections(found, said, names):
            yield Heading(piece.text, piece.level + down) if isinstance(piece, Heading) else piece
        yield from _why(found, said, names, reasons)


def _policies(impact: Impact, said: Said) -> Table:
    policies = (impact.base, *(found.draft for found in impact.comparisons))
    rows = tuple(
        (said.policy(p.key), visible(f"《{p.title}》"), visible(p.number), said.state(p))
        for p in policies
    )
    return Table(("", said("policy"), said("number"), said("state")), rows)


def _drafts(impact: Impact, said: Said) -> Table:
    head = ("draft", "after", "change", "percent", "gaining", "losing", "refused_only")
    rows = []
    for found in impact.comparisons:
        before, after = found.total.fund_before, found.total.fund_after
        counts = (found.winners.people, found.losers.people, found.refusals.base_only)
        rows.append((
            said.policy(found.draft.key), said.bare(after), said.signed(after - before),
            said.percent(after - before, before), *(f"{n:,}" for n in counts),
        ))  # fmt: skip
    return Table(tuple(map(said, head)), tuple(rows), frozenset(range(1, len(head))))


def _sections(found: Comparison, said: Said, names: ImpactNames) -> Iterator[Piece]:
    """What is said of one draft below its sentences."""
    if found.total.claims:
        yield Heading(said("fund"))
        if found.total.weight != found.total.claims:
            weighted = (said.claims(found.total.claims), said.claims(found.total.weight))
            yield Prose(said("weighted", *weighted))
        for breakdown in found.breakdowns:
            yield _funds(breakdown, found.total, said, names)
            yield Funds(breakdown)
        yield Heading(said("people"))
        yield from _people(found, said)
        yield Heading(said("caps"))
        counts = ("newly_cut", found.newly_cut), ("no_longer_cut", found.no_longer_cut), (
            "newly_deducted", found.newly_deducted)  # fmt: skip
        yield Points(tuple(Point(said(key, said.people(count))) for key, count in counts))
    yield Heading(said("refused"))
    yield from _refused(found, said)
    if found.most_changed:
        yield Heading(said("most"))
        yield Prose(said("masked"))
        yield _most(found.most_changed, said)


def _funds(breakdown: Breakdown, total: Row, said: Said, names: ImpactNames) -> Table:
    """The groups of a dimension, and their sum as it is of all claims."""
    weighted = total.weight != total.claims
    keys = ("claims", *(["weight"] if weighted else []), "before", "after", "change", "percent",
            "own_change")  # fmt: skip
    rows = [(names.group(breakdown.dimension, row.label), row) for row in names.ordered(breakdown)]
    shown = [(name, *_figures(row, said, weighted)) for name, row in rows]
    shown.append((said("total"), *_figures(total, said, weighted)))
    head = (names.dimension(breakdown.dimension), *map(said, keys))
    return Table(head, tuple(shown), frozenset(range(1, len(head))), frozenset({len(rows)}))


def _figures(row: Row, said: Said, weighted: bool) -> Iterator[str]:
    change = row.fund_after - row.fund_before
    yield f"{row.claims:,}"
    if weighted:
        yield f"{row.weight:,}"
    yield said.bare(row.fund_before)
    yield said.bare(row.fund_after)
    yield said.signed(change)
    yield said.percent(change, row.fund_before)
    yield said.signed(row.own_after - row.own_before)


def _people(found: Comparison, said: Said) -> Iterator[Piece]:
    """How many people's payments change by how much, those of no change between."""
    if not found.winners.people and not found.losers.people:
        yield Prose(said("no_change"))
        return
    yield _winners(found, said)
    rows = [(said.range(b), f"{b.people:,}") for b in found.bins]
    middle = sum(1 for b in found.bins if b.high is not None and b.high <= 0)
    rows.insert(middle, (said("same"), f"{found.unchanged:,}"))
    yield Prose(said("bins_note"))
    yield Table((said("range"), said("number_of_people")), tuple(rows), frozenset({1}))
    yield People(found)


def _winners(found: Comparison, said: Said) -> Table:
    """Who pays less, more and as much: how many, together, on average and at most."""
    rows = [
        (said(key), f"{side.people:,}", *map(said.bare, (side.total, side.mean, side.most)))
        for key, side in (("paying_less", found.winners), ("paying_more", found.losers))
    ]
    rows.append((said("same"), f"{found.unchanged:,}", "", "", ""))
    keys = ("range", "number_of_people", "together", "mean", "at_most")
    return Table(tuple(map(said, keys)), tuple(rows), frozenset(range(1, len(keys))))


def _refused(found: Comparison, said: Said) -> Iterator[Block]:
    """Why a side does not settle, with the code's own title; every code counts."""
    refusals = found.refusals
    if not refusals.codes:
        alone = refusals.base_only + refusals.draft_only + refusals.neither
        yield Prose(said.settled(refusals) if alone else said("none_refused"))
        return
    rows = tuple(
        (said.policy(side), code, said.reason(code), f"{count:,}")
        for side, code, count in found.refusals.codes
    )
    head = (said("side"), said("code"), said("reason"), said("claims"))
    yield Prose(said("refused_note"))
    yield Table(head, rows, frozenset({3}))


def _most(people: Sequence[Changed], said: Said) -> Table:
    keys = ("person", "claims", "own_before", "own_after", "change", "encounter")
    rows = tuple(
        (masked(one.person), f"{one.claims:,}", said.bare(one.own_before),
         said.bare(one.own_after), said.signed(one.own_after - one.own_before),
         _encounter(one))
        for one in people
    )  # fmt: skip
    return Table(tuple(map(said, keys)), rows, frozenset({1, 2, 3, 4}))


def _encounter(one: Changed) -> str:
    """The encounter's number, '' where the claims have none."""
    return visible(one.encounter) if one.encounter else ""


def _why(found: Comparison, said: Said, names: ImpactNames,
         reasons: Sequence[Reason]) -> Iterator[Block]:  # fmt: skip
    """For each of the people most changed the first step that is otherwise, and its article."""
    told = {reason.encounter: reason for reason in reasons if reason.draft == found.draft.key}
    if not told or not found.most_changed:
        return
    points = []
    for one in found.most_changed:
        reason = told.get(one.encounter)
        why = names.step(reason) if reason is not None else said("why_not")
        who = f"{masked(one.person)} {_encounter(one)}".rstrip()
        points.append(Point(said("why_of", who, why), reason.article if reason else ""))
    yield Prose(said("why"))
    yield Points(tuple(points))


# --- a terminal


LESS_WANTED = ("own_change", "own_before", "before", "weight", "number", "claims", "after")
"""Columns that go first where a table is wider than the terminal."""


def _in(page: Page, width: int, said: Said) -> Page:
    """``page`` with the tables it can show side by side in ``width`` cells."""
    room = max(width, NARROWEST)
    blocks = [_fitted(b, room, said) if isinstance(b, Table) else b for b in page.blocks]
    if blocks != list(page.blocks):
        blocks.append(Prose(said("left_out")))
    return evolve(page, blocks=tuple(blocks))


def _fitted(table: Table, width: int, said: Said) -> Table:
    """``table`` without the fewest columns that let it fit; as it is where none do."""
    kept = list(range(len(table.head)))
    for key in ("", *LESS_WANTED):
        kept = [n for n in kept if not key or table.head[n] != said(key)]
        every = [[row[n] for n in kept] for row in (table.head, *table.rows)]
        if sum(max(map(cells, column)) + 2 for column in zip(*every, strict=True)) <= width:
            rows = tuple(tuple(row[n] for n in kept) for row in table.rows)
            numeric = frozenset(kept.index(n) for n in table.numeric if n in kept)
            return evolve(table, head=tuple(table.head[n] for n in kept), rows=rows,
                          numeric=numeric)  # fmt: skip
    return table
