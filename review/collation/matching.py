"""The same sentences in two copies, whatever their order and however often they stand.

Pairs are chosen so that as many as can be stand in the same order (the longest common
subsequence of the two sequences); what is left of a repeated sentence is paired in turn. A
number tells repeated words apart: 三、加强经办机构建设 of one regulation is not 九、 of another.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from tiaowen.review.collation.model import Unit

Pair = tuple[int, int]
_NEAR = 16
"""Of a sentence that stands very often, only occurrences this near in turn can be one another."""


def same_words(a: Sequence[Unit], b: Sequence[Unit]) -> list[Pair]:
    """Pairs of places in ``a`` and ``b`` with the same words, each place at most once.

    Sentences of the same number are paired before those of which one has none. With two
    different numbers they are paired where neither copy repeats them, or beside another pair.
    """
    once = _once(a) & _once(b)
    pairs = _in_order(a, b, lambda unit: unit.key if unit.key in once else (unit.key, unit.ordinal))
    paired, taken = dict(pairs), {j for _, j in pairs}
    left = [unit for unit in a if unit.index not in paired]
    right = [unit for unit in b if unit.index not in taken]
    for i, j in _in_order(left, right, lambda unit: unit.key):
        x, y = a[i].ordinal, b[j].ordinal
        if not (x and y) or paired.get(i - 1, -9) == j - 1 or paired.get(i + 1, -9) == j + 1:
            paired[i] = j
    return sorted(paired.items())


def repeats(unit: Unit, other: Unit) -> bool:
    """Whether ``unit`` is the sentence ``other`` again, in one copy."""
    return unit.key == other.key and (
        unit.ordinal == other.ordinal or not unit.ordinal or not other.ordinal)  # fmt: skip


def _once(units: Iterable[Unit]) -> set[str]:
    counted: dict[str, int] = defaultdict(int)
    for unit in units:
        counted[unit.key] += 1
    return {key for key, times in counted.items() if times == 1}


def _in_order(a: Iterable[Unit], b: Iterable[Unit],
              identity: Callable[[Unit], Hashable]) -> list[Pair]:  # fmt: skip
    """Pairs of the same ``identity``: as many as can be in one order, the rest in turn."""
    at_a, at_b = _places(a, identity), _places(b, identity)
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
    return pairs


def _places(units: Iterable[Unit],
            identity: Callable[[Unit], Hashable]) -> dict[Hashable, list[int]]:  # fmt: skip
    found: dict[Hashable, list[int]] = defaultdict(list)
    for unit in units:
        found[identity(unit)].append(unit.index)
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
