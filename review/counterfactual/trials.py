"""Changes tried one by one and two by two.

A change of facts that the decision did not look at has no effect and is not decided. Two changes
together can only do what neither does alone if, under each, the decision looks at what the other
changes; so most pairs need no deciding either. Both follow from decisions being lazy, and lose
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, product

from attrs import define, field, frozen

from tiaowen.compiler.core import Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.decision import Decision
from tiaowen.review.alternatives import (
    Alternative,
    Change,
    Court,
    Halted,
    Place,
    Refused,
    Situation,
    apply,
)
from tiaowen.review.alternatives.model import places
from tiaowen.review.counterfactual.folding import distance
from tiaowen.review.counterfactual.model import Changes, Gain, Measure

MOST_PAIRS = 1000
"""Pairs decided before the rest are left and said to be left."""

Progress = Callable[[int, int], None]
"""Told how many of how many decisions are made."""


@frozen(eq=False)
class Looked:
    """The facts that a decision looked at, kept as what differs from those of another."""

    base: frozenset[Place]
    more: frozenset[Place] = frozenset()
    less: frozenset[Place] = frozenset()

    def __contains__(self, place: Place) -> bool:
        return place in self.more or (place in self.base and place not in self.less)


@frozen(eq=False)
class Trial:
    """Changes with what they come to; ``values`` is None where nothing was decided."""

    changes: Changes
    values: tuple[tuple[str, Value | None], ...] | None
    value: Value | None
    gain: Gain | None
    problems: tuple[Diagnostic, ...]
    looked_at: Looked | None = None
    """None where the facts contradict one another, so that nothing was decided."""
    apart: tuple[Gain | None, Gain | None] | None = None
    """Of two together: what each brings by itself."""

    @property
    def touched(self) -> frozenset[Place]:
        """The facts changed."""
        return frozenset().union(*(places(change) for change in self.changes))


@define
class Trials:
    """The trials of one situation, whose decision ``base`` looked at ``looked_at``."""

    court: Court
    situation: Situation
    measure: Measure
    base: Decision
    looked_at: frozenset[Place]
    progress: Progress | None = None
    without_effect: int = 0
    pairs_left: int = 0
    pairs_tried: int = 0
    _unread: list[Trial] = field(factory=list, init=False)

    def alone(self, alternatives: Iterable[Alternative]) -> list[Trial]:
        """Each alternative tried, those without effect left out and counted."""
        listed = list(alternatives)
        found = []
        for number, alternative in enumerate(listed):
            self._tell(number, len(listed))
            if not self._read(alternative):
                self.without_effect += 1
                self._unread.append(self._same(alternative))
                continue
            trial = self._try((alternative,))
            if trial.values == self._as_it_stands():
                self.without_effect += 1
                self._unread.append(trial)
            else:
                found.append(trial)
        self._tell(len(listed), len(listed))
        return found

    def _read(self, alternative: Alternative) -> bool:
        """Whether the decision looked at anything that ``alternative`` changes."""
        touched = places(alternative)
        return not touched or _looks(touched, self.looked_at)

    def _same(self, alternative: Alternative) -> Trial:
        return Trial((alternative,), self._as_it_stands(), self.base.values.get(self._line),
                     0, self.base.problems, Looked(self.looked_at))  # fmt: skip

    @property
    def _node(self) -> str:
        """What a decision needs to be of use here."""
        return self.measure.output.node or ""

    @property
    def _line(self) -> str:
        return self.measure.output.name

    def _as_it_stands(self) -> tuple[tuple[str, Value | None], ...] | None:
        return tuple(self.base.values.items()) if self.base.decided else None

    def _try(self, changes: Changes) -> Trial:
        made, looked_at = self.court.watch(apply(self.situation, *changes), self._node)
        if isinstance(made, Refused):
            return Trial(changes, None, None, None, made.problems)
        base = self.looked_at
        return self._trial(changes, made, Looked(base, looked_at - base, base - looked_at))

    def _both(self, changes: Changes) -> Trial:
        made = self.court.settle(apply(self.situation, *changes), self._node)
        return self._trial(changes, made, None)

    def _trial(
        self, changes: Changes, made: Decision | Refused | Halted, looked_at: Looked | None
    ) -> Trial:
        if not isinstance(made, Decision) or not made.decided:
            return Trial(changes, None, None, None, made.problems, looked_at)
        value = made.values.get(self._line)
        gain = self.measure.gain(self.base.values.get(self._line), value)
        return Trial(changes, tuple(made.values.items()), value,
                     gain if self.base.decided else None, (), looked_at)  # fmt: skip

    def _tell(self, done: int, of: int) -> None:
        if self.progress is not None and done % 20 == 0:
            self.progress(done, of)

    # --- pairs

    def together(self, alone: Iterable[Trial], most: int) -> list[tuple[Trial, Trial, Trial]]:
        """Pairs that could do more than either alone: (first, second, both)."""
        fit = [t for t in (*alone, *self._unread) if t.looked_at is not None]
        waiting = sorted(self._pairs(list(_distinct(fit))), key=self._urgency)
        self.pairs_left = max(0, len(waiting) - most)
        found = []
        for number, (one, other) in enumerate(waiting[:most]):
            self._tell(number, min(len(waiting), most))
            found.append((one, other, self._both((*one.changes, *other.changes))))
        self.pairs_tried = len(found)
        return found

    def _pairs(self, trials: list[Trial]) -> Iterator[tuple[Trial, Trial]]:
        """The pairs that may interact, each once, found by the facts that each looks at."""
        known = [t for t in trials if _looks(t.touched, self.looked_at)]
        hidden: dict[Place, list[Trial]] = {}
        for trial in trials:
            if not _looks(trial.touched, self.looked_at):
                for place in trial.touched:
                    hidden.setdefault(place, []).append(trial)
        for one in known:
            more = one.looked_at.more if one.looked_at is not None else ()
            opened = {id(t): t for place in more for t in hidden.get(place, ())}
            yield from ((one, t) for t in opened.values() if _may_interact(one, t))
        by_line: dict[frozenset[tuple[str, int]], list[Trial]] = {}
        for trial in known:
            by_line.setdefault(_lines(trial.touched), []).append(trial)
        whole = by_line.pop(frozenset(), [])
        yield from (pair for pair in combinations(whole, 2) if _may_interact(*pair))
        for of_line in by_line.values():
            for pair in (*product(whole, of_line), *combinations(of_line, 2)):
                if _may_interact(*pair):
                    yield pair

    def _urgency(self, pair: tuple[Trial, Trial]) -> tuple[bool, int, int, Gain]:
        """First where one change makes the decision look at the other's facts; then facts of the
        claim before those of lines and earlier items; what harms alone last."""
        known = all(_looks(trial.touched, self.looked_at) for trial in pair)
        touched = pair[0].touched | pair[1].touched
        far = sum(1 for p in touched if p.collection) + sum(2 for p in touched if p.item >= 0)
        gains = [trial.gain or 0 for trial in pair]
        return known, sum(1 for gain in gains if gain < 0), min(far, 3), -sum(gains)


def _distinct(trials: Iterable[Trial]) -> Iterator[Trial]:
    """Of changes of the same days or figures that come to the same, the nearest: a rule that
    cannot tell them apart alone rarely can together with another fact."""
    kept: dict[object, Trial] = {}
    for trial in sorted(trials, key=lambda t: distance(t.changes)):
        alike = (trial.touched, trial.values, _codes(trial)) if _graded(trial) else trial
        if alike not in kept:
            kept[alike] = trial
            yield trial


def _graded(trial: Trial) -> bool:
    """Whether every fact changed is a day or figure."""
    return all(
        not isinstance(s.after, str | bool)
        for change in trial.changes
        if isinstance(change, Change)
        for s in change.settings
    )


def _codes(trial: Trial) -> tuple[str, ...]:
    return tuple(problem.code for problem in trial.problems)


def _may_interact(one: Trial, other: Trial) -> bool:
    """Whether under each the decision looks at what the other changes, and gets all that it
    lacks where it stops for want of facts."""
    first, second = one.touched, other.touched
    if first & second or not (_looks(second, one.looked_at) and _looks(first, other.looked_at)):
        return False
    return _lacking(one) <= _fields(second) and _lacking(other) <= _fields(first)


def _lacking(trial: Trial) -> set[str]:
    """The facts for want of which a decision stops."""
    return {str(p.args.get("name", "")) for p in trial.problems if p.code == "TW0501"}


def _fields(touched: frozenset[Place]) -> set[str]:
    return {place.field for place in touched}


def _lines(touched: frozenset[Place]) -> frozenset[tuple[str, int]]:
    """The fee lines that facts are of. Two lines meet only in sums, so changes in two lines are
    not tried together."""
    return frozenset((p.collection, p.index) for p in touched if p.collection)


def _looks(touched: frozenset[Place], looked_at: frozenset[Place] | Looked | None) -> bool:
    return looked_at is not None and any(p.item >= 0 or p in looked_at for p in touched)
