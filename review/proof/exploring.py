"""Through the claims of a matter, guided by what they do.

From a few plain claims every fact that a decision read is changed to each of its other values;
a claim that makes the rules do something new is changed in turn. So the search goes where the
rules branch and does not repeat itself. It is deterministic: same policy, same claims.
"""

from __future__ import annotations

import datetime
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias

from attrs import Factory, define, evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import expressions
from tiaowen.compiler.checks import witness
from tiaowen.compiler.checks.policy import Policy
from tiaowen.compiler.checks.space import Path, TooMany
from tiaowen.compiler.core import LINES, Value
from tiaowen.compiler.walk import every
from tiaowen.engine.claims.roles import LineRoles, Roles
from tiaowen.engine.decision import Decision
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.earlier import EarlierClaim
from tiaowen.engine.reach import Fact
from tiaowen.review.proof.candidates import ORDINARY, reached
from tiaowen.review.proof.records import Scene
from tiaowen.review.proof.signatures import signature
from tiaowen.review.proof.trying import Place, Trying, put

BASES = 6
"""Plain claims that a search begins with, each of another case of the matter's condition."""

MOST_VALUES = 14
"""Values that a fact is changed to; how a result follows an amount is looked at as a curve."""

_Waiting: TypeAlias = tuple[Scene, frozenset[Place], Sequence[Place] | None]
"""A claim to be changed, what its decision read, and which facts to change; None stands for all
that is no fact."""

BEFORE, PRESENT = "甲", "乙"
"""What an earlier claim and the present one are called where the rules ask."""

SMALL = 10_000
"""分 of a small cost: 100 yuan."""

LARGE = 200_000_000
"""分 of an earlier cost that uses up any limit: two million yuan."""


def _beside(exploring: Exploring) -> Mapping[Fact, frozenset[Fact]]:
    """For each fact those that some rule of the matter reads together with it."""
    program, found = exploring.trying.program, defaultdict[Fact, set[Fact]](set)
    matters = reached(program, exploring.trying.matter)
    for node in program.nodes.values():
        if node.matter not in matters:
            continue
        parts = [part for core in expressions(node) for part in every(core)]
        facts = {(p.level, p.name) for p in parts if isinstance(p, c.Field | c.IsGiven)}
        for fact in facts:
            found[fact] |= facts
    return {fact: frozenset(others) for fact, others in found.items()}


@define
class Exploring:
    """The claims of one matter in the order in which they are tried."""

    trying: Trying
    seen: set[tuple[object, ...]] = Factory(set)
    tried: set[str] = Factory(set)
    urgent: deque[_Waiting] = Factory(deque)
    waiting: deque[_Waiting] = Factory(deque)
    beside: Mapping[Fact, frozenset[Fact]] = Factory(_beside, takes_self=True)

    def claims(self) -> Iterator[tuple[Scene, Decision, bool]]:
        """Claims with their decisions; True with one that does what none before it did."""
        for base in self._bases():
            yield from self._try([base], frozenset(), None)
        while self.urgent or self.waiting:
            scene, read, places = (self.urgent or self.waiting).popleft()
            if places is None:
                yield from self._try(self._otherwise(scene), read, None)
                continue
            for place in places:
                yield from self._try(self._facts(scene, place), read, (place[0], place[2]))

    def _try(
        self, scenes: Iterable[Scene], known: frozenset[Place], about: Fact | None
    ) -> Iterator[tuple[Scene, Decision, bool]]:
        """Decide ``scenes``, in which the fact ``about`` was changed. What is new is to be changed
        in its turn: first in the facts that were not read before it (``known``) and in those
        that a rule reads together with the one changed."""
        for changed in scenes:
            for scene, made in self._fresh(changed):
                new = self._is_new(made)
                yield scene, made, new
                if new:
                    read = self.trying.read(scene)
                    beside = self.beside.get(about, frozenset()) if about else frozenset()
                    soon = [p for p in read if p not in known or (p[0], p[2]) in beside]
                    later = [p for p in read if p not in soon]
                    self.urgent.append((scene, frozenset(read), soon))
                    self.waiting.append((scene, frozenset(read), None))
                    self.waiting.append((scene, frozenset(read), later))

    def _fresh(self, scene: Scene) -> Iterator[tuple[Scene, Decision]]:
        """``scene`` completed, unless it was tried before or is no claim of the matter."""
        completed, made = self.trying.complete(scene)
        key = repr((completed.claim, completed.items, completed.parameters, completed.readings))
        if key not in self.tried and self.trying.of_matter(completed.claim):
            self.tried.add(key)
            if self.trying.sensible(completed):
                yield completed, made

    def _is_new(self, made: Decision) -> bool:
        found = (len(made.frame.history), *signature(made))
        if found in self.seen:
            return False
        self.seen.add(found)
        return True

    # --- where it begins

    def _bases(self) -> Iterator[Scene]:
        """Plain claims of the matter, one for each case of its condition."""
        lines = self._plain_lines()
        encounter = Roles.of(self.trying.program).encounter
        named = {encounter: PRESENT} if encounter else {}
        for found in self._conditions():
            fields = {**named, **found}
            yield Scene(Claim(self.trying.matter, fields, {LINES: lines} if lines else {}))

    def _plain_lines(self) -> tuple[dict[str, Value], ...]:
        candidates = self.trying.candidates
        if not any(level == LINES for level, _ in candidates.facts):
            return ()
        return ({self._total: ORDINARY},)

    def _conditions(self) -> Iterator[dict[str, Value]]:
        """Field values on which the condition of the matter holds."""
        program, matter = self.trying.program, self.trying.matter
        if program.matters[matter].condition is None:
            yield {}
            return
        policy, found = Policy.of(program), list[dict[str, Value]]()

        def look(path: Path) -> None:
            evaluator = policy.certain(matter, path)
            if len(found) < BASES and policy.is_of_matter(evaluator):
                found.append(self._fields(path))

        with suppress(TooMany):
            policy.explore(look)
        yield from found

    def _fields(self, path: Path) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for key, term in path.terms.items():
            region = path.region(term)
            if term.real and key == f"field {term.name}" and region != term.domain:
                value = witness.value_in(region, term)
                if value is not None and "." not in term.name:
                    values[term.name] = value
        return values

    # --- changes

    def _otherwise(self, scene: Scene) -> Iterator[Scene]:
        """``scene`` with another past (as it is and at a small cost), another parameter, or a line
        more."""
        for past in self.pasts(scene):
            yield past
            if past.claim.collections.get(LINES):
                yield self.trying.sound(put(past, (LINES, 0, self._total), SMALL))
        for name in scene.parameters:
            for value in self.trying.parameter_values(name)[1:]:
                given = {**scene.parameters, name: ParameterValue(value)}
                yield evolve(scene, parameters=given)
        yield from self._lines(scene)

    def _facts(self, scene: Scene, place: Place) -> Iterator[Scene]:
        level, _, name = place
        fact = (level, name)
        held = _value(scene, place)
        info = self.trying.candidates.info(fact)
        values = self.trying.candidates.values(fact)[:MOST_VALUES]
        if name == self._total and level == LINES:
            values = (0, SMALL, LARGE)
        for value in values:
            if value not in (held, info.default):
                yield self.trying.sound(put(scene, place, value))
        if held is not None:
            yield put(scene, place, None)

    def _lines(self, scene: Scene) -> Iterator[Scene]:
        """A plain fee line beside one that is not."""
        lines = scene.claim.collections.get(LINES, ())
        plain: dict[str, Value] = {self._total: ORDINARY}
        plain |= {k: v for k, v in self.plain.items() if k in lines[0]} if lines else {}
        if len(lines) == 1 and lines[0] != plain:
            collections = {**scene.claim.collections, LINES: (*lines, plain)}
            yield evolve(scene, claim=evolve(scene.claim, collections=collections))

    @property
    def _total(self) -> str:
        """The field of a fee line that holds its amount."""
        return LineRoles.of(self.trying.program.collections[LINES].fields).total

    @property
    def plain(self) -> dict[str, Value]:
        """The plainest value of every fact of a fee line."""
        candidates = self.trying.candidates
        return {n: candidates.first((LINES, n)) for level, n in candidates.facts
                if level == LINES and n != self._total}  # fmt: skip

    def pasts(self, scene: Scene, costs: Iterable[int] = ()) -> Iterator[Scene]:
        """The same claim before, with its own cost, with one that uses up any limit and with
        ``costs``; one that the present claim names where the rules look for such."""
        if scene.items or not any(folds(self.trying)):
            return
        for cost in (None, LARGE, *costs):
            before = self._before(scene.claim, cost)
            if before is None:
                continue
            yield evolve(scene, items=(EarlierClaim(before),))
            for own, name in links(self.trying):
                linked = evolve(before, fields={**before.fields, own: BEFORE})
                present = {**scene.claim.fields, own: PRESENT, name: BEFORE}
                claim = evolve(scene.claim, fields=present)
                yield evolve(scene, claim=claim, items=(EarlierClaim(linked),))

    def _before(self, claim: Claim, cost: int | None) -> Claim | None:
        """``claim`` ended on the day on which it now begins."""
        roles = Roles.of(self.trying.program)
        begin, end = (claim.fields.get(n) for n in (roles.admission, roles.discharge))
        fields = dict(claim.fields)
        if not isinstance(begin, datetime.date):
            return None
        length = end - begin if isinstance(end, datetime.date) else datetime.timedelta()
        fields[roles.admission] = begin - max(length, datetime.timedelta(1))
        if isinstance(end, datetime.date):
            fields[roles.discharge] = begin
        if roles.encounter:
            fields[roles.encounter] = BEFORE
        earlier = evolve(claim, fields=fields)
        if cost is None:
            return earlier
        roles_of_line = LineRoles.of(self.trying.program.collections[LINES].fields)
        lines = claim.collections.get(LINES, ())
        if not lines:
            return None
        first = {k: v for k, v in lines[0].items()
                 if k not in (roles_of_line.count, roles_of_line.price)}  # fmt: skip
        first[roles_of_line.total] = cost
        return evolve(earlier, collections={**claim.collections, LINES: (first, *lines[1:])})


def _value(scene: Scene, place: Place) -> Value | None:
    level, index, name = place
    if not level:
        return scene.claim.fields.get(name)
    records = scene.claim.collections.get(level, ())
    return records[index].get(name) if index < len(records) else None


# --- what the rules ask of the past


def folds(trying: Trying) -> Iterator[c.History]:
    """The folds over earlier decisions in the rules of the matter."""
    matters = reached(trying.program, trying.matter)
    for node in trying.program.nodes.values():
        if node.matter in matters:
            for core in expressions(node):
                for part in every(core):
                    if isinstance(part, c.History):
                        yield part


def links(trying: Trying) -> tuple[tuple[str, str], ...]:
    """Pairs of text fields by which a claim names an earlier one: the earlier claim's, its own."""
    found: dict[tuple[str, str], None] = {}
    for fold in folds(trying):
        for where in fold.wheres.values():
            for part in every(where):
                if isinstance(part, c.Op) and part.name == "eq":
                    names = [_text_field(o) for o in part.operands]
                    if all(names):
                        found[names[0], names[1]] = None
    return tuple(found)


def _text_field(core: c.Core) -> str:
    inner = core.body if isinstance(core, c.Present) else core
    return inner.name if isinstance(inner, c.Field) and inner.type.name == "文本" else ""
