"""Two policies on one page, as a drafter takes it into a meeting.

First whose policies they are and what it comes to in three sentences; then the figures, the
pictures, who gains where, the claims that show each difference with both explanations side by
side; then the rules, what only one has, what is left open, and what either refuses. Nothing is
fetched, and it prints as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

import tiaowen
from tiaowen.dsl.catalogue import Lang
from tiaowen.review.difference.outcomes.records import Outcomes
from tiaowen.review.difference.records import Difference, Side
from tiaowen.review.present.difference import difference_head
from tiaowen.review.present.difference_figures import FigureBlocks
from tiaowen.review.present.difference_outcomes import (
    beyond,
    refused_points,
    summary,
    taken_points,
    told,
)
from tiaowen.review.present.difference_rules import rule_blocks
from tiaowen.review.present.difference_view import (
    Section,
    SideView,
    View,
    blocks_of,
    gain_section,
    picture_section,
    witness_section,
)
from tiaowen.review.present.difference_words import Said, said_of
from tiaowen.review.present.outcome_words import OutcomeWords, words_of
from tiaowen.review.present.page import Block, Heading, Points, Prose
from tiaowen.review.present.templating import filled
from tiaowen.review.present.words import labels_of

LISTS = {"exclusion": "alone", "duty": "alone", "parameter": "open", "reading": "open"}
"""Where lists of one side's own go, by the heading they stand under."""


def difference_html(found: Difference, lang: Lang, *, every_rule: bool = False) -> str:
    """``found`` as a complete HTML document in ``lang``.

    Parts that were not asked for are left out. Raises ``Rejected`` (TW0703) where outcomes are to
    be drawn and the extra ``report`` is not installed.
    """
    words = words_of(found.first, found.second, lang)
    view = _view(found, words, every_rule)
    return filled("difference", ("decision", "difference"), view=view, lang=lang, say=words.say,
                  told=told, comma=words("comma"), bracketed=words.bracketed)  # fmt: skip


def _view(found: Difference, words: OutcomeWords, every_rule: bool) -> View:
    said = said_of(found.first, found.second, words.lang)
    sides = (found.first, found.second)
    shown = tuple(
        SideView(name, side.title, tuple(_identity(side, said)))
        for name, side in zip(words.sides, sides, strict=True)
    )
    return View(
        said.say("title", found.first.title, found.second.title), words.say("page"),
        words.say("versus", *words.sides), (shown[0], shown[1]), tuple(_warnings(found, words)),
        tuple(_summary(found, words, said)), tuple(_sections(found, words, said, every_rule)),
        words.say("result"), words.say("foot", tiaowen.__version__,
                                       *(s.program.identity.digest[:16] for s in sides)),
    )  # fmt: skip


def _identity(side: Side, said: Said) -> Iterator[str]:
    identity = side.program.identity
    if identity.document_number:
        yield identity.document_number
    yield said.say("region", identity.region, said("list").join(identity.insurance))
    state = said("draft") if identity.in_force is None else said("in_force", identity.in_force)
    yield state + (said("comma") + said("expires", identity.expires) if identity.expires else "")
    if side.readings:
        yield said.say("chosen", said.choices(side.readings))


def _warnings(found: Difference, words: OutcomeWords) -> Iterator[str]:
    """Figures that are not the regulation's own, said before anything is read off them."""
    for name, side in zip(words.sides, (found.first, found.second), strict=True):
        sources = dict.fromkeys(p.source for p in side.parameters.values() if p.source)
        if sources:
            yield words.say("not_own", name, words.join(list(sources)))
    for outcomes in found.outcomes or ():
        yield from beyond(outcomes, words)


def _summary(found: Difference, words: OutcomeWords, said: Said) -> Iterator[str]:
    if found.identical:
        yield said.say("identical")
    compared = [outcomes for outcomes in found.outcomes or () if outcomes.measure is not None]
    if compared:
        chosen = next((outcomes for outcomes in compared if outcomes.both), compared[0])
        yield from summary(chosen, words)


# --- sections


def _sections(found: Difference, words: OutcomeWords, said: Said,
              every_rule: bool) -> Iterator[Section]:  # fmt: skip
    if found.identical:
        return
    outcomes = tuple(o for o in found.outcomes or () if o.measure is not None)
    figures, alone, left = _figures(found, said)
    if figures:
        yield Section(said.say("figures"), blocks=blocks_of(figures))
    for one in outcomes:
        if one.both:
            yield picture_section(one, _titled("pictures", one, outcomes, words), words)
            yield gain_section(one, _titled("gains", one, outcomes, words), words)
        if one.witnesses:
            yield witness_section(one, _titled("witnesses", one, outcomes, words), words)
    if found.rules is not None:
        yield Section(said.say("rules"), blocks=blocks_of(_without_title(
            list(rule_blocks(found.rules, said, every_rule)), said.say("rules"))))  # fmt: skip
    if alone:
        yield Section(words.say("alone"), blocks=blocks_of(alone))
    if left:
        yield Section(words.say("open"), blocks=blocks_of(left))
    yield from _refusals(outcomes, words)


def _titled(key: str, one: Outcomes, every: tuple[Outcomes, ...], words: OutcomeWords) -> str:
    """The title of a section, with its matter where there are several."""
    title = words.say(key)
    if len(every) == 1:
        return title
    names = dict.fromkeys(words.name(n) for n in (one.pair.first, one.pair.second))
    return words.say("of_range", title, " / ".join(names))


def _figures(found: Difference,
             said: Said) -> tuple[list[Block], list[Block], list[Block]]:  # fmt: skip
    """Blocks of figures; of what only one has; of what is left open."""
    sorted_out: dict[str, list[Block]] = {"": [], "alone": [], "open": []}
    if found.figures is not None:
        own = (evolve(said, labels=labels_of(found.first.program)),
               evolve(said, labels=labels_of(found.second.program)))  # fmt: skip
        places = {said.say(key): where for key, where in LISTS.items()}
        matters, *overview = difference_head(found, said)
        where = ""
        for block in (matters, *FigureBlocks(found, said, own).blocks(found.figures)):
            if isinstance(block, Heading) and block.level == 1:
                where = places.get(block.text, "")
            sorted_out[where].append(block)
        sorted_out[""] += overview
    return sorted_out[""], sorted_out["alone"], sorted_out["open"]


def _without_title(blocks: list[Block], title: str) -> list[Block]:
    return [b for b in blocks if not (isinstance(b, Heading) and b.text == title)]


def _refusals(outcomes: tuple[Outcomes, ...], words: OutcomeWords) -> Iterator[Section]:
    """What is refused, and how the claims were set."""
    for one in outcomes:
        lead = [Prose(words.say("measure", words.name(one.measure.name)))] if one.measure else []
        blocks: list[Block] = [*lead]
        if one.refused or one.impossible:
            blocks.append(Points(tuple(refused_points(one, words))))
        yield Section(_titled("refused", one, outcomes, words), blocks=blocks_of(blocks))
        taken: list[Block] = [Points(tuple(taken_points(one, words)))]
        yield Section(_titled("taken", one, outcomes, words), blocks=blocks_of(taken))
