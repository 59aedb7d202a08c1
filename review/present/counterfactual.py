"""What would have changed a result, told: entries in words, as a page of text or Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import frozen

from tiaowen.compiler.core import LINES
from tiaowen.compiler.types import TRUTH
from tiaowen.dsl.catalogue import Lang, message
from tiaowen.engine.frames import Claim
from tiaowen.engine.history.earlier import HistoryItem
from tiaowen.review.counterfactual.model import STOPS, Way, WhatIf
from tiaowen.review.present.counterfactual_steps import ShownStep, shown_steps
from tiaowen.review.present.counterfactual_words import Telling
from tiaowen.review.present.page import Block, Heading, Page, Point, Points, Prose

LIMIT = 20
"""Ways of each kind that are shown."""

MOST_STEPS = 8
"""Steps told of each way where there is little room."""


@frozen
class ShownWay:
    """``gain`` is '' where better and worse have no measure; ``amount`` is it as a number;
    ``brief`` is ``text`` in few words."""

    number: int
    gain: str
    result: str
    text: str
    brief: str
    articles: str
    note: str
    steps: tuple[ShownStep, ...]
    amount: Fraction | None


@frozen
class Shown:
    """An answer in the reader's language, ``limit`` ways of each kind at most."""

    title: str
    result: str
    problems: tuple[str, ...]
    better: tuple[ShownWay, ...]
    better_count: int
    worse: tuple[ShownWay, ...]
    worse_count: int
    decidable: tuple[ShownWay, ...]
    decidable_count: int
    telling: Telling
    found: WhatIf


def shown(found: WhatIf, claim: Claim, items: Sequence[HistoryItem], lang: Lang, *,
          both: bool = False, limit: int = LIMIT) -> Shown:  # fmt: skip
    """``found``, of ``claim`` after ``items``, in words; with ``both`` what is worse too."""
    lines = claim.collections.get(LINES, ())
    telling = Telling.of(found.program, lang, items, lines)
    words = telling.words
    title = telling.say("title", found.program.identity.title, words.name(found.matter))
    name = words.name(found.measure.output.name)
    result = telling.say("result", name, telling.measured(found.measure, found.value))
    if found.problems:
        why = words("semicolon").join(message(p, lang) for p in found.problems)
        result = telling.say("stopped", why)

    def ways(listed: Sequence[Way]) -> tuple[ShownWay, ...]:
        return tuple(_way(n, way, found, telling) for n, way in enumerate(listed[:limit], 1))

    return Shown(
        title, result, tuple(message(p, lang) for p in found.problems),
        ways(found.better), len(found.better), ways(found.worse) if both else (),
        len(found.worse), ways(found.decidable), len(found.decidable), telling, found,
    )  # fmt: skip


def _way(number: int, way: Way, found: WhatIf, telling: Telling) -> ShownWay:
    measure = found.measure
    note = ""
    if way.apart is not None:
        apart = [
            telling.say("undecided") if gain is None
            else telling.say("nothing") if not gain
            else telling.gain(measure, gain)
            for gain in way.apart
        ]  # fmt: skip
        note = telling.say("apart", *apart)
    gain = telling.gain(measure, way.gain) if way.gain is not None else ""
    return ShownWay(
        number, gain, telling.measured(measure, way.value),
        telling.way(way.changes, way.alike, way.elsewhere), telling.brief(way.changes),
        telling.words("list").join(c.article for c in way.articles)
        or (telling.words("national") if way.steps and way.gain is not None else ""), note,
        tuple(shown_steps(way.steps, telling)),
        Fraction(way.gain) if way.gain is not None else None,
    )  # fmt: skip


# --- the page


def whatif_page(view: Shown) -> Page:
    """``view`` as text and Markdown show it."""
    return Page(view.title, tuple(_blocks(view)))


def _blocks(view: Shown) -> Iterator[Block]:
    say, found = view.telling.say, view.found
    yield Prose(view.result, strong=True)
    if found.problems:
        yield from _listed(say("decidable", view.decidable_count), view.decidable,
                           view.decidable_count, view)  # fmt: skip
        if not view.decidable:
            yield Prose(say("undecidable"), strong=True)
    elif not view.better_count:
        nothing = not view.worse_count and not found.otherwise
        yield Prose(say("none_at_all" if nothing else "none"), strong=True)
    else:
        yield Prose(how_read(view))
        yield from _listed(say("better", view.better_count), view.better, view.better_count, view)
    if view.worse:
        yield from _listed(say("worse", view.worse_count), view.worse, view.worse_count, view)
    for note in notes(view):
        yield Prose(note)
    if facts := left_out(view):
        yield Heading(say("unchanged_facts"), 2)
        yield Points(tuple(Point(text) for text in facts))
    if asides := aside(view):
        yield Heading(say("aside"), 2)
        yield Points(tuple(Point(text) for text in asides))


def _listed(title: str, ways: Sequence[ShownWay], count: int, view: Shown) -> Iterator[Block]:
    if not ways:
        return
    yield Heading(title)
    yield Points(tuple(_point(way, view) for way in ways))
    if count > len(ways):
        yield Prose(view.telling.say("more", count - len(ways)))


def _point(way: ShownWay, view: Shown) -> Point:
    name = view.telling.words.name(view.found.measure.output.name)
    result = view.telling.say("becomes", name, way.result)
    head = "  ".join(part for part in (way.gain, way.text) if part)
    below = [Point(view.telling.words("semicolon").join(filter(None, (result, way.note))))]
    for step in short(way.steps):
        quote = f" “{step.quote}”" if step.quote else ""
        below.append(Point(step.text + quote, step.article))
    return Point(head, way.articles, tuple(below))


def short(steps: Sequence[ShownStep]) -> list[ShownStep]:
    """The steps that say most: where the difference begins and where another rule applies, those
    looked at for the first time only where an article is behind them."""
    telling = [s for s in steps if (s.first or s.ruled) and (s.known or s.article)]
    return telling[:MOST_STEPS]


# --- what is said around the ways


def how_read(view: Shown) -> str:
    """How the entries are to be read: a yes or no has no figure before it."""
    figures = view.found.measure.output.type != TRUTH
    return view.telling.say("how_read" if figures else "how_read_plain")


def notes(view: Shown) -> Iterator[str]:
    """What was not listed, and how far the search went."""
    say, found = view.telling.say, view.found
    searched = found.searched
    if view.worse_count and not view.worse:
        yield say("worse_count", view.worse_count)
    if found.otherwise:
        name = view.telling.words.name(found.measure.output.name)
        yield say("otherwise", len(found.otherwise), name)
    if found.certain:
        names = view.telling.words("list").join(map(view.telling.words.name, found.certain))
        yield say("certain", names)
    key = "searched" if searched.pairs or searched.pairs_left else "not_paired"
    parts = [say(key, searched.alone, searched.without_effect, searched.pairs)]
    if searched.pairs_left:
        parts.append(say("pairs_left", searched.pairs_left))
    if searched.pairs:
        parts.append(say("bounds"))
    yield ("" if view.telling.words.chinese else " ").join(parts)


def left_out(view: Shown) -> list[str]:
    """The facts that the decision looked at and that no paper changes, by their reasons."""
    words = view.telling.words
    by_reason: dict[str, list[str]] = {}
    for name, standing in view.found.unchangeable.items():
        reason = standing.zh if words.chinese else standing.en
        by_reason.setdefault(reason, []).append(words.name(name))
    return [f"{words('list').join(names)}{words('separator')}{reason}"
            for reason, names in by_reason.items()]  # fmt: skip


def aside(view: Shown) -> list[str]:
    """What stood against the changes that gave no result, with how many they are."""
    lang = view.telling.words.lang
    return [
        view.telling.say("times", len(entry.changes), _reason(entry.problem.code, view)
                         or message(entry.problem, lang))
        for entry in view.found.aside
    ]  # fmt: skip


def _reason(code: str, view: Shown) -> str:
    """For facts that contradict one another, what they contradict, whatever their values."""
    if code in STOPS:
        return ""
    from tiaowen.dsl.catalogue import entry

    return entry(code).title.say(view.telling.words.lang)
