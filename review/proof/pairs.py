"""Two claims that differ in one thing: more cost, another level, retired instead of in work.

How what the funds pay and what the person bears follow the cost is looked at as a curve: where it
is not straight between two amounts it is cut in half again, so that a jump is found to the 分
wherever the rules put it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from attrs import define, evolve, field, frozen

from tiaowen.compiler.core import LINES, Program, Value
from tiaowen.compiler.types import MONEY
from tiaowen.engine.claims.roles import LineRoles
from tiaowen.engine.decision import Decision
from tiaowen.review.proof.checking import Breach, breach
from tiaowen.review.proof.exploring import LARGE
from tiaowen.review.proof.records import Change, Kind, MoreCost, OtherFact, Property, Scene
from tiaowen.review.proof.standard import Statement, level_field, person_field
from tiaowen.review.proof.trying import Trying, put

MOST_POINTS = 25
"""Amounts that a curve begins with, each with its neighbour."""
SLACK = 2
"""分 by which rounding may bend a straight line."""
FINEST = 64
"""分 between two amounts below which a curve that bends is not cut any more."""


@frozen
class Hit:
    """A breach as the search met it, not yet made simple."""

    scene: Scene
    change: Change | None
    breach: Breach


def changed(scene: Scene, change: Change, trying: Trying) -> Scene:
    """The second claim of a pair."""
    match change:
        case OtherFact():
            return put(scene, ("", 0, change.name), change.value)
        case MoreCost():
            lines = scene.claim.collections[LINES]
            total = LineRoles.of(trying.program.collections[LINES].fields).total
            amount: Any = lines[change.line][total]
            return with_cost(scene, change.line, amount + change.by, trying)


def with_cost(scene: Scene, line: int, amount: int, trying: Trying) -> Scene:
    """``scene`` whose fee line ``line`` costs ``amount``, at another unit price where it has
    one."""
    lines = list(scene.claim.collections[LINES])
    roles = LineRoles.of(trying.program.collections[LINES].fields)
    record = {**lines[line], roles.total: amount}
    count: Any = record.get(roles.count)
    if roles.price in record:
        record[roles.price] = Fraction(amount, 100) / (count or 1)
    lines[line] = record
    claim = evolve(scene.claim, collections={**scene.claim.collections, LINES: tuple(lines)})
    return evolve(scene, claim=claim)


# --- one other fact


def variants(asked: Property, program: Program) -> tuple[tuple[str, Value, Value], ...]:
    """What a property of two levels or of two kinds of person compares: a field with two of its
    values, the one that should fare better (or pay less) first where levels are compared."""
    if asked.kind is Kind.RETIRED:
        kinds = person_field(program)
        return () if kinds is None else (kinds,)
    levels = level_field(program, asked.matter)
    if levels is None:
        return ()
    name, scale = levels
    steps = [sorted(scale.groups[step])[0] for step in scale.steps if scale.groups.get(step)]
    return tuple((name, low, high) for low, high in combinations(steps, 2))


def others(
    asked: Property, choices: Sequence[tuple[str, Value, Value]], scene: Scene, trying: Trying
) -> Iterator[Hit]:
    """Breaches of a property of two levels or of two kinds of person, from ``scene``."""
    made: dict[Value, Decision | None] = {}

    def decided(name: str, value: Value) -> Decision | None:
        if value not in made:
            varied = put(scene, ("", 0, name), value)
            fits = trying.of_matter(varied.claim)
            made[value] = trying.decision(varied) if fits else None
        return made[value]

    for name, one, other in choices:
        first, second = decided(name, one), decided(name, other)
        if first is None or second is None:
            continue
        found = breach(asked, trying.program, [first, second])
        if found is not None:
            yield Hit(put(scene, ("", 0, name), one), OtherFact(name, other), found)


# --- more cost


def nearest(asked: Property, scene: Scene, change: MoreCost, trying: Trying) -> Iterator[Hit]:
    """The breach between two costs, between costs as near to each other as they can be."""
    total = LineRoles.of(trying.program.collections[LINES].fields).total
    low: Any = scene.claim.collections[LINES][change.line][total]
    yield from Curve(scene, change.line, trying).between(asked, low, low + change.by)


@frozen
class _Point:
    """What a cost comes to."""

    cost: int
    made: Decision
    eligible: int
    funds: int
    person: int


@define
class Curve:
    """Payment and burden against the cost of one fee line of ``scene``."""

    scene: Scene
    line: int
    trying: Trying
    points: dict[int, _Point | None] = field(factory=dict)

    def hits(self, asked: Sequence[Property], fine: bool) -> Iterator[tuple[Property, Hit]]:
        """Breaches of properties of more cost along the curve, each between two costs as near
        to each other as they can be; where not ``fine``, only those that show between the costs
        it begins with."""
        costs = sorted(self._starting())
        for low, high in pairwise(costs):
            for a, b in self._bends(low, high) if fine else [(low, high)]:
                for one in asked:
                    for hit in self.between(one, a, b):
                        yield one, hit

    def between(self, asked: Property, low: int, high: int) -> Iterator[Hit]:
        """The breach from ``low`` to ``high``, if there is one, brought together."""
        found = self._breach(asked, low, high)
        if found is None:
            return
        while high - low > 1:
            middle = (low + high) // 2
            lower, upper = self._breach(asked, low, middle), self._breach(asked, middle, high)
            if lower is not None:
                high, found = middle, lower
            elif upper is not None:
                low, found = middle, upper
            else:
                break
        scene = with_cost(self.scene, self.line, low, self.trying)
        yield Hit(scene, MoreCost(self.line, high - low), found)

    def _breach(self, asked: Property, low: int, high: int) -> Breach | None:
        one, other = self._at(low), self._at(high)
        if one is None or other is None:
            return None
        return breach(asked, self.trying.program, [one.made, other.made], high - low)

    def _bends(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """Stretches over which the curve is straight, or that cannot be cut any more."""
        one, other = self._at(low), self._at(high)
        if high - low <= FINEST or one is None or other is None:
            yield low, high
            return
        middle = (low + high) // 2
        half = self._at(middle)
        if half is None or self._straight(one, half, other):
            yield low, high
            return
        yield from self._bends(low, middle)
        yield from self._bends(middle, high)

    def _straight(self, one: _Point, half: _Point, other: _Point) -> bool:
        share = Fraction(half.cost - one.cost, other.cost - one.cost)
        return all(
            abs(c - a - (b - a) * share) <= SLACK
            for a, c, b in (
                (one.funds, half.funds, other.funds),
                (one.person, half.person, other.person),
                (one.eligible, half.eligible, other.eligible),
            )
        )

    def _at(self, cost: int) -> _Point | None:
        """The point at ``cost``; None where the claim is not decided."""
        if cost not in self.points:
            made = self.trying.decision(with_cost(self.scene, self.line, cost, self.trying))
            self.points[cost] = self._point(cost, made) if made.decided else None
        return self.points[cost]

    def _point(self, cost: int, made: Decision) -> _Point:
        lines = Statement.of(made.frame.matter)
        values: dict[str, Any] = dict(made.values)

        def of(name: str) -> int:
            return values[name] or 0

        eligible = of(lines.eligible.name) if lines.eligible else 0
        person = of(lines.person.name) if lines.person else 0
        return _Point(cost, made, eligible, sum(of(f.name) for f in lines.funds), person)

    def _starting(self) -> set[int]:
        """Nothing, the constants of the rules, the amounts of one decision, each with its
        neighbours, and a cost beyond any limit."""
        made = self._at_first()
        nodes = self.trying.program.nodes
        near = {0, LARGE}
        for value in self.trying.candidates.constants.get("金额", ()):
            near.add(int(value))
        for value in self.trying.candidates.constants.get("单价", ()):
            near.add(int(value * 100))
        for node, value in made.frame.memo.items():
            if nodes[node].type == MONEY and isinstance(value, int) and value > 0:
                near.add(value)
        within = sorted(cost for cost in near if cost < LARGE)
        kept = within[:: 1 + len(within) // MOST_POINTS]
        return {cost + by for cost in kept for by in (0, 1)} | {LARGE}

    def _at_first(self) -> Decision:
        return self.trying.decision(self.scene)
