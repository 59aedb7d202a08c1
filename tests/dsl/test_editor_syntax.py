"""The editors know the keywords the parser knows."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from tiaowen.dsl.editor_syntax import SCOPES, editor_files
from tiaowen.dsl.keywords import keywords, spellings, units

GRAMMAR = json.loads(editor_files()["tiaowen.tmLanguage.json"])


def scope_of(text: str) -> str:
    """The scope an editor gives the first thing in ``text``."""
    found = [
        (match.start(), place, pattern["name"])
        for place, pattern in enumerate(GRAMMAR["patterns"])
        if (match := re.search(pattern["match"], text))
    ]
    return min(found)[2] if found else ""


@pytest.mark.parametrize("name", sorted(editor_files()))
def test_the_committed_file_is_up_to_date(name: str) -> None:
    committed = files("tiaowen.grammar").joinpath("editors", name).read_text(encoding="utf-8")
    made = f"python -m tiaowen.dsl.editor_syntax {name} > grammar/editors/{name}"
    assert committed == editor_files()[name], made


def test_blocks_are_found_in_markdown() -> None:
    (block,) = json.loads(editor_files()["tiaowen-markdown.tmLanguage.json"])["patterns"]
    begin = re.compile(block["begin"].replace(r"(^|\G)", "(^)").replace(r"(?i:", "(?:"))
    assert begin.match("```tiao")
    assert begin.match("~~~案例 二级医院住院")
    assert not begin.match("```python")
    assert not begin.match("```tiaowen")


def test_every_keyword_has_one_scope() -> None:
    named = [name for names in SCOPES.values() for name in names]
    assert sorted(named) == sorted(keywords())


@pytest.mark.parametrize("word", sorted(spellings()))
def test_every_spelling_is_coloured(word: str) -> None:
    scope = next(scope for scope, names in SCOPES.items() if spellings()[word] in names)
    assert scope_of(f"{word} 住院") == f"{scope}.tiaowen"
    assert scope_of(f"某{word}某") == ""


def test_literals_and_comments() -> None:
    for words in units().values():
        for word in words:
            assert scope_of(f"3{word}") == "constant.numeric.tiaowen"
    assert scope_of("2024-01-31") == "constant.other.date.tiaowen"
    assert scope_of("“起付线 减 200元”") == "string.quoted.tiaowen"
    assert scope_of("# 起付线 减 200元") == "comment.line.number-sign.tiaowen"
