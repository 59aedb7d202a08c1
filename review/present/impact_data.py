"""An impact as JSON-ready data: the numbers of the page, money as whole 分.

Groups keep the codes and keys of the claims. A person's number is masked here as on the page, so
that the file may go where the claims may not; the encounter finds the claim for who has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import asdict

from tiaowen.engine.explanation_json import value_data
from tiaowen.review.impact.reasons import Reason
from tiaowen.review.impact.records import Breakdown, Changed, Comparison, Impact, Row
from tiaowen.review.present.impact_words import masked

FORMAT = "tiaowen impact"
VERSION = 1


def impact_data(impact: Impact, reasons: Sequence[Reason] = ()) -> dict[str, Any]:
    """``impact`` as data. A change is after less before; bounds of bins are None where open."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "money": "fen",
        "base": asdict(impact.base),
        "claims": impact.claims,
        "people": impact.people,
        "drafts": [_comparison(found, reasons) for found in impact.comparisons],
    }


def _comparison(found: Comparison, reasons: Sequence[Reason]) -> dict[str, Any]:
    refusals = asdict(found.refusals)
    refusals["codes"] = [
        {"side": side, "code": code, "claims": count} for side, code, count in found.refusals.codes
    ]
    why = {r.encounter: _reason(r) for r in reasons if r.draft == found.draft.key}
    return {
        "draft": asdict(found.draft),
        "total": _row(found.total),
        "breakdowns": [_breakdown(breakdown) for breakdown in found.breakdowns],
        "winners": asdict(found.winners),
        "losers": asdict(found.losers),
        "unchanged": found.unchanged,
        "bins": [asdict(each) for each in found.bins],
        "refusals": refusals,
        "newly_cut": found.newly_cut,
        "no_longer_cut": found.no_longer_cut,
        "newly_deducted": found.newly_deducted,
        "most_changed": [
            {**_changed(one), "reason": why.get(one.encounter)} for one in found.most_changed
        ],
        "interval": None if found.interval is None else asdict(found.interval),
    }


def _breakdown(breakdown: Breakdown) -> dict[str, Any]:
    return {"dimension": breakdown.dimension, "rows": [_row(row) for row in breakdown.rows]}


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
        "article": reason.article,
    }
