"""Parts of a stay in a kernel: fee lines grouped by keys, each group decided for itself.

A part is told by one number made of its keys, in whose order the parts stand. The loop over
them goes from each key to the next larger one, so that nothing is gathered or sorted.
"""

from __future__ import annotations

from functools import partial

from attrs import evolve, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.core import LINES
from tiaowen.compiler.types import Type
from tiaowen.engine.kernel.aggregating import elements, of_fractions, stops_in, within
from tiaowen.engine.kernel.billed import lines_needed
from tiaowen.engine.kernel.graph import Node, Scope, Unsupported
from tiaowen.engine.kernel.translating import At, StaticFrame, Translator
from tiaowen.engine.kernel.values import MOST_MONEY, V

MOST_PARTS = 1 << 12
_FAR = 1 << 60


@frozen(eq=False)
class Parts:
    """A partition of a frame: its loop, the frame inside it, whether the whole is the one part
    (``whole``), and the stop of finding out."""

    scope: Scope
    frame: StaticFrame
    whole: Node
    stop: Node


def total(t: Translator, node: c.Node, frame: StaticFrame) -> V:
    """The sum of a quantity over the parts of a frame."""
    if frame.within(node.partition):
        return t.value_of(node.previous, frame)
    parts = parts_of(t, frame, node.partition)
    alone = t.value_of(node.previous, frame)
    if parts.whole.value:
        return t.behind(parts.stop, alone)
    each = t.value_of(node.previous, parts.frame)
    return t.behind(parts.stop, t.choose(parts.whole, alone, summed(t, parts, each)))


def summed(t: Translator, parts: Parts, each: V) -> V:
    """The sum of a value over the parts."""
    g = t.graph
    if each.over is not None:
        each = t.values.lowest(each)
        stop = stops_in(g, parts.scope, each.stop, g.one)
        return t.behind(stop, of_fractions(t, "sum", parts.scope, each, None, MOST_PARTS))
    stop = stops_in(g, parts.scope, each.stop, g.one)
    most = max(abs(each.num.lo), abs(each.num.hi))
    lo = -most * MOST_PARTS if each.num.lo < 0 else 0
    num = g.reduce("sum", parts.scope, each.num, None, lo=lo, hi=most * MOST_PARTS)
    found = t.values.limited(V(each.kind, num, g.zero, each.den), max(most, MOST_MONEY * each.den))
    return evolve(found, stop=t.values.then(stop, found.stop))


def parts_of(t: Translator, frame: StaticFrame, name: str) -> Parts:
    """The parts that partition ``name`` makes of a frame."""
    key = ("parts", id(frame), name)
    if key not in t.shared:
        t.shared[key] = _parts(t, frame, name)
    found: Parts = t.shared[key]
    return found


def _parts(t: Translator, frame: StaticFrame, name: str) -> Parts:
    g, v = t.graph, t.values
    partition = frame.matter.partitions[name]
    condition = v.truth(g.one) if partition.condition is None else t.of(
        partition.condition, At(frame))  # fmt: skip
    if condition.num.value == 0:
        return Parts(g.root, frame, g.one, condition.stop)
    if partition.collection == LINES and t.columns.lineless:
        needed = g.select(condition.num, lines_needed(t, name), g.zero)
        return Parts(g.root, frame, g.one, v.then(condition.stop, needed))
    lines = elements(t, partition.collection, At(frame))
    here = within(t, lines, g.one)
    key = line_key(t, frame, name, lines)
    stop = v.then(
        condition.stop, g.select(condition.num, stops_in(g, lines, key.stop, here), g.zero)
    )
    if key.stop.value:  # no line can tell its part
        return Parts(g.root, frame, g.one, stop)
    least = g.reduce("min", lines, key.num, here, lo=0, hi=_FAR, start=_FAR)
    most = g.reduce("max", lines, key.num, here, lo=-1, hi=key.num.hi, start=-1)
    unchanged = _unchanged(t, frame, partition, g.least(least, g.const(key.num.hi)))
    few = g.or_(g.compare("<", most, least), g.and_(g.compare("==", least, most), unchanged))
    whole = g.or_(g.not_(condition.num), few)
    scope = g.scope("part", frame.scope, (lines, key.num, here), guard=g.not_(whole))
    part = StaticFrame(frame.matter, scope, {}, frame, partition.varies, name)
    part.key = g.load(scope.index, scope, 0, key.num.hi)
    _override(t, frame, part, partition)
    return Parts(scope, part, whole, stop)


def _override(t: Translator, frame: StaticFrame, part: StaticFrame,
              partition: c.PartitionOf) -> None:  # fmt: skip
    assert part.key is not None
    at = At(frame, keys=keys_of(t, frame, partition, part.key))
    for name, core in partition.overrides.items():
        part.overrides[name] = partial(t.of, core, at)
    for quantity, whole, used in partition.spread:
        part.overrides[quantity] = partial(_left, t, frame, part, whole, used)


def _left(t: Translator, frame: StaticFrame, part: StaticFrame, whole: c.Ref, used: c.Ref) -> V:
    """What the parts before left of an amount; how much that is, is told after each part."""
    g, scope = t.graph, part.scope
    count = len(scope.carried)
    spent = g.load(f"{scope.index}_sum{count}", scope, -_FAR, _FAR)
    stopped = g.load(f"{scope.index}_stop{count}", scope, 0, 1 << 30)
    scope.carried.append((spent, stopped, lambda: t.of(used, At(part))))
    amount = t.of(whole, At(frame))
    if amount.den != 1 or amount.over is not None:
        raise Unsupported("依次分摊", "of an amount that is not rounded")
    left = g.most(g.zero, g.sub(amount.num, spent))
    held = g.pure("({0})", left, lo=0, hi=max(amount.num.hi, 0))
    return V("number", held, t.values.then(stopped, amount.stop))


def _unchanged(t: Translator, frame: StaticFrame, partition: c.PartitionOf, key: Node) -> Node:
    """Whether the facts of a part with this key are those of the whole."""
    g, found = t.graph, t.graph.one
    at = At(frame, keys=keys_of(t, frame, partition, key))
    for name, core in partition.originals.items():
        one, other = t.of(partition.overrides[name], at), t.of(core, At(frame))
        if "none" in (one.kind, other.kind) or one.kind != other.kind:
            return g.zero  # a key that no line gives: there is no part to compare
        a, b = t.values.common(one, other)
        fine = g.and_(g.compare("==", a.stop, g.zero), g.compare("==", b.stop, g.zero))
        found = g.and_(found, g.and_(fine, t.values.compare("==", a, b)))
    return found


# --- keys


@frozen
class _Digit:
    """One key in the number of all: how many values it has and which they are."""

    size: int
    kind: str
    lowest: int
    members: tuple[int, ...] = ()


def _digit(t: Translator, value: V, type_: Type) -> _Digit:
    if value.kind == "truth":
        return _Digit(2, "truth", 0)
    if value.kind == "name":
        info = t.program.enums[type_.name]
        names = {n for n, _ in t.names.members.items()}
        below = t.program.enums.get(info.base)
        known = {*info.codes, *info.steps, *(below.codes if below else ())} & names

        def order(name: str) -> tuple[int, str]:
            steps = (i for i, s in enumerate(info.steps) if name in info.groups[s])
            return (next(steps, -1) if info.kind == "scale" else 0, name)

        return _Digit(len(known) + 1, "name", 0,
                      tuple(t.names.member(n) for n in sorted(known, key=order)))  # fmt: skip
    if value.kind in ("number", "date") and value.den == 1 and value.over is None:
        return _Digit(value.num.hi - value.num.lo + 1, value.kind, value.num.lo)
    raise Unsupported("分部", f"a key that is a {value.kind}")


def line_key(t: Translator, frame: StaticFrame, name: str, lines: Scope) -> V:
    """The number of the part that a fee line of a frame falls into."""
    g, partition = t.graph, frame.matter.partitions[name]
    num, size, stop = g.zero, 1, g.zero
    for key, core in partition.keys:
        value = t.of(core, At(frame, lines))
        if value.kind == "none":
            value = evolve(t.values.truth(g.zero), stop=value.stop)
        digit = _digit(t, value, core.type)
        place = g.sub(value.num, g.const(digit.lowest))
        if digit.members:
            ranks = {member: n for n, member in enumerate(digit.members)}
            place = t.names.lookup(value.num, ranks, len(digit.members))
        held = g.pure("({0})", place, lo=0, hi=digit.size - 1)
        num = g.add(g.mul(num, g.const(digit.size)), held)
        size *= digit.size
        stop = t.values.then(stop, value.stop)
        t.shared.setdefault(("digits", id(frame), name), {})[key] = digit
    if size > _FAR:
        raise Unsupported("分部", "the keys have too many values together")
    return V("number", num, stop)


def keys_of(t: Translator, frame: StaticFrame, partition: c.PartitionOf, key: Node) -> dict[str, V]:
    """The values of the keys of the part that has this number."""
    g, found, rest = t.graph, dict[str, V](), key
    digits = t.shared["digits", id(frame), partition.name]
    for name, _ in reversed(partition.keys):
        digit: _Digit = digits[name]
        upper = g.floor(rest, digit.size)
        place = g.sub(rest, g.mul(upper, g.const(digit.size)))
        held = g.pure("({0})", place, lo=0, hi=digit.size - 1)
        if digit.members:
            found[name] = V("name", t.names.lookup(held, dict(enumerate(digit.members)), 0), g.zero)
        else:
            found[name] = V(digit.kind, g.add(held, g.const(digit.lowest)), g.zero)
        rest = upper
    return found
