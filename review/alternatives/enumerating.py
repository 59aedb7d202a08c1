"""Every alternative fact of a situation that could matter to its result.

Only facts that the decision reads or could read are looked at, each with the values at which
some rule answers otherwise. What a fact is (provable, unchangeable, a figure of the bill) is
said by the table of ``standing.toml``; the caller says which of them it asks about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import product
from typing import Literal, TypeAlias

from attrs import Factory, define, evolve

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Value
from tiaowen.engine.frames import Claim, Frame
from tiaowen.engine.history.earlier import EarlierClaim
from tiaowen.engine.reach import Fact, inputs, reached
from tiaowen.review.alternatives.candidates import boundaries, members, prefixes
from tiaowen.review.alternatives.comparisons import Sources
from tiaowen.review.alternatives.looking_back import boundaries_before
from tiaowen.review.alternatives.model import (
    Alternative,
    Change,
    LeftOut,
    Place,
    Setting,
    Situation,
    setting,
)
from tiaowen.review.alternatives.standing import PROVABLE, Event, Standings, standings

Scope: TypeAlias = Literal["provable", "anything"]
"""``provable``: what a person could show to be otherwise. ``anything``: what could have been
recorded wrongly, unchangeable facts and the bill's figures too."""

_NEVER = "identity"


def alternatives(
    program: c.Program,
    situation: Situation,
    frame: Frame,
    *,
    scope: Scope = "provable",
    fixed: frozenset[Fact] = frozenset(),
) -> Iterator[Alternative]:
    """What could be otherwise in ``situation``, the claim's own facts first, each once.

    ``frame`` is the claim's decision as it stands (``decide(...).frame``); what this works out
    besides goes into a copy. Facts in ``fixed`` are held certain. Facts of earlier claims change
    where ``program`` decided them, not an earlier version of it. Whole items are left out only
    under ``anything``: that an earlier stay was is a fact with papers.
    """
    search = _Search(program, situation, scope, fixed, standings(program))
    seen: set[frozenset[Setting]] = set()
    for alternative in search.every(_fresh(frame)):
        if isinstance(alternative, Change):
            key = frozenset(alternative.settings)
            if not key or key in seen:
                continue
            seen.add(key)
        yield alternative


def _fresh(frame: Frame) -> Frame:
    """The same decision with nothing worked out, so that its explanation is not added to."""
    return Frame(frame.program, frame.matter, frame.claim, frame.readings, frame.parameters,
                 frame.history)  # fmt: skip


@define
class _Search:
    program: c.Program
    situation: Situation
    scope: Scope
    fixed: frozenset[Fact]
    standings: Standings
    tested: dict[str, frozenset[Fact]] = Factory(dict)

    def every(self, frame: Frame) -> Iterator[Alternative]:
        yield from self._claim(self.situation.claim, frame, -1)
        earlier = [f for f in frame.history if isinstance(f, Frame)]
        for number, item in enumerate(self.situation.items):
            if isinstance(item, EarlierClaim):
                made = next((f for f in earlier if f.claim is item.claim), None)
                if made is not None and self._same(made.program):
                    yield from self._claim(item.claim, _fresh(made), number, frame)
            if self.scope == "anything":
                yield LeftOut(number)

    def _same(self, program: c.Program) -> bool:
        return program.identity.digest == self.program.identity.digest

    def _claim(
        self, claim: Claim, frame: Frame, item: int, asking: Frame | None = None
    ) -> Iterator[Change]:
        """The facts of one claim: its own, what comes about together, its fee lines'. An earlier
        one is asked by the decision ``asking``."""
        matter = frame.matter.name
        asked = inputs(self.program, matter)
        sources = Sources(self.program)
        around: Mapping[Place, Iterable[Value]] = boundaries(frame, sources)
        if asking is not None:
            around = _joined(around, boundaries_before(asking, claim, sources))
        codes = prefixes(self.program, matter, sources)
        for name in (n for n in self.program.fields if ("", n) in asked):
            yield from self._fact(Place(name, item=item), claim.fields, matter, around, codes)
        for event in self.standings.events:
            if ("", event.trigger) in asked and item < 0:
                yield from self._event(event, claim)
        if item >= 0 and self.scope == PROVABLE:
            return
        for level, records in claim.collections.items():
            fields = self.program.collections[level].fields
            for index, record in enumerate(records):
                for name in (n for n in fields if (level, n) in asked):
                    place = Place(name, level, index, item)
                    yield from self._fact(place, record, matter, around, codes)

    # --- one fact

    def _fact(self, place: Place, record: Mapping[str, Value], matter: str,
              around: Mapping[Place, Iterable[Value]],
              codes: Mapping[Fact, Iterable[str]]) -> Iterator[Change]:  # fmt: skip
        fact = (place.collection, place.field)
        if not self._open(fact):
            return
        level = place.collection
        info = (self.program.collections[level].fields if level else self.program.fields)[
            place.field
        ]
        before = record.get(place.field)
        stands = before if before is not None else info.default
        near = around.get(evolve(place, item=-1), ())
        for after in self._values(info, record, near, codes.get(fact, ())):
            if after != stands and self._attainable(fact, after):
                yield Change((Setting(place, before, after),))
        if before is not None and fact in self._optional(matter):
            yield Change((Setting(place, before, None),))

    def _open(self, fact: Fact) -> bool:
        """Whether this fact is asked about at all."""
        kind = self.standings.of(fact).kind
        if fact in self.fixed or kind == _NEVER:
            return False
        return self.scope == "anything" or kind == PROVABLE

    def _attainable(self, fact: Fact, after: Value) -> bool:
        """Not a member that follows from birth, where only what can be proved is asked."""
        if self.scope == "anything" or not isinstance(after, str):
            return True
        return after not in self.standings.members.get(fact, ())

    def _values(
        self,
        info: c.FieldInfo,
        record: Mapping[str, Value],
        around: Iterable[Value],
        codes: Iterable[str],
    ) -> Iterator[Value]:
        if info.type == ty.TRUTH:
            yield from (True, False)
        elif info.type.enumerated:
            found = members(info, codes, self.program)
            same = self._alike(info)
            yield from dict.fromkeys([*found, *(v for v in same if v not in found)])
        else:
            yield from around
            if info.type in (ty.DATE, ty.MOMENT) and info.name not in record:
                yield from self._days(info)

    def _alike(self, info: c.FieldInfo) -> list[Value]:
        """What other facts of the claim with the same codes say: places are compared."""
        if self.program.enums[info.type.name].kind != "prefix":
            return []
        fields = self.program.fields
        claim = self.situation.claim.fields
        return [v for name, v in claim.items() if fields[name].type == info.type and v != ""]

    def _days(self, info: c.FieldInfo) -> Iterator[Value]:
        """The claim's own days, for a day that is not given."""
        for name, value in self.situation.claim.fields.items():
            if isinstance(value, date) and self.standings.of(("", name)).kind == PROVABLE:
                yield _day(value, info.type == ty.MOMENT)

    def _optional(self, matter: str) -> frozenset[Fact]:
        """The facts of which a rule asks whether they are given."""
        if matter not in self.tested:
            self.tested[matter] = frozenset(
                (part.level, part.name)
                for part in reached(self.program, matter)
                if isinstance(part, c.IsGiven)
            )
        return self.tested[matter]

    # --- facts that come about together

    def _event(self, event: Event, claim: Claim) -> Iterator[Change]:
        if not self._open(("", event.trigger)):
            return
        choices: list[list[tuple[str, Value]]] = []
        for copied in event.copied:
            given = [claim.fields[s] for s in copied.sources if s in claim.fields]
            info = self.program.fields[copied.field]
            if not given or not self._open(("", copied.field)):
                return
            kept = given if copied.each else given[:1]
            if isinstance(kept[0], date):
                moment = info.type == ty.MOMENT
                kept = [_day(v, moment) for v in kept if isinstance(v, date)]
            choices.append([(copied.field, v) for v in dict.fromkeys(kept)])
        for member, others in product(event.members, product(*choices)):
            told: list[tuple[str, Value]] = [(event.trigger, member), *others]
            made = [setting(self.situation, Place(name), value) for name, value in told]
            settings = tuple(s for s in made if s.before != s.after)
            yield Change(settings, event.name if len(settings) > 1 else "")


def _joined(
    one: Mapping[Place, Iterable[Value]], other: Mapping[Place, Iterable[Value]]
) -> dict[Place, Iterable[Value]]:
    return {
        place: dict.fromkeys([*one.get(place, ()), *other.get(place, ())])
        for place in (*one, *(p for p in other if p not in one))
    }


def _day(value: date, moment: bool) -> date:
    if moment:
        return value if isinstance(value, datetime) else datetime(
            value.year, value.month, value.day)  # fmt: skip
    return value.date() if isinstance(value, datetime) else value
