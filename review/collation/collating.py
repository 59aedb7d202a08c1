"""Two copies of a regulation, collated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tiaowen.dsl.source import Source
from tiaowen.review.collation.cutting import cut_alike
from tiaowen.review.collation.differing import differing
from tiaowen.review.collation.matching import longest_in_order, same_words
from tiaowen.review.collation.model import (
    Alone,
    Collation,
    Copy,
    Differing,
    Moved,
    Renumbered,
    Repeated,
    Side,
    Unit,
)
from tiaowen.review.collation.nearness import nearly_same
from tiaowen.review.collation.reading import Draft, copy_of, draft, units


def collate(a: Sequence[Source], b: Sequence[Source]) -> Collation:
    """Collate copy ``a`` with copy ``b``; a copy may come in several files, in their order."""
    left, right = _cut([draft(source) for source in a], [draft(source) for source in b])
    copy_a = copy_of(" + ".join(source.name for source in a), left)
    copy_b = copy_of(" + ".join(source.name for source in b), right)
    return _compared(copy_a, copy_b)


def _cut(a: list[Draft], b: list[Draft]) -> tuple[list[Draft], list[Draft]]:
    """Both copies cut where either is; twice, since a cut in one can show one in the other."""
    for _ in range(2):
        a = cut_alike(a, _keys(b))
        b = cut_alike(b, _keys(a))
    return a, b


def _keys(drafts: Sequence[Draft]) -> frozenset[str]:
    return frozenset(unit.key for unit in units(drafts))


def _compared(a: Copy, b: Copy) -> Collation:
    exact = dict(same_words(a.units, b.units))
    keys_a, keys_b = {u.key for u in a.units}, {u.key for u in b.units}
    only_a = _first([u for u in a.units if u.key not in keys_b])
    only_b = _first([u for u in b.units if u.key not in keys_a])
    near = dict(nearly_same(only_a, only_b, exact))
    pairs = sorted({**exact, **near}.items())
    found = [(a.units[i], b.units[j]) for i, j in pairs]
    different = [one for x, y in found if (one := differing(x, y)) is not None]
    return Collation(
        a, b, tuple(pairs), len(exact),
        (*_alone("a", a, only_a, {i for i, _ in pairs}),
         *_alone("b", b, only_b, {j for _, j in pairs})),
        tuple(different),
        tuple(Renumbered(x, y) for x, y in found if x.ordinal != y.ordinal),
        (*_repeated("a", a, b, dict(pairs)),
         *_repeated("b", b, a, {j: i for i, j in pairs})),
        tuple(_moved(a, b, pairs)),
    )  # fmt: skip


def _first(found: Iterable[Unit]) -> list[Unit]:
    """Of each sentence the first occurrence."""
    first: dict[str, Unit] = {}
    for unit in found:
        first.setdefault(unit.key, unit)
    return list(first.values())


def _alone(side: Side, copy: Copy, only: Sequence[Unit], paired: set[int]) -> Iterator[Alone]:
    """The sentences of ``only`` that have no partner, those on end together."""
    block: list[Unit] = []
    for unit in (u for u in only if u.index not in paired):
        if block and unit.index != block[-1].index + 1:
            yield _block(side, copy, block)
            block = []
        block.append(unit)
    if block:
        yield _block(side, copy, block)


def _block(side: Side, copy: Copy, block: Sequence[Unit]) -> Alone:
    return Alone(side, tuple(block), _preceding(copy, block[0]))


def _preceding(copy: Copy, unit: Unit) -> Unit | None:
    return copy.units[unit.index - 1] if unit.index else None


def _repeated(side: Side, copy: Copy, other: Copy, pairs: Mapping[int, int]) -> Iterator[Repeated]:
    """The sentences that ``copy`` has more often than ``other``."""
    here: dict[str, list[Unit]] = defaultdict(list)
    for unit in copy.units:
        here[unit.key].append(unit)
    there: dict[str, int] = defaultdict(int)
    for unit in other.units:
        there[unit.key] += 1
    for key, found in here.items():
        if len(found) <= max(there[key], 1):
            continue
        kept = [unit for unit in found if unit.index in pairs] or found[:1]
        taken = {unit.index for unit in kept}
        extra = tuple(unit for unit in found if unit.index not in taken)
        yield Repeated(side, tuple(kept), extra, there[key])


def _moved(a: Copy, b: Copy, pairs: Sequence[tuple[int, int]]) -> Iterator[Moved]:
    """The fewest sentences without which the rest stands in one order, in blocks."""
    steady = set(longest_in_order(pairs))
    block: list[tuple[int, int]] = []
    for pair in (pair for pair in pairs if pair not in steady):
        if block and pair != (block[-1][0] + 1, block[-1][1] + 1):
            yield _place(a, b, block)
            block = []
        block.append(pair)
    if block:
        yield _place(a, b, block)


def _place(a: Copy, b: Copy, block: Sequence[tuple[int, int]]) -> Moved:
    left = tuple(a.units[i] for i, _ in block)
    right = tuple(b.units[j] for _, j in block)
    return Moved(left, right, _preceding(a, left[0]), _preceding(b, right[0]))


def by_kind(collation: Collation, kind: str) -> tuple[Differing, ...]:
    """The differing sentences of one kind."""
    return tuple(one for one in collation.differing if one.kind == kind)
