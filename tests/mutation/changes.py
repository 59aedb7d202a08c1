"""The single changes that a rule admits: each is one slip a drafter or encoder could make.

Money is a fen more, a ratio a point more, any other number one more and one less, a date a day
later and earlier; a comparison takes or leaves its bound; a table's neighbouring rows exchange
their values; a level becomes its neighbour on its scale.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from tiaowen.compiler import types as ty
from tiaowen.compiler.types import LITERALS
from tiaowen.dsl import tree as t
from tiaowen.dsl.source import Span

_FLIPPED = {"≤": "<", "<=": "<", "<": "≤", "≥": ">", ">=": ">", ">": "≥"}
_SIGN = re.compile("<=|>=|[≤≥<>＜＞]")
_COMPARISONS = ("lt", "le", "gt", "ge")
_NO_RULES = (t.Enumeration, t.Group, t.InterfaceHead, t.Property, t.SetAside, t.Reading)
"""Statements without figures of their own, and properties, which state what has to hold."""


@frozen
class Change:
    """One change: ``edits`` are (start, end, text) of the source, apart and in order."""

    text: str
    edits: tuple[tuple[int, int, str], ...]


@frozen
class Names:
    """What names mean: ``quantity`` tells quantities and fields, ``neighbour`` gives for a
    level of a scale the next one."""

    quantity: Callable[[str], bool]
    neighbour: Mapping[str, str]


def changes(statement: t.RuleStatement, names: Names) -> tuple[Change, ...]:
    """Every change of ``statement``, in the order of its text, no two called the same."""
    if isinstance(statement, _NO_RULES):
        return ()
    found = list(_figures_and_bounds(statement))
    found += _levels(statement, names)
    for table in _all(statement, t.Table):
        found += _swaps(table, _value_columns(table, statement, names))
    found.sort(key=lambda change: change.edits[0][:2])
    return tuple(_told_apart(found))


def _told_apart(found: list[Change]) -> Iterator[Change]:
    seen: dict[str, int] = {}
    for change in found:
        seen[change.text] = number = seen.get(change.text, 0) + 1
        yield change if number == 1 else Change(f"{change.text} #{number}", change.edits)


def _all(node: Any, kind: type[Any]) -> Iterator[Any]:
    """Every ``kind`` in ``node``, outermost first, in the order of the text."""
    if isinstance(node, kind):
        yield node
    if isinstance(node, tuple):
        for item in node:
            yield from _all(item, kind)
    elif hasattr(node, "__attrs_attrs__") and not isinstance(node, Span):
        for attribute in node.__attrs_attrs__:
            if attribute.eq:
                yield from _all(getattr(node, attribute.name), kind)


def _replaced(span: Span, text: str) -> Change:
    return Change(f"{span.text.strip()} → {text}", ((span.start, span.end, text),))


# --- figures and bounds


def _figures_and_bounds(statement: t.RuleStatement) -> Iterator[Change]:
    for number in _all(statement, t.Number):
        for text in _other_numbers(number):
            yield _replaced(number.span, text)
    for date in _all(statement, t.DateLiteral):
        for days in (1, -1):
            yield _replaced(date.span, _written(date.value + datetime.timedelta(days=days)))
    for binary in _all(statement, t.Binary):
        if binary.operator in _COMPARISONS:
            yield from _flip(binary.span, binary.left.span.end, binary.right.span.start)
    for cell in _all(statement, t.Range):
        if cell.low is None or cell.high is None:
            yield from _flip(cell.span, cell.span.start, cell.span.end)


def _other_numbers(number: t.Number) -> Iterator[str]:
    kind, scale = LITERALS[number.unit]
    if kind == ty.MONEY:
        yield _decimal(number.value + Fraction(1, 100)) + number.unit
    elif kind in (ty.RATIO, ty.POINTS):
        unit = "个百分点" if number.unit == "百分点" else number.unit
        yield _decimal(number.value + Fraction(1, 100) / scale) + unit
    else:
        for value in (number.value + 1, number.value - 1):
            if value >= 0:
                yield _decimal(value) + {"月": "个月", "工作日": "个工作日"}.get(
                    number.unit, number.unit
                )


def _decimal(value: Fraction) -> str:
    scaled = value * 10**9
    assert scaled.denominator == 1, f"{value} has no decimal form"
    whole, rest = divmod(int(scaled), 10**9)
    return f"{whole}.{rest:09d}".rstrip("0").rstrip(".")


def _written(day: datetime.date) -> str:
    return day.strftime("%Y-%m-%d %H:%M" if isinstance(day, datetime.datetime) else "%Y-%m-%d")


def _flip(span: Span, start: int, end: int) -> Iterator[Change]:
    """``≤`` for ``<`` and so on, where the sign stands between ``start`` and ``end``."""
    text = span.source.text
    sign = _SIGN.search(text, start, end)
    if sign is None:
        return
    flipped = _FLIPPED[sign[0].translate({0xFF1C: "<", 0xFF1E: ">"})]
    inside = text[span.start : sign.start()] + flipped + text[sign.end() : span.end]
    yield Change(f"{span.text.strip()} → {inside.strip()}", ((sign.start(), sign.end(), flipped),))


# --- rows and levels


def _value_columns(table: t.Table, statement: t.RuleStatement, names: Names) -> tuple[int, ...]:
    """The columns that hold values: the last under an empty head, else those of a crossed table;
    of a scale, what each step holds."""
    head = table.rows[0].cells
    if isinstance(statement, t.Scale):
        return tuple(i for i, cell in enumerate(head) if cell.span.text.strip() in ("含", "holds"))
    if isinstance(head[-1], t.Blank):
        return (len(head) - 1,)
    if isinstance(head[0], t.Corner):
        return tuple(range(1, len(head)))
    if isinstance(statement, t.Fields | t.Collection):
        return ()
    keys = 0
    while keys < len(head) and names.quantity(head[keys].span.text.strip()):
        keys += 1
    return tuple(range(keys, len(head)))


def _swaps(table: t.Table, columns: tuple[int, ...]) -> Iterator[Change]:
    """Neighbouring rows with their values exchanged, a column at a time."""
    for upper, lower in zip(table.rows[1:], table.rows[2:], strict=False):
        for column in columns:
            one, other = upper.cells[column].span, lower.cells[column].span
            if one.text.strip() == other.text.strip():
                continue
            called = f"{_row(upper, column)} ↔ {_row(lower, column)}"
            edits = ((one.start, one.end, other.text), (other.start, other.end, one.text))
            yield Change(called, edits)


def _row(row: t.Row, column: int) -> str:
    return " | ".join(cell.span.text.strip() for cell in (row.cells[0], row.cells[column]))


def _levels(statement: t.RuleStatement, names: Names) -> Iterator[Change]:
    """Levels that a rule names, outside the keys of tables, where the rows are exchanged."""
    if isinstance(statement, t.Scale):
        return
    in_keys = {
        id(name)
        for table in _all(statement, t.Table)
        for row in table.rows
        for column, cell in enumerate(row.cells)
        if row is table.rows[0] or column not in _value_columns(table, statement, names)
        for name in _all(cell, t.Name)
    }
    for name in _all(statement, t.Name):
        if name.name in names.neighbour and id(name) not in in_keys:
            yield _replaced(name.span, names.neighbour[name.name])
