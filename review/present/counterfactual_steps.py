"""The steps that a change of fact moved, in words: from what to what, by which article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from tiaowen.compiler.core import LINES
from tiaowen.engine.telling.explanation import Step
from tiaowen.review.counterfactual.model import StepChange
from tiaowen.review.present.counterfactual_words import Telling
from tiaowen.review.present.quotes import excerpt

MOST_LINES = 8
"""Fee lines that are listed by number where they changed alike."""


@frozen
class ShownStep:
    """A quantity that changed, in words; ``first`` where the difference begins, ``ruled`` where
    another rule or row applies, ``known`` where it was looked at before too."""

    text: str
    article: str
    quote: str
    first: bool
    ruled: bool
    known: bool


def shown_steps(changes: Iterable[StepChange], telling: Telling) -> Iterator[ShownStep]:
    """Each quantity that changed, one that changed alike in several fee lines once; a paragraph
    is quoted where it first decides."""
    alike: dict[object, list[StepChange]] = {}
    for change in changes:
        alike.setdefault(_told_alike(change), []).append(change)
    quoted: set[str] = set()
    for change, *others in alike.values():
        name = telling.words.name(change.after.quantity)
        if change.after.where:
            name = telling.say("at", name, _where([change, *others], telling))
        now = _value(change.after, telling)
        was = _value(change.before, telling) if change.before is not None else ""
        if was and was != now:
            text = telling.say("to", name, was, now)
        else:
            text = telling.say("stays" if was else "is", name, now)
        rested, gone = _rested(change)
        article = rested.citation.article if rested.citation is not None else ""
        if gone:
            text += telling.say("gone", article)
            article = ""
        yield ShownStep(text, article, _quote(rested, quoted), change.first,
                        bool(change.new or change.gone), bool(was))  # fmt: skip


def _told_alike(change: StepChange) -> object:
    """What is told of a change, but for the fee line it is of."""
    after, before = change.after, change.before
    if not _of_line(after):
        return id(change)
    rested, gone = _rested(change)
    article = rested.citation.article if rested.citation is not None else ""
    return (after.quantity, before.value if before is not None else None, after.value, article,
            gone, change.first)  # fmt: skip


def _of_line(step: Step) -> bool:
    return step.level == LINES and step.index is not None and " · " not in step.where


def _where(changes: Sequence[StepChange], telling: Telling) -> str:
    """The fee lines, part or inner settlement that the steps are of."""
    first = changes[0].after
    if not _of_line(first):
        return telling.words.place(first.where)
    numbers = [change.after.index + 1 for change in changes if change.after.index is not None]
    listed = telling.words("list").join(map(str, numbers[:MOST_LINES]))
    if len(numbers) > MOST_LINES:
        count = len(numbers) if telling.words.chinese else len(numbers) - MOST_LINES
        listed += telling.say("others", count)
    return telling.say("lines" if len(numbers) > 1 else "line", listed)


def _rested(change: StepChange) -> tuple[Step, bool]:
    """The state whose rule makes the difference: the last that newly applies, else the last that
    is gone (True), else the last there is."""
    for steps, gone in ((change.new, False), (change.gone, True)):
        cited = [step for step in steps if step.citation is not None and step.citation.article]
        if cited:
            return cited[-1], gone
    return change.after, False


def _quote(step: Step, quoted: set[str]) -> str:
    """The words of the paragraph that ``step`` rests on, '' where they were quoted before."""
    cited = step.citation
    if cited is None or not cited.words:
        return ""
    quote = excerpt(cited.words, step.term, [step.quantity, cited.rule])
    if quote in quoted:
        return ""
    quoted.add(quote)
    return quote


def _value(step: Step, telling: Telling) -> str:
    return telling.words.value(step.value, step.type, step.quantity)
