"""The outline: every paragraph has the path a lawyer would cite, in the forms real texts have."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiaowen.dsl.article_path import DEPTH, ArticlePath, PathPart, parse_reference
from tiaowen.dsl.numerals import chinese, read_integer, read_number
from tiaowen.dsl.outline import Paragraph, outline
from tiaowen.dsl.source import Source


def paths(text: str) -> dict[str, str]:
    """The first words of every paragraph that is no heading, and its path."""
    return {re.sub(r"\s", "", p.text)[:8]: str(p.path) for p in paragraphs(text) if not p.heading}


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    return outline(Source("text.md", text.strip() + "\n"))


LANGFANG = """
## 第五章 医疗保险待遇

### 第十五条

参保居民严格执行全省统一规定的基本医保药品目录。超出范围和标准的费用，居民医保基金不予支付。

居民医保基金支付期为每年1月1日至12月31日。

### 第十六条

基本医疗保险待遇。

参保居民政策范围内医疗费用纳入基本医疗保险基金支付范围。

（六）统筹区内住院

参保居民在统筹区内定点医疗机构住院期间发生的政策范围内医疗费用，起付标准以下部分由个人负担。

起付标准：一级及以下医疗机构200元；二级医疗机构500元；三级医疗机构1500元。

（七）异地就医

1、跨省临时外出人员就医待遇

跨省临时外出就医人员是指异地转诊就医人员。

4、参保居民到省内其他统筹区和京津地区住院就医的，免备案手续。

### 第十八条

建立城乡居民大病保险制度。
"""


def test_langfang_sixteen() -> None:
    found = paths(LANGFANG)
    assert found["参保居民严格执行"] == "第十五条第一款"
    assert found["居民医保基金支付"] == "第十五条第二款"
    assert found["参保居民政策范围"] == "第十六条"
    assert found["起付标准：一级及"] == "第十六条第（六）项第3段"
    assert found["跨省临时外出就医"] == "第十六条第（七）项第1目第2段"
    assert found["4、参保居民到省"] == "第十六条第（七）项第4目"
    assert found["建立城乡居民大病"] == "第十八条"


def test_the_chapter_is_context_and_not_compared() -> None:
    article = next(p for p in paragraphs(LANGFANG) if str(p.path) == "第十六条第（六）项第3段")
    assert article.path.context == (PathPart("章", 5),)
    assert article.path == parse_reference("第十六条（六）第3段")
    chapter = parse_reference("第五章")
    assert chapter is not None
    assert chapter.covers(article.path)
    other = parse_reference("第六章")
    assert other is not None
    assert not other.covers(article.path)


def test_titles_are_headings_and_no_paragraphs_of_the_article() -> None:
    headings = {p.text for p in paragraphs(LANGFANG) if p.heading}
    assert {"### 第十六条"[4:], "基本医疗保险待遇。", "（六）统筹区内住院"} <= headings
    assert not any("起付标准" in heading for heading in headings)


def test_a_missing_first_item_and_a_line_that_is_only_a_title() -> None:
    found = paragraphs("""
### 第二十七条

参保人员个人负担金额达到起付线（含）以上，由职工大额医疗费用补助分段按比例赔付。

起付线

在一个自然年度内，按不高于平均工资的50%确定。

（二）赔付比例

起付线以上至50000元（含）本地70%、异地50%。
""")
    assert [(str(p.path), p.heading) for p in found] == [
        ("第二十七条", True),
        ("第二十七条第一款", False),
        ("第二十七条第二款", True),
        ("第二十七条第二款", False),
        ("第二十七条第（二）项", True),
        ("第二十七条第（二）项第2段", False),
    ]


def test_items_under_a_sentence() -> None:
    found = paths("""
### 第三十一条

补充医疗保险断保后重新续保缴费的，从缴费之月起3个月后享受补充医疗保险待遇。

（一）特殊疾病门诊。参保人员发生的合格费用按住院待遇赔付。

（二）住院。按本地60%、异地40%的比例赔付。
""")
    assert list(found.values()) == ["第三十一条", "第三十一条第（一）项", "第三十一条第（二）项"]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        # 资阳 第七条: the list is closed, the paragraph is the article's
        ("### 第七条\n\n下列人员可以参加：\n\n（一）国家机关；\n\n（二）领取失业保险金的人员。\n\n"
         "参保人员不得重复参加基本医疗保险。", "第七条第二款"),
        # 资阳 第十二条（三）: a list introduced by a colon returns to what introduced it
        ("### 第十二条\n\n支付范围按规定确定。\n\n（三）下列费用不纳入支付范围：\n\n1．工伤的；\n\n"
         "2．其他费用。\n\n第三人不支付的，由基金先行支付。", "第十二条第（三）项第2段"),
        # 资阳 第九条（六）: a title over items takes the paragraph back
        ("### 第九条\n\n按月缴纳。\n\n（六）年龄的确定\n\n1．企业人员按批准的年龄确定。\n\n"
         "退职人员达到病退休年龄时进行清缴。", "第九条第（六）项第2段"),
        # 资阳 第三十四条: items that are sentences do not keep it
        ("### 第三十四条\n\n符合下列情形的，按本地待遇结算支付。\n\n（一）异地工作就医的。\n\n"
         "（二）因病情需要转诊的。\n\n异地就医管理办法另行制定。", "第三十四条第二款"),
        # 廊坊 第七条: nothing but a title before the items
        ("### 第七条\n\n缴费标准与补助规定。\n\n（一）按有关规定执行。\n\n"
         "（二）特困人员给予全额资助；低保对象给予定额资助。\n\n脱贫人口按照规定给予资助。",
         "第七条第（二）项第2段"),
    ],
)  # fmt: skip
def test_who_owns_the_paragraph_after_a_list(text: str, last: str) -> None:
    assert str(paragraphs(text)[-1].path) == last


def test_a_list_that_goes_on_keeps_the_paragraph_in_between() -> None:
    found = paths("""
## 二、主要政策

（四）统一经办管理流程。

1. 统一定点医疗机构准入条件，并按照市级有关政策规定执行。

市人力资源社会保障部门负责整体监管。

2. 参保人员发生的支出金额，按规定予以结算。
""")
    assert found["市人力资源社会保"] == "二、（四）1第2段"
    assert found["2.参保人员发生"] == "二、（四）2"


def test_a_text_without_articles() -> None:
    found = paths("""
# 统筹办法

为完善制度，制定本办法。

## 一、统一待遇标准

（一）待遇标准。

一档参保居民住院报销比例提高到80%。

## 二、统一就医管理

实行定点管理。

参保居民自主选择。

## 十

本办法未尽事宜，按现行规定执行。

## 十一

本办法自印发之日起执行。

某某市人民政府

二〇一一年十月二十四日
""")
    assert found["为完善制度，制定"] == "序言"
    assert found["一档参保居民住院"] == "一、（一）第2段"
    assert found["实行定点管理。"] == "二"
    assert found["参保居民自主选择"] == "二、第2段"
    assert found["本办法未尽事宜，"] == "十"
    assert found["本办法自印发之日"] == "十一"
    assert found["二〇一一年十月二"] == "落款"


def test_the_number_may_stand_in_the_heading_or_lead_the_body() -> None:
    heading = paths("### 第三条\n\n实行市级统收统支。\n\n#### （二）\n\n分别记账。")
    body = paths("第三条 实行市级统收统支。\n\n（二）分别记账。")
    assert heading["实行市级统收统支"] == body["第三条实行市级统"] == "第三条"
    assert heading["分别记账。"] == body["（二）分别记账。"] == "第三条第（二）项"


def test_a_sentence_that_begins_with_an_article_opens_none() -> None:
    found = paths("### 第三条\n\n第十六条规定的费用除外。\n\n第四条本办法自印发之日起执行。")
    assert found["第十六条规定的费"] == "第三条"
    assert found["第四条本办法自印"] == "第四条"


def test_every_kind_of_number_and_what_only_looks_like_one() -> None:
    found = paths("""
第二条之一 缴费。

（一）年限

1．最低缴费年限

（1）男25年。

①累计计算。

4．2000年12月以前的缴费年限每2年折合1年。

一、二、三级医疗机构按规定执行。
""")
    assert found["（1）男25年。"] == "第二条之一第（一）项第1目第（1）点"
    assert found["①累计计算。"] == "第二条之一第（一）项第1目第（1）点第1小点"
    assert found["4．2000年1"] == "第二条之一第（一）项第4目"
    assert not any(path == "一" for path in found.values())


def test_an_item_without_its_parent_and_a_second_list() -> None:
    found = paths("第三条 缴费标准如下。\n\n1．单位。\n\n2．个人。")
    assert found["1．单位。"] == "第三条第1目"
    second = paths("第四条 单位为：\n\n（一）机关；\n\n（二）企业。\n\n个人为：\n\n（一）职工。")
    assert second["（一）机关；"] == "第四条第（一）项"
    assert second["（一）职工。"] == "第四条第二款第（一）项"


def test_a_table_row_reaches_its_heads() -> None:
    rows = [
        p
        for p in paragraphs("""
### 第二十四条

（二）生育医疗费

超过限额标准的按限额支付。

| 项目 | 待遇标准（元） |
|---|---|
| 难产 \\| 剖宫 | 5500 |
| 顺产 | 3500 |
""")
        if p.row
    ]
    assert [str(p.path) for p in rows] == [
        "第二十四条第（二）项表", "第二十四条第（二）项表第1行", "第二十四条第（二）项表第2行",
    ]  # fmt: skip
    assert rows[0].heading
    assert not rows[1].heading
    row = rows[1].row
    assert row is not None
    assert [head.text for head in row.heads] == ["项目", "待遇标准（元）"]
    assert [cell.span.text for cell in row.cells] == ["难产 \\| 剖宫", "5500"]


def test_sentences() -> None:
    (paragraph,) = paragraphs(
        "（二）支付比例。参保人员（含退休；下同）按“先付。后报”支付；超出的自付"
    )
    assert [s.text for s in paragraph.sentences] == [
        "支付比例。", "参保人员（含退休；下同）按“先付。后报”支付；", "超出的自付",
    ]  # fmt: skip
    assert all(s.span.text == s.text for s in paragraph.sentences)
    assert [s.number for s in paragraph.sentences] == [1, 2, 3]


def test_a_bracket_that_never_closes_does_not_swallow_sentences() -> None:
    (paragraph,) = paragraphs("参保人员（含退休。按规定支付。")
    assert [s.text for s in paragraph.sentences] == ["参保人员（含退休。", "按规定支付。"]


def test_lines_of_one_markdown_paragraph() -> None:
    found = paths("第三条 总则\n起付标准如下：\n（一）一级\n200元\n（二）二级500元；\n三级1500元。")
    assert found["起付标准如下："] == "第三条"
    assert found["（二）二级500"] == "第三条第（二）项"
    assert found["200元"] == "第三条第（一）项第2段"
    assert len(found) == 3


def test_notes_are_no_words_of_the_regulation() -> None:
    found = paths(
        "第三条 按规定支付。\n\n> 起草说明：500元。\n\n<!-- 500元 -->\n\n    缩进的正文。"
    )
    assert sorted(found.values()) == ["第三条第一款", "第三条第二款"]


def test_a_number_that_stands_twice_is_reported() -> None:
    from tiaowen.dsl.markdown import read_chunks
    from tiaowen.dsl.outline import outline_chunks

    source = Source("text.md", "### 第三条\n\n甲。\n\n### 第三条\n\n乙。\n")
    (diagnostic,) = outline_chunks(source, read_chunks(source)).diagnostics
    assert diagnostic.code == "TW0133"
    assert diagnostic.args["path"] == "第三条"
    assert diagnostic.span is not None
    assert diagnostic.span.line == 5


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("第三十二条", "第三十二条"),
        ("第十八条（一）", "第十八条第（一）项"),
        ("第十八条（一）2", "第十八条第（一）项第2目"),
        ("第十八条第（一）项第2目", "第十八条第（一）项第2目"),
        ("第十六条（七）1", "第十六条第（七）项第1目"),
        ("第16条(六)", "第十六条第（六）项"),
        ("第16条 (6)", "第十六条第（六）项"),
        ("第十六条第六项", "第十六条第（六）项"),
        ("二（一）5", "二、（一）5"),
        ("二、（一）5", "二、（一）5"),
        ("第十四条第二款", "第十四条第二款"),
        ("第十六条之一", "第十六条之一"),
        ("第十六條第（六）項", "第十六条第（六）项"),
        ("第十六条第（六）项第3段", "第十六条第（六）项第3段"),
        ("第二章", "第二章"),
    ],
)
def test_references_as_drafters_type_them(typed: str, printed: str) -> None:
    assert str(parse_reference(typed)) == printed


@pytest.mark.parametrize("typed", ["", "本办法", "第条", "第十六条的", "第十六条第十七条", "第零条",
                                   "第99999条", "（一"])  # fmt: skip
def test_what_is_no_reference(typed: str) -> None:
    assert parse_reference(typed) is None


def path_parts() -> st.SearchStrategy[ArticlePath]:
    """Paths as an outline makes them: each step deeper than the one before."""
    numbered = ("条", "一", "款", "（一）", "1", "（1）", "①", "段", "表", "行")
    kinds = st.lists(st.sampled_from(numbered), min_size=1, max_size=5, unique=True)

    def build(chosen: list[str], numbers: list[tuple[int, int]]) -> ArticlePath:
        ordered = sorted(chosen, key=lambda kind: DEPTH[kind])
        return ArticlePath(tuple(
            PathPart(kind, number, 0 if kind in ("段", "表", "行") else suffix)  # type: ignore[arg-type]
            for kind, (number, suffix) in zip(ordered, numbers, strict=False)
        ))  # fmt: skip

    step = st.tuples(st.integers(1, 999), st.integers(0, 20))
    return st.builds(build, kinds, st.lists(step, min_size=5, max_size=5))


@given(path_parts())
def test_a_printed_path_is_read_back(path: ArticlePath) -> None:
    assert parse_reference(str(path)) == path


@given(path_parts())
def test_a_place_covers_itself_and_what_stands_inside_it(path: ArticlePath) -> None:
    assert path.covers(path)
    assert path.parent.covers(path)
    assert ArticlePath().covers(path)
    assert not path.covers(path.parent)


@given(st.integers(0, 99_999_999))
def test_chinese_numerals_both_ways(number: int) -> None:
    assert read_integer(chinese(number)) == number
    assert read_integer(str(number)) == number


@pytest.mark.parametrize(
    ("written", "value"),
    [("十", 10), ("一百零五", 105), ("一千零一十", 1010), ("两万", 20000), ("二〇一二", 2012),
     ("拾伍萬", 150000), ("一亿零三", 100000003), ("１５０，０００", 150000), ("1.5亿", 150000000)],
)  # fmt: skip
def test_numerals_as_written(written: str, value: int) -> None:
    assert read_number(written) == value


@pytest.mark.parametrize("written", ["", "万", "一百五", "十百", "五元", "1.2.3", "九" * 100])
def test_what_is_no_numeral(written: str) -> None:
    assert read_number(written) is None
