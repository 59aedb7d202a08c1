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


def deciding(changes: Iterable[StepChange]) -> tuple[Citation, ...]:
    """The articles that decide differently now: of the steps where another rule or another row
    of a table applies, else of those where the difference begins, else of the first that cite
    one. The national interface's rules are no articles."""
    listed = list(changes)
    for chosen in (
        [change for change in listed if _other_rule(change)],
        [change for change in listed if change.first],
        listed,
    ):
        cited = [c.step.citation for c in chosen if c.step.citation is not None]
        articles = {citation.article: citation for citation in reversed(cited) if citation.article}
        if articles:
            return tuple(articles[name] for name in dict.fromkeys(
                c.article for c in cited if c.article))  # fmt: skip
    return ()


def _other_rule(change: StepChange) -> bool:
    if change.before is None or change.after is None:
        return True
    return _rows(change.before.term) != _rows(change.after.term)


def _rows(term: Term) -> list[str]:
    rows = [term.text] if term.form == "table" else []
    return rows + [row for inner in term.terms for row in _rows(inner)]
