"""Which changes of fact would have changed a result: the nearest, alone and two together.

The claim is decided once for every alternative fact that could matter, by the compiled engine;
what is listed is what the interpreter would give for the changed claim, to the 分. Facts that no
paper changes are left out and named with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from attrs import define, evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.compiler.spelling import nearest
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.decision import Decision
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.earlier import HistoryItem
from tiaowen.engine.history.person import InForce
from tiaowen.engine.reach import Fact
from tiaowen.engine.telling.explain import explain
from tiaowen.engine.telling.explanation import Explanation
from tiaowen.review.alternatives import (
    Court,
    Place,
    Refused,
    Situation,
    alternatives,
    apply,
    standings,
)
from tiaowen.review.alternatives.standing import PROVABLE, Standing
from tiaowen.review.counterfactual.folding import Folded, folded, smallest
from tiaowen.review.counterfactual.measure import measure_of
from tiaowen.review.counterfactual.model import (
    Aside,
    Gain,
    Measure,
    Moved,
    Searched,
    Way,
    WhatIf,
)
from tiaowen.review.counterfactual.steps import changed_steps, cited, deciding, provided
from tiaowen.review.counterfactual.trials import MOST_PAIRS, Progress, Trial, Trials

EXPLAINED = 20
"""How many ways of each kind are told with their steps."""


def what_if(
    program: c.Program,
    claim: Claim,
    items: Sequence[HistoryItem] = (),
    *,
    readings: Mapping[str, str] | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    in_force: InForce | None = None,
    of: str | None = None,
    fixed: Iterable[str] = (),
    pairs: bool = True,
    most_pairs: int = MOST_PAIRS,
    explained: int = EXPLAINED,
    progress: Progress | None = None,
) -> WhatIf:
    """The changes of provable facts that change what ``claim`` comes to, after ``items``.

    ``of`` is the line of the statement to compare by (name or code; by default what the person
    bears), ``fixed`` are facts held certain, by name or code. At most ``most_pairs`` pairs are
    decided; ``explained`` ways of each kind have their steps. Raises ``Rejected`` as
    ``decide_person`` does, and with TW0603 (no such field), TW1021 or TW1022 (no such line).
    """
    measure = measure_of(program, claim.matter, of)
    held = facts_named(fixed, program)
    situation = Situation(claim, tuple(items))
    court = Court(program, situation, readings or {}, parameters or {}, in_force)
    base, looked_at = court.watch(situation)
    if not isinstance(base, Decision):
        raise Rejected(base.problems)
    trials = Trials(court, situation, measure, base, looked_at, progress)
    listed = list(alternatives(program, situation, base.frame, fixed=frozenset(held)))
    alone = trials.alone(listed)
    both = _synergies(trials.together(alone, most_pairs), base) if pairs else []
    sorting = _Sorting(court, situation, measure, base, explained)
    found = sorting.answer([t for t in alone if t.values is not None], both, alone)
    return evolve(
        found,
        unchangeable=_unchangeable(looked_at, program),
        certain=tuple(name for _, name in held),
        searched=Searched(
            len(listed), trials.without_effect, trials.pairs_tried, trials.pairs_left
        ),
    )


def _unchangeable(looked_at: Iterable[Place], program: c.Program) -> dict[str, Standing]:
    """The facts looked at that were left as they are, with why; of a number or a name nothing
    needs saying."""
    known = standings(program)
    found: dict[str, Standing] = {}
    for place in sorted(looked_at):
        fact = (place.collection, place.field)
        standing = known.partly.get(fact, known.of(fact))
        if standing.kind not in (PROVABLE, "identity"):
            found[place.field] = standing
    return found


def facts_named(names: Iterable[str], program: c.Program) -> list[Fact]:
    """The facts of these names or codes, in whichever record; TW0603 where there is none."""
    known: dict[str, list[Fact]] = {}
    levels = {"": program.fields, **{n: i.fields for n, i in program.collections.items()}}
    for level, fields in levels.items():
        for info in fields.values():
            for name in filter(None, (info.name, info.code, *info.aliases)):
                known.setdefault(name, []).append((level, info.name))
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Rejected(
            [diagnose("TW0603", place="--fix", name=name, nearest=nearest(name, known))
             for name in unknown]
        )  # fmt: skip
    return [fact for name in names for fact in known[name]]


def _synergies(pairs: Iterable[tuple[Trial, Trial, Trial]], base: Decision) -> list[Trial]:
    """The pairs of which both are needed and that bring more than the two do by themselves: by
    more than the smaller brings alone, so that it is not only the one scaling the other."""
    found = []
    for one, other, both in pairs:
        if both.values is None:
            continue
        if not base.decided:
            if one.values is None and other.values is None:
                found.append(both)
            continue
        gains = sorted(max(0, t.gain or 0) for t in (one, other))
        if both.gain is not None and both.gain - sum(gains) > gains[0]:
            found.append(evolve(both, apart=(one.gain, other.gain)))
    return found


@define
class _Sorting:
    """Trials folded, ordered and told."""

    court: Court
    situation: Situation
    measure: Measure
    base: Decision
    explained: int

    def answer(self, alone: list[Trial], both: list[Trial], tried: list[Trial]) -> WhatIf:
        entries = smallest([*folded(alone), *folded(both)])
        gains = [(entry, entry.trial.gain) for entry in entries]
        better = _ordered([(e, g) for e, g in gains if g is not None and g > 0])
        worse = _ordered([(e, -g) for e, g in gains if g is not None and g < 0])
        rest = [entry for entry, gain in gains if not gain]
        if not self.base.decided:
            rest.sort(key=self._standing)
        decided = self.base.decided
        before = explain(self.base, why_not=True) if decided else None
        return WhatIf(
            self.court.program,
            self.situation.claim.matter,
            self.measure,
            self.base.values.get(self.measure.output.name),
            self.base.problems,
            tuple(self._ways(better, before)),
            tuple(self._ways(worse, before)),
            tuple(self._way(e, before, explained=False) for e in rest) if decided else (),
            () if decided else tuple(self._ways(rest, None)),
            tuple(_aside(tried)),
            {},
            (),
            Searched(0, 0, 0, 0),
            dict(self.base.values),
        )

    def _standing(self, entry: Folded) -> tuple[Gain, int]:
        """Of results where there was none: the best for the person first, then fewer facts."""
        value = entry.trial.value
        figure = value if isinstance(value, int | Fraction) else 0
        return figure if self.measure.less else -figure, len(entry.trial.changes)

    def _ways(self, entries: list[Folded], before: Explanation | None) -> Iterable[Way]:
        for number, entry in enumerate(entries):
            yield self._way(entry, before, explained=number < self.explained)

    def _way(self, entry: Folded, before: Explanation | None, *, explained: bool) -> Way:
        trial = entry.trial
        values: dict[str, Value | None] = dict(trial.values or ())
        was = self.base.values if self.base.decided else {}
        outputs = self.court.program.matters[self.situation.claim.matter].outputs
        moved = tuple(
            Moved(o, was.get(o.name), values.get(o.name))
            for o in outputs
            if was.get(o.name) != values.get(o.name)
        )
        way = Way(trial.changes, tuple(t.changes for t in entry.alike), trial.value, trial.gain,
                  moved, apart=trial.apart,
                  elsewhere=tuple(t.changes for t in entry.elsewhere))  # fmt: skip
        if not explained:
            return way
        made = self.court.decide(apply(self.situation, *trial.changes))
        if isinstance(made, Refused):
            return way
        after = explain(made, why_not=True)
        if before is None:
            steps = provided(after, self.base.problems)
            return evolve(way, steps=steps, articles=cited([s.after for s in steps]))
        steps = changed_steps(before, after)
        articles = deciding(steps, before, after, self.measure.output.name)
        return evolve(way, steps=steps, articles=articles)


def _ordered(entries: list[tuple[Folded, Gain]]) -> list[Folded]:
    """The greatest effect first; of equal ones the fewer changes, then as listed."""
    ranked = sorted(entries, key=lambda pair: (-pair[1], len(pair[0].trial.changes)))
    return [entry for entry, _ in ranked]


def _aside(tried: Iterable[Trial]) -> Iterable[Aside]:
    """What led to no result, together by what stands against it."""
    grouped: dict[tuple[str, str], list[Trial]] = {}
    for trial in tried:
        if trial.values is None and trial.problems:
            problem = trial.problems[0]
            key = (problem.code, str(problem.args.get("name", "")))
            grouped.setdefault(key, []).append(trial)
    for group in grouped.values():
        yield Aside(group[0].problems[0], tuple(t.changes for t in group))
