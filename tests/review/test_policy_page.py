"""The page of a policy holds its whole text, its rules and cases, and what is made from them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tiaowen.apps.programs import load_program
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.review.present.policy_page import Listed, policies_page, policy_page

POLICIES = Path(__file__).parents[2] / "policies"
EVERY = sorted(POLICIES.glob("*/*.md"))


def page(path: Path, lang: Lang = "zh") -> str:
    return policy_page(
        Source(str(path), path.read_text(encoding="utf-8")), load_program(path), lang
    )


def squeezed(text: str) -> str:
    return re.sub(r"[#\s]+", "", text)


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_nothing_of_the_text_is_lost(path: Path) -> None:
    made = squeezed(page(path))
    document = read_document(Source(str(path), path.read_text(encoding="utf-8")))
    assert document.paragraphs
    for paragraph in document.paragraphs:
        assert squeezed(paragraph.text) in made, str(paragraph.path)
    for block in document.blocks:
        assert squeezed(block.text) in made


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_every_fence_is_closed_and_every_case_folds(path: Path) -> None:
    lines = page(path).splitlines()
    assert sum(line.startswith("```") for line in lines) % 2 == 0
    document = read_document(Source(str(path), path.read_text(encoding="utf-8")))
    cases = sum(block.kind != "tiao" for block in document.blocks)
    assert sum(line.startswith("<details") for line in lines) == cases
    assert lines.count("</details>") == cases


def test_the_page_has_one_title_and_its_parts_in_order() -> None:
    text = page(POLICIES / "ziyang" / "employee-2023.md")
    prose = re.sub(r"(?ms)^```.*?^```$", "", text)
    heads = [line for line in prose.splitlines() if re.match(r"#{1,2} ", line)]
    assert heads == ["# 资阳市职工医疗（生育）保险实施办法", "## 待遇一览", "## 条文与规则"]
    assert "### 起付标准" in text
    assert "| 三级甲等 | 1,000.00元 | 1,200.00元 |" in text
    assert "### 第一章 总则" in text
    assert "- 转入计次：不计（默认） \\| 计 〔第十八条第（一）项第3目〕" in text


def test_a_case_that_holds_markup_stays_a_case() -> None:
    policy = (POLICIES / "langfang" / "resident-2024-draft.md").read_text(encoding="utf-8")
    changed = policy + "\n```案例 <b>粗</b>\n# 不是标题\n```\n"
    text = policy_page(
        Source("p.md", changed),
        load_program(POLICIES / "langfang" / "resident-2024-draft.md"),
        "en",
    )
    assert "<summary>案例 &lt;b&gt;粗&lt;/b&gt;</summary>" in text
    assert "\n# 不是标题\n" in text


@pytest.mark.parametrize(("lang", "said"), [("zh", "征求意见稿，尚未施行"), ("en", "not in force")])
def test_the_list_names_every_policy(lang: Lang, said: str) -> None:
    listed = [Listed(f"{path.stem}.md", load_program(path).identity) for path in EVERY]
    text = policies_page(listed, lang)
    assert all(f"]({path.stem}.md)" in text for path in EVERY)
    assert said in text
