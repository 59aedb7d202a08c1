"""What a person can do against a decision: where, until when, and by which article.

The time limits are the statutes': 60 days for review (行政复议法 20), 6 months for a suit, 15
days after a review decision (行政诉讼法 45, 46). A period is counted as 民法典 201 to 203 say:
the day of service is not counted, a month ends on its corresponding day, and a last day that is
a holiday gives way to the next working day. Where the holidays of that year are not known the
letter says so and does not guess.
"""

from __future__ import annotations

from datetime import date

from attrs import frozen

from tiaowen.compiler.dates import UnknownYear, add_days, add_months, past_holidays
from tiaowen.compiler.values import format_date
from tiaowen.review.letters.model import Formalities

REVIEW_DAYS, SUIT_MONTHS = 60, 6

_REVIEW_BODY = "作出本决定的机关的本级人民政府"
_COURT = "作出本决定的机关所在地的基层人民法院"


@frozen
class Limit:
    """The last day of a period. ``nominal`` is its last day by the calendar; ``last`` the day
    after holidays are left out, None where those of the year are not known."""

    nominal: date
    last: date | None


def review_limit(served: date) -> Limit:
    """The last day to ask for review, of a letter served on ``served``."""
    return _limit(add_days(served, REVIEW_DAYS))


def suit_limit(served: date) -> Limit:
    """The last day to sue directly, of a letter served on ``served``."""
    return _limit(add_months(served, SUIT_MONTHS))


def _limit(nominal: date) -> Limit:
    try:
        return Limit(nominal, past_holidays(nominal))
    except UnknownYear:
        return Limit(nominal, None)


def remedies(formalities: Formalities) -> tuple[str, ...]:
    """The remedies of a letter, an item each, with bodies, time limits and articles."""
    served = formalities.served
    review = "" if served is None else _until(review_limit(served))
    suit = "" if served is None else _until(suit_limit(served))
    body = formalities.review_body or f"{_REVIEW_BODY}（《中华人民共和国行政复议法》第二十四条）"
    court = formalities.court or f"{_COURT}（《中华人民共和国行政诉讼法》第十四条、第十八条）"
    return (
        f"行政复议。自知道本决定之日起六十日内，可以向{body}申请行政复议"
        "（《中华人民共和国社会保险法》第八十三条，《社会保险经办条例》第五十二条，"
        "《中华人民共和国行政复议法》第十一条第（十二）项、第二十条）。" + _said(served, review),
        f"行政诉讼。自知道本决定之日起六个月内，可以直接向{court}提起行政诉讼"
        "（《中华人民共和国行政诉讼法》第四十六条）。" + _said(served, suit),
        "复议以后。不服行政复议决定的，自收到行政复议决定书之日起十五日内，可以向人民法院提起行政诉讼"
        "（《中华人民共和国行政诉讼法》第四十五条）。",
        "一并审查。认为本决定所依据的规范性文件不合法的，申请行政复议时可以一并提出对该文件的审查申请"
        "（《中华人民共和国行政复议法》第十三条）。",
        "举证与变更。行政复议中由作出决定的机关证明本决定合法、适当"
        "（《中华人民共和国行政复议法》第四十四条）；本决定对款额的确定确有错误的，"
        "人民法院可以判决变更（《中华人民共和国行政诉讼法》第七十七条）。",
        "期间的计算。送达之日不计算在内；期间的最后一日是法定休假日的，以法定休假日结束的次日为最后一日"
        "（《中华人民共和国民法典》第二百零一条至第二百零三条）。",
    )


def _said(served: date | None, until: str) -> str:
    if served is None:
        return ""
    return f"本决定书于{format_date(served, 'zh')}送达，{until}。"


def _until(limit: Limit) -> str:
    """Up to when, in words."""
    nominal = format_date(limit.nominal, "zh")
    if limit.last is None:
        return (
            f"期间的最后一日按日历为{nominal}；该年的放假安排尚未公布，"
            "如遇法定休假日，以休假日结束的次日为准"
        )
    last = format_date(limit.last, "zh")
    if limit.last == limit.nominal:
        return f"期间至{last}届满"
    return f"期间的最后一日{nominal}是法定休假日，顺延至{last}届满"
