"""Figures: one value for every spelling, and a numeral that counts nothing told from a figure."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiaowen.dsl.figures import Figure, figures, paragraph_figures
from tiaowen.dsl.normal import halfwidth
from tiaowen.dsl.numerals import chinese
from tiaowen.dsl.outline import outline
from tiaowen.dsl.source import Source

YUAN = 100
MAN = 10_000 * YUAN


def quantities(text: str) -> list[tuple[object, str]]:
    return [(f.value, f.unit) for f in figures(text) if f.kind == "quantity"]


def one(text: str) -> Figure:
    (figure,) = figures(text)
    return figure


@pytest.mark.parametrize(
    ("spellings", "value", "unit"),
    [
        ("15万元 150,000元 150000元 十五万元 １５万元 拾伍万元 15萬元", 15 * MAN, "分"),
        ("1.5亿元 15000万元 一亿五千万元", 15_000 * MAN, "分"),
        ("50% 50％ 百分之五十 五成 5折 一半 二分之一", Fraction(1, 2), "比例"),
        ("7.5% 7．5％ 百分之七点五 75‰", Fraction(3, 40), "比例"),
        ("5个百分点 五个百分点 5百分点", Fraction(1, 20), "百分点"),
        ("90天 90日 九十天 九十日", 90, "日"),
        ("3个月 三个月 3個月", 3, "月"),
        ("6个月 半年 六个月", 6, "月"),
        ("48小时 四十八小时", 48, "小时"),
        ("5年 五年", 5, "年"),
        ("2个工作日 两个工作日", 2, "工作日"),
        ("80周岁 八十岁", 80, "岁"),
        ("两倍 2倍 二倍", 2, "倍"),
        ("1.5个月 一个半月", Fraction(3, 2), "月"),
        ("两年半 2.5年", Fraction(5, 2), "年"),
        ("12.53元 12元5角3分", 1253, "分"),
    ],
)
def test_spellings_of_one_value(spellings: str, value: Fraction | int, unit: str) -> None:
    for spelling in spellings.split():
        assert quantities(spelling) == [(value, unit)], spelling


@given(st.integers(1, 9_999_999))
def test_money_in_all_spellings(number: int) -> None:
    for spelling in (f"{number}元", f"{number:,}元", f"{chinese(number)}元"):
        assert quantities(f"支付{spelling}。") == [(number * YUAN, "分")], spelling
    wide = str(number).translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
    assert quantities(f"支付{wide}元") == [(number * YUAN, "分")]
    assert quantities(f"支付{number}万元") == [(number * MAN, "分")]


@given(st.integers(1, 300))
def test_percent_in_all_spellings(number: int) -> None:
    for spelling in (f"{number}%", f"{number}％", f"百分之{chinese(number)}"):
        assert quantities(f"按{spelling}报销") == [(Fraction(number, 100), "比例")], spelling


@given(
    st.text(
        alphabet="第条（）(1)2.5，。、万元%一二十百日月年个至-~〔〕《》号级类半 \n", max_size=60
    )
)
def test_every_figure_stands_where_it_says(text: str) -> None:
    end = 0
    for figure in figures(text):
        assert text[figure.start : figure.end] == figure.text != ""
        assert figure.start >= end
        end = figure.end


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("第十六条", "reference"),
        ("第十六条第（六）项", "reference"),
        ("第十六条之一", "reference"),
        ("冀政发〔2017〕5号", "document number"),
        ("〔2017〕5号", "document number"),
        ("2024年", "date"),
        ("2011年12月", "date"),
        ("12月31日", "date"),
        ("1月1日零时", "date"),
        ("二〇一二年十二月八日", "date"),
        ("一次性", "name"),
        ("一站式", "name"),
        ("两病", "name"),
        ("9区", "name"),
        ("27个区县", "name"),
        ("三届九次", "name"),
        ("上一级", "name"),
        ("三级", "ordinal"),
        ("二级乙等", "ordinal"),
        ("一档", "ordinal"),
        ("第一类", "ordinal"),
        ("第二代", "ordinal"),
    ],
)
def test_numerals_that_count_nothing(text: str, kind: str) -> None:
    found = figures(f"按{text}医疗机构")
    assert [f.kind for f in found] == [kind]
    assert found[0].text == (text if kind != "ordinal" or text != "第二代" else "第二")


@pytest.mark.parametrize("text", ["统一个人账户金", "十分重要", "一般诊疗费", "万一", "第三方责任"])
def test_words_with_a_numeral_are_no_quantity(text: str) -> None:
    assert quantities(text) == []


def test_numbers_at_the_head_of_a_paragraph() -> None:
    assert [(f.kind, f.text) for f in figures("4．2000年12月以前每2年折合1年")] == [
        ("reference", "4．"), ("date", "2000年12月"), ("quantity", "2年"), ("quantity", "1年"),
    ]  # fmt: skip
    assert quantities("（二）300元") == [(300 * YUAN, "分")]
    assert quantities("3．10日内") == [(10, "日")]
    assert quantities("1.5亿元") == [(15000 * MAN, "分")]


def test_dates_know_their_parts() -> None:
    days = [
        f.day for f in figures("2012年6月30日前；每月25日前；每年9至12月；次年1月1日；2011年年底前")
    ]
    assert days == [
        (2012, 6, 30), (None, None, 25), (None, 9, None), (None, 12, None), (None, 1, 1),
        (2011, None, None),
    ]  # fmt: skip


def test_figures_in_titles_are_references() -> None:
    found = figures("《关于推进2011年医改的意见》规定报销50%")
    assert [f.kind for f in found] == ["reference", "quantity"]


def test_ranges_share_the_unit() -> None:
    assert quantities("每人每年2至4元标准") == [(200, "分"), (400, "分")]
    assert quantities("0–24小时") == [(0, "小时"), (24, "小时")]
    assert quantities("5-10万元") == [(5 * MAN, "分"), (10 * MAN, "分")]
    assert quantities("20～30%") == [(Fraction(1, 5), "比例"), (Fraction(3, 10), "比例")]
    assert [f.kind for f in figures("1-2级残疾人员")] == ["ordinal", "ordinal"]
    assert [f.value for f in figures("1-2级残疾人员")] == [1, 2]


def test_lists_of_levels_and_counts_of_classes() -> None:
    assert [f.value for f in figures("统筹区内一、二、三级医疗机构") if f.kind == "ordinal"] == [
        1,
        2,
        3,
    ]
    assert [f.kind for f in figures("第二、三类为75%")] == ["ordinal", "ordinal", "quantity"]
    assert quantities("分为三类") == [(3, "类")]
    assert quantities("起付标准较同级综合医院下浮一级") == [(1, "级")]


def test_bare_numbers_and_units_in_brackets() -> None:
    assert quantities("÷30（天）") == [(30, "日")]
    assert quantities("工资总额÷12") == [(12, "")]


def test_rates() -> None:
    assert one("20元/日").per == "日"
    assert one("225元/年/人").per == "年/人"
    assert one("225元/年/人").value == 22500


def contexts(text: str) -> list[tuple[str, str]]:
    return [(f.text, f.context) for f in figures(text) if f.kind == "quantity"]


def test_the_words_a_figure_belongs_to() -> None:
    text = "起付标准：一级及以下医疗机构200元；二级医疗机构500元；三级医疗机构1500元。"
    assert contexts(text) == [
        ("200元", "一级及以下医疗机构"), ("500元", "二级医疗机构"), ("1500元", "三级医疗机构"),
    ]  # fmt: skip


def test_the_clause_holds_the_row_where_the_context_holds_the_column() -> None:
    text = "1．一级以下医疗机构本地100元、异地300元，一级医疗机构（含乡镇中心卫生院）本地200元、异地400元"
    second, fourth = (f for f in figures(text) if f.text in ("300元", "400元"))
    assert (second.context, fourth.context) == ("异地", "异地")
    assert second.clause == "一级以下医疗机构本地100元、异地"
    assert fourth.clause.startswith("一级医疗机构（含乡镇中心卫生院）")


def test_a_bracket_is_a_clause_of_its_own() -> None:
    text = "事业单位缴费比例为7.5%（其中生育保险0.5%）、其他用人单位为7.7%"
    assert contexts(text) == [
        ("7.5%", "事业单位缴费比例为"), ("0.5%", "其中生育保险"), ("7.7%", "其他用人单位为"),
    ]  # fmt: skip


def test_figures_given_respectively() -> None:
    text = "一档参保居民在一级及以下、二级、三级医疗机构的住院报销比例分别提高到80%、60%和40%，二档提高5%。"
    assert contexts(text)[:3] == [
        ("80%", "一档参保居民在一级及以下"), ("60%", "二级"), ("40%", "三级医疗机构的住院报销比例"),
    ]  # fmt: skip
    assert contexts("退休人员分别按上述本地、异地标准降低200元。") == [("200元", "异地标准降低")]


TABLE = """
| 项目 | 待遇标准（元） | 比例（%） | 天数 | 限额（万元） |
|---|---|---|---|---|
| 1、妊娠不满4个月的 | 1000 | 7．5 | 增加15天 | 1.5 |
"""


def test_a_bare_number_takes_the_unit_of_its_column() -> None:
    paragraph = outline(Source("t.md", TABLE))[1]
    found = paragraph_figures(paragraph)
    assert [(f.value, f.unit) for f in found if f.kind == "quantity"] == [
        (4, "月"), (1000 * YUAN, "分"), (Fraction(3, 40), "比例"), (15, "日"), (15000 * YUAN, "分"),
    ]  # fmt: skip
    assert all(paragraph.text[f.start : f.end] == f.text for f in found)
    (thousand,) = (f for f in found if f.text == "1000")
    assert "妊娠不满4个月的" in thousand.context
    assert "待遇标准（元）" in thousand.context


@pytest.mark.parametrize(
    "text",
    ["一、" * 3000, "（" * 3000, "1,111" * 2000, "第一、" * 2000, "百分之" * 2000, "九" * 9000],
)
def test_long_nonsense_is_read_in_one_pass(text: str) -> None:
    figures(text)


@given(st.text())
def test_half_width_keeps_every_offset(text: str) -> None:
    assert len(halfwidth(text)) == len(text)
    assert halfwidth(halfwidth(text)) == halfwidth(text)
