"""What of a regulation is encoded, as text, as a page and as JSON."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tiaowen.apps.files import load
from tiaowen.compiler.coverage import cover
from tiaowen.review.present.coverage import render_html, render_json, render_text
from tiaowen.review.present.coverage_model import CoverageReport, build

ROOT = Path(__file__).parents[2]
HEAD = "---\n政策: <试行>办法\n地区: 131000\n险种: [390]\n施行: 2024-01-01\n---\n\n"
WORDS = """
```tiao
字段 就诊
  | 字段 | 码 | 类型 | 未填 | 英文 |
  | 费用 | amt | 金额 | | "cost" |
  | 天数 | days | 天数 | | "days" |
接口 结算
  | 输出 | 码 | 类型 | 英文 |
  | 支付 | pay | 金额 | "paid" |
```
"""
TEXT = """
### 第一条

为了保障待遇，制定本办法。

```tiao
不编码 "目的，<b>无计算内容</b>"
```

### 第二条

（一）起付标准200元，留观72小时以上的按住院。申报在30日以内。

```tiao
事项 住院 按 结算
起付 = 200元
长留观 = 天数 ≥ 3天 句 1 推导 "72小时 = 3天"
支付 = 若 长留观 则 费用 - 起付 - 加收 否则 0元
```

（二）另加收10元。

```tiao
事项 住院
加收 = 10元 依据 第二条（一）
```
"""


def report(folder: Path, text: str = TEXT) -> CoverageReport:
    path = folder / "policy.md"
    path.write_text(HEAD + text.replace("### 第二条\n", "### 第二条\n" + WORDS, 1), "utf-8")
    compilation = load(path)
    document = compilation.documents[-1]
    coverage = cover(compilation.collected, [document], compilation.grounding)
    return build("policy.md", document, compilation.collected, coverage)


@pytest.fixture
def open_report(tmp_path: Path) -> CoverageReport:
    return report(tmp_path)


def test_every_sentence_has_its_status_and_rules(open_report: CoverageReport) -> None:
    shown = {s.text: s for p in open_report.passages for s in p.sentences}
    assert shown["为了保障待遇，制定本办法。"].status == "set aside"
    assert shown["起付标准200元，留观72小时以上的按住院。"].status == "encoded"
    assert shown["申报在30日以内。"].status == "unexplained"
    numbered = {r.number: r.text for p in open_report.passages for r in p.rules}
    rules = {numbered[n] for n in shown["起付标准200元，留观72小时以上的按住院。"].rules}
    assert "起付 = 200元" in rules


def test_the_words_of_the_text_are_all_there(open_report: CoverageReport) -> None:
    words = "".join(p.lead + "".join(s.text for s in p.sentences) for p in open_report.passages)
    for line in (
        "（一）起付标准200元，留观72小时以上的按住院。申报在30日以内。",
        "（二）另加收10元。",
    ):
        assert line in words


def test_a_rule_stands_beside_its_own_paragraph_once(open_report: CoverageReport) -> None:
    rules = [r for p in open_report.passages for r in p.rules]
    assert len({r.number for r in rules}) == len(rules)
    (item,) = [p for p in open_report.passages if p.lead == "（二）"]
    assert [r.text.split(" ")[0] for r in item.rules] == ["加收"]


def test_a_rule_from_elsewhere_is_named(tmp_path: Path) -> None:
    text = TEXT.replace("另加收10元。", "起付线另加收10元。")
    text = text.replace("依据 第二条（一）", "").replace(
        "长留观 = 天数 ≥ 3天 句 1 推导", "长留观 = 天数 ≥ 3天 句 1 依据 第二条（二） 推导"
    )
    found = report(tmp_path, text)
    (item,) = [p for p in found.passages if p.lead == "（二）"]
    assert [r.text.split(" ")[0] for r in item.also] == ["长留观"]


def test_figures_stand_out_in_their_sentences(open_report: CoverageReport) -> None:
    figures = {
        piece.text: piece.figure
        for p in open_report.passages for s in p.sentences for piece in s.pieces if piece.figure
    }  # fmt: skip
    assert figures["200元"] == "encoded"
    assert figures["30日"] == "unexplained"


def test_text_tells_counts_derivations_and_what_is_open(open_report: CoverageReport) -> None:
    said = render_text([open_report], "zh", False, 100)
    assert "《<试行>办法》  policy.md" in said
    assert re.search(r"数字 +\d+ +\d+ +0 +0 +1\n", said)
    assert "〔第二条第（一）项〕 申报在30日以内。" in said
    assert "〔第二条第（一）项〕 3天：72小时 = 3天 ← 长留观 = 天数 ≥ 3天 句 1\n" in said
    english = render_text([open_report], "en", False, 100)
    assert "unexplained" in english
    assert "Figures that are derived" in english


def test_lines_keep_to_the_width(open_report: CoverageReport) -> None:
    from tiaowen.dsl.render.cells import cells

    said = render_text([open_report], "zh", False, 60)
    assert all(cells(line) <= 60 for line in said.splitlines())


def test_colour_only_where_asked_for(open_report: CoverageReport) -> None:
    assert "\x1b[" not in render_text([open_report], "zh", False, 100)
    assert "\x1b[" in render_text([open_report], "zh", True, 100)


def test_json_holds_counts_and_every_sentence(open_report: CoverageReport) -> None:
    data: dict[str, Any] = json.loads(render_json([open_report]))
    (regulation,) = data["regulations"]
    assert data["complete"] is False
    assert regulation["complete"] is False
    assert regulation["sentences"]["unexplained"] == 1
    assert regulation["sentences"]["total"] == len(regulation["text"])
    assert {s["status"] for s in regulation["text"]} == {
        "encoded", "set aside", "unexplained"
    }  # fmt: skip
    known = {rule["number"] for rule in regulation["rules"]}
    assert {n for s in regulation["text"] for n in s.get("rules", [])} <= known


class _Page(HTMLParser):
    """The classes, links and anchors of a page, and whether tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.classes: set[str] = set()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in ("meta", "br", "link", "img"):
            self.open.append(tag)
        self.ids.add(given.get("id", ""))
        self.classes.update(given.get("class", "").split())
        if tag == "a":
            self.links.add(given["href"])
        if tag in ("link", "img", "script", "iframe"):
            self.fetched.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_stands_alone_and_its_links_lead_somewhere(
    open_report: CoverageReport, lang: Any
) -> None:
    text = render_html([open_report, open_report], lang)
    page = _Page()
    page.feed(text)
    assert page.open == []
    assert page.fetched == []
    assert {"encoded", "set-aside", "unexplained"} <= page.classes
    assert {link.removeprefix("#") for link in page.links} <= page.ids
    assert "@media print" in text


def test_what_a_policy_says_is_escaped(open_report: CoverageReport) -> None:
    text = render_html([open_report], "zh")
    assert "<试行>" not in text
    assert "&lt;试行&gt;" in text
    assert "<b>无计算内容" not in text


def test_nothing_of_the_policies_is_unexplained() -> None:
    path = ROOT / "policies" / "langfang" / "resident-2024-draft.md"
    compilation = load(path)
    document = compilation.documents[-1]
    found = build(
        "draft", document, compilation.collected,
        cover(compilation.collected, [document], compilation.grounding),
    )  # fmt: skip
    assert found.complete
    assert found.unexplained == ()
    assert found.figures.encoded > 40
    assert found.sentences.encoded > 100
