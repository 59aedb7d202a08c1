"""Expressions of which there are few cases, worked out beforehand.

A deductible by the level of a hospital and whether it is far, a first payment by the class of a
service and the band of its price are chains of comparisons in a policy. What they depend on are
members, truths, and where an amount lies among the bounds it is compared with: a few cases,
each of which is worked out while the kernel is generated. At run time one place of a table is
read; and what comes to the same in every case, such as that two bands hold at once, is not
asked at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

from attrs import Factory, define, frozen

from tiaowen.engine.kernel.graph import FUNCTIONS, Graph, Node, Reduce
from tiaowen.engine.kernel.lookup import ARRAY
from tiaowen.engine.kernel.ordering import operands_first, parts

CASES = 1 << 10
"""No table has more."""
BASES = 6
EACH = 5
"""About how many steps each further base costs; a place is one chain of them."""
FEW = 1 << 9
"""A column with so many values at most is a member's."""
NEAR = 16
"""Members from below this on are counted from 0."""
BOUNDS = 15
"""An amount that is compared with more bounds is not ranked."""
_CELL = re.compile(r"c\d+\[[ij]\d*\]")
_COMPARED = re.compile(r"\(\{0\} (==|!=|<=?|>=?) \{1\}\)")
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_CHANGES = {"<": (0,), ">=": (0,), "<=": (1,), ">": (1,), "==": (0, 1), "!=": (0, 1)}
"""From which number on the answer of a comparison with n changes, less n."""
_CLAMPED = ("min({0}, {1})", "max({0}, {1})")
_READS = re.compile(rf"\b(?!{ARRAY}\[\d+ \+ \{{0\}}\])[a-z]\w*\[")
"""Arrays that are read, but for places of tables."""
_INT32 = 1 << 31


def tabulate(graph: Graph, roots: Iterable[Node]) -> None:
    """Turn the largest such expressions behind ``roots`` into places of tables."""
    asked = list(roots)
    order = operands_first(asked)
    cases = _Cases(graph, _bounds(order))
    found = {node.number: cases.of(node) for node in order}
    read = {root.number for root in asked}
    for node in order:
        whole = found[node.number] is not None and not cases.is_base(node)
        read |= set() if whole else {part.number for part in parts(node)}
    for node in reversed(order):
        bases = found[node.number]
        if not bases or node.number not in read or cases.is_base(node):
            continue
        if not _turned(graph, cases, node, sorted(bases)):
            read |= {part.number for part in parts(node)}


@define
class _Cases:
    """What each expression depends on: bases, by the number of their node."""

    graph: Graph
    bounds: Mapping[int, list[int]]
    """of each amount, what it is compared with: the least values of a higher rank"""
    known: dict[int, frozenset[int] | None] = Factory(dict)
    bases: dict[int, _Base] = Factory(dict)

    def of(self, node: Node) -> frozenset[int] | None:
        """The bases; None where the cases are not few."""
        if node.number not in self.known:
            self.known[node.number] = self._found(node)
        return self.known[node.number]

    def is_base(self, node: Node) -> bool:
        base = self.bases.get(node.number)
        return base is not None and base.node is node

    def size(self, bases: Iterable[int]) -> int:
        return prod(len(self.bases[number].values) for number in bases)

    def _found(self, node: Node) -> frozenset[int] | None:
        if node.value is not None:
            return frozenset()
        if _CELL.fullmatch(node.text) and node.lo >= 0 and node.hi < FEW and not node.truth:
            least = 0 if node.lo < NEAR else node.lo
            return self._based(_Base(node, tuple(range(least, node.hi + 1)), "member"))
        together = self._together(node)
        if together is None and (amount := compared(node)) and amount.number in self.bounds:
            return self._based(self._ranked(amount))
        if together is None and node.truth:
            return self._based(_Base(node, (0, 1), "truth"))
        return together

    def _together(self, node: Node) -> frozenset[int] | None:
        """The bases of the operands, where they are few together."""
        if isinstance(node, Reduce) or node.wide or not node.args or _READS.search(node.text):
            return None
        found: frozenset[int] = frozenset()
        for part in node.args:
            bases = self.of(part)
            if bases is None:
                return None
            found |= bases
        return found if len(found) <= BASES and self.size(found) <= CASES else None

    def _based(self, base: _Base) -> frozenset[int]:
        self.bases.setdefault(base.node.number, base)
        return frozenset((base.node.number,))

    def _ranked(self, amount: Node) -> _Base:
        bounds = self.bounds[amount.number]
        return _Base(amount, (bounds[0] - 1, *bounds), "rank")


@frozen(eq=False)
class _Base:
    """What a table is by: a node and its cases. Of an amount these stand for its ranks."""

    node: Node
    values: tuple[int, ...]
    kind: str

    def place(self, graph: Graph) -> Node:
        """The number of the case at hand, from 0."""
        if self.kind == "rank":
            text = " + ".join(f"({{0}} >= {bound})" for bound in self.values[1:])
            return graph.pure(f"({text})", self.node, lo=0, hi=len(self.values) - 1)
        if self.kind == "member" and self.values[0]:
            least = graph.const(self.values[0])
            return graph.sub(graph.pure("max({0}, {1})", self.node, least, lo=self.values[0],
                                        hi=self.values[-1]), least)  # fmt: skip
        return self.node


def compared(node: Node) -> Node | None:
    """The amount that ``node`` compares with a number known now, below what clamps it."""
    if not _COMPARED.fullmatch(node.text):
        return None
    variable = [part for part in node.args if part.value is None]
    if len(variable) != 1:
        return None
    [amount] = variable
    while amount.text in _CLAMPED and sum(part.value is None for part in amount.args) == 1:
        amount = next(part for part in amount.args if part.value is None)
    return None if amount.wide or amount.truth else amount


def _bounds(order: Iterable[Node]) -> dict[int, list[int]]:
    """Of each amount, where the answers of comparisons may change."""
    found: dict[int, set[int]] = {}
    for node in order:
        amount = compared(node)
        if amount is None:
            continue
        [number] = [part.value for part in node.args if part.value is not None]
        sign = node.text[5:-5]
        if node.args[0].value is not None:
            sign = _TURNED.get(sign, sign)
        changes = {number + more for more in _CHANGES[sign]}
        inside = {n for n in changes if amount.lo < n <= amount.hi}
        found.setdefault(amount.number, set()).update(inside)
    return {n: sorted(bounds) for n, bounds in found.items() if 0 < len(bounds) <= BOUNDS}


# --- tables


def _turned(graph: Graph, cases: _Cases, node: Node, numbers: list[int]) -> bool:
    """Make ``node`` a place of a table, or a number where it is the same in every case; False
    where neither is worth it."""
    bases = [cases.bases[number] for number in numbers]
    cone = list(_cone(node, {base.node.number for base in bases}))
    worth = len(cone) > _cost(bases)
    if not worth and len(cone) < 2:
        return False
    try:
        cells = [int(cell) for cell in _cells(graph, node, cone, bases)]
    except (ArithmeticError, LookupError):
        return False
    if len(set(cells)) == 1:
        node.text, node.args, node.value = str(cells[0]), (), cells[0]
        return True
    if not worth or not all(-_INT32 <= cell < _INT32 for cell in cells):
        return False
    place = _place(graph, bases)
    if node in _cone(place, {base.node.number for base in bases}):  # the place of another table
        return False
    node.text, node.args = graph.tables.text(cells), (place,)
    return True


def _place(graph: Graph, bases: list[_Base]) -> Node:
    """The number of the case at hand: a digit for each base, the last base's the lowest."""
    place = graph.zero
    for base in bases:
        size = graph.const(len(base.values))
        place = graph.add(graph.mul(place, size), base.place(graph))
    return place


def _cost(bases: list[_Base]) -> int:
    """About how many steps it takes to find a place."""
    ranks = sum(len(base.values) for base in bases if base.kind == "rank")
    return 1 + EACH * (len(bases) - 1) + ranks


def _cone(node: Node, bases: set[int]) -> Iterator[Node]:
    """The steps from the bases to ``node``."""
    for part in operands_first([node], stop=bases):
        if part.number not in bases and part.value is None:
            yield part


def _cells(graph: Graph, node: Node, cone: list[Node], bases: list[_Base]) -> Iterator[Any]:
    """The value of ``node`` in each case, the last base's cases going first."""
    named = {base.node.number: f"b{n}" for n, base in enumerate(bases)}
    lines = []
    for part in cone:
        args = (str(a.value) if a.value is not None else named[a.number] for a in part.args)
        named[part.number] = f"x{part.number}"
        lines.append(f"    x{part.number} = {part.text.format(*args)}")
    head = f"def f({', '.join(f'b{n}' for n in range(len(bases)))}):"
    words: dict[str, Any] = {**FUNCTIONS, ARRAY: graph.tables}
    exec("\n".join([head, *lines, f"    return x{node.number}", ""]), words)
    for case in product(*(base.values for base in bases)):
        yield words["f"](*case)
