"""What is printed parses to the tree it was printed from."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dsl.strategies import expressions, scripts, statements

from tiaowen.dsl import tree as t
from tiaowen.dsl.keywords import Script
from tiaowen.dsl.parser import Start, parse_block
from tiaowen.dsl.printed import Expressions, display_width
from tiaowen.dsl.printer import print_statement
from tiaowen.dsl.source import Source


def parsed(text: str, kind: Start = "rule_statement") -> Any:
    found = parse_block(Source("test", text), 0, len(text), kind)
    assert not found.diagnostics, (text, found.diagnostics)
    (line,) = found.lines
    return line.statement


@settings(max_examples=300, deadline=None)
@given(statements(), scripts())
def test_what_is_printed_parses_to_the_same_tree(drawn: tuple[Start, Any], script: Script) -> None:
    kind, statement = drawn
    assert parsed(print_statement(statement, script), kind) == statement


@settings(max_examples=100, deadline=None)
@given(statements(), scripts(), scripts())
def test_printing_in_another_script_and_back_changes_nothing(
    drawn: tuple[Start, Any], first: Script, second: Script
) -> None:
    kind, statement = drawn
    there = parsed(print_statement(statement, first), kind)
    back = parsed(print_statement(there, second), kind)
    assert print_statement(back, first) == print_statement(statement, first)


@settings(max_examples=150, deadline=None)
@given(expressions(height=3))
def test_every_bracket_is_needed(expression: Any) -> None:
    """Without any one pair of grouping brackets the text says something else, or nothing."""
    text = Expressions("zh").expression(expression)
    for start, end in _pairs(text):
        if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
            continue
        bare = f"{text[:start]}{text[start + 1 : end]}{text[end + 1 :]}"
        source = Source("test", f"x = {bare}")
        found = parse_block(source, 0, len(source.text))
        said: list[Any] = [line.statement for line in found.lines]
        assert not said or said[0].body != expression


def _pairs(text: str) -> list[tuple[int, int]]:
    if any(mark in text for mark in '"“「'):
        return []
    pairs, open_at = [], []
    for place, sign in enumerate(text):
        if sign == "(":
            open_at.append(place)
        elif sign == ")":
            pairs.append((open_at.pop(), place))
    return pairs


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("起付线＝（起付标准）", "起付线 = 起付标准"),
        ("x = (a + b) + (c + d)", "x = a + b + (c + d)"),
        ("x = a - (b - c)", "x = a - (b - c)"),
        ("x = (a = b) = (c < d)", "x = (a = b) = (c < d)"),
        ("x = (a × b) + c ÷ (d)", "x = a × b + c ÷ d"),
        ("x = 非 (a 且 b)", "x = 非 (a 且 b)"),
        ("x = a 非 属于 {b，c}", "x = 非 a 属于 {b, c}"),
        ("x = 若 a 则 b 否则 若 c 则 d 否则 e", "x = 若 a 则 b 否则 若 c 则 d 否则 e"),
        ("x = (若 a 则 b 否则 c) + 1元", "x = (若 a 则 b 否则 c) + 1元"),
        ("x = 15万元 + 1,500.50元", "x = 15万元 + 1,500.50元"),
        ("x = 2024年1月31日", "x = 2024-01-31"),
        ("起付线 減 200元 當 退休", "起付线 减 200元 当 退休"),
        ("起付线 minus 200元 when 退休", "起付线 减 200元 当 退休"),
        ("不编码 “他说\"不\"”", "不编码 “他说\"不\"”"),
    ],
)  # fmt: skip
def test_the_canonical_spelling(written: str, printed: str) -> None:
    assert print_statement(parsed(written)) == printed


def test_a_table_is_aligned_as_it_shows() -> None:
    text = "x =\n|医院级别|\\u3000|\n|一级及以下|200元|\n|二级|≤  300 元|\n|—||"
    statement = parsed(text.replace("\\u3000", "　"))
    assert print_statement(statement, "zh").split("\n") == [
        "x =",
        "  | 医院级别   |          |",
        "  | 一级及以下 | 200元    |",
        "  | 二级       | ≤ 300 元 |",
        "  | —          |          |",
    ]


def test_a_number_nobody_wrote_is_printed_canonically() -> None:
    from fractions import Fraction

    number = t.Number(Fraction(3, 2), "百分点", "")
    assert Expressions("zh").expression(number) == "1.5个百分点"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["起付标准", "医保范围内费用", "a"]), min_size=2, max_size=40))
def test_a_long_sum_is_broken_before_its_signs(names: list[str]) -> None:
    printed = print_statement(parsed("x = " + " + ".join(names)))
    for line in printed.split("\n"):
        assert display_width(line) <= 100
    assert all(line.lstrip().startswith("+") for line in printed.split("\n")[1:])


def test_every_form_of_statement_is_printed() -> None:
    from tiaowen.dsl.printer import _FORMS

    forms = {form for union in (t.RuleStatement, t.CaseStatement) for form in union.__args__}
    assert forms == set(_FORMS)
    assert all(attrs.has(form) for form in forms)
