"""The inputs and outputs of a matter as JSON Schema, for forms, editors and other programs.

Only facts that the matter's outputs can ask for are described; a claim may give other declared
fields. Totals of the bill (``x-in-place-of``) are given all together, and no fee lines then.
What the schema refuses is refused, or not decided; the reverse it cannot promise, as amounts and
dates have more to them than their form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from tiaowen.compiler import core as c
from tiaowen.compiler.core import LINES
from tiaowen.compiler.types import Type
from tiaowen.engine.claims.billed import billed_outputs
from tiaowen.engine.claims.field_values import plain
from tiaowen.engine.claims.layout import MATTER_KEYS
from tiaowen.engine.claims.members import DIVISION
from tiaowen.engine.claims.reading import MOST_ELEMENTS
from tiaowen.engine.reach import Fact, inputs, needed

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_AMOUNT = {"type": ["string", "number", "null"], "minimum": 0}
_WHOLE = {"type": ["string", "integer", "null"], "minimum": 0}
_TEXT = {"type": ["string", "null"]}
_FORMS: Mapping[str, Mapping[str, Any]] = {
    "金额": {**_AMOUNT, "examples": ["1234.50"], "x-unit": "元"},
    "单价": {**_AMOUNT, "examples": ["0.125"], "x-unit": "元"},
    "比例": {**_AMOUNT, "examples": ["30%", "0.3"]},
    "数量": {**_AMOUNT, "examples": [2]},
    "时长": {**_AMOUNT, "examples": [48], "x-unit": "小时"},
    "天数": {**_WHOLE, "examples": [7], "x-unit": "天"},
    "工作日": {**_WHOLE, "x-unit": "工作日"},
    "月数": {**_WHOLE, "x-unit": "个月"},
    "年限": {**_WHOLE, "x-unit": "年"},
    "级数": {**_WHOLE, "x-unit": "级"},
    "日期": {**_TEXT, "examples": ["2024-03-05"]},
    "时刻": {**_TEXT, "examples": ["2024-03-05 08:30"]},
    "是否": {"enum": [True, False, "是", "否", 0, 1, "0", "1", "true", "false", "", None]},
}


def schema(program: c.Program, matter: str) -> dict[str, Any]:
    """A JSON Schema (2020-12) that claims of ``matter`` fit; its outputs stand under
    ``$defs/outputs``. Fields may be called by name, code or alias, flat or grouped in objects
    of any name.
    """
    asked = program.matters[matter]
    facts = inputs(program, matter)
    sure = needed(program, matter)
    top = [info for name, info in program.fields.items() if ("", name) in facts]
    given = {
        name: program.collections[name]
        for name in program.collections
        if any(level == name for level, _ in facts)
    }
    definitions = {_key("", info): _field(info, program) for info in top}
    for name, collection in given.items():
        definitions |= {
            _key(name, info): _field(info, program) for info in _elements(collection, facts)
        }
    properties: dict[str, Any] = {key: {"enum": [matter, "", None]} for key in MATTER_KEYS}
    grouped = _spelt(top, "")
    for name, collection in given.items():
        elements = _collection(collection, facts, sure)
        grouped |= {spelling: elements for spelling in (name, collection.code) if spelling}
    grouped |= {
        name: {**_FORMS["金额"], "title": name}
        for name, shorthand in program.shorthands.items()
        if shorthand.collection in given
    }
    grouped |= _totals(asked)
    return {
        "$schema": DIALECT,
        "title": f"{program.identity.title} {matter}",
        "type": "object",
        "properties": {**properties, **grouped},
        "additionalProperties": {"if": {"type": "object"}, "then": {"$ref": "#/$defs/group"}},
        **_all(_required(info) for info in top if ("", info.name) in sure),
        "$defs": {
            **definitions,
            "group": {"type": "object", "properties": grouped},
            "outputs": _outputs(asked, program),
        },
    }


def _totals(asked: c.Matter) -> dict[str, Any]:
    """The totals of the bill that a claim may give in place of fee lines, by both names."""
    found: dict[str, Any] = {}
    for output in billed_outputs(asked):
        described = {
            **_FORMS[output.type.name], "title": output.name, "description": output.english,
            "x-code": output.code, "x-in-place-of": LINES,
        }  # fmt: skip
        found |= {name: described for name in (output.name, output.code) if name}
    return found


def _key(level: str, info: c.FieldInfo) -> str:
    return f"{level}.{info.name}" if level else info.name


def _spellings(info: c.FieldInfo) -> list[str]:
    return [name for name in (info.name, info.code, *info.aliases) if name]


def _spelt(fields: Iterable[c.FieldInfo], level: str) -> dict[str, Any]:
    """Every spelling of the fields, each leading to the field's one definition."""
    return {
        spelling: {"$ref": f"#/$defs/{quote(_key(level, info))}"}
        for info in fields
        for spelling in _spellings(info)
    }


def _all(conditions: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """``allOf``, which may not be empty."""
    listed = list(conditions)
    return {"allOf": listed} if listed else {}


def _required(info: c.FieldInfo) -> dict[str, Any]:
    """The field is there under one of its spellings, by itself or in some group: not every
    property is no object that has it."""
    here = [{"required": [name]} for name in _spellings(info)]
    absent = {"not": {"type": "object", "anyOf": here}}
    return {
        "title": f"{info.name}（{info.code}）" if info.code else info.name,
        "anyOf": [*here, {"not": {"additionalProperties": absent}}],
    }


def _elements(collection: c.CollectionInfo, facts: set[Fact]) -> list[c.FieldInfo]:
    return [info for info in collection.fields.values() if (collection.name, info.name) in facts]


def _collection(collection: c.CollectionInfo, facts: set[Fact], sure: set[Fact]) -> dict[str, Any]:
    fields = _elements(collection, facts)
    return {
        "title": collection.name, "description": collection.english,
        "type": ["array", "null"], "maxItems": MOST_ELEMENTS,
        "items": {
            "type": "object", "properties": _spelt(fields, collection.name),
            **_all({"anyOf": [{"required": [name]} for name in _spellings(info)]}
                   for info in fields if (collection.name, info.name) in sure),
        },
    }  # fmt: skip


def _field(info: c.FieldInfo, program: c.Program) -> dict[str, Any]:
    made: dict[str, Any] = {"title": info.name, "description": info.english}
    if info.code:
        made["x-code"] = info.code
    made |= _form(info.type, program)
    if info.default is not None:
        made["default"] = plain(info.default, info.type, program)
    return made


def _form(kind: Type, program: c.Program) -> Mapping[str, Any]:
    """What values of ``kind`` look like; labels and codes of an enumeration are listed."""
    if kind.name == DIVISION:
        return {**_WHOLE, "examples": ["131000"], "x-codes": _codes(program.enums[DIVISION])}
    if kind.enumerated:
        info = program.enums[kind.name]
        codes = _codes(info)
        if info.kind == "prefix":
            return {**_WHOLE, "x-codes": codes}
        numbers = [int(code) for code in codes if str(code).isdigit() and str(int(code)) == code]
        return {
            "enum": [*dict.fromkeys([*info.steps, *info.codes, *codes]), *numbers, "", None],
            "x-codes": codes,
        }
    return _FORMS.get(kind.name, _TEXT)


def _codes(info: c.EnumInfo) -> dict[str, dict[str, str]]:
    """Code to label, in both languages."""
    return {
        code: {"zh": name, "en": info.english.get(name, name)}
        for name, code in info.codes.items()
        if code
    }


def _outputs(asked: c.Matter, program: c.Program) -> dict[str, Any]:
    """The statement: outputs in its order; one that no rule decides is null."""
    properties = {
        output.name: {"title": output.name, "description": output.english,
                      **({"x-code": output.code} if output.code else {}),
                      **_form(output.type, program)}
        for output in asked.outputs
    }  # fmt: skip
    return {
        "title": asked.interface or asked.name,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
