"""Declarations to symbols: enumerations, scales, fields, collections, interfaces, readings.

Every table of the vocabulary is read here; what its columns are called stands in one place.
"""

from __future__ import annotations

from collections.abc import Iterator

from tiaowen.compiler.collect import Collected, ScopedRule
from tiaowen.compiler.core import (
    CollectionInfo,
    EnumInfo,
    FieldInfo,
    ParameterInfo,
    ReadingInfo,
    Rule,
    ShorthandInfo,
    Value,
)
from tiaowen.compiler.spelling import nearest
from tiaowen.compiler.symbols import (
    Interface,
    OutputDeclaration,
    Symbols,
    literal_value,
    single_text,
    unknown_member,
)
from tiaowen.compiler.types import Type
from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import diagnose


def declare(collected: Collected) -> Symbols:
    """Every declaration of ``collected``; what is wrong with them is in ``diagnostics``."""
    symbols = Symbols()
    steps: tuple[tuple[type, ...], ...] = (
        (t.Enumeration, t.Reading), (t.Group,), (t.Fields, t.Collection), (t.Scale,),
        (t.Group,), (t.InterfaceHead, t.Parameter, t.TableFunction, t.Shorthand),
    )  # fmt: skip
    for kinds in steps:
        for scoped in collected.rules:
            if isinstance(scoped.statement, kinds):
                _declare(scoped, symbols)
    _labels(collected, symbols)
    return symbols


def _labels(collected: Collected, symbols: Symbols) -> None:
    """The English labels that rules and declarations give their names."""
    for scoped in collected.rules:
        clauses: t.Clauses = getattr(scoped.statement, "clauses", t.NO_CLAUSES)
        name: str = getattr(scoped.statement, "name", "")
        if clauses.english and name:
            symbols.labels.setdefault(name, clauses.english)


def _declare(scoped: ScopedRule, symbols: Symbols) -> None:
    statement = scoped.statement
    match statement:
        case t.Enumeration():
            _enumeration(statement, symbols)
        case t.Reading():
            _reading(statement, scoped.rule, symbols)
        case t.Scale():
            _scale(statement, symbols)
        case t.Group():
            _group(statement, symbols)
        case t.Fields():
            for info in _fields(statement.table, statement.name, symbols):
                if symbols.declare(info.name, statement.span):
                    symbols.fields[info.name] = info
        case t.Collection():
            fields = {i.name: i for i in _fields(statement.table, statement.name, symbols)}
            code = fields.pop("", None)
            english = statement.clauses.english or statement.name
            symbols.declare(statement.name, statement.span)
            symbols.collections[statement.name] = CollectionInfo(
                statement.name, code.code if code else "", english, fields
            )
        case t.InterfaceHead():
            _interface(statement, scoped.rule, symbols)
        case t.Parameter():
            _parameter(statement, scoped.rule, symbols)
        case t.Shorthand():
            _shorthand(statement, symbols)
        case t.TableFunction():
            symbols.declare(statement.name, statement.span)
            symbols.functions[statement.name] = statement


# --- cells of a declaration table


def _entries(
    table: t.Table, columns: dict[str, str], symbols: Symbols
) -> Iterator[tuple[dict[str, t.Cell], t.Row]]:
    """Rows as column -> cell. ``columns`` maps the spellings of a head to a column's name."""
    heads: list[str] = []
    for cell in table.rows[0].cells:
        text = single_text(cell)
        if text not in columns:
            symbols.diagnostics.append(
                diagnose("TW0201", cell.span, name=text, nearest=nearest(text, columns))
            )
        heads.append(columns.get(text, text))
    for row in table.rows[1:]:
        yield dict(zip(heads, row.cells, strict=True)), row


def _names(cell: t.Cell | None) -> list[str]:
    if not isinstance(cell, t.OneOf):
        return []
    return [single_text(t.OneOf((item,))) for item in cell.items]


FIELD_COLUMNS = {
    "字段": "name", "码": "code", "类型": "type", "未填": "default", "英文": "english",
    "别名": "aliases", "field": "name", "code": "code", "type": "type", "default": "default",
    "label": "english", "aliases": "aliases",
}  # fmt: skip
ENUM_COLUMNS = {"码": "code", "值": "name", "英文": "english", "code": "code", "value": "name",
                "label": "english"}  # fmt: skip
SCALE_COLUMNS = {"级别": "name", "含": "holds", "英文": "english", "step": "name",
                 "holds": "holds", "label": "english"}  # fmt: skip
OUTPUT_COLUMNS = {
    "输出": "name", "码": "code", "类型": "type", "英文": "english", "基金": "fund",
    "合计": "billed", "output": "name", "code": "code", "type": "type", "label": "english",
    "fund": "fund", "billed": "billed",
}  # fmt: skip
BILLED = {"": "", "总额": "total", "自费": "own", "分项": "part", "total": "total", "own": "own",
          "part": "part"}  # fmt: skip
"""What a claim without fee lines may state of its bill, as the column 合计 marks it."""


def _enumeration(statement: t.Enumeration, symbols: Symbols) -> None:
    codes: dict[str, str] = {}
    english: dict[str, str] = {}
    for cells, row in _entries(statement.table, ENUM_COLUMNS, symbols):
        name, code = single_text(cells.get("name")), single_text(cells.get("code"))
        if name in codes:
            symbols.diagnostics.append(diagnose("TW0202", row.span, name=name))
        codes[name] = code
        english[name] = single_text(cells.get("english")) or name
    prefix = any(code.endswith("*") for code in codes.values())
    kind = "prefix" if prefix else "enumeration"
    if symbols.declare(statement.name, statement.span, kind="type "):
        symbols.types[statement.name] = Type(statement.name, kind)
        codes = {name: code.removesuffix("*") for name, code in codes.items()}
        symbols.enums[statement.name] = EnumInfo(statement.name, kind, codes, english, {})


def _reading(statement: t.Reading, rule: Rule, symbols: Symbols) -> None:
    if statement.default not in statement.choices:
        symbols.diagnostics.append(
            diagnose(
                "TW0206",
                statement.span,
                name=statement.default,
                type=statement.name,
                nearest=nearest(statement.default, statement.choices),
            )
        )
    known = symbols.readings.get(statement.name)
    if known and known.choices == statement.choices and known.default == statement.default:
        return
    if symbols.declare(statement.name, statement.span, rule.article):
        choices = {choice: choice for choice in statement.choices}
        symbols.types[statement.name] = Type(statement.name, "reading")
        symbols.enums[statement.name] = EnumInfo(statement.name, "reading", choices, choices, {})
        symbols.readings[statement.name] = ReadingInfo(
            statement.name,
            statement.choices,
            statement.default,
            rule,
            statement.clauses.english or "",
        )


def _scale(statement: t.Scale, symbols: Symbols) -> None:
    operand = statement.operand
    base = symbols.fields.get(operand.name) if isinstance(operand, t.Name) else None
    steps: list[str] = []
    english: dict[str, str] = {}
    groups: dict[str, frozenset[str]] = {}
    for cells, _row in _entries(statement.table, SCALE_COLUMNS, symbols):
        name = single_text(cells.get("name"))
        steps.append(name)
        english[name] = single_text(cells.get("english")) or name
        groups[name] = frozenset((name, *_names(cells.get("holds"))))
    base_name = base.type.name if base is not None and base.type.name in symbols.enums else ""
    if not base_name:
        symbols.diagnostics.append(
            diagnose(
                "TW0204",
                operand.span,
                found=operand.span.text,
                expected={"zh": "枚举字段", "en": "an enumerated field"},
            )
        )
    symbols.types[statement.name] = Type(statement.name, "scale", base_name)
    symbols.enums[statement.name] = EnumInfo(
        statement.name, "scale", {}, english, groups, tuple(steps), base_name
    )


def _group(statement: t.Group, symbols: Symbols) -> None:
    info = symbols.enums.get(statement.type)
    if info is None or statement.name in info.groups:
        return
    kind = symbols.types[statement.type]
    held: set[str] = set()
    for item in statement.items:
        name = single_text(t.OneOf((item,)))
        found = symbols.members_of(kind, name)
        if found is None:
            symbols.diagnostics.append(unknown_member(kind, name, item.span, symbols))
        else:
            held |= {str(v) for v in found[0]}
    if info.kind == "scale":
        held.add(statement.name)
    groups = {**info.groups, statement.name: frozenset(held)}
    symbols.enums[kind.name] = EnumInfo(
        info.name, info.kind, info.codes, info.english, groups, info.steps, info.base
    )


def _fields(table: t.Table, group: str, symbols: Symbols) -> Iterator[FieldInfo]:
    for cells, row in _entries(table, FIELD_COLUMNS, symbols):
        name = single_text(cells.get("name"))
        kind = symbols.type_named(single_text(cells.get("type")) or "文本", row.span)
        default = cells.get("default")
        value = None
        if isinstance(default, t.OneOf):
            value = literal_value(default.items[0], kind, symbols)
        yield FieldInfo(
            name,
            single_text(cells.get("code")),
            kind,
            value,
            single_text(cells.get("english")) or name,
            group,
            tuple(_names(cells.get("aliases"))),
        )


def _interface(statement: t.InterfaceHead, rule: Rule, symbols: Symbols) -> None:
    outputs = []
    for cells, row in _entries(statement.table, OUTPUT_COLUMNS, symbols):
        kind = symbols.type_named(single_text(cells.get("type")), row.span)
        name = single_text(cells.get("name"))
        english = single_text(cells.get("english")) or name
        symbols.labels.setdefault(name, english)
        outputs.append(
            OutputDeclaration(
                name,
                single_text(cells.get("code")),
                kind,
                english,
                single_text(cells.get("fund")),
                _billed(cells.get("billed"), row, symbols),
                row.span,
            )
        )
    symbols.interfaces[statement.name] = Interface(
        statement.name, statement.subject or "人次", tuple(outputs), rule
    )


def _billed(cell: t.Cell | None, row: t.Row, symbols: Symbols) -> str:
    """Which of the billed totals an output is; '' for none of them."""
    text = single_text(cell)
    if text not in BILLED:
        symbols.diagnostics.append(
            diagnose("TW0206", row.span, name=text, type="合计", nearest=nearest(text, BILLED))
        )
    return BILLED.get(text, "")


def _parameter(statement: t.Parameter, rule: Rule, symbols: Symbols) -> None:
    if symbols.declare(statement.name, statement.span, rule.article):
        kind = symbols.type_named(statement.type, statement.span)
        symbols.parameters[statement.name] = ParameterInfo(
            statement.name,
            kind,
            statement.delegation,
            statement.keys,
            rule,
            statement.clauses.english or "",
        )
        if statement.bounds:
            symbols.parameter_bounds[statement.name] = statement.bounds


def _shorthand(statement: t.Shorthand, symbols: Symbols) -> None:
    collection = symbols.collections.get(statement.collection)
    if collection is None:
        symbols.diagnostics.append(
            diagnose(
                "TW0201",
                statement.span,
                name=statement.collection,
                nearest=nearest(statement.collection, symbols.collections),
            )
        )
        return
    amount = ""
    values: dict[str, Value] = {}
    for name, expression in statement.items:
        info = collection.fields.get(name)
        if info is None:
            symbols.diagnostics.append(
                diagnose(
                    "TW0201", statement.span, name=name, nearest=nearest(name, collection.fields)
                )
            )
        elif expression is None:
            amount = name
        elif (value := literal_value(expression, info.type, symbols)) is not None:
            values[name] = value
    if symbols.declare(statement.name, statement.span):
        symbols.shorthands[statement.name] = ShorthandInfo(
            statement.name, statement.collection, amount, values
        )
