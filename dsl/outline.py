"""The outline of a regulation: every paragraph with the article path a lawyer would cite.

Numbers nest by kind (章, 条, 一、, （一）, 1．, （1）, ①), whether they stand in a heading or lead
a paragraph. What has no number is counted: 款 directly under an article, 段 within an item
(the line with the number is 第1段), rows within a table. A paragraph after a list continues
the last item or returns to what encloses the list; ``ownership`` says how that is decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import field, frozen

from tiaowen.dsl.article_path import ArticlePath, parse_reference
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.markdown import Chunk, Heading, Lines, Table, read_chunks
from tiaowen.dsl.markers import Marker, Verb, read_instruction, read_marker
from tiaowen.dsl.ownership import Place, Places, Unit, is_title, names_what_follows
from tiaowen.dsl.sentences import Sentence, sentences
from tiaowen.dsl.source import Source, Span


@frozen
class Cell:
    """One cell's words, trimmed, and where they stand."""

    text: str
    span: Span = field(eq=False, repr=False)


@frozen
class TableRow:
    """A row of a table with the heads of its columns; ``cells`` may be fewer than ``heads``."""

    heads: tuple[Cell, ...]
    cells: tuple[Cell, ...]


@frozen
class Paragraph:
    """One paragraph or table row.

    ``text`` is exactly the source's text at ``span``, the number included; the sentences
    begin after the number. ``heading`` marks what only names the text that follows: Markdown
    headings, titles such as 起付线 on a line of their own, the heads of a table.
    """

    path: ArticlePath
    text: str
    span: Span = field(eq=False, repr=False)
    sentences: tuple[Sentence, ...] = field(repr=False)
    heading: bool = False
    row: TableRow | None = field(default=None, repr=False)


@frozen
class Amendment:
    """What a heading such as ``修改 第十八条（一）2`` orders; ``scope`` runs to the next order.

    ``anchor`` is the place 增加 puts its text behind (or ``before``); ``None`` leaves it to
    the order of the numbers.
    """

    verb: Verb
    target: ArticlePath
    anchor: ArticlePath | None
    before: bool
    span: Span = field(eq=False, repr=False)
    scope: Span = field(eq=False, repr=False)


@frozen
class Outline:
    paragraphs: tuple[Paragraph, ...]
    amendments: tuple[Amendment, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


_ENDED = re.compile(r"[。：！？:!?][”’」』）)\]】]*$")
_SIGNING_DATE = re.compile(r"[\d零〇○一二三四五六七八九十]{4}年\s*\S{1,3}\s*月\s*\S{1,3}\s*日")


def _split_lines(lines: Lines, follows: dict[str, int]) -> list[tuple[Span, Marker | None]]:
    """The regulation's paragraphs in one Markdown paragraph.

    A line opens a new one where it begins with a number or the line before it has ended.
    """
    found: list[tuple[Span, Marker | None]] = []
    ended = True
    for span in lines.spans:
        text = span.text
        marker = read_marker(text, False, follows)
        if marker is None and not ended and found:
            before, its = found[-1]
            found[-1] = (before.to(span), its)
        else:
            found.append((span, marker))
        if marker is not None:
            follows[marker.kind] = marker.number
        body = text[marker.length :] if marker else text
        ended = bool(_ENDED.search(text)) or is_title(body)
    return found


def _units(chunks: Iterable[Chunk]) -> list[Unit]:
    units: list[Unit] = []
    follows: dict[str, int] = {}
    for chunk in chunks:
        if isinstance(chunk, Heading):
            words = chunk.span.text
            order = read_instruction(words)
            marker = None if order else read_marker(words, True, follows)
            if marker is not None:
                follows[marker.kind] = marker.number
            units.append(Unit(chunk.span, marker, chunk.level, order))
        elif isinstance(chunk, Lines):
            units.extend(Unit(span, marker) for span, marker in _split_lines(chunk, follows))
        elif isinstance(chunk, Table):
            units.append(Unit(chunk.rows[0][0].to(chunk.rows[-1][0]), None, table=chunk))
    return units


def _amendments(units: list[Unit], end: int) -> tuple[list[Amendment], list[Diagnostic]]:
    found: list[Amendment] = []
    wrong: list[Diagnostic] = []
    for at, unit in enumerate(units):
        order = unit.order
        if order is None:
            continue
        stop = next(
            (u.span.start for u in units[at + 1 :]
             if u.order or (u.level and u.level <= unit.level and u.marker is None)), end,
        )  # fmt: skip
        target = parse_reference(order.target)
        anchor = parse_reference(order.anchor) if order.anchor else None
        if target is None or (order.anchor and anchor is None):
            reference = order.anchor if target else order.target
            wrong.append(diagnose("TW0132", unit.span, reference=reference))
            continue
        if anchor is not None:
            target = _beside(target, anchor)
        unit.target = target
        scope = Span(unit.span.source, unit.span.end, stop)
        found.append(Amendment(order.verb, target, anchor, order.before, unit.span, scope))
    return found, wrong


def _beside(target: ArticlePath, anchor: ArticlePath) -> ArticlePath:
    """``target`` in full where it is written by its neighbour: （八） 于 第十六条（七）后."""
    kind = target.parts[0].kind
    at = next((i for i, part in enumerate(anchor.parts) if part.kind == kind), None)
    if at is None and kind not in ("条", "一", "章") and anchor.parts:
        at = len(anchor.parts)
    return ArticlePath((*anchor.parts[:at], *target.parts)) if at else target


def outline(source: Source) -> tuple[Paragraph, ...]:
    """The paragraphs of a regulation without front matter, in the order of the text."""
    return outline_chunks(source, read_chunks(source)).paragraphs


def outline_chunks(source: Source, chunks: Iterable[Chunk]) -> Outline:
    """The outline of Markdown blocks already read; fences are passed over."""
    units = _units(chunks)
    amendments, wrong = _amendments(units, len(source.text))
    places = Places(units)
    owners = [places.take(at) for at in range(len(units))]
    _sign(units, owners, places)
    paragraphs: list[Paragraph] = []
    for unit, owner in zip(units, owners, strict=True):
        if unit.order is not None and unit.target is not None:
            continue
        if unit.table is not None:
            paragraphs.extend(_rows(unit, owner))
        else:
            paragraphs.append(_paragraph(source, unit, owner))
    repeated = [
        diagnose("TW0133", span, article=str(path), path=str(path))
        for path, span in places.repeated
    ]
    return Outline(tuple(paragraphs), tuple(amendments), (*wrong, *repeated))


def _sign(units: list[Unit], owners: list[Place], places: Places) -> None:
    """Who issued the text and when, at its foot, belongs to no article."""
    if len(units) < 3 or not _SIGNING_DATE.fullmatch(units[-1].span.text):
        return
    foot = places.foot()
    for at in (-1, -2):
        unit = units[at]
        if unit.marker or unit.level or unit.table or _ENDED.search(unit.span.text):
            break
        owners[at].leave(unit)
        foot.texts.insert(0, unit)
        owners[at] = foot


def _paragraph(source: Source, unit: Unit, owner: Place) -> Paragraph:
    span = unit.span
    start = span.start + (unit.marker.length if unit.marker else 0)
    return Paragraph(owner.path_of(unit), span.text, span, sentences(source, start, span.end),
                     names_what_follows(unit, owner))  # fmt: skip


def _rows(unit: Unit, owner: Place) -> list[Paragraph]:
    assert unit.table is not None
    path = owner.path.child("表", owner.tables[id(unit)])
    heads = tuple(Cell(span.text, span) for span in unit.table.rows[0][1])
    found: list[Paragraph] = []
    for number, (span, cells) in enumerate(unit.table.rows):
        row = TableRow(heads, tuple(Cell(cell.text, cell) for cell in cells))
        where = path.child("行", number) if number else path
        whole = (Sentence(1, span.text, span),)
        found.append(Paragraph(where, span.text, span, whole, heading=not number, row=row))
    return found
