"""A failed parse, said in words of the domain, with the spelling that was meant.

The likeliest cause is looked for first: a bracket or quotation left open, a keyword with a
slip in it, words typed without spaces, a keyword used as a name. Only what is none of these
is told as what stands there and what could.
"""

from __future__ import annotations

from tiaowen.dsl.diagnostics import Diagnostic, Fix, diagnose
from tiaowen.dsl.expectations import expected, found, reserved
from tiaowen.dsl.keywords import spellings
from tiaowen.dsl.lalr import STRANGE, Lexer, SyntaxFailure, Token
from tiaowen.dsl.repairs import Edit, repair
from tiaowen.dsl.source import Span
from tiaowen.dsl.tables import END

_CLOSING = {"(": ")", "{": "}", "（": "）", "｛": "｝", '"': '"', "“": "”", "「": "」", "＂": "＂"}


def explain_syntax_error(
    failure: SyntaxFailure, lexer: Lexer, span: Span, kind: str, propose: bool = True
) -> Diagnostic:
    """The diagnostic of ``failure`` in the statement at ``span``, parsed from ``kind``.

    Without ``propose`` no time is spent on looking for what was meant.
    """
    text = lexer.read(span.start, span.end)
    accepted = failure.accepted()
    left_open = _quotation(failure.token, span) or _bracket(failure, text, span, accepted)
    if left_open:
        return left_open
    edit = repair(text, kind, failure, span.start) if propose else None
    if edit is not None:
        return _proposal(edit, span)
    where = _where(failure.token, span)
    return diagnose("TW0101", where, label="here", found=found(failure.token, where.text),
                    expected=expected(accepted))  # fmt: skip


def _where(token: Token, span: Span) -> Span:
    """The token's place; a row begins at its bar, not at the line end before it."""
    start = token.end - 1 if token.type == "ROW_START" else token.start
    return Span(span.source, min(start, span.end), min(token.end, span.end))


def _quotation(token: Token, span: Span) -> Diagnostic | None:
    if token.type != STRANGE or token.text != '"':
        return None
    where = _where(token, span)
    return diagnose("TW0103", where, label="here", opening=where.text,
                    closing=_CLOSING.get(where.text, where.text))  # fmt: skip


def _bracket(
    failure: SyntaxFailure, text: str, span: Span, accepted: set[str]
) -> Diagnostic | None:
    """The innermost bracket open where the parse stopped, if it could have been closed there."""
    if not accepted & {"RPAR", "RBRACE"}:
        return None
    at = failure.token.start - span.start
    opened: list[int] = []
    for place, sign in enumerate(text[:at]):
        if sign in "({":
            opened.append(place)
        elif sign in ")}" and opened:
            opened.pop()
    if not opened or _closed_later(text, at, len(opened)):
        return None
    where = Span(span.source, span.start + opened[-1], span.start + opened[-1] + 1)
    closing = _CLOSING[where.text]
    behind = failure.previous.end if failure.previous else where.end
    return diagnose("TW0103", where, label="here", opening=where.text, closing=closing,
                    fix=Fix(Span(span.source, behind, behind), closing))  # fmt: skip


def _closed_later(text: str, at: int, depth: int) -> bool:
    """Whether ``depth`` open brackets are all closed after ``at``."""
    for sign in text[at:]:
        if sign in "({":
            depth += 1
        elif sign in ")}":
            depth -= 1
            if depth == 0:
                return True
    return False


def _proposal(edit: Edit, span: Span) -> Diagnostic:
    where = Span(span.source, span.start + edit.start, span.start + edit.end)
    if edit.kind == "reserved":
        name = spellings()[" ".join(where.text.split())]
        return diagnose("TW0101", where, label="here", found=where.text,
                        expected=reserved(where.text, name))  # fmt: skip
    if edit.kind == "stray":
        return diagnose("TW0101", where, label="here", found=where.text, expected=expected({END}),
                        fix=Fix(where, ""))  # fmt: skip
    if edit.kind == "glued":
        return diagnose("TW0102", where, label="here", text=where.text, proposal=edit.replacement,
                        fix=Fix(where, edit.replacement))  # fmt: skip
    fix = Fix(where, edit.replacement) if len(edit.words) == 1 else None
    return diagnose("TW0104", where, label="here", word=where.text, nearest=_alternatives(edit),
                    fix=fix)  # fmt: skip


def _alternatives(edit: Edit) -> str | dict[str, str]:
    """The keywords meant; the message puts the quotation marks around them all."""
    if len(edit.words) == 1:
        return edit.replacement
    return {"zh": "”或“".join(edit.words), "en": "” or “".join(edit.words)}
