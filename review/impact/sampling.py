"""What a sample leaves open: whole people drawn again and again.

Each person is drawn as often as a Poisson draw of mean 1 says, the bootstrap for populations too
large to be drawn from one by one: people are independent of each other, and a person's claims stay
together. Sums are of what the drawn people stand for. It holds for samples that are a small part of
their population; of a large part it tells too wide an interval. The draws are those of one seed:
the same table gives the same interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import e

import numpy as np
from attrs import frozen

from tiaowen.engine.batch.cells import Array
from tiaowen.review.impact.asking import SCALE, Asked
from tiaowen.review.impact.records import Interval

SEED = 0
LOW, HIGH = 25, 975
"""In thousandths: the middle 95 in 100."""
_FINE = 1 << 16


@frozen
class Resampled:
    """The interval of the funds' change, and of how many people pay less and more."""

    funds: Interval
    people: tuple[Interval, Interval]


def draws() -> Array:
    """How often a person is drawn, by 65,536 equally likely numbers: Poisson of mean 1."""
    found = np.zeros(_FINE, dtype=np.int64)
    chance, below, times = 1 / e, 0.0, 0
    while round(below * _FINE) < _FINE and chance * _FINE > 0.25:
        found[round(below * _FINE) :] = times
        below += chance
        times += 1
        chance /= times
    return found


def resampled(asked: Asked) -> dict[str, Resampled]:
    """For each label of the table ``impact_group`` what the resamplings say; nothing where none
    are asked for. What a person adds to the funds is rounded to the 分."""
    if not asked.samples:
        return {}
    fund = "w * (fund_b - fund_a)"
    if asked.weighted:
        fund = f"({fund} + {SCALE // 2}) // {SCALE}"
    told = asked.connection.sql(
        f"SELECT label, number, CAST(w AS BIGINT) AS w, CAST({fund} AS BIGINT) AS fund, "
        "own_b - own_a AS own FROM impact_group ORDER BY label, number"
    ).fetchnumpy()
    names = np.asarray(told["label"]).astype(str)
    if not len(names):
        return {}
    labels, starts = np.unique(names, return_index=True)
    people, at = np.unique(np.asarray(told["number"]), return_inverse=True)
    w, own = np.asarray(told["w"]), np.asarray(told["own"])
    parts = (np.asarray(told["fund"]), w * (own < 0), w * (own > 0))
    found = np.array([
        [np.add.reduceat(part * times[at], starts) for part in parts]
        for times in _times(len(people), asked.samples)
    ])  # fmt: skip
    return {str(label): _intervals(asked, found[:, :, n]) for n, label in enumerate(labels)}


def _times(people: int, samples: int) -> Iterator[Array]:
    """How often each person is drawn, for each resampling."""
    random, table = np.random.Generator(np.random.Philox(SEED)), draws()
    for _ in range(samples):
        yield table[random.integers(0, _FINE, people, dtype=np.uint16)]


def _intervals(asked: Asked, found: Array) -> Resampled:
    """Of the three sums of each resampling, a row each."""
    ordered = np.sort(found, axis=0)
    ends = [ordered[min(asked.samples * q // 1000, asked.samples - 1)] for q in (LOW, HIGH)]
    (low, less_low, more_low), (high, less_high, more_high) = (map(int, end) for end in ends)
    people = (
        Interval(asked.whole(less_low), asked.whole(less_high), asked.samples),
        Interval(asked.whole(more_low), asked.whole(more_high), asked.samples),
    )
    return Resampled(Interval(low, high, asked.samples), people)
