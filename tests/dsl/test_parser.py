"""Text to statements: what the language takes, and that nothing breaks the parser."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.dsl.strategies import names, statements

from tiaowen.dsl import tree as t
from tiaowen.dsl.keywords import SCRIPTS, keywords, number_value, spellings
from tiaowen.dsl.normal import simplified
from tiaowen.dsl.parser import MAX_DEPTH, MAX_STATEMENT, Start, parse_block
from tiaowen.dsl.printer import print_statement
from tiaowen.dsl.source import Source


def block(text: str, kind: Start = "rule_statement") -> Any:
    return parse_block(Source("test", text), 0, len(text), kind)


def one(text: str, kind: Start = "rule_statement") -> Any:
    parsed = block(text, kind)
    assert not parsed.diagnostics, parsed.diagnostics
    (line,) = parsed.lines
    return line.statement


def codes(text: str, kind: Start = "rule_statement") -> list[str]:
    return [diagnostic.code for diagnostic in block(text, kind).diagnostics]


def name(text: str) -> t.Name:
    return t.Name(text)


# --- what the language takes


def test_precedence() -> None:
    body = one("x = a + b × -c ≥ d 且 非 e 或 f").body
    times = t.Binary("multiply", name("b"), t.Unary("negate", name("c")))
    least = t.Binary("ge", t.Binary("add", name("a"), times), name("d"))
    both = t.Binary("and", least, t.Unary("not", name("e")))
    assert body == t.Binary("or", both, name("f"))


def test_chains_bind_to_the_left() -> None:
    inner = t.Binary("subtract", name("a"), name("b"))
    assert one("x = a - b - c").body == t.Binary("subtract", inner, name("c"))


def test_a_keyword_is_a_name_where_it_cannot_be_a_keyword() -> None:
    table = one("x =\n  | 级别 | 含 |\n  | 当 | 加 |").body
    assert table.rows[0].cells[0] == t.OneOf((name("级别"),))
    assert one("x = 组 + 表").body == t.Binary("add", name("组"), name("表"))


def test_full_width_and_half_width_signs_are_equal() -> None:
    full = one("ｘ　＝　较小（ａ，１５％）　×　（ｂ＋２）")
    assert full == one("x = 较小(a, 15%) × (b + 2)")


def test_one_statement_in_each_script() -> None:
    assert one("起付线 不低于 100元 当 退休 且 非 转院") == one(
        "起付線 不低於 100元 當 退休 且 非 轉院"
    )
    assert one("起付线 不低于 100元 当 退休 且 非 转院") == one(
        "起付线 at least 100元 when 退休 and not 转院"
    )


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("200元", 200, "元"),
        ("15万元", 150_000, "元"),
        ("1,500.50元", Fraction("1500.5"), "元"),
        ("1.2亿元", 120_000_000, "元"),
        ("15萬元", 150_000, "元"),
        ("90%", 90, "%"),
        ("5个百分点", 5, "百分点"),
        ("5個百分點", 5, "百分点"),
        ("5 points", 5, "百分点"),
        ("6个月", 6, "月"),
        ("3天", 3, "日"),
        ("80周岁", 80, "岁"),
        ("48小時", 48, "小时"),
        ("2万", 20_000, ""),
        ("0.05", Fraction(1, 20), ""),
    ],
)
def test_numbers(text: str, value: Fraction, unit: str) -> None:
    body = one(f"x = {text}").body
    assert (body.value, body.unit, body.text) == (value, unit, text)


def test_dates_and_moments() -> None:
    assert one("x = 2024年1月31日").body.value == datetime.date(2024, 1, 31)
    assert one("x = 2024-01-31 08:30").body.value == datetime.datetime(2024, 1, 31, 8, 30)
    assert codes("x = 2023-02-29") == ["TW0101"]


def test_quotations_are_taken_as_they_stand() -> None:
    for text in ('"渝府发（2007）＃1号"', '“甲"', '"乙”', "＂丙＂", '“他说"好"”', "「“甲”、“乙”」"):
        assert one(f"不编码 {text}  # 注").reason == text[1:-1]


def test_choices_of_a_reading_may_stand_on_lines_of_their_own() -> None:
    reading = one("口径 转院连续: 当日\n  | 同日\n  | 是\n  默认 是")
    assert (reading.choices, reading.default) == (("当日", "同日", "是"), "是")


def test_lists_of_names_and_articles_take_either_comma() -> None:
    assert one("适用 住院、生育住院，留观").matters == ("住院", "生育住院", "留观")
    clauses = one("x = 1 依据 第三条、第十六条（七）1，二、（二）5").clauses
    assert [r.text for r in clauses.basis] == ["第三条", "第十六条（七）1", "二、（二）5"]


def test_every_spelling_is_one_keyword() -> None:
    count = sum(len(set(words)) for by in keywords().values() for words in [sum(by.values(), ())])
    assert count == len(spellings())


# --- places


@given(statements())
@settings(max_examples=60, deadline=None)
def test_a_statement_stands_where_its_span_says(drawn: tuple[Start, Any]) -> None:
    kind, statement = drawn
    text = print_statement(statement)
    source = Source("test", f"# 注\n{text}\n\n{text}")
    parsed = parse_block(source, 0, len(source.text), kind)
    assert [line.statement.span.text for line in parsed.lines] == [text, text]


def test_spans_of_parts() -> None:
    source = Source("test", "文字\nx = a + b 当 c")
    definition: Any = parse_block(source, 3, len(source.text)).lines[0].statement
    assert definition.body.span.text == "a + b"
    assert definition.body.right.span.text == "b"
    assert definition.clauses.when.span.text == "c"
    assert str(definition.body.right.span) == "test:2:9"


def test_rows_and_cells_stand_where_they_are() -> None:
    table = one("x =\n  | 甲 | |\n  | ≤ 3元 | — |").body
    assert [row.span.text for row in table.rows] == ["| 甲 | |", "| ≤ 3元 | — |"]
    assert table.rows[1].cells[0].span.text == "≤ 3元"


# --- statements and comments


def test_where_statements_begin_and_end() -> None:
    text = "x = a\n  + b\ny = c\n\n  当 d\n# 注\nz =\n| p | |\n| q | 1 |\n  当 e  # 尾\n# 完\n"
    parsed = block(text)
    assert not parsed.diagnostics
    assert [line.statement.span.text for line in parsed.lines] == [
        "x = a\n  + b",
        "y = c\n\n  当 d",
        "z =\n| p | |\n| q | 1 |\n  当 e",
    ]
    assert parsed.lines[2].before == ("# 注",)
    assert [c.text for c in parsed.lines[2].comments] == ["# 尾"]
    assert parsed.after == ("# 完", "")


def test_a_block_may_stand_at_any_margin() -> None:
    assert len(block("    x = a\n      当 b\n    y = c\n").lines) == 2


def test_an_error_never_hides_the_next_statement() -> None:
    parsed = block("x = = 1\ny = 2\nz 减少 3元\nw = (1\nv = 4")
    assert [d.code for d in parsed.diagnostics] == ["TW0101", "TW0104", "TW0103"]
    assert [d.span.line for d in parsed.diagnostics] == [1, 3, 4]
    assert [line.statement.name for line in parsed.lines] == ["y", "v"]


# --- what no input may do


@given(st.text(max_size=200), st.sampled_from(["rule_statement", "case_statement"]))
@settings(max_examples=300, deadline=None)
@example("\x00", "rule_statement")
@example("x = \ud800", "rule_statement")
@example('"“「』', "rule_statement")
def test_no_text_breaks_the_parser(text: str, kind: Start) -> None:
    block(text, kind)


PIECES = ["起付线", " ", "=", "减", "200元", "(", ")", "当", "若", "则", "否则", "|", "\n", "  ", ",", "每项",
          "事项", '"', "“", "#", "依据", "属于", "{", "}", "、", "—", "～", "1", ".", "非", "at least"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@settings(max_examples=400, deadline=None)
def test_no_jumble_of_words_breaks_the_parser(text: str) -> None:
    parsed = block(text)
    for line in parsed.lines:
        assert one(print_statement(line.statement)) == line.statement
    for diagnostic in parsed.diagnostics:
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 5000 + "a" + ")" * 5000,
        "x = " + " + ".join(["a"] * 10_000),
        "x = " + " 且 ".join(["a"] * 10_000),
        "x = " + "非 " * 5000 + "a",
        "x = " + "- " * 5000 + "a",
        "x = " + "若 a 则 " * 3000 + "b" + " 否则 c" * 3000,
        "x = " + "若 a 则 b 否则 " * 3000 + "c",
        "x = " + "f(" * 3000 + "a" + ")" * 3000,
        "x = " + "合计(每项 " * 3000 + "a" + ")" * 3000,
        "x = " + "a 属于 {" * 3000 + "a" + "}" * 3000,
        "x =\n  | " + "f(" * 3000 + "a" + ")" * 3000 + " |",
    ],
    ids=["brackets", "sum", "and", "not", "minus", "then", "else", "calls", "every", "members", "cell"],
)  # fmt: skip
def test_nothing_is_too_deep_for_the_parser(text: str) -> None:
    (diagnostic,) = block(text).diagnostics
    assert diagnostic.code == "TW0105"
    assert diagnostic.args["limit"] == MAX_DEPTH


def test_what_is_as_deep_as_allowed_parses() -> None:
    terms = MAX_DEPTH - 1  # the statement is a level too
    one("x = " + " + ".join(["很长的名称"] * terms))
    assert codes("x = " + " + ".join(["很长的名称"] * (terms + 1))) == ["TW0105"]


def test_long_lists_and_tables_are_not_deep() -> None:
    one("适用 " + ", ".join(["某事项"] * 1000))
    one("组 a: b = " + "、".join(["某值"] * 1000))
    one("x =\n  | a | |\n" + "\n".join("  | b | 1 |" for _ in range(1000)))


def test_a_statement_beyond_the_limit_is_refused() -> None:
    (diagnostic,) = block("x = " + "长" * MAX_STATEMENT).diagnostics
    assert diagnostic.code == "TW0107"


@pytest.mark.parametrize("mark", ["“", "「", '"', "”"])
def test_marks_by_the_hundred_thousand_are_read_in_one_go(mark: str) -> None:
    for text in (f"x = 1 {mark * 100_001}", f"x = 1 ”」 {mark * 100_000}"):
        assert len(block(text).diagnostics) == 1


def test_brackets_left_open_by_the_thousand() -> None:
    assert codes("x = " + "(" * 50) == ["TW0101"]
    assert codes("x = " + "(" * 50 + "a") == ["TW0103"]


# --- names


@given(st.text("起付線线醫医療疗後后於于徵征乾abc" + "國囯𠮷", min_size=1))
def test_simplified_keeps_length_and_is_stable(text: str) -> None:
    made = simplified(text)
    assert len(made) == len(text)
    assert simplified(made) == made


@given(st.text("起付線医療後於徵乾", min_size=1), st.text("線醫療疗後于", min_size=1))
def test_simplified_goes_character_by_character(one_part: str, other: str) -> None:
    assert simplified(one_part + other) == simplified(one_part) + simplified(other)


@given(names(), names())
def test_the_tree_holds_simplified_names(first: str, second: str) -> None:
    definition = one(f"{first}線: 金額 = 本次.{second}費用")
    assert definition == t.Definition(
        f"{first}线", t.Qualified("本次", f"{second}费用"), type="金额"
    )


def test_texts_are_not_simplified() -> None:
    assert one('不编码 "起付線"').reason == "起付線"


def test_numbers_of_every_unit_are_known() -> None:
    from tiaowen.dsl.keywords import units

    for unit, words in units().items():
        for word in words:
            assert number_value(f"3{word}") == (Fraction(3), unit)
            assert one(f"x = 3{word} + 3 {word}").body.right.unit == unit
    assert SCRIPTS == ("zh", "zh-Hant", "en")
