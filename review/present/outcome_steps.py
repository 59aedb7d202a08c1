"""The steps of a witness as a reader sees them: both sides of each quantity, told once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from attrs import frozen

from tiaowen.compiler.core import EXCLUDED
from tiaowen.dsl.catalogue import message
from tiaowen.engine.telling.explanation import Step
from tiaowen.review.difference.outcomes.causes import FIGURES
from tiaowen.review.difference.outcomes.records import Outcomes, StepPair, Told, Witness
from tiaowen.review.present.model import Entry
from tiaowen.review.present.outcome_words import OutcomeWords
from tiaowen.review.present.tree import Teller


@frozen
class Half:
    """One side of a row: its value and how it came about, oldest state first; empty where the
    side has no such step. The result rests on it only where it ``counts``."""

    value: str = ""
    entries: tuple[Entry, ...] = ()
    counts: bool = True


@frozen
class StepRow:
    """A quantity on both sides; ``same`` rows are context."""

    name: str
    first: Half
    second: Half
    same: bool


@frozen
class Shown:
    """A witness ready to be laid out. ``stopped`` says of each side why it does not decide."""

    title: str
    claim: str
    paid: tuple[str, str]
    gap: str
    rows: tuple[StepRow, ...]
    stopped: tuple[tuple[str, ...], tuple[str, ...]]
    others: str
    shows: str


Quoted: TypeAlias = tuple[set[tuple[str, str]], set[tuple[str, str]]]
"""Articles of either side with their words as they were quoted."""


def all_shown(found: Outcomes, words: OutcomeWords) -> tuple[Shown, ...]:
    """Every witness in words; what the law says is quoted where it first comes up."""
    quoted: Quoted = (set(), set())
    return tuple(shown(witness, words, quoted) for witness in found.witnesses)


def shown(witness: Witness, words: OutcomeWords, quoted: Quoted) -> Shown:
    """``witness`` in words; what is in ``quoted`` is not quoted again."""
    sides = (witness.first, witness.second)
    tellers = (Teller(witness.first.explanation, words, quoted=quoted[0]),
               Teller(witness.second.explanation, words, quoted=quoted[1]))  # fmt: skip
    paid = [_paid(side, told, words) for side, told in zip(words.sides, sides, strict=True)]
    gap = ""
    if witness.first.value is not None and witness.second.value is not None:
        gap = words.say("gap", words.money(abs(witness.second.value - witness.first.value)))
    others = words("semicolon").join(words.cause(cause) for cause in witness.others)
    return Shown(
        words.cause(witness.cause),
        words.say("claim", words.situation(witness.situation, exact=True),
                  words.money(witness.amount)),
        (paid[0], paid[1]), gap, tuple(_rows(witness, tellers, words)),
        (_stopped(witness.first, words), _stopped(witness.second, words)),
        words.say("others", others) if others else "",
        words.say("shows", witness.situations),
    )  # fmt: skip


def _paid(side: str, told: Told, words: OutcomeWords) -> str:
    if told.value is None:
        return words.say("refuses", side)
    return words.say("pays", side, words.money(told.value))


def _stopped(told: Told, words: OutcomeWords) -> tuple[str, ...]:
    if told.value is not None:
        return ()
    return tuple(
        message(p, words.lang) + (f" 〔{p.article}〕" if p.article else "") for p in told.problems
    )


def _rows(witness: Witness, tellers: tuple[Teller, Teller],
          words: OutcomeWords) -> Iterator[StepRow]:  # fmt: skip
    grounds = [_grounds(told, words) for told in (witness.first, witness.second)]
    if any(grounds):
        yield StepRow(words.name(EXCLUDED), Half(grounds[0]), Half(grounds[1]), False)
    for pair in witness.steps:
        if _idle(pair) or (pair is not witness.steps[-1] and _handed_on(pair)):
            continue
        halves = [
            _half(steps, teller, pair.same, counts) for steps, teller, counts in
            zip((pair.first, pair.second), tellers, pair.counts, strict=True)
        ]  # fmt: skip
        yield StepRow(words.name(pair.quantity), halves[0], halves[1], pair.same)


def _grounds(told: Told, words: OutcomeWords) -> str:
    """What is not paid and why, each ground once."""
    found = (f"{r.reason} 〔{r.citation.article}〕" for r in told.explanation.refusals)
    return words("semicolon").join(dict.fromkeys(found))


def _idle(pair: StepPair) -> bool:
    """Whether a row tells nothing: nothing on both sides; what is no amount or ratio and is the
    same, or one side's alone, and comes up again in those; a line of the national order that
    one of the results does not rest on."""
    if pair.quantity == EXCLUDED:
        return False
    sides = [steps for steps in (pair.first, pair.second) if steps]
    figure = sides[0][-1].type in FIGURES
    if not figure and (pair.same or len(sides) == 1):
        return True
    if not all(pair.counts) and not any(_own(steps) for steps in sides):
        return True
    return all(not steps[-1].value or steps[-1].type == "理由" for steps in sides)


def _handed_on(pair: StepPair) -> bool:
    """Whether the national order only calls the value before by another name, on both sides."""
    ends = [steps[-1] for steps in (pair.first, pair.second) if steps]
    return all(s.term.form == "step" and not _own((s,)) and s.before is None for s in ends)


def _own(steps: tuple[Step, ...]) -> bool:
    """Whether the policy itself, and not the national order alone, gives a value."""
    return any(s.citation is not None and s.citation.article for s in steps)


def _half(steps: tuple[Step, ...], teller: Teller, same: bool, counts: bool) -> Half:
    """A side's value with its states; context is told by its value alone."""
    if not steps:
        return Half()
    last = steps[-1]
    value = teller.words.value(last.value, last.type, last.quantity)
    if same or not counts:
        return Half(value, counts=counts)
    moved = [s for s in steps if s.before is None or s.value != s.before]
    return Half(value, tuple(teller.entry(step) for step in moved))
