"""For whom and for what kind of care two matters are compared.

A matter says itself which claims it is for. Of the kinds of insurance and of encounter that both
policies know, the first is taken for which both matters are; the same insurance on both sides
goes before different ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import TypeAlias

from tiaowen.compiler import core as c
from tiaowen.engine.frames import ParameterValue
from tiaowen.review.difference.outcomes.concrete import Concrete
from tiaowen.review.difference.outcomes.divisions import days_of, places_of
from tiaowen.review.difference.outcomes.records import Level, Person, Situation
from tiaowen.review.difference.outcomes.relative import KINDS
from tiaowen.review.difference.records import MatterPair, Side

Parameters: TypeAlias = Mapping[str, ParameterValue]
USUAL_GRADE = "三级甲等"


def both_sides(
    given: tuple[Side, Side],
    pair: MatterPair,
    parameters: tuple[Parameters, Parameters],
    on: date | None,
) -> tuple[Concrete, Concrete]:
    """Both sides, with the insurance and the kind of encounter that their matters are for."""
    programs = (given[0].program, given[1].program)
    days = days_of(*programs, on)
    made: list[Concrete] = []
    for n, (program, other, matter) in enumerate(
        zip(programs, reversed(programs), (pair.first, pair.second), strict=True)
    ):
        made.append(Concrete(
            program, matter, days[n], "", places_of(program, other), "", given[n].readings,
            parameters[n], n == 1,
        ))  # fmt: skip
    for insurances, encounter in product(_insurances(programs), _encounters(programs[0])):
        for side, insurance in zip(made, insurances, strict=True):
            side.insurance, side.encounter = insurance, encounter
        if all(_takes(side) for side in made):
            break
    return made[0], made[1]


def _takes(side: Concrete) -> bool:
    kind = next((k for k in KINDS if side.insurance in KINDS[k].categories), None)
    return kind is not None and side.takes(
        Situation(Level((USUAL_GRADE,)), Person(kind, KINDS[kind].age), "own")
    )


def _insurances(programs: tuple[c.Program, c.Program]) -> list[tuple[str, str]]:
    """Pairs of insurances, those of the same kind first."""
    known = {code for kind in KINDS.values() for code in kind.categories}
    found = [[i for i in p.identity.insurance if i in known] or ["310"] for p in programs]
    return sorted(((a, b) for a, b in product(*found)), key=lambda pair: pair[0] != pair[1])


def _encounters(program: c.Program) -> Sequence[str]:
    """The kinds of encounter, an ordinary stay and an ordinary visit first."""
    info = next((f for f in program.fields.values() if f.code == "med_type"), None)
    enum = program.enums.get(info.type.name) if info is not None else None
    codes = enum.codes if enum is not None else {}
    return sorted(codes, key=lambda name: codes[name] not in ("21", "11"))
