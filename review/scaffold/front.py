"""What a regulation's text says about itself: its name, number, issuer and time in force.

Only what is written there is filled in; what a drafter has to look up stays open and says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import takewhile

from attrs import frozen

from tiaowen.dsl.normal import halfwidth, simplified
from tiaowen.dsl.numerals import read_integer
from tiaowen.review.scaffold.lines import Line

_KINDS = ("办法", "规定", "意见", "通知", "通告", "公告", "决定", "方案", "细则", "条例", "规程",
          "标准", "规则", "制度")  # fmt: skip
_TITLE = re.compile(rf"^[^。；，,;]{{4,80}}(?:{'|'.join(_KINDS)})(?:\([^()]{{1,12}}\))?$")
_TITLE_AHEAD = re.compile(rf"[^。；，,;:]{{4,80}}(?:{'|'.join(_KINDS)})")
_LONGEST = 40
_UNKNOWN = "（待填：政策名称）"
_NOTICE = re.compile(r"关于(?:印发|转发|发布|公布)|通知")
_BRACKETS = re.compile(r"[（(][^（()）]{1,12}[）)]")
NUMBER = re.compile(
    r"(?:(?![的知以按据照日年月厅室])[\u4e00-\u9fff]){2,8}[〔\[［(（]\s*(?:19|20)\d{2}\s*[〕\]］)）]\s*\d{1,4}\s*[号號]"
)
_ISSUER = re.compile(r"[\u4e00-\u9fff]{2,24}(?:人民政府|办公室|办公厅|委员会|厅|局|部)")
_DAY = re.compile(r"([\d零〇○Ο一二三四五六七八九]{4})年\s*([\d一二三四五六七八九十]{1,3})月\s*"
                  r"([\d一二三四五六七八九十]{1,3})[日号]")  # fmt: skip
_DIGITS = str.maketrans("零〇○Ο一二三四五六七八九", "0000123456789")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_STARTS = re.compile(
    r"自(?P<day>[^。；，]{2,20}?)(?:之日)?起(?:开始)?(?:正式)?(?:实施|施行|执行|生效)"
)
_FROM_ISSUE = re.compile(r"(?:印发|发布|公布|发文|颁布)")
_PERIOD = re.compile(
    r"有效期(?:限)?(?:为|是)?\s*(?P<n>\d{1,2}|[一二三四五六七八九十]{1,2})\s*(?P<unit>年|个月)"
)
_INSURANCE = (("职工", "310"), ("居民", "390"))
_YAML_PLAIN = re.compile(r"[\u4e00-\u9fff（《“〔A-Za-z0-9][^:#'\"\[\]{},&*!|>%@`]*")
_TAIL = 12
OPEN = "未定"
"""What a draft's front matter says of the day it comes into force."""


@frozen
class Given:
    """What the drafter says; it goes before what the text says."""

    title: str = ""
    region: str = ""
    insurance: tuple[str, ...] = ()
    uses: str = "../vocabulary.tiao"
    original: str = ""


@frozen
class Front:
    """The front matter to be, as text. ``starts`` is '' where the text names no day."""

    title: str
    number: str
    issuer: str
    published: str
    region: str
    insurance: tuple[str, ...]
    starts: str
    period: str
    uses: str
    original: str

    def written(self) -> str:
        """The front matter between its two lines of ``---``."""
        insurance = f"[{', '.join(self.insurance)}]"
        entries = [
            ("政策", _scalar(self.title), ""),
            ("文号", _scalar(self.number), ""),
            ("发布机关", _scalar(self.issuer), ""),
            ("发布日期", self.published, ""),
            ("地区", self.region, "待填：医保区划代码，六位"),
            ("险种", insurance if self.insurance else "", "待填：310 职工，390 居民，510 生育"),
            ("施行", self.starts or OPEN, "条文没有写明日期"),
            ("有效期", self.period, ""),
            ("引用", self.uses, ""),
            ("原文", _scalar(self.original), ""),
        ]
        lines = []
        for key, value, note in entries:
            open_still = not value or value == OPEN
            if note and open_still:
                lines.append(f"{key}: {value}{' ' * bool(value)} # {note}")
            elif value:
                lines.append(f"{key}: {value}")
        return "\n".join(["---", *lines, "---"])


def _scalar(text: str) -> str:
    """``text`` as a YAML scalar, in quotes where it needs them."""
    if not text or (_YAML_PLAIN.fullmatch(text) and text == text.strip()):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def front_of(lines: Sequence[Line], given: Given) -> Front:
    """The front matter that ``lines`` and the drafter give."""
    preamble = preamble_of(lines)
    whole = [_plain(line.text) for line in lines]
    title = given.title or title_of(preamble).text or _beginning(lines)
    published = _published(preamble, whole)
    starts, period = _in_force(whole, published)
    number = next((t[m.start() : m.end()] for t in preamble
                   if (m := NUMBER.search(_plain(t)))), "")  # fmt: skip
    insurance = given.insurance or tuple(code for word, code in _INSURANCE if word in _plain(title))
    return Front(
        title, number, _issuer(preamble, title), published, given.region, insurance, starts, period,
        given.uses, given.original,
    )  # fmt: skip


def _plain(text: str) -> str:
    """``text`` in half-width, Simplified characters, place for place."""
    return simplified(halfwidth(text))


def preamble_of(lines: Sequence[Line]) -> list[str]:
    """The lines before the first number."""
    return [line.text for line in takewhile(lambda line: line.marker is None, lines)]


@frozen
class Title:
    """A title and the lines, ``start`` up to ``end``, that are all of it or its last part."""

    text: str = ""
    start: int = 0
    end: int = 0


def title_of(preamble: Sequence[str]) -> Title:
    """The regulation's own name: the last title before its first article, that of a notice
    which only sends it round coming second."""
    found: list[Title] = []
    for at, text in enumerate(preamble):
        plain = _plain(text)
        if not _TITLE.fullmatch(plain):
            continue
        before = preamble[at - 1] if plain.startswith("关于") and at else ""
        title = (before if _ISSUER.fullmatch(_plain(before)) else "") + text
        end = at + 1
        if end < len(preamble) and _BRACKETS.fullmatch(preamble[end]):
            title += preamble[end]
            end += 1
        found.append(Title(title, at, end))
    own = [title for title in found if not _NOTICE.search(_plain(title.text))]
    return (own or found or [Title()])[-1]


def _beginning(lines: Sequence[Line]) -> str:
    """The title that a text which runs on begins with, or else its first words."""
    if not lines or lines[0].marker is not None:
        return _UNKNOWN
    first = lines[0].text
    match = _TITLE_AHEAD.match(_plain(first))
    return first[: match.end()] if match else first[:_LONGEST]


def _issuer(preamble: Sequence[str], title: str) -> str:
    for text in preamble:
        match = _ISSUER.fullmatch(_plain(text))
        if match:
            return text
    match = re.match(r"[\u4e00-\u9fff]{2,12}?人民政府(?:办公厅|办公室)?", _plain(title))
    return title[: match.end()] if match else ""


def _published(preamble: Sequence[str], whole: Sequence[str]) -> str:
    """The day of issue: said so, at the foot of the notice, or at the foot of the text."""
    said = [t for t in (*map(_plain, preamble), *whole[-_TAIL:])
            if re.search(r"(?:发布日期|日)(?::|\S{0,2}印发)|印发$", t)]  # fmt: skip
    alone = [t for t in (*map(_plain, preamble), *whole[-_TAIL:]) if len(t) <= 16]
    for text in (*said, *alone):
        day = _day(text[-400:] if text in said else text)
        if day:
            return day
    return ""


def _day(text: str) -> str:
    match = _ISO.search(text) or _DAY.search(text)
    if match is None:
        return ""
    year = int(match[1].translate(_DIGITS))
    try:
        return date(year, read_integer(match[2]) or 0, read_integer(match[3]) or 0).isoformat()
    except ValueError:
        return ""


def _in_force(whole: Sequence[str], published: str) -> tuple[str, str]:
    """The first day in force and how long, as the last sentence about either has it."""
    starts = period = ""
    for text in reversed(whole):
        begins = _STARTS.search(text)
        if begins and not starts:
            starts = _day(begins["day"]) or (
                published if _FROM_ISSUE.search(begins["day"]) else "")  # fmt: skip
        lasts = _PERIOD.search(text)
        if lasts and not period:
            period = f"{read_integer(lasts['n'])}{lasts['unit']}"
        if begins:
            break
    return starts, period
