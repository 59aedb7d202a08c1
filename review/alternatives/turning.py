"""The days on which a comparison turns, where steps of a day do not add up: months, years, ages
and working days take part. They are found by moving the day and comparing again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tiaowen.compiler.moments import FIRST_YEAR, LAST_YEAR
from tiaowen.engine.frames import Frame
from tiaowen.review.alternatives.comparisons import Met, met
from tiaowen.review.alternatives.model import Place, Setting, changed_claim

FARTHEST = timedelta(days=3 * 366)
"""How far a day may be moved: what is farther off is another event, not another day of this."""

_DAY = timedelta(days=1)


def turns(came_out: Met, place: Place, now: date, frame: Frame) -> Iterator[date]:
    """The days nearest to ``now``, before and after it, on which the comparison comes out
    otherwise when the fact at ``place`` is moved there: the last as it is, the first otherwise
    and the one beyond."""
    asked = _Moving(came_out, place, now, frame)
    for direction in (1, -1):
        if (first := asked.first(direction)) is not None:
            for days in (first - 1, first, first + 1):
                if days and (day := _moved(now, direction * days)) is not None:
                    yield day


def _moved(now: date, days: int) -> date | None:
    try:
        moved = now + days * _DAY
    except OverflowError:
        return None
    return moved if FIRST_YEAR <= moved.year <= LAST_YEAR else None


class _Moving:
    """One comparison with one of its days moved."""

    def __init__(self, came_out: Met, place: Place, now: date, frame: Frame) -> None:
        self.came_out, self.place, self.now, self.frame = came_out, place, now, frame
        self.here = _order(came_out.left, came_out.right)

    def first(self, direction: int) -> int | None:
        """How many days off the comparison first comes out otherwise: steps are doubled until
        it does, then halved; None where it does not within ``FARTHEST``."""
        same, step = 0, 1
        while not self._other(direction * step):
            if step >= FARTHEST.days:
                return None
            same, step = step, min(step * 2, FARTHEST.days)
        while step - same > 1:
            middle = (same + step) // 2
            same, step = (same, middle) if self._other(direction * middle) else (middle, step)
        return step

    def _other(self, days: int) -> bool:
        day = _moved(self.now, days)
        if day is None:
            return False
        frame = self.frame
        claim = changed_claim(frame.claim, [Setting(self.place, self.now, day)])
        moved = Frame(frame.program, frame.matter, claim, frame.readings, frame.parameters,
                      frame.history)  # fmt: skip
        for again in met(self.came_out.comparison, moved):
            if again.index == self.came_out.index:
                return _order(again.left, again.right) != self.here
        return False


def _order(left: Any, right: Any) -> object:
    """Which side is greater; of values without an order, whether they are the same."""
    if left is None or right is None:
        return None
    try:
        return (left > right) - (left < right)
    except TypeError:
        return left == right
