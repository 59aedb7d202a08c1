"""Text measured in terminal cells: East Asian wide characters take two, tabs stop at four.

What comes out of here is safe to print: control and bidirectional characters, which could
move the cursor or turn the line around, are replaced one for one by visible signs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from attrs import frozen

TAB = 4
_CUT = "…"
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def visible(text: str) -> str:
    """``text`` with every control or direction character shown as a sign; tabs stay."""
    if text.isprintable():
        return text
    return "".join(_sign(char) for char in text)


def _sign(char: str) -> str:
    code = ord(char)
    if char == "\t":
        return char
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0x80 <= code < 0xA0 or 0xD800 <= code < 0xE000 or char in _TURNING:
        return "\ufffd"
    return " " if char in "\u2028\u2029" else char


def cells(text: str) -> int:
    """How many terminal cells ``text`` takes, after ``visible``."""
    from wcwidth import wcswidth

    return max(0, wcswidth(visible(text).replace("\t", " " * TAB)))


def pad(text: str, width: int) -> str:
    """``text`` with spaces up to ``width`` cells."""
    return text + " " * (width - cells(text))


@frozen
class Line:
    """A source line as shown: ``text`` and, for each character offset, the cell it begins at.

    ``columns`` has one more entry than the source line has characters; offsets that were cut
    off stand at the edge nearest to them.
    """

    text: str
    columns: Sequence[int]
    first: int

    def column(self, offset: int) -> int:
        """The cell of the character at ``offset`` of the whole source line."""
        return self.columns[min(max(offset - self.first, 0), len(self.columns) - 1)]


def show(text: str, start: int, end: int, room: int) -> Line:
    """The part of a line that shows the characters ``[start, end)`` in ``room`` cells.

    The whole line where it fits. Else a window with the start in its left third, its cut
    ends marked by ``…``; work is proportional to the window, not to the line.
    """
    room = max(room, 8)
    low, high = 0, len(text)
    if high > 4 * room:
        low, high = max(0, start - 2 * room), min(high, start + 2 * room)
    shown, columns = _laid_out(text[low:high])
    if low == 0 and high == len(text) and columns[-1] <= room:
        return Line(shown, columns, 0)
    return _window(text, low, high, start, end, room)


def _window(text: str, low: int, high: int, start: int, end: int, room: int) -> Line:
    """Cut ``text[low:high]`` down to ``room`` cells around ``start`` and ``end``."""
    columns = _laid_out(text[low:high])[1]
    at, until = columns[start - low], columns[min(end, high) - low]
    lead = room // 3
    if until - at > room - lead - 2:
        lead = max(2, room - 2 - (until - at))
    left = low + bisect_left(columns, max(0, at - lead))
    left_mark = _CUT if left > 0 else ""
    columns = _laid_out(text[left:high])[1]
    space = room - len(left_mark)
    fits_all = high == len(text) and columns[-1] <= space
    right = high if fits_all else left + bisect_right(columns, space - 1) - 1
    right_mark = _CUT if right < len(text) else ""
    shown, columns = _laid_out(text[left:right])
    shifted = [column + len(left_mark) for column in columns]
    return Line(left_mark + shown + right_mark, shifted, left)


def _laid_out(text: str) -> tuple[str, list[int]]:
    """``text`` as printed, and the cell at which each of its characters begins."""
    from wcwidth import wcwidth

    parts: list[str] = []
    columns = [0]
    for char in visible(text):
        width = TAB - columns[-1] % TAB if char == "\t" else max(0, wcwidth(char))
        parts.append(" " * width if char == "\t" else char)
        columns.append(columns[-1] + width)
    return "".join(parts), columns
