"""A decision's frame, walked again from its outputs into an explanation.

The values are all in the frame; walking them costs no new decision. Only the branches that
were taken are told; ``why_not`` adds the rules that were looked at and did not apply.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from attrs import Factory, define, evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.compiler.operations import OPERATIONS
from tiaowen.engine import collections_of as over
from tiaowen.engine import explanation as x
from tiaowen.engine import interpreter as i
from tiaowen.engine import past as earlier
from tiaowen.engine.decision import Decision
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Element, Frame, Reader
from tiaowen.engine.parts import inner_frame, parts_of
from tiaowen.engine.roles import Roles


def explain(decision: Decision, *, engine: str = "", why_not: bool = False) -> x.Explanation:
    """The explanation of ``decision``; ``engine`` is the version that stands in it."""
    teller = _Teller(why_not=why_not)
    frame = decision.frame
    statement = tuple(_line(output, decision, teller) for output in frame.matter.outputs)
    if not statement:
        for name in decision.values:
            teller.node(frame.matter.final["", name], frame, None)
    return x.Explanation(
        x.VERSION, engine, _identity(frame.program.identity), decision.matter, statement,
        tuple(teller.steps),
        tuple(x.RefusedItem(r.reason, cite(r.rule), r.index, r.amount) for r in decision.refusals),
        tuple(x.DutyNotice(n.text, cite(n.rule), n.kept) for n in decision.notices),
        tuple(teller.skipped), tuple(teller.readings.values()), tuple(teller.parameters.values()),
        dict(frame.defaults), dict(teller.facts),
    )  # fmt: skip


def cite(rule: c.Rule) -> x.Citation:
    """The citation of a rule."""
    return x.Citation(rule.article, rule.words, rule.basis, rule.text, rule.source)


def _identity(identity: c.Identity) -> x.PolicyIdentity:
    return x.PolicyIdentity(
        identity.title, identity.document_number, identity.region, identity.digest,
        str(identity.in_force or ""), str(identity.expires or ""),
    )  # fmt: skip


def _line(output: c.Output, decision: Decision, teller: _Teller) -> x.StatementLine:
    value, step = decision.values.get(output.name), ""
    if output.node is not None and value is not None:
        step = teller.node(output.node, decision.frame, None)
    return x.StatementLine(
        output.name, output.code, output.english, output.type.name, output.fund, value, step
    )


@define
class _Teller:
    """Collects steps in the order they depend on one another."""

    why_not: bool
    steps: list[x.Step] = Factory(list)
    skipped: list[x.Skipped] = Factory(list)
    readings: dict[str, x.UsedReading] = Factory(dict)
    parameters: dict[str, x.UsedParameter] = Factory(dict)
    facts: dict[str, Value] = Factory(dict)
    known: dict[tuple[int, str], str] = Factory(dict)

    # --- steps

    def node(self, identity: str, frame: Frame, element: Element | None) -> str:
        """The id of the step for a node, telling it first where it is new."""
        node = frame.program.nodes[identity]
        if frame.parent is not None and identity not in frame.varies:
            return self.node(identity, frame.parent, element.up if element else None)
        holder = element if node.level else frame
        key = (id(holder), identity)
        if key not in self.known:
            self.known[key] = self._told(node, frame, element if node.level else None)
        return self.known[key]

    def _told(self, node: c.Node, frame: Frame, element: Element | None) -> str:
        reader = Reader(frame, element)
        if not node.level and node.quantity in frame.overrides and node.matter == frame.matter.name:
            return self._given(node, frame)
        if node.kind == "define":
            return self._defined(node, reader)
        if node.kind == "total":
            return self._total(node, reader)
        if node.condition is not None and not evaluate(node.condition, reader):
            self._skip(node, node.condition, reader)
            return self.node(node.previous, frame, element)
        assert node.operand is not None
        before = None
        terms: tuple[x.Term, ...] = (self.term(node.operand, reader),)
        if node.operation != "set_to":
            previous = self.node(node.previous, frame, element)
            before = i.value_of(node.previous, frame, element)
            terms = (self._step_term(previous, node.quantity, before, node.type.name), *terms)
        self._percent_reading(node, reader)
        condition = None if node.condition is None else self.term(node.condition, reader)
        term = x.Term("amend", None, node.type.name, node.operation, terms=terms)
        return self._add(node, reader, node.operation, term, node.rule, before, condition)

    def _percent_reading(self, node: c.Node, reader: Reader) -> None:
        """The reading that says what a percentage of a ratio means belongs to the amendment, not
        to its operand."""
        if node.operation in ("raise", "lower") and isinstance(node.amended, c.Choose):
            self.term(node.amended.condition, reader)

    def _given(self, node: c.Node, frame: Frame) -> str:
        value = i.value_of(node.id, frame)
        name = "spread" if frame.partition else "given"
        term = x.Term("given", value, node.type.name, name, text=frame.partition)
        rule = frame.matter.partitions[frame.partition].rule if frame.partition else None
        return self._add(node, Reader(frame), "given", term, rule)

    def _defined(self, node: c.Node, reader: Reader) -> str:
        for alternative in node.alternatives:
            holds = alternative.condition is None or evaluate(alternative.condition, reader)
            if holds and alternative.value is not None:
                term = self.term(alternative.value, reader)
                condition = None
                if alternative.condition is not None:
                    condition = self.term(alternative.condition, reader)
                rule = None if term.form == "reasons" and not term.value else alternative.rule
                return self._add(node, reader, "define", term, rule, None, condition)
            if alternative.condition is not None:
                self._skip(node, alternative.condition, reader, alternative.rule)
        raise AssertionError(f"{node.id} has a value but no alternative holds")

    def _total(self, node: c.Node, reader: Reader) -> str:
        frame = reader.frame
        parts = [] if frame.within(node.partition) else parts_of(frame, node.partition)
        if len(parts) < 2:
            return self.node(node.previous, parts[0] if parts else frame, None)
        terms = tuple(
            self._step_term(self.node(node.previous, part, None), node.quantity,
                            i.value_of(node.previous, part), node.type.name)
            for part in parts
        )  # fmt: skip
        term = x.Term(
            "aggregate",
            i.value_of(node.id, frame),
            node.type.name,
            "sum",
            node.partition,
            terms=terms,
        )
        return self._add(node, reader, "total", term, node.rule)

    def _add(self, node: c.Node, reader: Reader, kind: str, term: x.Term, rule: c.Rule | None,
             before: Value | None = None, condition: x.Term | None = None) -> str:  # fmt: skip
        identity = f"s{len(self.steps) + 1}"
        value = i.value_of(node.id, reader.frame, reader.element)
        labels = reader.frame.program.labels
        self.steps.append(x.Step(
            identity, node.quantity, labels.get(node.quantity, node.quantity), value,
            node.type.name, kind, term, cite(rule) if rule is not None and rule.id else None,
            before, _where(reader), node.level, reader.element.index if reader.element else None,
            condition,
        ))  # fmt: skip
        return identity

    def _skip(
        self, node: c.Node, condition: c.Core, reader: Reader, rule: c.Rule | None = None
    ) -> None:
        rule = rule or node.rule
        if self.why_not and rule is not None:
            self.skipped.append(
                x.Skipped(node.quantity, cite(rule), self.term(condition, reader), _where(reader))
            )

    # --- terms

    def term(self, core: c.Core, reader: Reader) -> x.Term:
        """The calculation of ``core`` at ``reader``, operands told first."""
        return _TERMS[type(core)](self, core, reader)

    def _step_term(self, step: str, name: str, value: Value, kind: str) -> x.Term:
        return x.Term("step", value, kind, name, step=step)


def _where(reader: Reader) -> str:
    places = []
    frame: Frame | None = reader.frame
    while frame is not None:
        if frame.partition and frame.parent is not None:
            parts = frame.parent.parts.get(frame.partition, [])
            number = next((n for n, p in enumerate(parts, 1) if p is frame), 1)
            if len(parts) > 1:
                places.append(f"{frame.partition}{number}")
        frame = frame.parent
    if reader.frame.whole.inner_of:
        places.append(reader.frame.whole.inner_of)
    if reader.element is not None:
        places.insert(0, f"{reader.element.collection}[{reader.element.index}]")
    return " · ".join(reversed(places))


# --- one function per form of expression


def _constant(t: _Teller, core: c.Constant, r: Reader) -> x.Term:
    return x.Term("constant", core.value, core.type.name, text=core.text)


def _ref(t: _Teller, core: c.Ref, r: Reader) -> x.Term:
    value = evaluate(core, r)
    if r.facts is not None or core.past:
        return x.Term("past", value, core.type.name, core.quantity)
    step = t.node(core.node, r.frame, r.element if core.level else None)
    return t._step_term(step, core.quantity, value, core.type.name)


def _field(t: _Teller, core: c.Field, r: Reader) -> x.Term:
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


def _is_given(t: _Teller, core: c.IsGiven, r: Reader) -> x.Term:
    return x.Term("is_given", evaluate(core, r), "是否", core.name)


def _reading(t: _Teller, core: c.ReadingRef, r: Reader) -> x.Term:
    info = r.frame.program.readings[core.name]
    choice = str(evaluate(core, r))
    t.readings[core.name] = x.UsedReading(
        core.name, choice, choice == info.default, cite(info.rule)
    )
    return x.Term("reading", choice, core.type.name, core.name)


def _parameter(t: _Teller, core: c.ParameterRef, r: Reader) -> x.Term:
    value = evaluate(core, r)
    info, given = r.frame.program.parameters[core.name], r.frame.parameters[core.name]
    t.parameters[core.name] = x.UsedParameter(
        core.name, value, info.type.name, given.source, cite(info.rule)
    )
    return x.Term("parameter", value, core.type.name, core.name, text=given.source)


def _op(t: _Teller, core: c.Op, r: Reader) -> x.Term:
    terms = tuple(t.term(o, r) for o in core.operands)
    value = OPERATIONS[core.name].meaning(*(term.value for term in terms))
    return x.Term("op", value, core.type.name, core.name, terms=terms)


def _logic(t: _Teller, core: c.Logic, r: Reader) -> x.Term:
    left = t.term(core.left, r)
    if bool(left.value) == (core.kind == "or"):
        return x.Term(core.kind, left.value, "是否", terms=(left,))
    right = t.term(core.right, r)
    return x.Term(core.kind, right.value, "是否", terms=(left, right))


def _choose(t: _Teller, core: c.Choose, r: Reader) -> x.Term:
    condition = t.term(core.condition, r)
    taken = t.term(core.then if condition.value else core.otherwise, r)
    return x.Term("if", taken.value, core.type.name, terms=(condition, taken))


def _among(t: _Teller, core: c.Among, r: Reader) -> x.Term:
    return x.Term(
        "among", evaluate(core, r), "是否", text=core.text, terms=(t.term(core.operand, r),)
    )


def _pick(t: _Teller, core: c.Pick, r: Reader) -> x.Term:
    row = i.matching_rows(core, r)[0]
    keys = tuple(
        t.term(key, r) for key, m in zip(core.keys, row.matchers, strict=True) if m is not None
    )
    value = t.term(row.value, r)
    return x.Term("table", value.value, core.type.name, text=row.text, terms=(*keys, value))


def _apply(t: _Teller, core: c.Apply, r: Reader) -> x.Term:
    argument = t.term(core.argument, r)
    body = r.frame.matter.functions[core.function].body
    inner = t.term(body, evolve(r, argument=argument.value))
    return x.Term("apply", inner.value, core.type.name, core.function, terms=(argument, inner))


def _argument(t: _Teller, core: c.Argument, r: Reader) -> x.Term:
    return x.Term("argument", r.argument, core.type.name)


def _bands(t: _Teller, core: c.Bands, r: Reader) -> x.Term:
    low, high = t.term(core.low, r), t.term(core.high, r)
    found = []
    for width, ratio, row in i.slices(core, Fraction(low.value), Fraction(high.value), r):  # type: ignore[arg-type]
        terms = x.Term("constant", width, core.type.name), x.Term("constant", ratio, "比例")
        found.append(x.Term("slice", width * ratio, core.type.name, text=row.text, terms=terms))
    return x.Term(
        "bands", evaluate(core, r), core.type.name, core.function, terms=(low, high, *found)
    )


def _aggregate(t: _Teller, core: c.Aggregate, r: Reader) -> x.Term:
    readers = over.readers_of(core, r)
    terms = () if core.body is None else tuple(t.term(core.body, one) for one in readers)
    return x.Term("aggregate", evaluate(core, r), core.type.name, core.kind, core.collection,
                  terms=terms)  # fmt: skip


def _share(t: _Teller, core: c.Share, r: Reader) -> x.Term:
    weights = tuple(t.term(core.weight, one) for one in over.readers_of(core, r))
    place = next(n for n, one in enumerate(over.readers_of(core, r)) if one.element is r.element)
    return x.Term("share", evaluate(core, r), core.type.name, core.kind, str(place),
                  terms=(t.term(core.total, r), *weights))  # fmt: skip


def _months(t: _Teller, core: c.Months, r: Reader) -> x.Term:
    days = tuple(t.term(core.body, one) for one in over.readers_of(core, r))
    bounds = tuple(t.term(b, r) for b in (core.start, core.end) if b is not None)
    return x.Term("months", evaluate(core, r), core.type.name, core.kind, str(len(bounds)),
                  terms=(*bounds, *days))  # fmt: skip


def _around(t: _Teller, core: c.Around, r: Reader) -> x.Term:
    assert r.around is not None
    return t.term(core.body, r.around)


def _history(t: _Teller, core: c.History, r: Reader) -> x.Term:
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


def _present(t: _Teller, core: c.Present, r: Reader) -> x.Term:
    assert r.asking is not None
    return t.term(core.body, r.asking)


def _key(t: _Teller, core: c.Key, r: Reader) -> x.Term:
    return x.Term("key", r.keys[core.name], core.type.name, core.name)


def _rank(t: _Teller, core: c.Rank, r: Reader) -> x.Term:
    return x.Term(
        "rank", evaluate(core, r), core.type.name, core.scale, terms=(t.term(core.operand, r),)
    )


def _step(t: _Teller, core: c.Step, r: Reader) -> x.Term:
    terms = (t.term(core.operand, r), t.term(core.amount, r))
    return x.Term("step_level", evaluate(core, r), core.type.name, str(core.sign), terms=terms)


def _settled(t: _Teller, core: c.Settled, r: Reader) -> x.Term:
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


def _reasons(t: _Teller, core: c.Reasons, r: Reader) -> x.Term:
    terms = tuple(
        x.Term("ground", reason, "文本", reason, text=rule.article, terms=(t.term(condition, r),))
        for condition, reason, rule in core.grounds
        if evaluate(condition, r)
    )
    outer = () if core.outer is None else (t.term(core.outer, r),)
    return x.Term("reasons", evaluate(core, r), "理由", terms=(*terms, *outer))


_TERMS: dict[type, Callable[[_Teller, Any, Reader], x.Term]] = {
    c.Constant: _constant, c.Ref: _ref, c.Field: _field, c.IsGiven: _is_given,
    c.ReadingRef: _reading, c.ParameterRef: _parameter, c.Op: _op, c.Logic: _logic,
    c.Choose: _choose, c.Among: _among, c.Pick: _pick, c.Apply: _apply, c.Argument: _argument,
    c.Bands: _bands, c.Aggregate: _aggregate, c.History: _history, c.Present: _present,
    c.Share: _share, c.Months: _months, c.Around: _around, c.Key: _key, c.Rank: _rank,
    c.Step: _step, c.Settled: _settled, c.Reasons: _reasons,
}  # fmt: skip
