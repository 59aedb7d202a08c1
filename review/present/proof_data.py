"""What was found of a policy's properties, as data for programs.

Claims and histories have the form in which ``tiaowen decide`` reads them; amounts of ``figures``
and ``loss`` are integer 分.
"""

from __future__ import annotations

from typing import Any

from tiaowen.compiler.core import Program
from tiaowen.engine.claims.reading import claim_data
from tiaowen.engine.history.data import history_data
from tiaowen.engine.telling.as_json import value_data
from tiaowen.review.present.proof import outcome
from tiaowen.review.proof.records import (
    Answer,
    Change,
    Counterexample,
    MoreCost,
    NotApplicable,
    OtherFact,
    Proof,
    Proved,
    Refuted,
    Scene,
    Searched,
)

FORMAT = "tiaowen proof"


def proof_data(found: Proof, program: Program) -> dict[str, Any]:
    """``found`` as JSON-ready data."""
    return {
        "format": FORMAT,
        "version": 1,
        "policy": {"title": program.identity.title, "digest": program.identity.digest},
        "solver": found.solver,
        "claims": found.claims,
        "seconds": round(found.seconds, 1),
        "answers": [_answer(answer, program) for answer in found.answers],
    }


def _answer(answer: Answer, program: Program) -> dict[str, Any]:
    asked, verdict = answer.property, answer.verdict
    data: dict[str, Any] = {
        "matter": asked.matter,
        "property": asked.name,
        "english": asked.english,
        "kind": asked.kind.value,
        "article": asked.article,
        "verdict": outcome(verdict),
    }
    match verdict:
        case Proved():
            data |= {"seconds": round(verdict.seconds, 2), "assumed": list(verdict.assumed)}
        case Refuted():
            shown = (verdict.counterexample, *verdict.others)
            data |= {"found": verdict.found.value,
                     "counterexamples": [_counterexample(c, program) for c in shown]}  # fmt: skip
        case Searched():
            data |= {"claims": verdict.claims, "why": verdict.why.value, "detail": verdict.detail}
        case NotApplicable():
            data |= {"reason": verdict.reason.value, "detail": verdict.detail}
    if answer.gaps:
        data["not_provided"] = [
            {"quantity": gap.quantity, "reason": gap.reason, "article": gap.rule.article,
             **_scene(gap.scene, program)}
            for gap in answer.gaps
        ]  # fmt: skip
    return data


def _counterexample(shown: Counterexample, program: Program) -> dict[str, Any]:
    return {
        "claims": [_scene(scene, program) for scene in shown.scenes],
        "change": _change(shown.change),
        "figures": {n: [value_data(v) for v in vs] for n, vs in shown.figures.items()},
        "loss": shown.loss,
        "stops": [{"code": p.code, "article": p.article} for p in shown.decisions[0].problems],
        "replayed": shown.replayed,
    }


def _change(change: Change | None) -> dict[str, Any] | None:
    match change:
        case MoreCost():
            return {"line": change.line, "by": change.by}
        case OtherFact():
            return {"field": change.name, "value": value_data(change.value)}
    return None


def _scene(scene: Scene, program: Program) -> dict[str, Any]:
    data: dict[str, Any] = {"claim": claim_data(scene.claim, program)}
    if scene.items:
        data["history"] = history_data(scene.items, program)
    if scene.parameters:
        data["parameters"] = {
            name: value_data(given.value)
            if given.value is not None
            else [{"keys": dict(k), "value": value_data(v)} for k, v in given.rows]
            for name, given in scene.parameters.items()
        }
    if scene.readings:
        data["readings"] = dict(scene.readings)
    return data
