"""A decision's frame, walked again from its outputs into an explanation.

The values are all in the frame; walking them costs no new decision. Only the branches that
were taken are told; ``why_not`` adds the rules that were looked at and did not apply.
"""

from __future__ import annotations

from attrs import Factory, define

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.engine import interpreter as i
from tiaowen.engine.decision import Decision
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Element, Frame, Reader
from tiaowen.engine.parts import parts_of
from tiaowen.engine.telling import explanation as x
from tiaowen.engine.telling.terms import TERMS, cite


def explain(decision: Decision, *, engine: str = "", why_not: bool = False) -> x.Explanation:
    """The explanation of ``decision``; ``engine`` is the version that stands in it."""
    teller = Teller(why_not=why_not)
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


def _identity(identity: c.Identity) -> x.PolicyIdentity:
    return x.PolicyIdentity(
        identity.title, identity.document_number, identity.region, identity.digest,
        str(identity.in_force or ""), str(identity.expires or ""),
    )  # fmt: skip


def _line(output: c.Output, decision: Decision, teller: Teller) -> x.StatementLine:
    value, step = decision.values.get(output.name), ""
    if output.node is not None and value is not None:
        step = teller.node(output.node, decision.frame, None)
    return x.StatementLine(
        output.name, output.code, output.english, output.type.name, output.fund, value, step
    )


@define
class Teller:
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
            terms = (self.step_term(previous, node.quantity, before, node.type.name), *terms)
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
        if node.quantity in frame.claim.totals:
            name = "billed"
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
            self.step_term(self.node(node.previous, part, None), node.quantity,
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
        return TERMS[type(core)](self, core, reader)

    def step_term(self, step: str, name: str, value: Value, kind: str) -> x.Term:
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
