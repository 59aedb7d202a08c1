"""The wrong and mended examples of the codes are whole files in the language as it parses."""

from __future__ import annotations

import json
import re

import pytest

from tiaowen.dsl import catalogue
from tiaowen.dsl.catalogue import codes, entry
from tiaowen.dsl.parser import Start, parse_block
from tiaowen.dsl.source import Source

FENCE = re.compile(r"^```(tiao|案例|样例)[^\n]*\n(.*?)(?:^```|\Z)", re.MULTILINE | re.DOTALL)


def test_policy_examples_are_whole_files() -> None:
    for code in codes():
        for which in ("wrong", "mended"):
            text = catalogue.example_text(code, which)
            if text and entry(code).example != "claim":
                assert text.startswith("---\n政策: "), code


@pytest.mark.parametrize("code", [c for c in codes() if entry(c).example != "claim"])
def test_mended_examples_parse(code: str) -> None:
    source = Source(f"{code}.md", catalogue.example_text(code, "mended"))
    for block in FENCE.finditer(source.text):
        kind: Start = "rule_statement" if block[1] == "tiao" else "case_statement"
        parsed = parse_block(source, block.start(2), block.end(2), kind)
        assert parsed.lines
        assert not parsed.diagnostics


@pytest.mark.parametrize("code", ["TW0101", "TW0105", "TW0106", "TW0113"])
def test_wrong_examples_of_the_grammar_give_their_code(code: str) -> None:
    source = Source(f"{code}.md", catalogue.example_text(code, "wrong"))
    found = [
        diagnostic.code
        for block in FENCE.finditer(source.text)
        for diagnostic in parse_block(source, block.start(2), block.end(2)).diagnostics
    ]
    assert found == [code]


def test_claim_examples_are_json_once_mended() -> None:
    for code in codes():
        if entry(code).example == "claim" and entry(code).mended:
            assert isinstance(json.loads(catalogue.example_text(code, "mended")), dict)
