"""The reference: what a policy means.

Everything else that runs a policy is tested against this module. It takes a frame and asks
for a node's value; only what that value needs is worked out. Money and ratios are exact; a
named amount of money is rounded half up to 分 in each of its states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.core import LINES, Value
from tiaowen.compiler.dates import UnknownYear
from tiaowen.compiler.operations import OPERATIONS
from tiaowen.compiler.types import MONEY
from tiaowen.compiler.values import BadValue, round_half_up
from tiaowen.engine import collections_of
from tiaowen.engine.claims import billed
from tiaowen.engine.forms import evaluate, form
from tiaowen.engine.frames import Element, Frame, Reader, overridden
from tiaowen.engine.history import past
from tiaowen.engine.parts import inner_frame, parts_of
from tiaowen.engine.stops import Stopped, missing_field, missing_parameter, stop
from tiaowen.engine.tables import in_range

ROUNDING, ROUND_RESULTS = "舍入", "末位舍入"


# --- nodes


def value_of(identity: str, frame: Frame, element: Element | None = None) -> Any:
    """The value of node ``identity`` in ``frame`` (for a node of a collection, in ``element``).

    ``Stopped`` where the policy does not provide, or a fact or parameter is missing.
    """
    node = frame.program.nodes[identity]
    holder: Frame | Element = frame
    if frame.parent is not None and identity not in frame.varies:
        return value_of(identity, frame.parent, element.up if element is not None else None)
    if node.level:
        assert element is not None
        holder = element
    elif node.quantity in frame.overrides and node.matter == frame.matter.name:
        return overridden(node.quantity, frame)
    if identity not in holder.memo:
        try:
            found = _node(node, Reader(frame, element if node.level else None))
        except Stopped as stopped:
            raise stopped.located(node) from None
        holder.memo[identity] = _rounded(found, node, frame)
    return holder.memo[identity]


def _rounded(value: Value, node: c.Node, frame: Frame) -> Any:
    if node.type != MONEY or not isinstance(value, Fraction):
        return value
    if frame.readings.get(ROUNDING) == ROUND_RESULTS and not node.result:
        return value
    return round_half_up(value)


def _node(node: c.Node, reader: Reader) -> Any:
    if node.kind == "define":
        return _defined(node, reader)
    if node.kind == "total":
        return _total(node, reader.frame)
    if node.condition is None or evaluate(node.condition, reader):
        assert node.amended is not None
        return evaluate(node.amended, reader)
    return value_of(node.previous, reader.frame, reader.element)


def _defined(node: c.Node, reader: Reader) -> Any:
    holding = [
        a for a in node.alternatives if a.condition is None or evaluate(a.condition, reader)
    ] if not node.disjoint else [_first(node, reader)]  # fmt: skip
    chosen = [a for a in holding if a is not None]
    unprovided = [a for a in chosen if a.value is None]
    if unprovided or not chosen:
        raise stop("TW0503", node, unprovided or node.alternatives)
    if len(chosen) > 1:
        raise stop("TW0504", node, chosen)
    assert chosen[0].value is not None
    return evaluate(chosen[0].value, reader)


def _first(node: c.Node, reader: Reader) -> c.Alternative | None:
    for alternative in node.alternatives:
        if alternative.condition is None or evaluate(alternative.condition, reader):
            return alternative
    return None


# --- parts


def _total(node: c.Node, frame: Frame) -> Any:
    if frame.within(node.partition):
        return value_of(node.previous, frame)
    return sum(value_of(node.previous, part) for part in parts_of(frame, node.partition))


# --- expressions


def _all(cores: Iterable[c.Core], reader: Reader) -> list[Any]:
    """Every operand's value; all that is missing is reported together."""
    values: list[Any] = []
    stops: list[Stopped] = []
    for core in cores:
        try:
            values.append(evaluate(core, reader))
        except Stopped as stopped:
            if not stopped.missing:
                raise
            stops.append(stopped)
    if stops:
        raise Stopped.merged(stops)
    return values


@form(c.Constant)
def _constant(core: c.Constant, reader: Reader) -> Any:
    return core.value


@form(c.Ref)
def _ref(core: c.Ref, reader: Reader) -> Any:
    if reader.facts is not None:
        return _fact(core.quantity, reader)
    if core.past:
        return value_of(_then(core, reader), reader.frame)
    return value_of(core.node, reader.frame, reader.element if core.level else None)


def _then(core: c.Ref, reader: Reader) -> str:
    """The last state of a quantity in the version that decided an earlier claim."""
    identity = reader.frame.matter.final.get((core.level, core.quantity))
    if identity is None:
        raise stop("TW0511", None, (), name=core.quantity, item=reader.frame.matter.name)
    return identity


def _fact(name: str, reader: Reader) -> Any:
    facts = reader.facts
    assert facts is not None
    if name not in facts.values:
        raise stop("TW0511", None, (), name=name, item=facts.kind)
    return facts.values[name]


@form(c.Field)
def _field(core: c.Field, reader: Reader) -> Any:
    frame, name = reader.frame, core.name
    if reader.facts is not None:
        return _fact(name, reader)
    if core.level:
        assert reader.element is not None
        record = reader.element.record
        info = frame.program.collections[core.level].fields[name]
    else:
        if name in frame.overrides:
            return overridden(name, frame)
        if frame.parent is not None:
            return _field(core, evolve(reader, frame=frame.parent))
        record, info = frame.claim.fields, frame.program.fields[name]
    if name in record:
        return record[name]
    if info.default is None:
        if core.level == LINES and billed.lineless(frame):
            raise billed.lines_needed(name)
        raise missing_field(info, core.level, reader.element.index if reader.element else None)
    frame.whole.defaults[f"{core.level}.{name}" if core.level else name] = info.default
    return info.default


@form(c.IsGiven)
def _is_given(core: c.IsGiven, reader: Reader) -> Any:
    if reader.facts is not None:
        return core.name in reader.facts.values
    if core.level:
        assert reader.element is not None
        return core.name in reader.element.record
    return core.name in reader.frame.whole.overrides or core.name in reader.frame.claim.fields


@form(c.ReadingRef)
def _reading(core: c.ReadingRef, reader: Reader) -> Any:
    chosen = reader.frame.readings.get(core.name)
    return chosen if chosen is not None else reader.frame.program.readings[core.name].default


@form(c.ParameterRef)
def _parameter(core: c.ParameterRef, reader: Reader) -> Any:
    frame = reader.frame
    info, given = frame.program.parameters[core.name], frame.parameters.get(core.name)
    if given is None:
        raise Stopped.merged([missing_parameter(info), *_lacking(core.bounds, reader)])
    value = given.value
    if given.rows:
        value = _keyed(core, given.rows, reader)
        if value is None:
            raise missing_parameter(info, keyed=True)
    assert value is not None
    if core.bounds is not None and not in_range(value, core.bounds, reader):
        raise stop("TW0510", None, (), name=core.name, value=value, rule=info.rule, type=info.type)
    return value


def _lacking(bounds: c.RangeOf | None, reader: Reader) -> Iterator[Stopped]:
    """What the bounds of a parameter that is not given lack themselves."""
    for bound in (bounds.low, bounds.high) if bounds else ():
        try:
            if bound is not None:
                evaluate(bound, reader)
        except Stopped as stopped:
            yield stopped


def _keyed(core: c.ParameterRef, rows: Iterable[tuple[Any, Value]], reader: Reader) -> Any:
    """The value of the first row whose keys all agree; a row may leave keys out."""
    keys = dict(core.keys)
    found: dict[str, Value] = {}
    for wanted, value in rows:
        for name in wanted:
            if name not in found:
                found[name] = evaluate(keys[name], reader)
        if all(_is_member(found[n], wanted[n], keys[n], reader) for n in wanted):
            return value
    return None


def _is_member(value: Value, name: str, key: c.Core, reader: Reader) -> bool:
    kind = key.type
    enums = reader.frame.program.enums
    accepted = {name}
    for enum in filter(None, (enums.get(kind.name), enums.get(kind.base))):
        accepted |= enum.groups.get(name, frozenset())
        if enum.kind == "prefix" and name in enum.codes:
            return str(value).startswith(enum.codes[name])
    return value in accepted or str(value) == name


@form(c.Op)
def _op(core: c.Op, reader: Reader) -> Any:
    values = _all(core.operands, reader)
    try:
        return OPERATIONS[core.name].meaning(*values)
    except ZeroDivisionError:
        raise stop("TW0508", None, (), name=core.name) from None
    except BadValue as bad:
        problem = {lang: bad.explain(lang) for lang in ("zh", "en")}
        raise stop("TW0518", None, (), problem=problem) from None
    except UnknownYear as unknown:
        raise stop("TW0509", None, (), year=unknown.year) from None


@form(c.Logic)
def _logic(core: c.Logic, reader: Reader) -> Any:
    left = evaluate(core.left, reader)
    if bool(left) == (core.kind == "or"):
        return left
    return evaluate(core.right, reader)


@form(c.Choose)
def _choose(core: c.Choose, reader: Reader) -> Any:
    return evaluate(core.then if evaluate(core.condition, reader) else core.otherwise, reader)


@form(c.Among)
def _among(core: c.Among, reader: Reader) -> Any:
    value = evaluate(core.operand, reader)
    return value in core.accepted or (bool(core.prefixes) and str(value).startswith(core.prefixes))


form(c.History)(past.history)
form(c.Aggregate)(collections_of.aggregate)
form(c.Share)(collections_of.share)
form(c.Months)(collections_of.months)


@form(c.Around)
def _around(core: c.Around, reader: Reader) -> Any:
    assert reader.around is not None
    return evaluate(core.body, reader.around)


@form(c.Present)
def _present(core: c.Present, reader: Reader) -> Any:
    assert reader.asking is not None
    return evaluate(core.body, reader.asking)


@form(c.Key)
def _key(core: c.Key, reader: Reader) -> Any:
    return reader.keys[core.name]


@form(c.Settled)
def _settled(core: c.Settled, reader: Reader) -> Any:
    return value_of(core.node, inner_frame(reader.frame, core.call))


@form(c.Reasons)
def _reasons(core: c.Reasons, reader: Reader) -> Any:
    found = [reason for condition, reason, _ in core.grounds if evaluate(condition, reader)]
    if core.outer is not None:
        found += evaluate(core.outer, reader)
    return tuple(found)
