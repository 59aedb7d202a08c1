"""What two policies tell apart: grades, categories and ages of persons, places they name.

A grid over everything the vocabulary knows would mostly repeat itself. What a matter's rules can
distinguish follows from the constants they compare with, so values that no rule of either policy
tells apart are taken together; every value that some rule tells apart stays.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.compiler.walk import every, parts
from tiaowen.engine.claims.roles import named
from tiaowen.engine.frames import ParameterValue
from tiaowen.review.difference.outcomes.concrete import Concrete
from tiaowen.review.difference.outcomes.records import Level, Person
from tiaowen.review.difference.outcomes.relative import KINDS

T = TypeVar("T")
ABROAD = "99"
"""The division that stands for every other outside the mainland."""


def cores_of(program: c.Program, matter: str) -> Iterator[c.Core]:
    """Every expression of a matter: of its nodes, its tables and what it settles under."""
    for node in program.nodes.values():
        if node.matter == matter:
            yield from expressions(node)
    found = program.matters[matter]
    for function in found.functions.values():
        yield from every(function.body)
    for call in found.calls.values():
        for core in call.overrides.values():
            yield from every(core)
        if call.condition is not None:
            yield from every(call.condition)
    for partition in found.partitions.values():
        for core in (*partition.overrides.values(), *(core for _, core in partition.keys)):
            yield from every(core)


def expressions(node: c.Node) -> Iterator[c.Core]:
    """Every expression of a node, outermost first."""
    roots: list[c.Core | None] = [node.condition, node.amended, node.operand]
    for alternative in node.alternatives:
        roots.append(alternative.condition)
        roots.append(alternative.value)
    for root in roots:
        if root is not None:
            yield from every(root)


def grouped(values: Sequence[T], signature: Mapping[T, Hashable]) -> list[tuple[T, ...]]:
    """``values`` by equal signature, in the order of the first of each."""
    found: dict[Hashable, list[T]] = {}
    for value in values:
        found.setdefault(signature[value], []).append(value)
    return [tuple(group) for group in found.values()]


# --- grades


def levels_of(sides: Iterable[Concrete]) -> tuple[Level, ...]:
    """The national grades, those together that no scale and no rule of either side tells apart,
    the highest first as the codes have them."""
    sides = tuple(sides)
    first = sides[0].program
    field = named(first.fields, "hosp_lv")
    base = first.fields[field].type if field else None
    enum = first.enums.get(base.base or base.name) if base is not None else None
    grades = list(enum.codes) if enum is not None else [""]
    signatures: dict[str, Hashable] = {g: tuple(_graded(g, side) for side in sides) for g in grades}
    return tuple(Level(group) for group in grouped(grades, signatures))


def _graded(grade: str, side: Concrete) -> Hashable:
    """What a side can tell of a grade: its place in every set of grades that rules test."""
    scales = [e for e in side.program.enums.values() if e.kind == "scale" and grade in _held(e)]
    groups = frozenset(
        name for scale in scales for name, members in scale.groups.items() if grade in members
    )
    raw = frozenset(
        number for number, accepted in enumerate(_accepted(side)) if grade in accepted
    )  # fmt: skip
    keyed = frozenset(name for name in _keyed(side.parameters) if name == grade)
    return groups, raw, keyed


def _held(scale: c.EnumInfo) -> frozenset[str]:
    return frozenset().union(*scale.groups.values()) if scale.groups else frozenset()


def _accepted(side: Concrete) -> Iterator[frozenset[Value]]:
    """Every set of values that a rule of the matter tests for."""
    for core in cores_of(side.program, side.matter):
        if isinstance(core, c.Among):
            yield core.accepted
        elif isinstance(core, c.Pick):
            for row in core.rows:
                yield from (m.accepted for m in row.matchers if isinstance(m, c.AmongOf))
        elif isinstance(core, c.Op) and core.name in ("eq", "ne"):
            yield frozenset(o.value for o in core.operands if isinstance(o, c.Constant))


def _keyed(parameters: Mapping[str, ParameterValue]) -> Iterator[str]:
    """The members by which parameters that are given go."""
    for given in parameters.values():
        for wanted, _ in given.rows:
            yield from wanted.values()


# --- persons


def persons_of(sides: Sequence[Concrete]) -> tuple[Person, ...]:
    """Every kind of person both insurances have, with ages on either side of what rules ask."""
    kinds = [k for k, kind in KINDS.items() if all(s.insurance in kind.categories for s in sides)]
    bounds = sorted({age for side in sides for age in _ages(side)})
    made: list[tuple[str, int]] = []
    for key in kinds:
        kind = KINDS[key]
        made.append((key, kind.age))
        made += [(key, age) for age in bounds if kind.age < age <= kind.oldest]
    signatures: dict[tuple[str, int], Hashable] = {
        (key, age): (tuple(_category(key, side) for side in sides),
                     tuple(age >= bound for bound in bounds))
        for key, age in made
    }  # fmt: skip
    groups = grouped(made, signatures)
    return tuple(
        Person(*group[0], alike=tuple(dict.fromkeys(k for k, _ in group if k != group[0][0])))
        for group in groups
    )


def _category(kind: str, side: Concrete) -> Hashable:
    """Which tests of a category of person it passes."""
    member = KINDS[kind].categories[side.insurance]
    enums = side.program.enums
    code = next((e.codes[member].rstrip("*") for e in enums.values() if member in e.codes), member)
    passed = []
    for core in cores_of(side.program, side.matter):
        if isinstance(core, c.Among):
            passed.append(member in core.accepted or code.startswith(core.prefixes or ("?",)))
        elif isinstance(core, c.Pick):
            passed += [
                member in m.accepted or code.startswith(m.prefixes or ("?",))
                for row in core.rows for m in row.matchers if isinstance(m, c.AmongOf)
            ]  # fmt: skip
    return tuple(passed), frozenset(n for n in _keyed(side.parameters) if n == member)


def _ages(side: Concrete) -> Iterator[int]:
    """The ages that rules compare with."""
    for core in cores_of(side.program, side.matter):
        if not isinstance(core, c.Op) or not any(_is_age(part) for part in parts(core)):
            continue
        for part in parts(core):
            if isinstance(part, c.Constant) and isinstance(part.value, int):
                yield part.value


def _is_age(core: c.Core) -> bool:
    return isinstance(core, c.Op) and core.name == "age"


# --- places


def places_named(sides: Sequence[Concrete]) -> tuple[str, ...]:
    """Divisions outside both areas that a rule about the place of care names among others: one
    for each such rule. A rule that goes on to ask where a filing is for is not about the place
    alone."""
    found: dict[str, None] = {}
    for side in sides:
        care = side.names.get("mdtrtarea_admdvs", "")
        own = {s.program.identity.region[:2] for s in sides}
        for core in cores_of(side.program, side.matter):
            if not isinstance(core, c.Among) or len(core.prefixes) < 2:
                continue
            if not isinstance(core.operand, c.Field) or core.operand.name != care:
                continue
            outside = sorted(p for p in core.prefixes if p[:2] not in own)
            chosen = [ABROAD] if ABROAD in outside else outside[:1]
            found.update(dict.fromkeys(p.ljust(6, "0") for p in chosen))
    return tuple(found)
