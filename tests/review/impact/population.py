"""A small population under a base and two drafts, written by hand: the sums are worked out here.

Three claims of three people: 甲 (stay of 10,000), 乙 (stay of 2,000), 丙 (visit of 300). The draft
raises the ratio of stays from 60% to 65% and brings a deductible of 100 to visits, which are paid
at half.
"""

from __future__ import annotations

from fractions import Fraction

from tiaowen.review.impact.reasons import Reason
from tiaowen.review.impact.records import (
    Bin,
    Breakdown,
    Changed,
    Comparison,
    Impact,
    Interval,
    Policy,
    Refusals,
    Row,
    Side,
)

YUAN = 100
BASE = Policy("base", "甲市办法", "甲医保〔2023〕1号", False)
FIRST = Policy("1", "甲市办法（修订草案）", "", True)
SECOND = Policy("2", "甲市办法（另案）", "", True)
EDGES = (None, -100 * YUAN, 0, 100 * YUAN, None)


def row(label: str, claims: int, before: int, after: int, cost: int, weight: int = 0) -> Row:
    """Claims of ``cost`` yuan for which the funds pay ``before`` and then ``after``."""
    amounts = (before, after, cost - before, cost - after)
    return Row(label, claims, weight or claims, *(amount * YUAN for amount in amounts))


STAYS = row("住院", 2, 7_200, 7_800, 12_000)
VISITS = row("门诊统筹", 1, 150, 100, 300)
TOTAL = row("", 3, 7_350, 7_900, 12_300)
BREAKDOWNS = (
    Breakdown("matter", (STAYS, VISITS)),
    Breakdown("level", (row("", 1, 150, 100, 300), row("02", 1, 6_000, 6_500, 10_000),
                        row("05", 1, 1_200, 1_300, 2_000))),
    Breakdown("age", (row("0–17", 1, 150, 100, 300), row("60–74", 2, 7_200, 7_800, 12_000))),
    Breakdown("kind", (row("14", 1, 150, 100, 300), row("16", 2, 7_200, 7_800, 12_000))),
    Breakdown("place", (row("area", 2, 1_350, 1_400, 2_300),
                        row("elsewhere", 1, 6_000, 6_500, 10_000))),
    Breakdown("decile", (row("01", 1, 150, 100, 300), row("02", 1, 1_200, 1_300, 2_000),
                         row("10", 1, 6_000, 6_500, 10_000))),
)  # fmt: skip
MOST = (
    Changed("131000000000000001", 4_000 * YUAN, 3_500 * YUAN, 1, "E-0001"),
    Changed("131000000000000002", 800 * YUAN, 700 * YUAN, 1, "E-0002"),
    Changed("123", 150 * YUAN, 200 * YUAN, 1, "<b>E-0003</b>"),
)
COMPARED = Comparison(
    FIRST, TOTAL, BREAKDOWNS, Side(2, 600 * YUAN, 300 * YUAN, 500 * YUAN),
    Side(1, 50 * YUAN, 50 * YUAN, 50 * YUAN), 0,
    (Bin(None, EDGES[1], 1), Bin(EDGES[1], 0, 1), Bin(0, EDGES[3], 1), Bin(EDGES[3], None, 0)),
    Refusals(3, 1, 0, 1, (("base", "TW0601", 1), ("1", "TW0601", 1), ("1", "TW0599", 1))),
    0, 1, 1, MOST, None,
)  # fmt: skip
"""甲 pays 500 less, 乙 100 less, 丙 50 more."""
NOTHING = Comparison(
    SECOND, Row("", 0, 0, 0, 0, 0, 0), (), Side(0, 0, 0, 0), Side(0, 0, 0, 0), 0, (),
    Refusals(0, 4, 0, 1, (("base", "TW0601", 1), ("2", "TW0601", 5))), 0, 0, 0, (), None,
)  # fmt: skip
REASONS = (
    Reason("1", "E-0001", "支付比例", "比例", Fraction(3, 5), Fraction(13, 20), "第一条"),
    Reason("1", "<b>E-0003</b>", "起付线", "金额", None, 100 * YUAN, "第二条"),
    Reason("2", "E-0002", "起付线", "金额", 0, 100 * YUAN, "第二条"),
)
INTERVAL = Interval(-20 * YUAN, 1_100 * YUAN, 1_000)
ONE = Impact(BASE, 5, 4, (COMPARED,))
TWO = Impact(BASE, 5, 4, (COMPARED, NOTHING))
