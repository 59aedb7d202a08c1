"""The block structure of a Markdown text, as any Markdown host sees it, with exact places.

Only blocks are read: headings, lines of text, tables, fences. What a paragraph says inside
is the outline's affair. A quotation (``>``) and an HTML comment are the drafter's notes, no
words of the regulation. Indented text is text: Chinese paragraphs begin with an indent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import frozen

from tiaowen.dsl.source import Source, Span

if TYPE_CHECKING:
    from markdown_it.token import Token


@frozen
class Heading:
    """``span`` holds the words after the ``#`` signs, which may be none."""

    level: int
    span: Span


@frozen
class Lines:
    """A Markdown paragraph: one span for each of its lines, without marks and indent."""

    spans: tuple[Span, ...]


@frozen
class Table:
    """``rows[0]`` are the heads. Each row has its line's span and one span for each cell."""

    rows: tuple[tuple[Span, tuple[Span, ...]], ...]


@frozen
class Fence:
    """``span`` is the content alone; ``opening`` the line with the info string."""

    info: str
    opening: Span
    span: Span
    closed: bool
    quoted: bool


Chunk = Heading | Lines | Table | Fence

_LINE_END = re.compile(r"\r\n?|\n")  # what markdown-it takes for one
_MARKS = re.compile(r"[ \t　]*(?:[-*+][ \t]+)?[ \t　]*")
_CLOSING_HASHES = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")


def _line_starts(text: str, start: int) -> list[int]:
    return [start, *(match.end() for match in _LINE_END.finditer(text, start))]


class _Reader:
    """Turns markdown-it's tokens, which know lines, into chunks, which know characters."""

    def __init__(self, source: Source, start: int) -> None:
        self.source = source
        self.starts = _line_starts(source.text, start)

    def line(self, number: int) -> Span:
        """The line, trimmed of space at both ends."""
        text = self.source.text
        start = self.starts[number]
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(text)
        return self.trimmed(start, end)

    def trimmed(self, start: int, end: int) -> Span:
        raw = self.source.text[start:end]
        kept = raw.strip()
        left = len(raw) - len(raw.lstrip()) if kept else 0
        return Span(self.source, start + left, start + left + len(kept))

    def offset(self, line: int) -> int:
        return self.starts[line] if line < len(self.starts) else len(self.source.text)

    def chunks(self, tokens: Sequence[Token]) -> list[Chunk]:
        found: list[Chunk] = []
        quotes = 0
        for token in tokens:
            quotes += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
            if token.map is None:
                continue
            first, last = token.map
            if token.type == "fence":
                found.append(self.fence(token, quotes > 0))
            elif quotes:
                continue
            elif token.type == "heading_open":
                found.append(Heading(int(token.tag[1:]), self.heading(token, first, last)))
            elif token.type == "paragraph_open":
                found.append(self.paragraph(first, last))
            elif token.type == "table_open":
                found.append(self.table(first, last))
        return found

    def heading(self, token: Token, first: int, last: int) -> Span:
        if not token.markup.startswith("#"):  # underlined with === or ---
            return self.line(first).to(self.line(last - 2))
        whole = self.line(first)
        start = whole.start + len(whole.text) - len(whole.text.lstrip("#"))
        words = self.source.text[start : whole.end]
        return self.trimmed(start, start + len(_CLOSING_HASHES.sub("", words)))

    def paragraph(self, first: int, last: int) -> Lines:
        spans: list[Span] = []
        for number in range(first, last):
            span = self.line(number)
            marks = _MARKS.match(self.source.text, span.start, span.end)
            start = marks.end() if marks else span.start
            if start < span.end:
                spans.append(Span(self.source, start, span.end))
        return Lines(tuple(spans))

    def table(self, first: int, last: int) -> Table:
        numbers = [first, *range(first + 2, last)]
        rows = [(self.line(number), self.cells(self.line(number))) for number in numbers]
        width = len(rows[0][1])
        return Table(tuple((span, cells[:width]) for span, cells in rows))

    def cells(self, line: Span) -> tuple[Span, ...]:
        text = line.text
        bars = [at for at, char in enumerate(text)
                if char == "|" and (at == 0 or text[at - 1] != "\\")]  # fmt: skip
        edges = [-1, *bars, len(text)]
        if bars and bars[0] == 0:
            edges.pop(0)
        if bars and bars[-1] == len(text) - 1 and len(edges) > 2:
            edges.pop()
        return tuple(
            self.trimmed(line.start + left + 1, line.start + right)
            for left, right in pairwise(edges)
        )

    def fence(self, token: Token, quoted: bool) -> Fence:
        assert token.map is not None
        first, last = token.map
        closing = self.line(last - 1).text.lstrip("> \t") if last - first > 1 else ""
        mark = token.markup[0]
        closed = len(closing) >= len(token.markup) and not closing.strip(mark)
        end = self.offset(last - 1 if closed else last)
        content = Span(self.source, min(self.offset(first + 1), end), end)
        return Fence(token.info.strip(), self.line(first), content, closed, quoted)


def read_chunks(source: Source, start: int = 0) -> list[Chunk]:
    """The blocks of ``source.text[start:]`` in order; linear in the length of the text."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark").enable("table").disable(["code", "reference"])
    markdown.core.ruler.enableOnly(["normalize", "block"])
    return _Reader(source, start).chunks(markdown.parse(source.text[start:]))
