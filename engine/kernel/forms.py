"""The words of the table of operations, on values of a kernel.

``OPERATIONS[...].kernel`` is an expression of these functions; operands come without their
stops, which the caller puts before those an operation adds itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import evolve

from tiaowen.compiler.moments import FIRST_YEAR, LAST_YEAR
from tiaowen.compiler.operations import OPERATIONS
from tiaowen.engine.kernel.graph import Node, Unsupported
from tiaowen.engine.kernel.prelude import FIRST_DAY, LAST_DAY
from tiaowen.engine.kernel.values import V

if TYPE_CHECKING:
    from tiaowen.engine.kernel.translating import Translator

DAY = 86_400


class Forms:
    """One method for each word."""

    def __init__(self, translator: Translator) -> None:
        self.t, self.v, self.g = translator, translator.values, translator.graph

    def apply(self, name: str, values: list[V]) -> V:
        """What operation ``name`` makes of ``values``, its own stop behind theirs."""
        text = OPERATIONS[name].kernel
        if not text:
            raise Unsupported(name, "the operation has no form in a kernel")
        bare = [evolve(value, stop=self.g.zero) for value in values]
        words: dict[str, object] = {
            word: getattr(self, word) for word in dir(self) if not word.startswith("_")
        }
        words |= {f"_{n}": value for n, value in enumerate(bare)}
        names = [f"_{n}" for n in range(len(bare))]
        self.operation = name
        found: V = eval(text.replace("{*}", ", ".join(names)).format(*names), words)
        return evolve(found, stop=self.v.then(self.v.operands(values), found.stop))

    # --- numbers

    def plus(self, a: V, b: V) -> V:
        return self._pair(a, b, self.g.add)

    def minus(self, a: V, b: V) -> V:
        return self._pair(a, b, self.g.sub)

    def _pair(self, a: V, b: V, join: Callable[[Node, Node], Node]) -> V:
        a, b = self.v.common(a, b)
        return V(a.kind, join(a.num, b.num), self.v.then(a.stop, b.stop), a.den, a.over)

    def times(self, a: V, b: V) -> V:
        return self.v.multiply(a, b, self.v.then(a.stop, b.stop))

    def scaled(self, a: V, factor: int, den: int = 1) -> V:
        return self.v.multiply(a, self.v.number(factor, den), a.stop)

    def over(self, a: V, b: V) -> V:
        zero = self.t.stops.node("TW0508", self.operation)
        return self.v.divide(a, b, self.v.then(a.stop, b.stop), zero)

    def floor(self, a: V) -> V:
        return V("number", self.v.quotient(a, "floor"), a.stop)

    def lowest(self, *values: V) -> V:
        return self._extreme(values, "<")

    def highest(self, *values: V) -> V:
        return self._extreme(values, ">")

    def _extreme(self, values: tuple[V, ...], sign: str) -> V:
        best = values[0]
        for value in values[1:]:
            a, b = self.v.common(best, value)
            if a.over is None:
                pick = self.g.least if sign == "<" else self.g.most
                num, over = pick(a.num, b.num), None
            else:
                test = self.v.compare(sign, b, a)
                num, over = self.g.select(test, b.num, a.num), a.over
            best = V(a.kind, num, self.v.then(a.stop, b.stop), a.den, over)
        return best

    # --- truths

    def equal(self, a: V, b: V) -> V:
        return self._compared("==", a, b)

    def below(self, a: V, b: V) -> V:
        return self._compared("<", a, b)

    def at_most(self, a: V, b: V) -> V:
        return self._compared("<=", a, b)

    def _compared(self, sign: str, a: V, b: V) -> V:
        if {a.kind, b.kind} == {"date", "moment"}:
            a, b = self.whole_day(a), self.whole_day(b)
        if {a.kind, b.kind} == {"code", "name"}:
            raise Unsupported(self.operation, "a prefix code is compared with a member")
        a, b = self.v.common(a, b)
        return self.v.truth(self.v.compare(sign, a, b), self.v.then(a.stop, b.stop))

    def negation(self, a: V) -> V:
        return self.v.truth(self.g.not_(a.num), a.stop)

    def any_of(self, a: V) -> V:
        if a.kind not in ("truth", "reasons"):
            raise Unsupported(self.operation, f"of a {a.kind}")
        return self.v.truth(a.num, a.stop)

    def same_area(self, a: V, b: V) -> V:
        if a.kind != "code" or b.kind != "code":
            raise Unsupported(self.operation, "areas are compared by their codes only")
        areas = [self.t.names.area(v.num) for v in (a, b)]
        return self.v.truth(self.g.compare("==", *areas), self.v.then(a.stop, b.stop))

    # --- days

    def _day(self, a: V) -> Node:
        if a.kind == "date":
            return a.num
        if a.kind != "moment":
            raise Unsupported(self.operation, f"of a {a.kind}")
        return self.g.floor(a.num, DAY)

    def whole_day(self, a: V) -> V:
        return V("date", self._day(a), a.stop)

    def _part(self, a: V, name: str, lo: int, hi: int) -> V:
        return V("number", self.g.of_day(name, self._day(a), lo=lo, hi=hi), a.stop)

    def year(self, a: V) -> V:
        day = self._day(a)
        lo, hi = (1900, 2999) if day.lo >= FIRST_DAY and day.hi <= LAST_DAY else (-9999, 9999)
        return self._part(a, "year_of", lo, hi)

    def month(self, a: V) -> V:
        return self._part(a, "month_of", 1, 12)

    def new_year(self, a: V) -> V:
        g = self.g
        year = self.v.whole(a)
        held = g.least(g.most(year, g.const(FIRST_YEAR)), g.const(LAST_YEAR))
        out = g.select(g.compare("!=", held, year), self._outside(), g.zero)
        day = g.call("from_civil", held, g.one, g.one, lo=FIRST_DAY, hi=LAST_DAY)
        return V("date", day, self.v.then(a.stop, out))

    def _outside(self) -> Node:
        return self.t.stops.node("TW0518", self.operation)

    def moved_days(self, a: V, by: V) -> V:
        unit = DAY if a.kind == "moment" else 1
        days = self.g.mul(self.v.whole(by), self.g.const(unit))
        return V(a.kind, self.g.add(a.num, days), self.v.then(a.stop, by.stop))

    def moved_hours(self, a: V, by: V) -> V:
        whole = self.scaled(by, 3600)
        seconds = self.v.whole(whole)
        if a.kind == "date":
            seconds = self.g.floor(seconds, DAY)
        return V(a.kind, self.g.add(a.num, seconds), self.v.then(a.stop, by.stop))

    def moved_months(self, a: V, by: V) -> V:
        """A month outside the years of the language is a stop."""
        g, day, months = self.g, self._day(a), self.v.whole(by)
        index = g.add(g.add(g.mul(g.of_day("year_of", day, lo=1900, hi=2999), g.const(12)),
                            g.of_day("month_of", day, lo=1, hi=12)), months)  # fmt: skip
        first, last = g.const(FIRST_YEAR * 12 + 1), g.const(LAST_YEAR * 12 + 12)
        fits = g.and_(g.compare(">=", index, first), g.compare("<=", index, last))
        moved = g.call("add_months", day, g.select(fits, months, g.zero),
                       lo=FIRST_DAY, hi=LAST_DAY)  # fmt: skip
        if a.kind == "moment":
            moved = g.add(g.mul(moved, g.const(DAY)), g.sub(a.num, g.mul(day, g.const(DAY))))
        out = g.select(fits, g.zero, self._outside())
        return V(a.kind, moved, self.v.then(self.v.then(a.stop, by.stop), out))

    def days_apart(self, a: V, b: V) -> V:
        return V("number", self.g.sub(self._day(a), self._day(b)), self.v.then(a.stop, b.stop))

    def hours_apart(self, a: V, b: V) -> V:
        if a.kind != b.kind:
            raise Unsupported(self.operation, "hours between a day and a moment")
        apart = V("number", self.g.sub(a.num, b.num), self.v.then(a.stop, b.stop))
        return self.scaled(apart, 24) if a.kind == "date" else self.scaled(apart, 1, 3600)

    def whole_months(self, a: V, b: V) -> V:
        found = self.g.months_between(self._day(a), self._day(b))
        return V("number", found, self.v.then(a.stop, b.stop))

    def age(self, a: V, b: V) -> V:
        g = self.g
        early = g.compare("<", self._day(b), self._day(a))
        years = g.floor(g.most(self.whole_months(a, b).num, g.zero), 12)
        out = g.select(early, self._outside(), g.zero)
        return V("number", years, self.v.then(self.v.then(a.stop, b.stop), out))

    def working_days(self, a: V, b: V) -> V:
        """By the calendar of the years that are known; any other year is a stop."""
        g, first, last = self.g, self._day(a), self._day(b)
        table, begin, end = self.t.names.working_days()
        low, high = g.least(first, last), g.most(first, last)
        known = g.and_(g.compare(">=", low, g.const(begin)), g.compare("<=", high, g.const(end)))
        known = g.or_(known, g.compare("==", first, last))
        counts = []
        for day in (first, last):
            held = g.least(g.most(day, g.const(begin)), g.const(end))
            counts.append(g.pure(table, g.sub(held, g.const(begin)), lo=0, hi=end))
        out = g.select(known, g.zero, self.t.stops.node("TW0509", ""))
        return V(
            "number", g.sub(counts[1], counts[0]), self.v.then(a.stop, self.v.then(b.stop, out))
        )
