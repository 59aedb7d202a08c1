"""Two policies over a grid of claims that their own boundaries suggest."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from typing import TypeAlias

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.review.difference.outcomes.alike import (
    cores_of,
    levels_of,
    persons_of,
    places_named,
)
from tiaowen.review.difference.outcomes.boundaries import Curve, probes_of
from tiaowen.review.difference.outcomes.records import (
    SIDES,
    Compared,
    Outcomes,
    Person,
    Refused,
    Situation,
    Whose,
)
from tiaowen.review.difference.outcomes.relative import PLACES
from tiaowen.review.difference.outcomes.setting import Parameters, both_sides
from tiaowen.review.difference.outcomes.stretching import compare
from tiaowen.review.difference.outcomes.witnesses import witnesses_of
from tiaowen.review.difference.records import MatterPair, Side

MEASURES = ("fund_pay_sumamt", "hifp_pay", "x_pool_due", "x_matn_pay")
"""Lines of a statement that say what is paid, by national code: the first that both sides can
decide is compared."""

USUAL_AMOUNT = 10_000 * 100
PROBED = (2_000 * 100, USUAL_AMOUNT, 500_000 * 100)
"""Amounts at which a single fact has to change what differs, to be compared in full."""

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many of how many situations are done."""


def comparable(pairs: Iterable[MatterPair], program: c.Program) -> tuple[MatterPair, ...]:
    """The pairs that outcomes can be compared of: both settle single claims of care."""
    return tuple(
        pair for pair in pairs
        if pair.both and any(o.code in MEASURES for o in program.matters[pair.first].outputs)
    )  # fmt: skip


def compare_outcomes(
    first: Side,
    second: Side,
    pair: MatterPair,
    *,
    parameters: tuple[Parameters, Parameters] = ({}, {}),
    on: date | None = None,
    progress: Progress | None = None,
) -> Outcomes:
    """What both policies pay for the same claims of ``pair``, over the whole grid.

    ``parameters`` are those of either side, ``on`` the day of admission for both (by default
    one on which both are in force). Nothing is raised for what a policy does not decide: such
    claims are in the result, refused, with the reasons.
    """
    return _Grid(first, second, pair, parameters, on).outcomes(progress or (lambda *_: None))


class _Grid:
    """What varies over the claims of one pair of matters, and both payments wherever asked."""

    def __init__(self, first: Side, second: Side, pair: MatterPair,
                 parameters: tuple[Parameters, Parameters], on: date | None) -> None:  # fmt: skip
        self.given = (first, second)
        self.pair = pair
        self.sides = both_sides(self.given, pair, parameters, on)
        self.levels = levels_of(self.sides)
        self.places = self._places()
        self.persons = self._persons()
        programs = [(s.program, s.matter) for s in self.sides]
        self.probes = [probes_of(*one) for one in programs]
        self.measure = self._measure()
        self.lacking = {cause for beyond in self._beyond() for cause in beyond.causes}
        self.curves: dict[Situation, tuple[Curve, Curve]] = {}
        self.known: dict[object, Curve] = {}

    # --- what varies

    def _places(self) -> tuple[str, ...]:
        return (*PLACES, *places_named(self.sides))

    def _possible(self, place: str) -> list[Whose]:
        """The sides for which a place does not exist."""
        where = PLACES[place].where if place in PLACES else ""
        return [
            w for w, s in zip(SIDES, self.sides, strict=True) if where and where not in s.places
        ]

    def _persons(self) -> tuple[Person, ...]:
        plain = persons_of(self.sides)
        usual = [Situation(self.levels[0], p, place) for p in plain for place in self.places
                 if not self._possible(place)]  # fmt: skip
        for side in self.sides:
            side.settle(usual, USUAL_AMOUNT)
        return tuple(evolve(p, first=a, second=b) for p in plain for a, b in self._choices())

    def _choices(self) -> Iterator[tuple[tuple[tuple[str, Value], ...], ...]]:
        """Every combination of the facts that have to be tried; one that both ask for is the
        same on both."""
        first, second = (side.varied for side in self.sides)
        names = list(dict.fromkeys((*first, *second)))
        for values in product(*(first.get(n) or second[n] for n in names)):
            chosen = dict(zip(names, values, strict=True))
            yield tuple(tuple((n, chosen[n]) for n in one) for one in (first, second))

    def situations(self) -> Iterator[Situation]:
        for level, person, place in product(self.levels, self.persons, self.places):
            if not self._possible(place):
                yield Situation(level, person, place)

    # --- deciding

    def _measure(self) -> c.Output | None:
        """The line to compare: the first that both decide for some usual claim, else the first
        that both statements have."""
        outputs = [s.program.matters[s.matter].outputs for s in self.sides]
        first, second = ({o.code: o for o in lines if o.node is not None} for lines in outputs)
        both = [first[code] for code in MEASURES if code in first and code in second]
        return next(filter(self._decided, both), both[0] if both else None)

    def _decided(self, line: c.Output) -> bool:
        usual = [Situation(level, self.persons[0], "own") for level in self.levels]
        return any(
            all(s.decide(s.claim(one), USUAL_AMOUNT).values.get(self._name(line, n)) is not None
                for n, s in enumerate(self.sides))
            for one in usual
        )  # fmt: skip

    def _name(self, line: c.Output, side: int) -> str:
        """What a side calls the line."""
        outputs = self.sides[side].program.matters[self.sides[side].matter].outputs
        return next(o.name for o in outputs if o.code == line.code)

    def _curves(self, situation: Situation) -> tuple[Curve, Curve]:
        if situation not in self.curves:
            self.curves[situation] = (self._curve(situation, 0), self._curve(situation, 1))
        return self.curves[situation]

    def _curve(self, situation: Situation, number: int) -> Curve:
        """One side's curve; situations that only the other side tells apart share it."""
        assert self.measure is not None
        side = self.sides[number]
        claim = side.claim(situation)
        key = (number, tuple(claim.fields.items()))
        if key not in self.known:
            line = self._name(self.measure, number)
            self.known[key] = Curve(side, claim, line, self.probes[number])
        return self.known[key]

    def _refused(self, situation: Situation) -> tuple[Refused, ...]:
        found = []
        for whose, curve in zip(SIDES, self._curves(situation), strict=True):
            if curve.value(USUAL_AMOUNT) is None:
                made = curve.decision(USUAL_AMOUNT)
                found.append(_refusal(whose, made.problems, self.lacking))
        return tuple(found)

    def compared(self, situation: Situation) -> Compared:
        refused = self._refused(situation)
        return compare(situation, self._curves(situation), refused)

    # --- single facts

    def variations(self) -> Iterator[Situation]:
        """Each further fact that rules of either side read, other than usual, where it changes
        what differs at the usual person and place."""
        for level in self.levels:
            base = Situation(level, self.persons[0], "own")
            before = self._gaps(base)
            for fact in self._facts():
                one = evolve(base, fact=fact)
                for side in self.sides:
                    side.settle([one], USUAL_AMOUNT)
                if any(gaps := self._gaps(one)) and gaps != before:
                    yield one

    def _gaps(self, situation: Situation) -> list[object]:
        """What differs at a few amounts: the gap, or who alone refuses."""
        found: list[object] = []
        for amount in PROBED:
            first, second = (curve.value(amount) for curve in self._curves(situation))
            if first is not None and second is not None:
                found.append(second - first)
            else:
                found.append("" if first is second else "first" if first is None else "second")
        return found

    def _facts(self) -> Iterator[tuple[str, Value]]:
        said = {n for s in self.sides for n in s.claim(self._travelling()).fields}
        papers = {code for place in PLACES.values() for code in place.papers}
        for name, info in self._read().items():
            if name in said or info.code in papers or info.default is None:
                continue
            if info.type == ty.TRUTH:
                yield name, not info.default
            elif info.type.kind == "enumeration":
                enum = self.sides[0].program.enums.get(info.type.name)
                yield from ((name, m) for m in (enum.codes if enum else ()) if m != info.default)

    def _travelling(self) -> Situation:
        return Situation(self.levels[0], self.persons[0], "travelling")

    def _read(self) -> dict[str, c.FieldInfo]:
        """The fields that rules of either side read and both know."""
        found: dict[str, c.FieldInfo] = {}
        for side in self.sides:
            for core in cores_of(side.program, side.matter):
                if isinstance(core, c.Field) and not core.level:
                    found[core.name] = side.program.fields[core.name]
        return {n: i for n, i in found.items() if all(n in s.program.fields for s in self.sides)}

    # --- all of it

    def outcomes(self, progress: Progress) -> Outcomes:
        compared: list[Compared] = []
        variations: list[Compared] = []
        if self.measure is not None:
            asked = list(self.situations())
            single = list(self.variations())
            total = len(asked) + len(single)
            for number, one in enumerate((*asked, *single)):
                (variations if one.fact else compared).append(self.compared(one))
                progress(number + 1, total)
        witnesses = witnesses_of((*compared, *variations), self.curves)
        return Outcomes(
            *self.given, self.pair, self.measure, (self.sides[0].taken, self.sides[1].taken),
            tuple(compared), tuple(variations), witnesses, tuple(self._beyond()),
            tuple((place, whose) for place in self.places for whose in self._possible(place)),
        )  # fmt: skip

    def _beyond(self) -> Iterator[Refused]:
        """What keeps a side from deciding the lines after the one that is compared."""
        for whose, side in zip(SIDES, self.sides, strict=True):
            made = [side.decide(side.claim(Situation(level, self.persons[0], "own")), USUAL_AMOUNT)
                    for level in self.levels]  # fmt: skip
            name = "" if self.measure is None else self._name(self.measure, whose == "second")
            decided = [m for m in made if m.values.get(name) is not None]
            least = min(decided, key=lambda m: len(m.problems), default=None)
            if least is not None and least.problems:
                yield _refusal(whose, least.problems)


def _refusal(whose: Whose, problems: Sequence[Diagnostic],
             lacking: Container[tuple[str, str]] = ()) -> Refused:  # fmt: skip
    """A refusal without what is ``lacking`` for every claim, unless nothing else is."""
    own = tuple(p for p in problems if (p.code, p.article) not in lacking) or tuple(problems)
    return Refused(whose, own, tuple((p.code, p.article) for p in own))
