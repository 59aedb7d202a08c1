"""What the page of a comparison shows, before it is laid out: sections of blocks, pictures, a table
of who gains, and witnesses."""

from __future__ import annotations

from attrs import frozen

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.difference.outcomes.merging import merged
from tiaowen.review.difference.outcomes.records import Compared, Outcomes
from tiaowen.review.present.charts import Chart, chart_svg
from tiaowen.review.present.outcome_charts import HEAT_WIDTH, WIDTH, heats, pictures
from tiaowen.review.present.outcome_steps import Shown, all_shown
from tiaowen.review.present.outcome_words import OutcomeWords, person_names
from tiaowen.review.present.page import Block

Line = tuple[str, str]
"""A mark of style ('first', 'second', 'equal', 'none') and a text."""


@frozen
class SideView:
    name: str
    title: str
    lines: tuple[str, ...]


@frozen
class Picture:
    title: str
    svg: str


@frozen
class GainRow:
    """``span`` is how many rows the place's cell covers, 0 where an earlier row has it."""

    place: str
    span: int
    level: str
    cells: tuple[tuple[Line, ...], ...]


@frozen
class GainView:
    head: tuple[str, ...]
    rows: tuple[GainRow, ...]


@frozen
class Section:
    """Blocks first, then whatever of the others there is."""

    title: str
    note: str = ""
    blocks: tuple[tuple[str, Block], ...] = ()
    pictures: tuple[Picture, ...] = ()
    heats: tuple[Picture, ...] = ()
    gains: GainView | None = None
    witnesses: tuple[Shown, ...] = ()


@frozen
class View:
    title: str
    kind: str
    heading: str
    sides: tuple[SideView, SideView]
    warnings: tuple[str, ...]
    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    result: str
    foot: str


def blocks_of(blocks: list[Block]) -> tuple[tuple[str, Block], ...]:
    """Blocks with the name of their kind, by which the template tells them apart."""
    return tuple((type(block).__name__, block) for block in blocks)


def drawn(chart: Chart, lang: Lang, width: int) -> Picture:
    """A chart with its title."""
    return Picture(chart.title, chart_svg(chart, lang, width))


def picture_section(found: Outcomes, title: str, words: OutcomeWords) -> Section:
    """Amount against payment."""
    drawings = tuple(drawn(chart, words.lang, WIDTH) for chart in pictures(found, words))
    return Section(title, words.say("pictures_note"), pictures=drawings)


def gain_section(found: Outcomes, title: str, words: OutcomeWords) -> Section:
    """The gap at a few amounts, then every range of amounts."""
    small = tuple(drawn(chart, words.lang, HEAT_WIDTH) for chart in heats(found, words))
    return Section(title, words.say("gains_note"), heats=small, gains=_gains(found, words))


def _gains(found: Outcomes, words: OutcomeWords) -> GainView:
    head = (words.say("place"), words.say("level"), *person_names(found, words))
    table = merged(found.compared)
    by_place: dict[tuple[str, ...], int] = {}
    for _, places, _ in table.rows:
        by_place[places] = by_place.get(places, 0) + 1
    rows = []
    told: set[tuple[str, ...]] = set()
    for levels, places, cells in table.rows:
        span = 0 if places in told else by_place[places]
        told.add(places)
        rows.append(GainRow(
            words.places(places, table.places), span,
            words.levels(levels, table.levels),
            tuple(_lines(cell, words) for cell in cells),
        ))  # fmt: skip
    return GainView(head, tuple(rows))


def _lines(one: Compared, words: OutcomeWords) -> tuple[Line, ...]:
    """The ranges of a situation, each marked by who pays more."""
    told = words.told_stretches(one)
    if not told:
        return tuple(("none", said) for said in words.stretches(one))
    return tuple((s.more or "equal", words.stretch(s, s is one.stretches[-1])) for s in told)


def witness_section(found: Outcomes, title: str, words: OutcomeWords) -> Section:
    """The simplest claims."""
    return Section(title, words.say("witness_note"), witnesses=all_shown(found, words))
