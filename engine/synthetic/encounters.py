"""The stays and visits of a block of people, each person's in the order of time.

A person's year is cut into as many slots as there are encounters and each begins within its
own, so that none overlaps the next; a transfer goes on where the stay before it ended.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve, fields_dict, frozen

from tiaowen.engine.synthetic import assumptions as a
from tiaowen.engine.synthetic.drawing import Flags, Ints, choices, spread, stream, weights
from tiaowen.engine.synthetic.people import People, first_day
from tiaowen.engine.synthetic.plan import Plan

MINUTES = 1440


@frozen(eq=False)
class Encounters:
    """One entry an encounter, sorted by person and beginning. ``person`` is the index in the
    block; ``begun`` and ``ended`` are minutes since 1970; ``grade``, ``kind`` and ``disease`` are
    indices into the tables of ``assumptions`` (of stays or of visits); ``hospital`` a number
    within its grade and district; ``place`` -1 at home, else an index of the places elsewhere;
    ``moved`` a transfer from the entry before."""

    person: Ints
    stay: Flags
    begun: Ints
    ended: Ints
    grade: Ints
    kind: Ints
    hospital: Ints
    disease: Ints
    place: Ints
    filing: Ints
    filed: Ints
    moved: Flags

    def __len__(self) -> int:
        return len(self.person)


def encounters(plan: Plan, people: People, draw: np.random.Generator) -> Encounters:
    """All encounters of ``people`` in the years of ``plan``."""
    years = [_year(plan, people, plan.first_year + n, draw) for n in range(plan.years)]
    if len(years) == 1:
        return years[0]
    columns = {
        name: np.concatenate([getattr(year, name) for year in years])
        for name in fields_dict(Encounters)
    }
    whole = Encounters(**columns)
    return _taken(whole, np.lexsort((whole.begun, whole.person)))


def _year(plan: Plan, people: People, year: int, draw: np.random.Generator) -> Encounters:
    stays = draw.poisson(people.rate)
    visits = draw.poisson(plan.visits * people.frailty)
    count = stays + visits
    person = np.repeat(np.arange(len(count)), count)
    ordinal = np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count)
    slot = 365.0 / count[person]
    stay = draw.random(len(person)) < (stays / np.maximum(count, 1))[person]
    days = np.where(stay, spread(draw, np.full(len(person), a.STAY_DAYS), a.DAYS_SPREAD), 0.0)
    days = np.minimum(days, np.maximum(slot / 2 - 1, 0))
    start = ordinal * slot + draw.random(len(person)) * slot / 2
    begun = first_day(year) * MINUTES + (np.floor(start) * MINUTES).astype(np.int64) + 540
    begun += draw.integers(0, 480, len(person))
    ended = begun + np.where(stay, np.maximum(np.round(days * MINUTES), 60), 20).astype(np.int64)
    found = _described(person, stay, begun, ended, draw)
    return _with_transfers(found, draw)


def _described(person: Ints, stay: Flags, begun: Ints, ended: Ints,
               draw: np.random.Generator) -> Encounters:  # fmt: skip
    size = len(person)

    def either(of_stays: list[float], of_visits: list[float]) -> Ints:
        return np.where(stay, choices(draw, of_stays, size), choices(draw, of_visits, size))

    grade = either(weights(a.GRADES_OF_STAYS), weights(a.GRADES_OF_VISITS))
    kind = either(weights(a.KINDS_OF_STAYS), weights(a.KINDS_OF_VISITS))
    place = choices(draw, weights(a.PLACES_ELSEWHERE), size)
    home = draw.random(size) >= a.ELSEWHERE_SHARE
    late = draw.random(size) < a.LATE_FILING_SHARE
    lag = np.where(late, draw.integers(1, 21, size), -draw.integers(0, 31, size))
    return Encounters(
        person, stay, begun, ended, grade, kind,
        draw.integers(0, a.HOSPITALS_OF_A_GRADE, size),
        choices(draw, weights(a.DISEASES), size),
        np.where(home, -1, place),
        choices(draw, weights(a.FILINGS), size),
        begun // MINUTES + lag,
        np.zeros(size, dtype=bool),
    )  # fmt: skip


def _with_transfers(found: Encounters, draw: np.random.Generator) -> Encounters:
    """Some stays go on in a hospital of the highest grade."""
    chosen = found.stay & (draw.random(len(found)) < a.TRANSFER_SHARE)
    rows = np.repeat(np.arange(len(found)), 1 + chosen)
    moved = np.zeros(len(rows), dtype=bool)
    moved[1:] = rows[1:] == rows[:-1]
    whole = _taken(found, rows)
    gap = draw.choice(np.array(a.DAYS_TO_TRANSFER), len(rows)) * MINUTES
    lasting = whole.ended - whole.begun
    begun = np.where(moved, whole.ended + gap + 60, whole.begun)
    return evolve(
        whole,
        begun=begun,
        ended=begun + np.where(moved, np.maximum(lasting // 2, 60), lasting),
        grade=np.where(moved, 0, whole.grade),
        moved=moved,
    )


def _taken(found: Encounters, rows: Ints) -> Encounters:
    return Encounters(**{name: getattr(found, name)[rows] for name in fields_dict(Encounters)})


def block_of(plan: Plan, block: int) -> tuple[People, Encounters, np.random.Generator]:
    """The people and encounters of a block, and its stream for what is drawn after them."""
    from tiaowen.engine.synthetic.people import people

    draw = stream(plan.seed, block)
    who = people(plan, block, draw)
    return who, encounters(plan, who, draw), draw
