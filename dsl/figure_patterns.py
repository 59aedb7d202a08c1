"""How figures are written in Chinese legal text: the patterns ``dsl/figures.py`` reads with.

Every pattern works on half-width text of the same length. ``SPECIAL`` holds what is decided
by its shape (dates, references, names with a numeral in them); every other numeral is decided
by the unit that follows it.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from tiaowen.dsl.numerals import NUMERAL_CHARS

_C = f"[{NUMERAL_CHARS}]"
_SMALL = "[零〇○一二三四五六七八九十]"
ARABIC: Final = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[十百千万亿萬億]+(?!分[之点點]))?"
CHINESE: Final = rf"{_C}+(?:点[零〇○一二三四五六七八九]+[万亿萬億]?)?"
NUMBER: Final = rf"(?:{ARABIC}|{CHINESE})"
_ORDER = rf"(?:\d{{1,4}}|{_C}{{1,9}})"
_YEAR = rf"(?:(?:19|20|21)\d\d|{_SMALL}{{4}})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三?十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_TIME = r"(?:零时|\d{1,2}时)?"
_TO = r"\s*(?:至|到|[-~—–]{1,2})\s*"

_NAMES = (
    "一次性|一站式|一卡通|一揽子|一体化|一刀切|一条龙|一方|一老一小|一人一档|一定|一般|一般性|一致|一律|"
    "两病|两定|兩病|两条线|兩條線|两级|兩級|三目录|三重|三医|四川|[上下]一级|[上下]一級|同一[级档种类个]"
)
SPECIAL: Final = re.compile(
    "|".join(
        (
            r"(?P<document>(?:[^\W\d_一执行依按照和与据见及的]{1,6})?[〔\[(【]\d{4}[〕\])】]\s*第?\d+号)",
            rf"(?P<date>(?P<year>{_YEAR})年(?:\s*(?P<month>{_MONTH})月(?:\s*(?P<day>{_DAY})日{_TIME})?)?"
            rf"|(?<![个個\d.])(?P<month2>{_MONTH})月(?:\s*(?P<day2>{_DAY})日{_TIME})?"
            rf"|(?<=月)(?P<day3>{_DAY})日"
            rf"|(?<![\d.])(?P<month4>{_MONTH})(?={_TO}{_MONTH}月))",
            rf"(?P<reference>第\s*\(?(?P<ref>{_ORDER})\)?\s*[编章节条款项目條項節](?:之{_C}{{1,4}})?"
            rf"(?:第\s*\(?{_ORDER}\)?\s*[款项目点]|\({_ORDER}\)|(?<=\))\d{{1,3}}(?![\d.%元个天日年月]))*)",
            rf"(?P<ordinal>第\s*\(?(?P<nth>{_ORDER})\)?(?P<ordinals>(?:、{_ORDER}){{0,12}})\s*(?P<what>[级級类類档次])?)",
            rf"(?P<marker>\((?P<item>\d{{1,3}}|{_SMALL}{{1,4}})\)|(?P<ring>[①-⑳]))",
            rf"(?P<name>(?:{_NAMES})|{_SMALL}{{1,3}}届(?:{_SMALL}{{1,3}}次)?|{NUMBER}[个個]?(?:区县|县区|区|县))",
            rf"(?P<share>(?P<base>[百千万萬]|{CHINESE}|\d+)分之(?P<parts>{NUMBER}))",
            r"(?P<half>一半|减半|減半|折半|对半|半数|半(?=[个個]?月|年|天|日|小时))",
            rf"(?P<number>{NUMBER})",
        )
    )
)
"""Tried in order at each place of the text; ``number`` is any other numeral."""

LIST: Final = re.compile(rf"(?P<rest>(?:、{_C}{{1,9}}){{1,12}})\s*(?P<unit>[级級类類档])")
"""What follows the first numeral of 一、二、三级."""

RANGE: Final = re.compile(rf"{_TO}(?P<upper>{NUMBER})\s*")
"""What follows the lower figure of 2至4元."""

_CANONICAL: tuple[tuple[str, str, Fraction], ...] = (
    (r"元(?!旦|素|件|老)", "分", Fraction(100)),
    (r"%", "比例", Fraction(1, 100)),
    (r"‰", "比例", Fraction(1, 1000)),
    (r"[个個]?百分[点點]", "百分点", Fraction(1, 100)),
    (r"成(?![立年本员效果人功熟为])", "比例", Fraction(1, 10)),
    (r"折(?![合算抵扣旧])", "比例", Fraction(1, 10)),
    (r"[个個]?工作日", "工作日", Fraction(1)),
    (r"[个個]?(?:自然|参保|參保|缴费|医保|会计|保险|结算|统计)?年度", "年度", Fraction(1)),
    (r"[个個]?季度", "季度", Fraction(1)),
    (r"[个個]?月(?!份)", "月", Fraction(1)),
    (r"年(?![龄度级底末初终])", "年", Fraction(1)),
    (r"[周週]?[岁歲]", "岁", Fraction(1)),
    (r"天(?!然|津)|日(?![间常期均数志])", "日", Fraction(1)),
    (r"[个個]?星期|[周週](?![转边期年末])", "日", Fraction(7)),
    (r"[个個]?(?:小时|小時)", "小时", Fraction(1)),
    (r"分[钟鐘]", "小时", Fraction(1, 60)),
    (r"倍", "倍", Fraction(1)),
    (r"[级級](?:[甲乙丙]等)?", "级", Fraction(1)),
    (r"档(?!案)次?", "档", Fraction(1)),
    (r"[类類](?![型别似])", "类", Fraction(1)),
    (r"人?次(?![性日月年])", "次", Fraction(1)),
    (r"人(?![员社民口力均群才])|名(?![称单录义])", "人", Fraction(1)),
    (r"例(?![如外会行])", "例", Fraction(1)),
    (r"种(?![类植])|種", "种", Fraction(1)),
    (r"项(?!目)|項", "项", Fraction(1)),
    (r"[张张]|床(?![位旁])|户(?![籍口主])|婴|胎|件|笔|支|片|粒", "个", Fraction(1)),
    (r"[个個](?![人体别])", "个", Fraction(1)),
)
UNIT: Final = re.compile(
    r"\s*(?P<bracket>\()?(?:"
    + "|".join(f"(?P<u{at}>{pattern})" for at, (pattern, _, _) in enumerate(_CANONICAL))
    + r")(?(bracket)\))"
)
"""A unit, perhaps in brackets as in ``30（天）``."""

SCALES: Final = {"百": 100, "千": 1000, "万": 10_000, "萬": 10_000, "亿": 10**8, "億": 10**8}

HEAD_UNIT: Final = re.compile(
    r"(?:\(|单位:)(?P<scale>[万萬亿億千百])?(?P<unit>元|%|天|日|个?月|年|岁|周岁|倍|次|小时)"
)
"""The unit a table's column head gives its bare numbers: 待遇标准（元）."""

HALF_MORE: Final = re.compile(
    r"[个個]半(?P<after>月|小时|小時)|(?P<unit>年|天|日|小时|小時|[周週]?[岁歲]|倍|元|成)半"
)
"""What follows the number of 一个半月 and 两年半."""

COINS: Final = re.compile(rf"(?:(?P<jiao>{NUMBER})角)?(?:(?P<fen>{NUMBER})分)?")
PER: Final = re.compile(r"(?:/(?:床日|[日天年月次例人张床]))+")
CHANGE: Final = re.compile(
    r"(?:上浮|下浮|上调|下调|提高|降低|上升|下降|调高|调低|[升降高低差])\s*$"
)
COUNTED: Final = re.compile(r"(?:分为|分成|共|划分为|分)\s*$")
ADDED: Final = re.compile(r"(?:每|每增加|增加|每多|多|每满|减少|超过|不足)\s*$")
"""一个 counts something only after one of these; elsewhere it is 今后一个时期."""
NOT_ONE: Final = frozenset("统唯同专单逐划进万另任某之")
"""一 after one of these is part of a word: 统一个人账户."""


def unit_of(match: re.Match[str]) -> tuple[str, Fraction]:
    """The canonical unit a ``UNIT`` match names, and what one of it is."""
    at = next(i for i in range(len(_CANONICAL)) if match[f"u{i}"] is not None)
    return _CANONICAL[at][1], _CANONICAL[at][2]
