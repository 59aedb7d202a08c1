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


_MARK = re.compile('["＂“”「#＃]')
_STRAIGHT = re.compile('["＂“”]')
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
    found = _MARK.search(line)
    if found is None:
        return line, ""
    parts: list[str] = []
    position = 0
    missing: set[str] = set()
    while found is not None:
        at = found.start()
        if found[0] in _COMMENT_SIGNS:
            comment = line[at:]
            return "".join([*parts, line[position:at], " " * len(comment)]), comment.rstrip()
        end = _closing(line, at, missing)
        if end > 0:
            parts += [line[position:at], '"', "_" * (end - at - 1), '"']
            position = end + 1
        found = _MARK.search(line, max(position, at + 1))
    return "".join([*parts, line[position:]]), ""


def _closing(line: str, at: int, missing: set[str]) -> int:
    """Where the quotation opened at ``at`` ends, -1 if it does not.

    “ and 「 end at their own marks, and hold others; a straight mark ends at any but those of 「」.
    ``missing`` remembers the marks that the rest of the line has not.
    """
    for opening, closing in ("“”", "「」"):
        if line[at] == opening and closing not in missing:
            end = line.find(closing, at + 1)
            if end > 0:
                return end
            missing.add(closing)
    if line[at] == "「":
        return -1
    found = _STRAIGHT.search(line, at + 1)
    return found.start() if found else -1
