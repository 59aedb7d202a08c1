"""What the national settlement interface says of a settlement that no policy decides.

The vocabulary holds the lines that policies decide and the rules between them. A hospital's
sheet has more: how the person's share was paid, the same line under the name an older table
gives it, the funds as rows of their own. This module is that much of the interface.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

ALIASES: Mapping[str, str] = {
    "inscp_amt": "inscp_scp_amt",
    "overlmt_amt": "overlmt_selfpay",
    "psn_pay": "psn_part_amt",
    "cash_payamt": "psn_cash_pay",
    "othfund_pay": "oth_pay",
}
"""Codes of the platform's core tables -> those of its interface."""

BESIDE: Mapping[str, tuple[str, str]] = {
    "acct_pay": ("个人账户支出", "from the personal account"),
    "psn_cash_pay": ("个人现金支出", "in cash"),
    "oth_pay": ("其他支出", "other funds"),
}
"""Amounts of a sheet that are no line of the vocabulary's statements."""

FUND_ROWS = ("setldetail", "基金分项")
FUND_TYPES: Mapping[str, str] = {
    "310100": "hifp_pay",
    "390100": "hifp_pay",
    "310200": "acct_pay",
    "330100": "hifob_pay",
    "390200": "hifmi_pay",
    "610100": "maf_pay",
}
"""fund_pay_type of a row of setldetail -> the line it is."""


@frozen
class Sum:
    """``total`` is the sum of ``parts``, by code."""

    total: str
    parts: tuple[str, ...]


IDENTITIES = (
    Sum(
        "medfee_sumamt",
        ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt"),
    ),
    Sum("psn_part_amt", ("acct_pay", "psn_cash_pay")),
)
"""Sums of the interface. Those of the funds and of the parties follow from the vocabulary, where
a fund is a line marked as one."""

BOUNDS = (("act_pay_dedc", "inscp_scp_amt"),)
"""Lines that are never above another: the deductible charged, above the eligible amount."""

FUND_TOTAL = "fund_pay_sumamt"
