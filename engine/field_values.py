"""One value from outside to the value a field of its type holds, and back.

What a bureau writes differs: a code or its label, money as text or number, 是 or 1. Each type
has one converter, made once per field, so that a hundred thousand fee lines stay quick.
Nothing is rounded or guessed: a value that does not fit is a ``Misfit`` with its code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from tiaowen.compiler import types as ty
from tiaowen.compiler import values as v
from tiaowen.compiler.bad_value import BadValue, shown
from tiaowen.compiler.core import EnumInfo, Program, Value
from tiaowen.compiler.moments import parse_date, parse_moment
from tiaowen.compiler.types import Type

Converter: TypeAlias = Callable[[Any], Value]
Words: TypeAlias = dict[str, str]

DIVISION = "区划"
LONGEST_TEXT = 4000
_MOST_LISTED = 12
_MOST_KNOWN = 2000  # fee lines repeat their counts and prices
_DIVISION_CODE = re.compile(r"[1-9][0-9]{5}")
_SIZE_REASONS = frozenset(("not-finite", "too-large", "too-fine", "too-long", "float"))
_EXAMPLES = {
    "金额": "1234.50", "单价": "0.125000", "比例": "0.85", "日期": "2024-03-05",
    "时刻": "2024-03-05 08:30", "是否": "true", "数量": "2", "天数": "7", "文本": '"…"',
}


class Misfit(Exception):
    """A value its field cannot hold: a code of the catalogue and what its message names."""

    def __init__(self, code: str, **args: Any) -> None:
        self.code = code
        self.args_named = args
        super().__init__(code)


def is_blank(raw: object) -> bool:
    """Whether ``raw`` gives nothing: null, or the empty text that exports write for it."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def kind_of(raw: object) -> Words:
    """What a JSON value is, in words."""
    if raw is None:
        return {"zh": "null", "en": "null"}
    if isinstance(raw, bool):
        return {"zh": "是否值", "en": "a truth"}
    if isinstance(raw, dict):
        return {"zh": "对象", "en": "an object"}
    if isinstance(raw, list):
        return {"zh": "列表", "en": "a list"}
    if isinstance(raw, str):
        return {"zh": f"文字“{shown(raw)}”", "en": f"the text '{shown(raw)}'"}
    return {"zh": f"数{raw}", "en": f"the number {raw}"}


def wrong_type(raw: object, kind: Type, problem: BadValue | None = None) -> Misfit:
    """The misfit of a value that is not of its field's type."""
    found = kind_of(raw)
    if problem is not None and problem.reason not in ("not-a-number", "not-a-date", "not-a-moment"):
        found = {lang: f"{words}{'：' if lang == 'zh' else ': '}{problem.explain(lang)}"
                 for lang, words in found.items()}
    return Misfit("TW0604", expected=kind, found=found, example=_EXAMPLES.get(kind.name, ""))


def converter(kind: Type, program: Program) -> Converter:
    """What turns a JSON value into a value of ``kind``; it raises ``Misfit``."""
    if kind.enumerated:
        info = program.enums[kind.name]
        return _divided(info) if info.kind == "prefix" else _enumerated(info, program)
    return _PLAIN.get(kind.name, _unfit(kind))


def _unfit(kind: Type) -> Converter:
    def convert(raw: Any) -> Value:
        raise wrong_type(raw, kind)

    return convert


# --- numbers


def _numeric(kind: Type, read: Callable[[Any], int | Fraction]) -> Converter:
    known: dict[str | int | Decimal, Value] = {}

    def convert(raw: Any) -> Value:
        if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
            raise wrong_type(raw, kind)
        finite = not isinstance(raw, Decimal) or raw.is_finite()
        if finite and raw in known:
            return known[raw]
        try:
            value = read(raw)
        except BadValue as bad:
            if bad.reason in _SIZE_REASONS:
                raise Misfit("TW0610", value=shown(str(raw)), problem=bad) from None
            raise wrong_type(raw, kind, bad) from None
        if value < 0:
            raise Misfit("TW0606", value=v.format_value(value, kind.name))
        if len(known) < _MOST_KNOWN:
            known[raw] = value
        return value

    return convert


def _without(units: Iterable[str], raw: Any) -> Any:
    """``raw`` without the unit its type may be written with."""
    if isinstance(raw, str):
        text = v.normalized(raw)
        for unit in units:
            if text.endswith(unit) and len(text) > len(unit):
                return text.removesuffix(unit).rstrip()
        return text
    return raw


def _whole(*units: str) -> Callable[[Any], int]:
    def read(raw: Any) -> int:
        return int(v.parse_decimal(_without(units, raw), 0, v.COUNT_DIGITS))

    return read


def _price(raw: Any) -> Fraction:
    return v.parse_decimal(_without(("元",), raw), v.PRICE_PLACES, v.PRICE_DIGITS)


def _count(raw: Any) -> Fraction:
    return v.parse_decimal(_without(("次", "人", "倍"), raw), v.COUNT_PLACES, v.COUNT_DIGITS)


def _points(raw: Any) -> Fraction:
    if not isinstance(raw, str) or not v.normalized(raw).endswith(("百分点", "百分點")):
        raise BadValue("not-a-number", text=shown(str(raw)))
    bare = _without(("个百分点", "百分点", "個百分點", "百分點"), raw)
    return v.parse_ratio(f"{bare}%")


def _hours(raw: Any) -> Fraction:
    return v.parse_ratio(_without(("小时", "小時"), raw))


# --- dates, truths, texts


def _dated(kind: Type, read: Callable[[Any], date]) -> Converter:
    def convert(raw: Any) -> Value:
        if not isinstance(raw, str | date):
            raise wrong_type(raw, kind)
        try:
            return read(raw)
        except BadValue as bad:
            raise wrong_type(raw, kind, bad) from None

    return convert


_TRUTHS: dict[Any, bool] = {"是": True, "否": False, "1": True, "0": False, "true": True,
                            "false": False}


def _truth(raw: Any) -> Value:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int) and raw in (0, 1):
        return raw == 1
    if isinstance(raw, str):
        found = _TRUTHS.get(v.normalized(raw))
        if found is not None:
            return found
    raise wrong_type(raw, ty.TRUTH)


def _text(raw: Any) -> Value:
    if not isinstance(raw, str):
        raise wrong_type(raw, ty.TEXT)
    if len(raw) > LONGEST_TEXT:
        limit = {"zh": f"{LONGEST_TEXT}个字符", "en": f"{LONGEST_TEXT} characters"}
        raise Misfit("TW0616", what={"zh": "文字", "en": "the text"}, limit=limit,
                     size={"zh": f"{len(raw)}个字符", "en": f"{len(raw)} characters"})
    return raw


_PLAIN: dict[str, Converter] = {
    ty.MONEY.name: _numeric(ty.MONEY, v.parse_money),
    ty.UNIT_PRICE.name: _numeric(ty.UNIT_PRICE, _price),
    ty.RATIO.name: _numeric(ty.RATIO, v.parse_ratio),
    ty.POINTS.name: _numeric(ty.POINTS, _points),
    ty.NUMBER.name: _numeric(ty.NUMBER, _count),
    ty.HOURS.name: _numeric(ty.HOURS, _hours),
    ty.DAYS.name: _numeric(ty.DAYS, _whole("日", "天")),
    ty.WORKING_DAYS.name: _numeric(ty.WORKING_DAYS, _whole("个工作日", "工作日")),
    ty.MONTHS.name: _numeric(ty.MONTHS, _whole("个月", "月")),
    ty.YEARS.name: _numeric(ty.YEARS, _whole("周岁", "岁", "年")),
    ty.STEPS.name: _numeric(ty.STEPS, _whole("级")),
    ty.DATE.name: _dated(ty.DATE, parse_date),
    ty.MOMENT.name: _dated(ty.MOMENT, parse_moment),
    ty.TRUTH.name: _truth,
    ty.TEXT.name: _text,
}


# --- enumerations


def _written(raw: Any, info: EnumInfo) -> str:
    """A code or label as text; a code may have been exported as a whole number."""
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise wrong_type(raw, Type(info.name, info.kind))
    text = v.normalized(str(raw))
    if len(text) > v.LONGEST_TEXT:
        raise unknown_member(text, info.codes)
    return text


def unknown_member(text: str, codes: Iterable[str] | dict[str, str]) -> Misfit:
    """The misfit of a label or code that is none of ``codes`` (label -> code)."""
    known = dict(codes) if isinstance(codes, dict) else dict.fromkeys(codes, "")
    listed = {f"{code} {name}".strip(): (name, code) for name, code in known.items()}
    near = close_to(text[:64], {n: entry for entry, names in listed.items() for n in names if n})
    short = len(listed) <= _MOST_LISTED
    return Misfit("TW0605", value=shown(text), nearest=near[0] if near else "",
                  values=list(listed) if short else near or [*list(listed)[:_MOST_LISTED], "…"])


def close_to(text: str, names: Mapping[str, str]) -> list[str]:
    """What the names most like ``text`` stand for, nearest first, each once."""
    import difflib

    found = difflib.get_close_matches(text, names, _MOST_LISTED // 2, 0.5)
    return list(dict.fromkeys(names[name] for name in found))


def _enumerated(info: EnumInfo, program: Program) -> Converter:
    """Labels and codes to labels; a level's steps and the members of the enumeration below."""
    codes: dict[str, str] = dict.fromkeys(info.steps, "") | dict(info.codes)
    if info.base and info.base in program.enums:
        codes |= program.enums[info.base].codes
    known = {v.normalized(name): name for name in codes}
    known |= {code: name for name, code in codes.items() if code}

    def convert(raw: Any) -> Value:
        found = known.get(raw) if isinstance(raw, str) else None
        if found is None:
            text = _written(raw, info)
            found = known.get(text)
            if found is None:
                raise unknown_member(text, codes)
        return found

    return convert


def _divided(info: EnumInfo) -> Converter:
    """A prefix enumeration keeps the code itself; a label stands for its own prefix.

    Divisions are six digits, any that exist: a regulation names only some of them.
    """
    prefixes = tuple(info.codes.values())
    known = {v.normalized(name): code for name, code in info.codes.items()}
    division = info.name == DIVISION

    def convert(raw: Any) -> Value:
        text = _written(raw, info)
        code = known.get(text)
        if code is not None:
            return code.ljust(6, "0") if division else code
        if division:
            if not _DIVISION_CODE.fullmatch(text):
                raise Misfit("TW0604", found=kind_of(raw), example='"131000"', expected={
                    "zh": "六位区划代码", "en": "a division code of six digits"})
        elif not (text.isascii() and text.isalnum() and text.startswith(prefixes)):
            raise unknown_member(text, dict(info.codes))
        return text

    return convert


# --- back to JSON


def plain(value: Value, kind: Type, program: Program) -> Any:
    """``value`` as JSON that ``converter(kind)`` reads back to the same value."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    if kind == ty.MONEY:
        return _decimal(Fraction(value, 100), 2, v.MONEY_PLACES)
    if kind == ty.POINTS:
        return _decimal(Fraction(value) * 100, 0, v.RATIO_PLACES) + "个百分点"
    if kind in (ty.RATIO, ty.HOURS):
        return _decimal(Fraction(value), 0, v.RATIO_PLACES)
    if Fraction(value).denominator == 1:
        return int(value)
    return _decimal(Fraction(value), 0, v.PRICE_PLACES)


def _decimal(number: Fraction, least: int, most: int) -> str:
    """``number`` as decimals where ``most`` of them suffice, else as a fraction."""
    if (number * 10**most).denominator != 1:
        return f"{number.numerator}/{number.denominator}"
    return v.format_decimal(number, least).replace(",", "")
