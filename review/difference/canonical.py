"""The canonical form of an expression: what is left of it when writing habits are taken away.

Two expressions with one canonical form decide every claim alike. Put aside are the order of
operands that can be exchanged, of table rows and of table columns, ``≠`` against ``非 =``, ``>``
against ``<`` with its sides exchanged, groups against the members they stand for, and what a
figure was written as (15万元, 150000元). Which names are the same is for the caller to say: a
quantity, a table or a matter is put in the form as ``named`` gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import attrs
from attrs import Factory, define

from tiaowen.compiler import core as c
from tiaowen.compiler.types import Type

Form: TypeAlias = Any
"""Nested tuples of plain values: hashable, and equal where the expressions are."""

Named: TypeAlias = Callable[[str, str, str, str], Form]
"""(kind, matter, level, name) -> what stands for it; kind is 'quantity', 'table', 'matter',
'parameter' or 'reading'."""

_EXCHANGED = frozenset({"add", "multiply", "min", "max", "eq", "same_area"})
_TURNED = {"gt": "lt", "ge": "le"}
_OPPOSITE = {"lt": "le", "le": "lt"}
_ASIDE = frozenset({"text", "span", "node", "type", "key_names", "id"})
"""Fields of a record that say nothing about its value."""


def as_named(kind: str, matter: str, level: str, name: str) -> Form:
    """Every name for itself; ``matter`` is '' where it goes without saying."""
    return (kind, matter, level, name)


@define
class Canon:
    """Makes forms of the expressions of one policy; each form is made once."""

    named: Named = as_named
    enums: Mapping[str, c.EnumInfo] = Factory(dict)
    calls: Mapping[str, c.Call] = Factory(dict)
    figures: bool = True
    """False puts every figure aside: what is left is how the rule is made."""

    def of(self, core: c.Core | None) -> Form:
        """The form of ``core``; None of None."""
        return None if core is None else self._made(core)

    def _made(self, core: c.Core) -> Form:
        match core:
            case c.Constant():
                return _constant(core, self.figures)
            case c.Ref():
                matter = core.matter if core.past else ""
                return ("past" if core.past else "now",
                        self.named("quantity", matter, core.level, core.quantity))  # fmt: skip
            case c.Field():
                return ("field", core.level, core.name, self.scale(core.type))
            case c.ReadingRef():
                return self.named("reading", "", "", core.name)
            case c.ParameterRef():
                return ("parameter", self.named("parameter", "", "", core.name),
                        tuple((name, self.of(key)) for name, key in core.keys),
                        None if core.bounds is None else self._inside(core.bounds))  # fmt: skip
            case c.Logic():
                return _joined(core.kind, (self.of(core.left), self.of(core.right)))
            case c.Op():
                return self._operation(core)
            case c.Choose():
                return self._choice(core)
            case c.Among():
                return ("among", self.of(core.operand), _sorted(core.accepted), core.prefixes)
            case c.Pick():
                return self._table(core)
            case c.Apply() | c.Bands():
                return (*self._record(core),
                        self.named("table", "", "", core.function))  # fmt: skip
            case c.Settled():
                return ("settled", self.named("quantity", self._called(core), "", core.quantity))
            case c.Rank() | c.Step():
                return (*self._record(core), self._scale_of(core.scale))
            case c.Key():
                return ("key", self.named("quantity", "", c.LINES, core.name))
            case c.Reasons():
                return ("reasons",)
        return self._record(core)

    def _called(self, core: c.Settled) -> str:
        call = self.calls.get(core.call)
        return call.matter if call is not None else ""

    # --- records

    def _record(self, record: Any) -> tuple[Form, ...]:
        """Any record by its fields; names of matters are put as ``named`` gives them."""
        found: list[Form] = [type(record).__name__]
        for field in attrs.fields(type(record)):
            if field.name in _ASIDE or field.name in ("function", "scale"):
                continue
            found.append(self._inside(getattr(record, field.name), field.name == "matters"))
        return tuple(found)

    def _inside(self, value: Any, matters: bool = False) -> Form:
        if matters:
            return tuple(sorted(repr(self.named("matter", "", "", m)) for m in value))
        if isinstance(value, Mapping):
            return tuple(sorted(
                (repr(self.named("matter", "", "", k)), self._inside(v)) for k, v in value.items()
            ))  # fmt: skip
        if isinstance(value, tuple):
            return tuple(self._inside(item) for item in value)
        if isinstance(value, c.AmongOf):
            return ("among", _sorted(value.accepted), value.prefixes)
        if isinstance(value, c.RangeOf):
            return ("range", self.of(value.low), self.of(value.high),
                    value.low_closed, value.high_closed)  # fmt: skip
        if attrs.has(type(value)):
            return self.of(value)
        return value

    def scale(self, kind: Type) -> Form:
        """What a scale of levels holds; None of any other type."""
        return self._scale_of(kind.name) if kind.kind == "scale" else None

    def _scale_of(self, name: str) -> Form:
        info = self.enums.get(name)
        if info is None:
            return name
        return (info.base, info.steps, tuple(sorted(
            (step, tuple(sorted(members - {step}))) for step, members in info.groups.items()
        )))  # fmt: skip

    # --- operations

    def _operation(self, core: c.Op) -> Form:
        operands = [self.of(operand) for operand in core.operands]
        name = core.name
        if name == "not":
            return _negated(operands[0])
        if name == "ne":
            return _negated(_equal(operands))
        if name == "eq":
            return _equal(operands)
        if name in _TURNED:
            name, operands = _TURNED[name], operands[::-1]
        if name in _EXCHANGED:
            return _joined(name, operands)
        return (name, *operands)

    def _choice(self, core: c.Choose) -> Form:
        condition = self.of(core.condition)
        then, otherwise = self.of(core.then), self.of(core.otherwise)
        if condition[0] == "not":
            return ("if", condition[1], otherwise, then)
        return ("if", condition, then, otherwise)

    def _table(self, core: c.Pick) -> Form:
        """A table without the order of its columns and rows."""
        keys = [self.of(key) for key in core.keys]
        order = sorted(range(len(keys)), key=lambda at: repr(keys[at]))
        rows = [
            (tuple(self._inside(row.matchers[at]) for at in order), self.of(row.value))
            for row in core.rows
        ]
        return ("table", tuple(keys[at] for at in order), _sorted(rows))


def _constant(core: c.Constant, figures: bool) -> Form:
    """A figure by its value and unit, however it was written; a code by itself."""
    value = core.value
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return ("constant", Fraction(value) if figures else "", core.type.name)
    return ("constant", value)


def _sorted(forms: Iterable[Form]) -> tuple[Form, ...]:
    return tuple(sorted(forms, key=repr))


def _joined(name: str, operands: Iterable[Form]) -> Form:
    """Operands that can be exchanged, nested ones of the same operation among them."""
    flat: list[Form] = []
    nests = name not in ("eq", "same_area")
    for operand in operands:
        inner = nests and isinstance(operand, tuple) and operand and operand[0] == name
        flat += operand[1:] if inner else [operand]
    return (name, *_sorted(flat))


def _equal(operands: list[Form]) -> Form:
    """``X = 是`` is X, ``X = 否`` is not X."""
    for at, operand in enumerate(operands):
        if operand[0] == "constant" and isinstance(operand[1], bool):
            other = operands[1 - at]
            return other if operand[1] else _negated(other)
    return _joined("eq", operands)


def _negated(form: Form) -> Form:
    """``非`` taken inwards as far as it goes."""
    name = form[0]
    if name == "not":
        return form[1]
    if name in ("and", "or"):
        return _joined("or" if name == "and" else "and", map(_negated, form[1:]))
    if name in _OPPOSITE:
        return (_OPPOSITE[name], form[2], form[1])
    if name == "constant" and isinstance(form[1], bool):
        return ("constant", not form[1])
    return ("not", form)
