"""The table of benefits says what the rules say, and changes when they do."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tiaowen.apps.programs import load_program
from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.review.present.page import page_html, page_markdown, page_text
from tiaowen.review.present.summary import summary_data, summary_page
from tiaowen.review.summary import KINDS, summarize

POLICIES = Path(__file__).parents[2] / "policies"
EVERY = sorted(str(p.relative_to(POLICIES)) for p in POLICIES.glob("*/*.md"))


@cache
def program(name: str) -> Program:
    return load_program(POLICIES / name)


def text(name: str, lang: Lang = "zh") -> str:
    return page_text(summary_page(program(name), lang), False, 100)


def benefit(name: str, kind: str, quantity: str, matter: str) -> dict[str, Any]:
    (found,) = [
        b for b in summary_data(program(name))["benefits"]
        if (b["kind"], b["quantity"]) == (kind, quantity) and matter in b["matters"]
    ]  # fmt: skip
    return dict(found)


def test_a_crossed_table_is_shown_crossed() -> None:
    shown = [line.split() for line in text("ziyang/employee-2023.md").splitlines()]
    assert ["机构级别", "本地", "异地"] in shown
    assert ["三级甲等", "1,000.00元", "1,200.00元"] in shown
    assert ["三级", "80%", "60%"] in shown


def test_amendments_stand_under_their_table_with_articles() -> None:
    found = benefit("ziyang/employee-2023.md", "ratio", "支付比例", "住院")
    assert [(a["operation"], a["article"]) for a in found["amendments"]] == [
        ("raise", "第十八条第（二）项第2目"),
        ("raise", "第十八条第（二）项第2目第2段"),
        ("raise", "第十八条第（二）项第3目"),
        ("at_most", "第十八条第（二）项"),
    ]
    assert found["amendments"][0]["when"] == "待遇人员 = 退休人员"


def test_the_amendment_of_one_matter_is_said_to_be_its_own() -> None:
    found = benefit("ziyang/employee-2023.md", "first_pay", "先行自付比例", "住院")
    assert len(found["matters"]) > 2
    assert {tuple(a["matters"]) for a in found["amendments"]} == {("住院",), ("单行支付药品",)}
    assert "住院：改为 0%" in text("ziyang/employee-2023.md")


def test_caps_and_bands_are_there() -> None:
    shown = text("ziyang/employee-2023.md")
    assert "平均工资 × 6 〔第十二条第（四）项第2段〕" in shown
    assert "> 50,000.00元，≤ 100,000.00元   80%   60%" in shown
    assert shown.count("大额比例 的表") == 1


def test_what_is_left_open_is_not_given_a_figure() -> None:
    shown = text("jinan/basic-2012.md")
    assert "职工起付标准（另行规定：“统一统筹基金支付比例、起付标准和最高支付限额”）" in " ".join(
        shown.split()
    ).replace("。 ", "。")


def test_exclusions_parameters_and_readings_are_listed() -> None:
    data = summary_data(program("ziyang/employee-2023.md"))
    assert {"在境外就医", "目录范围以外"} <= {x["reason"] for x in data["exclusions"]}
    assert "大额起付线" in [p["name"] for p in data["parameters"]]
    assert "转入计次" in [r["name"] for r in data["readings"]]
    assert all(x["article"] for x in data["exclusions"])


def test_a_matter_that_no_fund_pays_for_is_no_benefit() -> None:
    summary = summarize(program("ziyang/employee-2023.md"))
    assert "住院" in summary.matters
    assert not {"单位缴费", "缴费年限", "参保资格"} & set(summary.matters)


@pytest.mark.parametrize("name", EVERY)
def test_every_rule_shown_has_an_article(name: str) -> None:
    for found in summarize(program(name)).benefits:
        assert found.kind in KINDS
        assert all(x.rule.article for x in found.definitions)
        assert all(x.rule.article for x in found.amendments)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", EVERY)
def test_every_policy_has_its_page(name: str, lang: Lang) -> None:
    page = summary_page(program(name), lang)
    assert json.loads(json.dumps(summary_data(program(name)), ensure_ascii=False))
    title = program(name).identity.title
    for shown in (page_text(page, False, 120), page_markdown(page), page_html(page, lang)):
        assert title in shown


def test_a_figure_changed_in_the_policy_changes_in_the_table() -> None:
    changed = [
        read_document(
            Source(path.name, path.read_text(encoding="utf-8").replace("1500元", "1600元"))
        )
        for path in (POLICIES / "vocabulary.tiao", POLICIES / "langfang" / "resident-2024-draft.md")
    ]
    made = compile_policy(changed).demand()
    assert "1,600.00元" in page_text(summary_page(made, "zh"), False, 100)
    assert "1,600.00元" not in text("langfang/resident-2024-draft.md")
