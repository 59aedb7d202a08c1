"""Pieces set in lines: one line where they fit, else a line for each clause.

Comments are given by the piece they follow or come before, so that they stay where the
drafter put them whatever the lines become.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import define, field, frozen

from tiaowen.dsl.printed import SOFT, Piece, display_width

WIDTH = 100
"""Columns of a line before it is broken."""

INDENT = "  "


@frozen
class Comments:
    """Comments of one statement by the number of a piece: above it, and at its end."""

    above: Mapping[int, Sequence[str]] = field(factory=dict)
    behind: Mapping[int, Sequence[str]] = field(factory=dict)


def laid_out(
    pieces: Sequence[Piece], broken: bool = False, comments: Comments | None = None
) -> list[str]:
    """The lines of a statement; ``broken`` says that its author gave each clause a line."""
    comments = comments or Comments()
    together = " ".join(piece.text for piece in pieces if piece.kind != "row")
    lines = _Lines(broken or display_width(together.replace(SOFT, " ")) > WIDTH)
    for number, piece in enumerate(pieces):
        lines.above(comments.above.get(number, ()))
        lines.place(piece)
        lines.behind(comments.behind.get(number, ()))
    lines.close()
    return lines.done


@define
class _Lines:
    """The line that is being filled, and those that are done."""

    broken: bool
    done: list[str] = field(factory=list)
    line: str = ""

    def place(self, piece: Piece) -> None:
        if piece.kind == "row":
            self.close()
            self.done.append(INDENT + piece.text)
        elif not self.line:
            self.line = (INDENT if self.done else "") + piece.text
        elif piece.kind == "item":
            self.line += SOFT + piece.text
        elif not self.broken:
            self.line += f" {piece.text}"
        else:
            self.close()
            self.line = INDENT + piece.text

    def above(self, comments: Sequence[str]) -> None:
        if comments:
            self.close()
            self.done.extend(INDENT + comment for comment in comments)

    def behind(self, comments: Sequence[str]) -> None:
        if comments:
            self.close()
            self.done[-1] += "".join(f"  {comment}" for comment in comments)

    def close(self) -> None:
        if self.line:
            self.done.extend(_wrapped(self.line))
            self.line = ""


def _wrapped(line: str) -> Iterator[str]:
    """``line`` broken at its soft ends where it is too long."""
    whole = line.replace(SOFT, " ")
    if display_width(whole) <= WIDTH:
        yield whole
        return
    first, *rest = line.split(SOFT)
    indent = " " * (len(first) - len(first.lstrip(" "))) + INDENT
    filled = first
    for part in rest:
        if display_width(f"{filled} {part}") <= WIDTH:
            filled += f" {part}"
        else:
            yield filled
            filled = indent + part
    yield filled
