"""A block's text cut into statements, with the comments set aside.

A statement begins at the block's margin; indented lines and table rows continue it. What the
parser reads is the same text, character for character in the same place, with full-width
signs made half-width, comments blanked, and whatever a quotation holds made neutral: so every
place in it is a place of the source.
"""

from __future__ import annotations

import re

from attrs import frozen

from tiaowen.dsl.normal import halfwidth
from tiaowen.dsl.tree import Comment


@frozen
class Chunk:
    """One statement's place in its source, and the comments above and in it."""

    start: int
    end: int
    before: tuple[str, ...]
    comments: tuple[Comment, ...]


@frozen
class Chunks:
    """A block: ``text`` as the parser reads it, its statements, and the comments after them."""

    text: str
    chunks: tuple[Chunk, ...]
    after: tuple[str, ...]


_QUOTED_OR_COMMENT = re.compile(
    '“[^”]*”|「[^」]*」|["＂“”][^"＂“”]*["＂“”]|(?P<comment>[#＃].*)', re.DOTALL
)
_MARKED = re.compile('["＂“”「#＃]')
_BARS = "|｜"
_COMMENT_SIGNS = "#＃"


def cut(text: str, start: int, end: int) -> Chunks:
    """The block at ``[start, end)`` of ``text``."""
    return _Cutter(text[start:end], start).cut()


class _Cutter:
    """Goes through a block line by line; holds the statement that is being gathered."""

    def __init__(self, block: str, start: int) -> None:
        self.lines = block.split("\n")
        self.start = start
        self.margin = _margin(self.lines)
        self.chunks: list[Chunk] = []
        self.first = self.last = -1
        self.before: list[str] = []
        self.comments: list[Comment] = []
        self.held: list[tuple[str, int]] = []

    def cut(self) -> Chunks:
        position = self.start
        read: list[str] = []
        for line in self.lines:
            code, comment = _split(line)
            read.append(code)
            self._take(code, comment, position)
            position += len(line) + 1
        self._close()
        return Chunks(halfwidth("\n".join(read)), tuple(self.chunks), self._held_lines())

    def _take(self, code: str, comment: str, position: int) -> None:
        """One line, which begins at ``position``."""
        body = code.strip()
        if not body:
            self.held.append((comment, position + len(code) - len(code.lstrip())))
            return
        indent = len(code) - len(code.lstrip())
        if self.first >= 0 and (indent > self.margin or body[0] in _BARS):
            self.comments.extend(Comment(note, at, True) for note, at in self.held if note)
            self.held = []
        else:
            self._close()
            self.before, self.held = list(self._held_lines()), []
            self.first = position + indent
        self.last = position + len(code.rstrip())
        if comment:
            self.comments.append(Comment(comment, self.last, False))

    def _held_lines(self) -> tuple[str, ...]:
        return tuple(note for note, _ in self.held)

    def _close(self) -> None:
        if self.first >= 0:
            before, comments = tuple(self.before), tuple(self.comments)
            self.chunks.append(Chunk(self.first, self.last, before, comments))
        self.first, self.comments = -1, []


def _margin(lines: list[str]) -> int:
    """The least indent of a line that may begin a statement."""
    indents = (
        len(line) - len(body)
        for line in lines
        if (body := line.lstrip()) and body[0] not in _COMMENT_SIGNS and body[0] not in _BARS
    )
    return min(indents, default=0)


def _split(line: str) -> tuple[str, str]:
    """A line as the parser reads it, of the same length, and its comment."""
    if not _MARKED.search(line):
        return line, ""
    comment = ""

    def neutral(found: re.Match[str]) -> str:
        nonlocal comment
        text = found[0]
        if found["comment"] is None:
            return f'"{"_" * (len(text) - 2)}"'
        comment = text.rstrip()
        return " " * len(text)

    return _QUOTED_OR_COMMENT.sub(neutral, line), comment
