"""A value written with its unit outside a policy, as rules write it: ``500元``, ``80%``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Program, Value
from tiaowen.compiler.types import LITERALS, WHOLE, Type
from tiaowen.compiler.values import LONGEST_TEXT, normalized
from tiaowen.dsl.keywords import number_value
from tiaowen.engine.claims.field_values import converter
from tiaowen.engine.claims.misfit import figure

_FIGURE = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,18})(?:\.[0-9]{1,8})?[^0-9.,+-]*")
_EXAMPLES = {
    "金额": "500元",
    "单价": "0.5元",
    "比例": "80%",
    "百分点": "5个百分点",
    "天数": "7天",
    "工作日": "3个工作日",
    "月数": "6个月",
    "年限": "2年",
    "时长": "48小时",
    "级数": "1级",
    "数量": "2",
}
_UNIT = {"zh": "单位不对", "en": "the unit is wrong"}
_NOT_A_VALUE = {"zh": "不是数", "en": "not a number"}
_TOO_FINE = {"zh": "小数位太多", "en": "with too many decimals"}


class WrongLiteral(Exception):
    """A value that is not of its type, or has no unit or another."""

    def __init__(self, raw: object, problem: Mapping[str, str], kind: Type) -> None:
        self.shown = figure(raw)
        self.problem = problem
        self.expected = _EXAMPLES.get(kind.name, kind)
        super().__init__(self.shown)


def literal(raw: Any, kind: Type, program: Program) -> Value:
    """``raw`` as a value of ``kind``. Numbers need the unit of their type; a count and a ratio
    of at most 1 may be bare. Raises ``WrongLiteral``, for other types ``Misfit``."""
    if kind.name not in _EXAMPLES:
        return converter(kind, program)(raw)
    if isinstance(raw, bool | date) or not isinstance(raw, str | int | Decimal):
        raise WrongLiteral(raw, _NOT_A_VALUE, kind)
    text = _written(raw)
    if len(text) > LONGEST_TEXT or not _FIGURE.fullmatch(text):
        raise WrongLiteral(raw, _NOT_A_VALUE, kind)
    try:
        number, unit = number_value(text)
    except (KeyError, ValueError):
        raise WrongLiteral(raw, _UNIT, kind) from None
    return _scaled(number, unit, kind, raw)


def _written(raw: str | int | Decimal) -> str:
    """``raw`` as rules write a number; what is too long for that is no figure in any case."""
    if isinstance(raw, Decimal):
        short = raw.is_finite() and abs(raw.adjusted()) < LONGEST_TEXT
        return format(raw, "f") if short else figure(raw)
    return figure(raw) if isinstance(raw, int) else normalized(raw)


def _scaled(number: Fraction, unit: str, kind: Type, raw: Any) -> Value:
    """``number`` in the measure of its type."""
    found, scale = LITERALS[unit]
    if unit == "" and kind == ty.RATIO and number <= 1:
        return number
    if kind == ty.UNIT_PRICE and found == ty.MONEY:
        return number
    if found != kind:
        raise WrongLiteral(raw, _UNIT, kind)
    value = number * scale
    if kind == ty.MONEY or kind.name in WHOLE:
        if value.denominator != 1:
            raise WrongLiteral(raw, _TOO_FINE, kind)
        return int(value)
    return value
