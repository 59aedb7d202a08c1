"""The hospital's figures against the policy's, and what would make them one.

First whether the charged figures agree with themselves, then each line of the statement beside
the policy's, then the causes under which the policy gives exactly what was charged. Nothing is
taken for true that is not shown: where no cause is found that is said, and the nearest one is
called what it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from tiaowen.compiler.core import Output, Program, Value
from tiaowen.engine.decision import Decision
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.earlier import HistoryItem
from tiaowen.engine.history.person import InForce, decide_person
from tiaowen.engine.telling.explain import explain
from tiaowen.engine.telling.explanation import Explanation
from tiaowen.review.alternatives.model import Situation
from tiaowen.review.reconciliation.bench import Bench, Values
from tiaowen.review.reconciliation.causes import Figures, Sources, stated
from tiaowen.review.reconciliation.identities import discords, to_leave_out
from tiaowen.review.reconciliation.pairs import Pairs
from tiaowen.review.reconciliation.ranking import agrees, rank
from tiaowen.review.reconciliation.records import (
    Cause,
    Charged,
    Effort,
    Figure,
    Group,
    Hypothesis,
    Near,
    OtherVersion,
    Reconciliation,
    Row,
)
from tiaowen.review.reconciliation.search import BUDGET, Hit, Progress, Search
from tiaowen.review.reconciliation.steps import changed_step


def reconcile(
    program: Program,
    claim: Claim,
    charged: Charged,
    items: Sequence[HistoryItem] = (),
    *,
    readings: Mapping[str, str] | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    in_force: InForce | None = None,
    earlier_figures: Sequence[tuple[str, Figures]] = (),
    earlier_versions: Sequence[tuple[str, Program]] = (),
    budget: int = BUDGET,
    pairs: bool = False,
    progress: Progress | None = None,
) -> Reconciliation:
    """Compare ``charged`` with what ``program`` gives for ``claim`` after ``items``.

    ``earlier_figures`` are parameters that held before, ``earlier_versions`` the policy as it
    stood before, each with its name. ``budget`` is how many decisions the search may make;
    ``pairs`` looks for two causes even where one is enough. Amounts are 分. Raises ``Rejected``
    as ``decide_person`` does where the items contradict one another.
    """
    made = decide_person(program, claim, items, readings=readings, parameters=parameters,
                         in_force=in_force)  # fmt: skip
    decision = made.decision
    explanation = explain(decision)
    found = discords(charged, decision)
    left_out = to_leave_out(found, charged)
    names = [output.name for output in program.matters[claim.matter].outputs]
    names += [figure.name for figure in charged.figures if figure.name not in names]
    bench = Bench(program, Situation(claim, tuple(items)), parameters or {}, in_force, tuple(names))
    rows = tuple(_rows(decision, explanation, charged, bench))
    wanted = [(names.index(f.name), f.value) for f in charged.figures if f.name not in left_out]
    sources = Sources(charged.facts, earlier_figures, earlier_versions)
    search = Search(bench, bench.world(readings or {}), wanted, sources, budget, progress)
    differs = any(row.agrees is False and row.name not in left_out for row in rows)
    if decision.decided and differs:
        singles = search.run()
        if pairs or not search.hits:
            Pairs(search, singles).run()
    finder = _Finder(search)
    return Reconciliation(
        program, claim.matter, tuple(items), charged, found, left_out, rows, decision, explanation,
        tuple(stated(bench, charged.facts)), finder.groups(), finder.nearest(charged),
        Effort(bench.decisions, search.singles_tried, search.pairs_tried,
               tuple(sorted(search.unsearched))),
    )  # fmt: skip


# --- line by line


def _rows(
    decision: Decision, explanation: Explanation, charged: Charged, bench: Bench
) -> list[Row]:
    """The statement in its order, then the other quantities that were charged."""
    steps = {step.id: step for step in explanation.steps}
    lines = {line.name: steps.get(line.step) for line in explanation.statement}
    labels = bench.program.labels
    asked: list[Output | Figure] = list(decision.frame.matter.outputs)
    asked += [f for f in charged.figures if f.name not in decision.values]
    late = dict(zip(bench.names, bench.read(decision.frame), strict=True))
    found = []
    for line in asked:
        other = charged.value(line.name)
        value = decision.values.get(line.name, late.get(line.name))
        known = decision.decided or line.name in decision.values
        step = lines.get(line.name)
        article = step.citation.article if step is not None and step.citation is not None else ""
        english = line.english if isinstance(line, Output) else labels.get(line.name, line.name)
        verdict = agrees(value, other) if other is not None and known else None
        found.append(Row(line.name, line.code, english, line.type, value, other, verdict, article))
    return found


# --- what was found

Slots: TypeAlias = tuple[tuple[Cause, ...], ...]


def _rank(slots: Slots) -> tuple[int, int]:
    return rank(slot[0] for slot in slots)


def _one(hits: Sequence[Hit]) -> list[Slots]:
    """Single causes of one statement: any of them."""
    causes = sorted((cause for hit in hits for slot in hit.slots for cause in slot),
                    key=lambda cause: rank((cause,)))  # fmt: skip
    return [(tuple(causes),)]


def _merged(hits: Sequence[Hit]) -> list[Slots]:
    """Pairs of one statement, those with a slot in common put together."""
    made: list[list[list[Cause]]] = []
    for hit in hits:
        one, other = (list(slot) for slot in hit.slots)
        for mine, rest in ((one, other), (other, one)):
            same = ((e, n) for e in made for n in (0, 1) if _ids(e[n]) == _ids(mine))
            entry, number = next(same, (None, 0))
            if entry is not None:
                known = _ids(entry[1 - number])
                entry[1 - number] += [cause for cause in rest if id(cause) not in known]
                break
        else:
            made.append([one, other])
    ordered = [[sorted(slot, key=lambda cause: rank((cause,))) for slot in e] for e in made]
    return [tuple(tuple(s) for s in sorted(e, key=lambda slot: rank(slot[:1]))) for e in ordered]


def _ids(causes: Sequence[Cause]) -> set[int]:
    return {id(cause) for cause in causes}


class _Finder:
    """Turns what a search kept into records."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.bench = search.bench
        self.before = search.bench.frame(search.world) if search.base else None

    def groups(self) -> tuple[Group, ...]:
        """Hits that lead to one statement together, simplest first."""
        together: dict[tuple[int, Values], list[Hit]] = {}
        for hit in self.search.hits:
            together.setdefault((len(hit.slots), hit.values), []).append(hit)
        found = []
        for (size, values), hits in together.items():
            merged = sorted(_one(hits) if size == 1 else _merged(hits), key=_rank)
            found.append((_rank(merged[0]), values, merged))
        found.sort(key=lambda group: group[0])
        return tuple(
            Group(tuple(self.hypothesis(slots) for slots in merged), self._named(values))
            for _, values, merged in found
        )

    def hypothesis(self, slots: Slots) -> Hypothesis:
        """A hypothesis with the first step that its simplest causes change."""
        world = self.search.world
        for slot in sorted(slots, key=lambda slot: not isinstance(slot[0], OtherVersion)):
            world = world.under(slot[0], self.bench)
        after = self.bench.frame(world)
        step = changed_step(self.before, after) if self.before and after else None
        return Hypothesis(slots, step)

    def nearest(self, charged: Charged) -> Near | None:
        """The hypothesis that leaves least, where none leaves nothing."""
        near = self.search.nearest
        if self.search.hits or near is None:
            return None
        _, _, causes, values = near
        named = self._named(values)
        left = [
            (figure, named[figure.name], figure.value)
            for figure in charged.figures
            if not agrees(named[figure.name], figure.value)
        ]
        return Near(self.hypothesis(tuple((cause,) for cause in causes)), tuple(left))

    def _named(self, values: Values) -> dict[str, Value | None]:
        return dict(zip(self.bench.names, values, strict=True))
