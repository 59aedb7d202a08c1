"""How the changes that would matter are told: golden pages in both languages, HTML and data.

After a wanted change of words or layout, run with ``UPDATE_GOLDEN=1`` and read the diff.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tiaowen.compiler.core import Program
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.render.cells import cells
from tiaowen.engine.claims.reading import claim_data, read_claim
from tiaowen.engine.frames import Claim
from tiaowen.engine.history.person import decide_person
from tiaowen.review.counterfactual import WhatIf, what_if
from tiaowen.review.present.counterfactual import Shown, shown, whatif_page
from tiaowen.review.present.counterfactual_data import whatif_data
from tiaowen.review.present.counterfactual_html import whatif_html
from tiaowen.review.present.page import page_markdown, page_text

GOLDEN = Path(__file__).parent / "golden"
STAY = {
    "人员编号": "131000000001", "出生日期": "1970-05-01", "险种": "城乡居民", "参保地": "131000",
    "人员类别": "居民成年", "就诊ID": "甲", "医疗类别": "普通住院", "医院等级": "三级甲等",
    "入院时间": "2024-03-01 08:00", "出院时间": "2024-03-10 10:00", "就医地": "370102",
    "备案类别": "其他临时外出", "备案地": "370100", "备案日期": "2024-02-20",
    "明细": [
        {"项目名称": "<b>药品</b>", "金额": "9000.00", "收费项目等级": "甲", "目录类别": "西药中成药"},
        {"项目名称": "检查", "金额": "1000.00", "收费项目等级": "乙", "目录类别": "医疗服务项目"},
        {"项目名称": "检查", "金额": "1000.00", "收费项目等级": "乙", "目录类别": "医疗服务项目"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def asked(langfang: Program) -> tuple[Claim, WhatIf]:
    claim = read_claim(STAY, langfang, "住院")
    return claim, what_if(langfang, claim, most_pairs=40)


def view(asked: tuple[Claim, WhatIf], lang: Lang, **options: Any) -> Shown:
    claim, found = asked
    return shown(found, claim, (), lang, **options)


def same_as_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_and_markdown(asked: tuple[Claim, WhatIf], lang: Lang) -> None:
    page = whatif_page(view(asked, lang, both=True, limit=6))
    same_as_golden(f"stay.{lang}.txt", page_text(page, color=False, width=100))
    same_as_golden(f"stay.{lang}.md", page_markdown(page))


def test_a_narrow_terminal_is_kept_to(asked: tuple[Claim, WhatIf]) -> None:
    text = page_text(whatif_page(view(asked, "zh")), color=False, width=40)
    assert max(cells(line) for line in text.splitlines()) <= 40


def test_the_same_change_of_two_lines_is_one_entry(asked: tuple[Claim, WhatIf]) -> None:
    """Two examinations of 1,000.00, each 10% first-pay: class A brings 100 × 90% × 60% = 54."""
    (way,) = [
        way for way in view(asked, "zh").better if "收费项目等级" in way.text and not way.note
    ]
    assert way.gain == "+54.00元"
    assert way.text == "第2项“检查”的收费项目等级 乙 → 甲（第3项同样改变，各得同样结果）"


def test_html_is_whole_and_reads_no_markup(asked: tuple[Claim, WhatIf]) -> None:
    pytest.importorskip("vl_convert")
    html = whatif_html(view(asked, "zh", both=True))
    assert html.startswith("<!DOCTYPE html>")
    assert "<b>药品</b>" not in html
    assert "&lt;b&gt;药品&lt;/b&gt;" in html
    assert not re.search(r"""(src|href)\s*=\s*["']?https?:""", html)
    assert "@media print" in html
    assert html.count("<svg") == 1
    assert html == whatif_html(view(asked, "zh", both=True))


def test_data_says_enough_to_make_the_change(
    asked: tuple[Claim, WhatIf], langfang: Program
) -> None:
    """Whoever has the claim and the data can file it anew and get the same result."""
    claim, found = asked
    data = json.loads(json.dumps(whatif_data(found), ensure_ascii=False))
    assert (data["format"], data["version"]) == ("tiaowen whatif", 1)
    assert data["measure"] == {"line": "个人负担", "code": "psn_part_amt", "better": "less",
                               "value": found.value}  # fmt: skip
    assert len(data["better"]) == len(found.better)
    for way in data["better"]:
        again = claim_data(claim, langfang)
        for change in way["changes"]:
            for fact in change["facts"]:
                record = again
                if "collection" in fact:
                    record = again[fact["collection"]][fact["index"]]
                record[fact["field"]] = fact["after"]
        made = decide_person(langfang, read_claim(again, langfang, "住院")).decision
        assert made.values["个人负担"] == way["value"]
        assert way["value"] == found.value - way["gain"]
        assert {"quantity", "before", "after", "rule"} <= set(way["steps"][0])


def test_what_is_worse_is_told_only_when_asked_for(asked: tuple[Claim, WhatIf]) -> None:
    found = asked[1]
    plain = page_text(whatif_page(view(asked, "en")), color=False, width=100)
    assert f"Changes that would make it worse: {len(found.worse)};" in plain
    assert "Worse for the person" not in plain
    both = page_text(whatif_page(view(asked, "en", both=True, limit=2)), color=False, width=100)
    assert f"Worse for the person ({len(found.worse)})" in both
    assert f"Not listed: {len(found.worse) - 2} more" in both
