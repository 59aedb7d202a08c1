"""What a sample leaves open, beside what can be worked out of the draws."""

from __future__ import annotations

from fractions import Fraction
from math import e, factorial
from typing import Any

import duckdb
import numpy as np

from tiaowen.review.impact.asking import Asked
from tiaowen.review.impact.sampling import draws, resampled
from tiaowen.review.impact.tenths import tenths


def group(rows: list[tuple[str, int, int, int]]) -> Any:
    """A database with the table of a group: label, person, change of the funds, of the own."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE impact_group AS SELECT '' AS label, 0 AS number, 1 AS w, "
                       "0 AS fund_a, 0 AS fund_b, 0 AS own_a, 0 AS own_b LIMIT 0")  # fmt: skip
    connection.executemany("INSERT INTO impact_group VALUES (?, ?, 1, 0, ?, 0, ?)", rows)
    return connection


def test_draws_are_those_of_a_poisson_of_mean_one() -> None:
    found = np.bincount(draws())
    assert Fraction(int((np.arange(len(found)) * found).sum()), 1 << 16) == 1
    for times, count in enumerate(found):
        assert abs(count / (1 << 16) - 1 / e / factorial(times)) < 1 / (1 << 16)


def test_the_interval_of_alike_people_is_that_of_a_poisson_sum() -> None:
    """400 people who add 1 yuan each: the sum is Poisson of mean 400, 95% of which lies within
    1.96 × √400 = 39.2 of it; of 100 who pay less, within 19.6 of 100."""
    rows = [("", n, 100, -100 if n < 100 else 0) for n in range(400)]
    found = resampled(Asked(group(rows), "", samples=2_000))[""]
    assert abs(found.funds.low - (40_000 - 3_920)) < 400
    assert abs(found.funds.high - (40_000 + 3_920)) < 400
    less, more = found.people
    assert abs(less.low - 80.4) < 4
    assert abs(less.high - 119.6) < 4
    assert (more.low, more.high) == (0, 0)


def test_a_person_is_drawn_as_a_whole_in_every_group() -> None:
    """Two groups of the same people with opposite changes: what one gains the other loses, in
    every draw, so the intervals mirror each other."""
    rows = [(label, n, sign * (n + 1) * 100, 0) for n in range(50)
            for label, sign in (("a", 1), ("b", -1))]  # fmt: skip
    found = resampled(Asked(group(rows), "", samples=40))
    a, b = found["a"].funds, found["b"].funds
    # of 40 the 2nd and the 40th: a's lowest but one is b's highest but one
    assert b.high >= -a.low >= b.low
    assert a.high >= -b.low >= a.low
    assert resampled(Asked(group(rows), "", samples=40)) == found
    assert resampled(Asked(group(rows), "")) == {}


def test_tenths_hold_a_tenth_of_what_claims_stand_for() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t AS SELECT range::DECIMAL(16, 2) AS cost_base, "
                       "CASE WHEN range = 1 THEN 11 ELSE 1 END AS w FROM range(1, 11)")  # fmt: skip
    for weight, expected in (
        ("1", ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"]),
        # of 20 the first claim stands for 11: it ends the first tenths up to the half
        ("w", ["01", "06", "07", "07", "08", "08", "09", "09", "10", "10"]),
    ):
        sql = tenths(connection, "t", weight)
        found = connection.sql(f"SELECT {sql} FROM t ORDER BY cost_base").fetchall()
        assert [label for (label,) in found] == expected
    connection.execute("CREATE TABLE none AS SELECT NULL::DECIMAL(16, 2) AS cost_base")
    assert tenths(connection, "none", "1") == "''"
