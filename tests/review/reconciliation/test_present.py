"""A reconciliation as people read it, and as data."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.review.reconciliation.small import found, sheet, stay

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.present.page import page_html, page_markdown, page_text
from tiaowen.review.present.reconciliation import reconciliation_page
from tiaowen.review.present.reconciliation_data import reconciliation_data
from tiaowen.review.reconciliation.records import Charged

PAGE = """\
Settlement reconciled 《核对试验办法》 stay

The charged figures agree with one another.

Line by line (yuan)
     line         by the policy  charged  difference
     year                  2024        —
     total cost          890.00        —
  ≠  eligible            850.00   890.00      +40.00
  ≠  deductible          300.00   800.00     +500.00
  ≠  pooled fund         440.00    72.00     −368.00
     all funds           440.00        —
     the person          450.00        —

Lines that differ: 3. The first is eligible: 850.00 yuan by the policy, 890.00 yuan charged. 〔第一
条〕

How the policy comes to it
· eligible = sum(each amount) = 600.00 yuan + 250.00 yuan = 850.00 yuan 〔第一条〕

What gives exactly the charged figures
This explanation gives exactly the charged figures.

Explanation 1: two together
· any of these
  · hospital grade taken as “tertiary”; the claim says “secondary”
  · the table of “deductible” read at “三级”, not at “二级” 〔第一条〕
· and own of fee line 3 “陪护” taken as “no”; the claim says “yes”
· the first step it changes: eligible, 850.00 yuan → 890.00 yuan 〔第一条〕
"""


def text(charged: Charged, lang: Lang = "en", width: int = 100, **options: Any) -> str:
    return page_text(reconciliation_page(found(charged, **options), lang), False, width)


def test_the_whole_page() -> None:
    # the companion's 40.00 counted at a tertiary hospital: (890 − 800) × 80% = 72.00
    shown, effort = text(sheet(inscp_scp_amt=890, crt_dedc=800, hifp_pay=72)).rsplit("\n\n", 1)
    assert shown + "\n" == PAGE
    assert effort.startswith("12 single causes and ")
    assert "Not tried: two causes neither of which\nalone bears on the first line" in effort


def test_in_chinese() -> None:
    shown = text(sheet(crt_dedc=300, hifp_pay=440), "zh", claim=stay(高龄=True))
    assert "最先不同的是起付线：按政策 250.00元，收取 300.00元。" in shown
    assert "· 高龄按“否”结算，而数据是“是”" in shown
    assert "· 漏了规则：起付线 减 50元 当 高龄 〔第一条〕" in shown
    assert "· 最先改变的一步：起付线，250.00元 → 300.00元 〔第一条〕" in shown


def test_what_does_not_reproduce_is_called_so() -> None:
    shown = text(sheet(crt_dedc="812.34", hifp_pay=40))
    assert "No cause, and no two, was found that gives the charged figures." in shown
    assert "The nearest, which does not give them, is: hospital grade taken as “tertiary”" in shown
    assert "  · deductible: 800.00 yuan in that case, 812.34 yuan charged" in shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_of_a_claim_is_markup(lang: Lang) -> None:
    claim = stay(明细=[{"项目名称": "<b>x</b>", "金额": "600", "自费": True}])
    made = found(sheet(inscp_scp_amt=600), claim)
    assert "&lt;b&gt;x&lt;/b&gt;" in page_html(reconciliation_page(made, lang), lang)
    assert "<b>x</b>" not in page_html(reconciliation_page(made, lang), lang)


def test_a_difference_of_ratios_is_in_points_and_a_table_in_markdown_has_its_columns() -> None:
    made = found(sheet(支付比例="70%", hifp_pay=385))
    lines = page_markdown(reconciliation_page(made, "en")).splitlines()
    row = next(line for line in lines if "支付比例" in line)
    assert row == "| ≠ | 支付比例 | 80% | 70% | −10 percentage points |"


def test_as_data_it_is_complete_and_plain_json() -> None:
    made = found(sheet(inscp_scp_amt=890, crt_dedc=800, hifp_pay=72), claim=stay())
    data = json.loads(json.dumps(reconciliation_data(made), ensure_ascii=False))
    assert (data["format"], data["agrees"], data["first"]) == (
        "tiaowen reconciliation", False, "范围内")  # fmt: skip
    (group,) = data["groups"]
    (member,) = group["members"]
    assert [[cause["kind"] for cause in slot] for slot in member["slots"]] == [
        ["wrong fact", "wrong row"], ["wrong fact"]
    ]  # fmt: skip
    assert member["rank"] == [2, 6], "a fact of the claim 2, of a fee line 4"
    assert member["slots"][1][0]["settings"][0] == {
        "field": "自费", "collection": "明细", "index": 2, "item": -1, "before": True,
        "after": False,
    }  # fmt: skip
    assert group["statement"]["统筹支付"] == 7200
