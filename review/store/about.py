"""What a decision file says of itself that a store can find it by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tiaowen.compiler.bad_value import BadValue
from tiaowen.compiler.moments import as_date, parse_moment
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.explanation_json import from_data
from tiaowen.engine.replay import part_of
from tiaowen.review.store.records import About

_DAYS = ("出院时间", "结算时间", "入院时间")
_PAID, _OWN = "fund_pay_sumamt", "psn_part_amt"
_LARGEST = 2**63 - 1


def about(decision: Any) -> About:
    """What ``decision`` is about. ``Rejected`` (TW0618) where it is no decision file."""
    explanation, claim = part_of(decision, "explanation"), part_of(decision, "claim")
    from_data(explanation)
    policy = decision.get("policy")
    if not isinstance(claim, dict) or not isinstance(policy, dict):
        found = {"zh": "别的数据", "en": "other data"}
        expected = {"zh": "决定文件", "en": "a decision file"}
        raise Rejected([diagnose("TW0618", name="claim", expected=expected, found=found)])
    statement = explanation.get("statement", [])
    return About(
        _text(claim.get("人员编号")), _text(claim.get("就诊ID")), _text(claim.get("结算ID")),
        _text(decision.get("matter")), _day(claim), _text(policy.get("title")),
        _text(policy.get("digest")), _text(policy.get("region")), _text(decision.get("engine")),
        _paid(statement), _line(statement, _OWN),
        tuple(_text(code) for code in decision.get("problems", ())),
    )  # fmt: skip


def _text(value: Any) -> str:
    """A text that every database can hold."""
    text = "" if value is None else str(value)
    return text.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")


def _day(claim: Mapping[str, Any]) -> str:
    for name in _DAYS:
        if claim.get(name):
            try:
                return as_date(parse_moment(str(claim[name]))).isoformat()
            except BadValue:
                continue
    return ""


def _paid(statement: Any) -> int | None:
    """What the funds pay together: the statement's own sum, else its only fund."""
    total = _line(statement, _PAID)
    funds = [line.get("value") for line in statement if line.get("fund")]
    if total is None and len(funds) == 1:
        return _amount(funds[0])
    return total


def _line(statement: Any, code: str) -> int | None:
    return next(
        (_amount(line.get("value")) for line in statement if line.get("code") == code), None
    )


def _amount(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST
    return value if whole else None
