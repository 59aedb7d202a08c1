"""Which matter a claim is of, by the conditions the matters state."""

from __future__ import annotations

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.engine.decision import open_frame
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Claim, Reader
from tiaowen.engine.stops import Stopped


def matter_of(claim: Claim, program: c.Program, place: str = "") -> str | Diagnostic:
    """The matter whose condition holds for ``claim``; one without a condition is for claims of
    no other. A diagnostic where several may fit (TW0619) or none does (TW0620)."""
    fits = {name: holds(claim, program, name) for name in program.matters}
    conditional = [n for n in fits if program.matters[n].condition is not None]
    chosen = [n for n in conditional if fits[n] is not False] or [
        n for n in fits if n not in conditional
    ]
    if len(chosen) == 1 and fits[chosen[0]]:
        return chosen[0]
    return diagnose("TW0619" if chosen else "TW0620", place=place, matters=chosen or list(fits))


def holds(claim: Claim, program: c.Program, name: str) -> bool | None:
    """Whether ``claim`` is of matter ``name``; None where the facts do not tell."""
    matter = program.matters[name]
    if matter.condition is None:
        return True
    frame = open_frame(program, evolve(claim, matter=name))
    try:
        return bool(evaluate(matter.condition, Reader(frame)))
    except Stopped:
        return None
