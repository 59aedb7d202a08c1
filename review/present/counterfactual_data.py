"""What would have changed a result, as JSON data: values as decision files have them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tiaowen.dsl.catalogue import message
from tiaowen.engine.history.data import history_data
from tiaowen.engine.telling.as_json import value_data
from tiaowen.engine.telling.explanation import Citation
from tiaowen.review.alternatives import Added, Alternative, Change, LeftOut, Place
from tiaowen.review.counterfactual.model import Aside, Changes, StepChange, Way, WhatIf

FORMAT = "tiaowen whatif"
VERSION = 1


def whatif_data(found: WhatIf) -> dict[str, Any]:
    """``found`` as JSON-ready data; every way is there, whatever a page shows of them."""
    identity = found.program.identity
    searched = found.searched
    return {
        "format": FORMAT,
        "version": VERSION,
        "policy": {"title": identity.title, "digest": identity.digest},
        "matter": found.matter,
        "measure": {
            "line": found.measure.output.name,
            "code": found.measure.output.code,
            "better": "less" if found.measure.less else "more",
            "value": value_data(found.value),
        },
        "problems": [{"code": p.code, "message": message(p, "zh")} for p in found.problems],
        "better": [_way(way, found) for way in found.better],
        "worse": [_way(way, found) for way in found.worse],
        "otherwise": [_way(way, found) for way in found.otherwise],
        "decidable": [_way(way, found) for way in found.decidable],
        "aside": [_aside(aside, found) for aside in found.aside],
        "unchangeable": {
            name: {"standing": s.kind, "zh": s.zh, "en": s.en}
            for name, s in found.unchangeable.items()
        },
        "certain": list(found.certain),
        "searched": {
            "alone": searched.alone,
            "without_effect": searched.without_effect,
            "pairs": searched.pairs,
            "pairs_left": searched.pairs_left,
        },
    }


def _way(way: Way, found: WhatIf) -> dict[str, Any]:
    data: dict[str, Any] = {
        "changes": _changes(way.changes, found),
        "alike": [_changes(changes, found) for changes in way.alike],
        "elsewhere": [_changes(changes, found) for changes in way.elsewhere],
        "value": value_data(way.value),
        "gain": value_data(way.gain) if way.gain is not None else None,
        "moved": [
            {"line": m.output.name, "before": value_data(m.before), "after": value_data(m.after)}
            for m in way.moved
        ],
        "articles": [_citation(citation) for citation in way.articles],
        "steps": [_step(change) for change in way.steps],
    }
    if way.apart is not None:
        data["apart"] = [None if gain is None else value_data(gain) for gain in way.apart]
    return data


def _changes(changes: Changes, found: WhatIf) -> list[dict[str, Any]]:
    return [_change(change, found) for change in changes]


def _change(change: Alternative, found: WhatIf) -> dict[str, Any]:
    match change:
        case Change(settings=settings, event=event):
            facts = [
                {**_place(s.place), "before": _fact(s.before), "after": _fact(s.after)}
                for s in settings
            ]
            return {"facts": facts, **({"event": event} if event else {})}
        case LeftOut(item=number):
            return {"left_out": number}
        case Added(added=item):
            return {"added": history_data([item], found.program)[0]}


def _fact(value: Any) -> Any:
    return None if value is None else value_data(value)


def _place(place: Place) -> dict[str, Any]:
    """Where a fact stands: fee lines and earlier items by their number from 0."""
    data: dict[str, Any] = {"field": place.field}
    if place.collection:
        data |= {"collection": place.collection, "index": place.index}
    if place.item >= 0:
        data["item"] = place.item
    return data


def _citation(citation: Citation | None) -> dict[str, str] | None:
    if citation is None:
        return None
    return {"article": citation.article, "words": citation.words}


def _step(change: StepChange) -> dict[str, Any]:
    step = change.after
    return {
        "quantity": step.quantity,
        "where": step.where,
        "before": value_data(change.before.value) if change.before is not None else None,
        "after": value_data(step.value),
        "first": change.first,
        "rule": _citation(step.citation),
        "new_rules": [_citation(new.citation) for new in change.new],
        "rules_gone": [_citation(gone.citation) for gone in change.gone],
    }


def _aside(aside: Aside, found: WhatIf) -> dict[str, Any]:
    changes: Iterable[Changes] = aside.changes
    return {
        "code": aside.problem.code,
        "message": message(aside.problem, "zh"),
        "changes": [_changes(one, found) for one in changes],
    }
