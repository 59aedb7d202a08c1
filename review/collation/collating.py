"""Two copies of a regulation, collated."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set

from tiaowen.dsl.source import Source
from tiaowen.review.collation.cutting import cut_alike
from tiaowen.review.collation.differing import differing
from tiaowen.review.collation.matching import longest_in_order, repeats, same_words
from tiaowen.review.collation.model import (
    Alone,
    Collation,
    Copy,
    Moved,
    Renumbered,
    Repeated,
    Side,
    Unit,
)
from tiaowen.review.collation.nearness import nearly_same
from tiaowen.review.collation.reading import Draft, copy_of, draft, units

_ROUNDS = 3


def collate(a: Sequence[Source], b: Sequence[Source]) -> Collation:
    """Collate copy ``a`` with copy ``b``; a copy may come in several files, in their order."""
    left, right = _cut([draft(source) for source in a], [draft(source) for source in b])
    copy_a = copy_of(" + ".join(source.name for source in a), left)
    copy_b = copy_of(" + ".join(source.name for source in b), right)
    return _compared(copy_a, copy_b)


def _cut(a: list[Draft], b: list[Draft]) -> tuple[list[Draft], list[Draft]]:
    """Both copies cut where either is; again where a cut in one can show one in the other."""
    for _ in range(_ROUNDS):
        a = cut_alike(a, _keys(b))
        cut = cut_alike(b, _keys(a))
        done = [one.pieces for one in cut] == [one.pieces for one in b]
        b = cut
        if done:
            break
    return a, b


def _keys(drafts: Sequence[Draft]) -> frozenset[str]:
    return frozenset(unit.key for unit in units(drafts))


def _compared(a: Copy, b: Copy) -> Collation:
    exact = dict(same_words(a.units, b.units))
    extra_a, only_a = _unpaired(a, set(exact))
    extra_b, only_b = _unpaired(b, set(exact.values()))
    again_a, first_a = _sorted_out(only_a)
    again_b, first_b = _sorted_out(only_b)
    shared = {unit.key for unit in a.units} & {unit.key for unit in b.units}
    near = dict(nearly_same([u for u in first_a if u.key not in shared],
                            [u for u in first_b if u.key not in shared], exact))  # fmt: skip
    pairs = sorted({**exact, **near}.items())
    found = [(a.units[i], b.units[j]) for i, j in pairs]
    different = [one for x, y in found if (one := differing(x, y)) is not None]
    return Collation(
        a, b, tuple(pairs), len(exact),
        (*_alone("a", a, [u for u in first_a if u.index not in near]),
         *_alone("b", b, [u for u in first_b if u.index not in near.values()])),
        tuple(different),
        tuple(Renumbered(x, y) for x, y in found if x.ordinal != y.ordinal),
        (*_repeated("a", a, b, [*extra_a, *again_a], set(near)),
         *_repeated("b", b, a, [*extra_b, *again_b], set(near.values()))),
        tuple(_moved(a, b, pairs)),
    )  # fmt: skip


def _unpaired(copy: Copy, paired: set[int]) -> tuple[list[Unit], list[Unit]]:
    """The unpaired sentences: those that repeat a paired one of the same copy, and the others."""
    standing: dict[str, list[Unit]] = defaultdict(list)
    for index in paired:
        standing[copy.units[index].key].append(copy.units[index])
    extra: list[Unit] = []
    only: list[Unit] = []
    for unit in copy.units:
        if unit.index not in paired:
            again = any(repeats(unit, one) for one in standing[unit.key])
            (extra if again else only).append(unit)
    return extra, only


def _sorted_out(only: Sequence[Unit]) -> tuple[list[Unit], list[Unit]]:
    """Of sentences that one copy has alone: those that stand there again, and the first ones."""
    seen: dict[str, list[Unit]] = defaultdict(list)
    again: list[Unit] = []
    for unit in only:
        before = seen[unit.key]
        if any(repeats(unit, one) for one in before):
            again.append(unit)
        else:
            before.append(unit)
    firsts = {unit.index for units_ in seen.values() for unit in units_}
    return again, [unit for unit in only if unit.index in firsts]


def _alone(side: Side, copy: Copy, only: Sequence[Unit]) -> Iterator[Alone]:
    """The sentences of ``only``, those on end together."""
    block: list[Unit] = []
    for unit in only:
        if block and unit.index != block[-1].index + 1:
            yield Alone(side, tuple(block), _preceding(copy, block[0]))
            block = []
        block.append(unit)
    if block:
        yield Alone(side, tuple(block), _preceding(copy, block[0]))


def _preceding(copy: Copy, unit: Unit) -> Unit | None:
    return copy.units[unit.index - 1] if unit.index else None


def _repeated(side: Side, copy: Copy, other: Copy, extra: Sequence[Unit],
              near: Set[int]) -> Iterator[Repeated]:  # fmt: skip
    """The sentences that ``copy`` has more often than ``other``, in their order; those at the
    places ``near`` the other copy has in other words."""
    standing: dict[str, list[Unit]] = defaultdict(list)
    surplus: dict[tuple[str, object], list[Unit]] = defaultdict(list)
    indexes = {unit.index for unit in extra}
    for unit in copy.units:
        if unit.index in indexes:
            surplus[unit.key, unit.ordinal].append(unit)
        else:
            standing[unit.key].append(unit)
    there: dict[str, list[Unit]] = defaultdict(list)
    for unit in other.units:
        there[unit.key].append(unit)
    for (key, _), found in sorted(surplus.items(), key=lambda item: item[1][0].index):
        kept = tuple(unit for unit in standing[key] if repeats(found[0], unit))
        elsewhere = sum(repeats(found[0], unit) for unit in there[key])
        elsewhere += sum(unit.index in near for unit in kept)
        yield Repeated(side, kept, tuple(found), elsewhere)


def _moved(a: Copy, b: Copy, pairs: Sequence[tuple[int, int]]) -> Iterator[Moved]:
    """The fewest sentences without which the rest stands in one order, in blocks."""
    chain = longest_in_order(pairs)
    steady = set(chain)
    block: list[tuple[int, int]] = []
    for pair in (pair for pair in pairs if pair not in steady):
        if block and pair != (block[-1][0] + 1, block[-1][1] + 1):
            yield _place(a, b, block, chain)
            block = []
        block.append(pair)
    if block:
        yield _place(a, b, block, chain)


def _place(a: Copy, b: Copy, block: Sequence[tuple[int, int]],
           chain: Sequence[tuple[int, int]]) -> Moved:  # fmt: skip
    left = tuple(a.units[i] for i, _ in block)
    right = tuple(b.units[j] for _, j in block)
    in_a = bisect_left(chain, left[0].index, key=lambda pair: pair[0])
    in_b = bisect_left(chain, right[0].index, key=lambda pair: pair[1])
    return Moved(left, right, a.units[chain[in_a - 1][0]] if in_a else None,
                 b.units[chain[in_b - 1][1]] if in_b else None)  # fmt: skip
