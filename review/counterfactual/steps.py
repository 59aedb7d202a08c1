"""Which steps of an explanation a change of fact moved, and where the difference begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from tiaowen.engine.explanation import Citation, Explanation, Step, Term
from tiaowen.review.counterfactual.model import StepChange

Key: TypeAlias = tuple[str, str, int | None, str, str, int]
"""Where a step stands: its place and quantity, the rule, and which of several alike it is."""


def changed_steps(before: Explanation, after: Explanation) -> tuple[StepChange, ...]:
    """Every step that is new, gone or has another value, in the order of ``after``; steps that
    are gone stand where they stood among those before them."""
    old, new = _keyed(before.steps), _keyed(after.steps)
    moved = {step.id for key, step in new.items() if key not in old or old[key].value != step.value}
    gone = {step.id for key, step in old.items() if key not in new}
    changed_before = gone | {
        step.id for key, step in old.items() if key in new and new[key].value != step.value
    }
    found: list[StepChange] = []
    waiting = iter(old.items())
    for key, step in new.items():
        found += _until(key, old, new, waiting, changed_before)
        if step.id in moved:
            found.append(StepChange(old.get(key), step, not _draws_on(step, moved)))
    found += _until(None, old, new, waiting, changed_before)
    return tuple(found)


def _until(
    key: Key | None,
    old: Mapping[Key, Step],
    new: Mapping[Key, Step],
    waiting: Iterator[tuple[Key, Step]],
    changed: set[str],
) -> Iterator[StepChange]:
    """The steps that are gone from before the place of ``key`` in the old explanation."""
    if key is not None and key not in old:
        return
    for other, step in waiting:
        if other == key:
            return
        if other not in new:
            yield StepChange(step, None, not _draws_on(step, changed))


def _keyed(steps: Iterable[Step]) -> dict[Key, Step]:
    found: dict[Key, Step] = {}
    for step in steps:
        rule = step.citation.article + step.citation.rule if step.citation is not None else ""
        number = 0
        while (key := (step.where, step.level, step.index, step.quantity, rule, number)) in found:
            number += 1
        found[key] = step
    return found


def _draws_on(step: Step, changed: set[str]) -> bool:
    terms = [step.term, *([step.condition] if step.condition is not None else [])]
    return any(name in changed for term in terms for name in _steps(term))


def _steps(term: Term) -> Iterator[str]:
    if term.step:
        yield term.step
    for inner in term.terms:
        yield from _steps(inner)


def deciding(changes: Iterable[StepChange], before: Explanation, after: Explanation,
             line: str) -> tuple[Citation, ...]:  # fmt: skip
    """The articles that decide ``line`` of the statement differently now.

    Of the steps that its figure is worked out from: those where another rule, or another row of
    a table, applies; else those where the difference begins; else any that changed. A rule of
    the national interface is no article.
    """
    listed = list(changes)
    now = _worked_from(after, line, {c.after.id for c in listed if c.after is not None})
    was = _worked_from(before, line, {c.before.id for c in listed if c.before is not None})
    on_path = [
        change
        for change in listed
        if (change.after.id in now if change.after else change.step.id in was)
    ]
    replaced = {change.step.quantity for change in on_path if change.before is None}
    ruled = [
        change
        for change in on_path
        if _other_rule(change) and (change.after or change.step.quantity not in replaced)
    ]
    first = [change for change in listed if change.first]
    for chosen in (ruled, [c for c in on_path if c.first], first, on_path, listed):
        if found := _cited(chosen):
            return found
    return ()


def _cited(changes: Iterable[StepChange]) -> tuple[Citation, ...]:
    """The citations of articles, each article once."""
    found: dict[str, Citation] = {}
    for change in changes:
        citation = change.step.citation
        if citation is not None and citation.article:
            found.setdefault(citation.article, citation)
    return tuple(found.values())


def _worked_from(explanation: Explanation, line: str, changed: set[str]) -> set[str]:
    """The changed steps that ``line`` is worked out from, conditions not looked into."""
    steps = {step.id: step for step in explanation.steps}
    waiting = [of.step for of in explanation.statement if of.name == line and of.step in changed]
    found: set[str] = set()
    while waiting:
        identity = waiting.pop()
        if identity not in found:
            found.add(identity)
            waiting += [name for name in _values(steps[identity].term) if name in changed]
    return found


def _values(term: Term) -> Iterator[str]:
    """The steps whose values ``term`` takes in, not those it only asks a question of."""
    if term.step:
        yield term.step
    for inner in term.terms[1:] if term.form == "if" else term.terms:
        yield from _values(inner)


def _other_rule(change: StepChange) -> bool:
    if change.before is None or change.after is None:
        return True
    return _rows(change.before.term) != _rows(change.after.term)


def _rows(term: Term) -> list[str]:
    rows = [term.text] if term.form == "table" else []
    return rows + [row for inner in term.terms for row in _rows(inner)]
