"""What an impact says, as a closed set of frozen records; money in 分, people and claims counted.

A claim counts in the amounts of a policy only where that policy settles it; how many are settled
by one side alone is said beside them.
"""

from __future__ import annotations

from attrs import frozen


@frozen
class Policy:
    """One of the policies compared; ``key`` is base, or the number of a draft from 1."""

    key: str
    title: str
    number: str
    draft: bool


@frozen
class Row:
    """A group of claims that both policies settle: before is under the base, after under the
    draft; ``weight`` is how many claims it stands for where claims are weighted."""

    label: str
    claims: int
    weight: int
    fund_before: int
    fund_after: int
    own_before: int
    own_after: int


@frozen
class Breakdown:
    """The claims by one dimension: matter, level, age, kind, place or decile of cost."""

    dimension: str
    rows: tuple[Row, ...]


@frozen
class Side:
    """People who gain, or who lose: how many, what they gain or lose together, on average and
    at most."""

    people: int
    total: int
    mean: int
    most: int


@frozen
class Bin:
    """People whose own payment changes by at least ``low`` and less than ``high`` 分; None is
    without a bound."""

    low: int | None
    high: int | None
    people: int


@frozen
class Refusals:
    """Claims by who settles them: ``codes`` says why not, with the side and how many."""

    both: int
    base_only: int
    draft_only: int
    neither: int
    codes: tuple[tuple[str, str, int], ...]


@frozen
class Changed:
    """A person whose payments change much: ``encounter`` is the claim that changes most."""

    person: str
    own_before: int
    own_after: int
    claims: int
    encounter: str


@frozen
class Interval:
    """What a sample leaves open: the middle 95 in 100 of the resampled changes of the funds."""

    low: int
    high: int
    samples: int


@frozen
class Comparison:
    """A draft against the base. ``newly_cut`` are people of whom a cap now cuts a claim that it
    did not, ``newly_deducted`` those who now pay a deductible where they paid none; ``interval``
    where the claims are a sample, in which people count once whatever they stand for."""

    draft: Policy
    total: Row
    breakdowns: tuple[Breakdown, ...]
    winners: Side
    losers: Side
    unchanged: int
    bins: tuple[Bin, ...]
    refusals: Refusals
    newly_cut: int
    no_longer_cut: int
    newly_deducted: int
    most_changed: tuple[Changed, ...]
    interval: Interval | None


@frozen
class Impact:
    """A population under a base and drafts."""

    base: Policy
    claims: int
    people: int
    comparisons: tuple[Comparison, ...]
