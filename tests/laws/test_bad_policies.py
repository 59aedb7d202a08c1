"""A policy may be anything: what comes back is a program or diagnostics, never an exception."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tiaowen.compiler.program import Compilation, compile_policy
from tiaowen.dsl.keywords import keywords
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.render import render_json, render_sarif, render_text
from tiaowen.dsl.source import Source

ROOT = Path(__file__).parent.parent.parent
VOCABULARY = (ROOT / "policies/vocabulary.tiao").read_text(encoding="utf-8")
SIX_GRADES = (ROOT / "tests/policies/six-grades.md").read_text(encoding="utf-8")
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
FRONT = "---\n政策: 测试办法\n地区: 131000\n险种: [390]\n施行: 2024-01-01\n有效期: 5年\n---\n\n"


def compiled(text: str, vocabulary: str | None = None) -> Compilation:
    """Compile and render everything found, in both languages and all forms."""
    documents = [] if vocabulary is None else [read_document(Source("vocabulary.tiao", vocabulary))]
    made = compile_policy([*documents, read_document(Source("policy.md", text))])
    for lang in ("zh", "en"):
        render_text(made.diagnostics, lang, False, 80)
        render_json(made.diagnostics, lang)
        render_sarif(made.diagnostics, lang)
    assert made.program is not None or made.diagnostics
    return made


@FEW
@given(cut=st.integers(0, len(SIX_GRADES)))
def test_a_truncated_policy(cut: int) -> None:
    compiled(SIX_GRADES[:cut])


@FEW
@given(data=st.data())
def test_a_policy_with_a_stretch_replaced(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SIX_GRADES) - 1))
    end = data.draw(st.integers(start, min(len(SIX_GRADES), start + 60)))
    noise = data.draw(
        st.one_of(
            st.text(max_size=20), st.sampled_from(["\x00", "```", "| |", "=", "（" * 40, "当当"])
        )
    )
    compiled(SIX_GRADES[:start] + noise + SIX_GRADES[end:])


@FEW
@given(data=st.data())
def test_rules_in_any_order_and_number(data: st.DataObject) -> None:
    lines = [line for line in VOCABULARY.split("\n") if line.strip()]
    chosen = data.draw(st.lists(st.sampled_from(lines), max_size=40))
    compiled(FRONT + "### 第一条\n\n文。\n\n```tiao\n" + "\n".join(chosen) + "\n```\n", VOCABULARY)


@FEW
@given(text=st.text(max_size=400))
def test_any_text_at_all(text: str) -> None:
    compiled(text)
    compiled(FRONT + "```tiao\n" + text + "\n```\n")


@pytest.mark.parametrize("name", sorted(keywords()))
def test_every_keyword_misspelt(name: str) -> None:
    word = keywords()[name]["zh"][0]
    wrong = SIX_GRADES.replace(word, word[:-1] + "犇")
    compiled(wrong)


def rules(count: int) -> str:
    chain = "\n".join(f"量{n} = 量{n - 1} + 1元" for n in range(1, count))
    return ("字段 人\n  | 字段 | 码 | 类型 | 未填 | 英文 |\n  | 费用 | a | 金额 | | \"fee\" |\n"
            f"接口 测\n  | 输出 | 码 | 类型 | 英文 |\n  | 量{count - 1} | b | 金额 | \"out\" |\n事项 测 按 测\n量0 = 费用\n{chain}\n")  # fmt: skip


@pytest.mark.parametrize("count", [100, 10_000])
def test_ten_thousand_rules_one_on_the_other(count: int) -> None:
    made = compile_policy([read_document(Source("many.tiao", rules(count)))])
    assert [d.code for d in made.diagnostics] == ([] if count == 100 else ["TW0311"])


def test_ten_thousand_amendments_of_one_quantity() -> None:
    text = rules(2) + "\n".join(f"量1 加 {n % 7}元 当 费用 > {n}元" for n in range(10_000)) + "\n"
    made = compile_policy([read_document(Source("many.tiao", text))])
    assert all(d.code in ("TW0311", "TW0107") for d in made.diagnostics)


def test_ten_megabytes_of_text() -> None:
    paragraph = "参保居民住院期间发生的政策范围内医疗费用，起付标准以上由基金按75%支付。\n\n" * 1000
    articles = "".join(f"### 第{n}条\n\n{paragraph}" for n in range(1, 100))
    assert len(articles.encode()) > 9_000_000
    compiled(FRONT + articles)


def test_brackets_deep_within_one_another() -> None:
    for depth in (50, 5_000):
        compiled(FRONT + "```tiao\nx = " + "（" * depth + "1元" + "）" * depth + "\n```\n")
        compiled(FRONT + "```tiao\nx = " + "非 " * depth + "是\n```\n")
        compiled(FRONT + "```tiao\nx = " + "1元 + " * depth + "1元\n```\n")
        compiled(FRONT + "```tiao\nx = " + "若 是 则 1元 否则 " * depth + "1元\n```\n")
