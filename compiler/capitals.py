"""Amounts of money in the capital numerals of Chinese vouchers (大写金额).

A letter that orders a payment writes its amount twice, in figures and in capitals, and where
they differ the bank refuses it. So there is one spelling for every amount, and reading it
back gives the amount again.
"""

from __future__ import annotations

_CAPITALS = "零壹贰叁肆伍陆柒捌玖"


def _capital_group(number: int) -> str:
    """A number below 10000 in capitals, one 零 for the zeros between its figures."""
    text, gap = "", False
    for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + _CAPITALS[digit] + name
        gap = not digit
    return text


def _capital_number(number: int) -> str:
    """A positive whole number in capitals; beyond 亿 the part above it is read by itself."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            zero = "零" if 0 < low < unit // 10 else ""
            return _capital_number(high) + name + zero + (_capital_number(low) if low else "")
    return _capital_group(number)


def chinese_capitals(fen: int) -> str:
    """An amount of 分 in the capitals of vouchers: ``壹仟贰佰叁拾肆元伍角陆分``.

    By 支付结算办法 (1997), annex 一, and 会计基础工作规范 第五十二条: 整 after 元 and after
    角, never after 分; several zeros are one 零; 零 before 分 where 角 is zero. Where the
    annex leaves 零 to the writer (107,000; 1,680.32) it is left out. Nothing is 零元整, and
    a negative amount begins with 负.
    """
    yuan, cents = divmod(abs(fen), 100)
    jiao, rest = divmod(cents, 10)
    text = _capital_number(yuan) + "元" if yuan else ""
    if jiao:
        text += _CAPITALS[jiao] + "角"
    elif rest and text:
        text += "零"
    text += _CAPITALS[rest] + "分" if rest else "整"
    if not fen:
        return "零元整"
    return ("负" if fen < 0 else "") + text
