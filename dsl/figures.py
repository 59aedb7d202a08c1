"""Every figure in a Chinese legal text, with its exact value, unit, kind and words.

Grounding compares the figures of rules with those of the text, so 15万元, 150,000元 and
十五万元 are one value here, 50％, 百分之五十 and 五成 another; and a figure is told from a numeral
that counts nothing: an article's number, a level's name, a date, 一次性. Values are exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from tiaowen.dsl import figure_patterns as patterns
from tiaowen.dsl.figure_readers import Day, Figure, FigureKind, read_match
from tiaowen.dsl.markers import read_marker
from tiaowen.dsl.normal import halfwidth

if TYPE_CHECKING:
    from tiaowen.dsl.outline import Paragraph, TableRow

__all__ = ["Day", "Figure", "FigureKind", "figures", "paragraph_figures", "row_figures"]


def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of ``text``, a paragraph or a sentence, in order."""
    marker = read_marker(text, False, {})
    return _figures(text, marker.length if marker else 0, marker.number if marker else 0)


def _figures(text: str, head: int, number: int) -> tuple[Figure, ...]:
    """``head`` is the length of the number the text begins with, ``number`` its value."""
    plain = halfwidth(text.replace("，", "、"))  # a full-width comma parts no thousands
    found: list[Figure] = []
    if head:
        written = text[:head].rstrip()
        found.append(Figure(Fraction(number), "", 0, len(written), written, "reference"))
    titles = [match.span() for match in _TITLE.finditer(plain)]
    at = head
    while match := patterns.SPECIAL.search(plain, at):
        read = read_match(plain, match)
        at = max([match.end(), *(figure.end for figure in read)])
        for figure in read:
            while titles and titles[0][1] <= figure.start:
                titles.pop(0)
            inside = bool(titles) and titles[0][0] < figure.start
            kind: FigureKind = "reference" if inside else figure.kind
            found.append(evolve(figure, text=text[figure.start : figure.end], kind=kind))
    return tuple(_respectively(text, _with_words(text, found)))


def paragraph_figures(paragraph: Paragraph) -> tuple[Figure, ...]:
    """The figures of a paragraph or table row; offsets count from the paragraph's start."""
    if paragraph.row is None:
        return figures(paragraph.text)
    return row_figures(paragraph.row, paragraph.span.start)


def row_figures(row: TableRow, start: int) -> tuple[Figure, ...]:
    """The figures of a table row, a bare number taking the unit of its column's head.

    ``start`` is where the row begins in its source; offsets count from there. The context is
    the words of the row's first cell, of the column's head and of the cell itself.
    """
    found: list[Figure] = []
    for column, cell in enumerate(row.cells):
        head = row.heads[column].text if column < len(row.heads) else ""
        shift = cell.span.start - start
        name = row.cells[0].text if column else ""
        marker = _CELL_MARKER.match(cell.text)
        head_length, number = (marker.end(), int(marker[1])) if marker else (0, 0)
        for figure in _figures(cell.text, head_length, number):
            if figure.kind == "quantity" and not figure.unit:
                figure = _head_unit(figure, head)
            words = " ".join(word for word in (name, head, figure.context) if word)
            found.append(evolve(figure, start=figure.start + shift, end=figure.end + shift,
                                context=words, clause=words))  # fmt: skip
    return tuple(found)


_CELL_MARKER = re.compile(r"(\d{1,3})(?:、|[.．](?!\d))\s*")
_TITLE = re.compile(r"《[^《》]*》")


def _head_unit(figure: Figure, head: str) -> Figure:
    said = patterns.HEAD_UNIT.search(halfwidth(head))
    match = patterns.UNIT.match(said["unit"]) if said else None
    if said is None or match is None:
        return figure
    unit, scale = patterns.unit_of(match)
    value = figure.value * scale * patterns.SCALES.get(said["scale"] or "", 1)
    return evolve(figure, value=value, unit=unit)


_MARKS = frozenset("，。；：、,;:！？!?\n")
_STRONG = _MARKS - {"、"}
_FAR = 200


def _with_words(text: str, found: Sequence[Figure]) -> list[Figure]:
    """Each figure with its context and clause; a bracket's inside is a clause of its own."""
    open_: list[tuple[int, int]] = []
    near = far = at = counted = 0
    result: list[Figure] = []
    for figure in found:
        for offset in range(at, figure.start):
            char = text[offset]
            if char in "（(":
                open_.append((near, far))
                near = far = offset + 1
            elif char in "）)" and open_:
                near, far = open_.pop()
            elif char in _MARKS:
                near = offset + 1
                far = near if char in _STRONG else far
        at = max(at, figure.end)
        begin = max(near, counted)
        edge = figure.start - _FAR
        context = text[max(begin, edge) : figure.start].strip()
        clause = text[max(far, edge) : figure.start].strip()
        result.append(evolve(figure, context=context, clause=clause))
        if figure.kind == "quantity":
            counted = figure.end
        elif figure.kind == "reference" and figure.start == 0:
            near = far = figure.end
    return result


_SPLIT = re.compile(r"、|和|与|(?<!以)及(?!以[上下])|以及")
_JOINED = re.compile(r"\s*(?:、|和|与|及|，)?\s*")


def _respectively(text: str, found: Iterable[Figure]) -> list[Figure]:
    """一级、二级、三级…分别提高到80%、60%和40%: each figure gets the words in its own position."""
    result = list(found)
    counted = [at for at, figure in enumerate(result) if figure.kind == "quantity"]
    for place, at in enumerate(counted):
        head, said, _ = result[at].clause.rpartition("分别")
        if not said or "分别" not in result[at].context:
            continue
        run = [at]
        for following in counted[place + 1 :]:
            before, after = result[run[-1]], result[following]
            between = text[before.end : after.start]
            if after.unit != before.unit or not _JOINED.fullmatch(between):
                break
            run.append(following)
        names = _SPLIT.split(head)
        if len(run) < 2 or len(names) < len(run):
            continue
        for index, name in zip(run, names[-len(run) :], strict=True):
            result[index] = evolve(result[index], context=name.strip())
    return result
