"""Whether a row stops at all, told sooner than why.

Nearly every row is decided, and then the order in which stops would come does not matter: it
is enough that none of what may stop does. Only a row where some does is asked for the first.
"""

from __future__ import annotations

from tiaowen.engine.kernel.graph import SELECT, Graph, Node, Reduce, Scope

_JOINED = ("first(", "first_stop(")


def doubted(graph: Graph, stop: Node) -> Node:
    """1 where ``stop`` is not 0."""
    return _Doubts(graph).of(stop)


def atoms(stop: Node) -> dict[int, Node]:
    """The stops that ``stop`` is the first of, each once, by number; none is 0."""
    found: dict[int, Node] = {}
    seen: set[int] = set()
    stack = [stop]
    while stack:
        node = stack.pop()
        if node.number in seen or node.value == 0:
            continue
        seen.add(node.number)
        if node.text.startswith(_JOINED):
            stack += node.args
        else:
            found[node.number] = node
    return found


class _Doubts:
    def __init__(self, graph: Graph) -> None:
        self.g = graph
        self.known: dict[int, Node] = {}

    def of(self, stop: Node) -> Node:
        if stop.number not in self.known:
            self.known[stop.number] = self._together(list(atoms(stop).values()))
        return self.known[stop.number]

    def _together(self, stops: list[Node]) -> Node:
        """One test for all, the folds over one loop as one fold."""
        loops: dict[int, tuple[Scope, dict[int, Node]]] = {}
        tests: dict[int, Node] = {}
        for atom in stops:
            if isinstance(atom, Reduce) and atom.kind == "stop" and atom.where is None:
                _, bodies = loops.setdefault(id(atom.inner), (atom.inner, {}))
                bodies |= atoms(atom.body)
            else:
                test = self._test(atom)
                tests[test.number] = test
        for inner, bodies in loops.values():
            some = self._together(list(bodies.values()))
            test = self.g.reduce("any", inner, some, None, lo=0, hi=1)
            tests[test.number] = test
        return self.g.any_of(tests[number] for number in sorted(tests))

    def _test(self, atom: Node) -> Node:
        g = self.g
        if atom.text == SELECT:
            condition, then, otherwise = atom.args
            return g.or_(g.and_(condition, self.of(then)),
                         g.and_(g.not_(condition), self.of(otherwise)))  # fmt: skip
        return g.compare("!=", atom, g.zero)
