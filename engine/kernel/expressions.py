"""What each kind of expression is in a kernel; tables, folds and parts stand by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.engine.kernel.billed import take
from tiaowen.engine.kernel.graph import Node, Unsupported
from tiaowen.engine.kernel.translating import At, StaticFrame, Translator, kernel_form
from tiaowen.engine.kernel.values import V


@kernel_form(c.Constant)
def _constant(t: Translator, core: c.Constant, at: At) -> V:
    return t.constant(core.value, core.type)


@kernel_form(c.Ref)
def _ref(t: Translator, core: c.Ref, at: At) -> V:
    if core.past:
        identity = at.frame.matter.final.get((core.level, core.quantity))
        if identity is None:
            return t.stopping(t.stops.node("TW0511", core.quantity))
        return t.value_of(identity, at.frame)
    return t.value_of(core.node, at.frame, at.lines if core.level else None)


@kernel_form(c.Field)
def _field(t: Translator, core: c.Field, at: At) -> V:
    return t.field(core.level, core.name, at)


@kernel_form(c.IsGiven)
def _is_given(t: Translator, core: c.IsGiven, at: At) -> V:
    if core.level:
        assert at.lines is not None
        return t.values.truth(t.columns.valid(core.level, core.name, at.lines))
    if core.name in at.frame.whole.overrides:
        return t.values.truth(t.graph.one)
    return t.values.truth(t.columns.valid("", core.name, t.graph.root))


@kernel_form(c.ReadingRef)
def _reading(t: Translator, core: c.ReadingRef, at: At) -> V:
    chosen = t.readings.get(core.name, t.program.readings[core.name].default)
    return V("name", t.graph.const(t.names.member(chosen)), t.graph.zero)


@kernel_form(c.Op)
def _op(t: Translator, core: c.Op, at: At) -> V:
    values = [t.of(operand, at) for operand in core.operands]
    if any(value.kind == "none" for value in values):
        return t.stopping(t.values.operands(values))
    return t.forms.apply(core.name, values)


@kernel_form(c.Logic)
def _logic(t: Translator, core: c.Logic, at: At) -> V:
    left = t.of(core.left, at)
    if left.kind == "none":
        return left
    ends = core.kind == "or"
    if left.num.value is not None and bool(left.num.value) == ends:
        return left
    right = t.of(core.right, at)
    if right.kind == "none":
        right = t.values.truth(t.graph.zero, right.stop)
    g = t.graph
    num = g.or_(left.num, right.num) if ends else g.and_(left.num, right.num)
    late = g.select(left.num, g.zero, right.stop) if ends else g.select(
        left.num, right.stop, g.zero)  # fmt: skip
    return t.values.truth(num, t.values.then(left.stop, late))


@kernel_form(c.Choose)
def _choose(t: Translator, core: c.Choose, at: At) -> V:
    test = t.of(core.condition, at)
    if test.kind == "none":
        return test
    if test.num.value is not None:
        return t.behind(test.stop, t.of(core.then if test.num.value else core.otherwise, at))
    chosen = t.choose(test.num, t.of(core.then, at), t.of(core.otherwise, at))
    return t.behind(test.stop, chosen)


def accepts(t: Translator, value: V, accepted: Iterable[Any], prefixes: tuple[str, ...]) -> Node:
    """Whether ``value`` is one of ``accepted`` or begins with one of ``prefixes``."""
    g = t.graph
    if value.kind == "code":
        return t.names.begins(value.num, (str(a) for a in accepted), prefixes)
    if prefixes:
        raise Unsupported("属于", f"prefixes of a {value.kind}")
    if value.kind == "name":
        numbers = sorted(t.names.members[str(a)] for a in accepted if str(a) in t.names.members)
        if len(numbers) > 4:
            return t.names.lookup(value.num, dict.fromkeys(numbers, 1), 0)
        return g.any_of(g.compare("==", value.num, g.const(n)) for n in numbers)
    found = g.zero
    for one in accepted:
        a, b = t.values.common(value, t.constant(one, ty.TRUTH))
        found = g.or_(found, t.values.compare("==", a, b))
    return found


@kernel_form(c.Among)
def _among(t: Translator, core: c.Among, at: At) -> V:
    value = t.of(core.operand, at)
    if value.kind == "none":
        return value
    return t.values.truth(accepts(t, value, core.accepted, core.prefixes), value.stop)


@kernel_form(c.Around)
def _around(t: Translator, core: c.Around, at: At) -> V:
    assert at.around is not None
    return t.of(core.body, at.around)


@kernel_form(c.Present)
def _present(t: Translator, core: c.Present, at: At) -> V:
    assert at.asking is not None
    return t.of(core.body, at.asking)


@kernel_form(c.Key)
def _key(t: Translator, core: c.Key, at: At) -> V:
    return at.keys[core.name]


@kernel_form(c.Reasons)
def _reasons(t: Translator, core: c.Reasons, at: At) -> V:
    g, found, stop = t.graph, t.graph.zero, t.graph.zero
    for condition, _, _ in core.grounds:
        held = t.of(condition, at)
        found, stop = g.or_(found, held.num), t.values.then(stop, held.stop)
    if core.outer is not None:
        outer = t.of(core.outer, at)
        found, stop = g.or_(found, outer.num), t.values.then(stop, outer.stop)
    return V("reasons", found, stop)


@kernel_form(c.Settled)
def _settled(t: Translator, core: c.Settled, at: At) -> V:
    return t.value_of(core.node, inner_frame(t, at.frame, core.call))


def inner_frame(t: Translator, frame: StaticFrame, identity: str) -> StaticFrame:
    """The matter that stands in this one's place, under the changed facts."""
    key = ("inner", id(frame), identity)
    if key not in t.shared:
        call = frame.matter.calls[identity]
        at = At(frame)
        inner = take(t, StaticFrame(t.program.matters[call.matter], frame.scope))
        for name, core in call.overrides.items():
            inner.overrides[name] = partial(t.of, core, at)
        t.shared[key] = inner
    found: StaticFrame = t.shared[key]
    return found


# --- parameters


@kernel_form(c.ParameterRef)
def _parameter(t: Translator, core: c.ParameterRef, at: At) -> V:
    from tiaowen.engine.kernel.tabling import in_range

    info, given = t.program.parameters[core.name], t.parameters.get(core.name)
    missing = t.stops.node("TW0502", core.name, missing=True)
    if given is None:
        return t.stopping(missing)
    if given.rows:
        value = _keyed(t, core, given.rows, at, missing)
    else:
        value = t.constant(given.value, info.type)
    if core.bounds is None or value.kind == "none":
        return value
    inside = in_range(t, value, core.bounds, at)
    outside = t.graph.select(inside.num, t.graph.zero, t.stops.node("TW0510", core.name))
    return evolve(value, stop=t.values.then(value.stop, t.values.then(inside.stop, outside)))


def _keyed(t: Translator, core: c.ParameterRef, rows: Any, at: At, missing: Node) -> V:
    """The value of the first row whose keys all agree; a key is read when a row first asks for
    it, and stops only the claims that come to that row."""
    keys, info = dict(core.keys), t.program.parameters[core.name]
    values: dict[str, V] = {}
    reading: list[Node] = []
    for wanted, _ in rows:
        stop = t.graph.zero
        for name in wanted:
            if name not in values:
                values[name] = t.of(keys[name], at)
                stop = t.values.then(stop, values[name].stop)
        reading.append(stop)
    found = t.stopping(missing)
    for (wanted, value), stop in zip(reversed(rows), reversed(reading), strict=True):
        if any(values[name].kind == "none" for name in wanted):
            found = t.stopping(stop)
            continue
        agrees = t.graph.one
        for name in wanted:
            held = _is_member(t, values[name], wanted[name], keys[name])
            agrees = t.graph.and_(agrees, held)
        found = t.behind(stop, t.choose(agrees, t.constant(value, info.type), found))
    return found


def _is_member(t: Translator, value: V, name: str, key: c.Core) -> Node:
    accepted, prefixes = {name}, ()
    for enum in filter(None, (t.program.enums.get(key.type.name),
                              t.program.enums.get(key.type.base))):  # fmt: skip
        accepted |= enum.groups.get(name, frozenset())
        if enum.kind == "prefix" and name in enum.codes:
            return t.names.begins(value.num, (), (enum.codes[name],))
    g = t.graph
    if value.kind == "truth":
        return value.num if name == "True" else g.not_(value.num) if name == "False" else g.zero
    if value.kind == "number":
        a, b = t.values.common(value, t.constant(int(name), key.type))
        return t.values.compare("==", a, b)
    if value.kind == "text":
        return g.compare("==", value.num, g.const(t.names.text(name)))
    return accepts(t, value, accepted, tuple(prefixes))
