"""Whole-number expressions as a graph: folded, bounded, each written once.

Everything a kernel computes is an int: money in 分, days, members by number, truths as 0 and 1.
A node is a Python expression over other nodes, so that the generated module can be read, run
as Python and translated to machine code. Nodes have no effects and always have a value: what
must not be computed is kept apart as a stop beside the value, never as control flow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from attrs import Factory, define, field

from tiaowen.engine.kernel import prelude
from tiaowen.engine.kernel.lookup import ARRAY, OF_DAY, Tables
from tiaowen.engine.kernel.prelude import FIRST_DAY, LAST_DAY

LONG = 1 << 62
"""Numbers up to this are of 64 bits, larger ones of 128."""

WIDEST = 1 << 125


SELECT, LEAST = "({1} if {0} else {2})", "min({0}, {1})"


class Unsupported(Exception):
    """A part of a policy that the kernel has no form for: ``what`` it is and ``reason``.

    ``where`` names the node of the graph it stands in, '' outside of one.
    """

    def __init__(self, what: str, reason: str, where: str = "") -> None:
        self.what, self.reason, self.where = what, reason, where
        super().__init__(f"{what}: {reason}" + (f" ({where})" if where else ""))


@define(eq=False)
class Scope:
    """Where a node is evaluated once: a claim, or one turn of a loop inside it.

    ``kind`` is claim, lines, part or items; ``over`` says of what. ``index`` is the loop's
    variable, ``guard`` (0 or 1) whether it runs at all, ``mask`` which turns count.
    """

    kind: str
    parent: Scope | None
    index: str
    over: Any = None
    mask: Node | None = None
    guard: Node | None = None
    carried: list[tuple[Node, Node, Callable[[], Any]]] = Factory(list)
    """(a sum, a stop, the value they take up after each turn)"""

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1

    def within(self, other: Scope) -> bool:
        """Whether this is ``other`` or a loop inside it."""
        scope: Scope | None = self
        while scope is not None:
            if scope is other:
                return True
            scope = scope.parent
        return False


@define(eq=False)
class Node:
    """``text`` with ``args`` in place of {0}, {1}, …; its value lies in [lo, hi]."""

    text: str
    args: tuple[Node, ...]
    lo: int
    hi: int
    scope: Scope
    number: int
    value: int | None = None

    @property
    def wide(self) -> bool:
        """Whether 64 bits do not hold it."""
        return self.lo < -LONG or self.hi > LONG

    @property
    def truth(self) -> bool:
        return self.lo >= 0 and self.hi <= 1


@define(eq=False)
class Reduce(Node):
    """A fold over the turns of ``inner``: ``kind`` sum, multiple (the least common), max, min,
    first, last, stop (the first that is not 0) or any; over the turns where ``where`` holds."""

    kind: str = field(kw_only=True)
    inner: Scope = field(kw_only=True)
    where: Node | None = field(kw_only=True)
    body: Node = field(kw_only=True)
    start: int = field(kw_only=True, default=0)
    outside: list[Node] | None = field(kw_only=True, default=None)
    """What its loop draws on from outside, once it was looked for."""


FUNCTIONS: dict[str, Callable[..., int]] = {
    name: getattr(prelude, name) for name in prelude.__all__
}


def _clip(bound: int) -> int:
    if abs(bound) > WIDEST:
        raise Unsupported("×", "the numbers of an expression may grow beyond 128 bits")
    return bound


class Graph:
    """Makes nodes; the same expression is one node."""

    def __init__(self) -> None:
        self.root = Scope("claim", None, "i")
        self._made: dict[Any, Node] = {}
        self._count = 0
        self._scopes = 0
        self.tables = Tables()
        self.zero, self.one = self.const(0), self.const(1)

    def _number(self) -> int:
        self._count += 1
        return self._count

    def const(self, value: int) -> Node:
        """A number known now."""
        key = ("const", int(value))
        if key not in self._made:
            self._made[key] = Node(str(int(value)), (), int(value), int(value), self.root,
                                   self._number(), int(value))  # fmt: skip
        return self._made[key]

    def load(self, text: str, scope: Scope, lo: int, hi: int, args: tuple[Node, ...] = ()) -> Node:
        """A cell of a column, or a variable of the person, read in ``scope``."""
        for arg in args:
            scope = arg.scope if arg.scope.depth > scope.depth else scope
        key = ("load", text, id(scope), tuple(a.number for a in args))
        if key not in self._made:
            node = Node(text, args, _clip(lo), _clip(hi), scope, self._number())
            self._made[key] = node
        return self._made[key]

    def scope(self, kind: str, parent: Scope, over: Any = None, **more: Any) -> Scope:
        """A loop inside ``parent``."""
        self._scopes += 1
        return Scope(kind, parent, f"j{self._scopes}", over, **more)

    def pure(self, text: str, *args: Node, lo: int = -LONG, hi: int = LONG) -> Node:
        """``text`` of ``args``; worked out now where all are known."""
        if all(a.value is not None for a in args):
            found = eval(
                text.format(*(f"({a.value})" for a in args)), {**FUNCTIONS, ARRAY: self.tables}
            )
            return self.const(int(found))
        if lo == hi:
            return self.const(lo)
        key = (text, tuple(a.number for a in args))
        made = self._made.get(key)
        if made is None:
            scope = max((a.scope for a in args), key=lambda s: s.depth)
            made = Node(text, args, _clip(lo), _clip(hi), scope, self._number())
            self._made[key] = made
        return made

    def reduce(self, kind: str, inner: Scope, body: Node, where: Node | None = None, *,
               lo: int = -LONG, hi: int = LONG, start: int = 0) -> Node:  # fmt: skip
        """A fold over the turns of ``inner``."""
        assert inner.parent is not None
        if where is not None and where.value is not None:
            if not where.value:
                return self.const(start)
            where = None
        if kind in ("sum", "stop", "any") and body.value == 0:
            return self.zero
        if inner.guard is not None and inner.guard.value == 0:
            return self.const(start)
        key = ("reduce", kind, id(inner), body.number, where.number if where else 0, start)
        if key not in self._made:
            self._made[key] = Reduce(
                f"{kind}_{id(inner)}", (), _clip(lo), _clip(hi), inner.parent, self._number(),
                kind=kind, inner=inner, where=where, body=body, start=start,
            )  # fmt: skip
        return self._made[key]

    # --- arithmetic

    def add(self, a: Node, b: Node) -> Node:
        if a.value == 0:
            return b
        if b.value == 0:
            return a
        return self.pure("({0} + {1})", a, b, lo=a.lo + b.lo, hi=a.hi + b.hi)

    def sub(self, a: Node, b: Node) -> Node:
        if b.value == 0:
            return a
        if a is b:
            return self.zero
        if b.text == SELECT and b.args[1] is a and b.args[2].value == 0:
            return self.select(b.args[0], self.zero, a)
        if b.text == LEAST and a in b.args:
            other = b.args[1] if b.args[0] is a else b.args[0]
            return self.most(self.zero, self.sub(a, other))
        return self.pure("({0} - {1})", a, b, lo=a.lo - b.hi, hi=a.hi - b.lo)

    def mul(self, a: Node, b: Node) -> Node:
        if a.value == 1:
            return b
        if b.value == 1:
            return a
        if a.value == 0 or b.value == 0:
            return self.zero
        if b.truth:
            return self.select(b, a, self.zero)
        if a.truth:
            return self.select(a, b, self.zero)
        corners = [x * y for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
        return self.pure("({0} * {1})", a, b, lo=min(corners), hi=max(corners))

    def least(self, a: Node, b: Node) -> Node:
        if a is b or a.hi <= b.lo:
            return a
        if b.hi <= a.lo:
            return b
        return self.pure(LEAST, a, b, lo=min(a.lo, b.lo), hi=min(a.hi, b.hi))

    def most(self, a: Node, b: Node) -> Node:
        if a is b or a.lo >= b.hi:
            return a
        if b.lo >= a.hi:
            return b
        return self.pure("max({0}, {1})", a, b, lo=max(a.lo, b.lo), hi=max(a.hi, b.hi))

    def floor(self, a: Node, by: int) -> Node:
        """``a`` over a positive constant, downwards."""
        if by == 1:
            return a
        text = "udiv({0}, {1})" if a.lo >= 0 else "({0} // {1})"
        return self.pure(text, a, self.const(by), lo=a.lo // by, hi=a.hi // by)

    def rounded(self, a: Node, by: int) -> Node:
        """``a`` over a positive constant, to the nearest, halves away from zero."""
        if by == 1:
            return a
        lo, hi = prelude.half_away(a.lo, by), prelude.half_away(a.hi, by)
        if a.lo >= 0:
            up = self.add(a, self.const(by // 2))
            return self.pure("udiv({0}, {1})", up, self.const(by), lo=lo, hi=hi)
        return self.pure("half_away({0}, {1})", a, self.const(by), lo=lo, hi=hi)

    def compare(self, sign: str, a: Node, b: Node) -> Node:
        """0 or 1; known where the bounds say so."""
        if a is b:
            return self.const(sign in ("==", "<=", ">="))
        known: bool | None = None
        if a.hi < b.lo:
            known = sign in ("<", "<=", "!=")
        elif a.lo > b.hi:
            known = sign in (">", ">=", "!=")
        elif a.hi <= b.lo and sign in ("<=", ">"):
            known = sign == "<="
        elif a.lo >= b.hi and sign in (">=", "<"):
            known = sign == ">="
        if known is not None:
            return self.const(known)
        return self.pure(f"({{0}} {sign} {{1}})", a, b, lo=0, hi=1)

    # --- truths and choices

    def not_(self, a: Node) -> Node:
        if a.text == "(not {0})" and a.args[0].truth:
            return a.args[0]
        return self.pure("(not {0})", a, lo=0, hi=1)

    def and_(self, a: Node, b: Node) -> Node:
        if a.value is not None:
            return b if a.value else self.zero
        if b.value is not None:
            return a if b.value else self.zero
        return a if a is b else self.pure("({0} and {1})", a, b, lo=0, hi=1)

    def or_(self, a: Node, b: Node) -> Node:
        if a.value is not None:
            return self.one if a.value else b
        if b.value is not None:
            return self.one if b.value else a
        return a if a is b else self.pure("({0} or {1})", a, b, lo=0, hi=1)

    def any_of(self, nodes: Iterable[Node]) -> Node:
        found = self.zero
        for node in nodes:
            found = self.or_(found, node)
        return found

    def select(self, test: Node, then: Node, otherwise: Node) -> Node:
        """``then`` where ``test`` is 1, else ``otherwise``."""
        if test.value is not None:
            return then if test.value else otherwise
        if then is otherwise:
            return then
        if test.truth and then.value == 1 and otherwise.value == 0:
            return test
        if test.truth and then.value == 0 and otherwise.value == 1:
            return self.not_(test)
        return self.pure(SELECT, test, then, otherwise,
                         lo=min(then.lo, otherwise.lo), hi=max(then.hi, otherwise.hi))  # fmt: skip

    def of_calendar(self, day: Node) -> bool:
        """Whether a day lies in the years of the language in any case."""
        return day.lo >= FIRST_DAY and day.hi <= LAST_DAY

    def months_between(self, start: Node, end: Node) -> Node:
        """Whole months from a day to another, fewer than none backwards: the last is whole on
        the corresponding day, or else at the end of its month."""
        if not (self.of_calendar(start) and self.of_calendar(end)):
            return self.call("months_between", start, end, lo=-15_000, hi=15_000)
        days = [self.of_day("day_of_month", day, lo=1, hi=31) for day in (start, end)]
        ends = self.of_day("ends_month", end, lo=0, hi=1)
        short = self.and_(self.compare(">", *days), self.not_(ends))
        months = self.sub(self._month_index(end), self._month_index(start))
        return self.sub(months, short)

    def _month_index(self, day: Node) -> Node:
        year = self.of_day("year_of", day, lo=1900, hi=2999)
        return self.add(self.mul(year, self.const(12)), self.of_day("month_of", day, lo=1, hi=12))

    def of_day(self, name: str, day: Node, *, lo: int, hi: int) -> Node:
        """The year or month of a day; in the years of the language it is looked up."""
        if day.value is not None or not self.of_calendar(day):
            return self.call(name, day, lo=lo, hi=hi)
        return self.pure(OF_DAY[name], day, lo=lo, hi=hi)

    def call(self, name: str, *args: Node, lo: int = -LONG, hi: int = LONG) -> Node:
        """A function of the prelude."""
        text = f"{name}({', '.join(f'{{{n}}}' for n in range(len(args)))})"
        return self.pure(text, *args, lo=lo, hi=hi)
