"""Where a paragraph stands in a regulation, printed and read as lawyers write it.

第十六条第（六）项, 第十八条第（一）项第2目, 二、（二）5, 第十四条第二款. Two styles follow from
the text: one built of articles names every level (条, 款, 项, 目), one built of 一、（一）1．
strings its numbers together. ``parse_reference`` reads both and the short forms drafters
type; for every path ``p``, ``parse_reference(str(p)) == p``.
"""

from __future__ import annotations

import re
from typing import Literal, cast

from attrs import field, frozen

from tiaowen.dsl.normal import halfwidth
from tiaowen.dsl.numerals import chinese, read_integer

Kind = Literal[
    "编", "章", "节", "条", "一", "款", "（一）", "1", "（1）", "①", "段", "表", "行",
    "附件", "序言", "落款",
]  # fmt: skip

CONTEXT_KINDS = ("编", "章", "节")
DEPTH: dict[str, int] = {
    "编": 0, "章": 1, "节": 2, "条": 3, "一": 4, "款": 5, "（一）": 6, "1": 7, "（1）": 8, "①": 9,
    "段": 10, "表": 11, "行": 12, "附件": 1, "序言": 3, "落款": 3,
}  # fmt: skip
"""How deep a kind of number stands; a number closes everything as deep as itself."""

_LARGEST = 9999


@frozen
class PathPart:
    """One step: ``PathPart("条", 16, 1)`` is 第十六条之一; ``suffix`` 0 is none."""

    kind: Kind
    number: int
    suffix: int = 0


@frozen
class ArticlePath:
    """The steps from the article down. The chapter is context: kept, not printed, not compared.

    The empty path is the whole text.
    """

    parts: tuple[PathPart, ...] = ()
    context: tuple[PathPart, ...] = field(default=(), eq=False)

    def __str__(self) -> str:
        if not self.parts:
            return "全文"
        named = self.parts[0].kind in ("条", *CONTEXT_KINDS)
        return "".join(
            _print(part, named, last=at == len(self.parts) - 1)
            for at, part in enumerate(self.parts)
        )

    def covers(self, other: ArticlePath) -> bool:
        """Whether ``other`` is this place or stands inside it."""
        within = other.parts
        if self.parts and self.parts[0].kind in CONTEXT_KINDS:
            within = other.context + other.parts
            mine = self.context + self.parts
            return within[: len(mine)] == mine or other.parts[: len(self.parts)] == self.parts
        return within[: len(self.parts)] == self.parts

    @property
    def parent(self) -> ArticlePath:
        """The place this one stands in; the whole text stands in itself."""
        return ArticlePath(self.parts[:-1], self.context)

    @property
    def article(self) -> ArticlePath:
        """The 条 (or the 一、 of a text without articles) this place belongs to."""
        return ArticlePath(self.parts[:1], self.context)

    def child(self, kind: Kind, number: int, suffix: int = 0) -> ArticlePath:
        return ArticlePath((*self.parts, PathPart(kind, number, suffix)), self.context)


def circled(number: int) -> str:
    """①…⑳; a larger number in brackets."""
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else f"（{number}）"


def _print(part: PathPart, named: bool, last: bool) -> str:
    number, kind = part.number, part.kind
    after = f"之{chinese(part.suffix)}" if part.suffix else ""
    match kind:
        case "编" | "章" | "节" | "条":
            return f"第{chinese(number)}{kind}{after}"
        case "一" if named:
            return f"第{chinese(number)}部分{after}"
        case "一":
            return f"{chinese(number)}{after}{'' if last else '、'}"
        case "款":
            return f"第{chinese(number)}款{after}"
        case "（一）":
            return f"第（{chinese(number)}）项{after}" if named else f"（{chinese(number)}）{after}"
        case "1":
            return f"第{number}目{after}" if named else f"{number}{after}"
        case "（1）":
            return f"第（{number}）点{after}" if named else f"（{number}）{after}"
        case "①":
            return f"第{number}小点{after}" if named or number > 20 else f"{circled(number)}{after}"
        case "段" | "行":
            return f"第{number}{kind}"
        case "附件":
            return f"附件{number or ''}"
        case "表":
            return "表" if number == 1 else f"表{number}"
        case _:
            return kind


_N = r"(?:\d{1,4}|[零〇一二三四五六七八九十百千两]{1,9})"
_C = r"[零〇一二三四五六七八九十百千两]{1,9}"
_SUFFIX = rf"(?:之(?P<suffix>{_C}))?"
_STEPS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern + _SUFFIX))
    for kind, pattern in (
        ("段", rf"第?(?P<n>{_N})段"),
        ("行", rf"第?(?P<n>{_N})行"),
        ("编", rf"第(?P<n>{_N})编"),
        ("章", rf"第(?P<n>{_N})章"),
        ("节", rf"第(?P<n>{_N})节"),
        ("条", rf"第?(?P<n>{_N})条"),
        ("款", rf"第?(?P<n>{_N})款"),
        ("（一）", rf"第?\(?(?P<n>{_N})\)?项"),
        ("（一）", rf"第?\((?P<n>{_C})\)"),
        ("1", rf"第?(?P<n>{_N})目"),
        ("①", rf"第(?P<n>{_N})小点"),
        ("（1）", r"第?\((?P<n>\d{1,4})\)点?"),
        ("①", r"(?P<n>[①-⑳])"),
        ("表", r"表(?P<n>\d{1,4})?"),
        ("一", rf"第(?P<n>{_N})部分"),
        ("附件", r"附件(?P<n>\d{1,4})?"),
        ("序言", r"(?P<n>)序言"),
        ("落款", r"(?P<n>)落款"),
        ("一", rf"(?P<n>{_C})"),
        ("1", r"(?P<n>\d{1,4})"),
    )
)
_FOLD = str.maketrans("條項節編點", "条项节编点")
_BETWEEN = re.compile(r"[、.,]")


def _number(kind: str, written: str | None) -> int | None:
    if not written:
        return 1 if kind == "表" else 0
    if "①" <= written <= "⑳":
        return ord(written) - 0x2460 + 1
    value = read_integer(written)
    return value if value is not None and 0 < value <= _LARGEST else None


def parse_reference(text: str) -> ArticlePath | None:
    """The path a drafter typed, or ``None``.

    Reads 第三十二条, 第十八条（一）2, 第十八条第（一）项第2目, 第16条(六), 二（一）5,
    二、（一）5, 第十四条第二款, 第十六条之一, 第五章. Spaces and width do not matter. A
    bracketed Arabic number right after an article is its item: 第十六条(6).
    """
    rest = re.sub(r"\s+", "", halfwidth(text)).translate(_FOLD)
    if rest == "全文":
        return ArticlePath()
    parts: list[PathPart] = []
    at = 0
    while at < len(rest):
        step = _step(rest, at, parts)
        if step is None:
            return None
        part, at = step
        parts.append(part)
        between = _BETWEEN.match(rest, at)
        if between:
            at = between.end()
    context = 0
    while context < len(parts) - 1 and parts[context].kind in CONTEXT_KINDS:
        context += 1
    if parts and parts[-1].kind in CONTEXT_KINDS:
        context = len(parts) - 1
    if not parts:
        return None
    return ArticlePath(tuple(parts[context:]), tuple(parts[:context]))


def _step(rest: str, at: int, before: list[PathPart]) -> tuple[PathPart, int] | None:
    previous = before[-1].kind if before else ""
    for kind, pattern in _STEPS:
        match = pattern.match(rest, at)
        if match is None:
            continue
        if kind == "（1）" and previous == "条" and "点" not in match[0]:
            kind = "（一）"
        if kind == "一" and before and previous not in ("条", *CONTEXT_KINDS):
            continue
        if previous not in ("", "段") and DEPTH[kind] <= DEPTH[previous]:
            continue
        number = _number(kind, match["n"])
        suffix = read_integer(match["suffix"]) if match["suffix"] else 0
        if number is None or suffix is None:
            return None
        return PathPart(cast(Kind, kind), number, suffix), match.end()
    return None
