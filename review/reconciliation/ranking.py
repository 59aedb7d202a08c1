"""Which explanation of a charged settlement is the simpler one.

One cause before two, whatever they are. Among single causes the order is how much has to be
supposed beyond what is on file: nothing for a fact that the sheet itself states; a choice that
the regulation leaves open; one datum of the encounter; one of a fee line; an earlier stay; a
figure, or the text, of an outdated document; a fault of the settlement system, a row mistaken or
a rule passed over; and last benefits of which nothing is known, as their amount is chosen so that
it fits. Of two causes the ranks are added. What ties keeps the order in
which causes are enumerated, which is that of the vocabulary and of the text. Nothing else counts:
how often a field is wrong in practice is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from tiaowen.compiler.core import Value
from tiaowen.compiler.values import round_half_up
from tiaowen.engine.history.earlier import Opening
from tiaowen.review.alternatives.model import Change
from tiaowen.review.reconciliation.records import (
    AddedItem,
    Cause,
    MissedItem,
    OtherFigure,
    OtherReading,
    OtherVersion,
    SkippedRule,
    StatedFact,
    WrongFact,
    WrongRow,
)


def cost(cause: Cause) -> int:
    """The rank of a single cause, 0 the simplest."""
    match cause:
        case StatedFact():
            return 0
        case OtherReading():
            return 1
        case WrongFact():
            return _of_change(cause.change)
        case MissedItem():
            return 5
        case AddedItem():
            return 10 if isinstance(cause.item, Opening) else 5
        case OtherFigure():
            return 6 if not cause.row else 8
        case OtherVersion():
            return 7
        case WrongRow():
            return 8
        case SkippedRule():
            return 9


def _of_change(change: Change) -> int:
    """A fact of the claim, several of one event, one of a fee line or of an earlier item."""
    if any(s.place.collection or s.place.item >= 0 for s in change.settings):
        return 4
    return 2 if len(change.settings) == 1 else 3


def rank(causes: Iterable[Cause]) -> tuple[int, int]:
    """The rank of causes together: how many they are, then the sum of their own ranks."""
    costs = [cost(cause) for cause in causes]
    return len(costs), sum(costs)


def agrees(policy: Value | None, charged: Value) -> bool:
    """Whether a line of the policy is the charged one.

    A line that no rule decides agrees with nothing charged; a ratio also with its value at the
    four decimals that sheets have.
    """
    if policy is None:
        return charged == 0
    if policy == charged:
        return True
    if not isinstance(policy, Fraction):
        return False
    return Fraction(round_half_up(policy * 10_000), 10_000) == charged


def distance(policy: Sequence[Value | None], charged: Sequence[Value]) -> tuple[int, int]:
    """How far two lists of lines are apart: the differences of the amounts added up, in 分, then
    how many lines differ."""
    apart, lines = 0, 0
    for one, other in zip(policy, charged, strict=True):
        if not agrees(one, other):
            lines += 1
            if isinstance(one, int | None) and isinstance(other, int):
                apart += abs((one or 0) - other)
    return apart, lines
