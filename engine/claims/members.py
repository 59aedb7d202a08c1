"""Members of enumerations as claims write them: labels, codes, and codes with more digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tiaowen.compiler import values as v
from tiaowen.compiler.core import EnumInfo, Program, Value
from tiaowen.compiler.types import Type
from tiaowen.engine.claims.misfit import Misfit, kind_of, unknown_member, wrong_type

DIVISION = "区划"
_DIVISION_CODE = re.compile(r"[1-9][0-9]{5}")


def _written(raw: Any, info: EnumInfo) -> str:
    """A code or label as text; a code may have been exported as a whole number."""
    if (
        isinstance(raw, bool)
        or not isinstance(raw, str | int)
        or (isinstance(raw, int) and raw.bit_length() > 64)
    ):
        raise wrong_type(raw, Type(info.name, info.kind))
    text = v.normalized(str(raw))
    if len(text) > v.LONGEST_TEXT:
        raise unknown_member(text, info.codes)
    return text


def enumerated(info: EnumInfo, program: Program) -> Callable[[Any], Value]:
    """Labels and codes to labels; a level's steps and the members of the enumeration below."""
    codes: dict[str, str] = dict.fromkeys(info.steps, "") | dict(info.codes)
    if info.base and info.base in program.enums:
        codes |= program.enums[info.base].codes
    known = {v.normalized(name): name for name in codes}
    known |= {code: name for name, code in codes.items() if code}

    def convert(raw: Any) -> Value:
        found = known.get(raw) if isinstance(raw, str) else None
        if found is None:
            text = _written(raw, info)
            found = known.get(text)
            if found is None:
                raise unknown_member(text, codes)
        return found

    return convert


def divided(info: EnumInfo) -> Callable[[Any], Value]:
    """A prefix enumeration keeps the code itself; a label stands for its own prefix.

    Divisions are six digits, any that exist: a regulation names only some of them.
    """
    prefixes = tuple(info.codes.values())
    known = {v.normalized(name): code for name, code in info.codes.items()}
    division = info.name == DIVISION

    def convert(raw: Any) -> Value:
        text = _written(raw, info)
        code = known.get(text)
        if code is not None:
            return code.ljust(6, "0") if division else code
        if division:
            if not _DIVISION_CODE.fullmatch(text):
                raise Misfit(
                    "TW0604",
                    found=kind_of(raw),
                    example='"131000"',
                    expected={"zh": "六位区划代码", "en": "a division code of six digits"},
                )
        elif not (text.isascii() and text.isalnum() and text.startswith(prefixes)):
            raise unknown_member(text, dict(info.codes))
        return text

    return convert
