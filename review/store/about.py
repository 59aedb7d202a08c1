"""What a decision file says of itself that a store can find it by.

Only what is looked at here is checked: a file is read whole when it is replayed, and a store
takes thousands at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tiaowen.compiler.bad_value import BadValue
from tiaowen.compiler.moments import as_date, parse_moment
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.replaying.replay import part_of
from tiaowen.engine.telling.explanation import VERSION
from tiaowen.review.store.records import About

_DAYS = ("出院时间", "结算时间", "入院时间")
_PAID, _OWN = "fund_pay_sumamt", "psn_part_amt"
_LARGEST = 2**63 - 1


def about(decision: Any) -> About:
    """What ``decision`` is about. ``Rejected`` (TW0618) where it is no decision file."""
    explanation, claim = part_of(decision, "explanation"), part_of(decision, "claim")
    policy = decision.get("policy")
    if not all(isinstance(part, dict) for part in (explanation, claim, policy)):
        raise Rejected([_not_a_decision()])
    if explanation.get("version") != VERSION:
        raise Rejected(
            [diagnose("TW0704", found=str(explanation.get("version")), expected=VERSION)]
        )
    statement = explanation.get("statement", [])
    if not isinstance(statement, list) or not all(isinstance(n, dict) for n in statement):
        raise Rejected([_not_a_decision()])
    lines = ((str(n.get("code")), bool(n.get("fund")), n.get("value")) for n in statement)
    fund, own = paid_and_own(lines)
    return About(
        _text(claim.get("人员编号")), _text(claim.get("就诊ID")), _text(claim.get("结算ID")),
        _text(decision.get("matter")), _day(claim), _text(policy.get("title")),
        _text(policy.get("digest")), _text(policy.get("region")), _text(decision.get("engine")),
        fund, own,
        tuple(_text(code) for code in decision.get("problems", ())),
    )  # fmt: skip


def _not_a_decision() -> Diagnostic:
    found = {"zh": "别的数据", "en": "other data"}
    expected = {"zh": "决定文件", "en": "a decision file"}
    return diagnose("TW0618", name="explanation", expected=expected, found=found)


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


def paid_and_own(statement: Iterable[tuple[str, bool, Any]]) -> tuple[int | None, int | None]:
    """What the funds and what the person pays by a statement's lines (code, whether a fund's,
    value): the statement's own sum of the funds, else the sum of their lines."""
    lines = [(code, fund, _amount(value)) for code, fund, value in statement]
    by_code = {code: amount for code, _, amount in lines}
    known = [amount for _, fund, amount in lines if fund and amount is not None]
    total = by_code.get(_PAID)
    return (_amount(sum(known)) if total is None and known else total), by_code.get(_OWN)


def _amount(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST
    return value if whole else None
