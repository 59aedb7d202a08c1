"""An impact as JSON-ready data: the numbers of the page, money as whole 分.

Groups keep the codes and keys of the claims. A person's number is masked here as on the page, so
that the file may go where the claims may not; the encounter finds the claim for who has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import asdict

from tiaowen.engine.telling.as_json import value_data
from tiaowen.review.impact.reasons import Reason
from tiaowen.review.impact.records import Changed, Comparison, Impact, Policy, Row
from tiaowen.review.present.impact_words import masked

FORMAT = "tiaowen impact"
VERSION = 2


def impact_data(impact: Impact, reasons: Sequence[Reason] = ()) -> dict[str, Any]:
    """``impact`` as data. A change is after less before; bounds of bins are None where open."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "money": "fen",
        "base": _policy(impact.base),
        "claims": impact.claims,
        "people": impact.people,
        "sample": {"claims": impact.claims_weight, "people": impact.people_weight}
        if impact.weighted
        else None,
        "drafts": [_comparison(found, reasons) for found in impact.comparisons],
    }


def _comparison(found: Comparison, reasons: Sequence[Reason]) -> dict[str, Any]:
    why = {r.encounter: _reason(r) for r in reasons if r.draft == found.draft.key}
    return {
        "draft": _policy(found.draft),
        "total": _row(found.total),
        "funds": [{**asdict(fund), "change": fund.after - fund.before} for fund in found.funds],
        "breakdowns": [
            {"dimension": breakdown.dimension, "rows": list(map(_row, breakdown.rows))}
            for breakdown in found.breakdowns
        ],
        "bins": list(map(asdict, found.bins)),
        "crossings": list(map(asdict, found.crossings)),
        "refusals": asdict(found.refusals),
        "most_changed": [
            {**_changed(one), "reason": why.get(one.encounter)} for one in found.most_changed
        ],
    }


def _policy(policy: Policy) -> dict[str, Any]:
    return {**asdict(policy), "readings": dict(policy.readings)}


def _row(row: Row) -> dict[str, Any]:
    changes = {"fund_change": row.fund_after - row.fund_before,
               "own_change": row.own_after - row.own_before}  # fmt: skip
    return {**asdict(row), **changes}


def _changed(person: Changed) -> dict[str, Any]:
    own = person.own_after - person.own_before
    return {**asdict(person), "person": masked(person.person), "own_change": own}


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "quantity": reason.quantity,
        "type": reason.type,
        "before": value_data(reason.before),
        "after": value_data(reason.after),
        "base_says": asdict(reason.base_says),
        "draft_says": asdict(reason.draft_says),
    }
