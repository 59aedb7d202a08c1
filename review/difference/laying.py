"""Answers at every combination of keys, told in as few rows as say the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import permutations
from typing import TypeAlias

from tiaowen.review.difference.axes import Axis

Indices: TypeAlias = tuple[int, ...]
Tree: TypeAlias = Hashable
"""A leaf's answer, or the groups of one axis's values, each with the tree below it."""

MOST_ORDERED = 4
"""Up to so many axes every order of them is tried for the fewest rows."""


def laid(axes: Sequence[Axis],
         answer: Callable[[Indices], Hashable]) -> Iterator[tuple[Indices, ...]]:  # fmt: skip
    """For each row the values it holds for, per axis in the order of ``axes``.

    ``answer`` gives what is said at one value of each axis; it is asked at every combination.
    In the order kept, the values of an axis that lead to the same are one group; numbers are
    grouped only where they follow one another.
    """
    numbers = range(len(axes))
    orders = list(permutations(numbers)) if len(axes) <= MOST_ORDERED else [tuple(numbers)]
    trees = ((order, _tree(order, axes, {}, answer)) for order in orders)
    order, tree = min(trees, key=lambda pair: _rows(pair[1], len(axes)))
    for groups in _leaves(tree, len(axes)):
        yield tuple(groups[order.index(at)] for at in numbers)


def _tree(order: Sequence[int], axes: Sequence[Axis], taken: dict[int, int],
          answer: Callable[[Indices], Hashable]) -> Tree:  # fmt: skip
    if not order:
        return answer(tuple(taken[at] for at in range(len(axes))))
    at, *rest = order
    groups: list[tuple[list[int], Tree]] = []
    for index in range(len(axes[at].values)):
        below = _tree(rest, axes, {**taken, at: index}, answer)
        joins = groups[-1:] if axes[at].cells else groups
        same = next((group for group, tree in joins if tree == below), None)
        if same is None:
            groups.append(([index], below))
        else:
            same.append(index)
    return tuple((tuple(group), tree) for group, tree in groups)


def _rows(tree: Tree, depth: int) -> int:
    if not depth:
        return 1
    assert isinstance(tree, tuple)
    return sum(_rows(below, depth - 1) for _, below in tree)


def _leaves(tree: Tree, depth: int) -> Iterator[tuple[Indices, ...]]:
    if not depth:
        yield ()
        return
    assert isinstance(tree, tuple)
    for group, below in tree:
        for rest in _leaves(below, depth - 1):
            yield (group, *rest)
