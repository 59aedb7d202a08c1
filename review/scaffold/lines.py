"""The paragraphs of a plain text: lines put together and taken apart as a reader would.

A page break cuts a sentence in two; a bad extraction runs whole articles together. Neither
adds or loses a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attrs import frozen

from tiaowen.dsl.markers import Marker, read_marker

_LINE_END = re.compile(r"\r\n?|\n|\u2028|\u2029|\x0b|\x0c|\x85")
_HASHES = re.compile(r"#{1,6}(?:[ \t]+|$)")
_RULE = re.compile(r"(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}")
_ENDED = re.compile(r"[。：！？；:!?;.…][”’」』）)\]】》]*$")
_NAMED = re.compile(
    r"(?:通知|通告|公告|决定|決定|办法|辦法|规定|規定|意见|意見|方案|细则|細則|条例|條例|规程|規程"
    r"|标准|標準)(?:[（(][^（()）]{1,12}[）)])?$"
)
_DATED = re.compile(r"[\d零〇○一二三四五六七八九十]{4}年.{1,4}月.{1,4}日\S{0,4}")
_FULL_LINE = 20
_RUN_ON = 200
_SPLIT = re.compile(
    r"(?<=[。；：])(?=(?:[（(][一二三四五六七八九十]{1,3}[）)]"
    r"|[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十]{1,3}[、级类档])"
    r"|\d{1,2}[．.、](?!\d)|第[一二三四五六七八九十百]{1,5}[章条][ \u3000]))"
)


@frozen
class Line:
    """A paragraph, without space at its ends. ``hashes`` is the level of a Markdown heading
    that the text has already, else 0."""

    text: str
    marker: Marker | None = None
    hashes: int = 0

    @property
    def body(self) -> str:
        """The words after the number."""
        return self.text[self.marker.length :].strip() if self.marker else self.text

    @property
    def number(self) -> str:
        """The number as written."""
        return self.text[: self.marker.length].strip() if self.marker else ""


def is_markdown(text: str) -> bool:
    """Whether ``text`` has Markdown headings already, so that its signs mean what they do."""
    return any(_HASHES.match(line.strip()) for line in _LINE_END.split(text))


def paragraphs(text: str) -> list[Line]:
    """The paragraphs of ``text``, lines joined and parted. In a text that has Markdown headings
    the signs of headings and rules are no words of it."""
    raw = [line.strip() for line in _LINE_END.split(text.removeprefix("\ufeff"))]
    markdown = is_markdown(text)
    lines: list[tuple[str, int]] = []
    for line in raw:
        hashes = 0
        if markdown:
            found = _HASHES.match(line)
            hashes = len(found[0].rstrip()) if found else 0
            line = "" if _RULE.fullmatch(line) else line[found.end() :] if found else line
        if line.strip():
            lines.append((line.strip(), hashes))
    return list(_marked(_joined(_parted(lines))))


def _parted(lines: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """A text whose lines are whole pages is broken before every number after a sentence."""
    listed = list(lines)
    lengths = sorted(len(line) for line, _ in listed)
    if not lengths or lengths[len(lengths) // 2] <= _RUN_ON:
        return listed
    return [(part.strip(), hashes) for line, hashes in listed
            for part in _SPLIT.split(line) if part.strip()]  # fmt: skip


def _joined(lines: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """A line that stops in mid-sentence takes the next one to it."""
    found: list[tuple[str, int]] = []
    for line, hashes in lines:
        if found and not hashes and _broken(*found[-1]) and _continues(line):
            before, level = found[-1]
            space = " " if before[-1].isascii() and line[0].isascii() and (
                before[-1].isalnum() and line[0].isalnum()) else ""  # fmt: skip
            found[-1] = (before + space + line, level)
        else:
            found.append((line, hashes))
    return found


def _broken(line: str, hashes: int) -> bool:
    return not hashes and len(line) >= _FULL_LINE and not _ENDED.search(line) and (
        _NAMED.search(line) is None and _DATED.search(line[-12:]) is None)  # fmt: skip


def _continues(line: str) -> bool:
    return read_marker(line, False, {}) is None and _DATED.fullmatch(line) is None and (
        "〔" not in line[:8])  # fmt: skip


def _marked(lines: Iterable[tuple[str, int]]) -> Iterator[Line]:
    """Each paragraph with its number, told as the outline tells it."""
    follows: dict[str, int] = {}
    for text, hashes in lines:
        marker = read_marker(text, bool(hashes), follows)
        if marker is not None:
            follows[marker.kind] = marker.number
        yield Line(text, marker, hashes)
