"""A reconciliation as JSON data: values as decision files have them, names as in the policy.

Causes carry the sentence of the page too, so that a reader of the data need not know every kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tiaowen.compiler.core import LINES
from tiaowen.engine.history.data import history_data
from tiaowen.engine.telling.as_json import parameter_data, value_data
from tiaowen.review.present.reconciliation_words import Saying
from tiaowen.review.reconciliation.ranking import rank
from tiaowen.review.reconciliation.records import (
    AddedItem,
    Cause,
    Discord,
    Group,
    Hypothesis,
    MissedItem,
    OtherFigure,
    OtherReading,
    OtherVersion,
    Reconciliation,
    Row,
    SkippedRule,
    StatedFact,
    Step,
    WrongFact,
    WrongRow,
)

FORMAT = "tiaowen reconciliation"

KINDS: dict[type[Any], str] = {
    StatedFact: "stated fact", WrongFact: "wrong fact", OtherReading: "reading",
    MissedItem: "missed item", AddedItem: "added item", OtherFigure: "parameter",
    OtherVersion: "version", WrongRow: "wrong row", SkippedRule: "skipped rule",
}  # fmt: skip
"""What each kind of cause is called in data."""


def reconciliation_data(found: Reconciliation) -> dict[str, Any]:
    """All of ``found``, every cause in it."""
    lines = found.decision.frame.claim.collections.get(LINES, ())
    said = _Data(found, {lang: Saying.of(found.program, lang, found.items, lines)
                         for lang in ("zh", "en")})  # fmt: skip
    identity = found.program.identity
    near, effort = found.nearest, found.effort
    return {
        "format": FORMAT,
        "version": 1,
        "policy": {"title": identity.title, "digest": identity.digest},
        "matter": found.matter,
        "agrees": found.agrees,
        "discords": [_discord(discord) for discord in found.discords],
        "left_out": list(found.left_out),
        "stated": [said.cause(cause) for cause in found.stated],
        "rows": [_row(row) for row in found.rows],
        "first": found.first.name if found.first is not None else None,
        "problems": [problem.code for problem in found.decision.problems],
        "groups": [said.group(group) for group in found.groups],
        "nearest": None if near is None else {
            **said.hypothesis(near.hypothesis),
            "left": [{"name": line.name, "given": value_data(one), "charged": value_data(other)}
                     for line, one, other in near.left],
        },
        "effort": {"decisions": effort.decisions, "singles": effort.singles,
                   "pairs": effort.pairs, "unsearched": list(effort.unsearched)},
    }  # fmt: skip


def _discord(found: Discord) -> dict[str, Any]:
    data: dict[str, Any] = {
        "rule": found.text,
        "name": found.name,
        "given": {name: value_data(value) for name, value in found.given},
    }
    if found.expected is not None:
        data |= {"expected": value_data(found.expected), "found": value_data(found.found)}
    return data


def _row(row: Row) -> dict[str, Any]:
    return {
        "name": row.name, "code": row.code, "policy": value_data(row.policy),
        "charged": value_data(row.charged), "agrees": row.agrees, "article": row.article,
    }  # fmt: skip


def _step(step: Step | None) -> dict[str, Any] | None:
    if step is None:
        return None
    article = step.rule.article if step.rule is not None else ""
    return {
        "quantity": step.quantity, "before": value_data(step.before),
        "after": value_data(step.after), "article": article, "index": step.index,
    }  # fmt: skip


class _Data:
    """Causes of one reconciliation as data."""

    def __init__(self, found: Reconciliation, sayings: dict[str, Saying]) -> None:
        self.found = found
        self.sayings = sayings

    def group(self, group: Group) -> dict[str, Any]:
        statement = {name: value_data(value) for name, value in group.values.items()}
        return {
            "members": [self.hypothesis(hypothesis) for hypothesis in group.members],
            "statement": statement,
        }

    def hypothesis(self, hypothesis: Hypothesis) -> dict[str, Any]:
        """Any cause of a slot with any of the other."""
        slots = [self.causes(slot) for slot in hypothesis.slots]
        rank_of = list(rank(hypothesis.simplest))
        return {"slots": slots, "rank": rank_of, "step": _step(hypothesis.step)}

    def causes(self, causes: Iterable[Cause]) -> list[dict[str, Any]]:
        return [self.cause(cause) for cause in causes]

    def cause(self, cause: Cause) -> dict[str, Any]:
        chinese, english = self.sayings["zh"], self.sayings["en"]
        return {
            "kind": KINDS[type(cause)],
            **self.details(cause),
            "article": chinese.article(cause),
            "zh": chinese.cause(cause),
            "en": english.cause(cause),
        }

    def details(self, cause: Cause) -> dict[str, Any]:
        """What the cause is exactly."""
        match cause:
            case StatedFact() | WrongFact():
                return {"settings": [
                    {"field": s.place.field, "collection": s.place.collection,
                     "index": s.place.index, "item": s.place.item,
                     "before": value_data(s.before), "after": value_data(s.after)}
                    for s in cause.change.settings
                ]}  # fmt: skip
            case OtherReading():
                return {"reading": cause.reading, "choice": cause.choice}
            case MissedItem():
                return {"item": cause.index}
            case AddedItem():
                return {"added": history_data([cause.item], self.found.program)[0]}
            case OtherFigure():
                values = {name: parameter_data(value) for name, value in cause.values.items()}
                return {"parameters": values, "source": cause.source, "row": list(cause.row)}
            case OtherVersion():
                identity = cause.program.identity
                return {"policy": {"title": identity.title, "digest": identity.digest}}
            case WrongRow():
                return {"quantity": cause.site.quantity, "row": cause.option.text}
            case SkippedRule():
                rule = cause.site.rule
                return {"rule": rule.text if rule else "", "reason": cause.site.reason}
