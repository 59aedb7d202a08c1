"""The nodes behind some others, each after what it is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tiaowen.engine.kernel.graph import Node, Reduce


def parts(node: Node) -> Iterable[Node]:
    """What a node is made of; of a fold, what its turns work out."""
    if isinstance(node, Reduce):
        return [n for n in (node.body, node.where) if n is not None]
    return node.args


def operands_first(roots: Iterable[Node], stop: Collection[int] = ()) -> list[Node]:
    """The nodes behind ``roots``; nothing behind those whose number is in ``stop``."""
    order: list[Node] = []
    seen: set[int] = set()
    stack = [(root, False) for root in roots]
    while stack:
        node, entered = stack.pop()
        if entered:
            order.append(node)
        elif node.number not in seen:
            seen.add(node.number)
            stack.append((node, True))
            if node.number not in stop:
                stack += [(part, False) for part in parts(node)]
    return order
