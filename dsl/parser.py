"""Text of a rule block to statements.

A statement begins at a block's left margin and goes on over indented lines and table rows.
Statements are parsed one by one, so an error in one never hides the next. The parse tables
are cached between runs.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from attrs import frozen
from lark import Lark
from lark.exceptions import UnexpectedInput

from tiaowen.dsl.builder import build
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.keywords import terminals
from tiaowen.dsl.normal import halfwidth
from tiaowen.dsl.source import Source, Span
from tiaowen.dsl.syntax_errors import explain_syntax_error
from tiaowen.dsl.tree import Line

Start = Literal["rule_statement", "case_statement"]

MAX_DEPTH = 60
"""Brackets and conditions within one another beyond which a statement is refused."""

MAX_STATEMENT = 200_000
"""Characters of one statement beyond which it is refused."""


@frozen
class Parsed:
    """What one block says: its statements and what is wrong with the others."""

    lines: tuple[Line, ...]
    diagnostics: tuple[Diagnostic, ...]


@frozen
class Chunk:
    """One statement's text: ``start`` and ``end`` are offsets in the source."""

    start: int
    end: int
    before: tuple[str, ...]
    trailing: tuple[tuple[int, str], ...]


@cache
def grammar() -> str:
    """The whole grammar as Lark source: the file and the keyword terminals."""
    text = files("tiaowen.grammar").joinpath("tiaowen.lark").read_text(encoding="utf-8")
    return f"{text}\n{terminals()}\n"


@cache
def _lark() -> Lark:
    options = {
        "parser": "lalr",
        "lexer": "contextual",
        "start": ["rule_statement", "case_statement"],
        "propagate_positions": True,
        "maybe_placeholders": False,
    }
    cache_file = _cache_file()
    return Lark(grammar(), cache=str(cache_file) if cache_file else False, **options)  # type: ignore[arg-type]


def _cache_file() -> Path | None:
    """Where the parse tables are kept; None where no cache can be written."""
    from hashlib import sha256

    from platformdirs import user_cache_path

    key = sha256(grammar().encode()).hexdigest()[:16]
    folder = Path(os.environ.get("TIAOWEN_CACHE") or user_cache_path("tiaowen"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / f"grammar-{key}.lark" if os.access(folder, os.W_OK) else None


def parse_block(source: Source, start: int, end: int, kind: Start = "rule_statement") -> Parsed:
    """Parse the block at ``[start, end)`` of ``source``; all its errors are reported."""
    raw, chunks = _chunks(source.text, start, end)
    text = halfwidth(raw)
    lines: list[Line] = []
    diagnostics: list[Diagnostic] = []
    for chunk in chunks:
        result = _parse_chunk(source, text[chunk.start - start : chunk.end - start], chunk, kind)
        if isinstance(result, Line):
            lines.append(result)
        else:
            diagnostics.extend(result)
    return Parsed(tuple(lines), tuple(diagnostics))


def _parse_chunk(source: Source, text: str, chunk: Chunk, kind: Start) -> Line | list[Diagnostic]:
    span = Span(source, chunk.start, chunk.end)
    refused = _refusal(text, span)
    if refused:
        return [refused]
    try:
        parse_tree = _lark().parse(text, start=kind)
    except UnexpectedInput as error:
        return [explain_syntax_error(error, text, span)]
    built = build(parse_tree, source, chunk.start)
    if isinstance(built, list):
        return built
    return Line(built, chunk.before, chunk.trailing)


def _refusal(text: str, span: Span) -> Diagnostic | None:
    """Why a statement is too large or too deep to parse, if it is."""
    if len(text) > MAX_STATEMENT:
        return diagnose("TW0107", span, size=len(text), most=MAX_STATEMENT)
    depth = deepest = 0
    for char in text:
        if char in "({":
            depth += 1
            deepest = max(deepest, depth)
        elif char in ")}":
            depth -= 1
    nested = max(deepest, text.count("若") + text.count("if "), _longest_chain(text))
    if nested > MAX_DEPTH:
        return diagnose("TW0105", span, depth=nested, most=MAX_DEPTH)
    return None


def _longest_chain(text: str) -> int:
    """How many operators stand in one expression of a line; a chain nests as brackets do."""
    longest = 0
    for line in text.split("\n"):
        chain = sum(line.count(sign) for sign in "+-×*÷/") + line.count("非 ") + line.count("not ")
        chain += line.count(" 且 ") + line.count(" 或 ")
        longest = max(longest, chain // 4)
    return longest


def _chunks(text: str, start: int, end: int) -> tuple[str, list[Chunk]]:
    """The block with its comments blanked, and where its statements stand."""
    blanked: list[str] = []
    chunks: list[Chunk] = []
    before: list[str] = []
    trailing: list[tuple[int, str]] = []
    first = last = -1
    number = 0

    def close() -> None:
        nonlocal first, before, trailing
        if first >= 0:
            chunks.append(Chunk(first, last, tuple(before), tuple(trailing)))
            before, trailing, first = [], [], -1

    held: list[str] = []
    margin = _margin(text[start:end])
    position = start
    for line in text[start:end].splitlines(keepends=True):
        body = line.rstrip("\r\n")
        code, comment = _split_comment(body)
        blanked.append(code + " " * (len(body) - len(code)) + line[len(body) :])
        stripped = code.strip()
        if not stripped:
            held.append(comment)
        else:
            indent = len(code) - len(code.lstrip())
            goes_on = first >= 0 and (indent > margin or stripped[0] in "|｜")
            if not goes_on:
                close()
                before, held = held, []
                first, number = position + indent, 0
            else:
                trailing.extend((number, note) for note in held if note)
                held, number = [], number + 1
            last = position + len(code.rstrip())
            if comment:
                trailing.append((number, comment))
        position += len(line)
    close()
    return "".join(blanked), chunks


def _margin(block: str) -> int:
    indents = [
        len(line) - len(line.lstrip())
        for line in block.splitlines()
        if line.strip() and line.lstrip()[0] not in "#|"
    ]
    return min(indents, default=0)


def _split_comment(line: str) -> tuple[str, str]:
    """A line's code and its comment, ``#`` inside quotes aside."""
    closing = ""
    for index, char in enumerate(line):
        if closing:
            closing = "" if char == closing else closing
        elif char in '"“「':
            closing = {'"': '"', "“": "”", "「": "」"}[char]
        elif char in "#＃":
            return line[:index], line[index:].rstrip()
    return line, ""
