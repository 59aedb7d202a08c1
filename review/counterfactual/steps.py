"""Which quantities of an explanation a change of fact moved, by which rules, and where the
difference begins.

The explanations compared tell the rules that did not apply too: that a rule no longer holds has
its reasons in what its condition looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from attrs import evolve, frozen

from tiaowen.compiler.types import REASONS
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.telling.explanation import Citation, Explanation, Step, Term
from tiaowen.review.counterfactual.model import StepChange

Key: TypeAlias = tuple[str, str, int | None, str]
"""A quantity: the part or inner settlement it is in, its collection and element, its name."""


@frozen(eq=False)
class _Told:
    """An explanation by quantity: every state in its order, and the quantity of each step."""

    states: Mapping[Key, tuple[Step, ...]]
    of_step: Mapping[str, Key]
    statement: Mapping[str, Key]

    @classmethod
    def of(cls, explanation: Explanation) -> _Told:
        states: dict[Key, tuple[Step, ...]] = {}
        of_step = {step.id: (step.where, step.level, step.index, step.quantity)
                   for step in explanation.steps}  # fmt: skip
        grounds = {refused.reason: refused.citation for refused in explanation.refusals}
        for step in explanation.steps:
            key = of_step[step.id]
            states[key] = (*states.get(key, ()), _grounded(step, grounds))
        lines = {line.name: of_step[line.step] for line in explanation.statement if line.step}
        return cls(states, of_step, lines)

    def draws_on(self, key: Key, *, conditions: bool) -> Iterator[Key]:
        """The other quantities that ``key`` is worked out from here, with ``conditions`` those
        that only decide whether a rule applies too."""
        for step in self.states.get(key, ()):
            terms = [step.term] if step.condition is None or not conditions else [
                step.term, step.condition]  # fmt: skip
            for term in terms:
                for name in _steps(term):
                    if (other := self.of_step.get(name)) is not None and other != key:
                        yield other


def _steps(term: Term) -> Iterator[str]:
    if term.step:
        yield term.step
    for inner in term.terms:
        yield from _steps(inner)


def _grounded(step: Step, grounds: Mapping[str, Citation]) -> Step:
    """A step that gathers grounds of exclusion rests on the articles of those that hold, not on
    the first that the policy names."""
    if step.type != REASONS.name:
        return step
    held = step.value if isinstance(step.value, tuple) else ()
    found = [grounds[reason] for reason in held if reason in grounds]
    return evolve(step, citation=found[0] if found else None)


def changed_steps(before: Explanation, after: Explanation) -> tuple[StepChange, ...]:
    """The quantities that changed on the way to what changed in the statement, in the order of
    ``after``; those no longer looked at are not among them."""
    old, new = _Told.of(before), _Told.of(after)
    changed = {
        key: change
        for key in new.states
        if (change := _changed(old.states.get(key, ()), new.states[key])) is not None
    }
    moved = [key for line, key in new.statement.items() if key in changed or _moved(line, old, new)]
    reached = _reached(moved, changed, old, new)
    found = []
    for key, change in changed.items():
        if key in reached:
            # What was not looked at before may have been the same all along.
            begins = not any(
                other in changed and changed[other][0] is not None
                for told in (old, new)
                for other in told.draws_on(key, conditions=True)
            )
            found.append(StepChange(*change, first=begins))
    return tuple(found)


def _moved(line: str, old: _Told, new: _Told) -> bool:
    return old.statement.get(line) != new.statement[line]


def _changed(
    before: tuple[Step, ...], after: tuple[Step, ...]
) -> tuple[Step | None, Step, tuple[Step, ...], tuple[Step, ...]] | None:
    """The last states of a quantity, with its rules that are new and gone; None if it is as it
    was."""
    known, now = {_rule(step) for step in before}, {_rule(step) for step in after}
    fresh = tuple(step for step in after if _rule(step) not in known)
    gone = tuple(step for step in before if _rule(step) not in now)
    if before and before[-1].value == after[-1].value and not fresh and not gone:
        return None
    return before[-1] if before else None, after[-1], fresh, gone


def _rule(step: Step) -> tuple[object, ...]:
    """The rule a step follows, and the rows of the tables and figures of other documents it
    read."""
    cited = step.citation
    rule = (cited.article, cited.rule) if cited is not None else ()
    return (step.kind, rule, *_rows(step.term))


def _rows(term: Term) -> list[str]:
    rows = [term.text] if term.form == "table" else []
    if term.form == "parameter":
        rows = [f"{term.name} {term.value}"]
    return rows + [row for inner in term.terms for row in _rows(inner)]


def _reached(start: Iterable[Key], changed: Mapping[Key, object], old: _Told, new: _Told,
             *, conditions: bool = True) -> set[Key]:  # fmt: skip
    """The changed quantities that those of ``start`` draw on, before or after."""
    waiting = [key for key in start if key in changed]
    found: set[Key] = set()
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        found.add(key)
        for told in (old, new):
            waiting += [k for k in told.draws_on(key, conditions=conditions) if k in changed]
    return found


def deciding(changes: Iterable[StepChange], before: Explanation, after: Explanation,
             line: str) -> tuple[Citation, ...]:  # fmt: skip
    """The articles that decide ``line`` of the statement differently now.

    Of the quantities that its figure is worked out from: the articles of rules, or rows of
    tables, that newly apply, else of those that no longer do; failing both, the articles where
    the difference begins. Rules of the national interface have none.
    """
    listed = list(changes)
    old, new = _Told.of(before), _Told.of(after)
    keyed = {new.of_step[c.after.id]: c for c in listed}
    start = [new.statement[line]] if line in new.statement else []
    reached = _reached(start, keyed, old, new, conditions=False)
    on_path = [change for key, change in keyed.items() if key in reached]
    ruled = [step for c in on_path for step in (_articled(c.new) or _articled(c.gone))]
    first = [c.after for c in listed if c.first]
    return cited(ruled) or cited(first)


def _articled(steps: Iterable[Step]) -> list[Step]:
    return [step for step in steps if step.citation is not None and step.citation.article]


def provided(after: Explanation, problems: Iterable[Diagnostic]) -> tuple[StepChange, ...]:
    """The quantities for want of which a decision stopped, as they come out in ``after``."""
    wanted = {str(problem.args.get("name", "")) for problem in problems}
    last = {step.quantity: step for step in after.steps if step.quantity in wanted}
    return tuple(StepChange(None, step, (step,), (), first=True) for step in last.values())


def cited(steps: Iterable[Step]) -> tuple[Citation, ...]:
    """The articles of ``steps``, each once."""
    found: dict[str, Citation] = {}
    for step in _articled(steps):
        assert step.citation is not None
        found.setdefault(step.citation.article, step.citation)
    return tuple(found.values())
