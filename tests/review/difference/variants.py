"""Real policies with a change made to their text, for comparing them with themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tiaowen.apps.programs import load_program
from tiaowen.compiler.collect import collect
from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_collected
from tiaowen.dsl.literate import Document, read_document
from tiaowen.dsl.source import Source

POLICIES = Path(__file__).parents[3] / "policies"
CHONGQING, LANGFANG = "chongqing/resident-2011.md", "langfang/resident-2024-draft.md"
EMPLOYEE, ZIYANG, JINAN = (
    "chongqing/employee-2011.md",
    "ziyang/employee-2023.md",
    "jinan/basic-2012.md",
)

_BLOCK = re.compile(r"(?ms)^```(tiao|案例|样例)(.*?)^```\n?")


@cache
def program(name: str) -> Program:
    """A policy as it stands."""
    return load_program(POLICIES / name)


@cache
def text(name: str) -> str:
    return (POLICIES / name).read_text(encoding="utf-8")


@cache
def _vocabulary() -> Document:
    return read_document(Source("vocabulary.tiao", text("vocabulary.tiao")))


@cache
def made(changed: str) -> Program:
    """The program of a policy's text, without its cases; its rules are not checked against one
    another nor against the text: that is not what is tested here."""
    bare = _BLOCK.sub(lambda m: m[0] if m[1] == "tiao" else "", changed)
    return _compiled((_vocabulary(), read_document(Source("changed.md", bare))))


@cache
def small(body: str) -> Program:
    """The program of a policy that brings its own fields."""
    front = "---\n政策: 小办法\n地区: 131000\n险种: [390]\n施行: 2024-01-01\n---\n\n"
    return _compiled((read_document(Source("small.md", front + body)),))


def _compiled(documents: tuple[Document, ...]) -> Program:
    return compile_collected(collect(documents), documents, strict=False).demand()


def in_rules(whole: str, change: Callable[[str], str]) -> str:
    """``whole`` with ``change`` made to its rules and none of the regulation's words."""
    return _BLOCK.sub(lambda m: f"```{m[1]}{change(m[2])}```\n", whole)


def called(whole: str, names: dict[str, str]) -> str:
    """``whole`` with quantities called otherwise throughout its rules."""
    word = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, names)) + r")(?!\w)")
    return in_rules(whole, lambda rules: word.sub(lambda m: names[m[1]], rules))


def replaced(whole: str, old: str, new: str) -> str:
    """``whole`` with the one place that reads ``old`` reading ``new``."""
    assert whole.count(old) == 1, f"{whole.count(old)} times: {old}"
    return whole.replace(old, new)


def helpers(found: Program) -> list[str]:
    """The quantities that the policy's own rules define and the vocabulary does not know."""
    fields = set(found.fields) | {f for some in found.collections.values() for f in some.fields}
    outputs = {o.name for m in found.matters.values() for o in m.outputs}
    choices = {choice for reading in found.readings.values() for choice in reading.choices}
    members = {member for enum in found.enums.values() for member in (*enum.codes, *enum.groups)}
    known = fields | outputs | choices | members | set(found.readings) | set(found.enums)
    own = (
        node.quantity
        for node in found.nodes.values()
        if any(a.rule.article and a.value is not None for a in node.alternatives)
    )
    return [name for name in dict.fromkeys(own) if name not in known | {"不予支付"}]
