"""Earlier stays that a settlement may have counted and the person's history lacks.

Nothing is known of such a stay, so two are supposed that between them stand for most: one like
the present stay, some weeks before; and an unknown one of which only what the funds had paid by
then matters, an amount that is worked out from the charged figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeAlias

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Program, Value
from tiaowen.compiler.moments import as_date
from tiaowen.engine.claims.roles import Roles, named
from tiaowen.engine.frames import Claim
from tiaowen.engine.history.earlier import EarlierClaim, Opening
from tiaowen.engine.reach import reached
from tiaowen.review.reconciliation.records import AddedItem

WEEKS_BEFORE = timedelta(days=42)
"""How long before its admission the supposed stay ended; less where the year is younger."""

SUPPOSED = "x-supposed"
"""The number of a supposed encounter."""

_GRADES = ("02", "05", "08")
"""A hospital of each level, by the national codes of hosp_lv."""

LARGEST = 10**11
"""What the funds can have paid in a year, in 分: far more than any limit."""


def like_this_one(claim: Claim, program: Program) -> Iterator[AddedItem]:
    """Stays like that of ``claim``, in the same year before it, one at each level of hospital."""
    roles = Roles.of(program)
    begin, end = claim.fields.get(roles.admission), claim.fields.get(roles.discharge)
    if not isinstance(begin, date) or not isinstance(end, date):
        return
    length = as_date(end) - as_date(begin)
    room = as_date(begin) - date(as_date(end).year, 1, 1) - length
    if room.days < 2:
        return
    back = length + min(WEEKS_BEFORE, room - timedelta(days=1))
    grade = named(program.fields, "hosp_lv")
    own = claim.fields.get(grade) if grade else None
    levels = program.enums[program.fields[grade].type.name].codes if grade else {}
    others = [name for name, code in levels.items() if code in _GRADES and name != own]
    for level in [None, *others] if own is not None else [None]:
        made = _moved(claim, back, program, roles)
        fields = {**made.fields, **({grade: level} if level else {})}
        yield AddedItem(EarlierClaim(evolve(made, fields=fields)))


def _moved(claim: Claim, back: timedelta, program: Program, roles: Roles) -> Claim:
    """``claim`` moved back in time, as another encounter."""
    birth = named(program.fields, "brdy")
    linked = named(program.fields, "refl_old_mdtrt_id")
    fields = {n: v if n == birth else _earlier(v, back) for n, v in claim.fields.items()}
    for name in (roles.settlement, linked):
        fields.pop(name, None)
    if roles.encounter in fields:
        fields[roles.encounter] = SUPPOSED
    collections = {
        name: tuple({n: _earlier(v, back) for n, v in record.items()} for record in records)
        for name, records in claim.collections.items()
    }
    return evolve(claim, fields=fields, collections=collections)


def _earlier(value: Value, back: timedelta) -> Value:
    return value - back if isinstance(value, date | datetime) else value


# --- an unknown stay


def folded(program: Program, matter: str) -> tuple[str, ...]:
    """The amounts of earlier decisions that those of ``matter`` add up or compare."""
    found: dict[str, None] = {}
    for part in reached(program, matter):
        if isinstance(part, c.History) and part.kind in ("sum", "max"):
            for body in part.bodies.values():
                if isinstance(body, c.Ref | c.Field):
                    found[body.quantity if isinstance(body, c.Ref) else body.name] = None
    return tuple(found)


Sign: TypeAlias = Callable[[AddedItem], int]
"""Says of an item whether it leaves too much paid (1), too little (-1), or what was charged."""


def unknown_stays(program: Program, claim: Claim, year: int,
                  towards: Callable[[AddedItem], Sign]) -> Iterator[AddedItem]:  # fmt: skip
    """Totals of the year that stand for what the history lacks, with a stay counted and without.

    For each amount that decisions look back on, the figure at which a sign is 0. ``towards``
    gives the signs for items that differ from the one it is told in an amount.
    """
    names = folded(program, claim.matter)
    for counts in ({}, {claim.matter: 1}):
        nothing = dict.fromkeys(names, 0)
        empty = AddedItem(Opening(year, nothing, counts))
        if counts:
            yield empty
        sign = towards(empty)
        for name in names:
            found = _solved(partial(_total, year, nothing, counts, name), sign)
            if found is not None:
                yield found


def _total(year: int, nothing: Mapping[str, Value], counts: Mapping[str, int], name: str,
           amount: int) -> AddedItem:  # fmt: skip
    return AddedItem(Opening(year, {**nothing, name: amount}, counts))


def _solved(item: Callable[[int], AddedItem], agrees: Sign) -> AddedItem | None:
    """The item of the amount at which ``agrees`` says 0; None where none is or all are alike."""
    low, high = 1, LARGEST
    if agrees(item(low)) == agrees(item(high)):
        return None
    while low <= high:
        middle = (low + high) // 2
        sign = agrees(item(middle))
        if sign == 0:
            return item(middle)
        low, high = (middle + 1, high) if sign > 0 else (low, middle - 1)
    return None
