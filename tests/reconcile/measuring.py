"""Many settlements with planted errors, and how often their causes are found again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from random import Random

from attrs import frozen
from tests.reconcile.planting import PLANTERS, plant
from tests.reconcile.rules import ground
from tests.reconcile.scenes import MATTER, SMALL, TOWNS, Town, program_of
from tests.reconcile.scoring import Score, Tally, score, tally

from tiaowen.review.reconciliation.causes import looks_back

ONE_AT_A_TIME = {"version", "parameter", "added stay"}
"""Kinds of which a settlement has one at most: there is one earlier text, and what two outdated
figures or two unknown stays do is done by one file and by one amount."""


PLACES = (*TOWNS, SMALL)
QUICK = len(PLACES) - 1
"""Where a job says that it is: the towns, then the small policy."""


@frozen
class Job:
    """One settlement to be made: which, with how many errors, the first of what kind."""

    town: int
    kind: str
    errors: int
    number: int

    def run(self, budget: int) -> Score | None:
        """Plant and look; None where such an error changes nothing in the stays tried."""
        town = PLACES[self.town]
        if not possible(town, self.kind):
            return None
        rng = Random(f"{town.name} {self.kind} {self.errors} {self.number}")
        kinds = [kind for kind in PLANTERS if kind not in (self.kind, "version")]
        others = [
            rng.choice([*kinds, *({self.kind} - ONE_AT_A_TIME)]) for _ in range(self.errors - 1)
        ]
        made = plant(town, [self.kind, *others], rng)
        return None if made is None else score(made, budget)


def possible(town: Town, kind: str) -> bool:
    """Whether the policy of ``town`` has what an error of ``kind`` is about."""
    program = program_of(town)
    if kind in ("missed stay", "added stay"):
        return looks_back(program, MATTER)
    if kind == "parameter":
        return bool(town.parameters)
    return kind != "skipped ground" or ground(program, Random(0)) is not None


def jobs(errors: int, each: int, towns: Sequence[int] = range(len(TOWNS)),
         start: int = 0) -> Iterator[Job]:  # fmt: skip
    """``each`` settlements of every kind of first error in every town."""
    for number in range(start, start + each):
        for town in towns:
            yield from (Job(town, kind, errors, number) for kind in PLANTERS)


def proof(times: float = 1) -> dict[str, Tally]:
    """Thousands of settlements with one error and with two; ``times`` as many."""
    asked = {
        "one error": [
            *jobs(1, int(20 * times), range(2)), *jobs(1, int(100 * times), [2]),
            *jobs(1, int(100 * times), [QUICK]),
        ],
        "two errors": [
            *jobs(2, int(5 * times), range(2)), *jobs(2, int(60 * times), [2]),
            *jobs(2, int(60 * times), [QUICK]),
        ],
    }  # fmt: skip
    return {name: measure(found) for name, found in asked.items()}


def measure(asked: Sequence[Job], budget: int = 20_000) -> Tally:
    """All of ``asked`` on every processor; the tally depends on nothing but what is asked."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        scores = pool.map(_run, ((job, budget) for job in asked), chunksize=4)
        return tally(found for found in scores if found is not None)


def _run(asked: tuple[Job, int]) -> Score | None:
    job, budget = asked
    return job.run(budget)
