"""Sentences that are one sentence in two wordings.

Only sentences that the other copy lacks are compared, and each only with the few that share its
rarest stretches of characters, so that long texts do not cost the product of their lengths.
Sentences that stand beside ones already paired need less likeness than far ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tiaowen.review.collation.model import Unit

_GRAM = 2
_MOST_COMMON = 60
_MOST_CANDIDATES = 6
_ANYWHERE, _BESIDE = 0.75, 0.5
_LEAST_KEY = 6
_BONUS = 0.2


def nearly_same(a: Sequence[Unit], b: Sequence[Unit],
                pairs: Mapping[int, int]) -> list[tuple[int, int]]:  # fmt: skip
    """Pairs of places among the unpaired ``a`` and ``b``; ``pairs`` are those found already."""
    from rapidfuzz.distance import Indel

    there = {unit.index: unit for unit in b}
    back = {j: i for i, j in pairs.items()}
    scored: list[tuple[float, int, int]] = []
    for unit, other in _candidates(a, b):
        likeness = Indel.normalized_similarity(unit.key, there[other].key)
        beside = _beside(unit.index, other, pairs, back)
        least = _BESIDE if beside else _ANYWHERE
        if min(len(unit.key), len(there[other].key)) < _LEAST_KEY:
            least = _ANYWHERE if beside else 1.0
        if likeness >= least:
            scored.append((likeness + _BONUS * beside, unit.index, other))
    found: list[tuple[int, int]] = []
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    for _, i, j in sorted(scored, key=lambda s: (-s[0], abs(s[1] - s[2]), s[1], s[2])):
        if i not in taken_a and j not in taken_b:
            found.append((i, j))
            taken_a.add(i)
            taken_b.add(j)
    return found


def _candidates(a: Sequence[Unit], b: Sequence[Unit]) -> Iterator[tuple[Unit, int]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for unit in b:
        for gram in _grams(unit.key):
            holders[gram].append(unit.index)
    for unit in a:
        shared: Counter[int] = Counter()
        for gram in _grams(unit.key):
            having = holders.get(gram, ())
            if len(having) <= _MOST_COMMON:
                shared.update(having)
        for other, _ in shared.most_common(_MOST_CANDIDATES):
            yield unit, other


def _grams(key: str) -> set[str]:
    return {key[at : at + _GRAM] for at in range(len(key) - _GRAM + 1)} or {key}


def _beside(i: int, j: int, pairs: Mapping[int, int], back: Mapping[int, int]) -> bool:
    """Whether the sentences before or those after ``i`` and ``j`` are paired, or the nearest
    paired ones are so near that only these can be meant."""
    return pairs.get(i - 1) == j - 1 or pairs.get(i + 1) == j + 1 or (
        i == 0 and j == 0) or _gap(i, j, pairs, back)  # fmt: skip


def _gap(i: int, j: int, pairs: Mapping[int, int], back: Mapping[int, int]) -> bool:
    """Whether both stand in one gap between the same two pairs, at most a few places wide."""
    before_a = next((k for k in range(i - 1, i - 5, -1) if k in pairs), None)
    before_b = next((k for k in range(j - 1, j - 5, -1) if k in back), None)
    return before_a is not None and before_b is not None and pairs[before_a] == before_b
