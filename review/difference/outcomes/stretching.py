"""One situation over all amounts: who pays more, from where to where, and by how much.

Between the bends of both sides both payments are straight, so their gap is largest at a bend and
changes its sign at most once; where it does is found by halving, to the 分.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, pairwise
from typing import Literal

from tiaowen.review.difference.outcomes.boundaries import Curve, roundness
from tiaowen.review.difference.outcomes.records import (
    Compared,
    Kink,
    Point,
    Refused,
    Situation,
    Stretch,
    Whose,
)

ROUND = tuple(n * 100 for n in (
    1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000))  # fmt: skip
"""Amounts that every grid has, as far as it reaches."""
LEAST_REACH = 100_000 * 100
"""A grid goes at least to 100,000 yuan, and half as far again as the last bend."""
_STEPS = (1, 2, 5)


def compare(
    situation: Situation, curves: tuple[Curve, Curve], refused: tuple[Refused, ...]
) -> Compared:
    """The situation on both sides, where ``refused`` are sides that do not decide it at all."""
    first, second = (
        () if any(r.whose == whose for r in refused) else curve.kinks()
        for curve, whose in zip(curves, ("first", "second"), strict=True)
    )
    top = reach((*first, *second))
    points = _Points(curves, refused)
    bends = sorted({k.amount for k in (*first, *second)})
    edges = {amount + d for amount in bends for d in (-1, 0, 1)}
    between = (simplest(low, high) for low, high in pairwise([0, *bends, top]))
    amounts = sorted({*edges, *between, *(a for a in ROUND if a <= top), top} - {0, -1})
    stretches: list[Stretch] = []
    if not refused:
        crossings = list(_crossings([0, *amounts], points))
        amounts = sorted({*amounts, *(c for c in crossings if c), *(c + 1 for c in crossings)})
        stretches = list(_stretches([points(a) for a in (0, *amounts)]))
    made = tuple(points(a) for a in amounts)
    return Compared(situation, made, (first, second), tuple(stretches), refused)


def simplest(low: int, high: int) -> int:
    """The roundest amount between two bends, near their middle; ``high`` where there is none."""
    middle = (low + high) // 2
    sizes: list[int] = [10**n for n in range(len(str(high)), -1, -1)]
    for size in sizes:
        for step in (5 * size, 2 * size, size):
            nearest = (middle + step // 2) // step * step
            if low < nearest < high:
                return nearest
    return high


def reach(kinks: Iterable[Kink]) -> int:
    """The end of the grid: a round amount half as far again as the last bend."""
    wanted = max([LEAST_REACH, *(k.amount * 3 // 2 for k in kinks)])
    size: int = 10 ** (len(str(wanted)) - 1)
    return next(n * s for s in (size, size * 10) for n in _STEPS if n * s >= wanted)


class _Points:
    """Points by amount."""

    def __init__(self, curves: tuple[Curve, Curve], refused: tuple[Refused, ...]) -> None:
        refusing = {r.whose for r in refused}
        self.values: list[Callable[[int], int | None]] = [
            (lambda amount: None) if whose in refusing else curve.value
            for curve, whose in zip(curves, ("first", "second"), strict=True)
        ]

    def __call__(self, amount: int) -> Point:
        first, second = self.values
        return Point(amount, first(amount), second(amount))


def _more(point: Point) -> Whose | Literal[""] | None:
    """Who pays more at a point; '' nobody; None where a side refuses."""
    if point.gap is None:
        return None
    return "second" if point.gap > 0 else "first" if point.gap < 0 else ""


def _crossings(amounts: list[int], points: _Points) -> Iterator[int]:
    """The last amounts before who pays more changes, between neighbours of the grid."""
    for low, high in pairwise(amounts):
        start = low
        while _more(points(start)) != _more(points(high)):
            inside, outside = start, high
            while outside - inside > 1:
                middle = (inside + outside) // 2
                if _more(points(middle)) == _more(points(start)):
                    inside = middle
                else:
                    outside = middle
            yield inside
            start = outside


def _stretches(points: list[Point]) -> Iterator[Stretch]:
    """Runs of points with the same side ahead. Points that a side refuses are in none."""
    for more, run in groupby(points, key=_more):
        found = list(run)
        if more is not None:
            yield Stretch(found[0].amount, found[-1].amount, more, _most(found))


def _most(points: list[Point]) -> Point:
    """The point of the largest gap; of those within a 分 of it, which rounding makes, that of the
    roundest amount."""
    largest = max(abs(point.gap or 0) for point in points)
    near = [point for point in points if abs(point.gap or 0) >= largest - 1]
    return max(near, key=lambda point: roundness(point.amount))
