"""Expressions and tables as text, and the pieces a statement is printed in.

A piece may hold soft line ends: places where a long line may be broken. They are line ends
in the piece's text, which nothing else in it can be.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import field, frozen

from tiaowen.dsl import tree as t
from tiaowen.dsl.keywords import Script, spelling, units
from tiaowen.dsl.source import NOWHERE, Span

SOFT = "\n"

PieceKind: TypeAlias = Literal["head", "clause", "item", "row"]


@frozen
class Piece:
    """A stretch of a statement's text, and what tells where in the source it stands.

    That is a node's ``span`` or, for what is no node, the ``keyword`` it begins with.
    An ``item`` follows on the line of the piece before it as long as there is room; a
    ``clause`` begins a line wherever the statement is broken; a ``row`` has its own line.
    """

    kind: PieceKind
    text: str
    span: Span = field(default=NOWHERE, eq=False)
    keyword: str = ""


# --- binding strength, loosest first

ANY, OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, ATOM = range(9)

_SIGNS = {
    "add": "+", "subtract": "-", "multiply": "×", "divide": "÷", "eq": "=", "ne": "≠",
    "lt": "<", "le": "≤", "gt": ">", "ge": "≥",
}  # fmt: skip

_BINDING = {
    "or": (OR, OR, AND), "and": (AND, AND, NOT), "add": (SUM, SUM, PRODUCT),
    "subtract": (SUM, SUM, PRODUCT), "multiply": (PRODUCT, PRODUCT, SIGN),
    "divide": (PRODUCT, PRODUCT, SIGN),
} | dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge"), (COMPARISON, SUM, SUM))  # fmt: skip
"""Operator -> how strong it binds, and how strong its sides must."""


@frozen
class Expressions:
    """Prints expressions in one keyword script."""

    script: Script

    def word(self, keyword: str) -> str:
        return spelling(keyword, self.script)

    def phrase(self, *parts: str) -> str:
        return " ".join(part for part in parts if part)

    def expression(
        self, node: t.Expression | t.Every, binding: int = ANY, soft: bool = False
    ) -> str:
        """``node`` where something of strength ``binding`` is asked for; ``soft`` may break."""
        match node:
            case t.Binary():
                own, text = self._binary(node, soft and binding == ANY)
            case t.Unary(operator="not"):
                own, text = NOT, f"{self.word('not')} {self.expression(node.operand, NOT)}"
            case t.Unary():
                own, text = SIGN, f"-{self.expression(node.operand, SIGN)}"
            case t.Member():
                own, text = COMPARISON, self._member(node)
            case t.Conditional():
                own, text = ANY, self._conditional(node, soft)
            case t.Every():
                own, text = ANY, self._every(node)
            case _:
                own, text = ATOM, self._atom(node)
        return text if own >= binding else f"({text.replace(SOFT, ' ')})"

    def _binary(self, node: t.Binary, soft: bool) -> tuple[int, str]:
        """Its strength and its text; a chain of one strength may be broken before any sign."""
        own, left, right = _BINDING[node.operator]
        sign = _SIGNS.get(node.operator) or self.word(node.operator)
        before = node.left
        if soft and isinstance(before, t.Binary) and _BINDING[before.operator][0] == own == left:
            opening = self._binary(before, soft)[1]
        else:
            opening = self.expression(before, left)
        space = SOFT if soft and own != COMPARISON else " "
        return own, f"{opening}{space}{sign} {self.expression(node.right, right)}"

    def _member(self, node: t.Member) -> str:
        items = [self.expression(item) for item in node.items]
        bare = len(items) == 1 and self.expression(node.items[0], ATOM) == items[0]
        members = items[0] if bare else f"{{{', '.join(items)}}}"
        return f"{self.expression(node.operand, SUM)} {self.word('in')} {members}"

    def _conditional(self, node: t.Conditional, soft: bool) -> str:
        space = SOFT if soft else " "
        condition, then = self.expression(node.condition), self.expression(node.then)
        otherwise = self.expression(node.otherwise, soft=soft)
        return (
            f"{self.word('if')} {condition}{space}{self.word('then')} {then}"
            f"{space}{self.word('else')} {otherwise}"
        )

    def each(self, collection: str | None) -> str:
        """``每项`` for the empty name, nothing for None."""
        if collection is None:
            return ""
        return f"{self.word('each')} {collection}" if collection else self.word("each_line")

    def _every(self, node: t.Every) -> str:
        where = "" if node.where is None else f"{self.word('when')} {self.expression(node.where)}"
        return self.phrase(self.each(node.collection), self.expression(node.body), where)

    def _atom(self, node: t.Expression) -> str:
        match node:
            case t.Number():
                return node.text or canonical_number(node.value, node.unit)
            case t.Text():
                return quoted(node.value)
            case t.Truth():
                return self.word("yes" if node.value else "no")
            case t.DateLiteral():
                return _date(node.value)
            case t.Qualified():
                return f"{node.scope}.{node.name}"
            case t.Call():
                return f"{node.function}({', '.join(map(self.expression, node.arguments))})"
            case t.Name():
                return node.name
        raise TypeError(f"{type(node).__name__} stands only where a whole body does")

    # --- tables

    def cell(self, cell: t.Cell) -> str:
        match cell:
            case t.Anything():
                return "—"
            case t.OneOf():
                return "、".join(map(self.expression, cell.items))
            case t.Corner():
                return f"{cell.rows} \\ {cell.columns}"
            case t.Range():
                return self.range(cell)
        return ""

    def range(self, bounds: t.Range) -> str:
        low, high = bounds.low, bounds.high
        if low is None and high is not None:
            return f"{'≤' if bounds.high_closed else '<'} {self.expression(high, SUM)}"
        if high is None and low is not None:
            return f"{'≥' if bounds.low_closed else '>'} {self.expression(low, SUM)}"
        assert low is not None
        assert high is not None
        return f"{self.expression(low, SUM)}～{self.expression(high, SUM)}"

    def rows(self, table: t.Table) -> Iterable[Piece]:
        """The rows with their columns aligned as they show."""
        cells = [[self.cell(cell) for cell in row.cells] for row in table.rows]
        widths = [max(map(display_width, column)) for column in zip(*cells, strict=True)]
        for row, texts in zip(table.rows, cells, strict=True):
            padded = (_padded(text, width) for text, width in zip(texts, widths, strict=True))
            yield Piece("row", f"| {' | '.join(padded)} |", row.span)


# --- literals


def quoted(text: str) -> str:
    """``text`` in the first quotation marks that end where it ends."""
    if not any(mark in text for mark in '"＂“”'):
        return f'"{text}"'
    return f"“{text}”" if "”" not in text else f"「{text}」"


def canonical_number(value: Fraction, unit: str) -> str:
    """A number as it is written where nobody has: ``150000元``, ``0.5``."""
    spelt = units()[unit][0] if unit else ""
    return _decimal(value) + spelt


def _decimal(value: Fraction) -> str:
    """A fraction that ends, in decimal figures."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(int(value * 10**places)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _date(value: datetime.date) -> str:
    if not isinstance(value, datetime.datetime):
        return value.isoformat()
    return value.isoformat(" ", "seconds" if value.second else "minutes")


# --- widths


def display_width(text: str) -> int:
    """Columns on a screen; an East Asian wide character takes two."""
    if text.isascii():
        return len(text)
    from wcwidth import wcwidth

    return sum(max(wcwidth(character), 0) for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def in_list(texts: Sequence[str]) -> str:
    """``a, b, c`` that may be broken between its items."""
    return f",{SOFT}".join(texts)
