"""Readings chosen on a command line or in a file: ``转院连续=同日``."""

from __future__ import annotations

from collections.abc import Iterable

from tiaowen.compiler.core import Program
from tiaowen.compiler.spelling import nearest
from tiaowen.compiler.values import normalized
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose


def read_readings(given: Iterable[str], program: Program) -> dict[str, str]:
    """Reading to value, for those chosen; a full-width ＝ is one too.

    Raises ``Rejected`` with all that is wrong: TW0512 for an unknown reading or value, TW0617
    for a reading chosen twice with different values.
    """
    chosen: dict[str, str] = {}
    found: list[Diagnostic] = []
    declared = {normalized(name): info for name, info in program.readings.items()}
    for text in given:
        name, _, value = (part.strip() for part in normalized(text).partition("="))
        info = declared.get(name)
        choices = {normalized(choice): choice for choice in info.choices} if info else {}
        if info is None:
            known = list(program.readings)
            found.append(
                diagnose(
                    "TW0512",
                    place=text,
                    name=name,
                    value=value,
                    nearest=nearest(name, known),
                    values=known,
                )
            )
        elif value not in choices:
            found.append(
                diagnose(
                    "TW0512",
                    place=text,
                    name=name,
                    value=value or {"zh": "（未写取值）", "en": "(no value)"},
                    nearest=nearest(value, info.choices),
                    values=info.choices,
                )
            )
        elif chosen.setdefault(info.name, choices[value]) != choices[value]:
            found.append(
                diagnose("TW0617", place=text, name=name, first=chosen[info.name], second=value)
            )
    if found:
        raise Rejected(found)
    return chosen
