"""The people of a block: who they are and how often they need care."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from tiaowen.engine.synthetic import assumptions as a
from tiaowen.engine.synthetic.drawing import Flags, Floats, Ints, choices
from tiaowen.engine.synthetic.plan import Plan

DAYS_OF_A_YEAR = 365


@frozen(eq=False)
class People:
    """One entry a person: ``group`` and ``home`` are indices into the groups of the plan's
    insurance and its homes, ``born`` a day since 1970, ``rate`` the stays expected in a year,
    ``frailty`` how that differs from others of the age; benefits run from the day ``since``,
    and ``supplemented`` people are in the employees' supplementary insurance too."""

    group: Ints
    home: Ints
    sex: Ints
    born: Ints
    rate: Floats
    frailty: Floats
    since: Ints
    supplemented: Flags


def people(plan: Plan, block: int, draw: np.random.Generator) -> People:
    """The people of block number ``block``."""
    size = plan.size_of(block)
    groups = a.GROUPS[plan.insurance]
    group = choices(draw, [g.weight for g in groups], size)
    youngest = np.array([g.youngest for g in groups])[group]
    oldest = np.array([g.oldest for g in groups])[group]
    age = youngest + np.floor(draw.random(size) * (oldest - youngest + 1)).astype(np.int64)
    born = first_day(plan.first_year - 1 - age) + draw.integers(0, DAYS_OF_A_YEAR, size)
    starts = np.array([start for start, _ in a.STAYS_BY_AGE])
    by_age = np.array([rate for _, rate in a.STAYS_BY_AGE])
    rate = by_age[np.searchsorted(starts, age, side="right") - 1]
    frailty = draw.gamma(a.FRAILTY_SHAPE, 1 / a.FRAILTY_SHAPE, size)
    home = choices(draw, [1.0] * len(plan.homes), size)
    sex = 1 + draw.integers(0, 2, size)
    since = np.maximum(born, first_day(plan.first_year - draw.integers(0, a.YEARS_INSURED, size)))
    supplemented = (draw.random(size) < a.SUPPLEMENTED_SHARE) & (plan.insurance == "310")
    return People(group, home, sex, born, rate * frailty, frailty, since, supplemented)


def first_day(years: Ints | int) -> Ints:
    """1 January of each of ``years``, as days since 1970."""
    return (np.asarray(years) - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(
        np.int64
    )  # fmt: skip
