"""The calculation behind a step, one function per form of expression: operands are told
first, and each value follows from theirs."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.operations import OPERATIONS
from tiaowen.engine import collections_of as over
from tiaowen.engine.claims.roles import Roles
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Frame, Reader
from tiaowen.engine.history import past as earlier
from tiaowen.engine.parts import inner_frame
from tiaowen.engine.tables import matching_rows, slices
from tiaowen.engine.telling import explanation as x

if TYPE_CHECKING:
    from tiaowen.engine.telling.explain import Teller


def cite(rule: c.Rule) -> x.Citation:
    """The citation of a rule."""
    return x.Citation(rule.article, rule.words, rule.basis, rule.text, rule.source)


def _constant(t: Teller, core: c.Constant, r: Reader) -> x.Term:
    return x.Term("constant", core.value, core.type.name, text=core.text)


def _ref(t: Teller, core: c.Ref, r: Reader) -> x.Term:
    value = evaluate(core, r)
    if r.facts is not None or core.past:
        return x.Term("past", value, core.type.name, core.quantity)
    step = t.node(core.node, r.frame, r.element if core.level else None)
    return t.step_term(step, core.quantity, value, core.type.name)


def _field(t: Teller, core: c.Field, r: Reader) -> x.Term:
    value = evaluate(core, r)
    term = x.Term("input", value, core.type.name, core.name)
    if r.facts is not None or r.asking is not None or _changed(core.name, r.frame):
        return term
    record: Any = r.element.record if core.level and r.element else r.frame.claim.fields
    if core.name not in record:
        return evolve(term, form="default")
    if not core.level:
        t.facts[core.name] = value
    return term


def _changed(name: str, frame: Frame) -> bool:
    """Whether a part, or a matter settled as another, reads ``name`` as something else."""
    while name not in frame.overrides:
        if frame.parent is None:
            return False
        frame = frame.parent
    return True


def _is_given(t: Teller, core: c.IsGiven, r: Reader) -> x.Term:
    return x.Term("is_given", evaluate(core, r), "是否", core.name)


def _reading(t: Teller, core: c.ReadingRef, r: Reader) -> x.Term:
    info = r.frame.program.readings[core.name]
    choice = str(evaluate(core, r))
    t.readings[core.name] = x.UsedReading(
        core.name, choice, choice == info.default, cite(info.rule)
    )
    return x.Term("reading", choice, core.type.name, core.name)


def _parameter(t: Teller, core: c.ParameterRef, r: Reader) -> x.Term:
    value = evaluate(core, r)
    info, given = r.frame.program.parameters[core.name], r.frame.parameters[core.name]
    t.parameters[core.name] = x.UsedParameter(
        core.name, value, info.type.name, given.source, cite(info.rule)
    )
    return x.Term("parameter", value, core.type.name, core.name, text=given.source)


def _op(t: Teller, core: c.Op, r: Reader) -> x.Term:
    terms = tuple(t.term(o, r) for o in core.operands)
    value = OPERATIONS[core.name].meaning(*(term.value for term in terms))
    return x.Term("op", value, core.type.name, core.name, terms=terms)


def _logic(t: Teller, core: c.Logic, r: Reader) -> x.Term:
    left = t.term(core.left, r)
    if bool(left.value) == (core.kind == "or"):
        return x.Term(core.kind, left.value, "是否", terms=(left,))
    right = t.term(core.right, r)
    return x.Term(core.kind, right.value, "是否", terms=(left, right))


def _choose(t: Teller, core: c.Choose, r: Reader) -> x.Term:
    condition = t.term(core.condition, r)
    taken = t.term(core.then if condition.value else core.otherwise, r)
    return x.Term("if", taken.value, core.type.name, terms=(condition, taken))


def _among(t: Teller, core: c.Among, r: Reader) -> x.Term:
    return x.Term(
        "among", evaluate(core, r), "是否", text=core.text, terms=(t.term(core.operand, r),)
    )


def _pick(t: Teller, core: c.Pick, r: Reader) -> x.Term:
    row = matching_rows(core, r)[0]
    keys = tuple(
        t.term(key, r) for key, m in zip(core.keys, row.matchers, strict=True) if m is not None
    )
    value = t.term(row.value, r)
    return x.Term("table", value.value, core.type.name, text=row.text, terms=(*keys, value))


def _apply(t: Teller, core: c.Apply, r: Reader) -> x.Term:
    argument = t.term(core.argument, r)
    body = r.frame.matter.functions[core.function].body
    inner = t.term(body, evolve(r, argument=argument.value))
    return x.Term("apply", inner.value, core.type.name, core.function, terms=(argument, inner))


def _argument(t: Teller, core: c.Argument, r: Reader) -> x.Term:
    return x.Term("argument", r.argument, core.type.name)


def _bands(t: Teller, core: c.Bands, r: Reader) -> x.Term:
    low, high = t.term(core.low, r), t.term(core.high, r)
    found = []
    for width, ratio, row in slices(core, Fraction(low.value), Fraction(high.value), r):  # type: ignore[arg-type]
        terms = x.Term("constant", width, core.type.name), x.Term("constant", ratio, "比例")
        found.append(x.Term("slice", width * ratio, core.type.name, text=row.text, terms=terms))
    return x.Term(
        "bands", evaluate(core, r), core.type.name, core.function, terms=(low, high, *found)
    )


def _aggregate(t: Teller, core: c.Aggregate, r: Reader) -> x.Term:
    readers = over.readers_of(core, r)
    terms = () if core.body is None else tuple(t.term(core.body, one) for one in readers)
    return x.Term("aggregate", evaluate(core, r), core.type.name, core.kind, core.collection,
                  terms=terms)  # fmt: skip


def _share(t: Teller, core: c.Share, r: Reader) -> x.Term:
    weights = tuple(t.term(core.weight, one) for one in over.readers_of(core, r))
    place = next(n for n, one in enumerate(over.readers_of(core, r)) if one.element is r.element)
    return x.Term("share", evaluate(core, r), core.type.name, core.kind, str(place),
                  terms=(t.term(core.total, r), *weights))  # fmt: skip


def _months(t: Teller, core: c.Months, r: Reader) -> x.Term:
    days = tuple(t.term(core.body, one) for one in over.readers_of(core, r))
    bounds = tuple(t.term(b, r) for b in (core.start, core.end) if b is not None)
    return x.Term("months", evaluate(core, r), core.type.name, core.kind, str(len(bounds)),
                  terms=(*bounds, *days))  # fmt: skip


def _around(t: Teller, core: c.Around, r: Reader) -> x.Term:
    assert r.around is not None
    return t.term(core.body, r.around)


def _history(t: Teller, core: c.History, r: Reader) -> x.Term:
    items = []
    found = list(earlier.past_items(core, r))
    for item in found[-1:] if core.kind == "last" else found:
        counted = core.kind in ("count", "exists")
        value = earlier.weight(item) if counted else earlier.amount(core, item)
        kind = core.type.name
        items.append(x.Term("past", value, kind, item.matter, text=_which(item.reader)))
    return x.Term(
        "history", evaluate(core, r), core.type.name, core.kind, core.text, terms=tuple(items)
    )


def _which(past: Reader) -> str:
    """How an earlier item is called: its number and its day, or the year a total opens."""
    if past.facts is not None and past.facts.kind == "opening":
        return f"期初 {past.facts.values.get('年度', '')}"
    roles = Roles.of(past.frame.program)
    values = past.facts.values if past.facts is not None else past.frame.claim.fields
    number = next(
        (str(values[n]) for n in (roles.settlement, roles.encounter) if values.get(n)), ""
    )
    day = next(
        (str(values[n])[:10] for n in (roles.discharge, roles.settled_at) if n in values), ""
    )
    kind = "结算" if past.facts is not None else "申报"
    return " ".join(filter(None, (kind, number, f"（{day}）" if day else "")))


def _present(t: Teller, core: c.Present, r: Reader) -> x.Term:
    assert r.asking is not None
    return t.term(core.body, r.asking)


def _key(t: Teller, core: c.Key, r: Reader) -> x.Term:
    return x.Term("key", r.keys[core.name], core.type.name, core.name)


def _rank(t: Teller, core: c.Rank, r: Reader) -> x.Term:
    return x.Term(
        "rank", evaluate(core, r), core.type.name, core.scale, terms=(t.term(core.operand, r),)
    )


def _step(t: Teller, core: c.Step, r: Reader) -> x.Term:
    terms = (t.term(core.operand, r), t.term(core.amount, r))
    return x.Term("step_level", evaluate(core, r), core.type.name, str(core.sign), terms=terms)


def _settled(t: Teller, core: c.Settled, r: Reader) -> x.Term:
    inner = inner_frame(r.frame, core.call)
    step = t.node(core.node, inner, None)
    return x.Term(
        "settled",
        evaluate(core, r),
        core.type.name,
        core.quantity,
        text=r.frame.matter.calls[core.call].matter,
        step=step,
    )


def _reasons(t: Teller, core: c.Reasons, r: Reader) -> x.Term:
    terms = tuple(
        x.Term("ground", reason, "文本", reason, text=rule.article, terms=(t.term(condition, r),))
        for condition, reason, rule in core.grounds
        if evaluate(condition, r)
    )
    outer = () if core.outer is None else (t.term(core.outer, r),)
    return x.Term("reasons", evaluate(core, r), "理由", terms=(*terms, *outer))


TERMS: dict[type, Callable[[Teller, Any, Reader], x.Term]] = {
    c.Constant: _constant, c.Ref: _ref, c.Field: _field, c.IsGiven: _is_given,
    c.ReadingRef: _reading, c.ParameterRef: _parameter, c.Op: _op, c.Logic: _logic,
    c.Choose: _choose, c.Among: _among, c.Pick: _pick, c.Apply: _apply, c.Argument: _argument,
    c.Bands: _bands, c.Aggregate: _aggregate, c.History: _history, c.Present: _present,
    c.Share: _share, c.Months: _months, c.Around: _around, c.Key: _key, c.Rank: _rank,
    c.Step: _step, c.Settled: _settled, c.Reasons: _reasons,
}  # fmt: skip
