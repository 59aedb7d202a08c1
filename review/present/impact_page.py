"""What a draft does to people and to the funds, as one page of HTML with its pictures.

It says what the terminal says, in the same order, with every column. Nothing is fetched, and it
prints on A4 as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

import tiaowen
from tiaowen.dsl.catalogue import Lang
from tiaowen.review.impact.reasons import Reason
from tiaowen.review.impact.records import Breakdown, Comparison, Impact
from tiaowen.review.present.charts import Bar, Bars, chart_svg
from tiaowen.review.present.impact import Key, pieces_of
from tiaowen.review.present.impact_names import ImpactNames
from tiaowen.review.present.impact_sections import Funds, People
from tiaowen.review.present.impact_words import Said
from tiaowen.review.present.page import Block
from tiaowen.review.present.templating import filled

WIDTH = 640
"""Pixels of a picture: the text of one printed on A4 stays legible."""


@frozen
class Picture:
    """An SVG with what it shows."""

    title: str
    svg: str


def impact_html(impact: Impact, lang: Lang, names: ImpactNames,
                reasons: Sequence[Reason] = ()) -> str:  # fmt: skip
    """``impact`` as a complete HTML document in ``lang``.

    Raises ``Rejected`` (TW0703) where something is to be drawn and the extra ``report`` is not
    installed.
    """
    said = Said(lang, len(impact.comparisons) > 1)
    return filled(
        "impact", ("decision", "impact"), title=said("title"), lang=lang,
        pieces=list(_drawn(impact, said, names, reasons)), foot=said("foot", tiaowen.__version__),
    )  # fmt: skip


def _drawn(impact: Impact, said: Said, names: ImpactNames,
           reasons: Sequence[Reason]) -> Iterator[tuple[str, Block | Key | Picture]]:  # fmt: skip
    """The pieces with the names of their kinds; a picture of nothing, or of a single bar, is left
    out."""
    for piece in pieces_of(impact, said, names, reasons):
        if isinstance(piece, Funds):
            chart = fund_bars(piece.breakdown, said, names)
        elif isinstance(piece, People):
            chart = people_bars(piece.found, said)
        else:
            yield type(piece).__name__, piece
            continue
        if len(chart.bars) > 1 and any(bar.value for bar in chart.bars):
            yield "Picture", Picture(chart.title, chart_svg(chart, said.lang, WIDTH))


def fund_bars(breakdown: Breakdown, said: Said, names: ImpactNames) -> Bars:
    """What the funds pay more, to the right, or less for each group of a dimension, in yuan."""
    bars = []
    for row in names.ordered(breakdown):
        change = row.fund_after - row.fund_before
        text = f"{said.signed(change)} ({said.percent(change, row.fund_before)})"
        label = names.group(breakdown.dimension, row.label)
        bars.append(Bar(label, change / 100, text, "gain" if change >= 0 else "loss"))
    return Bars(said("chart_fund", names.dimension(breakdown.dimension)), tuple(bars))


def people_bars(found: Comparison, said: Said) -> Bars:
    """How many people pay less or more by how much, from the largest gain down.

    The ranges are not of one width and the outer ones are open, so each has a bar of its own: a
    histogram over the amount would draw the outer ranges without an end. Who pays what they paid
    is told in the table; a bar of them would dwarf the others. Empty ranges at either end are left
    to the table too.
    """
    bars = []
    met = [number for number, each in enumerate(found.bins) if each.people]
    for each in found.bins[met[0] : met[-1] + 1] if met else ():
        less = each.high is not None and each.high <= 0
        bars.append(Bar(said.range(each), each.people, f"{each.people:,}",
                        "gain" if less else "loss"))  # fmt: skip
    return Bars(said("chart_people"), tuple(bars))
