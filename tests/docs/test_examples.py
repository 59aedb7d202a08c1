"""Every example in the documents is in the language as it is: rules compile, the wrong example of
a code shows the code and its mended one does not, and a page on data names the data's fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import unescape

import attrs
import pytest
from tests.docs.pages import ROOT, Block, blocks, documents, name_of

from tiaowen.apps.docs import format_rules, generated
from tiaowen.compiler.coverage import cover
from tiaowen.compiler.program import Compilation, compile_policy
from tiaowen.dsl.catalogue import codes, entry, example_text
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.dsl.literate import Document, read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.frames import Frame
from tiaowen.engine.interpreter import value_of
from tiaowen.engine.stops import Stopped
from tiaowen.engine.telling import explanation
from tiaowen.review.cases import run_cases

UNREPORTED: set[str] = set()
"""Codes with an example that nothing reports yet: their examples fail until something does."""

WITH_EXAMPLE = [
    pytest.param(code, marks=pytest.mark.xfail(reason="not reported yet"))
    if code in UNREPORTED
    else code
    for code in codes()
    if entry(code).wrong and entry(code).example != "claim"
]
"""Claims as examples are read where claims are tested."""


@cache
def vocabulary() -> Document:
    path = ROOT / "docs" / "examples.tiao"
    return read_document(Source("vocabulary.tiao", path.read_text(encoding="utf-8")))


def compiled(text: str, name: str = "example.md") -> Compilation:
    return compile_policy([vocabulary(), read_document(Source(name, text))])


def errors(compilation: Compilation) -> list[str]:
    return [
        f"{d.code} {dict(d.args)}"
        for d in compilation.diagnostics
        if entry(d.code).severity == "error"
    ]


# --- the pages of the codes


def shown(text: str) -> set[str]:
    """The codes that checking a policy, covering its text and running its cases give."""
    compilation = compiled(text)
    found = [*compilation.diagnostics]
    found += cover(compilation.collected, compilation.documents, compilation.grounding).diagnostics
    if compilation.program is not None:
        for result in run_cases(compilation):
            found += result.diagnostics
            found += stops(result.frame) if result.frame is not None else ()
    return {d.code for d in found}


def stops(frame: Frame) -> Iterator[Diagnostic]:
    """Why quantities of a decision cannot be worked out."""
    for (level, _), identity in frame.matter.final.items():
        try:
            if not level:
                value_of(identity, frame)
        except Stopped as stopped:
            yield from stopped.diagnostics


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_the_wrong_example_of_a_code_shows_it(code: str) -> None:
    assert code in shown(example_text(code, "wrong"))


@pytest.mark.parametrize(
    "code", [c for c in codes() if entry(c).mended and entry(c).example != "claim"]
)
def test_the_mended_example_of_a_code_does_not_show_it(code: str) -> None:
    text = example_text(code, "mended")
    assert errors(compiled(text)) == []
    assert code not in shown(text)


# --- rules and whole policies in the documents

FRONT = "---\n政策: 示例办法\n地区: 131000\n险种: [390]\n施行: 2024-01-01\n---\n"
AROUND = "事项 住院 按 住院结算; 起付标准 = 500元; 支付比例 = 75%"
"""What a block of rules without a context of its own stands under."""


@cache
def national() -> Document:
    path = ROOT / "policies" / "vocabulary.tiao"
    return read_document(Source("vocabulary.tiao", path.read_text(encoding="utf-8")))


def in_context(block: Block) -> Compilation:
    """A block compiled as its page means it: below the statements of its context, in a policy
    that uses the national vocabulary; in the context ``vocabulary``, as a vocabulary itself."""
    if block.context == "vocabulary":
        matter = "```tiao\n事项 住院 按 住院结算\n```\n"
        return compile_policy([
            read_document(Source("words.tiao", block.text)),
            read_document(Source("policy.md", FRONT + matter)),
        ])  # fmt: skip
    text = block.text
    if not text.startswith("---"):
        before = AROUND if block.context is None else block.context
        statements = "\n".join(part.strip() for part in before.split(";"))
        text = f"{FRONT}```tiao\n{statements}\n{text}```\n"
    return compile_policy([national(), read_document(Source("example.md", text))])


EXAMPLES = [
    pytest.param(block, id=f"{name_of(path)}:{block.line}")
    for path in documents()
    for block in blocks(path)
    if not block.title and (block.kind == "tiao" or block.text.startswith("---\n政策"))
]


@pytest.mark.parametrize("block", EXAMPLES)
def test_rules_in_the_documents_compile(block: Block) -> None:
    assert errors(in_context(block)) == []


@pytest.mark.parametrize("path", sorted(generated()))
def test_generated_pages_hold_no_unfilled_words(path: str) -> None:
    prose = re.sub(r"^````.*?^````", "", generated()[path], flags=re.M | re.S)
    assert re.findall(r"\{\w+\}|\[\[|\]\]", re.sub(r"`[^`]*`", "", prose)) == []


# --- the page on explanations

RECORDS = {
    record.__name__: {attribute.name for attribute in attrs.fields(record)}
    for record in vars(explanation).values()
    if isinstance(record, type) and record.__module__ == explanation.__name__
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_on_explanations_names_every_field(lang: str) -> None:
    text = (ROOT / "docs" / lang / "explanation.md").read_text(encoding="utf-8")
    for name, fields in RECORDS.items():
        section = re.search(
            rf"^(?:## {name}$|\*\*{name}\*\*)(.*?)(?=^## |^\*\*|\Z)", text, re.M | re.S
        )
        assert section is not None, name
        assert fields <= set(re.findall(r"`(\w+)`", section[1])), name


def test_the_page_on_explanations_names_every_form() -> None:
    forms = set(re.findall(r"'(\w+)'", (explanation.Term.__doc__ or "").replace("``", "")))
    for lang in ("zh", "en"):
        text = (ROOT / "docs" / lang / "explanation.md").read_text(encoding="utf-8")
        assert forms <= set(re.findall(r"`(\w+)`", text))


def test_rules_are_shown_as_they_are_written() -> None:
    source = '起付线 减 200元  当 "甲" < 5%  # 当\n'
    shown = format_rules(source)
    assert unescape(re.sub(r"<[^>]+>", "", shown)) == source
    assert re.findall(r'class="k">(.*?)<', shown) == ["减", "当"]
