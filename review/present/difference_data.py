"""The comparison of two policies as JSON data: the same figures, rules and articles as the page.

Values are as decision files have them, formulas as a policy writes them, names as in the policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tiaowen.compiler import core as c
from tiaowen.engine.telling.as_json import value_data
from tiaowen.review.difference.records import (
    Adjustment,
    Difference,
    Entry,
    Figure,
    Key,
    Listed,
    MatterPair,
    Row,
    Side,
    Span,
    Stated,
)
from tiaowen.review.difference.rule_records import Passage, RuleChange, Rules
from tiaowen.review.present.difference_cells import bounds_of, table_in_words
from tiaowen.review.present.difference_words import Said
from tiaowen.review.present.symbolic import written
from tiaowen.review.present.words import labels_of

FORMAT = "tiaowen difference"
VERSION = 1


def difference_data(found: Difference) -> dict[str, Any]:
    """``found`` as data. A part that was not asked for is left out."""
    words = tuple(Said("zh", labels_of(side.program)) for side in (found.first, found.second))
    data = {
        "format": FORMAT,
        "version": VERSION,
        "first": _side(found.first),
        "second": _side(found.second),
        "identical": found.identical,
        "differs": found.differs,
        "matters": [_pair(pair) for pair in found.matters],
    }
    if found.figures is not None:
        data["figures"] = [_figure(figure, words) for figure in found.figures.figures]
        data["lists"] = [_listed(entry, words) for entry in found.figures.lists]
    if found.rules is not None:
        data["rules"] = _rules(found.rules)
    if found.outcomes is not None:
        from tiaowen.review.present.difference_outcomes_data import outcomes_data

        data["outcomes"] = [outcomes_data(outcomes) for outcomes in found.outcomes]
    return data


def _side(side: Side) -> dict[str, Any]:
    identity = side.program.identity
    return {
        "title": identity.title, "document_number": identity.document_number,
        "region": identity.region, "insurance": list(identity.insurance),
        "in_force": str(identity.in_force or ""), "expires": str(identity.expires or ""),
        "digest": identity.digest, "readings": dict(side.readings),
        "parameters": {name: given.source for name, given in side.parameters.items()},
    }  # fmt: skip


def _pair(pair: MatterPair) -> dict[str, Any]:
    return {"first": pair.first, "second": pair.second, "interface": pair.interface,
            "by": pair.by}  # fmt: skip


# --- figures

_Both = Sequence[Said]


def _figure(figure: Figure, words: _Both) -> dict[str, Any]:
    return {
        "kind": figure.kind,
        "quantity": figure.quantity,
        "level": figure.level,
        "type": figure.type.name,
        "whose": figure.whose,
        "same": figure.same,
        "matters": [[pair.first, pair.second] for pair in figure.matters],
        "keys": [key.name for key in figure.keys],
        "rows": [_row(row, figure.keys, words) for row in figure.rows],
        "amendments": [
            {"first": _adjustment(pair.first, words[0]),
             "second": _adjustment(pair.second, words[1]), "same": pair.same}
            for pair in figure.adjustments
        ],
    }  # fmt: skip


def _row(row: Row, keys: Sequence[Key], words: _Both) -> dict[str, Any]:
    return {
        "where": {
            key.name: _span(span, words[0])
            for key, span in zip(keys, row.spans, strict=True) if not span.any
        },
        "first": [_stated(stated, words[0]) for stated in row.first],
        "second": [_stated(stated, words[1]) for stated in row.second],
        "same": row.same,
        "gap": None if row.gap is None else value_data(row.gap),
    }  # fmt: skip


def _span(span: Span, words: Said) -> Any:
    return bounds_of(span.range, words) if span.range is not None else list(span.values)


def _stated(stated: Stated, words: Said) -> dict[str, Any]:
    value = stated.value
    data: dict[str, Any] = {"article": stated.rule.article if stated.rule is not None else ""}
    if value is None:
        data["provided"] = False
        if stated.reason:
            data["reason"] = stated.reason
    elif isinstance(value, c.Constant):
        data["value"] = value_data(value.value)
    elif isinstance(value, c.ParameterRef):
        data["parameter"] = value.name
    else:
        data["formula"] = table_in_words(value, words)
    if stated.condition is not None:
        data["when"] = written(stated.condition, words)
    if stated.step:
        data["row"] = stated.step
    if stated.readings:
        data["readings"] = dict(stated.readings)
    if stated.given:
        data["given"] = list(stated.given)
    return data


def _adjustment(adjustment: Adjustment | None, words: Said) -> dict[str, Any] | None:
    if adjustment is None:
        return None
    data = {
        "of": adjustment.of,
        "operation": adjustment.operation,
        "operand": written(adjustment.operand, words),
        "article": adjustment.rule.article,
        "area": adjustment.area,
    }
    if adjustment.condition is not None:
        data["when"] = written(adjustment.condition, words)
    return data


def _listed(listed: Listed, words: _Both) -> dict[str, Any]:
    return {
        "kind": listed.kind,
        "same": listed.same,
        "first": _entry(listed.first, words[0]),
        "second": _entry(listed.second, words[1]),
    }


def _entry(entry: Entry | None, words: Said) -> dict[str, Any] | None:
    if entry is None:
        return None
    data: dict[str, Any] = {"name": entry.name, "article": entry.rule.article}
    for name, core in (("condition", entry.condition), ("when", entry.when)):
        if core is not None:
            data[name] = written(core, words)
    for name in ("level", "choices", "default", "delegation"):
        value = getattr(entry, name)
        if value:
            data[name] = list(value) if isinstance(value, tuple) else value
    return data


# --- rules


def _rules(rules: Rules) -> dict[str, Any]:
    return {"kept": rules.kept, "same": rules.same,
            "changes": [_change(change) for change in rules.changes]}  # fmt: skip


def _change(change: RuleChange) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": change.kind,
        "rule": change.rule,
        "quantity": change.quantity,
        "matters": list(change.matters),
    }
    if change.renamed:
        data["renamed"] = change.renamed
    for name, passage in (("before", change.before), ("after", change.after)):
        if passage is not None:
            data[name] = _passage(passage)
    if change.marks:
        data["marks"] = [{"before": mark.a, "after": mark.b, "at": mark.a_at}
                         for mark in change.marks]  # fmt: skip
    return data


def _passage(passage: Passage) -> dict[str, str]:
    return {"article": passage.article, "rule": passage.rule, "words": passage.words,
            "source": passage.source}  # fmt: skip
