"""What a person sees of a decision, in both languages and in wide and narrow terminals.

The golden files under ``golden`` hold each scene. To write them anew after a change of the
layout, run these tests with ``UPDATE_GOLDEN=1`` and read the diff.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.review.decided_scenes import SCENES, program

from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.render.cells import cells
from tiaowen.engine.claims.reading import claim_data
from tiaowen.engine.telling.as_json import to_data
from tiaowen.engine.telling.explanation import Term
from tiaowen.review.present.build import build
from tiaowen.review.present.html import render_html
from tiaowen.review.present.markdown import render_markdown
from tiaowen.review.present.mask import Mask, masked, shown_masked
from tiaowen.review.present.model import Branch, Entry
from tiaowen.review.present.quotes import MOST, excerpt
from tiaowen.review.present.text import render_text

GOLDEN = Path(__file__).parent / "golden"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def shown(name: str, lang: Lang, width: int, *, color: bool = False, lines: str = "table") -> str:
    scene = SCENES[name]()
    return render_text(
        scene.explanation,
        scene.decision.problems,
        lang,
        color,
        width,
        why_not=name == "transfer",
        lines="all" if lines == "all" else "table",
        claim=scene.claim,
        program=program(),
    )


def same_as_golden(path: Path, text: str) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [100, 50])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", SCENES)
def test_a_decision_reads_as_its_golden_file(name: str, lang: Lang, width: int) -> None:
    same_as_golden(GOLDEN / "text" / f"{name}.{lang}.{width}.txt", shown(name, lang, width))


@pytest.mark.parametrize("width", [40, 57, 80])
@pytest.mark.parametrize("name", SCENES)
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    text = shown(name, "zh", width)
    report, _, rest = text.partition("错误[")
    own = report + (rest.partition("本案未能算出")[2] if rest else "")
    assert [line for line in own.split("\n") if cells(line) > width] == []


@pytest.mark.parametrize("name", SCENES)
def test_colour_changes_no_letter(name: str) -> None:
    assert ANSI.sub("", shown(name, "zh", 80, color=True)) == shown(name, "zh", 80)


def test_every_step_is_told_once() -> None:
    for make in SCENES.values():
        scene = make()
        report = build(scene.explanation, scene.decision.problems, "zh", lines="all")
        told = [e.step for b in (*report.steps, *report.rest) for e in entries_of(b)]
        told += [e.step for t in report.lines for b in t.details for e in entries_of(b)]
        zeros = {name for name in (report.zeros.text if report.zeros else "").split("、") if name}
        left = [s for s in scene.explanation.steps if s.id not in told]
        assert len(told) == len(set(told))
        assert {s.quantity for s in left} == zeros


def entries_of(branch: Branch) -> Iterator[Entry]:
    yield from branch.entries
    for child in branch.children:
        yield from entries_of(child)


def test_every_line_can_be_told_step_by_step() -> None:
    text = shown("transfer", "zh", 100, lines="all")
    assert (
        "先行自付金额（明细 3） = (金额 − 全自费金额) × 先行自付比例 = (432.15元 − 0.00元) × 10% = 43.22元"
        in text
    )


# --- Markdown and HTML


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", SCENES)
def test_markdown_and_html_stand_in_their_golden_files(name: str, lang: Lang) -> None:
    scene = SCENES[name]()
    problems = scene.decision.problems
    markdown = render_markdown(
        scene.explanation, problems, lang, claim=scene.claim, program=program()
    )
    html = render_html(scene.explanation, problems, lang, claim=scene.claim, program=program())
    same_as_golden(GOLDEN / "markdown" / f"{name}.{lang}.md", markdown)
    same_as_golden(GOLDEN / "html" / f"{name}.{lang}.html", html)


class Tags(HTMLParser):
    """What is open, where it closes, and every attribute."""

    VOID: ClassVar[set[str]] = {"meta", "br", "hr", "link", "img", "input"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", SCENES)
def test_the_page_is_whole_and_fetches_nothing(name: str) -> None:
    scene = SCENES[name]()
    html = render_html(
        scene.explanation,
        scene.decision.problems,
        "zh",
        why_not=True,
        lines="all",
        claim=scene.claim,
        program=program(),
    )
    page = Tags()
    page.feed(html)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    targets = [value[1:] for key, value in page.attributes if key == "href" and value]
    assert set(targets) <= set(page.ids)
    assert [a for a in page.attributes if a[0] == "src"] == []
    assert not re.search(r"https?://|@import|url\(", html)


def test_what_a_claim_says_cannot_become_markup() -> None:
    scene = SCENES["transfer"]()
    nasty = "<script>alert(1)</script>|*a*"
    fields = {**scene.claim.fields, "姓名": nasty}
    claim = evolve(scene.claim, fields=fields)
    html = render_html(scene.explanation, (), "zh", claim=claim, program=program())
    markdown = render_markdown(scene.explanation, (), "zh", claim=claim, program=program())
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
    assert r"\<script\>alert(1)\</script\>\|\*a\*" in markdown


# --- quotations


WORDS = (
    "起付标准：一级及以下医疗机构200元；二级医疗机构500元；三级医疗机构1500元。中医医院起付标准较同级综合医院下浮一级。"
    "支付比例为：一级及以下医疗机构90%；二级医疗机构百分之七十五，三级医疗机构60%。"
)


@pytest.mark.parametrize(("value", "kind", "key", "said"), [
    (50_000, "金额", "二级", "…二级医疗机构500元；…"),
    (150_000, "金额", "三级", "…三级医疗机构1500元。"),
    (Fraction(3, 4), "比例", "二级", "…二级医疗机构百分之七十五，三级医疗机构60%。"),
])  # fmt: skip
def test_the_clause_with_the_figure_is_quoted(
    value: int | Fraction, kind: str, key: str, said: str
) -> None:
    term = Term("table", value, kind, text=key, terms=(Term("constant", value, kind),))
    assert excerpt(WORDS, term, [key]) == said


@given(st.text("条，。；第一款元500%的在", max_size=300), st.integers(0, 1000))
def test_a_quotation_is_short_and_stands_in_the_text(words: str, value: int) -> None:
    quote = excerpt(words, Term("constant", value, "金额"), ["一款"])
    assert len(quote) <= MOST + 2
    assert quote.strip("…") in " ".join(words.split())


# --- masking


PERSONAL = ("13100000000000230917", "王秀兰", "1966年8月14日", "1966-08-14", "MD20240311", "MD20240301",
            "ST20240320000233")  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_masked_decision_names_nobody(lang: Lang) -> None:
    scene = SCENES["transfer"]()
    explanation, claim, problems = shown_masked(
        scene.explanation, scene.claim, scene.decision.problems, program()
    )
    shown = [
        render_text(
            explanation,
            problems,
            lang,
            False,
            100,
            why_not=True,
            lines="all",
            claim=claim,
            program=program(),
        ),
        render_markdown(explanation, problems, lang, why_not=True, claim=claim, program=program()),
        render_html(explanation, problems, lang, why_not=True, claim=claim, program=program()),
        json.dumps(to_data(masked(scene.explanation)), ensure_ascii=False),
    ]
    for text in shown:
        assert [word for word in PERSONAL if word in text] == []
    same_as_golden(GOLDEN / "text" / f"masked.{lang}.100.txt", shown[0])


def test_the_same_number_keeps_the_same_token() -> None:
    scene = SCENES["transfer"]()
    explanation, claim, _ = shown_masked(scene.explanation, scene.claim, (), program())
    assert claim is not None
    assert claim.fields["就诊ID"] == "就诊1"
    assert claim.fields["转院前就诊ID"] == explanation.facts["转院前就诊ID"] == "就诊2"
    assert "申报 就诊2" in render_text(explanation, (), "zh", False, 100)


def test_a_decision_file_can_be_masked() -> None:
    data = claim_data(SCENES["transfer"]().claim, program())
    text = json.dumps(Mask.of(program()).data(data), ensure_ascii=False)
    assert [word for word in PERSONAL if word in text] == []
    assert '"出生日期": "1966"' in text


@pytest.mark.parametrize("render", [render_markdown, render_html, None])
def test_no_text_of_a_claim_steers_the_terminal_or_breaks_a_line(render: object) -> None:
    scene = SCENES["transfer"]()
    facts = {**scene.claim.fields, "姓名": "王\x1b[31m\n统筹支付 99,999.00元\x07"}
    claim = evolve(scene.claim, fields=facts)
    if callable(render):
        text = render(scene.explanation, (), "zh", claim=claim, program=program())
    else:
        text = render_text(scene.explanation, (), "zh", False, 100, claim=claim, program=program())
    assert "\x1b" not in text
    assert "\x07" not in text
    assert not any(line.startswith("统筹支付 99") for line in text.split("\n"))
