"""A value of the language inside a kernel: numbers of the graph and the stop beside them.

A fraction is a whole number over a constant and, where it was divided by something known only
at run time, over a second number. What cannot be told apart from garbage once a stop holds is
never looked at: whoever reads a value reads its stop first.
"""

from __future__ import annotations

import math

from attrs import evolve, field, frozen

from tiaowen.compiler.types import Type
from tiaowen.engine.kernel.graph import LONG, WIDEST, Graph, Node, Unsupported
from tiaowen.engine.kernel.prelude import FIRST_MISSING


@frozen
class Stop:
    """Why a row is not decided: the code, and the field, parameter or quantity it is about."""

    code: str
    name: str
    level: str = ""


MOST_MONEY = 10**11
"""Amounts that are given lie within this many 分, a thousand million 元; none is negative."""

MOST_DIVISOR = 100
"""What a fraction that is held to the bounds of amounts may be over."""

MOST_OVER, MOST_ABOVE = 1 << 36, 1 << 68
"""What fractions in lowest terms may be over, where that is told at run time, and what may stand
above: that is the common multiple of most spans of days, and amounts as large as any."""


def _size(node: Node) -> int:
    return max(abs(node.lo), abs(node.hi))


def _terms(a: V, b: V) -> int:
    """How large ``a`` may grow when it is brought to what ``b`` is over."""
    over = 1 if b.over is None else _size(b.over)
    return _size(a.num) * over * (math.lcm(a.den, b.den) // a.den)


class Stops:
    """The stops of a kernel by number; 0 is none."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.numbers: dict[Stop, int] = {}

    def node(self, code: str, name: str, level: str = "", *, missing: bool = False) -> Node:
        """The number of a stop as a node."""
        stop = Stop(code, name, level)
        number = self.numbers.setdefault(stop, len(self.numbers) + 1)
        if missing and number < FIRST_MISSING:
            number = self.numbers[stop] = number + FIRST_MISSING
        return self.graph.const(number)


@frozen(eq=False)
class V:
    """``kind``: number, truth, name (a member by number), code (by number in the dictionary),
    text, date (days) or moment (seconds). ``den`` divides ``num``, ``over`` too."""

    kind: str
    num: Node
    stop: Node
    den: int = 1
    over: Node | None = None
    type: Type | None = field(default=None)


class Values:
    """Arithmetic on values."""

    def __init__(self, graph: Graph, stops: Stops) -> None:
        self.g, self.stops = graph, stops

    def number(self, value: int, den: int = 1) -> V:
        """A number known now."""
        return V("number", self.g.const(value), self.g.zero, den)

    def truth(self, node: Node, stop: Node | None = None) -> V:
        return V("truth", node, stop if stop is not None else self.g.zero)

    # --- stops

    def then(self, a: Node, b: Node) -> Node:
        """Of two stops one after the other, the first."""
        if a.value is not None:
            return a if a.value else b
        if b.value == 0 or a is b:
            return a
        return self.g.call("first", a, b, lo=min(a.lo, b.lo), hi=max(a.hi, b.hi))

    def operands(self, values: list[V]) -> Node:
        """The stop of operands that are all evaluated."""
        found = self.g.zero
        for value in values:
            other = value.stop
            if found.value == 0 or other is found:
                found = other
            elif other.value != 0:
                both = found.lo >= FIRST_MISSING and other.lo >= FIRST_MISSING
                found = (
                    found if both and found.value is not None
                    else self.g.call("first_stop", found, other, lo=0, hi=max(found.hi, other.hi))
                )  # fmt: skip
        return found

    def stopped_if(self, value: V, test: Node, stop: Node) -> V:
        """``value`` with a stop behind its own where ``test`` holds."""
        return evolve(
            value, stop=self.then(value.stop, self.g.select(test, stop, self.g.zero))
        )  # fmt: skip

    # --- choosing

    def choose(self, test: Node, then: V, otherwise: V) -> V:
        """One of two values of one kind; the test's own stop is the caller's."""
        if test.value is not None:
            return then if test.value else otherwise
        stop = self.g.select(test, then.stop, otherwise.stop)
        if then.stop.value:
            return evolve(otherwise, stop=stop)
        if otherwise.stop.value:
            return evolve(then, stop=stop)
        a, b = self.alike(then, otherwise)
        over = None
        if a.over is not None and b.over is not None:
            over = self.g.select(test, a.over, b.over)
        return V(a.kind, self.g.select(test, a.num, b.num), stop, a.den, over, a.type)

    def alike(self, a: V, b: V) -> tuple[V, V]:
        """Both over the same constant; where one has a second divisor the other gets one. A value
        that always stops is like any other."""
        if a.kind == "none":
            a = evolve(b, stop=a.stop)
        elif b.kind == "none":
            b = evolve(a, stop=b.stop)
        if a.kind != b.kind:
            raise Unsupported(f"{a.kind}/{b.kind}", "values of two kinds in one place")
        if a.kind != "number":
            return a, b
        den = math.lcm(a.den, b.den)
        a, b = (
            evolve(v, num=self.times(v.num, den // v.den), den=den) for v in (a, b)
        )  # fmt: skip
        if (a.over is None) != (b.over is None):
            a, b = (evolve(v, over=self.g.one) if v.over is None else v for v in (a, b))
        return a, b

    def times(self, node: Node, factor: int) -> Node:
        return self.g.mul(node, self.g.const(factor))

    def common(self, a: V, b: V) -> tuple[V, V]:
        """Both over exactly the same divisors, so that the numbers above compare and add. Where
        that takes a fraction to its lowest terms, it may get a stop."""
        apart = a.over is not None and b.over is not None and a.over is not b.over
        if apart and max(_terms(a, b), _terms(b, a)) > WIDEST:
            a, b = self.lowest(a), self.lowest(b)
        a, b = self.alike(a, b)
        if a.over is None or b.over is None or a.over is b.over:
            return a, b
        x, y = self.g.mul(a.num, b.over), self.g.mul(b.num, a.over)
        over = self.g.mul(a.over, b.over)
        return evolve(a, num=x, over=over), evolve(b, num=y, over=over)

    # --- arithmetic

    def lowest(self, v: V) -> V:
        """``v`` over a divisor told at run time alone, in lowest terms where its terms might be
        larger than ``MOST_ABOVE`` and ``MOST_OVER``; a stop where they are so even then."""
        g = self.g
        over = self.times(g.one if v.over is None else v.over, v.den)
        num = v.num
        if over.lo > 0 and over.hi <= MOST_OVER and _size(num) <= MOST_ABOVE:
            return evolve(v, den=1, over=over)
        if over.lo < 0:
            below = g.compare("<", over, g.zero)
            num = g.select(below, g.sub(g.zero, num), num)
            over = g.select(below, g.sub(g.zero, over), over)
        over = g.pure("({0})", over, lo=1, hi=over.hi)
        shared = g.call("common_divisor", num, over, lo=1, hi=over.hi)
        num = g.pure("({0} // {1})", num, shared, lo=num.lo, hi=num.hi)
        over = g.pure("({0} // {1})", over, shared, lo=1, hi=over.hi)
        top, bottom = g.const(MOST_ABOVE), g.const(MOST_OVER)
        far = g.or_(g.compare(">", over, bottom), g.or_(
            g.compare(">", num, top), g.compare("<", num, g.sub(g.zero, top))))  # fmt: skip
        stop = self.then(v.stop, g.select(far, self.stops.node("TW1304", ""), g.zero))
        num = g.least(g.most(num, g.sub(g.zero, top)), top)
        return V(v.kind, num, stop, 1, g.least(over, bottom), v.type)

    def multiply(self, a: V, b: V, stop: Node) -> V:
        for bound in (MOST_MONEY * 100, MOST_MONEY):
            if _size(a.num) * _size(b.num) > LONG:
                a, b = (self._narrowed(v, bound * v.den) for v in (a, b))
                stop = self.then(stop, self.then(a.stop, b.stop))
                a, b = (evolve(v, stop=self.g.zero) for v in (a, b))
        num, den = self.g.mul(a.num, b.num), a.den * b.den
        over = self._both(a.over, b.over)
        if num.value is not None and den > 1 and over is None:
            shared = math.gcd(num.value, den) or 1
            num, den = self.g.const(num.value // shared), den // shared
        return V("number", num, stop, den, over)

    def _narrowed(self, v: V, bound: int) -> V:
        """An amount held to what is usual, so that its product stays within 64 bits."""
        usual = v.num.value is None and v.den <= MOST_DIVISOR and v.over is None
        return self.limited(v, bound) if usual else v

    def _both(self, a: Node | None, b: Node | None) -> Node | None:
        if a is None or b is None:
            return a if a is not None else b
        return self.g.mul(a, b)

    def divide(self, a: V, b: V, stop: Node, by_zero: Node) -> V:
        """The quotient; by zero a stop."""
        g = self.g
        if b.over is not None:
            a = evolve(a, num=g.mul(a.num, b.over))
        if b.num.value:
            sign = 1 if b.num.value > 0 else -1
            den = a.den * abs(b.num.value)
            shared = math.gcd(b.den, den)
            num = self.times(a.num, b.den // shared * sign)
            return V("number", num, stop, den // shared, a.over)
        stop = self.then(stop, g.select(g.compare("==", b.num, g.zero), by_zero, g.zero))
        lo = b.num.lo if b.num.lo != 0 else 1
        safe = g.call("never_zero", b.num, lo=lo, hi=max(b.num.hi, 1))
        shared = math.gcd(b.den, a.den)
        num = self.times(a.num, b.den // shared)
        return V("number", num, stop, a.den // shared, self._both(a.over, safe))

    def compare(self, sign: str, a: V, b: V) -> Node:
        """0 or 1 for values already over the same divisors."""
        if a.over is not None and a.over.lo < 0:
            a, b = self._positive(a), self._positive(b)
        return self.g.compare(sign, a.num, b.num)

    def _positive(self, v: V) -> V:
        assert v.over is not None
        g = self.g
        below = g.compare("<", v.over, g.zero)
        return evolve(v, num=g.select(below, g.sub(g.zero, v.num), v.num))

    def rounded(self, v: V) -> V:
        """To a whole number, halves away from zero."""
        if v.over is None:
            return evolve(v, num=self.g.rounded(v.num, v.den), den=1)
        over = self.times(v.over, v.den)
        size = max(abs(v.num.lo), abs(v.num.hi))
        num = self.g.call("half_away_over", v.num, over, lo=-size, hi=size)
        return V("number", num, v.stop, 1, None, v.type)

    def whole(self, v: V) -> Node:
        """Towards zero, as ``int`` of a fraction."""
        if v.den == 1 and v.over is None:
            return v.num
        return self.quotient(v, "trunc")

    def quotient(self, v: V, manner: str) -> Node:
        """``v`` as a whole number: floor, ceiling or trunc."""
        g = self.g
        den = g.const(v.den) if v.over is None else g.mul(v.over, g.const(v.den))
        size = max(abs(v.num.lo), abs(v.num.hi)) + 1
        return g.call(f"{manner}_over", v.num, den, lo=-size, hi=size)

    def limited(self, v: V, bound: int) -> V:
        """``v`` with a stop where it lies outside of ``bound``, either way."""
        g = self.g
        if -bound <= v.num.lo and v.num.hi <= bound:
            return v
        held = g.pure("({0})", v.num, lo=max(v.num.lo, -bound), hi=min(v.num.hi, bound))
        far = g.compare(">", v.num, g.const(bound))
        if v.num.lo < -bound:
            far = g.or_(far, g.compare("<", v.num, g.const(-bound)))
        stop = self.then(v.stop, g.select(far, self.stops.node("TW1302", ""), g.zero))
        return evolve(v, num=held, stop=stop)
