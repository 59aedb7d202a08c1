"""Expressions that depend on one prefix code alone, worked out for each entry of the dictionary.

What is asked of one code is kept as bits of one number, so that it is read once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import Factory, define

from tiaowen.engine.kernel.graph import Node, Reduce
from tiaowen.engine.kernel.lookup import ARRAY
from tiaowen.engine.kernel.names import Joined, Names
from tiaowen.engine.kernel.ordering import operands_first, parts

_CELL = re.compile(r"c\d+\[[ij]\d*\]")
_TEST = re.compile(r"(d\d+)\[\{0\}\]")
_ARRAYS = re.compile(rf"\b(?!{ARRAY}\[\d+ \+ \{{0\}}\])[a-z]\w*\[")
"""Arrays that are read, but for places of tables."""
_INT32 = 1 << 31


def ask_codes(names: Names, roots: Iterable[Node]) -> None:
    """Turn the largest such expressions behind ``roots`` into places of tables."""
    roots = list(roots)
    order = operands_first(roots)
    leaves = _Leaves()
    found = {node.number: leaves.of(node) for node in order}
    read_elsewhere = {root.number for root in roots}
    for node in order:
        for part in parts(node):
            if found.get(part.number) is not found[node.number]:
                read_elsewhere.add(part.number)
    for node in reversed(order):
        leaf = found[node.number]
        if leaf is not None and node.number in read_elsewhere and _worth(node, leaf):
            _turn(names, node, leaf)


def pack_answers(names: Names, roots: Iterable[Node]) -> None:
    """Keep what is asked of one code as bits of one number."""
    asked: dict[int, dict[str, list[Node]]] = {}
    for node in operands_first(roots):
        if node.truth and (test := _TEST.fullmatch(node.text)):
            asked.setdefault(node.args[0].number, {}).setdefault(test[1], []).append(node)
    for tests in asked.values():
        if not 1 < len(tests) < 31:
            continue
        bits = " | ".join(f"{test} << {bit}" for bit, test in enumerate(tests))
        text = f"def f(n, {', '.join(tests)}):\n    return {bits}\n"
        known = names.tests
        packed = names.asked(Joined(text, tuple((test, known[test]) for test in tests)))
        for bit, nodes in enumerate(tests.values()):
            for node in nodes:
                node.text = f"(({packed}[{{0}}] >> {bit}) & 1)"


def _worth(node: Node, leaf: Node) -> bool:
    """Whether more than one step leads from the leaf to the node."""
    return node is not leaf and any(part is not leaf and part.value is None for part in node.args)


@define
class _Leaves:
    """The one cell that each expression depends on."""

    known: dict[int, Node | None] = Factory(dict)

    def of(self, node: Node) -> Node | None:
        """The cell; None where there are several, none, or another than that of a column."""
        if node.number not in self.known:
            self.known[node.number] = self._found(node)
        return self.known[node.number]

    def _found(self, node: Node) -> Node | None:
        if isinstance(node, Reduce) or node.value is not None:
            return None
        if not node.args:
            return node if _CELL.fullmatch(node.text) and _code(node) else None
        leaves = {id(leaf): leaf for part in node.args if part.value is None
                  for leaf in [self.of(part)]}  # fmt: skip
        [leaf] = leaves.values() if len(leaves) == 1 else [None]
        of_code = _TEST.fullmatch(node.text) is not None
        if of_code and leaf is not node.args[0]:
            return None
        if leaf is None or node.wide or (not of_code and _ARRAYS.search(node.text)):
            return None
        return leaf


def _code(leaf: Node) -> bool:
    """Whether a cell holds a code."""
    return (leaf.lo, leaf.hi) == (0, _INT32 - 1)


def _turn(names: Names, node: Node, leaf: Node) -> None:
    """Make ``node`` a place of a table by ``leaf``."""
    text, tests = _function(node, leaf)
    known = names.tests
    joined = Joined(text, tuple((test, known[test]) for test in tests))
    node.text, node.args = f"{names.asked(joined)}[{{0}}]", (leaf,)


def _function(node: Node, leaf: Node) -> tuple[str, tuple[str, ...]]:
    """The text of a function of the leaf's number ``n`` and of the tests it asks, by name."""
    lines, tests = [], dict[str, None]()
    named = {leaf.number: "n"}
    for part in operands_first([node]):
        if part is leaf or part.value is not None:
            continue
        if test := _TEST.fullmatch(part.text):
            tests[test[1]] = None
            named[part.number] = test[1]
            continue
        args = (str(a.value) if a.value is not None else named[a.number] for a in part.args)
        named[part.number] = f"x{part.number}"
        lines.append(f"    x{part.number} = {part.text.format(*args)}")
    head = f"def f({', '.join(['n', *tests])}):"
    return "\n".join([head, *lines, f"    return {named[node.number]}", ""]), tuple(tests)
