"""The editors' grammars (TextMate) made from the tables of keywords and units.

Editors colour by patterns, not by the grammar; so that they know the same words, the patterns
are made from the same files, and a test keeps the committed results up to date: one grammar of
the language, and one that finds its blocks in Markdown. ``python -m tiaowen.dsl.editor_syntax``
prints them all, ``… NAME`` one.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from typing import Any

from tiaowen.dsl.keywords import SCRIPTS, keywords
from tiaowen.dsl.tables import tables

LANGUAGE = "source.tiaowen"

SCOPES: dict[str, tuple[str, ...]] = {
    "keyword.declaration": (
        "matter", "applies", "all", "interface", "about", "enum", "group", "scale", "field",
        "collection", "shorthand", "table", "parameter", "delegated", "keyed", "range", "reading",
        "default",
    ),
    "keyword.other.clause": ("when", "basis", "after", "sentence", "derive", "english"),
    "keyword.operator.amendment": (
        "add", "subtract", "multiply", "raise", "lower", "step_up", "step_down", "at_least",
        "at_most", "set_to",
    ),
    "keyword.control.rule": (
        "each_line", "each", "exclude", "duty", "stop", "set_aside", "property", "under",
        "settle", "counted", "with", "part", "spread", "over", "total",
    ),
    "keyword.operator.logical": ("or", "and", "not", "in"),
    "keyword.control.conditional": ("if", "then", "else"),
    "constant.language": ("yes", "no"),
    "keyword.control.case": (
        "based", "given", "earlier", "expect", "expect_stop", "expect_note", "expect_refusal",
    ),
}  # fmt: skip
"""What an editor calls a keyword -> the keywords."""


def editor_files() -> dict[str, str]:
    """Name in the grammar's folder ``editors`` -> JSON text with a line end."""
    made = {"tiaowen.tmLanguage.json": _language(), "tiaowen-markdown.tmLanguage.json": _fences()}
    return {
        name: json.dumps(grammar, ensure_ascii=False, indent=2) + "\n"
        for name, grammar in made.items()
    }


def _language() -> dict[str, Any]:
    words = [
        _pattern(scope, rf"(?<!\w)(?:{_any_of(names)})(?!\w)") for scope, names in SCOPES.items()
    ]
    patterns = [
        _pattern("comment.line.number-sign", "[#＃].*$"),
        _pattern("string.quoted", '“[^”]*”|「[^」]*」|["＂][^"＂]*["＂]'),
        _pattern("constant.other.date", tables().patterns["DATE"]),
        _pattern("constant.numeric", r"(?<!\w)" + tables().patterns["NUMBER"]),
        *words,
        _pattern("keyword.operator", "[+\\-−×÷*/＋－＊／=＝≠<>＜＞≤≥～~]|!=|<=|>=|<>"),
        _pattern("punctuation.separator.table", "[|｜]"),
    ]
    return {
        "name": "Tiaowen",
        "scopeName": LANGUAGE,
        "fileTypes": ["tiao"],
        "patterns": patterns,
    }


def _fences() -> dict[str, Any]:
    """Blocks of Markdown, by the first word after the fence."""
    from tiaowen.dsl.literate import KINDS

    kinds = "|".join(sorted(KINDS))
    inside = {
        "begin": r"(^|\G)(\s*)(.*)",
        "while": r"(^|\G)(?!\s*([`~]{3,})\s*$)",
        "contentName": "meta.embedded.block.tiaowen",
        "patterns": [{"include": LANGUAGE}],
    }
    block = {
        "name": "markup.fenced_code.block.markdown",
        "begin": rf"(^|\G)(\s*)(`{{3,}}|~{{3,}})\s*(?i:(?:{kinds})(?:\s[^`~]*)?)$",
        "end": r"(^|\G)(\2|\s{0,3})(\3)\s*$",
        "patterns": [inside],
    }
    return {
        "name": "Tiaowen in Markdown",
        "scopeName": "markdown.tiaowen.codeblock",
        "injectionSelector": "L:text.html.markdown",
        "patterns": [block],
    }


def _pattern(scope: str, match: str) -> dict[str, str]:
    return {"name": f"{scope}.tiaowen", "match": match}


def _any_of(names: Iterable[str]) -> str:
    spelt = {w for name in names for script in SCRIPTS for w in keywords()[name][script]}
    ordered = sorted(spelt, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace("\\ ", " +") for word in ordered)


if __name__ == "__main__":
    for name, text in editor_files().items():
        if name in (sys.argv[1:] or editor_files()):
            print(text, end="")
