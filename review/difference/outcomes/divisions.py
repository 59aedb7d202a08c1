"""Which divisions and which days make relative claims concrete."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tiaowen.compiler import core as c
from tiaowen.review.difference.outcomes.relative import ELSEWHERE, OUTSIDE

FIRST_DAY = (3, 1)
"""Stays begin on the first of March: ten days within one year, before and after no limit."""
USUAL_YEAR = 2024


def places_of(program: c.Program, other: c.Program) -> dict[str, str]:
    """The divisions that 'own', 'district', 'province' and 'outside' stand for.

    Districts are those that the vocabulary names; of a city without, the city itself and its
    first district's code. 'province' is missing for a municipality.
    """
    region = program.identity.region
    held = _held(region)
    named = sorted(_named(program, held))
    own = named[0] if named else region
    found = {"own": own, "district": next((n for n in named if n != own), f"{region[:4]}02")}
    if not region.endswith("0000"):
        found["province"] = _elsewhere(region)
    provinces = {region[:2], other.identity.region[:2]}
    found["outside"] = next(code for code in OUTSIDE if code[:2] not in provinces)
    return found


def _held(region: str) -> str:
    """The digits that every division of ``region`` begins with."""
    return region[: 2 if region.endswith("0000") else 4 if region.endswith("00") else 6]


def _named(program: c.Program, held: str) -> Iterator[str]:
    """The six-digit divisions in ``held`` that the vocabulary names."""
    for enum in program.enums.values():
        if enum.kind == "prefix":
            codes = (code.rstrip("*") for code in enum.codes.values())
            yield from (c for c in codes if len(c) == 6 and c.startswith(held) and c != held)


def _elsewhere(region: str) -> str:
    code = ELSEWHERE.get(region[:2], f"{region[:2]}0100")
    return code if code[:4] != region[:4] else f"{region[:2]}0200"


def days_of(first: c.Program, second: c.Program, on: date | None) -> tuple[date, date]:
    """The day of admission for each: ``on``, else the first of March of a year in which both are
    in force, else each policy's own. A draft is used on any day."""
    if on is not None:
        return on, on
    years = [year for year in _years(first) if year in set(_years(second))]
    if years:
        day = _day(_preferred(years))
        return day, day
    return _day(_preferred(list(_years(first)))), _day(_preferred(list(_years(second))))


def _years(program: c.Program) -> Iterator[int]:
    """The years in whose March the policy is in force, as far as two decades from now on."""
    identity = program.identity
    for year in range(2000, USUAL_YEAR + 21):
        day = _day(year)
        since, until = identity.in_force, identity.expires
        if (since is None or since <= day) and (until is None or day <= until):
            yield year


def _preferred(years: list[int]) -> int:
    return USUAL_YEAR if USUAL_YEAR in years else min(years, key=lambda y: abs(y - USUAL_YEAR),
                                                      default=USUAL_YEAR)  # fmt: skip


def _day(year: int) -> date:
    return date(year, *FIRST_DAY)
