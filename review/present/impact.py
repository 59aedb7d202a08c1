"""What a draft does to people and to the funds, as a page for a terminal.

First what is compared and what it comes to, in three sentences for each draft; then the funds by
every dimension, the people, caps and deductibles, what is not settled and by whom, and the people
who change most. Where a table is too wide, columns go before rows are broken up, and it is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import TypeAlias

from attrs import evolve, frozen

from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.render.cells import cells, visible
from tiaowen.review.impact.reasons import Reason
from tiaowen.review.impact.records import Impact
from tiaowen.review.present.impact_names import ImpactNames
from tiaowen.review.present.impact_sections import Funds, People, Section, sections
from tiaowen.review.present.impact_words import Said
from tiaowen.review.present.page import (
    NARROWEST,
    Block,
    Heading,
    Page,
    Prose,
    Table,
    page_markdown,
    page_text,
)


@frozen
class Key:
    """The sentences that say what matters most of a draft."""

    texts: tuple[str, ...]


Piece: TypeAlias = Section | Key


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
    yield from _readings(impact, said)
    yield Prose(said("population", said.claims(impact.claims), said.people(impact.people)))
    if impact.weighted:
        yield Prose(said("weighted", said.claims(impact.claims_weight),
                         said.people(impact.people_weight)))  # fmt: skip
    yield Prose(said("how"))
    if said.several:
        yield Heading(said("compared"))
        yield _drafts(impact, said)
    files = _files(impact)
    for found in impact.comparisons:
        down = 1 if said.several else 0
        if said.several:
            title = f"{said.policy(found.draft.key)} 《{visible(found.draft.title)}》"
            yield Heading(f"{title} {files[found.draft.key]}".rstrip())
        yield Key(said.sentences(found))
        for piece in sections(found, said, names, reasons):
            yield Heading(piece.text, piece.level + down) if isinstance(piece, Heading) else piece


def _files(impact: Impact) -> dict[str, str]:
    """What each policy's file is called: its name alone where that tells it from the others."""
    policies = (impact.base, *(found.draft for found in impact.comparisons))
    short = [PurePath(policy.file).name for policy in policies]
    alone = len(set(short)) == len(short)
    return {
        policy.key: visible(name if alone else policy.file) if policy.file else ""
        for policy, name in zip(policies, short, strict=True)
    }


def _policies(impact: Impact, said: Said) -> Table:
    files = _files(impact)
    policies = (impact.base, *(found.draft for found in impact.comparisons))
    rows = tuple(
        (said.policy(p.key), visible(f"《{p.title}》"), files[p.key], visible(p.number),
         said.state(p))
        for p in policies
    )  # fmt: skip
    return Table(("", *map(said, ("policy", "file", "number", "state"))), rows)


def _readings(impact: Impact, said: Said) -> Iterator[Piece]:
    """The readings that were chosen, if any were."""
    policies = (impact.base, *(found.draft for found in impact.comparisons))
    chosen = [
        said("reading", said.policy(p.key), visible(name), visible(value))
        for p in policies
        for name, value in p.readings
    ]
    if chosen:
        yield Prose(said("readings", ("；" if said.lang == "zh" else "; ").join(chosen)))


def _drafts(impact: Impact, said: Said) -> Table:
    head = ("draft", "after", "change", "percent", "gaining", "losing", "refused_only")
    rows = []
    for found in impact.comparisons:
        before, after = found.total.fund_before, found.total.fund_after
        counts = (found.total.winners.people, found.total.losers.people, found.refusals.base_only)
        rows.append((
            said.policy(found.draft.key), said.bare(after), said.signed(after - before),
            said.percent(after - before, before), *(f"{n:,}" for n in counts),
        ))  # fmt: skip
    return Table(tuple(map(said, head)), tuple(rows), frozenset(range(1, len(head))))


# --- a terminal


LESS_WANTED = ("number", "less_most", "more_most", "own_change", "own_before", "paid_before",
               "paid_after", "amount_before", "example", "before", "claims", "after",
               "amount_after", "no_longer", "less_mean", "more_mean")  # fmt: skip
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
