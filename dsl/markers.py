"""The numbers a Chinese regulation counts with, recognised at the head of a line.

第X章, 第X条(之一), 一、, （一）, 1．/1、/1., （1）, ①, 附件1; and, in a file that amends
another, the headings 修改, 删去 and 增加.
"""

from __future__ import annotations

import re
from typing import Literal, cast

from attrs import frozen

from tiaowen.dsl.article_path import Kind
from tiaowen.dsl.normal import halfwidth
from tiaowen.dsl.numerals import read_integer

Verb = Literal["修改", "删去", "增加"]


@frozen
class Marker:
    """A number at the head of a line; ``length`` counts its characters and the space after."""

    kind: Kind
    number: int
    suffix: int
    length: int


@frozen
class Instruction:
    """An amending heading as written: ``target``, and the ``anchor`` 增加 goes behind or before."""

    verb: Verb
    target: str
    anchor: str
    before: bool


_C = "[零〇一二三四五六七八九十百千两]"
_BOLD = r"(?:\*\*|__)?"
_LONG = (
    rf"第\s*(?P<n>\d{{1,4}}|{_C}{{1,9}})\s*(?P<kind>[编章节条條節編])"
    rf"(?:之(?P<suffix>{_C}{{1,4}}))?"
)
_SHORT: tuple[tuple[str, str], ...] = (
    ("一", rf"(?P<n>{_C}{{1,5}})(?:之(?P<suffix>{_C}{{1,4}}))?、(?!{_C}+[、级類类档])"),
    ("（一）", rf"\(\s*(?P<n>{_C}{{1,5}})\s*\)"),
    ("1", r"(?P<n>\d{1,3})\s?(?:、|\.(?!\d)|\.(?=\d{4}年))"),
    ("（1）", r"\(?(?P<n>\d{1,3})\s*\)"),
    ("①", r"(?P<n>[①-⑳])"),
)
_AFTER = rf"{_BOLD}[ \t:]*{_BOLD}"
_ARTICLE = re.compile(rf"{_BOLD}\s*{_LONG}(?P<gap>{_BOLD}(?:[\s:、]+{_BOLD}|$))?")
_ITEMS = tuple((kind, re.compile(rf"{_BOLD}\s*{body}{_AFTER}")) for kind, body in _SHORT)
_BARE = re.compile(rf"(?P<n>{_C}{{1,5}})(?:[\s.、]+|$)")
_ANNEX = re.compile(r"附件\s*(?P<n>\d{1,3})?(?:[\s:.、]+|$)")
_FAR = 40
_WIDE_DOT = re.compile(r"．(?!\d{1,2}[%％‰倍万亿])")
"""A full-width dot ends a number (4．2000年), but for decimals such as 7．5%."""

_FOLD = {"條": "条", "節": "节", "編": "编"}


def read_marker(line: str, heading: bool, follows: dict[str, int]) -> Marker | None:
    """The number at the head of ``line``.

    ``follows`` maps 章, 条 … to the last number seen: 第十七条 written without a space after it
    opens an article only where it is the next one, since a sentence may begin with 第十六条规定.
    """
    text = halfwidth(_WIDE_DOT.sub("、", line[:_FAR]))
    article = _ARTICLE.match(text)
    if article:
        number = read_integer(article["n"])
        kind = _FOLD.get(article["kind"], article["kind"])
        expected = follows.get(kind, 0) + 1
        if number and (heading or article["gap"] is not None or number == expected):
            return _marker(kind, number, article)
        return None
    for kind, pattern in _ITEMS:
        match = pattern.match(text)
        if match:
            written = match["n"]
            number = ord(written) - 0x245F if kind == "①" else read_integer(written)
            return _marker(kind, number, match) if number else None
    annex = _ANNEX.match(text)
    if annex and (heading or annex.end() == len(text)):
        return Marker("附件", int(annex["n"] or 0), 0, annex.end())
    bare = _BARE.match(text) if heading else None
    number = read_integer(bare["n"]) if bare else None
    return _marker("一", number, bare) if bare and number else None


def _marker(kind: str, number: int, match: re.Match[str]) -> Marker:
    suffix = match.groupdict().get("suffix")
    return Marker(cast(Kind, kind), number, read_integer(suffix) or 0 if suffix else 0, match.end())


_VERBS: dict[str, Verb] = {
    "修改": "修改", "删去": "删去", "刪去": "删去", "删除": "删去", "增加": "增加",
    "amend": "修改", "delete": "删去", "insert": "增加",
}  # fmt: skip
_INSTRUCTION = re.compile(rf"(?P<verb>{'|'.join(_VERBS)})(?:\s+|(?=第))(?P<rest>.+)", re.I | re.S)
_PLACED = (
    re.compile(r"(?P<target>.+?)\s*[于於]\s*(?P<anchor>.+?)\s*之?(?P<side>[后後前])"),
    re.compile(r"(?P<target>.+?)\s+(?P<side>after|before)\s+(?P<anchor>.+)", re.I),
)


def read_instruction(heading: str) -> Instruction | None:
    """What an amending heading orders: ``增加 （八） 于 第十六条（七）后``."""
    match = _INSTRUCTION.fullmatch(halfwidth(heading).strip())
    if match is None:
        return None
    verb, rest = _VERBS[match["verb"].lower()], match["rest"].strip()
    placed = next((m for p in _PLACED if (m := p.fullmatch(rest))), None)
    if verb != "增加" or placed is None:
        return Instruction(verb, rest, "", before=False)
    before = placed["side"].lower() in ("前", "before")
    return Instruction(verb, placed["target"].strip(), placed["anchor"].strip(), before)
