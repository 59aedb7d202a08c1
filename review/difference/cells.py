"""What the definitions of a figure say where its keys are known."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.compiler.walk import rewrite
from tiaowen.review.difference.axes import ARGUMENT, root
from tiaowen.review.difference.canonical import Canon
from tiaowen.review.difference.given import furnished, given_in
from tiaowen.review.difference.partial import NotProvided, Partial, Place, accepted
from tiaowen.review.difference.records import Side, Stated
from tiaowen.review.summary import Definition


class Cells:
    """The answers of one policy's definitions."""

    def __init__(self, side: Side, definitions: Sequence[Definition], canon: Canon) -> None:
        self.side = side
        self.definitions = furnished(definitions, side)
        self.canon = canon
        self.given = {d.rule.id: given_in(d.value, side) for d in definitions}
        self.tells = any(not isinstance(d.value, c.Ref) for d in definitions)
        """Whether any is more than another quantity passed on."""

    def at(self, known: Mapping[Place, Value]) -> tuple[Stated, ...]:
        """What is said where ``known`` holds; () where the policy has no such figure."""
        found: list[Stated] = []
        for definition in self.definitions:
            partial = Partial(self.side.program, known, self.side.readings, known.get(ARGUMENT))
            try:
                stated = self._asked(definition, partial, known)
            except NotProvided as stop:
                stated = Stated(None, stop.rule, reason=stop.reason)
            if stated is not None and stated not in found:
                found.append(stated)
        if self.definitions and not found:
            return (Stated(None, None),)
        return tuple(found)

    def _asked(self, definition: Definition, partial: Partial,
               known: Mapping[Place, Value]) -> Stated | None:  # fmt: skip
        """What one definition says; None where its condition does not hold."""
        holds = partial.truth(definition.condition)
        if holds is False:
            return None
        condition = None
        if holds is None and definition.condition is not None:
            condition = partial.of(definition.condition)
        return self._stated(definition, condition, partial, known)

    def _stated(self, definition: Definition, condition: c.Core | None, partial: Partial,
                known: Mapping[Place, Value]) -> Stated:  # fmt: skip
        value, rule = definition.value, definition.rule
        if value is None:
            return Stated(None, rule, condition, definition.reason)
        left = rewrite(partial.of(value), _by_name)
        readings = tuple((name, partial.choice(name)) for name in partial.asked)
        if isinstance(left, c.Pick) and not left.rows:
            return Stated(None, None, condition, readings=readings)
        step = self._step(value, known) if isinstance(value, c.Pick) else ""
        return Stated(left, rule, condition, step=step, readings=readings,
                      given=self.given[rule.id])  # fmt: skip

    def _step(self, table: c.Pick, known: Mapping[Place, Value]) -> str:
        """What the table itself calls the level that a national grade falls under."""
        for at, key in enumerate(table.keys):
            if key.type.kind != "scale":
                continue
            place = root(key, self.side.program)
            value = known.get(place) if place is not None else None
            for row in table.rows:
                cell = row.matchers[at]
                if isinstance(cell, c.AmongOf) and value is not None and accepted(cell, value):
                    return cell.text
        return ""

    def form(self, said: Sequence[Stated]) -> Hashable:
        """Answers with one form are one row: the same figures by the same rules."""
        return tuple(
            (
                (self.canon.of(s.value), self.canon.of(s.condition), s.reason),
                s.rule.id if s.rule is not None else "",
                s.step,
            )
            for s in said
        )


def _by_name(core: c.Core) -> c.Core:
    """A parameter is one and the same whatever it will be keyed by."""
    return evolve(core, keys=()) if isinstance(core, c.ParameterRef) else core
