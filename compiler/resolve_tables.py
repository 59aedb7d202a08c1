"""Tables to ``Pick``: which columns are keys, what each cell accepts."""

from __future__ import annotations

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.resolve import NOTHING, Context, Resolver
from tiaowen.compiler.types import Type
from tiaowen.dsl import tree as t


@frozen
class Head:
    """A table's head: key columns, and either one value column or crossed columns."""

    keys: tuple[c.Core, ...]
    names: tuple[str, ...]
    crossing: c.Core | None
    crossing_name: str
    columns: tuple[t.OneOf, ...]


def table(resolver: Resolver, node: t.Table, context: Context, expected: Type | None) -> c.Core:
    """The checked form of a rule's table; crossed tables become one row per cell."""
    head = _head(resolver, node, context)
    if head is None:
        return NOTHING
    rows: list[c.PickRow] = []
    count = len(head.keys)
    for row in node.rows[1:]:
        matchers = tuple(
            _matcher(resolver, cell, key, context)
            for cell, key in zip(row.cells[:count], head.keys, strict=True)
        )
        for index, cell in enumerate(row.cells[count:]):
            value = _value(resolver, cell, context, expected)
            if value is None:
                continue
            text = _row_text(row, count)
            if head.crossing is not None:
                column = head.columns[index]
                crossed = _matcher(resolver, column, head.crossing, context)
                text = f"{text} · {column.span.text}"
                rows.append(c.PickRow((*matchers, crossed), value, text, cell.span))
            else:
                rows.append(c.PickRow(matchers, value, text, cell.span))
    keys = head.keys if head.crossing is None else (*head.keys, head.crossing)
    names = head.names if head.crossing is None else (*head.names, head.crossing_name)
    kind = next((r.value.type for r in rows if r.value.type != ty.UNKNOWN), ty.UNKNOWN)
    for made in rows:
        if made.value.type not in (kind, ty.UNKNOWN):
            resolver.report("TW0204", made.span, context, expected=kind, found=made.value.type)
    return c.Pick(keys, names, tuple(rows), kind)


def _row_text(row: t.Row, count: int) -> str:
    return " · ".join(cell.span.text.strip() for cell in row.cells[:count])


def _head(resolver: Resolver, node: t.Table, context: Context) -> Head | None:
    cells = node.rows[0].cells
    if len(node.rows) < 2 or len(cells) < 2:
        resolver.report(
            "TW0101",
            node.span,
            context,
            found=node.span.text.split("\n")[0],
            expected={"zh": "表头和至少一行", "en": "a head and at least one row"},
        )
        return None
    first = cells[0]
    if isinstance(first, t.Corner):
        crossing = resolver.name(first.columns, first.span, context)
        key = resolver.name(first.rows, first.span, context)
        columns = tuple(cell for cell in cells[1:] if isinstance(cell, t.OneOf))
        return Head((key,), (first.rows,), crossing, first.columns, columns)
    if isinstance(cells[-1], t.Blank):
        return _plain_head(resolver, cells, context)
    return _crossed_head(resolver, cells, context, node)


def _plain_head(resolver: Resolver, cells: tuple[t.Cell, ...], context: Context) -> Head:
    keys, names = [], []
    for cell in cells[:-1]:
        item = cell.items[0] if isinstance(cell, t.OneOf) else None
        keys.append(resolver.expression(item, context) if item is not None else NOTHING)
        names.append(cell.span.text.strip())
    return Head(tuple(keys), tuple(names), None, "", ())


def _crossed_head(resolver: Resolver, cells: tuple[t.Cell, ...], context: Context,
                  node: t.Table) -> Head | None:  # fmt: skip
    """Columns named by the values of one enumeration; leading names of quantities are keys."""
    keys: list[c.Core] = []
    names: list[str] = []
    columns: list[t.OneOf] = []
    for cell in cells:
        if not isinstance(cell, t.OneOf):
            continue
        item = cell.items[0]
        found = resolver._lookup(item.name, context) if isinstance(item, t.Name) else None
        if found is not None and not columns:
            keys.append(found)
            names.append(cell.span.text.strip())
        else:
            columns.append(cell)
    crossing, name = _crossing(resolver, columns, context)
    if crossing is None or not keys:
        resolver.report(
            "TW0201",
            node.rows[0].span,
            context,
            nearest="",
            name="、".join(cell.span.text.strip() for cell in columns),
        )
        return None
    return Head(tuple(keys), tuple(names), crossing, name, tuple(columns))


def _crossing(resolver: Resolver, columns: list[t.OneOf],
              context: Context) -> tuple[c.Core | None, str]:  # fmt: skip
    """The one quantity, else the one field, whose enumeration has every column's name."""
    names = [item.name for column in columns for item in column.items if isinstance(item, t.Name)]

    def fits(kind: Type) -> bool:
        return kind.enumerated and all(resolver.symbols.members_of(kind, n) for n in names)

    levels = {"", context.level}
    scope = resolver.matters[context.matter]
    quantities = [
        q for level, q in scope.quantities
        if level in levels and fits(resolver.type_of(context.matter, (level, q)))
    ]  # fmt: skip
    fields = [f.name for f in resolver.symbols.fields.values() if fits(f.type)]
    for candidates in (quantities, fields):
        if len(candidates) == 1:
            return resolver._lookup(candidates[0], context), candidates[0]
    return None, ""


def _value(
    resolver: Resolver, cell: t.Cell, context: Context, expected: Type | None
) -> c.Core | None:
    if isinstance(cell, t.Blank | t.Anything):
        return None
    if isinstance(cell, t.OneOf) and len(cell.items) == 1:
        found = resolver.expression(cell.items[0], context, expected)
        return resolver.fitted(found, expected, cell.span, context) if expected else found
    return resolver.report(
        "TW0204",
        cell.span,
        context,
        found=cell.span.text.strip(),
        expected={"zh": "一个值", "en": "one value"},
    )


def _matcher(resolver: Resolver, cell: t.Cell, key: c.Core, context: Context) -> c.Matcher:
    match cell:
        case t.Anything() | t.Blank():
            return None
        case t.Range():
            return resolver.range(cell, context, key.type)
        case t.OneOf():
            return _one_of(resolver, cell, key, context)
        case _:
            resolver.report(
                "TW0204",
                cell.span,
                context,
                found=cell.span.text.strip(),
                expected={"zh": "键的值", "en": "a value of the key"},
            )
            return None


def _one_of(resolver: Resolver, cell: t.OneOf, key: c.Core, context: Context) -> c.Matcher:
    kind: Type = key.type
    text = cell.span.text.strip()
    if kind.enumerated and kind.kind != "reading":
        names = []
        for item in cell.items:
            found = resolver.expression(item, context, kind)
            if isinstance(found, c.Constant) and found.type == kind:
                names.append(str(found.value))
            elif found is not NOTHING:
                resolver.report("TW0214", item.span, context, found=item.span.text)
        among = resolver.among(key, tuple(names), text)
        assert isinstance(among, c.Among)
        return c.AmongOf(among.accepted, among.prefixes, text)
    values: list[c.Core] = [resolver.typed(item, context, kind) for item in cell.items]
    if all(isinstance(value, c.Constant) for value in values):
        accepted = frozenset(value.value for value in values if isinstance(value, c.Constant))
        return c.AmongOf(accepted, (), text)
    if len(values) == 1:
        return c.RangeOf(values[0], values[0], True, True)
    resolver.report("TW0214", cell.span, context, found=text)
    return None
