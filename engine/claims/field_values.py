"""One value from outside to the value a field of its type holds, and back.

What a bureau writes differs: a code or its label, money as text or number, 是 or 1. Each type
has one converter, made once per field, so that a hundred thousand fee lines stay quick.
Nothing is rounded or guessed: a value that does not fit is a ``Misfit`` with its code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from tiaowen.compiler import types as ty
from tiaowen.compiler import values as v
from tiaowen.compiler.bad_value import BadValue, shown
from tiaowen.compiler.core import Program, Value
from tiaowen.compiler.moments import parse_date, parse_moment
from tiaowen.compiler.types import Type
from tiaowen.engine.claims.members import divided, enumerated
from tiaowen.engine.claims.misfit import Misfit as Misfit
from tiaowen.engine.claims.misfit import figure, wrong_type

Converter: TypeAlias = Callable[[Any], Value]

LONGEST_TEXT = 4000
_MOST_KNOWN = 2000  # fee lines repeat their counts and prices
_SIZE_REASONS = frozenset(("not-finite", "too-large", "too-fine", "too-long", "float"))


def converter(kind: Type, program: Program) -> Converter:
    """What turns a JSON value into a value of ``kind``; it raises ``Misfit``."""
    if kind.enumerated:
        info = program.enums[kind.name]
        return divided(info) if info.kind == "prefix" else enumerated(info, program)
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
                raise Misfit("TW0610", value=figure(raw), problem=bad) from None
            raise wrong_type(raw, kind, bad) from None
        if value < 0:
            said = {lang: v.format_value(value, kind.name, lang) for lang in ("zh", "en")}
            raise Misfit("TW0606", value=said)
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


_TRUTHS: dict[Any, bool] = {
    "是": True,
    "否": False,
    "1": True,
    "0": False,
    "true": True,
    "false": False,
}


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
        raise Misfit(
            "TW0616",
            what={"zh": "文字", "en": "the text"},
            limit=limit,
            size={"zh": f"{len(raw)}个字符", "en": f"{len(raw)} characters"},
        )
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
