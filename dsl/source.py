"""Where text comes from: a source, a span in it, and the place a person would call it.

Every node of every tree carries a ``Span``; spans take no part in equality, so that two
trees are equal when they say the same.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from attrs import field, frozen


@frozen(slots=False)
class Source:
    """One file's text. ``name`` is what messages call it: a path as the user typed it."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def line_starts(self) -> list[int]:
        starts = [0]
        starts.extend(i + 1 for i, char in enumerate(self.text) if char == "\n")
        return starts

    def line_of(self, offset: int) -> int:
        """The 1-based number of the line that holds ``offset``."""
        return bisect_right(self.line_starts, offset)

    def line_text(self, line: int) -> str:
        """The text of the 1-based ``line``, without its line end."""
        start = self.line_starts[line - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")

    def column_of(self, offset: int) -> int:
        """The 1-based column of ``offset``, counted in characters."""
        return offset - self.line_starts[self.line_of(offset) - 1] + 1


@frozen
class Span:
    """Half-open character range ``[start, end)`` of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        return self.source.line_of(self.start)

    @property
    def column(self) -> int:
        return self.source.column_of(self.start)

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of ``other``, of one source."""
        return Span(self.source, self.start, max(self.end, other.end))


NOWHERE = Span(Source("", ""), 0, 0)
"""For nodes that no text made (defaults an interface brings, nodes built by tests)."""
