"""Open parameters that were given, put into the rules as the tables they are."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.types import Type
from tiaowen.compiler.walk import every, rewrite
from tiaowen.review.difference.records import Side
from tiaowen.review.summary import Definition


def furnished(definitions: Sequence[Definition], side: Side) -> tuple[Definition, ...]:
    """``definitions`` with every parameter that ``side`` was given replaced by its figures: one
    figure, or a table by the keys the file goes by."""
    if not side.parameters:
        return tuple(definitions)
    return tuple(
        d if d.value is None else evolve(d, value=_furnished(d.value, side)) for d in definitions
    )


def _furnished(core: c.Core, side: Side) -> c.Core:
    def change(part: c.Core) -> c.Core:
        return _table(part, side) if isinstance(part, c.ParameterRef) else part

    found: c.Core = rewrite(core, change)
    return found


def _table(core: c.ParameterRef, side: Side) -> c.Core:
    given = side.parameters.get(core.name)
    if given is None:
        return core
    if not given.rows:
        assert given.value is not None
        return c.Constant(given.value, core.type)
    keys = dict(core.keys)
    names = tuple(dict.fromkeys(name for wanted, _ in given.rows for name in wanted))
    rows = tuple(
        c.PickRow(
            tuple(_cell(wanted.get(n), keys[n].type, side.program) for n in names),
            c.Constant(value, core.type), " · ".join(wanted.values()),
        )
        for wanted, value in given.rows
    )  # fmt: skip
    return c.Pick(tuple(keys[n] for n in names), names, rows, core.type)


def _cell(member: str | None, kind: Type, program: c.Program) -> c.Matcher:
    """What a row of a parameter file accepts: a member, or a step with the grades it holds."""
    if member is None:
        return None
    info = program.enums.get(kind.name)
    if info is not None and info.kind == "prefix":
        code = info.codes.get(member, member).rstrip("*")
        return c.AmongOf(frozenset({member}), (code,), member)
    if kind.name == "是否":
        return c.AmongOf(frozenset({member == "是"}), (), member)
    held = info.groups.get(member, frozenset()) if info is not None else frozenset()
    return c.AmongOf(held | {member}, (), member)


def given_in(core: c.Core | None, side: Side) -> tuple[str, ...]:
    """The parameters in ``core`` that ``side`` was given."""
    if core is None:
        return ()
    names = (part.name for part in every(core) if isinstance(part, c.ParameterRef))
    return tuple(dict.fromkeys(name for name in names if name in side.parameters))
