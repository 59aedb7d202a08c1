"""How a box looks before it has a place: its lines of text, and the room they take.

Widths are counted as a sans-serif face sets them: a wide character is as wide as its size,
a narrow one a little over half. Sizes are in CSS pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from attrs import frozen

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.graph_drawing.model import Box, Row

WIDEST = 224.0
PADDING = 9.0
_NARROW = 0.56
_CAPITAL = 0.68
_MOST_ROWS = 8
_MOST_LINES = 2

_CLOSING = frozenset("、，。；：！？）”’》〉】)],;")
"""What may not begin a line."""

SIZES = {"name": 13.0, "value": 12.5, "rule": 11.0, "article": 9.5, "note": 9.5, "input": 11.5}
_LEADING = 1.42


@frozen
class TextLine:
    """A line of text: ``style`` is a key of ``SIZES``; ``end`` sets it at the right edge."""

    text: str
    style: str
    y: float
    end: bool = False
    applied: bool | None = None


@frozen
class Face:
    """``lines`` have their baselines from the top of the box."""

    width: float
    height: float
    lines: tuple[TextLine, ...]


@cache
def _advance(character: str) -> float:
    from wcwidth import wcwidth

    if wcwidth(character) == 2:
        return 1.0
    return _CAPITAL if character.isupper() or character in "mw@%×—…" else _NARROW


def width_of(text: str, size: float) -> float:
    """The width of ``text`` set in ``size`` pixels."""
    return sum(map(_advance, text)) * size


def cut(text: str, size: float, room: float) -> str:
    """``text``, or as much of its beginning as fits ``room`` with an ellipsis."""
    if width_of(text, size) <= room:
        return text
    kept = ""
    for character in text:
        if width_of(kept + character + "…", size) > room:
            break
        kept += character
    return kept.rstrip() + "…"


def wrapped(text: str, size: float, room: float, most: int = _MOST_LINES) -> list[str]:
    """``text`` in at most ``most`` lines, broken at spaces and between wide characters."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most - 1 and width_of(rest, size) > room:
        at = _break(rest, size, room)
        lines.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*lines, cut(rest, size, room)] if rest else lines


def _break(text: str, size: float, room: float) -> int:
    used, fits = 0.0, 0
    for number, character in enumerate(text):
        used += _advance(character) * size
        if used > room:
            break
        fits = number + 1
    space = text.rfind(" ", 0, fits + 1)
    if space > fits * 0.6:
        return space
    while fits > 1 and text[fits : fits + 1] in _CLOSING:
        fits -= 1
    return max(fits, 1)


def face_of(box: Box, lang: Lang) -> Face:
    """The face of ``box``."""
    if box.is_input:
        return _input(box)
    if box.kind == "output":
        return _output(box)
    return _quantity(box, lang)


def _input(box: Box) -> Face:
    size = SIZES["input"]
    room = WIDEST - 2 * PADDING
    lines = wrapped(box.label, size, room)
    used = max(width_of(line, size) for line in lines)
    found = [TextLine(text, "input", 15.5 + n * 15) for n, text in enumerate(lines)]
    if box.value:
        left = room - width_of(lines[-1], size) - 10
        bold = SIZES["value"] * 1.05
        needed = width_of(box.value, bold)
        if len(lines) == 1 and needed <= max(left, 40):
            used = width_of(lines[0], size) + 10 + needed
            found.append(TextLine(box.value, "value", 15.5, end=True))
        else:
            value = cut(box.value, bold, room)
            found.append(TextLine(value, "value", 15.5 + len(lines) * 15, end=True))
            used = max(used, width_of(value, bold))
    bottom = max(line.y for line in found) + 7.5
    return Face(min(WIDEST, used * 1.02 + 2 * PADDING), bottom, tuple(found))


def _output(box: Box) -> Face:
    size = SIZES["name"]
    labels = wrapped(f"{box.number} {box.label}", size, WIDEST - 2 * PADDING)
    lines = [TextLine(label, "name", 18.0 + 17 * at) for at, label in enumerate(labels)]
    used = max(width_of(label, size) for label in labels) * 1.05
    y = lines[-1].y
    if box.value:
        value = cut(box.value, SIZES["value"], 130)
        needed = width_of(value, SIZES["value"])
        if used + needed + 12 <= WIDEST - 2 * PADDING:
            used += needed + 12
        else:
            y += 17
            used = max(used, needed)
        lines.append(TextLine(value, "value", y, end=True))
    for row in box.rows:
        y += 15
        text = cut(row.short, SIZES["rule"], WIDEST - 2 * PADDING)
        lines.append(TextLine(_marked(row, text), "rule", y, applied=row.applied))
        used = max(used, width_of(text, SIZES["rule"]) + 10)
    return Face(min(WIDEST, used + 2 * PADDING), y + 9, tuple(lines))


def _marked(row: Row, text: str) -> str:
    formula = row.kind == "define" and not text.startswith(("查表", "无规定"))
    return f"= {text}" if formula else text


def _quantity(box: Box, lang: Lang) -> Face:
    room = WIDEST - 2 * PADDING
    names = wrapped(box.label, SIZES["name"], room - width_of(box.type, SIZES["note"]) - 14)
    lines = [TextLine(name, "name", 19.0 + 17 * at) for at, name in enumerate(names)]
    lines.append(TextLine(box.type, "note", 18.5, end=True))
    used = max(width_of(n, SIZES["name"]) for n in names) * 1.05 + 14
    used += width_of(box.type, SIZES["note"])
    y = 19.0 + 17 * (len(names) - 1)
    if box.value:
        y += 18
        value = cut(box.value, SIZES["value"], room)
        lines.append(TextLine(value, "value", y))
        used = max(used, width_of(value, SIZES["value"]) * 1.05)
    y += 4
    for text, style, applied in _rule_lines(box, room, lang):
        y += SIZES[style] * _LEADING
        lines.append(TextLine(text, style, y, applied=applied))
        used = max(used, width_of(text, SIZES[style]) * 1.01)
    return Face(min(WIDEST, used + 2 * PADDING), y + 8, tuple(lines))


def _rule_lines(box: Box, room: float, lang: Lang) -> Iterator[tuple[str, str, bool | None]]:
    """Each rule, and its article under the last of the rules that share it."""
    shown = box.rows[:_MOST_ROWS] if len(box.rows) > _MOST_ROWS + 1 else box.rows
    for number, row in enumerate(shown):
        for text in wrapped(_marked(row, row.short), SIZES["rule"], room):
            yield text, "rule", row.applied
        following = shown[number + 1] if number + 1 < len(shown) else None
        if row.article and (following is None or following.article != row.article):
            yield cut(f"〔{row.article}〕", SIZES["article"], room), "article", row.applied
    more = len(box.rows) - len(shown)
    if more:
        yield (f"…另 {more} 条" if lang == "zh" else f"… {more} more"), "note", None
