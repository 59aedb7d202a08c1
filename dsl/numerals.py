"""Chinese numerals, exactly and both ways.

A regulation writes fifteen as 15, １５, 十五 or 拾伍, and a hundred and fifty thousand as
150,000, 15万 or 十五万. ``read_number`` gives one exact ``Fraction`` for all of them and
``None`` for what is no numeral; ``chinese`` writes the form used in article numbers.
"""

from __future__ import annotations

import re
from fractions import Fraction

from tiaowen.dsl.normal import halfwidth

_DIGITS = "零一二三四五六七八九"
_FOLD = str.maketrans(
    "〇○两兩壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億點",
    "零零二二一二二三三四五六六七八九十百千万亿点",
)

NUMERAL_CHARS = "零〇○一二三四五六七八九两兩十百千万亿壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億"
"""Every character a Chinese integer is written with."""

_D = "[一二三四五六七八九]"
_SECTION = re.compile(
    rf"(?:(?P<k>{_D})千)?(?P<zk>零)?(?:(?P<h>{_D})百)?(?P<zh>零)?"
    rf"(?:(?P<t>{_D})?(?P<ten>十))?(?P<zt>零)?(?P<u>{_D})?"
)
_ARABIC = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_LONGEST = 60


def _digit(char: str | None) -> int:
    return _DIGITS.index(char) if char else 0


def _section(text: str) -> int | None:
    """A numeral below ten thousand; ``None`` where its parts do not fit together."""
    match = _SECTION.fullmatch(text)
    if match is None or not text:
        return None
    thousand, hundred, unit = _digit(match["k"]), _digit(match["h"]), _digit(match["u"])
    ten = (_digit(match["t"]) or 1) if match["ten"] else 0
    skips_tens = (thousand or hundred) and unit and not ten
    if skips_tens and not (match["zt"] or match["zh"] or match["zk"]):
        return None  # 一百五 is colloquial and ambiguous
    return thousand * 1000 + hundred * 100 + ten * 10 + unit


def _chinese_integer(text: str) -> int | None:
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS.index(char)) for char in text))
    for unit in "亿万":
        head, found, tail = text.rpartition(unit)
        if not found:
            continue
        high = _chinese_integer(head) if head else None
        low = _chinese_integer(tail) if tail else 0
        if high is None or low is None or low >= _SCALE[unit]:
            return None
        return high * _SCALE[unit] + low
    return _section(text)


def read_integer(text: str) -> int | None:
    """The whole number ``text`` spells, in Arabic or Chinese figures; else ``None``."""
    value = read_number(text)
    return int(value) if value is not None and value.denominator == 1 else None


def read_number(text: str) -> Fraction | None:
    """The number ``text`` spells: ``1.5亿``, ``150,000``, ``十五万``, ``二十点五``.

    Exact; ``None`` when ``text`` is no numeral or is longer than any honest figure.
    """
    folded = halfwidth(text).replace(" ", "").translate(_FOLD)
    if not folded or len(folded) > _LONGEST:
        return None
    arabic = _ARABIC.match(folded)
    if arabic:
        value = Fraction(arabic[0].replace(",", ""))
        for char in folded[arabic.end() :]:
            if char not in _SCALE:
                return None
            value *= _SCALE[char]
        return value
    whole, point, decimals = folded.partition("点")
    if any(char not in _DIGITS and char not in _SCALE for char in whole):
        return None
    integer = _chinese_integer(whole) if whole else None
    if integer is None:
        return None
    if not point:
        return Fraction(integer)
    scale = 1
    while decimals and decimals[-1] in "万亿":
        scale *= _SCALE[decimals[-1]]
        decimals = decimals[:-1]
    if not decimals or any(char not in _DIGITS for char in decimals):
        return None
    places = "".join(str(_DIGITS.index(char)) for char in decimals)
    return (integer + Fraction(int(places), 10 ** len(places))) * scale


def chinese(number: int) -> str:
    """``number`` as article numbers are written: 十, 十六, 一百零五, 一万零三。

    Shape: 0 ≤ number < 10⁸, else ``ValueError``.
    """
    if not 0 <= number < 10**8:
        raise ValueError(number)
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return f"{chinese(high)}万{gap}{_plain(low) if low else ''}"
    return _plain(number, first=True)


def _plain(number: int, first: bool = False) -> str:
    if number < 10:
        return _DIGITS[number]
    if first and number < 20:
        return "十" + (_DIGITS[number % 10] if number % 10 else "")
    text, gap = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return text
