"""What two policies decide for the same claims: a closed set of frozen records.

A claim is described relatively (a hospital of a national grade, a kind of person, care at home or
elsewhere with or without papers, an amount all of class A) and made concrete for each policy. All
amounts are whole 分. ``first`` is policy A, ``second`` policy B.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import Factory, field, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.telling.explanation import Explanation, Step
from tiaowen.review.difference.records import MatterPair, Side

Facts: TypeAlias = tuple[tuple[str, Value], ...]
"""Names of fields with their values."""

Whose: TypeAlias = Literal["first", "second"]
Causes: TypeAlias = tuple[tuple[str, str], ...]
"""(code, article) of each problem of a refusal: what groups refusals."""

SIDES: tuple[Whose, ...] = ("first", "second")


# --- relative claims


@frozen
class Level:
    """National grades that both policies treat alike, one of which stands for all."""

    grades: tuple[str, ...]

    @property
    def grade(self) -> str:
        """The grade of the claims: class A where there is one."""
        return next((g for g in self.grades if g.endswith("甲等")), self.grades[0])


@frozen
class Person:
    """A kind of person: ``kind`` is a key of ``relative.KINDS``, ``age`` full years.

    ``alike`` are further kinds that both policies treat as this one. ``first`` and ``second``
    are what only that policy distinguishes (its tier of contribution).
    """

    kind: str
    age: int
    alike: tuple[str, ...] = ()
    first: Facts = ()
    second: Facts = ()


@frozen
class Situation:
    """A claim but for its amount. ``place`` is a key of ``relative.PLACES``, or a division of the
    vocabulary that a policy names. ``fact`` is one further fact, other than usual."""

    level: Level
    person: Person
    place: str
    fact: tuple[str, Value] | None = None


# --- what is decided


@frozen
class Kink:
    """An amount above which a policy's payment goes on at another slope, or jumps.

    ``value`` is what is paid there. What causes it is
    ``quantity`` reaching ``threshold`` (None where it is no fixed figure), by ``rule``.
    """

    amount: int
    value: int
    quantity: str
    threshold: int | None
    rule: c.Rule | None
    articles: tuple[str, ...] = ()


@frozen
class Point:
    """One claim of the grid. A side that refuses has None."""

    amount: int
    first: int | None
    second: int | None

    @property
    def gap(self) -> int | None:
        """What B pays above A."""
        if self.first is None or self.second is None:
            return None
        return self.second - self.first


@frozen
class Stretch:
    """Amounts from ``low`` to ``high`` (both inside) over which one side pays more.

    ``most`` is the point of the largest gap. ``more`` '' means that both pay the same.
    """

    low: int
    high: int
    more: Whose | Literal[""]
    most: Point


@frozen
class Refused:
    """A side that does not decide: why."""

    whose: Whose
    problems: tuple[Diagnostic, ...] = field(eq=False)
    causes: Causes = ()


@frozen
class Compared:
    """A situation over all amounts. Where a side refuses there are no stretches."""

    situation: Situation
    points: tuple[Point, ...]
    kinks: tuple[tuple[Kink, ...], tuple[Kink, ...]] = ((), ())
    stretches: tuple[Stretch, ...] = ()
    refused: tuple[Refused, ...] = ()

    @property
    def differing(self) -> int:
        """How many of its points differ."""
        return sum(bool(point.gap) for point in self.points)

    def largest(self, more: Whose) -> Point | None:
        """The point at which ``more`` pays most above the other; None where it never does."""
        found = [s.most for s in self.stretches if s.more == more]
        return max(found, key=lambda point: abs(point.gap or 0), default=None)


# --- witnesses


@frozen
class Told:
    """One side of a witness: its claim, what it pays, and why where it refuses."""

    claim: Claim
    explanation: Explanation
    value: int | None
    problems: tuple[Diagnostic, ...] = field(default=(), eq=False)


@frozen
class StepPair:
    """A quantity with the steps that give it on each side, oldest state first; () where a side
    has none. ``counts`` says of each side whether its result rests on them."""

    quantity: str
    first: tuple[Step, ...]
    second: tuple[Step, ...]
    counts: tuple[bool, bool] = (True, True)

    @property
    def same(self) -> bool:
        """Whether both come to the same value."""
        ends = [steps[-1].value for steps in (self.first, self.second) if steps]
        return len(ends) == 2 and ends[0] == ends[1]


@frozen
class Cause:
    """What makes a result differ: a quantity that draws on no other that differs, with the
    articles that decide it on either side. Of a refusal ``quantity`` is '' and ``code`` says
    why it stops."""

    quantity: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    code: str = ""


@frozen
class Witness:
    """The simplest claim that shows a cause.

    ``steps`` go from the first that differs to the result. ``others`` are further causes at work
    in this claim. ``situations`` is in how many of the grid the cause shows.
    """

    cause: Cause
    situation: Situation
    amount: int
    first: Told
    second: Told
    steps: tuple[StepPair, ...]
    others: tuple[Cause, ...]
    situations: int


# --- all of it


@frozen
class Taken:
    """How relative claims were made concrete for one policy."""

    day: date
    insurance: str
    own: str
    """The division the person is insured in."""

    places: Mapping[str, str] = Factory(dict)
    assumed: Facts = ()
    """Facts that this policy asks for and that have no usual value: what was taken."""

    parameters: Mapping[str, ParameterValue] = Factory(dict)


@frozen
class Outcomes:
    """A pair of matters over the grid. ``measure`` is the line of the statement that is compared;
    ``beyond`` are lines after it that a side could not decide, each with the reasons.

    ``variations`` are single facts other than usual, compared at the usual person and place.
    """

    first: Side
    second: Side
    pair: MatterPair
    measure: c.Output | None
    taken: tuple[Taken, Taken]
    compared: tuple[Compared, ...]
    variations: tuple[Compared, ...]
    witnesses: tuple[Witness, ...]
    beyond: tuple[Refused, ...] = ()
    impossible: tuple[tuple[str, Whose], ...] = ()
    """Places that do not exist for a side: a municipality has no other city in its province."""

    @property
    def all(self) -> Iterator[Compared]:
        yield from self.compared
        yield from self.variations

    @property
    def claims(self) -> int:
        """Points of the grid."""
        return sum(len(compared.points) for compared in self.compared)

    @property
    def both(self) -> int:
        """Points that both sides decide."""
        return sum(p.gap is not None for compared in self.compared for p in compared.points)

    @property
    def differing(self) -> int:
        return sum(compared.differing for compared in self.compared)

    @property
    def share(self) -> Fraction | None:
        """The share of the claims both decide on which they differ; None where there are none."""
        return Fraction(self.differing, self.both) if self.both else None

    def largest(self, more: Whose) -> tuple[Compared, Point] | None:
        """Where ``more`` pays most above the other."""
        found = [(one, point) for one in self.compared if (point := one.largest(more))]
        return max(found, key=lambda pair: abs(pair[1].gap or 0), default=None)

    @property
    def refused(self) -> Mapping[tuple[tuple[Whose, ...], Causes], list[Compared]]:
        """Situations by who refuses them and why; both together where their reasons are one."""
        found: dict[tuple[tuple[Whose, ...], Causes], list[Compared]] = {}
        for compared in self.all:
            by_cause: dict[Causes, list[Whose]] = {}
            for refused in compared.refused:
                by_cause.setdefault(refused.causes, []).append(refused.whose)
            for causes, sides in by_cause.items():
                found.setdefault((tuple(sides), causes), []).append(compared)
        return found
