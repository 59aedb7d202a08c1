"""Outcomes and witnesses as blocks of a page, for a terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from tiaowen.dsl.catalogue import Lang, message
from tiaowen.review.difference.outcomes.merging import merged
from tiaowen.review.difference.outcomes.records import Compared, Outcomes, Refused, Whose
from tiaowen.review.difference.records import Part
from tiaowen.review.present.model import Entry
from tiaowen.review.present.outcome_steps import Half, Shown, all_shown
from tiaowen.review.present.outcome_words import OutcomeWords, person_names, words_of
from tiaowen.review.present.page import Block, Heading, Point, Points, Prose

NAMED = 6
"""Situations of a refusal that are named; the others are counted."""


BOTH: tuple[Part, ...] = ("outcomes", "witnesses")


def outcome_blocks(found: Outcomes, lang: Lang, parts: Collection[Part] = BOTH) -> Iterator[Block]:
    """What both pay for the same claims of one pair of matters; of ``parts`` those two count."""
    words = words_of(found.first, found.second, lang)
    if "outcomes" in parts or found.measure is None:
        yield from _outcomes(found, words)
    if "witnesses" in parts and found.witnesses:
        yield from _witnesses(found, words)


def _outcomes(found: Outcomes, words: OutcomeWords) -> Iterator[Block]:
    """Summary, who is better off where, what is refused, how the claims were set."""
    yield Heading(_titled("outcomes", found, words))
    if found.measure is None:
        yield Prose(words.say("no_matter"))
        return
    for sentence in summary(found, words):
        yield Prose(sentence, strong=True)
    yield Prose(words.say("measure", words.name(found.measure.name)))
    yield from (Prose(said) for said in beyond(found, words))
    yield Heading(words.say("gains"), 2)
    yield Prose(words.say("gains_note"))
    yield Points(tuple(gains_points(found, words)))
    if found.refused or found.impossible:
        yield Heading(words.say("refused"), 2)
        yield Points(tuple(refused_points(found, words)))
    yield Heading(words.say("taken"), 2)
    yield Points(tuple(taken_points(found, words)))


def _witnesses(found: Outcomes, words: OutcomeWords) -> Iterator[Block]:
    """The simplest claim of each difference, both explanations side by side."""
    yield Heading(_titled("witnesses", found, words))
    for number, witness in enumerate(all_shown(found, words), 1):
        yield from _witness(number, witness, words)


def _titled(key: str, found: Outcomes, words: OutcomeWords) -> str:
    names = dict.fromkeys(words.name(n) for n in (found.pair.first, found.pair.second))
    return words.say("of_range", words.say(key), " / ".join(names))


def summary(found: Outcomes, words: OutcomeWords) -> tuple[str, ...]:
    """Three sentences: how much differs, and the largest difference for either side."""
    line = words.name(found.measure.name) if found.measure is not None else ""
    if found.share is None:
        return (words.say("summary_refused", f"{found.claims:,}"),)
    if not found.differing:
        return (words.say("summary_none", f"{found.claims:,}", f"{found.both:,}", line),)
    share = f"{float(found.share) * 100:.1f}%"
    counts = (f"{n:,}" for n in (found.claims, found.both, found.differing))
    return (words.say("summary_all", *counts, share, line), words.most(found, "first"),
            words.most(found, "second"))  # fmt: skip


def gains_points(found: Outcomes, words: OutcomeWords) -> Iterator[Point]:
    """By place and level, ranges of cost with who pays more, for each kind of person."""
    gains = merged(found.compared)
    persons = person_names(found, words)
    by_place: dict[str, list[Point]] = {}
    for levels, places, cells in gains.rows:
        level = words.levels(levels, gains.levels)
        said = [words.stretches(cell) for cell in cells]
        if len(set(said)) == 1:
            below = tuple(map(Point, said[0]))
        else:
            below = tuple(
                Point(f"{person}{words('separator')}".rstrip(), below=tuple(map(Point, lines)))
                for person, lines in zip(persons, said, strict=True)
            )
        place = words.places(places, gains.places)
        by_place.setdefault(place, []).append(_level_point(level, below, words))
    return (Point(place, below=tuple(points)) for place, points in by_place.items())


def _level_point(level: str, below: tuple[Point, ...], words: OutcomeWords) -> Point:
    """A level with what is said of it, on one line where that is one thing."""
    if len(below) == 1 and not below[0].below:
        return Point(f"{level}{words('separator')}{below[0].text}")
    return Point(level, below=below)


# --- what is refused, and how claims were set


def refused_points(found: Outcomes, words: OutcomeWords) -> Iterator[Point]:
    """Each refusal once, with the situations it meets."""
    for (sides, _), compared in found.refused.items():
        refused = next(r for r in compared[0].refused if r.whose == sides[0])
        who = words.join([words.side(whose) for whose in sides])
        yield Point(words.say("refused_of", who, _reasons(refused, words)),
                    below=(Point(_situations(compared, words)),))  # fmt: skip
    for place, whose in found.impossible:
        yield Point(words.say("impossible", words.side(whose), words.place(place)))


def _reasons(refused: Refused, words: OutcomeWords) -> str:
    return words("semicolon").join(
        message(p, words.lang) + (f" 〔{p.article}〕" if p.article else "")
        for p in refused.problems
    )


def _situations(compared: list[Compared], words: OutcomeWords) -> str:
    named = [words.situation(c.situation) for c in compared[:NAMED]]
    more = words.say("and_more") if len(compared) > NAMED else ""
    return words.say("situations", len(compared), words("semicolon").join(named) + more)


def beyond(found: Outcomes, words: OutcomeWords) -> Iterator[str]:
    """What keeps a side from deciding more of the statement than the line compared."""
    line = words.name(found.measure.name) if found.measure is not None else ""
    for refused in found.beyond:
        yield words.say("beyond", words.side(refused.whose), line, _reasons(refused, words))


def taken_points(found: Outcomes, words: OutcomeWords) -> Iterator[Point]:
    """How relative claims were made concrete, what was assumed, which figures were given."""
    sides: tuple[Whose, Whose] = ("first", "second")
    for whose, taken in zip(sides, found.taken, strict=True):
        below = []
        cities = [f"{code} {words.division(code)}" for key, code in taken.places.items()
                  if key != "own"]  # fmt: skip
        below.append(Point(words.say("taken_places", words.join(cities))))
        if taken.assumed:
            below.append(Point(words.say("assumed", words.facts(taken.assumed))))
        for source in dict.fromkeys(p.source for p in taken.parameters.values()):
            said = words.say("parameters", words.side(whose))
            below.append(Point(f"{said}{words('separator')}{words.say('source', source)}"))
        day = words.value(taken.day, "日期")
        own = f"{taken.own} {words.division(taken.own)}"
        yield Point(words.say("taken_day", words.side(whose), day, words.insurance(taken.insurance),
                              own),
                    below=tuple(below))  # fmt: skip


# --- witnesses


def _witness(number: int, one: Shown, words: OutcomeWords) -> Iterator[Block]:
    yield Heading(f"{number}. {one.title}", 2)
    said = words("comma").join(filter(None, (*one.paid, one.gap)))
    yield Prose(f"{one.claim} {said}{'。' if words.chinese else '.'}")
    yield Prose(" ".join(filter(None, (one.shows, one.others))))
    for side, reasons in zip(words.sides, one.stopped, strict=True):
        if reasons:
            yield Points(tuple(Point(words.say("refused_of", side, r)) for r in reasons))
    if not any(one.stopped):
        yield Points(tuple(_step_points(one, words)))


def _step_points(one: Shown, words: OutcomeWords) -> Iterator[Point]:
    for row in one.rows:
        if row.same:
            yield Point(f"{row.name}{words('separator')}{row.first.value}")
            continue
        below = [
            Point(f"{side}{words('separator')}{_half(half, words)}", _article(half))
            for side, half in zip(words.sides, (row.first, row.second), strict=True)
        ]  # fmt: skip
        yield Point(row.name, below=tuple(below))


def _half(half: Half, words: OutcomeWords) -> str:
    if not half.value:
        return words.say("silent")
    if not half.counts:
        return half.value + words.bracketed(words.say("idle"))
    how = words("semicolon").join(filter(None, (told(entry) for entry in half.entries)))
    return half.value + words.bracketed(how)


def told(entry: Entry) -> str:
    """How a state came about, on one line, without the words of law."""
    if entry.change:
        change = f"{entry.before} → {entry.value} {entry.change}" if entry.before else entry.change
        return f"{change} {entry.condition}".strip()
    return " = ".join(filter(None, (entry.symbols, entry.numbers)))


def _article(half: Half) -> str:
    cited = (e.cited.label for e in half.entries if e.cited is not None and not e.cited.national)
    return "、".join(dict.fromkeys(cited))
