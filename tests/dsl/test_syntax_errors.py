"""A failed parse is told as what was meant, with the place and the mended text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.dsl.strategies import RESERVED, scripts

from tiaowen.dsl.catalogue import message
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.dsl.keywords import SCRIPTS, Script, keywords, spelling
from tiaowen.dsl.parser import Start, parse_block
from tiaowen.dsl.segments import segmentation, segmentations
from tiaowen.dsl.source import Source


def problems(text: str, kind: Start = "rule_statement") -> tuple[Diagnostic, ...]:
    return parse_block(Source("test", text), 0, len(text), kind).diagnostics


def problem(text: str, kind: Start = "rule_statement") -> Diagnostic:
    (found,) = problems(text, kind)
    return found


def mended(text: str, found: Diagnostic) -> str:
    assert found.fix is not None
    span = found.fix.span
    return text[: span.start] + found.fix.replacement + text[span.end :]


# --- text typed without spaces


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("起付线减200元", "起付线 减 200元"),
        ("起付线减２００元", "起付线 减 200元"),
        ("起付线減200元", "起付线 減 200元"),
        ("起付线减1,500.50元", "起付线 减 1,500.50元"),
        ("起付线不低于100元", "起付线 不低于 100元"),
        ("支付比例提高5个百分点", "支付比例 提高 5个百分点"),
        ("起付级别下调1级", "起付级别 下调 1级"),
        ("起付线 减 200元 当退休", "当 退休"),
        ("起付线 减 200元当 退休", "200元 当"),
        ("x = 10%当 退休", "10% 当"),
        ("事项住院", "事项 住院"),
        ("x = 起付线减200元", "起付线 减 200元"),
        ("x = 合计(每项金额)", "每项 金额"),
        ("每项先行自付 = 金额", "每项 先行自付"),
    ],
)
def test_words_typed_without_spaces(text: str, proposal: str) -> None:
    found = problem(text)
    assert found.code == "TW0102"
    assert found.args["proposal"] == proposal
    assert found.fix is not None
    assert found.fix.replacement == proposal


@pytest.mark.parametrize(
    "text", ["起付线减200元", "起付线不低于100元当退休", "起付线 减 200元 当退休", "x = 10%当 退休"]
)
def test_the_mended_statement_parses(text: str) -> None:
    for _ in range(3):
        found = problems(text)
        if found:
            text = mended(text, found[0])
    assert not problems(text)


def test_a_name_with_a_figure_is_a_name() -> None:
    assert not problems("急诊48小时 = 附加2 + 减免3")


def test_segmentations() -> None:
    assert ("起付线", "减", "200元") in segmentations("起付线减200元")
    assert segmentations("起付线") == []
    known = {"起付线", "退休", "起付标准"}.__contains__
    assert segmentation("起付标准当退休", known) == "起付标准 当 退休"
    assert segmentation("起付标准当离休", known) == ""
    assert segmentations("减" * 1000) == []


# --- brackets and quotations


@pytest.mark.parametrize(
    ("text", "opening", "column"),
    [
        ("x = (a + b", "(", 5),
        ("x = （a + b", "（", 5),
        ("x = (a + (b × c", "(", 10),
        ("x = (a + b 当 c", "(", 5),
        ("x = a 属于 {b, c", "{", 10),
        ("x = f(a, b\n  当 c", "(", 6),
        ('x = "abc', '"', 5),
        ("x = “abc", "“", 5),
        ("不编码 「abc\n", "「", 5),
    ],
)
def test_what_is_left_open(text: str, opening: str, column: int) -> None:
    found = problem(text)
    assert found.code == "TW0103"
    assert found.args["opening"] == opening
    assert found.span is not None
    assert found.span.column == column


@pytest.mark.parametrize(
    "text", ["x = (a + b", "x = （a + b", "x = (a + b 当 c", "x = a 属于 {b, c"]
)
def test_closing_the_bracket_mends_it(text: str) -> None:
    assert not problems(mended(text, problem(text)))


# --- misspelt keywords

TEMPLATES: dict[str, str] = {
    "matter": "{matter} 住院",
    "applies": "{applies} {all}",
    "interface": "{interface} 住院结算 {about} 人次\n  | 输出 |\n  | 甲 |",
    "about": "{interface} 住院结算 {about} 人次\n  | 输出 |\n  | 甲 |",
    "enum": "{enum} 医疗类别\n  | 值 |\n  | 甲 |",
    "group": "{group} 住院类: 医疗类别 = 甲、乙",
    "scale": "{scale} 医院级别 = 医院等级\n  | 级别 |\n  | 一级 |",
    "field": "{field} 就诊\n  | 字段 |\n  | 甲 |",
    "collection": "{collection} 明细\n  | 字段 |\n  | 甲 |",
    "shorthand": "{shorthand} 甲类 = 明细(金额)",
    "table": "{table} 大额(累计: 金额) = 累计",
    "parameter": '{parameter} 标准: 金额 {delegated} "文号"',
    "delegated": '{parameter} 标准: 金额 {delegated} "文号"',
    "keyed": '{parameter} 标准: 金额 {delegated} "文号" {keyed} 医院级别',
    "range": '{parameter} 标准: 金额 {delegated} "文号" {range} ≤ 5000元',
    "reading": "{reading} 连续: 甲 | 乙 {default} 甲",
    "default": "{reading} 连续: 甲 | 乙 {default} 甲",
    "english": '限额 = 标准 {english} "cap"',
    "when": "限额 = 标准 {when} 退休",
    "basis": "限额 = 标准 {basis} 第三条",
    "after": "限额 = 标准 {after} 第三条",
    "sentence": "限额 = 标准 {sentence} 2",
    "derive": '限额 = 标准 {derive} "由来"',
    "each_line": "{each_line} 自付 = 金额",
    "each": "{each} 区县 应得额 = 金额",
    **{name: f"限额 {{{name}}} 标准" for name in ("add", "subtract", "multiply", "raise", "lower",
       "step_up", "step_down", "at_least", "at_most", "set_to")},
    "exclude": '{exclude} "理由"',
    "duty": '{duty} 甲 {else} "理由"',
    "stop": '限额 {stop} "理由"',
    "set_aside": '{set_aside} "理由"',
    "property": '{property} "甲": 乙 ≤ 丙',
    "under": "{matter} 住院 {under} 住院结算",
    "settle": "{under} 住院 {settle}",
    "counted": "{under} 住院 {settle} {counted}",
    "with": "{under} 住院 {settle} {with} 限额 = 0元",
    "part": "{part} 外购 {under} 机构",
    "spread": "{part} 外购 {under} 机构 {spread} 限额 {over} 实付",
    "over": "{part} 外购 {under} 机构 {spread} 限额 {over} 实付",
    "total": "{part} 外购 {under} 机构 {total} 支付",
    "or": "限额 = 甲 {or} 乙",
    "and": "限额 = 甲 {and} 乙",
    "in": "限额 = 甲 {in} 乙",
    "if": "限额 = {if} 甲 {then} 乙 {else} 丙",
    "then": "限额 = {if} 甲 {then} 乙 {else} 丙",
    "else": "限额 = {if} 甲 {then} 乙 {else} 丙",
    "based": "{based} 样例",
    "given": "{given} 甲 = 1",
    "earlier": "{earlier} 住院: 甲 = 1",
    "expect": "{expect} 甲 = 1",
    "expect_stop": "{expect_stop} 缺输入",
    "expect_note": '{expect_note} "提示"',
    "expect_refusal": '{expect_refusal} "理由"',
}  # fmt: skip

WITHOUT_TEMPLATE = {"all", "yes", "no", "not"}
"""Misspelt, these are names: no grammar can tell."""

CASES = {"based", "given", "earlier", "expect", "expect_stop", "expect_note", "expect_refusal"}


def kind_of(name: str) -> Start:
    return "case_statement" if name in CASES else "rule_statement"


def statement(name: str, script: Script, spelt: str) -> str:
    words = {other: spelling(other, script) for other in keywords()}
    return TEMPLATES[name].format(**{**words, name: spelt})


def test_every_keyword_has_a_statement() -> None:
    assert TEMPLATES.keys() | WITHOUT_TEMPLATE == keywords().keys()
    for name in TEMPLATES:
        for script in ("zh", "zh-Hant", "en"):
            assert not problems(statement(name, script, spelling(name, script)), kind_of(name))


@st.composite
def misspellings(draw: st.DrawFn, word: str) -> str:
    """``word`` with one character changed, left out, put in, or swapped with the next."""
    other = draw(st.sampled_from("错鱼龍" if not word.isascii() else "xqz"))
    place = draw(st.integers(0, len(word) - 1))
    before, after = word[:place], word[place + 1 :]
    swapped = before + after[:1] + word[place] + after[1:]
    slips = [before + other + after, before + after, before + other + word[place] + after, swapped]
    return draw(st.sampled_from(slips))


@settings(max_examples=500, deadline=None)
@given(st.data(), st.sampled_from(sorted(TEMPLATES)), scripts())
def test_every_keyword_misspelt_by_one_character_is_recognised(
    data: st.DataObject, name: str, script: Script
) -> None:
    word = spelling(name, script)
    assume(len(word) > 1)
    spelt = data.draw(misspellings(word))
    assume(spelt.strip() == spelt != word and len(spelt) > 1 and spelt not in RESERVED)
    text = statement(name, script, spelt)
    found = problems(text, kind_of(name))
    assume(found)  # what a slip makes may be a statement, with a name in the keyword's place
    assert found[0].code == "TW0104"
    assert {spelling(name, other) for other in SCRIPTS} & set(proposals(found[0]))


def proposals(found: Diagnostic) -> list[str]:
    nearest: Any = found.args["nearest"]
    return [nearest] if isinstance(nearest, str) else nearest["zh"].split("”或“")


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("事相 住院", "事项"),
        ("matters 住院", "matter"),
        ("起付线 減少 200元", "減"),
        ("起付线 减少 200元", "减"),
        ("起付线 不超过 200元", "不高于"),
        ("起付级别 下浮 1级", "下调"),
        ("起付线 at lest 100元", "at least"),
        ("起付线 atleast 100元", "at least"),
        ('必须 甲 否则 "理由"', "须"),
        ("限额 = 若 甲 那么 乙 否则 丙", "则"),
        ("不底于 = 1\n", ""),
    ],
)
def test_the_keyword_that_was_meant(text: str, nearest: str) -> None:
    if not nearest:
        assert not problems(text)
        return
    found = problem(text)
    assert (found.code, found.args["nearest"]) == ("TW0104", nearest)
    assert not problems(mended(text, found))


def test_two_keywords_equally_near_are_both_named_and_neither_applied() -> None:
    found = problem("起付线 不鱼于 100元")
    assert found.args["nearest"] == {"zh": "不低于”或“不高于", "en": "不低于” or “不高于"}
    assert found.fix is None


# --- what stands there and what could


@pytest.mark.parametrize(
    ("text", "column", "zh"),
    [
        ("起付标准 = = 200元", 8, "此处应为数值、名称、式子或表格，却是“=”"),
        ("x = a +", 8, "此处应为数值、名称或式子"),
        ("x = 若 a 则 b", 12, "此处应为“否则”"),
        ("x = a 依据", 9, "此处应为条文（如 第十六条（六））"),
        ("级别 = 1", 1, "此处应为名称（“级别”是关键词，不能作名称），却是“级别”"),
        ("x = a\x00", 6, "此处应为运算符、附加成分（如 当、依据）或语句结束，却是“U+0000”"),
        ("x = a。", 6, "此处应为语句结束，却是“。”"),
        ("= 5", 1, "此处应为规则的开头（如 事项、每项，或要定义的名称），却是“=”"),
    ],
)
def test_what_is_expected_in_words_of_the_domain(text: str, column: int, zh: str) -> None:
    found = problem(text)
    assert found.code == "TW0101"
    assert found.span is not None
    assert found.span.column == column
    assert message(found, "zh") == zh


def test_a_full_stop_at_the_end_is_taken_away() -> None:
    text = "起付线 减 200元。"
    assert mended(text, problem(text)) == "起付线 减 200元"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(TEMPLATES)), st.data())
def test_messages_are_short(name: str, data: st.DataObject) -> None:
    """Whatever is cut off a statement, the message names at most four kinds of things."""
    text = statement(name, "zh", spelling(name, "zh"))
    cut = text[: data.draw(st.integers(1, len(text)))]
    for found in problems(cut, kind_of(name)):
        assert len(message(found, "zh")) <= 80
        assert len(message(found, "en")) <= 200


# --- tables and clauses


def test_all_ragged_rows_are_told_each_with_the_head() -> None:
    text = "x =\n  | a | b | |\n  | 1 | 2 |\n  | 1 | 2 | 3 |\n  | 1 |"
    found = problems(text)
    assert [d.code for d in found] == ["TW0106", "TW0106"]
    assert [(d.args["cells"], d.args["columns"]) for d in found] == [(2, 3), (1, 3)]
    for diagnostic in found:
        assert [label.span.line for label in diagnostic.labels][1:] == [2]
        assert diagnostic.labels[1].text == "head"


def test_a_clause_given_twice_points_at_both() -> None:
    found = problem("x = a 当 b 句 1 当 c")
    assert found.code == "TW0113"
    assert [label.span.text for label in found.labels] == ["当 c", "当 b"]


def test_all_that_is_wrong_with_a_statement_is_told() -> None:
    text = "x =\n  | a | |\n  | 2023-02-30 |\n  当 b 当 c"
    assert sorted(d.code for d in problems(text)) == ["TW0101", "TW0106", "TW0113"]


def test_ten_thousand_wrong_statements_are_all_told() -> None:
    found = problems("起付线 減少 200元\n" * 2_000)
    assert len(found) == 2_000
    assert {d.code for d in found} == {"TW0101", "TW0104"}


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        ("起付线减200元 当 中医医院", "起付线 减 200元"),
        ("起付线不低于100元 当 退休", "起付线 不低于 100元"),
    ],
)
def test_a_glued_word_before_a_condition_is_cut(written: str, proposed: str) -> None:
    source = Source("x", written)
    found = parse_block(source, 0, len(written)).diagnostics
    assert [d.code for d in found] == ["TW0102"]
    assert found[0].args["proposal"] == proposed
