"""The comparison of two policies, part by part."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import TypeAlias

from tiaowen.compiler import core as c
from tiaowen.engine.frames import ParameterValue
from tiaowen.review.difference.alignment import aligned
from tiaowen.review.difference.figures import compared_figures
from tiaowen.review.difference.outcomes.records import Outcomes
from tiaowen.review.difference.pairing import paired
from tiaowen.review.difference.records import PARTS, Difference, Part, Side
from tiaowen.review.difference.rules import compared_rules

Choices: TypeAlias = Mapping[str, str]
Parameters: TypeAlias = Mapping[str, ParameterValue]
Progress: TypeAlias = Callable[[int, int], None]


def compare_policies(
    first: c.Program,
    second: c.Program,
    matter: str | None = None,
    *,
    parts: Collection[Part] = PARTS,
    readings: tuple[Choices, Choices] = ({}, {}),
    parameters: tuple[Parameters, Parameters] = ({}, {}),
    on: date | None = None,
    progress: Progress | None = None,
) -> Difference:
    """How ``second`` differs from ``first``.

    ``matter`` keeps to one matter, or to a pair written ``matter of A:matter of B``; ``parts``
    to some parts of the comparison. ``readings`` and ``parameters`` are those of either policy,
    ``on`` is the day for which outcomes are compared, ``progress`` is told how many of how many
    of their situations are done.

    Raises ``Rejected``: TW0901 (no matter in common), TW0902 and TW0903 (the matter asked for).
    Two policies of one text have no differences, and their outcomes are not worked out.
    """
    sides = (Side(first, dict(readings[0]), parameters[0]),
             Side(second, dict(readings[1]), parameters[1]))  # fmt: skip
    pairs = paired(first, second, matter)
    found = Difference(*sides, pairs)
    outcomes = None
    if not found.identical and {"outcomes", "witnesses"} & set(parts):
        outcomes = tuple(_outcomes(found, on, progress))
    asked = {"figures", "rules"} & set(parts)
    alignment = aligned(*sides, pairs) if asked else None
    return Difference(
        *sides, pairs,
        compared_figures(alignment) if alignment and "figures" in parts else None,
        compared_rules(alignment) if alignment and "rules" in parts else None,
        outcomes,
        tuple(part for part in PARTS if part in parts),
    )  # fmt: skip


def _outcomes(found: Difference, on: date | None,
              progress: Progress | None) -> Iterator[Outcomes]:  # fmt: skip
    """Of every pair of matters that settle single claims of care."""
    from tiaowen.review.difference.outcomes import comparable, compare_outcomes

    parameters = (found.first.parameters, found.second.parameters)
    for pair in comparable(found.pairs, found.first.program):
        yield compare_outcomes(found.first, found.second, pair, parameters=parameters, on=on,
                               progress=progress)  # fmt: skip
