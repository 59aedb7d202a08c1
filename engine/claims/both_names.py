"""Both names of a field in what the reader of JSON found.

``read_json`` knows no vocabulary: it names a number it refuses by the key as written. Once the
program is known, the same findings can name the field as all others do, in Chinese and by its
national code.
"""

from __future__ import annotations

import re

from attrs import evolve

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Diagnostic, Rejected
from tiaowen.engine.claims.layout import Slot, layout_of, spelt

_OF_A_KEY = frozenset(("TW0602", "TW0604", "TW0610"))
_INSIDE = re.compile(r"\[\d+\]\.[^.\[\]]+$")


def both_names(rejected: Rejected, program: Program) -> Rejected:
    """``rejected`` of ``read_json`` with the fields of ``program`` under both their names."""
    return Rejected([_named(d, program) for d in rejected.diagnostics])


def _named(found: Diagnostic, program: Program) -> Diagnostic:
    before, _, key = found.place.rpartition(".")
    slot = _slot(found.place, key, program) if found.code in _OF_A_KEY else None
    if slot is None:
        return found
    place = f"{before}.{slot.label}" if before else slot.label
    return evolve(found, place=place, args={**found.args, "name": slot.name, "code": slot.code})


def _slot(place: str, key: str, program: Program) -> Slot | None:
    layout = layout_of(program)
    known = [layout.fields] if not _INSIDE.search(place) else list(layout.elements.values())
    for slots in known:
        if (name := spelt(key, slots)) in slots:
            return slots[name]
    return None
