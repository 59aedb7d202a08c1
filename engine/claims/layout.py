"""How the names a claim may use lead to the fields of a program, worked out once per program."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.types import REASONS, Type
from tiaowen.compiler.values import normalized
from tiaowen.engine.claims.billed import billed_of
from tiaowen.engine.claims.field_values import Converter, converter
from tiaowen.engine.claims.roles import LineRoles, Roles

MATTER_KEYS = ("事项", "matter")
_SUMMED = {kind.name for kind in (ty.MONEY, ty.NUMBER, ty.DAYS, ty.HOURS, ty.MONTHS)}


@frozen(eq=False)
class Slot:
    """Where a value goes: the name it is kept under, and how it is read."""

    name: str
    code: str
    type: Type
    convert: Converter

    @property
    def label(self) -> str:
        """Both names, as places in messages show them."""
        return f"{self.name}（{self.code}）" if self.code else self.name


@frozen(eq=False)
class Layout:
    """Every spelling of a name of a claim, by what it names."""

    fields: Mapping[str, Slot]
    collections: Mapping[str, c.CollectionInfo]
    elements: Mapping[str, Mapping[str, Slot]]
    shorthands: Mapping[str, c.ShorthandInfo]
    groups: frozenset[str]
    roles: Roles
    lines: Mapping[str, LineRoles]
    totals: Mapping[str, Slot]
    """Of the bill, which a claim may give in place of its fee lines (``claims/billed.py``)."""

    def names(self) -> list[str]:
        """All that may stand at the top of a claim, for proposing the nearest."""
        return [*self.fields, *self.collections, *self.shorthands, *self.totals, *self.groups,
                *MATTER_KEYS]  # fmt: skip


class _Same:
    """A key by identity: programs hold mappings and have no hash of their own."""

    __slots__ = ("program",)

    def __init__(self, program: c.Program) -> None:
        self.program = program

    def __hash__(self) -> int:
        return id(self.program)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.program is self.program


def layout_of(program: c.Program) -> Layout:
    """The layout of ``program``; made once while the program is among the last few used."""
    return _layout(_Same(program))


@lru_cache(maxsize=8)
def _layout(same: _Same) -> Layout:
    program = same.program
    collections = program.collections
    return Layout(
        slots(program.fields, program),
        {name: info for info in collections.values() for name in (info.name, info.code) if name},
        {name: slots(info.fields, program) for name, info in collections.items()},
        program.shorthands,
        frozenset(info.group for info in program.fields.values() if info.group),
        Roles.of(program),
        {name: LineRoles.of(info.fields) for name, info in collections.items()},
        _totals(program),
    )


def _totals(program: c.Program) -> dict[str, Slot]:
    """Name and code of every billed total."""
    outputs = billed_of(program).values()
    made = [slot(o.name, o.code, o.type, program) for o in outputs]
    return {name: one for one in made for name in (one.code, one.name) if name}


def slots(fields: Mapping[str, c.FieldInfo], program: c.Program) -> dict[str, Slot]:
    """Name, code and aliases of every field to its slot; a name goes before another's alias."""
    made = {info.name: slot(info.name, info.code, info.type, program) for info in fields.values()}
    found: dict[str, Slot] = {}
    for info in fields.values():
        for alias in filter(None, info.aliases):
            found[alias] = made[info.name]
    for info in fields.values():
        if info.code:
            found[info.code] = made[info.name]
    found.update(made)
    return found


def slot(name: str, code: str, kind: Type, program: c.Program) -> Slot:
    """One slot."""
    return Slot(name, code, kind, converter(kind, program))


def spelt(key: str, known: Mapping[str, object]) -> str:
    """``key`` in the form ``known`` has it: as it stands, else in half width."""
    if key in known:
        return key
    plain = normalized(key)
    return plain if plain in known else key


def matter_slots(program: c.Program, matter: str) -> Mapping[str, Slot]:
    """What a settlement of ``matter`` may state: fields, quantities and outputs, by each name."""
    return _matter_slots(_Same(program), matter)


@lru_cache(maxsize=32)
def _matter_slots(same: _Same, matter: str) -> Mapping[str, Slot]:
    program = same.program
    asked = program.matters[matter]
    found = dict(_layout(same).fields)
    stated = {output.name: output for output in asked.outputs}
    kinds = {name: output.type for name, output in stated.items()}
    for (level, name), node in asked.final.items():
        if not level and program.nodes[node].type != REASONS:
            kinds[name] = program.nodes[node].type
    for name, kind in kinds.items():
        code = stated[name].code if name in stated else ""
        found[name] = slot(name, code, kind, program)
    for name, output in stated.items():
        if output.code:
            found.setdefault(output.code, found[name])
    return found


def total_slots(program: c.Program) -> Mapping[str, Slot]:
    """What totals opening a year may state, by name, code or ``matter.name``.

    A name that matters give different types is known only with its matter.
    """
    return _total_slots(_Same(program))


@lru_cache(maxsize=8)
def _total_slots(same: _Same) -> Mapping[str, Slot]:
    found: dict[str, Slot] = {}
    unclear: set[str] = set()
    for matter in same.program.matters:
        for name, known in _matter_slots(same, matter).items():
            if known.type.name not in _SUMMED:
                continue
            found[f"{matter}.{name}"] = Slot(
                f"{matter}.{known.name}", known.code, known.type, known.convert
            )
            if found.setdefault(name, known).type != known.type:
                unclear.add(name)
    return {name: known for name, known in found.items() if name not in unclear}
