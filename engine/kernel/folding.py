"""Folds over a person's earlier decisions in a kernel, as ``engine/history/past.py`` means them.

What a fold reads of a decision is worked out when that decision is made. Sums and counts of a
year go into running totals; a fold that compares an earlier decision with the present one
looks through what was recorded of the person, oldest first.
"""

from __future__ import annotations

from attrs import Factory, define, evolve, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.walk import every
from tiaowen.engine.kernel.graph import Node, Scope, Unsupported
from tiaowen.engine.kernel.opening import Opened, opened, stop_of, taken
from tiaowen.engine.kernel.owning import MOST_KEPT, owned
from tiaowen.engine.kernel.recording import in_form, like_of
from tiaowen.engine.kernel.translating import At, Translator, kernel_form
from tiaowen.engine.kernel.values import MOST_MONEY, V

FIRST_YEAR, LAST_YEAR = 1900, 2999
MOST_DECISIONS = 1 << 20
"""No person has more rows."""


@frozen(eq=False)
class Slot:
    """An expression of a matter's decisions, kept for each. ``stop`` is its stop's array, ''
    where a decision that was made has none."""

    array: str
    stop: str
    matter: str
    core: c.Core
    like: V


@frozen(eq=False)
class Total:
    """A running sum or count of a person; of each year, in an array, where ``yearly``."""

    name: str
    kind: str
    yearly: bool
    core: c.History
    den: int


@define
class Folds:
    """What the decisions of a kernel leave behind."""

    matters: tuple[str, ...]
    opening: bool = False
    slots: dict[tuple[str, str], Slot] = Factory(dict)
    totals: dict[str, Total] = Factory(dict)
    opened: dict[str, Opened] = Factory(dict)
    arrays: dict[str, str] = Factory(dict)
    """a fold that is looked through -> the array of what opening totals add to it"""
    sure: frozenset[tuple[str, str]] = frozenset()
    """The slots of which a decision that was made has no stop, as an earlier attempt found."""


@frozen(eq=False)
class Past:
    """An earlier decision that a fold looks at, in the turn of ``items``."""

    folds: Folds
    matter: str
    items: Scope
    t: Translator

    def recorded(self, core: c.Core, at: At) -> V | None:
        """What was kept of ``core``; None where it asks for the present and is put together."""
        if isinstance(core, c.Constant | c.ReadingRef | c.Present) or asks_present(core):
            return None
        absent = isinstance(core, c.Field) and not core.level and (
            self.t.columns.given_as("", core.name) is None)  # fmt: skip
        if isinstance(core, c.Field) and absent:
            return self.t.field("", core.name, At(self.t.frame(self.matter)))
        slot = _slot(self.t, self.folds, self.matter, core)
        g, like, index = self.t.graph, slot.like, self.items.index
        num = g.load(f"{slot.array}[{index}]", self.items, like.num.lo, like.num.hi)
        stop = g.load(f"{slot.stop}[{index}]", self.items, 0, 1 << 30) if slot.stop else g.zero
        return V(like.kind, num, stop, like.den)


def asks_present(core: c.Core) -> bool:
    """Whether an expression compares with the decision that asks."""
    return any(isinstance(part, c.Present) for part in every(core))


def sure(t: Translator, matter: str, core: c.Core) -> bool:
    """Whether a decision that was made always has a value of ``core``."""
    if (matter, repr(core)) in t.shared["folds"].sure:
        return True
    if isinstance(core, c.Field) and not core.level:
        given = t.columns.given_as("", core.name)
        return (given is not None and not given.nullable) or (
            t.program.fields[core.name].default is not None)  # fmt: skip
    if not isinstance(core, c.Ref) or core.level:
        return False
    asked = t.program.matters[matter]
    node = asked.final.get(("", core.quantity))
    return node is not None and any(output.node == node for output in asked.outputs)


def _slot(t: Translator, folds: Folds, matter: str, core: c.Core) -> Slot:
    key = (matter, repr(core))
    if key not in folds.slots:
        n = len(folds.slots)
        stop = "" if sure(t, matter, core) else f"q{n}"
        folds.slots[key] = Slot(f"r{n}", stop, matter, core, like_of(t, core))
    return folds.slots[key]


@kernel_form(c.History)
def _history(t: Translator, core: c.History, at: At) -> V:
    folds: Folds = t.shared["folds"]
    year = None if core.year is None else t.of(core.year, at)
    matters = [m for m in core.matters if m in folds.matters]
    _refuse_calls(t, core, folds)
    if core.kind in ("sum", "count", "exists") and all(_running(t, core, m) for m in matters):
        found = _total(t, core, year, folds)
    else:
        found = _looked_through(t, core, year, matters, folds, at)
        if folds.opening and core.kind != "last":
            found = _with_opening(t, core, year, folds, found)
    return found if year is None else t.behind(year.stop, found)


def _refuse_calls(t: Translator, core: c.History, folds: Folds) -> None:
    for name in folds.matters:
        for call in t.program.matters[name].calls.values():
            if call.counted and core.kind != "sum" and call.matter in core.matters:
                raise Unsupported(core.text, "a matter settled as another that counts as a stay")


def _running(t: Translator, core: c.History, matter: str) -> bool:
    """Whether a matter's decisions can be added up as they are made."""
    read = [core.bodies.get(matter) if core.kind == "sum" else None, core.wheres.get(matter),
            core.years.get(matter) if core.yearly else None]  # fmt: skip
    return all(one is None or sure(t, matter, one) for one in read)


def _year(t: Translator, year: V) -> Node:
    """A year as a place in a running total's array."""
    g = t.graph
    whole = t.values.whole(year)
    held = g.least(g.most(whole, g.const(FIRST_YEAR)), g.const(LAST_YEAR))
    return g.sub(held, g.const(FIRST_YEAR))


def _total(t: Translator, core: c.History, year: V | None, folds: Folds) -> V:
    key = repr((core.kind == "sum", core.yearly, core.matters, core.bodies if core.kind == "sum"
                else 0, core.wheres, core.years if core.yearly else 0))  # fmt: skip
    if key not in folds.totals:
        n = len(folds.totals)
        like = (
            like_of(t, next(iter(core.bodies.values())))
            if core.kind == "sum"
            else t.values.number(0)
        )
        kind = "sum" if core.kind == "sum" else "count"
        folds.totals[key] = Total(f"a{n}", kind, core.yearly, core, like.den)
    total = folds.totals[key]
    g = t.graph
    most = MOST_KEPT if total.den > 1 else 1 << 60 if total.kind == "sum" else MOST_DECISIONS
    low = -most if total.kind == "sum" else 0
    place = _year(t, year) if total.yearly and year is not None else None
    num = owned(g, total.name, place, low, most)
    stop = g.zero
    if folds.opening:
        stop = stop_of(t, opened(t, folds, core, total.name, total.den), place)
    if core.kind == "exists":
        return t.values.truth(g.compare("!=", num, g.zero))
    return t.values.limited(V("number", num, stop, total.den), MOST_MONEY * total.den)


def _with_opening(t: Translator, core: c.History, year: V | None, folds: Folds, found: V) -> V:
    """A fold that was looked through, with what the opening totals add; these come first."""
    key = repr((core.kind == "sum", core.yearly, core.matters, core.bodies, core.years))
    array = folds.arrays.setdefault(key, f"b{len(folds.arrays)}")
    one = opened(t, folds, core, array, found.den)
    place = _year(t, year) if core.yearly and year is not None else None
    before = taken(t, one, place, found.den)
    if core.kind == "exists":
        some = t.graph.compare("!=", before.num, t.graph.zero)
        return evolve(found, num=t.graph.or_(some, found.num))
    num = t.graph.add(before.num, found.num)
    both = V("number", num, t.values.then(before.stop, found.stop), found.den)
    return t.values.limited(both, MOST_MONEY * found.den)


def _looked_through(t: Translator, core: c.History, year: V | None, matters: list[str],
                    folds: Folds, at: At) -> V:  # fmt: skip
    """The fold over all that was recorded of the person."""
    g, v = t.graph, t.values
    if not matters:
        return _empty(t, core)
    scope = _items(t, at)
    accepted, seen_stop, bodies = g.zero, g.zero, list[tuple[Node, V]]()
    for matter in matters:
        if core.kind == "sum" and core.yearly and _split_by_year(t, matter):
            raise Unsupported(core.text, "parts of a stay that are looked through one by one")
        past = At(at.frame, at.lines, asking=at, past=Past(folds, matter, scope, t))
        number = g.const(folds.matters.index(matter) + 1)
        held = g.compare("==", g.load(f"pm[{scope.index}]", scope, 0, 1 << 15), number)
        stop = g.zero
        if year is not None and core.yearly:
            then = t.of(core.years[matter], past)
            a, b = v.common(then, year)
            stop = g.select(held, then.stop, g.zero)
            held = g.and_(held, v.compare("==", a, b))
        if matter in core.wheres:
            where = t.of(core.wheres[matter], past)
            stop = v.then(stop, g.select(held, where.stop, g.zero))
            held = g.and_(held, where.num)
        seen_stop = v.then(seen_stop, stop)
        accepted = g.or_(accepted, held)
        if core.kind not in ("count", "exists"):
            bodies.append((held, t.of(core.bodies[matter], past)))
    first = g.reduce("stop", scope, seen_stop, None, lo=0, hi=1 << 30)
    return t.behind(first, _over_items(t, core, scope, accepted, bodies))


def _over_items(t: Translator, core: c.History, scope: Scope, accepted: Node,
                bodies: list[tuple[Node, V]]) -> V:  # fmt: skip
    g, v = t.graph, t.values
    if core.kind == "exists":
        return v.truth(g.reduce("any", scope, accepted, None, lo=0, hi=1))
    count = g.reduce("sum", scope, g.one, accepted, lo=0, hi=MOST_DECISIONS)
    if core.kind == "count":
        return V("number", count, g.zero)
    body = bodies[-1][1]
    for held, other in reversed(bodies[:-1]):
        body = t.choose(held, other, body)
    empty = g.compare("==", count, g.zero)
    if core.kind == "last":
        num = g.reduce("last", scope, body.num, accepted, lo=min(body.num.lo, 0),
                       hi=max(body.num.hi, 0))  # fmt: skip
        stop = g.reduce("last", scope, body.stop, accepted, lo=0, hi=1 << 30)
        none = t.stops.node("TW0503", core.text)
        return V(body.kind, num, v.then(g.select(empty, none, g.zero), stop), body.den)
    chosen = g.select(accepted, body.stop, g.zero)
    stop = g.reduce("stop", scope, chosen, None, lo=0, hi=1 << 30)
    if core.kind == "max":
        low = min(body.num.lo, -1)
        num = g.reduce("max", scope, body.num, accepted, lo=low, hi=max(body.num.hi, 0), start=low)
        return V("number", g.select(empty, g.zero, num), stop, body.den)
    most = max(abs(body.num.lo), abs(body.num.hi)) * MOST_DECISIONS
    num = g.reduce("sum", scope, body.num, accepted, lo=-most, hi=most)
    found = t.values.limited(V("number", num, g.zero, body.den), MOST_MONEY * body.den)
    return evolve(found, stop=v.then(stop, found.stop))


def _empty(t: Translator, core: c.History) -> V:
    """A fold over matters that the kernel does not settle."""
    if core.kind == "exists":
        return t.values.truth(t.graph.zero)
    if core.kind == "last":
        return t.stopping(t.stops.node("TW0503", core.text))
    return t.values.number(0)


def _items(t: Translator, at: At) -> Scope:
    key = ("items", id(at.scope))
    if key not in t.shared:
        t.shared[key] = t.graph.scope("items", at.scope)
    found: Scope = t.shared[key]
    return found


def _split_by_year(t: Translator, matter: str) -> bool:
    return any(p.yearly for p in t.program.matters[matter].partitions.values())


def recorded_value(t: Translator, slot: Slot) -> V:
    """What a decision leaves in a slot, in the slot's own form."""
    value = t.of(slot.core, At(t.frame(slot.matter)))
    return in_form(t, value, slot.like)
