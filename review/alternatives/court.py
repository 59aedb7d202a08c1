"""Decides one situation after another, as quickly as their likeness allows.

Alternatives of one claim share most of their history: an earlier item is decided once for all
the situations in which it and everything before it are the same. Decisions are made by the
compiled engine, which gives what the interpreter gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from attrs import Factory, define, field, frozen

from tiaowen.compiler import core as c
from tiaowen.dsl.diagnostics import Diagnostic, Rejected
from tiaowen.engine.compiled import decide_compiled, filler
from tiaowen.engine.decision import Decision, decided, open_frame
from tiaowen.engine.frames import Claim, Facts, Frame, ParameterValue
from tiaowen.engine.history.earlier import Earlier, EarlierClaim, Opening, Settlement, ordered
from tiaowen.engine.history.person import InForce
from tiaowen.engine.interpreter import ROUND_RESULTS, ROUNDING, value_of
from tiaowen.engine.stops import Stopped
from tiaowen.review.alternatives.consistent import inconsistencies
from tiaowen.review.alternatives.model import Place, Situation
from tiaowen.review.alternatives.standing import Standings, standings
from tiaowen.review.alternatives.watching import Watch

_MOST_KEPT = 512

History: TypeAlias = tuple[Frame | Facts, ...]


@frozen
class Refused:
    """A situation that no claim can be: ``problems`` say what contradicts what."""

    problems: tuple[Diagnostic, ...]


@frozen
class Halted:
    """A decision given up where an output it needs stops; ``problems`` say why."""

    problems: tuple[Diagnostic, ...]


def _stops(node: str, frame: Frame) -> tuple[Diagnostic, ...]:
    """Why ``node`` has no value, () where it has one."""
    try:
        value_of(node, frame)
    except Stopped as stopped:
        return tuple(stopped.diagnostics)
    return ()


@define
class Court:
    """Decides situations that are alternatives of ``before``."""

    program: c.Program
    before: Situation
    readings: Mapping[str, str] = Factory(dict)
    parameters: Mapping[str, ParameterValue] = Factory(dict)
    in_force: InForce | None = None
    decisions: int = 0
    """How many claims were decided so far, earlier ones of the history not counted."""
    _standings: Standings | None = field(default=None, init=False)
    _places: dict[tuple[str, str, int], Place] = field(factory=dict, init=False)
    _kept: dict[tuple[int, ...], tuple[tuple[Earlier, ...], History]] = field(
        factory=dict, init=False
    )

    def watch(
        self, situation: Situation, needs: str = ""
    ) -> tuple[Decision | Refused | Halted, frozenset[Place]]:
        """As ``decide``, with the facts of the claim itself that the decision looked at."""
        history = self.history(situation)
        if isinstance(history, Refused):
            return history, frozenset()
        watch = Watch(situation.claim, self._places)
        return self._decide(watch.claim, history, needs), watch.looked_at()

    def decide(self, situation: Situation) -> Decision | Refused:
        """The decision of ``situation``; ``Refused`` where its facts contradict one another."""
        history = self.history(situation)
        if isinstance(history, Refused):
            return history
        self.decisions += 1
        return self._full(situation.claim, history)

    def settle(self, situation: Situation, needs: str) -> Decision | Refused | Halted:
        """As ``decide``, given up where the output of node ``needs`` stops: the other outputs
        are then not worked out."""
        history = self.history(situation)
        if isinstance(history, Refused):
            return history
        return self._decide(situation.claim, history, needs)

    def history(self, situation: Situation) -> History | Refused:
        """What a decision of ``situation`` looks back on, oldest first."""
        if problems := self._problems(situation):
            return Refused(problems)
        try:
            earlier = ordered(situation.items, program=self.program, before=situation.claim)
        except Rejected as rejected:
            return Refused(tuple(rejected.diagnostics))
        return self._history(earlier)

    def _decide(self, claim: Claim, history: History, needs: str) -> Decision | Halted:
        self.decisions += 1
        if needs and self.readings.get(ROUNDING) != ROUND_RESULTS:
            frame = open_frame(self.program, claim, history=history, readings=self.readings,
                               parameters=self.parameters)  # fmt: skip
            try:
                filler(self.program, claim.matter)(frame)
            except Exception:  # a stop, or what only the interpreter can do
                if stops := _stops(needs, frame):
                    return Halted(stops)
            else:
                return decided(frame)
        return self._full(claim, history)

    def _full(self, claim: Claim, history: History) -> Decision:
        return decide_compiled(self.program, claim, history=history, readings=self.readings,
                               parameters=self.parameters)  # fmt: skip

    def _problems(self, situation: Situation) -> tuple[Diagnostic, ...]:
        if self._standings is None:
            self._standings = standings(self.program)
        found: list[Diagnostic] = []
        if situation.claim is not self.before.claim:
            found += inconsistencies(
                situation.claim, self.before.claim, self.program, self._standings
            )
        was = {id(item) for item in self.before.items}
        for number, item in enumerate(situation.items):
            if isinstance(item, EarlierClaim) and id(item) not in was:
                old = self.before.items[number] if number < len(self.before.items) else item
                base = old.claim if isinstance(old, EarlierClaim) else item.claim
                found += inconsistencies(item.claim, base, self.program, self._standings)
        return tuple(found)

    def _history(self, earlier: tuple[Earlier, ...]) -> History:
        """The earlier items decided, each after those before it."""
        if not earlier:
            return ()
        key = tuple(map(id, earlier))
        if key not in self._kept:
            before = self._history(earlier[:-1])
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (earlier, (*before, *self._one(earlier[-1], before)))
        return self._kept[key][1]

    def _one(self, item: Earlier, before: History) -> History:
        """One earlier item; a claim that cannot be decided pays nothing and counts as no stay."""
        match item:
            case EarlierClaim(claim=claim):
                program = self.in_force(claim) if self.in_force is not None else self.program
                made = decide_compiled(program, claim, history=before, readings=self.readings,
                                       parameters=self.parameters)  # fmt: skip
                return (made.frame,) if made.decided else ()
            case Settlement():
                return (Facts(item.matter, item.values),)
            case Opening():
                facts = {"年度": item.year, **item.values}
                return (Facts("", facts, "opening", item.counts),)
