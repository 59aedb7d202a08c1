"""A failed parse, said in words of the domain, with the spelling that was meant."""

from __future__ import annotations

import difflib
import re

from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from tiaowen.dsl.diagnostics import Diagnostic, Fix, diagnose
from tiaowen.dsl.keywords import keywords, spelling
from tiaowen.dsl.source import Span


def explain_syntax_error(error: UnexpectedInput, text: str, span: Span) -> Diagnostic:
    """The diagnostic of ``error`` in a statement's ``text``; ``span`` is the statement's."""
    at = _place(error, text)
    where = Span(span.source, span.start + at[0], span.start + max(at[1], at[0]))
    found = text[at[0] : at[1]] or {"zh": "语句结束", "en": "the end of the statement"}
    return diagnose("TW0101", where, found=found, expected=_expected(error))


def _place(error: UnexpectedInput, text: str) -> tuple[int, int]:
    if isinstance(error, UnexpectedEOF):
        return len(text), len(text)
    if isinstance(error, UnexpectedToken):
        token = error.token
        if token.type == "$END" or token.start_pos is None:
            return len(text.rstrip()), len(text.rstrip())
        return token.start_pos, token.end_pos or token.start_pos + 1
    assert isinstance(error, UnexpectedCharacters)
    return error.pos_in_stream or 0, (error.pos_in_stream or 0) + 1


def _expected(error: UnexpectedInput) -> dict[str, str]:
    accepted = getattr(error, "accepts", None) or getattr(error, "allowed", None) or set()
    names = sorted(n[3:].lower() for n in accepted if n.startswith("KW_"))
    return {
        "zh": "、".join(spelling(n, "zh") for n in names if n in keywords()) or "另一种写法",
        "en": ", ".join(spelling(n, "en") for n in names if n in keywords()) or "another form",
    }
