"""Text of both scripts laid out in terminal cells: styled runs, wrapped as Chinese is set.

A line breaks between any two Chinese characters but never inside a figure or a Latin word, and
no line begins with a mark that closes or ends with one that opens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from tiaowen.dsl.render.cells import cells, visible

Run = tuple[str, str]
"""Text and its style, '' for plain."""

STYLES = {
    "strong": "1", "dim": "2", "value": "1;32", "article": "36", "quote": "2;3", "bad": "31",
    "good": "32", "title": "1;4", "guide": "2",
}  # fmt: skip
_TOKEN = re.compile(
    r"[+−-]?\d[\d,.]*(?:/\d+)?[%‰]?(?:元|天|个月|年|日|级|次| yuan| days?| months?)?"
    r"|[A-Za-z][\w'’./-]*|\s+|.",
    re.DOTALL,
)
_NOT_FIRST = set("(，。；：、！？）〕”’》〉」』】%,.;:!?)]}…·=×÷+−→≤≥<>")
_NOT_LAST = set("（〔“‘《〈「『【([{")


def paint(text: str, style: str, color: bool) -> str:
    """``text`` in ``style`` where ``color``."""
    return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if color and style and text else text


@lru_cache(maxsize=4096)
def _width(text: str) -> int:
    return cells(text)


def width_of(runs: Iterable[Run]) -> int:
    """The cells that ``runs`` take in one line."""
    return sum(_width(text) for text, _ in runs)


def _pieces(runs: Sequence[Run]) -> list[list[Run]]:
    """Stretches that stay together, spaces as pieces of their own."""
    pieces: list[list[Run]] = []
    glue = False
    for text, style in runs:
        for token in _TOKEN.findall(visible(text)):
            joins = pieces and not pieces[-1][-1][0].isspace() and (glue or token in _NOT_FIRST)
            if token.isspace():
                pieces.append([(" " * len(token), style)])
                glue = False
                continue
            if joins:
                pieces[-1].append((token, style))
            else:
                pieces.append([(token, style)])
            glue = token in _NOT_LAST
    return pieces


def wrap(runs: Sequence[Run], first: int, later: int) -> list[list[Run]]:
    """``runs`` in lines of at most ``first``, then ``later`` cells; never an empty list."""
    lines: list[list[Run]] = [[]]
    room, used = first, 0
    for piece in _pieces(runs):
        wide = width_of(piece)
        if used and used + wide > room:
            if piece[0][0].isspace():
                continue
            _strip(lines[-1])
            lines.append([])
            room, used = later, 0
        if not used and len(lines) > 1 and piece[0][0].isspace():
            continue
        for chunk in _fitted(piece, room - used if used == 0 else wide, later):
            if used and used + width_of(chunk) > room:
                lines.append([])
                room, used = later, 0
            lines[-1] += chunk
            used += width_of(chunk)
    _strip(lines[-1])
    return lines


def _fitted(piece: list[Run], room: int, later: int) -> list[list[Run]]:
    """A piece wider than a line, cut into characters; any other whole."""
    if width_of(piece) <= max(room, later):
        return [piece]
    return [[(char, style)] for text, style in piece for char in text]


def _strip(line: list[Run]) -> None:
    while line and line[-1][0].isspace():
        line.pop()


def painted(line: Iterable[Run], color: bool) -> str:
    """A line as printed; neighbouring runs of one style share their codes."""
    merged: list[Run] = []
    for text, style in line:
        if merged and merged[-1][1] == style:
            merged[-1] = (merged[-1][0] + text, style)
        else:
            merged.append((text, style))
    return "".join(paint(text, style, color) for text, style in merged)
