"""The same sentences in two copies, whatever their order and however often they stand.

Pairs are chosen so that as many as can be stand in the same order (the longest common
subsequence of the two sequences); what is left of a repeated sentence is paired in turn.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from tiaowen.review.collation.model import Unit

Pair = tuple[int, int]
_NEAR = 16
"""Of a sentence that stands very often, only occurrences this near in turn can be one another."""


def same_words(a: Sequence[Unit], b: Sequence[Unit]) -> list[Pair]:
    """Pairs of places in ``a`` and ``b`` with the same words, each place at most once."""
    at_a, at_b = _by_key(a), _by_key(b)
    candidates: list[Pair] = []
    for key, here in at_a.items():
        there = at_b.get(key, [])
        for nth, place in enumerate(here):
            few = there if len(there) <= 2 * _NEAR else there[max(nth - _NEAR, 0) : nth + _NEAR]
            candidates += [(place, other) for other in few]
    pairs = longest_in_order(candidates)
    taken_a, taken_b = {i for i, _ in pairs}, {j for _, j in pairs}
    for key, here in at_a.items():
        left = [i for i in here if i not in taken_a]
        right = [j for j in at_b.get(key, []) if j not in taken_b]
        pairs += zip(left, right, strict=False)
    return sorted(pairs)


def _by_key(units: Sequence[Unit]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for unit in units:
        found[unit.key].append(unit.index)
    return found


def longest_in_order(pairs: Iterable[Pair]) -> list[Pair]:
    """A longest chain of ``pairs`` that rises in both places; n log n."""
    tops: list[int] = []
    ends: list[int] = []
    listed = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
    before: list[int] = []
    for nth, (_, j) in enumerate(listed):
        rank = bisect_left(tops, j)
        before.append(ends[rank - 1] if rank else -1)
        tops[rank : rank + 1] = [j]
        ends[rank : rank + 1] = [nth]
    chain: list[Pair] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(listed[at])
        at = before[at]
    return chain[::-1]
