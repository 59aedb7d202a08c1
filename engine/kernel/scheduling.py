"""From the graph to statements: every node once in its scope, folds over one loop together.

A scope's nodes stand in stages: a fold waits for what its loop draws on from outside, and
folds that are ready at the same time share one turn of the loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import Factory, define

from tiaowen.engine.kernel.graph import Node, Reduce, Scope

FAR = 1 << 60
_UPDATES = {
    "sum": "{acc} = {acc} + {body}",
    "min": "{acc} = min({acc}, {body})",
    "max": "{acc} = max({acc}, {body})",
    "last": "{acc} = {body}",
    "multiple": "{acc} = common_multiple({acc}, {body})",
    "any": "{acc} = 1 if {body} else {acc}",
    "stop": "{acc} = {acc} if {acc} != 0 else {body}",
}


@define
class Writer:
    """Lines of the generated function."""

    lines: list[str] = Factory(list)
    indent: int = 1

    def put(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    def each(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.put(text)

    # --- a block

    def block(
        self, scope: Scope, roots: Iterable[Node], available: frozenset[int]
    ) -> frozenset[int]:
        """Work out ``roots`` in ``scope``; what is a variable afterwards."""
        asked = [n for n in roots if n.value is None]
        order, uses = _needed(scope, asked, available)
        stages = _stages(scope, order, available)
        held = {n.number for n in order
                if uses.get(n.number, 0) != 1 or n.wide or isinstance(n, Reduce)}  # fmt: skip
        held |= {n.number for n in asked}
        for stage in range(max(stages.values(), default=0) + 1):
            now = [n for n in order if stages[n.number] == stage]
            for inner, folds in _together(n for n in now if isinstance(n, Reduce)):
                self.loop(inner, folds, (), available)
                available |= {fold.number for fold in folds}
            for node in now:
                if not isinstance(node, Reduce) and node.number in held:
                    self.put(f"{name(node)} = {written(node, available)}")
                    available |= {node.number}
        return available

    # --- loops

    def loop(
        self, inner: Scope, folds: list[Reduce], effects: Any, available: frozenset[int]
    ) -> None:
        """One turn after another of ``inner``, with what each adds to the folds."""
        counted = [fold for fold in folds if fold.kind == "months"]
        rest = [fold for fold in folds if fold.kind != "months"]
        for fold in counted:
            self._months(inner, fold, available)
        if not rest and not effects:
            return
        for fold in rest:
            self.put(f"{name(fold)} = {fold.start}")
            if fold.kind == "first":
                self.put(f"{name(fold)}_n = 0")
        {"lines": self._lines, "items": self._lines, "part": self._parts}[inner.kind](
            inner, rest, effects, available
        )

    def _header(self, inner: Scope) -> str:
        if inner.kind == "items":
            return f"for {inner.index} in range(0, pos):"
        return f"for {inner.index} in range({inner.over}[i], {inner.over}[i + 1]):"

    def _lines(self, inner: Scope, folds: list[Reduce], effects: Any,
               available: frozenset[int]) -> None:  # fmt: skip
        self.put(self._header(inner))
        self.indent += 1
        self._turn(inner, folds, effects, available)
        self.indent -= 1

    def _turn(self, inner: Scope, folds: list[Reduce], effects: Any,
              available: frozenset[int]) -> None:  # fmt: skip
        roots = [n for f in folds for n in (f.where, f.body) if n is not None]
        carried = [n for _, _, value in inner.carried for n in (value().num, value().stop)]
        roots += [*carried, *(n for effect in effects for n in effect.nodes)]
        now = self.block(inner, roots, available)
        for fold in folds:
            self._update(fold, now)
        for effect in effects:
            effect.write(self, now)
        for spent, stopped, value in inner.carried:
            self.put(f"{spent.text} = {spent.text} + {written(value().num, now)}")
            if value().stop.value != 0:
                self.put(_UPDATES["stop"].format(acc=stopped.text, body=written(value().stop, now)))

    def _update(self, fold: Reduce, now: frozenset[int]) -> None:
        acc, body = name(fold), written(fold.body, now)
        conditional = fold.where is not None
        if conditional:
            assert fold.where is not None
            self.put(f"if {written(fold.where, now)}:")
            self.indent += 1
        if fold.kind == "first":
            self.put(f"{acc} = {acc} if {acc}_n else {body}")
            self.put(f"{acc}_n = 1")
        elif fold.kind in ("min", "max") and fold.start == 0:
            raise AssertionError("an extreme has a start of its own")
        else:
            self.put(_UPDATES[fold.kind].format(acc=acc, body=body))
        self.indent -= conditional

    def _parts(self, inner: Scope, folds: list[Reduce], effects: Any,
               available: frozenset[int]) -> None:  # fmt: skip
        lines, key, mask = inner.over
        index = inner.index
        self.put(f"{index} = -1")
        for spent, stopped, _ in inner.carried:
            self.put(f"{spent.text} = 0")
            self.put(f"{stopped.text} = 0")
        guard = "1" if inner.guard is None else written(inner.guard, available)
        self.put(f"{index}_go = 1 if {guard} else 0")
        self.put(f"while {index}_go:")
        self.indent += 1
        self.put(f"{index}_next = {FAR}")
        self.put(self._header(lines))
        self.indent += 1
        now = self.block(lines, [key, mask], available)
        k = written(key, now)
        self.put(f"if {written(mask, now)} and {k} > {index} and {k} < {index}_next:")
        self.put(f"    {index}_next = {k}")
        self.indent -= 1
        self.put(f"if {index}_next == {FAR}:")
        self.put(f"    {index}_go = 0")
        self.put("else:")
        self.indent += 1
        self.put(f"{index} = {index}_next")
        self._turn(inner, folds, effects, available)
        self.indent -= 2

    def _months(self, inner: Scope, fold: Reduce, available: frozenset[int]) -> None:
        acc = name(fold)
        self.put(f"{acc} = 0")
        self.put(f"{acc}_go = 1")
        self.put(f"while {acc}_go:")
        self.indent += 1
        self.put(f"{acc}_go = 0")
        self.put(self._header(inner))
        self.indent += 1
        asked = [fold.body] if fold.where is None else [fold.body, fold.where]
        now = self.block(inner, asked, available)
        where = "1" if fold.where is None else written(fold.where, now)
        self.put(f"if {where} and {written(fold.body, now)} == {acc}:")
        self.put(f"    {acc}_go = 1")
        self.indent -= 1
        self.put(f"{acc} = {acc} + {acc}_go")
        self.indent -= 1


def name(node: Node) -> str:
    """The variable of a node; one of 128 bits begins with w."""
    return f"{'w' if node.wide else 'x'}{node.number}"


def written(node: Node, available: frozenset[int]) -> str:
    """A node as an expression over what is a variable already."""
    if node.value is not None:
        return str(node.value)
    if node.number in available:
        return name(node)
    assert not isinstance(node, Reduce), "a fold is worked out before it is used"
    return node.text.format(*(written(arg, available) for arg in node.args))


# --- what a block needs


def _needed(
    scope: Scope, roots: list[Node], available: frozenset[int]
) -> tuple[list[Node], dict[int, int]]:
    """The nodes of ``scope`` behind ``roots``, operands first, and how often each is read."""
    order: list[Node] = []
    uses: dict[int, int] = {}
    seen: set[int] = set()
    stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, entered = stack.pop()
        if entered:
            order.append(node)
            continue
        if node.value is not None or node.number in available or node.number in seen:
            continue
        assert node.scope is scope, f"{node.text} is not worked out where it is needed"
        seen.add(node.number)
        stack.append((node, True))
        parts = free(node) if isinstance(node, Reduce) else node.args
        for part in parts:
            uses[part.number] = uses.get(part.number, 0) + (2 if isinstance(node, Reduce) else 1)
        stack += [(part, False) for part in reversed(list(parts))]
    return order, uses


def free(fold: Reduce) -> list[Node]:
    """What a fold's loop draws on from outside of it."""
    if fold.outside is not None:
        return fold.outside
    outside: dict[int, Node] = {}
    seen: set[int] = set()
    loops = [fold.inner, *_key_loops(fold.inner)]
    stack = list(_inside(fold, fold.inner))
    while stack:
        node = stack.pop()
        if node.value is not None or node.number in seen:
            continue
        seen.add(node.number)
        if not any(node.scope.within(loop) for loop in loops):
            assert fold.scope.within(node.scope), f"{node.text} lies in another loop"
            outside[node.number] = node
        elif isinstance(node, Reduce):
            loops += _key_loops(node.inner)
            stack += _inside(node, node.inner)
        else:
            stack += node.args
    fold.outside = list(outside.values())
    return fold.outside


def _key_loops(inner: Scope) -> list[Scope]:
    """The loop over fee lines in which the next part is looked for."""
    return [inner.over[0]] if inner.kind == "part" else []


def _inside(fold: Reduce, inner: Scope) -> Iterator[Node]:
    yield fold.body
    if fold.where is not None:
        yield fold.where
    yield from loop_nodes(inner)


def loop_nodes(inner: Scope) -> Iterator[Node]:
    """What the turns of a loop need besides the folds themselves."""
    if inner.guard is not None:
        yield inner.guard
    if inner.kind == "part":
        _, key, mask = inner.over
        yield key
        yield mask
        for _, _, value in inner.carried:
            yield value().num
            yield value().stop


def _stages(scope: Scope, order: list[Node], available: frozenset[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for node in order:
        parts = free(node) if isinstance(node, Reduce) else node.args
        behind = [found[p.number] for p in parts if p.number in found]
        found[node.number] = max(behind, default=0) + isinstance(node, Reduce)
    return found


def _together(folds: Iterable[Reduce]) -> Iterator[tuple[Scope, list[Reduce]]]:
    groups: dict[int, tuple[Scope, list[Reduce]]] = {}
    for fold in folds:
        groups.setdefault(id(fold.inner), (fold.inner, []))[1].append(fold)
    yield from groups.values()
