"""The order within each column that leaves few lines crossing.

Columns are sorted by the mean place of their neighbours, forwards and backwards, then
neighbours are swapped where that helps; the best order met is kept. What belongs to one band
stays together.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence

from attrs import define

_ROUNDS = 16


@define
class Columns:
    """``columns`` hold item ids from top to bottom; ``left`` and ``right`` the neighbours of
    each in the columns beside it; ``band`` sorts before everything; the order of ``fixed``
    columns is given."""

    columns: list[list[str]]
    left: Mapping[str, Sequence[str]]
    right: Mapping[str, Sequence[str]]
    band: Mapping[str, int]
    fixed: frozenset[int]

    def arranged(self) -> list[list[str]]:
        """The columns in the best order found."""
        self.columns = [self.in_bands(c) for c in self.columns]
        best, fewest = [list(c) for c in self.columns], self.crossings()
        for number in range(_ROUNDS):
            forwards = number % 2 == 0
            self.sweep(forwards)
            self.swap()
            count = self.crossings()
            if count < fewest:
                best, fewest = [list(c) for c in self.columns], count
        return best

    def in_bands(self, column: list[str]) -> list[str]:
        return sorted(column, key=lambda item: self.band[item])

    def sweep(self, forwards: bool) -> None:
        numbers = range(len(self.columns))
        for at in numbers if forwards else reversed(numbers):
            if at in self.fixed:
                continue
            beside = at - 1 if forwards else at + 1
            if not 0 <= beside < len(self.columns):
                continue
            neighbours = self.left if forwards else self.right
            place = _places(self.columns[beside])
            now = _places(self.columns[at])

            def key(item: str, near: Mapping[str, Sequence[str]] = neighbours,
                    place: Mapping[str, int] = place,
                    now: Mapping[str, int] = now) -> tuple[int, float, int]:  # fmt: skip
                around = [place[n] for n in near.get(item, ())]
                mean = sum(around) / len(around) if around else float(now[item])
                return (self.band[item], mean, now[item])

            self.columns[at].sort(key=key)

    def swap(self) -> None:
        """Exchange neighbours in a column while that takes crossings away."""
        for at, column in enumerate(self.columns):
            if at in self.fixed:
                continue
            before = _places(self.columns[at - 1]) if at else {}
            after = _places(self.columns[at + 1]) if at + 1 < len(self.columns) else {}
            near = {
                item: (sorted(before[n] for n in self.left.get(item, ())),
                       sorted(after[n] for n in self.right.get(item, ())))
                for item in column
            }  # fmt: skip
            changed, rounds = True, 0
            while changed and rounds < 8:
                changed, rounds = False, rounds + 1
                for upper in range(len(column) - 1):
                    a, b = column[upper], column[upper + 1]
                    if self.band[a] == self.band[b] and _gain(near[a], near[b]) > 0:
                        column[upper], column[upper + 1] = b, a
                        changed = True

    def crossings(self) -> int:
        """How many pairs of lines cross, over all gaps between columns."""
        total = 0
        for at in range(len(self.columns) - 1):
            place = _places(self.columns[at + 1])
            seen: list[int] = []
            for item in self.columns[at]:
                ends = sorted(place[n] for n in self.right.get(item, ()))
                for end in ends:
                    total += len(seen) - bisect_left(seen, end + 1)
                for end in ends:
                    insort(seen, end)
        return total


def _places(column: Sequence[str]) -> dict[str, int]:
    return {item: number for number, item in enumerate(column)}


def _gain(upper: tuple[list[int], list[int]], lower: tuple[list[int], list[int]]) -> int:
    """Crossings between two neighbours that an exchange would take away."""
    return sum(_over(a, b) - _over(b, a) for a, b in zip(upper, lower, strict=True))


def _over(a: Sequence[int], b: Sequence[int]) -> int:
    """Pairs in which an end of ``a`` stands below an end of ``b``."""
    return sum(bisect_left(b, end) for end in a)
