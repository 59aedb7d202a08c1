"""All kept decisions decided again, under this engine or another policy: what changes.

A regulation is amended, or an engine is mended: what would have been decided otherwise, by how
much, and at which step it first differs. Every decision looked at comes out in one of the lists;
what cannot be decided again stands there with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from attrs import frozen

from tiaowen.compiler.core import Program, Value
from tiaowen.dsl.diagnostics import Diagnostic, Rejected
from tiaowen.engine.replaying.replay import Difference, Replay, replay
from tiaowen.engine.telling import explanation as x
from tiaowen.engine.telling.as_json import from_data
from tiaowen.review.store.about import paid_and_own
from tiaowen.review.store.records import Entry, Query, Stored
from tiaowen.review.store.store import Store

ProgramFor = Callable[[Mapping[str, Any]], Program]
"""The policy that a decision file is decided again under; may raise ``Rejected``."""

Progress = Callable[[int, int], object]

Kind = Literal["result", "steps"]


@frozen
class Change:
    """A decision that comes out otherwise. ``kind``: 'result' where an amount of the statement
    or what stops it changes, 'steps' where only how it was worked out does. Amounts in 分."""

    entry: Entry
    kind: Kind
    fund: int | None
    own: int | None
    problems: tuple[str, ...]
    difference: Difference | None
    article: str
    type: str

    @property
    def more(self) -> int:
        """How much more the funds pay than was recorded; less is negative."""
        return (self.fund or 0) - (self.entry.about.fund or 0)


@frozen
class Refused:
    """A decision that could not be decided again, and why."""

    entry: Entry
    problems: tuple[Diagnostic, ...]


@frozen
class Replayed:
    """What came of deciding again. ``same`` came out alike, step by step; ``elsewhere`` are of
    another region than the policy that was asked about and were left alone. ``other_text`` and
    ``other_engine`` count those decided again under another text or by another engine."""

    same: int
    elsewhere: int
    other_text: int
    other_engine: int
    changes: tuple[Change, ...]
    refused: tuple[Refused, ...]

    @property
    def looked_at(self) -> int:
        return self.same + len(self.changes) + len(self.refused)

    @property
    def results(self) -> tuple[Change, ...]:
        """The changes of a result, those that move most money first."""
        found = [change for change in self.changes if change.kind == "result"]
        return tuple(sorted(found, key=lambda change: (-abs(change.more), change.entry.number)))

    @property
    def steps(self) -> tuple[Change, ...]:
        """The changes of the way alone."""
        return tuple(change for change in self.changes if change.kind == "steps")

    @property
    def before(self) -> int:
        """What the funds pay by the decisions whose result changes, as recorded."""
        return sum(change.entry.about.fund or 0 for change in self.results)

    @property
    def after(self) -> int:
        """What they pay by the same decisions now."""
        return sum(change.fund or 0 for change in self.results)


def replay_all(store: Store, program_for: ProgramFor, query: Query | None = None, *,
               region: str = "", progress: Progress | None = None) -> Replayed:  # fmt: skip
    """Decide again every decision of ``store`` that fits ``query``.

    ``region`` leaves decisions of other regions alone. ``progress`` is told how many of how many
    were looked at. ``Rejected`` with TW1207 where a decision is not what was kept.
    """
    total = len(store.find(query))
    same, elsewhere, other_text, other_engine = 0, 0, 0, 0
    changes: list[Change] = []
    refused: list[Refused] = []
    for number, stored in enumerate(store.decisions(query), 1):
        if region and stored.entry.about.region != region:
            elsewhere += 1
        else:
            try:
                again = replay(stored.decision, program_for(stored.decision))
            except Rejected as rejected:
                refused.append(Refused(stored.entry, rejected.diagnostics))
            else:
                other_text += not again.same_policy
                other_engine += not again.same_engine
                change = changed(stored, again)
                same += change is None
                changes += [change] if change is not None else []
        if progress is not None:
            progress(number, total)
    return Replayed(same, elsewhere, other_text, other_engine, tuple(changes), tuple(refused))


def changed(stored: Stored, again: Replay) -> Change | None:
    """How a decision came out otherwise; None where every step is the same."""
    if again.identical:
        return None
    explanation = again.explanation
    fund, own = paid_and_own(
        [(line.code, bool(line.fund), line.value) for line in explanation.statement]
    )
    codes = tuple(problem.code for problem in again.problems)
    recorded = from_data(stored.decision["explanation"])
    amounts, now = ({n.name: n.value for n in e.statement} for e in (recorded, explanation))
    result = amounts != now or codes != stored.entry.about.problems
    found = (first_value(recorded, explanation) if result else None) or again.difference
    step = next((s for s in explanation.steps if found and s.id == found.step), None)
    article = step.citation.article if step is not None and step.citation is not None else ""
    return Change(stored.entry, "result" if result else "steps", fund, own, codes, found, article,
                  step.type if step is not None else "")  # fmt: skip


def first_value(recorded: x.Explanation, now: x.Explanation) -> Difference | None:
    """The first step of ``now`` whose value is not what was recorded of that quantity; None
    where every value is alike. A change of words alone is none."""
    before: dict[tuple[str, str], list[Value]] = {}
    for step in recorded.steps:
        before.setdefault((step.quantity, step.where), []).append(step.value)
    seen: dict[tuple[str, str], int] = {}
    for step in now.steps:
        place = step.quantity, step.where
        values, state = before.get(place, []), seen.get(place, 0)
        seen[place] = state + 1
        was = values[state] if state < len(values) else None
        if was != step.value:
            return Difference(step.quantity, step.id, was, step.value, step.where)
    return None
