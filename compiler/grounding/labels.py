"""The figures of a rule, each with the words the rule gives it to.

In a table a figure belongs to its row's keys and its column; elsewhere to the condition it
stands under and to the quantity it defines. A label is one such word group on one axis (a key
of the table, a field of a condition); grounding asks the text for the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs
from attrs import evolve, frozen

from tiaowen.compiler.grounding.measures import Measure, RuleLiteral, of_number
from tiaowen.dsl import tree as t

QUANTITY = ""
"""The axis on which a figure belongs to the quantity it defines or amends."""


@frozen
class Label:
    """``words`` (any of them), or the figures that bound a range, on one axis.

    ``holds`` is False where the words must not be said: 非 退休, 否 under 退休.
    """

    axis: str
    words: tuple[str, ...] = ()
    bounds: frozenset[Measure] = frozenset()
    holds: bool = True

    def __str__(self) -> str:
        said = "、".join(self.words) or "～".join(
            str(m) for m in sorted(self.bounds, key=lambda m: m.value)
        )
        return said if self.holds else f"非{said}"


@frozen
class RuleFigure:
    literal: RuleLiteral
    labels: tuple[Label, ...] = ()


_UNGROUNDED = (
    t.Applies, t.InterfaceHead, t.Enumeration, t.Fields, t.Collection, t.Shorthand, t.SetAside,
)  # fmt: skip
"""Statements that declare the vocabulary, or no rule."""

_COMPARISONS = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})

Known = Callable[[str], bool]
"""Whether a name is a quantity or a field, as against a member of an enumeration."""


def rule_figures(statement: t.RuleStatement, known: Known) -> tuple[RuleFigure, ...]:
    """Every figure of ``statement`` in the order of its text."""
    if isinstance(statement, _UNGROUNDED):
        return ()
    clauses: t.Clauses = getattr(statement, "clauses", t.NO_CLAUSES)
    labels: tuple[Label, ...] = ()
    if isinstance(statement, t.Definition | t.Amendment):
        labels = (Label(QUANTITY, (statement.name,)),)
        labels += condition_labels(clauses.when)
    found: list[RuleFigure] = []
    for name in _fields(type(statement)):
        value = getattr(statement, name)
        if name == "clauses":
            found.extend(_inside(clauses.when, (), known))
        else:
            found.extend(_inside(value, labels, known))
    return tuple(found)


def _fields(kind: type) -> tuple[str, ...]:
    cached = _FIELDS.get(kind)
    if cached is None:
        cached = tuple(a.name for a in attrs.fields(kind) if a.name != "span")
        _FIELDS[kind] = cached
    return cached


_FIELDS: dict[type, tuple[str, ...]] = {}


def _inside(value: Any, labels: tuple[Label, ...], known: Known) -> Iterator[RuleFigure]:
    match value:
        case t.Number() | t.DateLiteral():
            yield RuleFigure(value, labels)
        case t.Table():
            yield from _table(value, labels, known)
        case t.Conditional():
            yield from _inside(value.condition, (), known)
            chosen = condition_labels(value.condition)
            yield from _inside(value.then, labels + chosen, known)
            other = tuple(evolve(x, holds=not x.holds) for x in chosen) if len(chosen) == 1 else ()
            yield from _inside(value.otherwise, labels + other, known)
        case t.Binary() if value.operator in _COMPARISONS:
            yield from _inside(value.left, (), known)
            yield from _inside(value.right, (), known)
        case tuple():
            for item in value:
                yield from _inside(item, labels, known)
        case _ if attrs.has(type(value)):
            for name in _fields(type(value)):
                yield from _inside(getattr(value, name), labels, known)


# --- conditions


def condition_labels(condition: t.Expression | None) -> tuple[Label, ...]:
    """What a condition requires, as far as it joins simple tests with 且."""
    found: dict[tuple[str, bool], Label] = {}
    for label in _tests(condition, True):
        key = (label.axis, label.holds)
        before = found.get(key)
        if before is None or not label.bounds:
            found.setdefault(key, label)
        else:
            found[key] = evolve(before, bounds=before.bounds | label.bounds)
    return tuple(found.values())


def _tests(condition: t.Expression | None, holds: bool) -> Iterator[Label]:
    match condition:
        case t.Name() | t.Qualified():
            yield Label(condition.name, (condition.name,), holds=holds)
        case t.Unary(operator="not"):
            if isinstance(condition.operand, t.Name | t.Qualified):
                yield from _tests(condition.operand, not holds)
        case t.Binary(operator="and"):
            yield from _tests(condition.left, holds)
            yield from _tests(condition.right, holds)
        case t.Binary() if condition.operator in _COMPARISONS:
            yield from _compared(condition)
        case t.Member():
            axis = _name(condition.operand)
            words = tuple(w for item in condition.items if (w := _word(item)))
            if axis and words:
                yield Label(axis, words)


def _compared(test: t.Binary) -> Iterator[Label]:
    axis = _name(test.left)
    if not axis:
        return
    if isinstance(test.right, t.Number):
        measure = of_number(test.right)
        if measure.value:
            yield Label(axis, bounds=frozenset({measure}))
    elif isinstance(test.right, t.Truth) and test.operator in ("eq", "ne"):
        yield Label(axis, (axis,), holds=test.right.value == (test.operator == "eq"))
    elif (word := _word(test.right)) and test.operator in ("eq", "ne"):
        yield Label(axis, (word,), holds=test.operator == "eq")


def _name(node: t.Expression) -> str:
    return node.name if isinstance(node, t.Name | t.Qualified) else ""


def _word(node: t.Expression) -> str:
    return node.value if isinstance(node, t.Text) else _name(node)


# --- tables


def _table(table: t.Table, labels: tuple[Label, ...], known: Known) -> Iterator[RuleFigure]:
    head, *rows = table.rows
    keys, columns = _heads(head.cells, known)
    count = len(keys)
    for row in rows:
        own = labels
        for axis, cell in zip(keys, row.cells, strict=False):
            for literal in _numbers(cell):
                yield RuleFigure(literal)
            label = _cell_label(axis, cell)
            own += (label,) if label else ()
        for at, cell in enumerate(row.cells[count:]):
            column = columns[at] if at < len(columns) else None
            yield from _inside(cell, own + ((column,) if column else ()), known)


def _heads(cells: tuple[t.Cell, ...], known: Known) -> tuple[list[str], list[Label | None]]:
    """The names of the key columns, and a label for each crossed column."""
    first = cells[0]
    if isinstance(first, t.Corner):
        return [first.rows], [_cell_label(first.columns, cell) for cell in cells[1:]]
    if isinstance(cells[-1], t.Blank):
        return [_cell_words(cell) for cell in cells[:-1]], []
    count = 1
    while count < len(cells) - 1 and known(_cell_words(cells[count])):
        count += 1
    axis = "、".join(_cell_words(cell) for cell in cells[count:])
    return ([_cell_words(cell) for cell in cells[:count]],
            [_cell_label(axis, cell) for cell in cells[count:]])  # fmt: skip


def _cell_words(cell: t.Cell) -> str:
    if isinstance(cell, t.OneOf):
        return "、".join(_word(item) for item in cell.items)
    return ""


def _cell_label(axis: str, cell: t.Cell) -> Label | None:
    if isinstance(cell, t.OneOf):
        first = cell.items[0]
        if isinstance(first, t.Truth):
            return Label(axis, (axis,), holds=first.value) if len(cell.items) == 1 else None
        words = tuple(w for item in cell.items if (w := _word(item)))
        if words:
            return Label(axis, words)
    bounds = frozenset(m for n in _numbers(cell) if isinstance(n, t.Number)
                       and (m := of_number(n)).value)  # fmt: skip
    return Label(axis, bounds=bounds) if bounds else None


def _numbers(cell: t.Cell) -> Iterator[RuleLiteral]:
    for figure in _inside(cell, (), lambda _: False):
        yield figure.literal
