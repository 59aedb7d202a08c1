"""Text of a rule block to statements.

Statements are parsed one by one, so an error in one never hides the next, and no statement,
however long or deep, is more than one diagnostic: what goes on after this works on trees of
a bounded depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from attrs import frozen

from tiaowen.dsl.builder import Builder
from tiaowen.dsl.chunks import Chunk, cut
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.lalr import Lexer, Maker, SyntaxFailure, parse
from tiaowen.dsl.source import Source, Span
from tiaowen.dsl.tables import tables
from tiaowen.dsl.tree import Line

Start: TypeAlias = Literal["rule_statement", "case_statement"]

MAX_DEPTH = 60
"""Brackets, or forms (chains of operators among them), within one another beyond which a
statement is refused: whatever walks a tree after this may recurse."""

OTHER_LEVELS = 8
"""More levels than any statement has that are no expressions made of expressions."""

MAX_STATEMENT = 200_000
"""Characters of one statement beyond which it is refused."""

MAX_PROPOSALS = 200
"""Statements of one block for which it is found out what was meant."""


@frozen
class Parsed:
    """What one block says: its statements and what is wrong with the others.

    ``after`` are the comment and blank lines below the last statement.
    """

    lines: tuple[Line, ...]
    diagnostics: tuple[Diagnostic, ...]
    after: tuple[str, ...] = ()


def parse_block(source: Source, start: int, end: int, kind: Start = "rule_statement") -> Parsed:
    """Parse the block at ``[start, end)`` of ``source``; all its errors are reported."""
    block = cut(source.text, start, end)
    parser = _StatementParser(source, Lexer(block.text, start), kind)
    lines: list[Line] = []
    diagnostics: list[Diagnostic] = []
    for chunk in block.chunks:
        statement, problems = parser.statement(chunk)
        if problems:
            diagnostics.extend(problems)
        else:
            lines.append(Line(statement, chunk.before, chunk.comments))
    return Parsed(tuple(lines), tuple(diagnostics), block.after)


class _StatementParser:
    """Parses the statements of one block."""

    def __init__(self, source: Source, lexer: Lexer, kind: Start) -> None:
        self.source = source
        self.lexer = lexer
        self.kind = kind
        self.failures = 0
        self.builder = Builder(source)
        self.makers: dict[str, Maker] = {
            rule.name: getattr(self.builder, rule.name)
            for rule in tables().rules
            if rule.name and not rule.through
        }
        self.makers[""] = _as_list

    def statement(self, chunk: Chunk) -> tuple[Any, list[Diagnostic]]:
        """The statement and what is wrong with it; it is of use only if nothing is."""
        span = Span(self.source, chunk.start, chunk.end)
        size = chunk.end - chunk.start
        if size > MAX_STATEMENT:
            return None, [_too_large(span, size)]
        if size > MAX_DEPTH and _nested(self.lexer.read(span.start, span.end)) > MAX_DEPTH:
            return None, [diagnose("TW0105", span, limit=MAX_DEPTH)]
        self.builder.problems, self.builder.compounds = [], 0
        try:
            made = parse(self.lexer, chunk.start, chunk.end, self.kind, self.makers)
        except SyntaxFailure as failure:
            return None, [self._explain(failure, span)]
        if self.builder.compounds + OTHER_LEVELS > MAX_DEPTH and _deeper_than(made, MAX_DEPTH):
            return None, [diagnose("TW0105", span, limit=MAX_DEPTH)]
        return made, self.builder.problems

    def _explain(self, failure: SyntaxFailure, span: Span) -> Diagnostic:
        from tiaowen.dsl.syntax_errors import explain_syntax_error

        self.failures += 1
        propose = self.failures <= MAX_PROPOSALS
        return explain_syntax_error(failure, self.lexer, span, self.kind, propose)


def _as_list(parts: list[Any], _start: int, _end: int) -> list[Any]:
    return parts


def _too_large(span: Span, size: int) -> Diagnostic:
    return diagnose(
        "TW0107", span,
        what={"zh": "语句", "en": "the statement"},
        size={"zh": f"{size}个字符", "en": f"{size} characters"},
        limit={"zh": f"{MAX_STATEMENT}个字符", "en": f"{MAX_STATEMENT} characters"},
    )  # fmt: skip


def _nested(text: str) -> int:
    """How deep the brackets of ``text`` stand in one another."""
    if text.count("(") + text.count("{") <= MAX_DEPTH:
        return 0
    depth = deepest = 0
    for sign in re.findall(r"[(){}]", text):
        depth += 1 if sign in "({" else -1
        deepest = max(deepest, depth)
    return deepest


def _deeper_than(statement: Any, limit: int) -> bool:
    """Whether the tree has more than ``limit`` levels; goes level by level, never deeper."""
    level = [statement]
    for _ in range(limit):
        level = [node for above in level for node in _below(above)]
        if not level:
            return False
    return True


def _below(node: Any) -> Iterator[Any]:
    """The nodes right below ``node``."""
    pending = [getattr(node, a.name) for a in node.__attrs_attrs__ if a.eq]
    while pending:
        value = pending.pop()
        if isinstance(value, tuple):
            pending.extend(value)
        elif hasattr(value, "__attrs_attrs__"):
            yield value
