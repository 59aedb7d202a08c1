"""Heights for what stands in columns: lines as straight as can be, and nothing overlaps.

Each column in turn takes the places nearest to where its neighbours pull it that keep its
order and its gaps. That is an isotonic regression, solved exactly by pooling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_ROUNDS = 40


def placed(columns: Sequence[Sequence[str]], heights: Mapping[str, float],
           gaps: Mapping[str, float], pulls: Mapping[str, Sequence[tuple[str, float]]],
           ) -> dict[str, float]:  # fmt: skip
    """The middle of each item. ``gaps`` is the space an item keeps on each side, ``pulls`` its
    neighbours with the strength of the line between."""
    middle: dict[str, float] = {}
    for column in columns:
        top = 0.0
        for item in column:
            top += gaps[item] + heights[item] / 2
            middle[item] = top
            top += heights[item] / 2 + gaps[item]
        for item in column:
            middle[item] -= top / 2
    order = list(range(len(columns)))
    for number in range(_ROUNDS):
        for at in order if number % 2 == 0 else reversed(order):
            _settle(columns[at], middle, heights, gaps, pulls)
    return middle


def _settle(column: Sequence[str], middle: dict[str, float], heights: Mapping[str, float],
            gaps: Mapping[str, float], pulls: Mapping[str, Sequence[tuple[str, float]]],
            ) -> None:  # fmt: skip
    offset = 0.0
    previous = ""
    wanted: list[tuple[float, float]] = []
    offsets: list[float] = []
    for item in column:
        if previous:
            offset += (heights[previous] + heights[item]) / 2 + gaps[previous] + gaps[item]
        previous = item
        offsets.append(offset)
        near = [(n, w) for n, w in pulls.get(item, ()) if n in middle]
        weight = sum(w for _, w in near)
        if weight:
            wanted.append((sum(middle[n] * w for n, w in near) / weight - offset, weight))
        else:
            wanted.append((middle[item] - offset, 0.05))
    for item, place, offset in zip(column, pooled(wanted), offsets, strict=True):
        middle[item] = place + offset


def pooled(wanted: Sequence[tuple[float, float]]) -> list[float]:
    """The rising sequence nearest to ``wanted``, (value, weight) each, by least squares."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in wanted:
        total, mass, count = value * weight, weight, 1
        while blocks and blocks[-1][0] / blocks[-1][1] >= total / mass:
            before = blocks.pop()
            total, mass, count = total + before[0], mass + before[1], count + before[2]
        blocks.append((total, mass, count))
    return [total / mass for total, mass, count in blocks for _ in range(count)]
