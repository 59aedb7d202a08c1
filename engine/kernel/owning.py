"""Running totals of a person, and whose they are.

A cell of an array of totals has an owner beside it, the person who wrote it last; of anybody
else it is 0. So nothing has to be cleared where the person changes, a turn that no processor
foresees.
"""

from __future__ import annotations

from tiaowen.engine.kernel.graph import Graph, Node

OWNER = "p"
"""Behind the name of an array: the array of its cells' owners."""
MOST_KEPT = 1 << 62
"""Totals of fractions are held within this: one that was is seen to be too large."""


def owned(graph: Graph, array: str, place: Node | None, lo: int, hi: int) -> Node:
    """The present person's total at ``place`` (the only one, where None)."""
    if place is None:
        return graph.load(cell(array, "0"), graph.root, lo, hi)
    return graph.load(cell(array, "{0}"), graph.root, lo, hi, (place,))


def cell(array: str, place: str) -> str:
    """A total as an expression."""
    return f"({array}[{place}] if {array}{OWNER}[{place}] == person[i] else 0)"


def added(array: str, place: str, amount: str, den: int = 1) -> tuple[str, str]:
    """The statements that add to a total over ``den``."""
    total = f"{cell(array, place)} + {amount}"
    held = total if den == 1 else f"min(max({total}, -{MOST_KEPT}), {MOST_KEPT})"
    return set_to(array, place, held)


def set_to(array: str, place: str, value: str) -> tuple[str, str]:
    """The statements that set a total."""
    return f"{array}[{place}] = {value}", f"{array}{OWNER}[{place}] = person[i]"
