"""What a name can mean, apart from quantities: types, members, fields, readings, parameters."""

from __future__ import annotations

from typing import Any

from attrs import Factory, define, frozen

from tiaowen.compiler import types as ty
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
from tiaowen.compiler.types import BUILT_IN, LITERALS, Type
from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.source import Span


@frozen
class OutputDeclaration:
    name: str
    code: str
    type: Type
    english: str
    fund: str
    billed: str
    span: Span


@frozen
class Interface:
    name: str
    subject: str
    outputs: tuple[OutputDeclaration, ...]
    rule: Rule


@define
class Symbols:
    """All that a name can mean, apart from quantities."""

    types: dict[str, Type] = Factory(lambda: dict(BUILT_IN))
    enums: dict[str, EnumInfo] = Factory(dict)
    fields: dict[str, FieldInfo] = Factory(dict)
    collections: dict[str, CollectionInfo] = Factory(dict)
    interfaces: dict[str, Interface] = Factory(dict)
    parameters: dict[str, ParameterInfo] = Factory(dict)
    parameter_bounds: dict[str, t.Range] = Factory(dict)
    readings: dict[str, ReadingInfo] = Factory(dict)
    functions: dict[str, t.TableFunction] = Factory(dict)
    shorthands: dict[str, ShorthandInfo] = Factory(dict)
    labels: dict[str, str] = Factory(dict)
    declared: dict[str, Span] = Factory(dict)
    diagnostics: list[Diagnostic] = Factory(list)

    def type_named(self, name: str, span: Span) -> Type:
        """The type called ``name``; an unknown one is reported and becomes ``UNKNOWN``."""
        if name in self.types:
            return self.types[name]
        self.diagnostics.append(
            diagnose("TW0207", span, name=name, nearest=nearest(name, self.types))
        )
        return ty.UNKNOWN

    def members_of(self, kind: Type, name: str) -> tuple[frozenset[Value], tuple[str, ...]] | None:
        """The values (and, of a prefix enumeration, the prefixes) that ``name`` stands for."""
        info = self.enums.get(kind.name)
        if info is None:
            return None
        if name in info.groups:
            return frozenset(info.groups[name]), _prefixes(info, info.groups[name])
        if name in info.codes or name in info.steps:
            return frozenset((name,)), _prefixes(info, (name,))
        if info.base and (found := self.members_of(self.types[info.base], name)):
            return found
        return None

    def enums_with(self, name: str) -> list[Type]:
        """The enumerations (and readings) that have a member or group ``name``."""
        return [self.types[k] for k in self.enums if self.members_of(self.types[k], name)]

    def declare(self, name: str, span: Span, article: str = "", kind: str = "") -> bool:
        """Note ``name`` among its ``kind``; False, with a report, where it is taken. An
        enumeration may be called as the field that holds its members."""
        key = kind + name
        if key in self.declared:
            from tiaowen.dsl.diagnostics import Label

            first = Label(self.declared[key], "first")
            self.diagnostics.append(
                diagnose("TW0202", span, also=[first], article=article, name=name)
            )
            return False
        self.declared[key] = span
        return True


def _prefixes(info: EnumInfo, names: Any) -> tuple[str, ...]:
    if info.kind != "prefix":
        return ()
    return tuple(sorted(info.codes[name] for name in names if name in info.codes))


def single_text(cell: t.Cell | None) -> str:
    """A cell's single name, string or number, as written; '' for an empty one."""
    if not isinstance(cell, t.OneOf) or len(cell.items) != 1:
        return ""
    match cell.items[0]:
        case t.Name(name=name):
            return name
        case t.Text(value=value):
            return value
        case t.Truth(value=truth):
            return "是" if truth else "否"
        case other:
            return str(getattr(other, "text", "")).strip()


def unknown_member(kind: Type, name: str, span: Span, symbols: Symbols) -> Diagnostic:
    """The diagnostic that ``name`` is no member of ``kind``."""
    info = symbols.enums[kind.name]
    known = [*info.steps, *info.codes, *info.groups]
    return diagnose("TW0206", span, name=name, type=kind.name, nearest=nearest(name, known))


def literal_value(item: t.Expression, kind: Type, symbols: Symbols) -> Value | None:
    """The value of a literal or a member written as ``item``, for type ``kind``."""
    match item:
        case t.Truth(value=truth):
            return truth if kind.kind != "reading" else ("是" if truth else "否")
        case t.DateLiteral(value=day):
            return day
        case t.Text(value=text) if not kind.enumerated or kind.kind == "prefix":
            return text
        case t.Text(value=text) if text in (codes := symbols.enums[kind.name].codes).values():
            return next(name for name, code in codes.items() if code == text)
        case t.Name(name=name) if symbols.members_of(kind, name):
            return name
        case t.Number():
            found = LITERALS[item.unit]
            value = item.value * found[1]
            if found[0] == kind or kind == ty.UNIT_PRICE or found[0] == ty.NUMBER:
                scaled = item.value if kind == ty.UNIT_PRICE else value
                return int(scaled) if scaled.denominator == 1 else scaled
    symbols.diagnostics.append(
        diagnose("TW0204", item.span, expected=kind, found=single_text(t.OneOf((item,))))
    )
    return None
