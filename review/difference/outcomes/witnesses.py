"""The simplest claims that show each difference.

Every claim of the grid on which results differ, or which one side refuses, is told with its
causes. Of each cause one claim is kept: one in which nothing else is at work if there is one,
then with the fewest facts other than usual, then with the roundest amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import Factory, define, frozen

from tiaowen.engine.telling.explain import explain
from tiaowen.review.difference.outcomes.boundaries import Curve, roundness
from tiaowen.review.difference.outcomes.causes import Resting, aligned, causes
from tiaowen.review.difference.outcomes.records import (
    Cause,
    Compared,
    Situation,
    Told,
    Witness,
)
from tiaowen.review.difference.outcomes.relative import KINDS, PLACES

Curves = tuple[Curve, Curve]
ROUNDEST = 6
"""Noughts of an amount in 分 beyond which another makes it no simpler: ten thousands of yuan."""
AMOUNT_OF_REFUSAL = 10_000 * 100
"""A refused claim is shown at 10,000 yuan."""


@frozen
class _Shown:
    """A claim that shows some causes."""

    situation: Situation
    amount: int
    causes: tuple[Cause, ...]


@define
class Witnesses:
    """Collects claims by cause; ``curves`` gives both sides of a situation."""

    curves: Mapping[Situation, Curves]
    shown: dict[Cause, list[_Shown]] = Factory(dict)

    def add(self, compared: Compared) -> None:
        """Note every claim of ``compared`` that differs, by what makes it differ."""
        situation = compared.situation
        if compared.refused:
            if len(compared.refused) == 1:
                self._note(_Shown(situation, AMOUNT_OF_REFUSAL, (_refusal(compared),)))
            return
        for amount in self._telling(compared):
            found = causes(*self._resting(situation, amount))
            self._note(_Shown(situation, amount, found))

    def _telling(self, compared: Compared) -> Iterable[int]:
        """One amount for each way in which all comparisons of amounts turn out while the results
        differ: for all others of that way the same makes them differ. The roundest is taken."""
        first, second = self.curves[compared.situation]
        found: dict[object, list[int]] = {}
        for point in compared.points:
            if point.gap:
                way = (first.sign(point.amount), second.sign(point.amount), point.gap > 0)
                found.setdefault(way, []).append(point.amount)
        return [min(amounts, key=_plain) for amounts in found.values()]

    def _note(self, shown: _Shown) -> None:
        for cause in shown.causes:
            self.shown.setdefault(cause, []).append(shown)

    def _resting(self, situation: Situation, amount: int) -> tuple[Resting, Resting]:
        first, second = (
            Resting(explain(curve.decision(amount)), curve.measure)
            for curve in self.curves[situation]
        )
        return first, second

    def simplest(self) -> Iterator[Witness]:
        """One witness for each cause, those of most situations first."""
        found = [self._witness(cause, min(shown, key=_cost), shown)
                 for cause, shown in self.shown.items()]  # fmt: skip
        yield from sorted(found, key=lambda w: (not w.cause.quantity, -w.situations))

    def _witness(self, cause: Cause, best: _Shown, shown: Sequence[_Shown]) -> Witness:
        told = [_told(curve, best.amount) for curve in self.curves[best.situation]]
        resting = self._resting(best.situation, best.amount)
        return Witness(
            cause, best.situation, best.amount, told[0], told[1], aligned(*resting),
            tuple(c for c in best.causes if c != cause), len({s.situation for s in shown}),
        )  # fmt: skip


def _plain(amount: int) -> tuple[int, int]:
    """Rounder amounts first, then smaller ones."""
    return (-min(roundness(amount), ROUNDEST), amount)


def _refusal(compared: Compared) -> Cause:
    """The cause of a refusal of one side."""
    refused = compared.refused[0]
    codes = tuple(dict.fromkeys(code for code, _ in refused.causes))
    articles = tuple(dict.fromkeys(article for _, article in refused.causes if article))
    first, second = (articles, ()) if refused.whose == "first" else ((), articles)
    return Cause("", first, second, "、".join(codes))


def _told(curve: Curve, amount: int) -> Told:
    made = curve.decision(amount)
    value = made.values.get(curve.measure)
    return Told(made.frame.claim, explain(made), value if isinstance(value, int) else None,
                made.problems)  # fmt: skip


def unusual(situation: Situation) -> int:
    """How many facts of a situation are other than usual."""
    person, place = situation.person, situation.place
    papers = PLACES[place].papers if place in PLACES else {}
    return (
        (list(KINDS).index(person.kind) > 0)
        + (person.age != KINDS[person.kind].age)
        + (place != "own") + (bool(papers)) + len(papers)
        + 2 * (situation.fact is not None)
    )  # fmt: skip


def _cost(shown: _Shown) -> tuple[int, int, int, int]:
    return (len(shown.causes), unusual(shown.situation), *_plain(shown.amount))


def witnesses_of(compared: Iterable[Compared],
                 curves: Mapping[Situation, Curves]) -> tuple[Witness, ...]:  # fmt: skip
    """The witnesses of ``compared``, by how many claims each stands for."""
    found = Witnesses(curves)
    for one in compared:
        found.add(one)
    return tuple(found.simplest())
