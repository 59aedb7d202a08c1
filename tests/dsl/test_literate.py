"""The literate reader: blocks where any Markdown host sees them, with exact places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiaowen.dsl.article_path import ArticlePath, parse_reference
from tiaowen.dsl.literate import Document, read_document
from tiaowen.dsl.source import Source

POLICY = """---
政策: 实施办法
险种: [390]
施行: 未定
---

### 第十六条

（六）统筹区内住院

起付标准：一级及以下医疗机构200元；
二级医疗机构500元。

```tiao
事项 住院

起付标准 = 200元
```

支付比例：一级及以下医疗机构90%。

~~~tiao
支付比例 = 90%
~~~

```案例 二级医院住院
给定 医院级别 = 二级
```

| 项目 | 标准（元） |
|---|---|
| 顺产 | 3500 |

```tiao
补助 = 3500元
```

```text
这不是规则
```

> ```tiao
> 起草说明里的例子
> ```

```example 普通住院
给定
```
"""


def read(text: str, name: str = "policy.md") -> Document:
    return read_document(Source(name, text))


def test_blocks_stand_under_their_paragraphs() -> None:
    found = read(POLICY)
    assert [(b.kind, b.name, str(b.path)) for b in found.blocks] == [
        ("tiao", "", "第十六条第（六）项第2段"),
        ("tiao", "", "第十六条第（六）项第3段"),
        ("案例", "二级医院住院", "第十六条第（六）项第3段"),
        ("tiao", "", "第十六条第（六）项表"),
        ("样例", "普通住院", "第十六条第（六）项表"),
    ]
    first = found.blocks[0].paragraph
    assert first is not None
    assert first.text == "起付标准：一级及以下医疗机构200元；\n二级医疗机构500元。"
    assert found.front is not None
    assert found.front.title == "实施办法"
    assert found.diagnostics == ()


def test_a_block_is_its_content_and_nothing_else() -> None:
    first, second, *_ = read(POLICY).blocks
    assert first.text == first.span.text == "事项 住院\n\n起付标准 = 200元\n"
    assert second.text == "支付比例 = 90%\n"
    assert (first.span.line, first.span.column) == (15, 1)


def test_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    plain = read(POLICY)
    windows = read("\ufeff" + POLICY.replace("\n", "\r\n"))
    assert [b.path for b in windows.blocks] == [b.path for b in plain.blocks]
    assert [b.span.line for b in windows.blocks] == [b.span.line for b in plain.blocks]
    assert windows.blocks[0].text == "事项 住院\r\n\r\n起付标准 = 200元\r\n"
    assert windows.diagnostics == ()
    marked = read("\ufeff```tiao\n甲\n")
    assert marked.diagnostics[0].span is not None
    assert marked.diagnostics[0].span.column == 1


def test_a_fence_that_is_never_closed() -> None:
    found = read("### 第一条\n\n甲。\n\n```tiao\n起付标准 = 200元\n")
    (diagnostic,) = found.diagnostics
    assert diagnostic.code == "TW0111"
    assert diagnostic.args["fence"] == "```tiao"
    assert diagnostic.span is not None
    assert diagnostic.span.line == 5
    assert found.blocks[0].text == "起付标准 = 200元\n"


@pytest.mark.parametrize("closing", ["```", "````", "```  ", "   ```"])
def test_what_closes_a_fence(closing: str) -> None:
    found = read(f"甲。\n\n```tiao\n乙\n{closing}\n\n丙。")
    assert found.diagnostics == ()
    assert [b.text for b in found.blocks] == ["乙\n"]
    assert [p.text for p in found.paragraphs] == ["甲。", "丙。"]


def test_empty_and_indented_blocks() -> None:
    found = read("甲。\n\n```tiao\n```\n\n1. 乙\n\n   ```tiao\n   丙\n   ```\n")
    assert [b.text for b in found.blocks] == ["", "   丙\n"]
    assert found.diagnostics == ()


@pytest.mark.parametrize(("word", "near"), [("案列", "案例"), ("tioa", "tiao"), ("cases", "case")])
def test_a_misspelt_kind_is_not_passed_over(word: str, near: str) -> None:
    found = read(f"甲。\n\n```{word} 乙\n```\n")
    (diagnostic,) = found.diagnostics
    assert diagnostic.code == "TW0104"
    assert diagnostic.args == {"word": word, "nearest": near}
    assert diagnostic.fix is not None
    assert diagnostic.fix.span.text == word


def test_code_of_other_languages_is_none_of_ours() -> None:
    found = read("甲。\n\n```python\nx\n```\n\n```\ny\n```\n\n```mermaid\n```\n")
    assert (found.blocks, found.diagnostics) == ((), ())


def test_a_file_of_rules_alone() -> None:
    found = read("---\ntitle: 词汇\n---\n量 起付线: 金额\n", "vocabulary.tiao")
    (block,) = found.blocks
    assert block.text == "量 起付线: 金额\n"
    assert block.span.line == 4
    assert (block.paragraph, block.path) == (None, ArticlePath())
    assert found.front is not None
    plain = read("量 起付线: 金额\n", "vocabulary.tiao")
    assert plain.front is None
    assert plain.blocks[0].span.start == 0


def test_finding_and_the_nearest() -> None:
    found = read(POLICY)
    item = parse_reference("第十六条（六）")
    assert item is not None
    assert [p.text[:4] for p in found.find(item)][:3] == ["（六）统", "起付标准", "支付比例"]
    nowhere = parse_reference("第九十九条")
    assert nowhere is not None
    assert found.find(nowhere) == ()
    assert found.nearest("第十六条（六）第9段").startswith("第十六条第（六）项")


@given(st.text(alphabet="第一条（）1、。\n\r `~#-|> tiao案例：ab—…0", max_size=300))
def test_any_text_is_read_and_every_span_is_exact(text: str) -> None:
    found = read(text)
    for paragraph in found.paragraphs:
        assert paragraph.span.text == paragraph.text
        for sentence in paragraph.sentences:
            assert sentence.span.text == sentence.text
            assert paragraph.span.start <= sentence.span.start <= paragraph.span.end
        for cell in paragraph.row.cells if paragraph.row else ():
            assert cell.span.text == cell.text
    for block in found.blocks:
        assert block.span.text == block.text


@given(st.lists(st.sampled_from(POLICY.split("\n\n")), max_size=12))
def test_every_word_of_the_text_is_in_one_paragraph(parts: list[str]) -> None:
    text = "\n\n".join(part for part in parts if "```" not in part and "---" not in part)
    found = read(text)
    kept = "".join(p.text for p in found.paragraphs)
    assert sorted(c for c in kept if c.strip("#~ \n")) == sorted(c for c in _words(text))


def _words(text: str) -> str:
    lines = [line for line in text.split("\n") if not line.startswith((">", "~~~", "支付比例 ="))]
    return "".join(c for c in "".join(lines) if c.strip("#~ \n"))


def test_text_by_the_thousand_is_read_in_linear_time() -> None:
    from time import process_time

    def seconds(times: int) -> float:
        text = (
            "### 第一条\n\n甲如下：\n\n" + "（一）甲；乙。\n\n丙。\n\n| a |\n|-|\n| b |\n\n" * times
        )
        begin = process_time()
        read(text)
        return process_time() - begin

    seconds(10)
    small, large = seconds(400), seconds(3200)
    assert large < 8 * small * 4
