"""A plain or Markdown text as a copy: paragraphs, and in them the sentences with their places.

Lines that a page broke are put together, numbers are taken off what they number, and front
matter, rule blocks, page numbers and marks of extraction are no words of the regulation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from attrs import evolve, frozen

from tiaowen.dsl.markers import Marker, read_marker
from tiaowen.dsl.sentences import sentences
from tiaowen.dsl.source import Source, Span
from tiaowen.review.collation.folding import folded
from tiaowen.review.collation.model import Copy, LeftOut, Paragraph, Unit
from tiaowen.review.scaffold.lines import paragraphs

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n.*?^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?(?:^\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_NO_WORDS = re.compile(
    r"\[bookmark:[^\]\n]*\]|^[ \t\u3000]*(?:[-—–·]\s*\d{1,4}\s*[-—–·]"
    r"|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?)[ \t\u3000]*$",
    re.MULTILINE,
)
_WORD = re.compile(r"\w")
_SPACE = re.compile(r"\s+")
_MOST_NUMBERS = 3
_BESIDE = " \t\r\n\u3000|"
"""What stands before the number of a sentence: space, the edge of a table's cell."""


@frozen
class Piece:
    """A stretch of a paragraph that will be a unit: ``[start, end)`` of its text."""

    paragraph: int
    start: int
    end: int


@frozen
class Draft:
    """A file read so far: its paragraphs, where their characters stand, and what is in them."""

    source: Source
    paragraphs: tuple[Paragraph, ...]
    markers: tuple[Marker | None, ...]
    places: tuple[tuple[int, ...], ...]
    pieces: tuple[Piece, ...]
    left_out: tuple[LeftOut, ...]
    front: str


def draft(source: Source) -> Draft:
    """``source`` in paragraphs and sentences."""
    text, left_out, front = _words_only(source)
    lines = paragraphs(text)
    places = _places(text, [line.text for line in lines])
    pieces: list[Piece] = []
    for nth, line in enumerate(lines):
        start = line.marker.length if line.marker else 0
        if start >= len(line.text):
            pieces.append(Piece(nth, 0, len(line.text)))
            continue
        found = sentences(Source("", line.text), start, len(line.text))
        ends = [sentence.span.end for sentence in found]
        begins = [0, *ends[:-1]]
        pieces += [Piece(nth, begin, end) for begin, end in zip(begins, ends, strict=True)]
    made = tuple(Paragraph(line.text, line.hashes) for line in lines)
    markers = tuple(line.marker for line in lines)
    return Draft(source, made, markers, places, tuple(pieces), left_out, front)


def _words_only(source: Source) -> tuple[str, tuple[LeftOut, ...], str]:
    """The text with what is no words of it blanked, place for place; its front matter."""
    text = source.text
    front = _FRONT.match(text)
    if front:
        text = _blank(front[0]) + text[front.end() :]
        text = _FENCE.sub(lambda match: _blank(match[0]), text)
    left = [LeftOut(match[0].strip(), Span(source, match.start(), match.end()))
            for match in _NO_WORDS.finditer(text)]  # fmt: skip
    text = _NO_WORDS.sub(lambda match: _blank(match[0]), text)
    return text, tuple(left), front[0] if front else ""


def _blank(text: str) -> str:
    return "".join(char if char in "\r\n" else " " for char in text)


def _places(text: str, made: Iterable[str]) -> tuple[tuple[int, ...], ...]:
    """Where each character of each paragraph stands: joining lines only ever drops some."""
    at = 0
    found: list[tuple[int, ...]] = []
    for paragraph in made:
        row: list[int] = []
        for char in paragraph:
            if not char.isspace():
                at = max(text.find(char, at), at)
            row.append(at)
            if not char.isspace():
                at += 1
        found.append(tuple(row))
    return tuple(found)


def lead(one: Draft, piece: Piece) -> tuple[tuple[tuple[str, Marker], ...], int]:
    """The numbers a piece begins with, 第九条（一） being two, and where the words after them
    begin in the paragraph."""
    paragraph = one.paragraphs[piece.paragraph].text
    found: list[tuple[str, Marker]] = []
    at = piece.start
    marker = one.markers[piece.paragraph] if piece.start == 0 else None
    while at < piece.end and len(found) < _MOST_NUMBERS:
        rest = paragraph[at : piece.end]
        at += len(rest) - len(rest.lstrip(_BESIDE))
        marker = marker or read_marker(paragraph[at : piece.end], False, {})
        if marker is None or (found and found[-1][1].kind != "条"):
            break
        found.append((_SPACE.sub("", paragraph[at : at + marker.length]).strip("*"), marker))
        at += marker.length
        marker = None
    return tuple(found), at


def units(drafts: Sequence[Draft]) -> tuple[Unit, ...]:
    """The units of a copy in ``drafts``, in order, each with the number that leads it.

    A number that stands alone, as a heading 第三条 does, is that of the sentence after it.
    """
    made: list[Unit] = []
    offset = 0
    for one in drafts:
        pending: list[tuple[str, Marker]] = []
        for piece in one.pieces:
            numbers, begin = lead(one, piece)
            pending += numbers
            words = one.paragraphs[piece.paragraph].text[begin : piece.end]
            fold = folded(words)
            if not _WORD.search(fold.key):
                continue
            places = one.places[piece.paragraph]
            start = begin + len(words) - len(words.lstrip(_BESIDE))
            made.append(Unit(
                len(made), words.strip(_BESIDE), fold.key, fold.strict,
                "".join(text for text, _ in pending),
                tuple((m.kind, m.number, m.suffix) for _, m in pending),
                piece.paragraph + offset, piece.start, piece.end,
                Span(one.source, places[start], places[piece.end - 1] + 1),
            ))  # fmt: skip
            pending = []
        offset += len(one.paragraphs)
    return tuple(made)


def copy_of(name: str, drafts: Sequence[Draft]) -> Copy:
    """The copy that ``drafts`` make up."""
    return Copy(
        name, units(drafts), tuple(chain.from_iterable(d.paragraphs for d in drafts)),
        tuple(chain.from_iterable(d.left_out for d in drafts)), drafts[0].front if drafts else "",
    )  # fmt: skip


def with_pieces(one: Draft, pieces: Iterable[Piece]) -> Draft:
    """``one`` cut anew."""
    return evolve(one, pieces=tuple(pieces))
