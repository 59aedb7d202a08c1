"""What an impact says, as a closed set of frozen records; money in 分, people and claims counted.

A claim counts in the amounts of a policy only where both it and the base settle it; how many are
settled by one side alone, and for how much, is said beside them. Where claims are a sample, every
amount and every number of people is what the sample stands for, rounded half up; ``claims`` of a
row are those in the file.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

Met: TypeAlias = Literal["cut", "deducted", "unpaid"]
"""What a person meets in a year: a cap that cuts a claim, a deductible charged, funds that pay
nothing at all."""


@frozen
class Policy:
    """One of the policies compared; ``key`` is base, or the number of a draft from 1; ``file`` is
    where it was read, ``readings`` those chosen otherwise than by default."""

    key: str
    title: str
    number: str
    draft: bool
    file: str = ""
    readings: tuple[tuple[str, str], ...] = ()


@frozen
class Interval:
    """What a sample leaves open: the middle 95 in 100 of what ``samples`` resamplings of whole
    people give."""

    low: int
    high: int
    samples: int


@frozen
class Side:
    """People who gain, or who lose: how many, what they gain or lose together, on average and
    at most."""

    people: int
    total: int
    mean: int
    most: int
    interval: Interval | None = None
    """Of the number of people."""


NOBODY = Side(0, 0, 0, 0)


@frozen
class Row:
    """A group of claims that both policies settle: before is under the base, after under the
    draft; ``weight`` is how many claims it stands for where claims are weighted. ``winners`` pay
    less for their claims of this group, ``losers`` more; ``interval`` is of the funds' change."""

    label: str
    claims: int
    weight: int
    fund_before: int
    fund_after: int
    own_before: int
    own_after: int
    winners: Side = NOBODY
    losers: Side = NOBODY
    unchanged: int = 0
    interval: Interval | None = None


@frozen
class Breakdown:
    """The claims by one dimension: matter, level, age, kind, place or decile of cost."""

    dimension: str
    rows: tuple[Row, ...]


@frozen
class Fund:
    """What one fund pays for the claims that both settle; ``code`` is national, ``name`` as the
    policies call it. What a statement's sum of all funds has beyond its funds is without code."""

    code: str
    name: str
    claims_before: int
    claims_after: int
    before: int
    after: int


@frozen
class Bin:
    """People whose own payment changes by at least ``low`` and less than ``high`` 分; None is
    without a bound."""

    low: int | None
    high: int | None
    people: int


@frozen
class Crossing:
    """People who meet a limit in any of their claims before, after, newly and no longer; amounts
    are what the cap cuts, the deductible takes, or those to whom nothing is paid bear."""

    kind: Met
    before: int
    after: int
    newly: int
    no_longer: int
    amount_before: int
    amount_after: int


@frozen
class Unsettled:
    """Claims of one policy that it does not settle for one reason: ``field`` is where, ``claims``
    cost ``billed`` together as far as they say so; ``example`` is the encounter of one."""

    side: str
    code: str
    field: str
    claims: int
    billed: int
    example: str


@frozen
class Refusals:
    """Claims by who settles them. ``base_only_fund`` is what the funds pay under the base for the
    claims that only it settles, ``draft_only_fund`` likewise; ``neither_billed`` what the claims
    that neither settles cost. ``reasons`` count each claim once for each side."""

    both: int
    base_only: int
    draft_only: int
    neither: int
    base_only_fund: int
    draft_only_fund: int
    neither_billed: int
    reasons: tuple[Unsettled, ...]


@frozen
class Changed:
    """A person whose payments change much: ``encounter`` is the claim that changes most."""

    person: str
    own_before: int
    own_after: int
    claims: int
    encounter: str


@frozen
class Comparison:
    """A draft against the base."""

    draft: Policy
    total: Row
    funds: tuple[Fund, ...]
    breakdowns: tuple[Breakdown, ...]
    bins: tuple[Bin, ...]
    crossings: tuple[Crossing, ...]
    refusals: Refusals
    most_changed: tuple[Changed, ...]


@frozen
class Impact:
    """A population under a base and drafts. ``claims`` and ``people`` are those of the file; where
    it is a sample (``weighted``) they stand for ``claims_weight`` and ``people_weight``."""

    base: Policy
    claims: int
    people: int
    comparisons: tuple[Comparison, ...]
    weighted: bool = False
    claims_weight: int = 0
    people_weight: int = 0
