"""Errors planted in settlements of three cities are found again.

`make prove` plants thousands and writes how many it found (tests/proof.json); this is a sample of
the same, small enough for every run.
"""

from __future__ import annotations

import json

import pytest
from tests.prove import REPORT
from tests.reconcile.measuring import QUICK, Job, jobs
from tests.reconcile.planting import PLANTERS
from tests.reconcile.scoring import ABSENT, FIRST, SIMPLER, tally
from tests.reconcile.told import PAGES, tables

BUDGET = 3000
CHONGQING = 2
SINGLES = [*jobs(1, 1, range(CHONGQING), start=1), *jobs(1, 3, [CHONGQING]), *jobs(1, 12, [QUICK])]
PAIRS = [*jobs(2, 2, [CHONGQING], start=1), *jobs(2, 12, [QUICK])]


@pytest.mark.parametrize(
    ("asked", "least"), [(SINGLES, 120), (PAIRS, 60)], ids=["one error", "two errors"]
)
def test_what_was_planted_is_found(asked: list[Job], least: int) -> None:
    made = tally(score for job in asked if (score := job.run(BUDGET)) is not None)
    print(made.table())
    planted = sum(counts["planted"] for counts in made.figures().values())
    assert planted >= least, "errors that change nothing are not counted"
    assert made.share(FIRST, SIMPLER) >= 0.9, made.table()
    assert made.share(ABSENT) <= (0.0 if asked is SINGLES else 0.05), made.table()


def test_every_kind_of_error_is_planted_somewhere() -> None:
    assert {job.kind for job in SINGLES} == set(PLANTERS)


def test_the_documents_show_what_the_long_run_found() -> None:
    report = json.loads(REPORT.read_text(encoding="utf-8"))["reconciliation"]
    for lang, path in PAGES.items():
        assert tables(report, lang) in path.read_text(encoding="utf-8"), path
    counted = report["one error"].values()
    assert sum(kind["planted"] for kind in counted) >= 200
