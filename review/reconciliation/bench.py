"""Decides one supposed world after another, as fast as a search needs.

A world is the settlement as it would have been made under some causes. A hypothesis is about
this settlement alone: earlier claims of the person are decided as they stand, except that a
reading is one for all of them. What a decision looked at can be noted; a fact, reading or switch
that it did not look at cannot change it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, TypeAlias

from attrs import define, evolve, field, frozen

from tiaowen.compiler.core import Output, Program, Value
from tiaowen.engine.compiled import filler
from tiaowen.engine.decision import open_frame
from tiaowen.engine.frames import Claim, Frame, ParameterValue, Reader
from tiaowen.engine.history.person import InForce
from tiaowen.engine.interpreter import ROUND_RESULTS, ROUNDING, value_of
from tiaowen.engine.stops import Stopped
from tiaowen.engine.tables import matching_rows
from tiaowen.review.alternatives import model
from tiaowen.review.alternatives.court import Court, Refused
from tiaowen.review.alternatives.model import Alternative, Situation
from tiaowen.review.reconciliation.records import (
    AddedItem,
    Cause,
    MissedItem,
    OtherFigure,
    OtherReading,
    OtherVersion,
    SkippedRule,
    StatedFact,
    WrongFact,
    WrongRow,
)
from tiaowen.review.reconciliation.switches import OFF, Switched, switched

Values: TypeAlias = tuple[Value | None, ...]
Key: TypeAlias = tuple[Hashable, ...]
"""What a decision may look at: ("reading", name), ("field", name), ("line", collection, index,
name)."""


@frozen(eq=False)
class World:
    """A settlement as it would be made: ``alternatives`` are to the claim and its history,
    ``readings`` hold those of the whole person, ``switches`` those of rules."""

    alternatives: tuple[Alternative, ...]
    policy: Switched
    readings: Mapping[str, str]
    parameters: Mapping[str, ParameterValue]
    switches: Mapping[str, str] = field(factory=dict)

    def under(self, cause: Cause, bench: Bench) -> World:
        """This world with one more cause."""
        match cause:
            case WrongFact() | StatedFact():
                return evolve(self, alternatives=(*self.alternatives, cause.change))
            case MissedItem():
                return evolve(self, alternatives=(*self.alternatives, model.LeftOut(cause.index)))
            case AddedItem():
                return evolve(self, alternatives=(*self.alternatives, model.Added(cause.item)))
            case OtherReading():
                return evolve(self, readings={**self.readings, cause.reading: cause.choice})
            case OtherFigure():
                return evolve(self, parameters={**self.parameters, **cause.values})
            case OtherVersion():
                return evolve(self, policy=bench.policy(cause.program), switches={})
            case WrongRow():
                return evolve(self, switches={**self.switches, cause.site.name: cause.option.key})
            case SkippedRule():
                return evolve(self, switches={**self.switches, cause.site.name: OFF})


class _Noting(dict[str, Any]):
    """Values by name that note which were asked for, whether they are there or not."""

    def __init__(self, values: Mapping[str, Any], before: Key, asked: set[Key]) -> None:
        super().__init__(values)
        self.before, self.asked = before, asked

    def __getitem__(self, name: str) -> Any:
        self.asked.add((*self.before, name))
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked.add((*self.before, name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add((*self.before, name))
        return super().get(name, default)


@define(eq=False)
class Bench:
    """Decides worlds that differ from the claim ``situation`` under ``program``."""

    program: Program
    situation: Situation
    parameters: Mapping[str, ParameterValue]
    in_force: InForce | None
    names: tuple[str, ...]
    """The quantities whose values are wanted."""
    reference: bool = False
    """Whether the interpreter decides, where the compiled form does not reach the claim."""
    decisions: int = 0
    _courts: dict[tuple[tuple[str, str], ...], Court] = field(factory=dict)

    @property
    def matter(self) -> str:
        return self.situation.claim.matter

    @property
    def outputs(self) -> tuple[Output, ...]:
        return self.program.matters[self.matter].outputs

    def policy(self, program: Program) -> Switched:
        """``program`` with its switches."""
        return switched(program, self.matter)

    def world(self, readings: Mapping[str, str]) -> World:
        """The world as it is."""
        return World((), self.policy(self.program), dict(readings), dict(self.parameters))

    def supposed(self, world: World) -> Situation:
        """The claim and history of ``world``."""
        return model.apply(self.situation, *world.alternatives)

    # --- decisions

    def frame(self, world: World, asked: set[Key] | None = None) -> Frame | None:
        """The decision of ``world``, filled; None where it cannot be made. ``asked`` is told
        what was looked at."""
        situation = self.supposed(world)
        history = self._court(world).history(situation)
        if isinstance(history, Refused):
            return None
        self.decisions += 1
        readings: Mapping[str, str] = {**world.readings, **world.switches}
        claim = situation.claim
        if asked is not None:
            readings = _Noting(readings, ("reading",), asked)
            claim = _noting(claim, asked)
        frame = open_frame(world.policy.program, claim, history=history, readings=readings,
                           parameters=world.parameters)  # fmt: skip
        try:
            self._fill(frame)
        except Exception:  # it stops; why a supposed world does is no part of the answer
            return None
        return frame

    def _fill(self, frame: Frame) -> None:
        if self.reference or frame.overrides or frame.readings.get(ROUNDING) == ROUND_RESULTS:
            for output in frame.matter.outputs:
                if output.node is not None:
                    value_of(output.node, frame)
        else:
            filler(frame.program, frame.matter.name)(frame)

    def values(self, world: World) -> Values | None:
        """What ``world`` gives for each name, None where it cannot be decided."""
        frame = self.frame(world)
        return None if frame is None else self.read(frame)

    def read(self, frame: Frame) -> Values:
        """The values of ``names`` in a filled frame."""
        final, memo = frame.matter.final, frame.memo
        found: list[Value | None] = []
        for name in self.names:
            node = final.get(("", name))
            if node is None or not _ruled(frame.program.nodes[node]):
                found.append(None)
            elif node in memo:
                found.append(memo[node])
            else:
                found.append(self._late(node, frame))
        return tuple(found)

    def _late(self, node: str, frame: Frame) -> Value | None:
        try:
            return value_of(node, frame)  # type: ignore[no-any-return]
        except Stopped:
            return None

    def _court(self, world: World) -> Court:
        key = tuple(sorted(world.readings.items()))
        if key not in self._courts:
            self._courts[key] = Court(self.program, self.situation, world.readings,
                                      self.parameters, self.in_force)  # fmt: skip
        return self._courts[key]


def _ruled(node: Any) -> bool:
    return bool(node.index or node.alternatives)


def _noting(claim: Claim, asked: set[Key]) -> Claim:
    fields = _Noting(claim.fields, ("field",), asked)
    collections = {
        name: tuple(_Noting(r, ("line", name, index), asked) for index, r in enumerate(records))
        for name, records in claim.collections.items()
    }
    return evolve(claim, fields=fields, collections=collections)


def matched_row(world: World, cause: WrongRow, frame: Frame) -> str:
    """The row that a table of the claim itself was read at, '' where that cannot be said."""
    if cause.site.pick is None or cause.site.level:
        return ""
    try:
        rows = matching_rows(cause.site.pick, Reader(frame))
    except Stopped:
        return ""
    return rows[0].text if len(rows) == 1 else ""
