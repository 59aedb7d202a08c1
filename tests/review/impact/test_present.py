"""How an impact is shown: golden pages in both languages, HTML and data.

After a wanted change of words or layout, run with ``UPDATE_GOLDEN=1`` and read the diff.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from attrs import evolve
from tests.review.impact.population import (
    BASE,
    BREAKDOWNS,
    COMPARED,
    INTERVAL,
    NOTHING,
    ONE,
    REASONS,
    TWO,
    row,
)

from tiaowen.compiler.core import Program
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.render.cells import cells
from tiaowen.review.impact.records import Bin, Breakdown, Impact, Side
from tiaowen.review.present.impact import impact_markdown, impact_text
from tiaowen.review.present.impact_data import impact_data
from tiaowen.review.present.impact_names import ImpactNames
from tiaowen.review.present.impact_page import fund_bars, impact_html, people_bars
from tiaowen.review.present.impact_words import Said, masked

GOLDEN = Path(__file__).parent / "golden"
LANGS: tuple[Lang, Lang] = ("zh", "en")


def same_as_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def shown(impact: Impact, program: Program, lang: Lang = "zh", width: int = 80) -> str:
    return impact_text(impact, lang, False, width, ImpactNames.of(program, lang), REASONS)


@pytest.mark.parametrize("lang", LANGS)
def test_text_and_markdown(langfang: Program, lang: Lang) -> None:
    same_as_golden(f"one.{lang}.txt", shown(ONE, langfang, lang))
    same_as_golden(f"two.{lang}.txt", shown(TWO, langfang, lang))
    same_as_golden(
        f"one.{lang}.md", impact_markdown(ONE, lang, ImpactNames.of(langfang, lang), REASONS)
    )


def test_data(langfang: Program) -> None:
    text = json.dumps(impact_data(TWO, REASONS), ensure_ascii=False, indent=1) + "\n"
    same_as_golden("two.json", text)
    assert "131000000000000001" not in text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_narrow_terminal_is_kept_to(langfang: Program, lang: Lang, width: int) -> None:
    for impact in (ONE, TWO):
        lines = shown(impact, langfang, lang, width).splitlines()
        assert max(cells(line) for line in lines) <= width


# --- figures


@pytest.mark.parametrize(
    ("change", "before", "said"),
    [
        (1, 8, "+12.50%"),
        (-1, 8, "−12.50%"),
        (1, 20_000, "+0.01%"),  # 0.005 in 100: half goes up
        (-1, 20_000, "−0.01%"),
        (1, 20_001, "+0.00%"),
        (250_000, 100, "+250,000.00%"),
        (0, 8, "0.00%"),
        (5, 0, "—"),
    ],
)
def test_percentages_are_rounded_half_up(change: int, before: int, said: str) -> None:
    assert Said("zh").percent(change, before) == said


def test_a_change_of_more_than_all_money_that_a_float_holds_is_exact() -> None:
    whole = 9_007_199_254_740_993  # 2^53 + 1
    assert Said("zh").signed(whole) == "+90,071,992,547,409.93"
    assert Said("en").money(-whole) == "−90,071,992,547,409.93 yuan"


@pytest.mark.parametrize(
    ("low", "high", "zh", "en"),
    [
        (None, -10_000, "少付100元以上", "over 100 yuan less"),
        (-30_000, -10_000, "少付100–300元", "100–300 yuan less"),
        (-10_000, 0, "少付100元以内", "up to 100 yuan less"),
        (0, 10_050, "多付100.50元以内", "up to 100.50 yuan more"),
        (10_000, 30_000, "多付100–300元", "100–300 yuan more"),
        (1_000_000, None, "多付10,000元以上", "over 10,000 yuan more"),
        (0, None, "多付0元以上", "over 0 yuan more"),
        (None, 0, "少付0元以上", "over 0 yuan less"),
    ],
)
def test_ranges(low: int | None, high: int | None, zh: str, en: str) -> None:
    assert (Said("zh").range(Bin(low, high, 1)), Said("en").range(Bin(low, high, 1))) == (zh, en)


@pytest.mark.parametrize(
    ("person", "seen"),
    [("131000000000000001", "…0001"), ("12345678", "…5678"), ("12345", "…45"), ("1", "…"),
     ("", "…"), ("ab\x1b[2Jcdefgh", "…efgh")],
)  # fmt: skip
def test_a_number_is_masked(person: str, seen: str) -> None:
    assert masked(person) == seen


# --- what is said


def test_a_sample_says_what_it_leaves_open(langfang: Program) -> None:
    sampled = evolve(COMPARED, total=evolve(COMPARED.total, weight=30, interval=INTERVAL))
    sample = Impact(BASE, 5, 4, (sampled,), True, 50, 41)
    text = shown(sample, langfang, width=200)
    assert "按人重抽1,000次，基金支付的变化有95%落在 −20.00元 至 1,100.00元 之间" in text
    assert "申报是样本，代表50件、41人" in text
    assert "interval" not in shown(ONE, langfang, "en")


def test_a_saving_and_nobody_who_gains(langfang: Program) -> None:
    """7,350 − 7,000 = 350, 350 / 7,350 = 4.7619… in 100."""
    total = evolve(row("", 3, 7_350, 7_000, 12_300), losers=Side(3, 35_000, 11_667, 20_000))
    less = evolve(COMPARED, total=total)
    text = shown(evolve(ONE, comparisons=(less,)), langfang, width=200)
    assert "基金支付：7,350.00元 → 7,000.00元，减少350.00元（−4.76%）。" in text
    assert "没有人少付；3人多付（平均116.67元，最多200.00元，合计350.00元）；0人不变。" in text


def test_what_is_not_settled_is_said_even_where_nothing_is(langfang: Program) -> None:
    text = shown(evolve(ONE, comparisons=(NOTHING,)), langfang)
    assert "没有一件申报是两边都能结算的" in text
    assert re.search(r"基准 +TW0601 +\S+ +医院等级 +1 +80.00", text)
    assert re.search(r"TW0601 +\S+ +医院等级 +5 +13,580.00", text)
    assert "只有基准能结算的4件，基准支付8,250.00元" in text


def test_claims_may_have_no_encounters(langfang: Program) -> None:
    """In the table and among the reasons the number is left out, the person stays."""
    (one, *_) = COMPARED.most_changed
    nameless = evolve(COMPARED, most_changed=(evolve(one, encounter=""),))
    text = shown(evolve(ONE, comparisons=(nameless,)), langfang)
    assert re.search(r"…0001 +1 +4,000.00 +3,500.00 +−500.00 +没有找到", text)


def test_columns_that_are_left_out_are_said_to_be(langfang: Program) -> None:
    assert "JSON" in shown(ONE, langfang, width=60).splitlines()[-1]
    assert "own change" in shown(ONE, langfang, "en", width=120)
    assert "left out" not in shown(ONE, langfang, "en", width=120)


def test_groups_have_words(langfang: Program) -> None:
    zh, en = (ImpactNames.of(langfang, lang) for lang in LANGS)
    for dimension, label, chinese, english in (
        ("matter", "住院", "住院", "inpatient stay"),
        ("matter", "别的", "别的", "别的"),
        ("level", "02", "三级甲等", "tertiary, class A"),
        ("level", "三级甲等", "三级甲等", "tertiary, class A"),
        ("level", "77", "77", "77"),
        ("kind", "14", "居民未成年", "resident, minor"),
        ("kind", "11", "在职", "in work"),
        ("kind", "", "未填", "not given"),
        ("place", "area", "参保地统筹区内", "in the insured's own area"),
        ("decile", "01", "费用最低的一成", "lowest-cost tenth"),
        ("decile", "09", "第九成", "tenth no. 9"),
        ("decile", "10", "费用最高的一成", "highest-cost tenth"),
        ("age", "18–44", "18–44", "18–44"),
    ):
        assert (zh.group(dimension, label), en.group(dimension, label)) == (chinese, english)


def test_places_go_from_near_to_far(langfang: Program) -> None:
    rows = tuple(row(label, 1, 1, 1, 1) for label in ("area", "elsewhere", "province", ""))
    found = ImpactNames.of(langfang, "zh").ordered(Breakdown("place", rows))
    assert [r.label for r in found] == ["", "area", "province", "elsewhere"]


# --- the page


@pytest.mark.parametrize("lang", LANGS)
def test_html_is_whole_and_reads_no_markup(langfang: Program, lang: Lang) -> None:
    pytest.importorskip("vl_convert")
    html = impact_html(ONE, lang, ImpactNames.of(langfang, lang), REASONS)
    assert html.startswith("<!DOCTYPE html>")
    assert "<b>E-0003</b>" not in html
    assert "&lt;b&gt;E-0003&lt;/b&gt;" in html
    assert not re.search(r"""(src|href)\s*=\s*["']?https?:""", html)
    assert "@media print" in html
    assert "131000000000000001" not in html
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(pictures) == len(BREAKDOWNS) + 1
    assert all(ElementTree.fromstring(svg).get("aria-label") for svg in pictures)


def test_pictures_say_the_figures_of_the_tables(langfang: Program) -> None:
    said, names = Said("zh"), ImpactNames.of(langfang, "zh")
    bars = fund_bars(BREAKDOWNS[0], said, names).bars
    assert [(b.label, b.value, b.text, b.tone) for b in bars] == [
        ("住院", 600, "+600.00 (+8.33%)", "gain"),
        ("门诊统筹", -50, "−50.00 (−33.33%)", "loss"),
    ]
    assert [(b.label, b.value, b.tone) for b in people_bars(COMPARED, said).bars] == [
        ("少付100元以上", 1, "gain"), ("少付100元以内", 1, "gain"),
        ("多付100元以内", 1, "loss"),
    ]  # fmt: skip


def test_a_page_without_amounts_draws_nothing(langfang: Program) -> None:
    html = impact_html(evolve(ONE, comparisons=(NOTHING,)), "en", ImpactNames.of(langfang, "en"))
    assert "<svg" not in html
    assert "There is no claim that both settle" in html
