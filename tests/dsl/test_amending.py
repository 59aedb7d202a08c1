"""Amending at the level of the text: 修改, 删去, 增加 as law does it."""

from __future__ import annotations

import pytest

from tiaowen.dsl.amending import amended
from tiaowen.dsl.literate import Document, read_document
from tiaowen.dsl.source import Source

BASE = """---
政策: 基础办法
地区: 131000
险种: [390]
施行: 2023-01-01
---

## 第五章 待遇

### 第十六条

参保居民按以下规定享受待遇。

（六）住院

起付标准500元。

```tiao
起付标准 = 500元
```

（七）异地就医

1、跨省临时外出

个人先行自付10%。

```tiao
先行自付 = 10%
```

2、长期居住

按统筹区内标准执行。

### 第十七条

生育补助1000元。

```tiao
补助 = 1000元
```

## 第六章 附则

### 第十八条

本办法自印发之日起执行。
"""

FRONT = "---\n政策: 修正案\n修改: base.md\n施行: 2025-01-01\n---\n\n"


def change(text: str) -> Document:
    base = read_document(Source("base.md", BASE))
    draft = read_document(Source("draft.md", FRONT + text))
    assert base.diagnostics == ()
    return amended(base, draft)


def lines(document: Document) -> list[str]:
    return [f"{p.path} {p.text}" for p in document.paragraphs]


def blocks(document: Document) -> list[str]:
    return [f"{b.path} {b.text.strip()}" for b in document.blocks]


def test_a_paragraph_and_all_it_covers_is_replaced() -> None:
    found = change("""
### 修改 第十六条（七）1

1、跨省临时外出

个人先行自付15%。

```tiao
先行自付 = 15%
```
""")
    assert found.diagnostics == ()
    at = lines(found).index("第十六条第（七）项 （七）异地就医")
    assert lines(found)[at + 1 : at + 4] == [
        "第十六条第（七）项第1目 1、跨省临时外出",
        "第十六条第（七）项第1目第2段 个人先行自付15%。",
        "第十六条第（七）项第2目 2、长期居住",
    ]
    assert blocks(found) == [
        "第十六条第（六）项第2段 起付标准 = 500元",
        "第十六条第（七）项第1目第2段 先行自付 = 15%",
        "第十七条 补助 = 1000元",
    ]
    assert [b.span.source.name for b in found.blocks] == ["base.md", "draft.md", "base.md"]


def test_the_new_text_needs_no_number_of_its_own() -> None:
    found = change("### 修改 第十七条\n\n生育补助1500元。\n\n```tiao\n补助 = 1500元\n```\n")
    at = lines(found).index("第十七条 第十七条")
    assert lines(found)[at + 1] == "第十七条 生育补助1500元。"
    assert blocks(found)[-1] == "第十七条 补助 = 1500元"


def test_rules_may_change_without_new_text() -> None:
    found = change("### 修改 第十七条\n\n```tiao\n补助 = 1500元\n```\n")
    assert blocks(found)[-1] == "第十七条 补助 = 1500元"
    assert lines(found).count("第十七条 第十七条") == 1


def test_deleting_takes_the_rules_with_it() -> None:
    found = change("### 删去 第十六条（七）\n")
    assert not any("（七）" in line for line in lines(found))
    assert [b.split()[0] for b in blocks(found)] == ["第十六条第（六）项第2段", "第十七条"]


@pytest.mark.parametrize(
    ("heading", "before"),
    [
        ("增加 第十六条之一", "第十七条 第十七条"),
        ("增加 第十六条之一 于 第十六条后", "第十七条 第十七条"),
        ("增加 第十六条之一 于 第十七条前", "第十七条 第十七条"),
        ("insert 第十六条之一 after 第十六条", "第十七条 第十七条"),
        ("增加 第十七条之一", "第六章 第六章 附则"),
        ("增加 第十六条（六）之一", "第十六条第（七）项 （七）异地就医"),
        ("增加 （八） 于 第十六条（七）后", "第十七条 第十七条"),
        ("增加 第十六条（七）3", "第十七条 第十七条"),
    ],
)
def test_where_new_text_goes(heading: str, before: str) -> None:
    found = change(f"### {heading}\n\n新的规定。\n\n```tiao\n新 = 1元\n```\n")
    assert found.diagnostics == ()
    texts = lines(found)
    at = next(i for i, line in enumerate(texts) if line.endswith("新的规定。"))
    assert texts[at + 1] == before
    assert any(b.endswith("新 = 1元") for b in blocks(found))


def test_several_orders_and_what_stands_before_them() -> None:
    found = change("""
现作如下修改：

```案例 甲
应得 补助 = 1500元
```

### 删去 第十六条

### 修改 第十七条

生育补助1500元。

### 增加 第十九条

第十九条 另行规定。
""")
    assert found.diagnostics == ()
    texts = lines(found)
    assert not any("第十六条" in line for line in texts)
    assert texts[-1] == "第十九条 第十九条 另行规定。"
    assert not any("现作如下修改" in line for line in texts)
    assert [(b.kind, b.name) for b in found.blocks] == [("案例", "甲")]


def test_an_unknown_place_is_reported_with_the_nearest() -> None:
    found = change("### 修改 第十六条（九）\n\n新的规定。\n")
    (diagnostic,) = found.diagnostics
    assert diagnostic.code == "TW0130"
    assert diagnostic.args["reference"] == "第十六条第（九）项"
    assert diagnostic.args["nearest"].startswith("第十六条第（")
    assert diagnostic.span is not None
    assert str(diagnostic.span) == "draft.md:7:5"
    assert len(found.blocks) == 3


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("修改 那一条", "TW0132"),
        ("增加 第十六条之一 于 别处后", "TW0132"),
        ("增加 第十九条（一） 于 第九十条后", "TW0130"),
        ("增加 第九十条（一）", "TW0130"),
        ("增加 第十七条", "TW0133"),
        ("删去 第九十条", "TW0130"),
    ],
)
def test_an_order_that_cannot_be_followed_changes_nothing(heading: str, code: str) -> None:
    found = change(f"### {heading}\n\n新的规定。\n")
    assert [d.code for d in found.diagnostics] == [code]
    assert not any(line.endswith("新的规定。") for line in lines(found))


def test_the_front_matter_of_the_amended_policy() -> None:
    front = change("### 删去 第十七条\n").front
    assert front is not None
    assert front.title == "修正案"
    assert front.region == "131000"
    assert front.insurance == ("390",)
    assert str(front.in_force) == "2025-01-01"


def test_an_amended_document_can_be_amended_again() -> None:
    once = change("### 修改 第十七条\n\n生育补助1500元。\n")
    later = read_document(Source("later.md", FRONT + "### 修改 第十六条（六）\n\n（六）新的。\n"))
    twice = amended(once, later)
    assert "第十七条 生育补助1500元。" in lines(twice)
    assert "第十六条第（六）项 （六）新的。" in lines(twice)
