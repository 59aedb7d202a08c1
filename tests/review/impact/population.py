"""A small population under a base and two drafts, written by hand: the sums are worked out here.

Three claims of three people: 甲 (stay of 10,000), 乙 (stay of 2,000), 丙 (visit of 300). The draft
raises the ratio of stays from 60% to 65% and brings a deductible of 100 to visits, which are paid
at half.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve

from tiaowen.review.impact.reasons import Cited, Reason
from tiaowen.review.impact.records import (
    Bin,
    Breakdown,
    Changed,
    Comparison,
    Crossing,
    Fund,
    Impact,
    Interval,
    Policy,
    Refusals,
    Row,
    Side,
    Unsettled,
)

YUAN = 100
BASE = Policy("base", "甲市办法", "甲医保〔2023〕1号", False, "policies/jia.md")
FIRST = Policy("1", "甲市办法（修订草案）", "", True, "drafts/first.md")
SECOND = Policy("2", "甲市办法（修订草案）", "", True, "drafts/second.md", (("转院连续", "同日"),))
EDGES = (None, -100 * YUAN, 0, 100 * YUAN, None)


def row(label: str, claims: int, before: int, after: int, cost: int, weight: int = 0) -> Row:
    """Claims of ``cost`` yuan for which the funds pay ``before`` and then ``after``."""
    amounts = (before, after, cost - before, cost - after)
    fund_a, fund_b, own_a, own_b = (amount * YUAN for amount in amounts)
    return Row(label, claims, weight or claims, fund_a, fund_b, own_a, own_b)


WINNERS = Side(2, 600 * YUAN, 300 * YUAN, 500 * YUAN)
LOSERS = Side(1, 50 * YUAN, 50 * YUAN, 50 * YUAN)
"""甲 pays 500 less, 乙 100 less, 丙 50 more."""
STAYS = evolve(row("住院", 2, 7_200, 7_800, 12_000), winners=WINNERS)
VISITS = evolve(row("门诊统筹", 1, 150, 100, 300), losers=LOSERS)
TOTAL = evolve(row("", 3, 7_350, 7_900, 12_300), winners=WINNERS, losers=LOSERS)
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
FUNDS = (
    Fund("hifp_pay", "统筹支付", 3, 3, 7_000 * YUAN, 7_500 * YUAN),
    Fund("hifob_pay", "大额支付", 1, 1, 300 * YUAN, 300 * YUAN),
    Fund("", "", 0, 0, 50 * YUAN, 100 * YUAN),
)
MOST = (
    Changed("131000000000000001", 4_000 * YUAN, 3_500 * YUAN, 1, "E-0001"),
    Changed("131000000000000002", 800 * YUAN, 700 * YUAN, 1, "E-0002"),
    Changed("123", 150 * YUAN, 200 * YUAN, 1, "<b>E-0003</b>"),
)
BINS = (
    Bin(None, EDGES[1], 1),
    Bin(EDGES[1], 0, 1),
    Bin(0, EDGES[3], 1),
    Bin(EDGES[3], None, 0),
)
CROSSINGS = (
    Crossing("cut", 1, 0, 0, 1, 80 * YUAN, 0),
    Crossing("deducted", 2, 3, 1, 0, 600 * YUAN, 700 * YUAN),
    Crossing("unpaid", 0, 0, 0, 0, 0, 0),
)
COMPARED = Comparison(
    FIRST, TOTAL, FUNDS, BREAKDOWNS, BINS, CROSSINGS,
    Refusals(3, 1, 0, 1, 900 * YUAN, 0, 80 * YUAN, (
        Unsettled("base", "TW0601", "医院等级", 1, 80 * YUAN, "<i>E-0005</i>"),
        Unsettled("1", "TW0601", "医院等级", 1, 80 * YUAN, "<i>E-0005</i>"),
        Unsettled("1", "TW0599", "", 1, 1_200 * YUAN, ""),
    )),
    MOST,
)  # fmt: skip
NOTHING = Comparison(
    SECOND, Row("", 0, 0, 0, 0, 0, 0), (), (), (), (),
    Refusals(0, 4, 0, 1, 8_250 * YUAN, 0, 80 * YUAN, (
        Unsettled("base", "TW0601", "医院等级", 1, 80 * YUAN, "E-0005"),
        Unsettled("2", "TW0601", "医院等级", 5, 13_580 * YUAN, "E-0001"),
    )),
    (),
)  # fmt: skip
REASONS = (
    Reason("1", "E-0001", "支付比例", "比例", Fraction(3, 5), Fraction(13, 20),
           Cited("第一条", "报销六成。"), Cited("第一条", "报销百分之六十五。")),
    Reason("1", "<b>E-0003</b>", "起付线", "金额", None, 100 * YUAN,
           draft_says=Cited("第二条", "门诊设<u>100元</u>起付线。")),
    Reason("2", "E-0002", "起付线", "金额", 0, 100 * YUAN),
)  # fmt: skip
INTERVAL = Interval(-20 * YUAN, 1_100 * YUAN, 1_000)
ONE = Impact(BASE, 5, 4, (COMPARED,))
TWO = Impact(BASE, 5, 4, (COMPARED, NOTHING))
