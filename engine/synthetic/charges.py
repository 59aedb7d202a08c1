"""What encounters cost, line by line, in 分."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from tiaowen.engine.synthetic import assumptions as a
from tiaowen.engine.synthetic.drawing import Flags, Floats, Ints, choices, spread, weights
from tiaowen.engine.synthetic.encounters import Encounters

SCALE = 10_000


@frozen(eq=False)
class Lines:
    """One entry a fee line, in the order of the encounters; ``counts`` how many each has.
    ``grade`` (甲乙丙) and ``catalogue`` are indices into the tables of ``assumptions``;
    ``amount`` = ``number`` × ``price``; ``limited`` above the price limit."""

    counts: Ints
    amount: Ints
    number: Ints
    price: Ints
    grade: Ints
    catalogue: Ints
    charge: Ints
    day: Ints
    limited: Flags

    @property
    def limit(self) -> Ints:
        """The price limit of a line that has one, in 分."""
        return self.price * 9 // 10


@frozen(eq=False)
class Totals:
    """The four parts of each encounter's bill and their sum, in 分."""

    total: Ints
    own: Ints
    over: Ints
    first: Ints
    eligible: Ints


def lines(found: Encounters, draw: np.random.Generator) -> Lines:
    """The fee lines of ``found``: each has at least one."""
    days = (found.ended - found.begun) / 1440
    expected = np.where(found.stay, days * a.LINES_OF_A_DAY + 2, a.LINES_OF_A_VISIT)
    counts = np.minimum(1 + draw.poisson(expected), a.MOST_LINES)
    size = int(counts.sum())
    catalogue = choices(draw, weights(a.CATALOGUES), size)
    number = np.array(a.COUNTS)[draw.integers(0, len(a.COUNTS), size)]
    price = np.maximum(_split(_costs(found, draw), counts, draw) // number, 1)
    medicine = catalogue == 0
    length = np.repeat((found.ended - found.begun) // 1440 + 1, counts)
    return Lines(
        counts, price * number, number, price,
        choices(draw, weights(a.CLASSES), size), catalogue,
        draw.integers(0, 60, size),
        np.repeat(found.begun // 1440, counts) + (draw.random(size) * length).astype(np.int64),
        ~medicine & (draw.random(size) < a.OVER_LIMIT_SHARE),
    )  # fmt: skip


def _costs(found: Encounters, draw: np.random.Generator) -> Floats:
    medians = np.array([a.MEDIAN_COST[grade] for grade, _ in a.GRADES_OF_STAYS], dtype=np.float64)
    middle = np.where(found.stay, medians[found.grade], float(a.MEDIAN_VISIT))
    cost = spread(draw, middle, a.COST_SPREAD)
    tail = draw.random(len(found)) < a.TAIL_SHARE
    drawn: Floats = np.where(tail, cost * (1 + draw.pareto(a.TAIL_SHAPE, len(found))), cost)
    return np.minimum(drawn, 1e9)


def _split(costs: Floats, counts: Ints, draw: np.random.Generator) -> Ints:
    """Each cost in as many parts as its encounter has lines."""
    size = int(counts.sum())
    if not size:
        return np.zeros(0, dtype=np.int64)
    part = draw.standard_exponential(size)
    whole = np.add.reduceat(part, np.cumsum(counts) - counts)
    return (part * np.repeat(costs / whole, counts)).astype(np.int64)


def totals(made: Lines) -> Totals:
    """Each bill by its parts, a line at a time: rounded half up where a share is taken."""
    wholly = np.array([a.OWN_SHARE_OF_CLASS[code] for code, _ in a.CLASSES])[made.grade]
    none = wholly == SCALE
    over = np.where(made.limited & ~none, (made.price - made.limit) * made.number, 0)
    own = np.where(none, made.amount, 0)
    first = np.where(none, 0, ((made.amount - over) * wholly * 2 + SCALE) // (2 * SCALE))
    bills, owns, overs, firsts = (
        _sum(column, made.counts) for column in (made.amount, own, over, first)
    )
    return Totals(bills, owns, overs, firsts, bills - owns - overs - firsts)


def _sum(column: Ints, counts: Ints) -> Ints:
    if not len(column):
        return np.zeros(len(counts), dtype=np.int64)
    summed: Ints = np.add.reduceat(column, np.cumsum(counts) - counts)
    return summed
