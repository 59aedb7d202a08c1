"""Money, ratios and counts: exact in, exact through, exact out."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tiaowen.compiler.bad_value import _REASONS, BadValue
from tiaowen.compiler.values import (
    chinese_capitals,
    format_date,
    format_decimal,
    format_money,
    format_ratio,
    format_value,
    parse_decimal,
    parse_money,
    parse_ratio,
    round_half_up,
)

fen_amounts = st.integers(-(10**16) + 1, 10**16 - 1)
fractions = st.fractions(max_denominator=10**6)


# round_half_up


@pytest.mark.parametrize(
    ("amount", "whole"),
    [
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), -1),
        (Fraction(3, 2), 2),
        (Fraction(5, 2), 3),
        (Fraction(49, 100), 0),
        (Fraction(-49, 100), 0),
        (Fraction(-5, 2), -3),
        (7, 7),
        (-7, -7),
        (Fraction(10**30 * 2 + 1, 2), 10**30 + 1),
    ],
)
def test_halves_go_away_from_zero(amount: Fraction | int, whole: int) -> None:
    assert round_half_up(amount) == whole


@given(fractions)
def test_rounding_is_symmetric_and_nearest(amount: Fraction) -> None:
    whole = round_half_up(amount)
    assert round_half_up(-amount) == -whole
    assert abs(whole - amount) <= Fraction(1, 2)
    assert abs(whole) >= abs(amount) or abs(amount) - abs(whole) < Fraction(1, 2)


@given(fractions, fractions)
def test_rounding_keeps_order(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert round_half_up(low) <= round_half_up(high)


# reading


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.56", 123456),
        ("15万", 15_000_000),
        ("15万元", 15_000_000),
        ("1.5万元", 1_500_000),
        ("１，２３４．５６元", 123456),
        ("０．０１", 1),
        (".5", 50),
        ("200元", 20000),
        ("¥200", 20000),
        ("￥ 200.00", 20000),
        ("3千万元", 3_000_000_000),
        ("1.234567亿", 12_345_670_000),
        ("-3.2", -320),
        ("−3.2", -320),
        ("-¥3.2", -320),
        ("+1", 100),
        ("1.500", 150),
        ("0e999999999", 0),
        ("1.5e3", 150_000),
        ("12345678901234.56", 1_234_567_890_123_456),
        ("15萬圓", 15_000_000),
        ("  20 元 ", 2000),
        ("0.0001万", 100),
        ("00012", 1200),
    ],
)
def test_money_as_people_write_it(text: str, fen: int) -> None:
    assert parse_money(text) == fen
    assert type(parse_money(text)) is int


def test_money_from_numbers_is_in_yuan() -> None:
    assert parse_money(15) == 1500
    assert parse_money(Decimal("0.1")) == 10
    assert parse_money(Decimal("1E+3")) == 100_000


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("元", "not-a-number"),
        ("NaN", "not-finite"),
        ("-Infinity", "not-finite"),
        ("inf", "not-finite"),
        (Decimal("sNaN"), "not-finite"),
        (Decimal("-Infinity"), "not-finite"),
        ("1e999999999999999999", "too-large"),
        ("1e-99999999999999999", "too-fine"),
        ("1e15", "too-large"),
        (Decimal("1e400000"), "too-large"),
        (10**14, "too-large"),
        pytest.param(10**4000, "too-large", id="4000 digits"),
        ("100000000000000", "too-large"),
        ("1亿亿", "not-a-number"),
        ("9999999亿", "too-large"),
        ("0.001", "too-fine"),
        ("1.2345678万", "too-fine"),
        (Decimal("0.005"), "too-fine"),
        (0.1, "float"),
        (True, "not-a-number"),
        (None, "not-a-number"),
        ([1], "not-a-number"),
        ("abc", "not-a-number"),
        ("12,34", "not-a-number"),
        ("1,2345", "not-a-number"),
        ("1.", "not-a-number"),
        (".", "not-a-number"),
        ("-", "not-a-number"),
        ("--1", "not-a-number"),
        ("-+1", "not-a-number"),
        ("1_000", "not-a-number"),
        ("0x10", "not-a-number"),
        ("1.2.3", "not-a-number"),
        ("１２三", "not-a-number"),
        ("٣", "not-a-number"),
        ("5角", "not-a-number"),
        pytest.param("9" * 100_000, "too-long", id="long"),
        ("1" + " " * 300 + "x", "too-long"),
        ("15元元", "not-a-number"),
        ("1\x002", "not-a-number"),
    ],
)
def test_what_is_no_amount_says_why(value: str, reason: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_money(value)
    assert caught.value.reason == reason
    for lang in ("zh", "en"):
        words = caught.value.explain(lang)
        assert words
        assert "{" not in words
        assert len(words) < 120
        assert "\x00" not in words


def test_an_integer_too_long_to_write_out_is_too_large() -> None:
    for value in (10**5000, -(10**5000)):
        with pytest.raises(BadValue) as caught:
            parse_money(value)
        assert caught.value.reason == "too-large"


def test_every_reason_has_words_with_the_same_details_in_both_languages() -> None:
    for chinese, english in _REASONS.values():
        assert set(re.findall(r"{(\w+)}", chinese)) == set(re.findall(r"{(\w+)}", english))
        assert not english.endswith(".")
        assert not chinese.endswith("。")


@pytest.mark.parametrize(
    ("text", "places", "digits", "number"),
    [
        ("12.345678", 6, 16, Fraction(12345678, 10**6)),
        ("0.0001", 4, 16, Fraction(1, 10**4)),
        ("9999999999.999999", 6, 16, Fraction(10**16 - 1, 10**6)),
        ("30", 0, 4, Fraction(30)),
    ],
)
def test_decimals_of_the_interface(text: str, places: int, digits: int, number: Fraction) -> None:
    assert parse_decimal(text, places, digits) == number


@pytest.mark.parametrize(
    ("text", "places", "digits", "reason"),
    [
        ("0.0000001", 6, 16, "too-fine"),
        ("10000000000", 6, 16, "too-large"),
        ("1.5", 0, 4, "too-fine"),
        ("10000", 0, 4, "too-large"),
        ("15万", 2, 16, "not-a-number"),
    ],
)
def test_decimals_too_fine_or_large(text: str, places: int, digits: int, reason: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_decimal(text, places, digits)
    assert caught.value.reason == reason


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6
    )
)
def test_reading_a_decimal_loses_nothing(number: Decimal) -> None:
    assert parse_decimal(number, 6, 16) == Fraction(number)
    assert parse_decimal(f"{number:,f}", 6, 16) == Fraction(number)


@given(fen_amounts)
def test_every_way_of_writing_an_amount_is_the_same_amount(fen: int) -> None:
    yuan = Decimal(fen).scaleb(-2)
    for written in (yuan, f"{yuan:f}", f"{yuan:,f}元", f"{yuan:e}", f"{yuan.scaleb(-4):f}万"):
        assert parse_money(written) == fen
    assert format_money(fen) == format_decimal(Fraction(fen, 100), 2) + "元"


@given(st.text(max_size=80))
def test_any_text_is_an_amount_or_a_reason(text: str) -> None:
    for parse in (parse_money, parse_ratio):
        with suppress(BadValue):
            assert isinstance(parse(text), (int, Fraction))


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("85%", Fraction(17, 20)),
        ("８５％", Fraction(17, 20)),
        ("0.85", Fraction(17, 20)),
        ("2/3", Fraction(2, 3)),
        ("33.3333%", Fraction(333333, 10**6)),
        ("100 %", Fraction(1)),
        ("-5%", Fraction(-1, 20)),
    ],
)
def test_ratios_as_people_write_them(text: str, ratio: Fraction) -> None:
    assert parse_ratio(text) == ratio


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1/0", "zero-denominator"),
        ("%", "empty"),
        ("85%%", "not-a-number"),
        ("1/2/3", "not-a-number"),
        ("1/", "empty"),
        ("nan%", "not-finite"),
        ("1e9%", "too-large"),
        ("1.5/2", "too-fine"),
    ],
)
def test_what_is_no_ratio_says_why(text: str, reason: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_ratio(text)
    assert caught.value.reason == reason


# writing


@given(fen_amounts)
def test_money_reads_back(fen: int) -> None:
    assert parse_money(format_money(fen)) == fen
    assert parse_money(format_money(fen, short=True)) == fen


@given(st.fractions(-10, 10, max_denominator=1000))
def test_ratios_read_back_where_they_are_within_the_digits(ratio: Fraction) -> None:
    text = format_ratio(ratio)
    if len(text.partition(".")[2]) <= 7:
        assert parse_ratio(text) == ratio


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (format_money(123456), "1,234.56元"),
        (format_money(-5, "en"), "-0.05 yuan"),
        (format_money(100_000, short=True), "1,000元"),
        (format_money(100_050, short=True), "1,000.50元"),
        (format_money(Fraction(1, 2)), "0.005元"),
        (format_money(Fraction(100, 3)), "1/3元"),
        (format_ratio(Fraction(17, 20)), "85%"),
        (format_ratio(Fraction(2, 3)), "2/3"),
        (format_ratio(Fraction(1, 40)), "2.5%"),
        (format_ratio(1), "100%"),
        (format_ratio(0), "0%"),
        (format_decimal(Fraction(1, 2**20)), "1/1048576"),
        (format_decimal(1234567), "1,234,567"),
    ],
)
def test_numbers_are_written_exactly(text: str, written: str) -> None:
    assert text == written


@pytest.mark.parametrize(
    ("value", "type_name", "chinese", "english"),
    [
        (50_000, "金额", "500.00元", "500.00 yuan"),
        (Fraction(9, 10), "比例", "90%", "90%"),
        (Fraction(1, 20), "百分点", "5个百分点", "5 percentage points"),
        (Fraction(1, 100), "百分点", "1个百分点", "1 percentage point"),
        (Fraction(12_345_678, 10**6), "单价", "12.345678元", "12.345678 yuan"),
        (Fraction(3), "单价", "3.00元", "3.00 yuan"),
        (Fraction(5, 2), "数量", "2.5", "2.5"),
        (1, "天数", "1天", "1 day"),
        (30, "天数", "30天", "30 days"),
        (Fraction(13, 2), "月数", "6.5个月", "6.5 months"),
        (20, "年限", "20年", "20 years"),
        (5, "工作日", "5个工作日", "5 working days"),
        (1, "级数", "1级", "1 level"),
        (Fraction(145, 2), "时长", "72.5小时", "72.5 hours"),
        (True, "是否", "是", "yes"),
        (False, "是否", "否", "no"),
        (date(2024, 1, 5), "日期", "2024年1月5日", "2024-01-05"),
        (datetime(2024, 1, 5, 9, 30), "时刻", "2024年1月5日 09:30", "2024-01-05 09:30"),
        ("二级", "医院级别", "二级", "二级"),
        (None, "金额", "不适用", "not applicable"),
        ((100, 200), "金额", "1.00元、2.00元", "1.00 yuan, 2.00 yuan"),
    ],
)
def test_values_carry_their_unit(value: object, type_name: str, chinese: str, english: str) -> None:
    assert format_value(value, type_name, "zh") == chinese
    assert format_value(value, type_name, "en") == english


def test_moments_are_written_as_fine_as_they_are() -> None:
    assert format_date(datetime(2024, 1, 5, 9, 30, 5)) == "2024年1月5日 09:30:05"
    assert format_date(datetime(2024, 1, 5, 9, 30, 0, 500_000), "en") == "2024-01-05 09:30:00.5"


# capitals


@pytest.mark.parametrize(
    ("fen", "capitals"),
    [
        (123_456, "壹仟贰佰叁拾肆元伍角陆分"),
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (10_700_053, "壹拾万柒仟元伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (5_00, "伍元整"),
        (10_00, "壹拾元整"),
        (-150, "负壹元伍角整"),
        (10_010_00, "壹万零壹拾元整"),
        (10_000_00, "壹万元整"),
        (100_000_000_00, "壹亿元整"),
        (100_000_001_00, "壹亿零壹元整"),
        (100_010_000_00, "壹亿零壹万元整"),
        (1_000_000_010_000_00, "壹万亿零壹万元整"),
        (1_005_000_700_00, "壹拾亿零伍佰万零柒佰元整"),
        (1_050_000_000_00, "壹拾亿伍仟万元整"),
    ],
)
def test_capitals_of_vouchers(fen: int, capitals: str) -> None:
    assert chinese_capitals(fen) == capitals


def read_capitals(text: str) -> int:
    """The 分 an amount in capitals says, read figure by figure as a cashier would."""
    sign = -1 if text.startswith("负") else 1
    text = text.removeprefix("负").removesuffix("整")
    whole, yuan, rest = text.rpartition("元")
    fen = read_number(whole) * 100 if yuan else 0
    for figure, unit in re.findall("([壹贰叁肆伍陆柒捌玖])([角分])", rest):
        fen += "零壹贰叁肆伍陆柒捌玖".index(figure) * (10 if unit == "角" else 1)
    return sign * fen


def read_number(text: str) -> int:
    for name, unit in (("亿", 10**8), ("万", 10**4)):
        high, found, low = text.rpartition(name)
        if found:
            return read_number(high) * unit + read_number(low)
    units = {"仟": 1000, "佰": 100, "拾": 10, "": 1}
    return sum(
        "零壹贰叁肆伍陆柒捌玖".index(figure) * units[unit]
        for figure, unit in re.findall("([壹贰叁肆伍陆柒捌玖])([仟佰拾]?)", text)
    )


sparse = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=4).map(
    lambda figures: sum(digit * 10**place for place, digit in dict(figures).items())
)


@given(fen_amounts | sparse)
@example(10**18 + 1)
def test_capitals_read_back(fen: int) -> None:
    text = chinese_capitals(fen)
    assert read_capitals(text) == fen
    assert "零零" not in text
    assert "零元" not in text.removeprefix("零元整")
    assert text.endswith(("整", "分"))
