"""Outcomes in words: sentences, ranges, steps side by side, the page. The golden files stand in
``golden``; to write them anew after a change of the words, run with ``UPDATE_GOLDEN=1``."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path

import pytest
from tests.review.difference.towns import HILLS, PAIR, PLAIN, outcomes, town

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.difference import compare_policies
from tiaowen.review.difference.outcomes import compare_outcomes
from tiaowen.review.difference.outcomes.relative import PLACES
from tiaowen.review.difference.records import Difference, Part, Side
from tiaowen.review.present.difference_outcomes import outcome_blocks, summary
from tiaowen.review.present.difference_outcomes_data import outcomes_data
from tiaowen.review.present.difference_page import difference_html
from tiaowen.review.present.outcome_charts import heats, pictures
from tiaowen.review.present.outcome_words import words_of
from tiaowen.review.present.page import Page, page_markdown, page_text

WITNESSES: tuple[Part, ...] = ("witnesses",)
GOLDEN = Path(__file__).parent / "golden"


def same_as_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@cache
def page(lang: Lang) -> Page:
    return Page("", tuple(outcome_blocks(outcomes(), lang)))


@cache
def difference() -> Difference:
    return compare_policies(town(HILLS), town(PLAIN), "住院")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_outcomes_read_as_their_golden_file(lang: Lang) -> None:
    same_as_golden(f"outcomes.{lang}.80.txt", page_text(page(lang), False, 80))


def test_the_summary_is_three_sentences() -> None:
    found = outcomes()
    sentences = summary(found, words_of(found.first, found.second, "zh"))
    assert len(sentences) == 3
    # Plain grows without end: at 100,000 it pays 80% of 99,500 to the elderly, Hills 20,000
    assert "平原" not in sentences[2]
    assert "廊坊付79,600元，重庆付20,000元，多59,600元" in sentences[2]
    same = outcomes(HILLS, HILLS)
    (sentence,) = summary(same, words_of(same.first, same.second, "zh"))
    assert "全部相同" in sentence


@pytest.mark.parametrize("width", [40, 80])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    from tiaowen.dsl.render.cells import cells

    text = page_text(page("zh"), False, width)
    assert max(cells(line) for line in text.splitlines()) <= width


def test_parts_can_be_had_alone() -> None:
    only = page_markdown(Page("", tuple(outcome_blocks(outcomes(), "zh", WITNESSES))), 0)
    assert "最简单的一笔" in only
    assert "谁在哪里多得" not in only


def test_pictures_show_each_level_with_its_bends() -> None:
    found = outcomes()
    drawn = pictures(found, words_of(found.first, found.second, "zh"))
    assert [chart.title.split("，")[0] for chart in drawn] == [
        "三级医院", "二级医院", "一级及以下医院",
    ]  # fmt: skip
    labels = [kink.label for kink in drawn[0].kinks]
    assert labels == ["起付1,000元 第一条", "封顶20,000元 第二条", "起付500元 第一条"]


def test_the_table_of_gains_counts_what_the_second_pays_above_the_first() -> None:
    found = outcomes()
    (heat, *_) = heats(found, words_of(found.first, found.second, "zh"))
    # at 2,000: tertiary 70% of 1,500 less 80% of 1,000; primary 70% of 1,500 less 80% of 1,900
    values = {(c.row, c.column): c.value for c in heat.cells if not c.column.startswith("老")}
    assert [v for (row, _), v in values.items() if row == "三级"] == [250.0]
    assert [v for (row, _), v in values.items() if row == "一级及以下"] == [-470.0]


def test_data_holds_every_point_and_both_explanations() -> None:
    data = json.loads(json.dumps(outcomes_data(outcomes()), ensure_ascii=False))
    assert data["claims"] == sum(len(one["points"]) for one in data["compared"])
    told = data["witnesses"][0]
    assert {"first", "second"} <= told.keys()
    assert told["first"]["explanation"]["steps"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_complete_and_fetches_nothing(lang: Lang) -> None:
    html = difference_html(difference(), lang)
    assert html.startswith("<!DOCTYPE html>")
    assert len(re.findall("<h2>", html)) == 9
    assert not re.search(r'(?:href|src)="(?!#)|<script|@import|url\((?!#)', html)
    assert html.count("<svg") >= 4
    assert ("谁在哪里多得" in html) == (lang == "zh")


def test_a_page_of_one_text_says_so() -> None:
    same = compare_policies(town(HILLS), town(HILLS))
    assert "没有差别" in difference_html(same, "zh")


def test_what_a_policy_says_is_escaped() -> None:
    risky = PLAIN.replace("没有备案的，没有规定", "<b>没有</b>")
    html = difference_html(compare_policies(town(HILLS), town(risky), "住院"), "zh")
    assert "<b>没有</b>" not in html
    assert "&lt;b&gt;没有&lt;/b&gt;" in html


def test_progress_is_told() -> None:
    heard: list[tuple[int, int]] = []
    compare_outcomes(Side(town(HILLS)), Side(town(HILLS)), PAIR,
                     progress=lambda done, of: heard.append((done, of)))  # fmt: skip
    assert heard[-1][0] == heard[-1][1] == len(heard)


def test_every_place_is_said_in_both_languages() -> None:
    for place in PLACES.values():
        assert place.chinese
        assert place.english.isascii()
