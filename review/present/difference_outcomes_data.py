"""Outcomes as data: every amount of a grid, every bend, every witness with both explanations."""

from __future__ import annotations

from typing import Any

from tiaowen.engine.telling.as_json import to_data, value_data
from tiaowen.review.difference.outcomes.records import (
    Cause,
    Compared,
    Facts,
    Kink,
    Outcomes,
    Person,
    Situation,
    Stretch,
    Taken,
    Told,
    Witness,
)


def outcomes_data(found: Outcomes) -> dict[str, Any]:
    """``found`` as JSON data; amounts are whole 分, a side that refuses has null."""
    return {
        "matters": [found.pair.first, found.pair.second],
        "measure": None if found.measure is None else
                   {"name": found.measure.name, "code": found.measure.code},
        "claims": found.claims,
        "both_decide": found.both,
        "differing": found.differing,
        "taken": [_taken(taken) for taken in found.taken],
        "compared": [_compared(one) for one in found.compared],
        "variations": [_compared(one) for one in found.variations],
        "impossible": [{"place": place, "side": whose} for place, whose in found.impossible],
        "beyond": [
            {"side": r.whose, "problems": [p.code for p in r.problems]} for r in found.beyond
        ],
        "witnesses": [_witness(witness) for witness in found.witnesses],
    }  # fmt: skip


def _taken(taken: Taken) -> dict[str, Any]:
    return {
        "admitted": taken.day.isoformat(),
        "insurance": taken.insurance,
        "places": dict(taken.places),
        "assumed": _facts(taken.assumed),
        "sources": sorted({p.source for p in taken.parameters.values()}),
    }


def _facts(facts: Facts) -> dict[str, Any]:
    return {name: value_data(value) for name, value in facts}


def _situation(situation: Situation) -> dict[str, Any]:
    data: dict[str, Any] = {
        "grades": list(situation.level.grades),
        "person": _person(situation.person),
        "place": situation.place,
    }
    if situation.fact is not None:
        data["fact"] = _facts((situation.fact,))
    return data


def _person(person: Person) -> dict[str, Any]:
    return {
        "kinds": [person.kind, *person.alike],
        "age": person.age,
        "first": _facts(person.first),
        "second": _facts(person.second),
    }


def _compared(one: Compared) -> dict[str, Any]:
    return {
        **_situation(one.situation),
        "points": [[p.amount, p.first, p.second] for p in one.points],
        "kinks": [[_kink(kink) for kink in kinks] for kinks in one.kinks],
        "stretches": [_stretch(stretch) for stretch in one.stretches],
        "refused": [
            {"side": r.whose, "problems": [{"code": code, "article": article}
                                           for code, article in r.causes]}
            for r in one.refused
        ],
    }  # fmt: skip


def _kink(kink: Kink) -> dict[str, Any]:
    return {
        "amount": kink.amount,
        "paid": kink.value,
        "quantity": kink.quantity,
        "threshold": kink.threshold,
        "article": kink.rule.article if kink.rule is not None else "",
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    most = stretch.most
    return {
        "from": stretch.low,
        "to": stretch.high,
        "more": stretch.more,
        "most": {"amount": most.amount, "first": most.first, "second": most.second},
    }


def _witness(witness: Witness) -> dict[str, Any]:
    return {
        "cause": _cause(witness.cause),
        "others": [_cause(cause) for cause in witness.others],
        **_situation(witness.situation),
        "amount": witness.amount,
        "situations": witness.situations,
        "steps": [pair.quantity for pair in witness.steps],
        "first": _told(witness.first),
        "second": _told(witness.second),
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "quantity": cause.quantity,
        "articles": [list(cause.first), list(cause.second)],
        "code": cause.code,
    }


def _told(told: Told) -> dict[str, Any]:
    return {
        "paid": told.value,
        "problems": [{"code": p.code, "article": p.article} for p in told.problems],
        "explanation": to_data(told.explanation),
    }
