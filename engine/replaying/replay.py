"""A decision file decided again: identical, or the first step that differs.

A decision can be checked years later by anybody who has the policy's text: the file holds the
inputs, the policy's digest and the version of the engine, and this module compares the whole
explanation, not only the result.
"""

from __future__ import annotations

from typing import Any

from attrs import evolve, fields, frozen

import tiaowen
from tiaowen.compiler.core import Program, Value
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.decision import Decision
from tiaowen.engine.history.data import read_history
from tiaowen.engine.history.person import decide_person
from tiaowen.engine.telling import explanation as x
from tiaowen.engine.telling.as_json import FORMAT, from_data, read_parameter
from tiaowen.engine.telling.explain import explain


@frozen
class Difference:
    """The first thing that is not as recorded. ``step`` is the id of a step, else '' and ``name``
    says what it is; a value is None where one of the two has no such thing."""

    name: str
    step: str
    recorded: Value | None
    replayed: Value | None
    where: str = ""


@frozen
class Replay:
    """What came of deciding again. ``difference`` is None where the explanations are identical
    but for the policy's digest and the engine's version, which are told apart."""

    identical: bool
    difference: Difference | None
    same_policy: bool
    same_engine: bool
    explanation: x.Explanation
    problems: tuple[Diagnostic, ...] = ()


def replay(data: Any, program: Program) -> Replay:
    """Decide the claim of decision file ``data`` again under ``program`` and compare.

    Raises ``Rejected`` where the file is not a decision file (TW0618), is of another version of
    the form (TW0704), is masked (TW0706), or its inputs cannot be read under ``program``.
    """
    recorded = from_data(part_of(data, "explanation"))
    if data.get("masked"):
        raise Rejected([diagnose("TW0706")])
    claim = read_claim(part_of(data, "claim"), program, recorded.matter)
    items = read_history(data.get("history", []), program)
    parameters = {
        name: read_parameter(value, f"parameters.{name}")
        for name, value in _mapping(data, "parameters").items()
    }
    person = decide_person(
        program, claim, items, readings=_mapping(data, "readings"), parameters=parameters
    )
    return compared(data, recorded, person.decision)


def compared(data: Any, recorded: x.Explanation, decision: Decision) -> Replay:
    """``decision`` against the explanation ``recorded`` in decision file ``data``."""
    made = explain(decision, engine=recorded.engine, why_not=bool(recorded.skipped))
    same_policy = made.policy.digest == recorded.policy.digest
    same_engine = data.get("engine") == tiaowen.__version__
    found = _first_difference(
        _placeless(recorded), _placeless(evolve(made, policy=recorded.policy))
    )
    codes = [problem.code for problem in decision.problems]
    if found is None and data.get("problems", []) != codes:
        found = Difference("problems", "", tuple(data.get("problems", [])), tuple(codes))
    return Replay(found is None, found, same_policy, same_engine, made, decision.problems)


def _placeless(explanation: x.Explanation) -> x.Explanation:
    """``explanation`` without the files its rules were read from: a policy is the same wherever
    it lies."""

    def cited(record: Any) -> Any:
        citation = record.citation
        return record if citation is None else evolve(record, citation=evolve(citation, source=""))

    names = ("steps", "refusals", "notices", "skipped", "readings", "parameters")
    kept: dict[str, Any] = {n: tuple(map(cited, getattr(explanation, n))) for n in names}
    return evolve(explanation, **kept)


def part_of(data: Any, name: str) -> Any:
    """The part ``name`` of decision file ``data``; ``Rejected`` (TW0618) where it has none."""
    if not isinstance(data, dict) or data.get("format") != FORMAT or name not in data:
        raise Rejected(
            [
                diagnose(
                    "TW0618",
                    name=name,
                    expected={"zh": "决定文件", "en": "a decision file"},
                    found={"zh": "别的数据", "en": "other data"},
                )
            ]
        )
    return data[name]


def _mapping(data: Any, name: str) -> dict[str, Any]:
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise Rejected(
            [
                diagnose(
                    "TW0618",
                    place=name,
                    name=name,
                    expected={"zh": "对象", "en": "an object"},
                    found={"zh": "别的数据", "en": "other data"},
                )
            ]
        )
    return found


def _first_difference(recorded: x.Explanation, made: x.Explanation) -> Difference | None:
    for old, new in zip(recorded.steps, made.steps, strict=False):
        if old != new or type(old.value) is not type(new.value):
            return _between(old, new)
    if len(recorded.steps) != len(made.steps):
        at = min(len(recorded.steps), len(made.steps))
        old_step = recorded.steps[at] if at < len(recorded.steps) else None
        new_step = made.steps[at] if at < len(made.steps) else None
        step = old_step or new_step
        assert step is not None
        return Difference(
            step.quantity,
            step.id,
            None if old_step is None else old_step.value,
            None if new_step is None else new_step.value,
            step.where,
        )
    for line, again in zip(recorded.statement, made.statement, strict=False):
        if line != again:
            return Difference(line.name, line.step, line.value, again.value)
    for attribute in fields(x.Explanation):
        if getattr(recorded, attribute.name) != getattr(made, attribute.name):
            return Difference(attribute.name, "", None, None)
    return None


def _between(old: x.Step, new: x.Step) -> Difference:
    """Two steps that are not alike: their values, or else the field in which they differ."""
    if (old.quantity, old.where) != (new.quantity, new.where) or old.value != new.value:
        return Difference(old.quantity, old.id, old.value, new.value, old.where)
    names = [a.name for a in fields(x.Step) if getattr(old, a.name) != getattr(new, a.name)]
    called = f"{old.quantity} · {'、'.join(names) or 'type'}"
    return Difference(called, old.id, old.value, new.value, old.where)
