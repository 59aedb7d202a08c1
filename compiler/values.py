"""The values a regulation computes with, and the one place that says what they are exactly.

The operation table, the interpreter, the kernel and the readers of claims all take their
arithmetic of money from here, so that they cannot differ by a 分. Promised: nothing is a
float, nothing is rounded except by ``round_half_up``, and whatever is read from outside is
either exact or a ``BadValue`` that says why.

=========  ==========================================================================
kind       in Python
=========  ==========================================================================
金额       ``int`` of 分; inside an expression, before rounding, a ``Fraction`` of 分
比例       ``Fraction`` (85% is 17/20); 百分点 likewise (5 points are 1/20)
单价       ``Fraction`` of 元, exact to 10^-6 (16 digits, 6 of them decimals)
数量       ``Fraction``, exact to 10^-4 (16 digits, 4 of them decimals)
=========  ==========================================================================

The digits are those of the national settlement interface (16,2; 16,6; 16,4).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from tiaowen.compiler.bad_value import BadValue as BadValue
from tiaowen.compiler.bad_value import shown
from tiaowen.compiler.capitals import chinese_capitals as chinese_capitals

MONEY_DIGITS, MONEY_PLACES = 16, 2
PRICE_DIGITS, PRICE_PLACES = 16, 6
COUNT_DIGITS, COUNT_PLACES = 16, 4
RATIO_DIGITS, RATIO_PLACES = 12, 8

LONGEST_TEXT = 64
_MOST_DECIMALS = 12


def round_half_up(amount: Fraction | int) -> int:
    """``amount`` to the nearest whole number of its unit (分), halves away from zero.

    四舍五入 as the regulations' money is rounded; symmetric, so that a refund is the
    payment it takes back.
    """
    if isinstance(amount, int):
        return amount
    over, under = amount.numerator, amount.denominator
    whole = (2 * abs(over) + under) // (2 * under)
    return whole if over >= 0 else -whole


# Reading ----------------------------------------------------------------------------------

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)"
    r"(?:\.(?P<decimals>[0-9]+))?"
    r"(?:[eE](?P<exponent>[+-]?[0-9]+))?"
)
_PLAIN_MONEY = re.compile(r"(-?[0-9]{1,14})(?:\.([0-9]{1,2}))?")
_MULTIPLES = {"": 0, "百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
_MONEY = re.compile(
    r"(?P<sign>[+-]?)[¥]?\s*(?P<number>[^百千万亿元]*?)\s*"
    r"(?P<multiple>[百千万亿]*)\s*元?"
)
_ONE_FORM = str.maketrans({"\N{MINUS SIGN}": "-", "萬": "万", "億": "亿", "圓": "元", "圆": "元"})
_NOT_FINITE = re.compile(r"[+-]?(s?nan[0-9]*|inf(inity)?)", re.IGNORECASE)


def normalized(text: str) -> str:
    """``text`` trimmed, with one form for full and half width, for 萬 and 万, 圆 and 元."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_ONE_FORM)
    return text.strip()


def _exact(text: str, shift: int, places: int, digits: int) -> Fraction:
    """The number written in normalised ``text`` times 10^``shift``, within the digits allowed.

    Sizes are compared before any power of ten is built, so that ``1e999999999`` costs nothing.
    """
    if not text:
        raise BadValue("empty")
    if _NOT_FINITE.fullmatch(text):
        raise BadValue("not-finite", text=shown(text))
    match = _NUMBER.fullmatch(text)
    if match is None or not (match["whole"] or match["decimals"]):
        raise BadValue("not-a-number", text=shown(text))
    decimals = match["decimals"] or ""
    figures = (match["whole"].replace(",", "") + decimals).lstrip("0")
    significant = figures.rstrip("0")
    if not significant:
        return Fraction(0)
    exponent = match["exponent"] or "0"
    if len(exponent.lstrip("+-0")) > 6:
        raise (
            BadValue("too-fine", places=places)
            if exponent.startswith("-")
            else BadValue("too-large", digits=digits - places)
        )
    lowest = int(exponent) + shift - len(decimals) + len(figures) - len(significant)
    if lowest + len(significant) > digits - places:
        raise BadValue("too-large", digits=digits - places)
    if lowest < -places:
        raise BadValue("too-fine", places=places)
    size = int(match["sign"] + significant)
    return Fraction(size * 10**lowest) if lowest >= 0 else Fraction(size, 10**-lowest)


def _text_of(value: object) -> str:
    """The characters of a number given as text, ``int`` or ``Decimal``; no other type has any."""
    if isinstance(value, str):
        text = normalized(value)
        if len(text) > LONGEST_TEXT:
            raise BadValue("too-long", most=LONGEST_TEXT)
        return text
    if isinstance(value, float):
        raise BadValue("float")
    if isinstance(value, bool):
        raise BadValue("not-a-number", text=str(value).lower())
    if isinstance(value, int):
        # Python refuses to write out an int of thousands of digits; any this large is too large.
        return str(value) if value.bit_length() < 256 else "1e999"
    if isinstance(value, Decimal):
        return str(value)
    raise BadValue("not-a-number", text=shown(str(value)))


def parse_decimal(value: str | int | Decimal, places: int, digits: int) -> Fraction:
    """A decimal number of at most ``digits`` digits, ``places`` of them behind the point.

    Text may be full-width, grouped by threes, or carry an exponent. Raises ``BadValue`` for
    what is not a number, not finite, or finer or larger than allowed: nothing is cut off.
    """
    return _exact(_text_of(value), 0, places, digits)


def parse_money(value: str | int | Decimal) -> int:
    """An amount given in 元, as whole 分.

    Text may be ``1,234.56``, ``15万``, ``1.5万元``, ``¥200``, full-width; an ``int`` or
    ``Decimal`` is in 元 as well. Raises ``BadValue`` as ``parse_decimal`` does, also for a
    part of a 分; the sign is the caller's to judge.
    """
    text = _text_of(value)
    if plain := _PLAIN_MONEY.fullmatch(text):
        return int(plain[1] + (plain[2] or "").ljust(2, "0"))
    match = _MONEY.fullmatch(text)
    if match is None or match["multiple"] not in _MULTIPLES:
        raise BadValue("not-a-number", text=shown(text))
    number = match["number"]
    if not number and text:
        raise BadValue("not-a-number", text=shown(text))
    if match["sign"] and number.startswith(("+", "-")):
        raise BadValue("not-a-number", text=shown(text))
    shift = _MULTIPLES[match["multiple"]]
    yuan = _exact(match["sign"] + number, shift, MONEY_PLACES, MONEY_DIGITS)
    return int(yuan * 100)


def parse_ratio(value: str | int | Decimal) -> Fraction:
    """A ratio: ``85%``, ``0.85``, ``2/3``, 1. Percentages and decimals give the same value.

    Raises ``BadValue``; whether a ratio above 1 makes sense is the caller's to judge.
    """
    text = _text_of(value)
    if text.endswith("%"):
        return _exact(text[:-1].rstrip(), -2, RATIO_PLACES, RATIO_DIGITS)
    over, slash, under = text.partition("/")
    if not slash:
        return _exact(text, 0, RATIO_PLACES, RATIO_DIGITS)
    denominator = _exact(under.strip(), 0, 0, RATIO_DIGITS)
    if denominator == 0:
        raise BadValue("zero-denominator")
    return _exact(over.strip(), 0, 0, RATIO_DIGITS) / denominator


def format_decimal(number: Fraction | int, least: int = 0) -> str:
    """``number`` exactly: grouped by threes with at least ``least`` decimals, or as ``2/3``.

    A number whose decimals do not end, or need more than twelve, is written as a fraction.
    """
    under, twos, fives = number.denominator, 0, 0
    while under % 2 == 0:
        under, twos = under // 2, twos + 1
    while under % 5 == 0:
        under, fives = under // 5, fives + 1
    places = max(twos, fives)
    if under != 1 or places > _MOST_DECIMALS:
        return f"{number.numerator}/{number.denominator}"
    sign = "-" if number < 0 else ""
    shown_places = max(places, least)
    whole, rest = divmod(int(abs(number) * 10**shown_places), 10**shown_places)
    return f"{sign}{whole:,}" + (f".{rest:0{shown_places}d}" if shown_places else "")


def format_money(fen: int | Fraction, lang: str = "zh", *, short: bool = False) -> str:
    """An amount of 分 in 元: ``1,234.56元``, in English ``1,234.56 yuan``.

    ``short`` leaves out ``.00``. An unrounded amount is written exactly, with as many
    decimals as it has or as a fraction.
    """
    if isinstance(fen, int) and not short:
        yuan, cents = divmod(abs(fen), 100)
        return f"{'-' if fen < 0 else ''}{yuan:,}.{cents:02d}" + _unit("金额", lang)
    least = 0 if short and fen % 100 == 0 else MONEY_PLACES
    return format_decimal(Fraction(fen, 100), least) + _unit("金额", lang)


def format_ratio(ratio: Fraction | int) -> str:
    """A ratio exactly: ``85%``, ``2.5%``; where the percentage does not end, ``2/3``."""
    percent = format_decimal(Fraction(ratio) * 100)
    return format_decimal(ratio) if "/" in percent else percent + "%"


def format_date(day: date, lang: str = "zh") -> str:
    """A date as ``2024年1月5日`` or ``2024-01-05``; a moment adds its time, to the second."""
    if lang.startswith("zh"):
        text = f"{day.year}年{day.month}月{day.day}日"
    else:
        text = f"{day.year:04d}-{day.month:02d}-{day.day:02d}"
    if not isinstance(day, datetime):
        return text
    clock = f"{day.hour:02d}:{day.minute:02d}"
    if day.second or day.microsecond:
        clock += f":{day.second:02d}"
    if day.microsecond:
        clock += f".{day.microsecond:06d}".rstrip("0")
    return f"{text} {clock}"


_UNITS = {
    "金额": ("元", " yuan"),
    "单价": ("元", " yuan"),
    "百分点": ("个百分点", " percentage point(s)"),
    "天数": ("天", " day(s)"),
    "工作日": ("个工作日", " working day(s)"),
    "月数": ("个月", " month(s)"),
    "年限": ("年", " year(s)"),
    "时长": ("小时", " hour(s)"),
    "级数": ("级", " level(s)"),
}


def _unit(type_name: str, lang: str, one: bool = False) -> str:
    chinese, english = _UNITS.get(type_name, ("", ""))
    return chinese if lang.startswith("zh") else english.replace("(s)", "" if one else "s")


def format_value(value: object, type_name: str, lang: str = "zh") -> str:
    """Any value of the language with its unit; ``type_name`` is the type's Chinese name.

    A type without a form of its own (a text, an enumeration's label) is written as it
    stands, a collection with 、 or commas between its members, and ``None`` as 不适用.
    """
    chinese = lang.startswith("zh")
    if value is None:
        return "不适用" if chinese else "not applicable"
    if isinstance(value, bool):
        return ("是" if value else "否") if chinese else ("yes" if value else "no")
    if isinstance(value, (tuple, list)):
        return ("、" if chinese else ", ").join(format_value(v, type_name, lang) for v in value)
    if isinstance(value, date):
        return format_date(value, lang)
    if not isinstance(value, (int, Fraction)):
        return str(value)
    if type_name == "金额":
        return format_money(value, lang)
    if type_name == "比例":
        return format_ratio(value)
    if type_name == "百分点":
        value = value * 100
    least = MONEY_PLACES if type_name == "单价" else 0
    return format_decimal(value, least) + _unit(type_name, lang, value == 1)
