"""Errors planted in settlements of three cities are found again.

`make prove` plants thousands and writes how many it found (tests/proof.json); this is a sample of
the same, small enough for every run.
"""

from __future__ import annotations

import pytest
from tests.reconcile.measuring import Job, jobs
from tests.reconcile.planting import PLANTERS
from tests.reconcile.scenes import TOWNS
from tests.reconcile.scoring import ABSENT, FIRST, THIRD, tally

BUDGET = 1500
CHONGQING = len(TOWNS) - 1
SINGLES = [*jobs(1, 1, range(CHONGQING), start=1), *jobs(1, 12, [CHONGQING])]
PAIRS = [*jobs(2, 10, [CHONGQING], start=1), Job(0, "line", 2, 1), Job(1, "fact", 2, 2)]


@pytest.mark.parametrize(
    ("asked", "least"), [(SINGLES, 60), (PAIRS, 20)], ids=["one error", "two errors"]
)
def test_what_was_planted_is_found(asked: list[Job], least: int) -> None:
    made = tally(score for job in asked if (score := job.run(BUDGET)) is not None)
    print(made.table())
    planted = sum(counts["planted"] for counts in made.figures().values())
    assert planted >= least, "errors that change nothing are not counted"
    assert made.share(FIRST, THIRD) >= 0.8, made.table()
    assert made.share(ABSENT) <= 0.05, made.table()


def test_every_kind_of_error_is_planted_somewhere() -> None:
    kinds = {job.kind for job in SINGLES}
    assert kinds == set(PLANTERS)
