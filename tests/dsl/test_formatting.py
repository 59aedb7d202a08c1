"""Formatted blocks say the same, keep their comments, and stay as they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dsl.strategies import case_statements, rule_statements, scripts

from tiaowen.dsl.formatting import format_block, format_document
from tiaowen.dsl.keywords import Script
from tiaowen.dsl.parser import Start, parse_block
from tiaowen.dsl.printer import print_statement
from tiaowen.dsl.source import Source

POLICIES = sorted(Path(__file__).parents[2].glob("policies/**/*.[mt][di]*"))


def said(text: str, kind: Start = "rule_statement") -> list[Any]:
    parsed = parse_block(Source("test", text), 0, len(text), kind)
    assert not parsed.diagnostics, (text, parsed.diagnostics)
    return [line.statement for line in parsed.lines]


def comments(text: str) -> list[str]:
    return sorted(re.findall("# c[0-9]+", text))


# --- laws


@st.composite
def blocks(draw: st.DrawFn, kind: Start) -> str:
    """Statements as somebody might have typed them: comments, blank lines, broken lines."""
    drawn = rule_statements() if kind == "rule_statement" else case_statements()
    number = 0

    def comment() -> str:
        nonlocal number
        number += 1
        return f"# c{number}"

    lines: list[str] = []
    for statement in draw(st.lists(drawn, max_size=3)):
        for line in _typed(draw, print_statement(statement)):
            lines += draw(
                st.sampled_from([[], [], [""], ["", ""], [comment()], [f"  {comment()}"]])
            )
            lines.append(line + draw(st.sampled_from(["", "", f" {comment()}"])))
    lines += draw(st.sampled_from([[], [""], [comment()], ["", comment(), "", ""]]))
    return "\n".join(lines)


def _typed(draw: st.DrawFn, printed: str) -> list[str]:
    """The lines of a statement; if no table, text or moment is in it, broken at some spaces."""
    if re.search('[|"“「]|[0-9] [0-9]', printed):
        return printed.split("\n")
    words = re.split("[ \n]+", printed)
    typed = words[0]
    for word in words[1:]:
        typed += draw(st.sampled_from([" ", " ", "  ", "\n    "])) + word
    return typed.split("\n")


@pytest.mark.parametrize("kind", ["rule_statement", "case_statement"])
@settings(max_examples=60, deadline=None)
@given(data=st.data(), script=scripts())
def test_formatting_says_the_same_and_is_stable(
    kind: Start, data: st.DataObject, script: Script
) -> None:
    text = data.draw(blocks(kind))
    formatted = format_block(text, script, kind)
    assert said(formatted, kind) == said(text, kind)
    assert comments(formatted) == comments(text)
    assert format_block(formatted, script, kind) == formatted
    assert "\n\n\n" not in formatted


@settings(max_examples=40, deadline=None)
@given(st.data(), scripts(), scripts())
def test_one_script_and_back(data: st.DataObject, first: Script, second: Script) -> None:
    text = format_block(data.draw(blocks("rule_statement")), first)
    there = format_block(text, second)
    assert said(format_block(there, first)) == said(text)
    assert comments(there) == comments(text)


# --- where comments go


def test_comments_stay_beside_what_they_speak_of() -> None:
    text = """\
# top

事项 住院   # a
#b
起付级别=医院级别     # c



起付标准 =     # d
  | 起付级别   |        |
  | 一级及以下 | 200元  |   # e
  # f
  | 二级       | 500元  |
  当 x  # g
x = 起付标准
  + b         # h
  # i
  当 退休   # j
  依据 第三条 # k
分部 外检外购 按 外购, 外购机构等级 # l
  # m
  依次分摊 起付线 于 实际起付 # n
  汇总 统筹支付, 异地先行自付 # o
  # p
  其中 医院等级 = 医院级别, 起付线 改为 0元 # q
# r

# s

"""
    assert (
        format_block(text)
        == """\
# top

事项 住院  # a
#b
起付级别 = 医院级别  # c

起付标准 =  # d
  | 起付级别   |       |
  | 一级及以下 | 200元 |  # e
  # f
  | 二级       | 500元 |
  当 x  # g
x = 起付标准 + b  # h
  # i
  当 退休  # j
  依据 第三条  # k
分部 外检外购 按 外购, 外购机构等级  # l
  # m
  依次分摊 起付线 于 实际起付  # n
  汇总 统筹支付, 异地先行自付  # o
  # p
  其中 医院等级 = 医院级别, 起付线 = 0元  # q
# r

# s
"""
    )


def test_a_long_rule_has_a_line_for_each_clause() -> None:
    text = '连续转院 = 有转出住院 且 转院间隔 ≥ 0日 且 转院间隔 ≤ 1日 句 2 推导 "出院当日或次日入院" 英文 "transfer"'
    assert (
        format_block(text)
        == """\
连续转院 = 有转出住院 且 转院间隔 ≥ 0日 且 转院间隔 ≤ 1日
  句 2
  推导 "出院当日或次日入院"
  英文 "transfer\""""
    )


def test_margin_and_line_ends_are_kept() -> None:
    assert format_block("  x=1\r\n    当 b\r\n  y=2\r\n") == "  x = 1\r\n    当 b\r\n  y = 2\r\n"


@pytest.mark.parametrize(
    "text", ["", "\n", "  \n\n", "x = = 1\ny=2\n", "x =\n | a | b |\n | c |\n"]
)
def test_what_is_empty_or_wrong_is_left(text: str) -> None:
    assert format_block(text) == text


# --- documents

DOCUMENT = """\
---
政策: 某办法
地区: 131000
---

### 第一条
起付标准为200元。<空格>

```tiao
事项  住院
起付线＝200元   # 注
```

   * 列表

~~~案例 甲
给定 a=1,b=2
~~~

```tiao
x = = 1
```

```python
a=1
```
""".replace("<空格>", "  ")


def test_only_blocks_are_touched() -> None:
    formatted = format_document(Source("a.md", DOCUMENT))
    expected = DOCUMENT.replace(
        "事项  住院\n起付线＝200元   # 注", "事项 住院\n起付线 = 200元  # 注"
    )
    assert formatted == expected.replace("a=1,b=2", "a = 1, b = 2")


def test_a_file_of_rules_is_one_block() -> None:
    assert format_document(Source("a.tiao", "\ufeffx=1\n"), "en") == "\ufeffx = 1\n"


def test_a_document_in_another_script() -> None:
    formatted = format_document(Source("a.md", DOCUMENT), "zh-Hant")
    assert "事項 住院\n起付线 = 200元" in formatted
    assert "給定 a = 1" in formatted
    assert "起付标准为200元。  \n" in formatted


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
@pytest.mark.parametrize("script", ["zh", "zh-Hant", "en"])
def test_every_policy_survives_formatting(path: Path, script: Script) -> None:
    from tiaowen.dsl.formatting import START_OF
    from tiaowen.dsl.literate import read_document

    source = Source(path.name, path.read_text(encoding="utf-8"))
    formatted = Source(path.name, format_document(source, script))
    assert format_document(formatted, script) == formatted.text
    before, after = read_document(source), read_document(formatted)
    assert [p.text for p in before.paragraphs] == [p.text for p in after.paragraphs]
    for one, other in zip(before.blocks, after.blocks, strict=True):
        assert said(one.text, START_OF[one.kind]) == said(other.text, START_OF[one.kind])
        assert one.text.count("#") == other.text.count("#")
