"""What an impact says of one draft, section by section: funds, people, limits, refusals, causes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from attrs import frozen

from tiaowen.dsl.render.cells import visible
from tiaowen.review.impact.reasons import Cited, Reason
from tiaowen.review.impact.records import Breakdown, Changed, Comparison, Row
from tiaowen.review.present.impact_names import ImpactNames
from tiaowen.review.present.impact_words import Said, masked
from tiaowen.review.present.page import Block, Heading, Point, Points, Prose, Table


@frozen
class Funds:
    """Stands for the picture of what the funds pay by one dimension."""

    breakdown: Breakdown


@frozen
class People:
    """Stands for the picture of how people's payments change."""

    found: Comparison


Section: TypeAlias = Block | Funds | People


def sections(found: Comparison, said: Said, names: ImpactNames,
             reasons: Sequence[Reason]) -> Iterator[Section]:  # fmt: skip
    """What is said of one draft below its sentences."""
    if found.total.claims:
        yield Heading(said("fund"))
        yield _by_fund(found, said, names)
        for breakdown in found.breakdowns:
            yield _funds(breakdown, found.total, said, names)
            yield Funds(breakdown)
        if found.total.interval is not None:
            yield Prose(said("interval_note"))
        yield Heading(said("people"))
        yield from _people(found, said, names)
        yield Heading(said("caps"))
        yield Prose(said("crossing_note"))
        yield _crossings(found, said)
    yield Heading(said("refused"))
    yield from _refused(found, said)
    if found.most_changed:
        yield Heading(said("most"))
        yield Prose(said("masked"))
        yield from _most(found, said, names, reasons)


# --- the funds


def _by_fund(found: Comparison, said: Said, names: ImpactNames) -> Table:
    """Each fund that pays, and their sum."""
    keys = ("fund_name", "paid_before", "paid_after", "before", "after", "change", "percent")
    rows = [
        (names.fund(fund) or said("other_funds"), f"{fund.claims_before:,}",
         f"{fund.claims_after:,}", *_moved(fund.before, fund.after, said))
        for fund in found.funds
    ]  # fmt: skip
    total = found.total
    rows.append((said("total"), "", "", *_moved(total.fund_before, total.fund_after, said)))
    return Table(tuple(map(said, keys)), tuple(rows), frozenset(range(1, len(keys))),
                 frozenset({len(rows) - 1}))  # fmt: skip


def _funds(breakdown: Breakdown, total: Row, said: Said, names: ImpactNames) -> Table:
    """The groups of a dimension, and their sum as it is of all claims."""
    keys = ["claims", "before", "after", "change", "percent", "own_change"]
    sampled = total.interval is not None
    keys += ["low", "high"] if sampled else []
    rows = [(names.group(breakdown.dimension, row.label), row) for row in names.ordered(breakdown)]
    shown = [(name, *_figures(row, said, sampled)) for name, row in rows]
    shown.append((said("total"), *_figures(total, said, sampled)))
    head = (names.dimension(breakdown.dimension), *map(said, keys))
    return Table(head, tuple(shown), frozenset(range(1, len(head))), frozenset({len(rows)}))


def _figures(row: Row, said: Said, sampled: bool) -> Iterator[str]:
    yield f"{row.claims:,}"
    yield from _moved(row.fund_before, row.fund_after, said)
    yield said.signed(row.own_after - row.own_before)
    if sampled:
        between = row.interval
        yield from ("", "") if between is None else map(said.signed, (between.low, between.high))


def _moved(before: int, after: int, said: Said) -> tuple[str, str, str, str]:
    change = after - before
    figures = said.bare(before), said.bare(after), said.signed(change)
    return *figures, said.percent(change, before)


# --- the people


def _people(found: Comparison, said: Said, names: ImpactNames) -> Iterator[Section]:
    """How many people's payments change by how much, those of no change between."""
    total = found.total
    if not total.winners.people and not total.losers.people:
        yield Prose(said("no_change"))
        return
    yield _winners(total, said)
    rows = [(said.range(b), f"{b.people:,}") for b in found.bins]
    middle = sum(1 for b in found.bins if b.high is not None and b.high <= 0)
    rows.insert(middle, (said("same"), f"{total.unchanged:,}"))
    yield Prose(said("bins_note"))
    yield Table((said("range"), said("number_of_people")), tuple(rows), frozenset({1}))
    yield People(found)
    yield Prose(said("by_group"))
    for breakdown in found.breakdowns:
        if len(breakdown.rows) > 1:
            yield _by_group(breakdown, total, said, names)


def _winners(total: Row, said: Said) -> Table:
    """Who pays less, more and as much: how many, together, on average and at most."""
    rows = [
        (said(key), f"{side.people:,}", *map(said.bare, (side.total, side.mean, side.most)))
        for key, side in (("paying_less", total.winners), ("paying_more", total.losers))
    ]
    rows.append((said("same"), f"{total.unchanged:,}", "", "", ""))
    keys = ("range", "number_of_people", "together", "mean", "at_most")
    return Table(tuple(map(said, keys)), tuple(rows), frozenset(range(1, len(keys))))


def _by_group(breakdown: Breakdown, total: Row, said: Said, names: ImpactNames) -> Table:
    """Who pays less and more in each group."""
    keys = ("gaining", "less_mean", "less_most", "losing", "more_mean", "more_most", "same")
    rows = [(names.group(breakdown.dimension, row.label), row) for row in names.ordered(breakdown)]
    shown = [
        (name, *(text for side in (row.winners, row.losers)
                 for text in (f"{side.people:,}", said.bare(side.mean), said.bare(side.most))),
         f"{row.unchanged:,}")
        for name, row in (*rows, (said("total"), total))
    ]  # fmt: skip
    head = (names.dimension(breakdown.dimension), *map(said, keys))
    return Table(head, tuple(shown), frozenset(range(1, len(head))), frozenset({len(rows)}))


def _crossings(found: Comparison, said: Said) -> Table:
    """Who meets a cap, a deductible, or is paid nothing, and who newly does."""
    keys = ("crossing", "met_before", "met_after", "newly", "no_longer", "amount_before",
            "amount_after")  # fmt: skip
    rows = tuple(
        (said(one.kind), *(f"{n:,}" for n in (one.before, one.after, one.newly, one.no_longer)),
         *map(said.bare, (one.amount_before, one.amount_after)))
        for one in found.crossings
    )  # fmt: skip
    return Table(tuple(map(said, keys)), rows, frozenset(range(1, len(keys))))


# --- what is not settled


def _refused(found: Comparison, said: Said) -> Iterator[Block]:
    """What each side leaves unsettled and for how much, and why; every claim counts."""
    refusals = found.refusals
    sums = (
        ("base_only_fund", refusals.base_only, refusals.base_only_fund),
        ("draft_only_fund", refusals.draft_only, refusals.draft_only_fund),
        ("neither_billed", refusals.neither, refusals.neither_billed),
    )
    if not any(count for _, count, _ in sums):
        yield Prose(said("none_refused"))
        return
    points = [Point(said(key, said.claims(n), said.money(sum_))) for key, n, sum_ in sums if n]
    yield Points(tuple(points))
    rows = tuple(
        (said.policy(one.side), one.code, said.reason(one.code), visible(one.field),
         f"{one.claims:,}", said.bare(one.billed), visible(one.example) if one.example else "")
        for one in refusals.reasons
    )  # fmt: skip
    keys = ("side", "code", "reason", "where", "claims", "billed", "example")
    yield Prose(said("refused_note"))
    yield Table(tuple(map(said, keys)), rows, frozenset({4, 5}))


# --- the people most changed


def _most(found: Comparison, said: Said, names: ImpactNames,
          reasons: Sequence[Reason]) -> Iterator[Block]:  # fmt: skip
    """Each of them, with the number of the reason, and the reasons with both citations."""
    told = {reason.encounter: reason for reason in reasons if reason.draft == found.draft.key}
    causes: dict[tuple[str, Cited, Cited], list[Changed]] = {}
    numbers: list[str] = []
    for one in found.most_changed:
        reason = told.get(one.encounter)
        if reason is None:
            numbers.append("" if not told else said("why_not"))
            continue
        cause = names.step(reason), reason.base_says, reason.draft_says
        causes.setdefault(cause, []).append(one)
        numbers.append(str(list(causes).index(cause) + 1))
    yield _changed(found.most_changed, numbers, said)
    if not causes:
        return
    yield Prose(said("why"))
    yield Points(tuple(
        Point(said("why_of", number, step, said.people(len(people))),
              below=(_says(said("base"), before, said),
                     _says(said.policy(found.draft.key), after, said)))
        for number, ((step, before, after), people) in enumerate(causes.items(), 1)
    ))  # fmt: skip


def _says(who: str, cited: Cited, said: Said) -> Point:
    """What one side says, in its own words."""
    if not cited.words:
        return Point(said("says_nothing", who) if cited.article else f"{who}：—" if
                     said.lang == "zh" else f"{who}: —", cited.article)  # fmt: skip
    return Point(said("says", who, visible(cited.words)), cited.article)


def _changed(people: Sequence[Changed], numbers: Sequence[str], said: Said) -> Table:
    keys = ("person", "claims", "own_before", "own_after", "change", "encounter", "why_number")
    rows = tuple(
        (masked(one.person), f"{one.claims:,}", said.bare(one.own_before),
         said.bare(one.own_after), said.signed(one.own_after - one.own_before),
         visible(one.encounter) if one.encounter else "", number)
        for one, number in zip(people, numbers, strict=True)
    )  # fmt: skip
    return Table(tuple(map(said, keys)), rows, frozenset({1, 2, 3, 4, 6}))
