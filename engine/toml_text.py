"""TOML as users bring it: Chinese names may stand without quotation marks.

TOML allows bare keys of ASCII only; nobody who writes 起付标准 = "500元" expects that. Every bare
word that is not ASCII is quoted before reading, and places are told in the text as written.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import Any

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.dsl.source import Source, Span

MOST_CHARACTERS = 2**20

_WORD = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[^\s"\'#=\[\]{}.,]+',
    re.DOTALL,
)
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate")
_PROBLEMS = {
    "Invalid value": (
        "此处不是值；带单位的值写在引号里",
        "there is no value here; a value with a unit stands in quotes",
    ),
    "Invalid statement": ("此处应为名称", "a name is expected here"),
    "Expected '=' after a key": ("名称之后应为等号", "an equals sign is expected after the name"),
    "Expected newline or end": (
        "一行只写一个值，带单位的值写在引号里",
        "one value a line; a value with a unit stands in quotes",
    ),
    "Unterminated string": ("引号没有合上", "the quotation mark is not closed"),
    "Illegal character": (
        "引号内有换行或控制字符",
        "a line end or control character stands inside quotes",
    ),
    "Expected ']'": ("方括号没有合上", "the square bracket is not closed"),
}
_OTHER = ("写法有误", "it is not written as TOML is")


def read_toml(text: str, name: str) -> dict[str, Any]:
    """The table that ``text`` holds, decimals exact. ``name`` is what the user calls the file.

    Raises ``Rejected``: TW0624 with line and column, TW0514 for a name given twice, TW0614
    (empty), TW0616 (too large).
    """
    whole = Span(Source(name, ""), 0, 0)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.strip():
        raise Rejected([diagnose("TW0614", whole)])
    if len(text) > MOST_CHARACTERS:
        raise Rejected(
            [
                diagnose(
                    "TW0616",
                    whole,
                    what={"zh": "文件", "en": "the file"},
                    size=f"{len(text):,}",
                    limit=f"{MOST_CHARACTERS:,}",
                )
            ]
        )
    added: list[int] = []
    quoted = _WORD.sub(lambda match: _quoted(match, added), text)
    try:
        return tomllib.loads(quoted, parse_float=Decimal)
    except RecursionError:
        raise Rejected(
            [
                diagnose(
                    "TW0616",
                    whole,
                    what={"zh": "嵌套", "en": "the nesting"},
                    size={"zh": "太多层", "en": "too many levels"},
                    limit="32",
                )
            ]
        ) from None
    except ValueError as error:
        raise _refused(str(error), text, quoted, added, name) from None


def _quoted(match: re.Match[str], added: list[int]) -> str:
    """A bare word that is not ASCII, in quotes; ``added`` notes where quotes were put."""
    word = match[0]
    if word.isascii() or word[0] in "\"'#":
        return word
    added += [match.start(), match.end()]
    return f'"{word}"'


def _refused(complaint: str, text: str, quoted: str, added: list[int], name: str) -> Rejected:
    source = Source(name, text)
    at = len(text.rstrip())
    if found := _AT.search(complaint):
        line, column = int(found[1]), int(found[2])
        place = Source(name, quoted).line_starts[line - 1] + column - 1
        at = place
        for count, original in enumerate(added):
            if original + count < place:
                at = max(original, place - count - 1)
    span = Span(source, at, min(at + 1, len(text)))
    if complaint.startswith(_TWICE):
        line_text = source.line_text(source.line_of(max(0, at - 1)))
        key = line_text.partition("=")[0].strip(" []\"'") or line_text.strip()
        return Rejected(
            [
                diagnose(
                    "TW0514", span, name=key, problem={"zh": "给了两次", "en": "it is given twice"}
                )
            ]
        )
    problem = next(
        (words for start, words in _PROBLEMS.items() if complaint.startswith(start)), _OTHER
    )
    return Rejected(
        [
            diagnose(
                "TW0624",
                span,
                line=span.line,
                column=span.column,
                problem=dict(zip(("zh", "en"), problem, strict=True)),
            )
        ]
    )
