"""One claim, decided: what the policy gives for it, and why it stops where it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.core import EXCLUDED, LINES, Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.claims import billed
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Claim, Element, Facts, Frame, ParameterValue, Reader
from tiaowen.engine.interpreter import value_of
from tiaowen.engine.parts import elements_of
from tiaowen.engine.stops import Stopped


@frozen
class Refusal:
    """A ground of exclusion that holds: for the claim (``index`` None) or for one fee line."""

    reason: str
    rule: c.Rule
    index: int | None = None
    amount: Value | None = None


@frozen
class Notice:
    """A duty: ``kept`` True, False, or None where the facts to tell are not given."""

    text: str
    rule: c.Rule
    kept: bool | None


@frozen(eq=False)
class Decision:
    """``values`` are the interface's outputs in statement order; None where no rule of the
    policy decides a line. ``problems`` say why a decision stopped; its values then are those
    that could still be worked out."""

    matter: str
    values: Mapping[str, Value | None]
    problems: tuple[Diagnostic, ...]
    refusals: tuple[Refusal, ...]
    notices: tuple[Notice, ...]
    frame: Frame

    @property
    def decided(self) -> bool:
        return not self.problems


def open_frame(program: c.Program, claim: Claim, *, history: Sequence[Frame | Facts] = (),
               readings: Mapping[str, str] | None = None,
               parameters: Mapping[str, ParameterValue] | None = None) -> Frame:  # fmt: skip
    """A frame for ``claim``: nothing is worked out yet. ``history`` is oldest first."""
    matter = program.matters[claim.matter]
    frame = Frame(
        program,
        matter,
        claim,
        {} if readings is None else readings,
        dict(parameters or {}),
        history,
        dict(claim.taken),
    )
    frame.overrides.update(billed.taken(frame))
    return frame


def decide(program: c.Program, claim: Claim, *, history: Sequence[Frame | Facts] = (),
           readings: Mapping[str, str] | None = None,
           parameters: Mapping[str, ParameterValue] | None = None) -> Decision:  # fmt: skip
    """Decide ``claim``: every output of its matter's interface, or why not.

    Never raises for what a claim or policy says: a stop is part of the answer.
    """
    frame = open_frame(program, claim, history=history, readings=readings, parameters=parameters)
    return decided(frame)


def decided(frame: Frame) -> Decision:
    """The decision of an open frame."""
    values: dict[str, Value | None] = {}
    stops: list[Stopped] = []
    for output in frame.matter.outputs:
        if output.node is None:
            values[output.name] = None
            continue
        try:
            values[output.name] = value_of(output.node, frame)
        except Stopped as stopped:
            stops.append(stopped)
    if not frame.matter.outputs:
        _all_quantities(frame, values, stops)
    refusals: tuple[Refusal, ...] = ()
    notices: tuple[Notice, ...] = ()
    if not stops:
        try:
            refusals, notices = _refusals(frame), _notices(frame)
        except Stopped as stopped:
            stops.append(stopped)
    problems = Stopped.merged(stops).diagnostics if stops else ()
    return Decision(frame.matter.name, values, problems, refusals, notices, frame)


def _all_quantities(frame: Frame, values: dict[str, Value | None], stops: list[Stopped]) -> None:
    """A matter without an interface gives every quantity it has."""
    for (level, name), identity in frame.matter.final.items():
        if level or name == EXCLUDED:
            continue
        try:
            values[name] = value_of(identity, frame)
        except Stopped as stopped:
            stops.append(stopped)


def _refusals(frame: Frame) -> tuple[Refusal, ...]:
    found = [Refusal(reason, rule) for reason, rule in _grounds(frame, None)]
    amount = _amount_field(frame.program)
    if (LINES, EXCLUDED) in frame.matter.final:
        for element in elements_of(frame, LINES):
            for reason, rule in _grounds(frame, element):
                found.append(Refusal(reason, rule, element.index, element.record.get(amount)))
    return tuple(found)


def _amount_field(program: c.Program) -> str:
    """The name of a fee line's total, '' where the vocabulary has none."""
    lines = program.collections.get(LINES)
    fields = lines.fields.values() if lines else ()
    return next((f.name for f in fields if f.code == "det_item_fee_sumamt"), "")


def _grounds(frame: Frame, element: Element | None) -> list[tuple[str, c.Rule]]:
    """The claim's own grounds that hold, or those of one fee line alone."""
    identity = frame.matter.final.get((LINES if element is not None else "", EXCLUDED))
    if identity is None or not value_of(identity, frame, element):
        return []
    reasons = frame.program.nodes[identity].alternatives[0].value
    assert isinstance(reasons, c.Reasons)
    reader = Reader(frame, element)
    return [(why, rule) for condition, why, rule in reasons.grounds if evaluate(condition, reader)]


def _notices(frame: Frame) -> tuple[Notice, ...]:
    found = []
    reader = Reader(frame)
    for duty in frame.matter.duties:
        try:
            if duty.when is not None and not evaluate(duty.when, reader):
                continue
            kept: bool | None = bool(evaluate(duty.condition, reader))
        except Stopped as stopped:
            if not stopped.missing:
                raise
            kept = None
        found.append(Notice(duty.text, duty.rule, kept))
    return tuple(found)
