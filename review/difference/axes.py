"""What the tables of two policies go by, so that both can be asked about the same cases.

An axis is a field of the shared vocabulary, or else a quantity both sides call alike, with the
finitely many values at which any of the tables could change its answer. A scale of levels is
asked by the national grades it groups: three steps of one city and six of another so meet in
the grade of the hospital.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

from attrs import field, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Value
from tiaowen.compiler.types import Type
from tiaowen.compiler.walk import every
from tiaowen.engine.claims.roles import named
from tiaowen.review.difference.alignment import Alignment
from tiaowen.review.difference.partial import Place
from tiaowen.review.difference.records import Key, Span

LEVEL = "hosp_lv"
"""The national code of the hospital's grade."""
AREAS = ("insuplc_admdvs", "mdtrtarea_admdvs")
"""National codes of fields that hold a division; each policy has its own words for where."""

ARGUMENT: Place = ("", "")
"""The place of what a table function is applied to."""


@frozen
class Axis:
    """One key. ``values`` are what is asked, ``names`` what each is called; of a range ``cells``
    are the stretches that the values stand for, in ascending order."""

    place: Place
    key: Key
    values: tuple[Value, ...] = field(eq=False)
    names: tuple[str, ...] = field(eq=False, default=())
    cells: tuple[c.RangeOf, ...] = field(eq=False, default=())

    def span(self, indices: Sequence[int]) -> Span:
        """What the values at ``indices`` are called together; all of them are no limit."""
        if len(indices) == len(self.values):
            return Span()
        if self.cells:
            first, last = self.cells[indices[0]], self.cells[indices[-1]]
            return Span(range=c.RangeOf(first.low, last.high, first.low_closed, last.high_closed))
        return Span(tuple(self.names[at] for at in indices))


Asked: TypeAlias = tuple[Sequence[c.Core], Sequence[c.Core]]
"""The values of a policy's definitions, and their conditions."""


def axes_of(first: Asked, second: Asked, alignment: Alignment) -> tuple[Axis, ...]:
    """The axes that the definitions of both sides go by, levels first: the keys of their tables
    and what their conditions compare with members. Their places are called as A calls them."""
    found: dict[Place, Axis] = {}
    bounds: dict[Place, list[c.RangeOf]] = {}
    for side, (program, asked) in enumerate(
        zip(alignment.programs, (first, second), strict=True)
    ):  # fmt: skip
        for key, cells in (*_keys(asked[0]), *_compared(asked[1], program)):
            own = root(key, program)
            if own is None:
                continue
            kind = key.type if own[1] == _name(key) else _kind(own, program)
            place = (own[0], alignment.called(side, "quantity", *own))
            if kind.enumerated or kind == ty.TRUTH:
                axis = _members(place, kind, program)
                known = found.get(place)
                found[place] = axis if known is None else _together(known, axis)
            elif all(map(_has_known_ends, cells)):
                bounds.setdefault(place, []).extend(cells)
                found[place] = Axis(place, Key(_title(key, place), kind), ())
            else:
                bounds.pop(place, None)
    for place, cells in bounds.items():
        if place in found:
            found[place] = _stretches(found[place], cells)
    usable = (axis for axis in found.values() if axis.values)
    return tuple(sorted(usable, key=lambda axis: not axis.key.levels))


def _keys(cores: Iterable[c.Core]) -> Iterator[tuple[c.Core, list[c.RangeOf]]]:
    """The keys of tables, each with the ranges its column has."""
    for core in cores:
        for part in every(core):
            if isinstance(part, c.Pick):
                for at, key in enumerate(part.keys):
                    cells = [row.matchers[at] for row in part.rows]
                    yield key, [cell for cell in cells if isinstance(cell, c.RangeOf)]


def _compared(conditions: Iterable[c.Core],
              program: c.Program) -> Iterator[tuple[c.Core, list[c.RangeOf]]]:  # fmt: skip
    """What conditions compare with members."""
    for condition in conditions:
        for part in every(condition):
            if isinstance(part, c.Among) and _by_members(part.operand, program):
                yield part.operand, []


def _name(core: c.Core) -> str:
    match core:
        case c.Field():
            return core.name
        case c.Ref():
            return core.quantity
    return ""


def _title(core: c.Core, place: Place) -> str:
    return place[1] or _name(core)


def _kind(place: Place, program: c.Program) -> Type:
    """The type of the field at ``place``."""
    level, name = place
    fields = program.collections[level].fields if level else program.fields
    return fields[name].type


def _by_members(core: c.Core, program: c.Program) -> bool:
    return core.type.enumerated and not is_area(core, program)


def is_area(core: c.Core, program: c.Program) -> bool:
    """Whether ``core`` is a division, as the place of insurance and of care are."""
    place = named(program.fields, *AREAS)
    return bool(place) and core.type.name == program.fields[place].type.name


# --- where a key comes from


def root(core: c.Core, program: c.Program) -> Place | None:
    """The place that decides ``core``: a field with members from which alone it follows, else
    the quantity itself; None of any other expression."""
    match core:
        case c.Field():
            return (core.level, core.name)
        case c.Argument():
            return ARGUMENT
        case c.Ref() if not core.past:
            own = (core.level, core.quantity)
            if not core.type.enumerated:
                return own
            sources = set(_sources(core.node, program, set()))
            return sources.pop() or own if len(sources) == 1 else own
    return None


def _sources(identity: str, program: c.Program, seen: set[str]) -> Iterator[Place | None]:
    """The fields with members that a definition draws on; None for anything else it does."""
    node = program.nodes[identity]
    while node.previous:
        node = program.nodes[node.previous]
    if node.id in seen:
        return
    seen.add(node.id)
    for alternative in node.alternatives:
        for core in (alternative.condition, alternative.value):
            for part in every(core) if core is not None else ():
                if isinstance(part, c.Field):
                    yield (part.level, part.name) if _by_members(part, program) else None
                elif isinstance(part, c.Ref):
                    yield from _sources(part.node, program, seen) if not part.past else (None,)
                elif isinstance(part, _OPAQUE):
                    yield None


_OPAQUE = (c.History, c.Aggregate, c.ParameterRef, c.Settled, c.Key, c.Months, c.Share)


# --- members


def _members(place: Place, kind: Type, program: c.Program) -> Axis:
    """The members of an enumeration in the order of their codes; of grades from the lowest."""
    if kind == ty.TRUTH:
        return Axis(place, Key(place[1], kind), (True, False), ("是", "否"))
    info = program.enums.get(kind.base or kind.name)
    if info is None:
        return Axis(place, Key(place[1], kind), ())
    names = tuple(info.codes) or info.steps
    level = place == ("", named(program.fields, LEVEL))
    if level:
        names = names[::-1]
    codes = (info.codes[name].rstrip("*") for name in names)
    values = tuple(codes) if info.kind == "prefix" else names
    return Axis(place, Key(place[1], kind, levels=level), values, names)


def _together(first: Axis, second: Axis) -> Axis:
    """The values of both; the policies may have members of their own."""
    more = [at for at, value in enumerate(second.values) if value not in first.values]
    return Axis(first.place, first.key,
                (*first.values, *(second.values[at] for at in more)),
                (*first.names, *(second.names[at] for at in more)))  # fmt: skip


# --- ranges


def _has_known_ends(cell: c.RangeOf) -> bool:
    return all(end is None or isinstance(end, c.Constant) for end in (cell.low, cell.high))


def _stretches(axis: Axis, cells: Iterable[c.RangeOf]) -> Axis:
    """The line cut at every end of ``cells``: each end by itself and the open stretches between,
    each with a number out of it."""
    ends: dict[Any, c.Core] = {}
    for cell in cells:
        for end in (cell.low, cell.high):
            if isinstance(end, c.Constant):
                ends[end.value] = end
    if not ends:
        return Axis(axis.place, axis.key, ())
    marks = sorted(ends)
    values: list[Value] = [marks[0] - 1]
    found = [c.RangeOf(None, ends[marks[0]], False, False)]
    for mark, following in pairwise([*marks, None]):
        after = mark + 1 if following is None else (Fraction(mark) + Fraction(following)) / 2
        values += [mark, after]
        high = None if following is None else ends[following]
        found += [c.RangeOf(ends[mark], ends[mark], True, True),
                  c.RangeOf(ends[mark], high, False, False)]  # fmt: skip
    return Axis(axis.place, axis.key, tuple(values), (), tuple(found))
