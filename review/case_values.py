"""A literal of a worked case as a value of the type its name asks for."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from attrs import Factory, define

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Value
from tiaowen.compiler.types import LITERALS, WHOLE, Type
from tiaowen.compiler.values import MONEY_DIGITS, format_value
from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.engine.claims.field_values import converter
from tiaowen.engine.claims.misfit import Misfit

LARGEST = 10**MONEY_DIGITS
"""分 that the platform's fields of money cannot hold."""


@define
class ValueReader:
    """Reads the values of the cases of one program; ``found`` is all that is wrong."""

    program: c.Program
    found: list[Diagnostic] = Factory(list)

    def settled_type(self, written: t.Expression, kind: Type) -> Type:
        """``kind``; for a quantity whose type follows from nothing but itself, the literal's."""
        if kind != ty.UNKNOWN:
            return kind
        match written:
            case t.Number(unit=unit):
                return LITERALS[unit][0]
            case t.Truth():
                return ty.TRUTH
            case t.DateLiteral():
                return ty.DATE
        return ty.TEXT

    def value(self, written: t.Expression, kind: Type) -> Value | None:
        """The literal ``written`` as a value of ``kind``; None, with a report, where it is not
        one."""
        kind = self.settled_type(written, kind)
        try:
            return self._literal(written, kind)
        except Misfit as misfit:
            args = {"type": kind, **misfit.args_named}
            if misfit.code == "TW0517":
                self.found.append(diagnose("TW0517", written.span, **misfit.args_named))
            elif misfit.code == "TW0605":
                self.found.append(
                    diagnose(
                        "TW0206",
                        written.span,
                        type=kind,
                        name=args["value"],
                        nearest=args["nearest"],
                        members=args["values"],
                    )
                )
            else:
                self.mismatch(written, kind)
        return None

    def _literal(self, written: t.Expression, kind: Type) -> Value:
        match written:
            case t.Unary(operator="negate", operand=t.Number() as number):
                value: Any = self._number(number, kind)
                negative: Value = -value
                return negative
            case t.Number():
                if kind.enumerated:
                    return converter(kind, self.program)(written.text.strip())
                return self._number(written, kind)
            case t.Truth(value=truth) if kind == ty.TRUTH:
                return truth
            case t.Name(name=text) | t.Text(value=text) if kind.enumerated:
                return converter(kind, self.program)(text)
            case t.Text(value=text) if kind == ty.TEXT:
                return text
            case t.DateLiteral(value=day) if kind in (ty.DATE, ty.MOMENT):
                return converter(kind, self.program)(day)
        raise Misfit("TW0604")

    def _number(self, number: t.Number, kind: Type) -> Value:
        measured, size = LITERALS[number.unit]
        if kind == ty.UNIT_PRICE and measured == ty.MONEY:
            size = Fraction(1)
        elif measured != kind and not (measured == ty.NUMBER and number.unit == "" and
                                       kind.name in WHOLE):  # fmt: skip
            raise Misfit("TW0604")
        value = number.value * size
        if kind == ty.MONEY and value >= LARGEST:
            raise Misfit(
                "TW0517", name=number.text.strip(), limit=format_value(LARGEST - 1, "金额")
            )
        if value.denominator == 1 and kind not in (ty.RATIO, ty.POINTS):
            return int(value)
        if kind == ty.MONEY or kind.name in WHOLE:
            raise Misfit("TW0604")
        return value

    def mismatch(self, written: t.Expression | t.Cell, expected: object) -> None:
        """Report what is written where something else is expected."""
        self.found.append(
            diagnose("TW0204", written.span, expected=expected, found=written.span.text.strip())
        )


def words(cell: t.Cell) -> str:
    """The single name or text of a cell, else the empty string."""
    if isinstance(cell, t.OneOf) and len(cell.items) == 1:
        item = cell.items[0]
        if isinstance(item, t.Name):
            return item.name
        if isinstance(item, t.Text):
            return item.value
        if isinstance(item, t.Number):
            return item.text.strip()
        if isinstance(item, t.Truth):
            return "是" if item.value else "否"
    return ""
