"""The reference: what a policy means.

Everything else that runs a policy is tested against this module. It takes a frame and asks
for a node's value; only what that value needs is worked out. Money and ratios are exact; a
named amount of money is rounded half up to 分 in each of its states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.compiler.dates import UnknownYear
from tiaowen.compiler.operations import OPERATIONS
from tiaowen.compiler.types import MONEY
from tiaowen.compiler.values import round_half_up
from tiaowen.engine.frames import Claim, Element, Facts, Frame, Reader
from tiaowen.engine.stops import Stopped, missing_field, missing_parameter, stop

ROUNDING, ROUND_RESULTS = "舍入", "末位舍入"
LINES, YEAR = "明细", "年度"


# --- nodes


def value_of(identity: str, frame: Frame, element: Element | None = None) -> Value:
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
        return _overridden(node.quantity, frame)
    if identity not in holder.memo:
        try:
            found = _node(node, Reader(frame, element if node.level else None))
        except Stopped as stopped:
            raise stopped.located(node) from None
        holder.memo[identity] = _rounded(found, node, frame)
    value: Value = holder.memo[identity]
    return value


def _overridden(name: str, frame: Frame) -> Value:
    given = frame.overrides[name]
    if callable(given):
        given = frame.overrides[name] = given()
    value: Value = given
    return value


def _rounded(value: Value, node: c.Node, frame: Frame) -> Value:
    if node.type != MONEY or not isinstance(value, Fraction):
        return value
    if frame.readings.get(ROUNDING) == ROUND_RESULTS and not node.result:
        return value
    return round_half_up(value)


def _node(node: c.Node, reader: Reader) -> Value:
    if node.kind == "define":
        return _defined(node, reader)
    if node.kind == "total":
        return _total(node, reader.frame)
    if node.condition is None or evaluate(node.condition, reader):
        assert node.amended is not None
        return evaluate(node.amended, reader)
    return value_of(node.previous, reader.frame, reader.element)


def _defined(node: c.Node, reader: Reader) -> Value:
    holding = [
        a for a in node.alternatives if a.condition is None or evaluate(a.condition, reader)
    ] if not node.disjoint else [_first(node, reader)]  # fmt: skip
    chosen = [a for a in holding if a is not None]
    if len(chosen) > 1:
        raise stop("TW0504", node, chosen)
    if not chosen or chosen[0].value is None:
        raise stop("TW0503", node, chosen or node.alternatives)
    return evaluate(chosen[0].value, reader)


def _first(node: c.Node, reader: Reader) -> c.Alternative | None:
    for alternative in node.alternatives:
        if alternative.condition is None or evaluate(alternative.condition, reader):
            return alternative
    return None


# --- parts


def _total(node: c.Node, frame: Frame) -> Value:
    if frame.within(node.partition):
        return value_of(node.previous, frame)
    return sum(value_of(node.previous, part) for part in parts_of(frame, node.partition))  # type: ignore[misc]


def parts_of(frame: Frame, name: str) -> list[Frame]:
    """The parts that partition ``name`` makes of ``frame``, in order. The whole itself is the
    one part where the condition does not hold or nothing would be different in its part."""
    if name not in frame.parts:
        partition = frame.matter.partitions[name]
        condition = partition.condition
        made: list[Frame] = []
        if condition is None or evaluate(condition, Reader(frame)):
            for keys, lines in _groups(frame, partition):
                made.append(_part(frame, partition, keys, lines, tuple(made)))
        if len(made) == 1 and _unchanged(frame, made[0], partition):
            made = []
        frame.parts[name] = made or [frame]
    return frame.parts[name]


def _unchanged(frame: Frame, part: Frame, partition: c.PartitionOf) -> bool:
    """Whether a part that holds every line has the facts of the whole."""
    try:
        return all(
            _overridden(name, part) == evaluate(core, Reader(frame))
            for name, core in partition.originals.items()
        )
    except Stopped:
        return False


def _groups(frame: Frame, partition: c.PartitionOf) -> list[tuple[dict[str, Value], frozenset[int]]]:
    grouped: dict[tuple[Value, ...], list[int]] = {}
    for element in elements_of(frame, partition.collection):
        reader = Reader(frame, element)
        key = tuple(evaluate(core, reader) for _, core in partition.keys)
        grouped.setdefault(key, []).append(element.index)
    names = [name for name, _ in partition.keys]
    ordered = sorted(grouped.items(), key=lambda item: tuple(map(_sortable, item[0])))
    return [(dict(zip(names, key, strict=True)), frozenset(lines)) for key, lines in ordered]


def _sortable(value: Value) -> Any:
    return value if not isinstance(value, str | tuple) else str(value)


def _part(frame: Frame, partition: c.PartitionOf, keys: dict[str, Value],
          lines: frozenset[int], before: tuple[Frame, ...] = ()) -> Frame:  # fmt: skip
    part = evolve(frame, parent=frame, varies=partition.varies, partition=partition.name,
                  lines=lines, overrides={}, memo={}, elements={}, parts={}, inner={},
                  defaults=frame.whole.defaults)
    reader = Reader(frame, keys=keys)
    for name, core in partition.overrides.items():
        part.overrides[name] = lambda core=core: evaluate(core, reader)
    for quantity, whole, used in partition.spread:
        part.overrides[quantity] = lambda w=whole, u=used: _left(frame, before, w, u)
    return part


def _left(frame: Frame, before: Iterable[Frame], whole: str, used: str) -> Value:
    """What the parts before left of an amount spread over them."""
    spent = sum(value_of(used, part) for part in before)  # type: ignore[misc]
    return max(0, value_of(whole, frame) - spent)  # type: ignore[operator, type-var]


def elements_of(frame: Frame, collection: str) -> list[Element]:
    """The elements of ``collection`` in a frame; a part has its own fee lines alone."""
    if collection not in frame.elements:
        if frame.parent is not None:
            whole = elements_of(frame.parent, collection)
            frame.elements[collection] = [
                Element(frame, collection, e.index, e.record, up=e)
                for e in whole
                if collection != LINES or frame.lines is None or e.index in frame.lines
            ]
        else:
            records = frame.claim.collections.get(collection, ())
            frame.elements[collection] = [
                Element(frame, collection, index, record) for index, record in enumerate(records)
            ]
    return frame.elements[collection]


# --- expressions


def evaluate(core: c.Core, reader: Reader) -> Value:
    """The value of a checked expression read at ``reader``."""
    return _FORMS[type(core)](core, reader)


def _all(cores: Iterable[c.Core], reader: Reader) -> list[Value]:
    """Every operand's value; all that is missing is reported together."""
    values: list[Value] = []
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


def _ref(core: c.Ref, reader: Reader) -> Value:
    if reader.facts is not None:
        return _fact(core.quantity, reader)
    return value_of(core.node, reader.frame, reader.element if core.level else None)


def _fact(name: str, reader: Reader) -> Value:
    facts = reader.facts
    assert facts is not None
    if name not in facts.values:
        raise stop("TW0511", None, (), name=name, item=facts.kind)
    return facts.values[name]


def _field(core: c.Field, reader: Reader) -> Value:
    frame, name = reader.frame, core.name
    if reader.facts is not None:
        return _fact(name, reader)
    if core.level:
        assert reader.element is not None
        record = reader.element.record
        info = frame.program.collections[core.level].fields[name]
    else:
        if name in frame.overrides:
            return _overridden(name, frame)
        if frame.parent is not None:
            return _field(core, evolve(reader, frame=frame.parent))
        record, info = frame.claim.fields, frame.program.fields[name]
    if name in record:
        return record[name]
    if info.default is None:
        raise missing_field(info, core.level, reader.element.index if reader.element else None)
    frame.whole.defaults[f"{core.level}.{name}" if core.level else name] = info.default
    return info.default


def _is_given(core: c.IsGiven, reader: Reader) -> Value:
    if reader.facts is not None:
        return core.name in reader.facts.values
    if core.level:
        assert reader.element is not None
        return core.name in reader.element.record
    return core.name in reader.frame.whole.overrides or core.name in reader.frame.claim.fields


def _reading(core: c.ReadingRef, reader: Reader) -> Value:
    chosen = reader.frame.readings.get(core.name)
    return chosen if chosen is not None else reader.frame.program.readings[core.name].default


def _parameter(core: c.ParameterRef, reader: Reader) -> Value:
    frame = reader.frame
    info, given = frame.program.parameters[core.name], frame.parameters.get(core.name)
    if given is None:
        raise missing_parameter(info)
    value = given.value
    if given.rows:
        value = _keyed(core, given.rows, reader)
        if value is None:
            raise missing_parameter(info, keyed=True)
    assert value is not None
    if core.bounds is not None and not _in_range(value, core.bounds, reader):
        raise stop("TW0510", None, (), name=core.name, value=value, rule=info.rule, type=info.type)
    return value


def _keyed(core: c.ParameterRef, rows: Iterable[tuple[Any, Value]], reader: Reader) -> Value | None:
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
    kind = key.type  # type: ignore[union-attr]
    enums = reader.frame.program.enums
    accepted = {name}
    for enum in filter(None, (enums.get(kind.name), enums.get(kind.base))):
        accepted |= enum.groups.get(name, frozenset())
        if enum.kind == "prefix" and name in enum.codes:
            return str(value).startswith(enum.codes[name])
    return value in accepted or str(value) == name


def _op(core: c.Op, reader: Reader) -> Value:
    values = _all(core.operands, reader)
    try:
        result: Value = OPERATIONS[core.name].meaning(*values)
    except ZeroDivisionError:
        raise stop("TW0508", None, (), name=core.name) from None
    except UnknownYear as unknown:
        raise stop("TW0509", None, (), year=unknown.year) from None
    return result


def _logic(core: c.Logic, reader: Reader) -> Value:
    left = evaluate(core.left, reader)
    if bool(left) == (core.kind == "or"):
        return left
    return evaluate(core.right, reader)


def _choose(core: c.Choose, reader: Reader) -> Value:
    return evaluate(core.then if evaluate(core.condition, reader) else core.otherwise, reader)


def _among(core: c.Among, reader: Reader) -> Value:
    value = evaluate(core.operand, reader)
    return value in core.accepted or (bool(core.prefixes) and str(value).startswith(core.prefixes))


def _in_range(value: Any, cell: c.RangeOf, reader: Reader) -> bool:
    if cell.low is not None:
        low: Any = evaluate(cell.low, reader)
        if value < low or (value == low and not cell.low_closed):
            return False
    if cell.high is not None:
        high: Any = evaluate(cell.high, reader)
        if value > high or (value == high and not cell.high_closed):
            return False
    return True


def matches(matcher: c.Matcher, value: Value, reader: Reader) -> bool:
    """Whether a table cell accepts ``value``."""
    if matcher is None:
        return True
    if isinstance(matcher, c.RangeOf):
        return _in_range(value, matcher, reader)
    return value in matcher.accepted or (
        bool(matcher.prefixes) and str(value).startswith(matcher.prefixes))


def matching_rows(core: c.Pick, reader: Reader) -> list[c.PickRow]:
    """The rows of a table whose cells all accept their keys; a key is read when first needed."""
    values: dict[int, Value] = {}

    def accepts(row: c.PickRow) -> bool:
        for index, matcher in enumerate(row.matchers):
            if matcher is not None and index not in values:
                values[index] = evaluate(core.keys[index], reader)
            if not matches(matcher, values.get(index, 0), reader):
                return False
        return True

    return [row for row in core.rows if accepts(row)]


def _pick(core: c.Pick, reader: Reader) -> Value:
    rows = matching_rows(core, reader)
    if len(rows) != 1:
        keys = "、".join(core.key_names)
        raise stop("TW0504" if rows else "TW0503", None, (), name=keys,
                   values=[evaluate(k, reader) for k in core.keys])
    return evaluate(rows[0].value, reader)


def _apply(core: c.Apply, reader: Reader) -> Value:
    function = reader.frame.matter.functions[core.function]
    return evaluate(function.body, evolve(reader, argument=evaluate(core.argument, reader)))


def _argument(core: c.Argument, reader: Reader) -> Value:
    assert reader.argument is not None
    return reader.argument


def _bands(core: c.Bands, reader: Reader) -> Value:
    low, high = (Fraction(v) for v in _all((core.low, core.high), reader))  # type: ignore[arg-type]
    return sum((width * ratio for width, ratio, _ in slices(core, low, high, reader)), Fraction(0))


def slices(core: c.Bands, low: Fraction, high: Fraction, reader: Reader) -> Iterator[tuple[Any, Any, c.PickRow]]:
    """(width, ratio, row) of every band of the table that [low, high] reaches into."""
    function = reader.frame.matter.functions[core.function]
    table = function.body
    assert isinstance(table, c.Pick)
    covered = Fraction(0)
    for row in table.rows:
        others = [(m, k) for m, k in zip(row.matchers, table.keys, strict=True) if not isinstance(k, c.Argument)]
        if not all(matches(m, evaluate(k, reader), reader) for m, k in others if m is not None):
            continue
        cell = next((m for m, k in zip(row.matchers, table.keys, strict=True) if isinstance(k, c.Argument)), None)
        bounds = cell if isinstance(cell, c.RangeOf) else c.RangeOf(None, None, True, True)
        start: Any = low if bounds.low is None else max(low, evaluate(bounds.low, reader))  # type: ignore[type-var]
        end: Any = high if bounds.high is None else min(high, evaluate(bounds.high, reader))  # type: ignore[type-var]
        if end > start:
            covered += end - start
            yield end - start, evaluate(row.value, reader), row
    if covered != max(high - low, 0):
        raise stop("TW0503", None, (), name=core.function)


def _aggregate(core: c.Aggregate, reader: Reader) -> Value:
    readers = [Reader(reader.frame, e) for e in elements_of(reader.frame, core.collection)]
    if core.where is not None:
        readers = [r for r in readers if evaluate(core.where, r)]
    if core.kind == "count":
        return len(readers)
    assert core.body is not None
    return _folded(core.kind, [evaluate(core.body, r) for r in readers], core)


def _folded(kind: str, values: list[Any], core: c.Core) -> Value:
    match kind:
        case "sum":
            return sum(values)
        case "any":
            return any(values)
        case "all":
            return all(values)
        case "count":
            return len(values)
    if not values:
        raise stop("TW0503", None, (), name={"max": "最高", "min": "最低"}.get(kind, "首项"))
    return {"max": max, "min": min}[kind](values) if kind != "first" else values[0]  # type: ignore[no-any-return, operator]


def _present(core: c.Present, reader: Reader) -> Value:
    assert reader.asking is not None
    return evaluate(core.body, reader.asking)


def _key(core: c.Key, reader: Reader) -> Value:
    return reader.keys[core.name]


def _settled(core: c.Settled, reader: Reader) -> Value:
    return value_of(core.node, inner_frame(reader.frame, core.call))


def inner_frame(frame: Frame, identity: str) -> Frame:
    """The decision of the matter that stands in this one's place, under the changed facts."""
    if identity not in frame.inner:
        call = frame.matter.calls[identity]
        reader = Reader(frame)
        inner = evolve(frame, matter=frame.program.matters[call.matter], overrides={}, parent=None,
                       partition="", memo={}, elements={}, parts={}, inner={},
                       varies=frozenset(), defaults=frame.whole.defaults, inner_of=call.matter)
        inner.overrides.update(
            {n: (lambda core=core: evaluate(core, reader)) for n, core in call.overrides.items()})
        frame.inner[identity] = inner
    return frame.inner[identity]


def _reasons(core: c.Reasons, reader: Reader) -> Value:
    found = [reason for condition, reason, _ in core.grounds if evaluate(condition, reader)]
    if core.outer is not None:
        found += evaluate(core.outer, reader)  # type: ignore[arg-type]
    return tuple(found)


# --- scales


def _index(level: Value, scale: str, reader: Reader) -> int:
    info = reader.frame.program.enums[scale]
    for index, step in enumerate(info.steps):
        if level == step or level in info.groups[step]:
            return index
    raise stop("TW0516", None, (), level=level, scale=scale)


def _rank(core: c.Rank, reader: Reader) -> Value:
    return _index(evaluate(core.operand, reader), core.scale, reader)


def _step(core: c.Step, reader: Reader) -> Value:
    level, amount = _all((core.operand, core.amount), reader)
    steps = reader.frame.program.enums[core.scale].steps
    index = _index(level, core.scale, reader) + core.sign * int(amount)  # type: ignore[arg-type]
    return steps[min(max(index, 0), len(steps) - 1)]


# --- earlier decisions


def past_readers(core: c.History, reader: Reader) -> Iterator[tuple[str, Reader]]:
    """(matter, where to read) of each earlier item that the fold takes in, oldest first."""
    year = evaluate(core.year, reader) if core.year is not None else None
    for item in reader.frame.whole.history:
        for matter, past in _views(item, core, reader):
            try:
                if core.yearly and matter in core.years and evaluate(core.years[matter], past) != year:
                    continue
                where = core.wheres.get(matter)
                if where is None or evaluate(where, past):
                    yield matter, past
            except Stopped:
                if not isinstance(item, Frame):
                    raise


def _views(item: Frame | Facts, core: c.History, reader: Reader) -> Iterator[tuple[str, Reader]]:
    wanted = core.bodies or core.wheres or core.years or {}
    if isinstance(item, Facts):
        matters = [item.matter] if item.matter else list(wanted)[:1]
        for matter in matters:
            if not wanted or matter in wanted:
                yield matter, Reader(reader.frame, asking=reader, facts=item)
        return
    for matter, frame in _counted(item, core):
        if matter in wanted:
            yearly = core.kind == "sum" and core.yearly
            for part in (_yearly_parts(frame) if yearly else [frame]):
                yield matter, Reader(part, asking=reader)


def _counted(item: Frame, core: c.History) -> Iterator[tuple[str, Frame]]:
    yield item.matter.name, item
    if core.kind != "sum":
        for call in item.matter.calls.values():
            if call.counted and (call.condition is None or evaluate(call.condition, Reader(item))):
                yield call.matter, inner_frame(item, call.id)


def _yearly_parts(frame: Frame) -> list[Frame]:
    for partition in frame.matter.partitions.values():
        if partition.yearly:
            return parts_of(frame, partition.name)
    return [frame]


def _history(core: c.History, reader: Reader) -> Value:
    found = list(past_readers(core, reader))
    if core.kind == "count":
        return len(found)
    if core.kind == "exists":
        return bool(found)
    if core.kind == "last":
        if not found:
            raise stop("TW0503", None, (), name=core.text)
        matter, past = found[-1]
        return evaluate(core.bodies[matter], past)
    values = []
    for matter, past in found:
        try:
            values.append(evaluate(core.bodies[matter], past))
        except Stopped:
            if past.facts is not None:
                raise
    return sum(values) if core.kind == "sum" else max(values, default=0)  # type: ignore[arg-type, type-var]


_FORMS: dict[type, Callable[[Any, Reader], Value]] = {
    c.Constant: lambda core, reader: core.value, c.Ref: _ref, c.Field: _field,
    c.IsGiven: _is_given, c.ReadingRef: _reading, c.ParameterRef: _parameter, c.Op: _op,
    c.Logic: _logic, c.Choose: _choose, c.Among: _among, c.Pick: _pick, c.Apply: _apply,
    c.Argument: _argument, c.Bands: _bands, c.Aggregate: _aggregate, c.History: _history,
    c.Present: _present, c.Key: _key, c.Settled: _settled, c.Reasons: _reasons,
    c.Rank: _rank, c.Step: _step,
}  # fmt: skip

__all__ = ["Claim", "evaluate", "inner_frame", "parts_of", "value_of"]
