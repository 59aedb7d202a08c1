"""A plain text laid out as a policy keeps its words and its articles."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiaowen.apps.cli import run
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.dsl.literate import Document, read_document
from tiaowen.dsl.outline import outline
from tiaowen.dsl.source import Source
from tiaowen.review.scaffold import Given, Scaffold, decoded, scaffold

LANGFANG = """
廊坊市城乡居民基本医疗保险实施办法
（征求意见稿）
第一章　总则
第一条 为切实做好我市城乡居民基本医疗保险工作，制定本实施办法。
第二条 基本原则
（一）坚持全覆盖、保基本、可持续；
（二）坚持责任分担。
第十章　附则
第三条 起付标准：一级及以下医疗机构200元；三级医疗机构1500元。支付比例90%。
第四条 本办法自2024年 月 日起实施，有效期为5年，以前与本办法规定不一致的以本办法为准。
"""

ZIYANG = """
资府办规〔2022〕7号

资阳市人民政府办公室

关于印发资阳市职工医疗（生育）保险

实施办法的通知

各县（区）人民政府，高新区管委会：

经市政府同意，现将《资阳市职工医疗（生育）保险实施办法》印发你们，请抓好贯彻落实。

资阳市人民政府办公室

2022年12月26日

资阳市职工医疗（生育）保险实施办法

第一章  总  则

第一条  为完善职工基本医疗（生育）保险制度，制定本办法。
第二条  本办法自2023年1月1日起执行，有效期5年。
"""

JINAN = """
# 济南市人民政府文件

济政发〔2012〕25号

## 济南市人民政府

### 关于城镇基本医疗保险市级统筹的实施意见

各县（市）、区人民政府，市政府各部门：

#### 一、总体要求

深入贯彻落实科学发展观，坚持政府主导、统一政策、分级管理、分步实施的原

则，条件成熟一个、纳入一个，逐步将各县（市）纳入市级统筹范围。

## 二、主要政策

### （一）统一参保范围。

1. 参加城镇职工基本医疗保险范围。

#### **四、切实加强组织领导**

本实施意见自印发之日起施行，有效期5年。

---

2012年12月8日印发

---
"""

CHONGQING = """重慶市人民政府辦公廳通知

渝辦發〔2011〕293號
各區縣(自治縣)人民政府,市政府各部門,有關單位:
重慶市人民政府辦公廳
二○一一年十月二十四日

重慶市城鄉居民合作醫療保險市級統籌辦法

為保障我市城鄉居民基本醫療需求,制定本辦法。

一、指導思想和目標任務

(一)指導思想。
以科學發展觀為統領。
二、參保範圍
十、本辦法未盡事宜,按我市現行居民醫保統一規定執行;現行規定中與本辦法規定不一致的,按本辦法執行。
十一、本辦法自印發之日起執行。
"""

RUN_ON = (
    "重庆市人民政府办公厅关于印发重庆市城镇职工医疗保险市级统筹办法的通知发布日期:2011-10-24"
    "重庆市人民政府办公厅渝办发〔2011〕293号各区县（自治县）人民政府。"
    + "现印发给你们，请认真贯彻执行，" * 14
    + "特此通知。一、统一待遇标准（一）起付线。三级医疗机构住院起付线提高5%。（二）比例。下降5%。二、附则。自印发之日起执行。"
)


def laid(text: str) -> tuple[Scaffold, Document]:
    made = scaffold(text, Given(original="x.txt"), "x.md")
    return made, read_document(Source("x.md", made.text))


def words(text: str) -> str:
    return re.sub(r"\s", "", text)


def shown(document: Document) -> str:
    """The words of a document as a Markdown host shows them."""
    return words(
        "".join(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", p.text) for p in document.paragraphs)
    )


def articles(paragraphs: object) -> list[str]:
    return sorted({str(p.path) for p in paragraphs if any(x.kind == "条" for x in p.path.parts)})  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", [LANGFANG, ZIYANG, CHONGQING, RUN_ON])
def test_every_word_is_kept(text: str) -> None:
    _, document = laid(text)
    assert shown(document) == words(text)


def test_of_markdown_only_the_signs_are_done_anew() -> None:
    made, document = laid(JINAN)
    assert shown(document) == words(re.sub(r"(?m)^(#+ |---$)", "", JINAN))
    assert "## **四、切实加强组织领导**" in made.text


@pytest.mark.parametrize("text", [LANGFANG, ZIYANG])
def test_the_articles_are_those_of_the_text(text: str) -> None:
    made, document = laid(text)
    before, after = articles(outline(Source("t", text))), articles(document.paragraphs)
    assert set(before) <= set(after)
    assert made.articles == len([p for p in after if p.endswith("条")])
    assert not made.diagnostics


def test_headings_of_a_text_with_articles() -> None:
    text = laid(ZIYANG)[0].text
    assert "\n# 资阳市职工医疗（生育）保险实施办法\n" in text
    assert "\n## 第一章 总则\n\n### 第一条\n\n为完善" in text
    assert "\n# 廊坊市城乡居民基本医疗保险实施办法（征求意见稿）\n" in laid(LANGFANG)[0].text


def test_headings_of_a_text_without_articles() -> None:
    text = laid(CHONGQING)[0].text
    assert "\n## 一、指導思想和目標任務\n\n(一)指導思想。\n" in text
    assert "\n十、本辦法未盡事宜" in text, "a rule of its own is no heading"


def test_a_sentence_broken_by_a_page_is_joined() -> None:
    assert "分步实施的原则，条件成熟" in laid(JINAN)[0].text


def test_a_text_that_runs_on_is_broken_before_its_numbers() -> None:
    paths = {str(p.path) for p in laid(RUN_ON)[1].paragraphs}
    assert {"一", "二", "一、（二）"} <= paths


@pytest.mark.parametrize(
    ("text", "title", "number", "starts", "expires"),
    [
        (LANGFANG, "廊坊市城乡居民基本医疗保险实施办法（征求意见稿）", "", None, None),
        (ZIYANG, "资阳市职工医疗（生育）保险实施办法", "资府办规〔2022〕7号", date(2023, 1, 1),
         date(2027, 12, 31)),
        (JINAN, "济南市人民政府关于城镇基本医疗保险市级统筹的实施意见", "济政发〔2012〕25号",
         date(2012, 12, 8), date(2017, 12, 7)),
        (CHONGQING, "重慶市城鄉居民合作醫療保險市級統籌辦法", "渝辦發〔2011〕293號", date(2011, 10, 24),
         None),
        (RUN_ON, "重庆市人民政府办公厅关于印发重庆市城镇职工医疗保险市级统筹办法的通知", "渝办发〔2011〕293号",
         date(2011, 10, 24), None),
    ],
)  # fmt: skip
def test_front_matter_says_what_the_text_says(text: str, title: str, number: str,
                                              starts: date | None, expires: date | None) -> None:  # fmt: skip
    _, document = laid(text)
    front = document.front
    assert front is not None
    assert (front.title, front.document_number, front.in_force) == (title, number, starts)
    assert front.expires == expires
    assert front.uses == ("../vocabulary.tiao",)
    assert not document.diagnostics or text is RUN_ON


def test_what_the_drafter_says_goes_first() -> None:
    made = scaffold(ZIYANG, Given("另一名称: 试行", "512000", ("510",), "../../v.tiao"))
    front = read_document(Source("x.md", made.text)).front
    assert front is not None
    assert (front.title, front.region, front.insurance) == ("另一名称: 试行", "512000", ("510",))


def test_every_figure_is_listed_under_its_paragraph() -> None:
    made, document = laid(LANGFANG)
    block = next(b for b in document.blocks if str(b.path) == "第三条")
    assert [line.partition("（")[0] for line in block.text.splitlines()] == [
        "# 未编码: 200元", "# 未编码: 1500元", "# 未编码: 90%",
    ]  # fmt: skip
    assert "一级及以下医疗机构" in block.text
    assert made.figures == sum(b.text.count("# 未编码") for b in document.blocks)


ODD = st.text(
    st.sampled_from("第一二条章、（）()12.。；：元%金额起付 \u3000\t#>*_`-+=|<&[]!~\\:a"),
    min_size=1,
    max_size=24,
)


@settings(max_examples=120, deadline=None)
@given(st.lists(ODD, min_size=1, max_size=8))
def test_no_text_loses_a_word(lines: list[str]) -> None:
    text = "\n".join(lines)
    if re.search(r"(?m)^\s*#{1,6}(\s|$)", text) or not text.strip():
        return
    _, document = laid(text)
    assert shown(document) == words(text)


def test_the_encodings_of_chinese_documents() -> None:
    for codec, name in (
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("gb18030", "GB18030"),
        ("utf-16", "UTF-16"),
    ):
        found = decoded(ZIYANG.encode(codec), "x.txt")
        assert (found.text, found.encoding) == (ZIYANG, name)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\t",
        b"\x7fELF\x02\x01\x00\x00",
        b"\xff\xd8\xff\xe0 JFIF \x00",
        bytes(range(128, 256)) * 4,
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        decoded(data, "x.txt")
    assert [d.code for d in caught.value.diagnostics] == ["TW0108"]


def test_the_command_never_overwrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "r.txt", tmp_path / "p.md"
    source.write_bytes(LANGFANG.encode("gb18030"))
    assert run(["new", str(source), "-o", str(target), "--lang", "zh"]) == 0
    assert "GB18030" in capsys.readouterr().err
    first = target.read_text("utf-8")
    assert first.startswith("---\n政策: 廊坊市")
    assert run(["new", str(source), "-o", str(target), "--region", "131000"]) == 2
    assert "TW0702" in capsys.readouterr().err
    assert target.read_text("utf-8") == first
    assert run(["new", str(source), "-o", str(target), "--region", "131000", "--force"]) == 0
    assert "地区: 131000" in target.read_text("utf-8")


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    assert run(["new", str(empty)]) == 2
    assert run(["new", str(tmp_path / "none.txt")]) == 2
    assert re.findall(r"TW\d{4}(?=\])", capsys.readouterr().err) == ["TW0108", "TW0701"]
