"""Pictures of outcomes: amount against payment for each level, and tables of who gains."""

from __future__ import annotations

from collections.abc import Iterator

from tiaowen.review.difference.outcomes.merging import merged
from tiaowen.review.difference.outcomes.records import (
    Compared,
    Kink,
    Outcomes,
    Point,
    Whose,
)
from tiaowen.review.present.charts import Cell, HeatTable, Line, LineChart
from tiaowen.review.present.charts import Kink as Mark
from tiaowen.review.present.outcome_words import OutcomeWords, person_names

MOST = 6
"""Pictures of a page, at most."""
SMALL = 15
"""A bend is shown in a panel of its own where the whole reach is so many times as far."""
WIDTH = 760
HEAT_WIDTH = 620
AMOUNTS = (2_000 * 100, 10_000 * 100, 100_000 * 100)
"""Of these the gap is laid out in a table, if the grid has them."""


def pictures(found: Outcomes, words: OutcomeWords) -> tuple[LineChart, ...]:
    """For the usual person at home, one picture for each level with lines of its own."""
    usual = found.compared[0].situation.person if found.compared else None
    shown: dict[object, Compared] = {}
    for one in found.compared:
        situation = one.situation
        if situation.place == "own" and situation.person == usual and not one.refused:
            shown.setdefault((one.kinks, tuple(s.most for s in one.stretches)), one)
    return tuple(picture(one, found, words) for one in list(shown.values())[:MOST])


def picture(one: Compared, found: Outcomes, words: OutcomeWords) -> LineChart:
    """Cost against payment of one situation, both sides, bends told with their articles."""
    line = words.name(found.measure.name) if found.measure is not None else ""
    unit = "元" if words.chinese else "yuan"
    end = one.points[-1].amount
    marks = [_mark(kink, one, whose, words) for whose, kinks in
             zip(("first", "second"), one.kinks, strict=True) for kink in kinks]  # fmt: skip
    return LineChart(
        words.situation(one.situation), words.say("cost", unit), words.say("paid", line, unit),
        (Line(words.sides[0], _path(one, "first"), "first"),
         Line(words.sides[1], _path(one, "second"), "second")),
        tuple(marks), _windows(one, end),
    )  # fmt: skip


def _path(one: Compared, whose: Whose) -> tuple[tuple[float, float], ...]:
    """A side's payments from nothing on, in yuan."""
    values = ((p.amount, p.first if whose == "first" else p.second) for p in one.points)
    return ((0.0, 0.0), *((a / 100, v / 100) for a, v in values if v is not None))


def _mark(kink: Kink, one: Compared, whose: str, words: OutcomeWords) -> Mark:
    tone: Whose = "first" if whose == "first" else "second"
    said = _what(kink, one, tone, words)
    worth = "" if kink.threshold is None else words.money(kink.threshold)
    article = kink.rule.article if kink.rule is not None else ""
    space = "" if words.chinese else " "
    label = " ".join(filter(None, (f"{said}{space}{worth}", article)))
    return Mark(kink.amount / 100, kink.value / 100, label, tone)


def _what(kink: Kink, one: Compared, whose: Whose, words: OutcomeWords) -> str:
    """A deductible where nothing is paid up to the bend, a cap where nothing more is paid after
    it, else the quantity's own name."""
    if kink.value == 0:
        return words.say("deductible")
    last = one.points[-1].first if whose == "first" else one.points[-1].second
    return words.say("cap") if last == kink.value else words.name(kink.quantity)


def _windows(one: Compared, end: int) -> tuple[tuple[float, float], ...]:
    """A panel for the first bends, where the others are far off, and one for everything."""
    near = [k.amount for kinks in one.kinks for k in kinks if k.amount * SMALL < end]
    whole = (0.0, end / 100)
    if not near:
        return (whole,)
    return ((0.0, _round_up(4 * max(near)) / 100), whole)


def _round_up(amount: int) -> int:
    """The next amount of two digits and noughts, from 10 yuan on."""
    size: int = max(10 ** (len(str(amount)) - 2), 1000)
    return -(-amount // size) * size


# --- tables


def heats(found: Outcomes, words: OutcomeWords) -> Iterator[HeatTable]:
    """What B pays above A at a few amounts: by level and person, care at home."""
    for amount in AMOUNTS:
        cells = tuple(_cells(found, amount, words))
        if any(cell.value for cell in cells):
            yield HeatTable(words.say("heat", words.money(amount), *words.sides), cells,
                            tones=("first", "second"))  # fmt: skip


def _cells(found: Outcomes, amount: int, words: OutcomeWords) -> Iterator[Cell]:
    names = dict(zip((g[0] for g in merged(found.compared).columns), person_names(found, words),
                     strict=True))  # fmt: skip
    for one in found.compared:
        situation = one.situation
        if situation.place != "own" or situation.person not in names:
            continue
        point = next((p for p in one.points if p.amount == amount), None)
        if point is not None:
            value = None if point.gap is None else point.gap / 100
            said = _gap(point, one, words)
            yield Cell(words.level(situation.level), names[situation.person], value, said)


def _gap(point: Point, one: Compared, words: OutcomeWords) -> str:
    if point.gap is None:
        refusing = {r.whose for r in one.refused}
        if len(refusing) == 2:
            return words.say("both_refuse")
        return words.say("refuses", words.side("first" if "first" in refusing else "second"))
    if not point.gap:
        return "0"
    number = words.money(abs(point.gap)).removesuffix("元").removesuffix(" yuan")
    return f"{'+' if point.gap > 0 else '−'}{number}"
