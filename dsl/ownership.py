"""Which number a paragraph without one belongs to.

A regulation does not say where a list ends. After the last item, a paragraph may continue
the item (济南 二（四）1), the item around the list (资阳 第十二条（三）) or the article
(资阳 第七条). Read from the innermost item outwards, an item keeps the paragraph when

- its own line is a title or introduces something: no full stop, or a colon at its end;
- it stands in a heading;
- its list goes on after the paragraph;
- an earlier item of its list had such paragraphs, or a title over items of its own;
- it is the first and has a short title that ends in a full stop; or
- the article has nothing but a title before its items, so that there is no text to go back to.

Otherwise the paragraph is the article's.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from attrs import Factory, define

from tiaowen.dsl.article_path import CONTEXT_KINDS, DEPTH, ArticlePath, Kind, PathPart
from tiaowen.dsl.markdown import Table
from tiaowen.dsl.markers import Instruction, Marker
from tiaowen.dsl.source import Span

_ITEMS = ("（一）", "1", "（1）", "①")
_STOP = re.compile(r"[。；！？;!?][”’」』）)]*$")
_COLON = re.compile(r"[：:]$")
_FIGURE = re.compile(r"[\d０-９%％]|百分|[一二三四五六七八九十]倍")
_PREDICATE = re.compile(r"由|按|应|为|是|可|不|得|享|纳入|负责|支付|适用|设|予|视|另行")
_RULES = re.compile(r"实行|执行|坚持|建立|推行|统一|适用")
_TITLE = 30
_SHORT = 30


@define(eq=False)
class Unit:
    """One paragraph before its path is known; ``level`` is a Markdown heading's, else 0."""

    span: Span
    marker: Marker | None = None
    level: int = 0
    order: Instruction | None = None
    table: Table | None = None
    target: ArticlePath | None = None

    @property
    def body(self) -> str:
        """The words after the number."""
        return self.span.text[self.marker.length if self.marker else 0 :].strip()


def is_title(body: str) -> bool:
    """A short line without a full stop, a colon or a figure: 统筹区内住院."""
    return (
        0 < len(body) <= _TITLE
        and not _STOP.search(body)
        and not _COLON.search(body)
        and not _FIGURE.search(body)
    )


def _is_stopped_title(body: str) -> bool:
    """A title that ends in a full stop, as some texts have it: 基金收支管理。"""
    return (
        len(body) <= _SHORT
        and body.endswith("。")
        and body.count("。") == 1
        and not _FIGURE.search(body)
        and not _PREDICATE.search(body)
        and not body.endswith("的。")
    )


@define(eq=False)
class Place:
    """A numbered place while the text is read; ``texts`` are what is counted as 款 or 段."""

    part: PathPart | None
    parent: Place | None
    path: ArticlePath
    unit: Unit | None = None
    level: int = 0
    texts: list[Unit] = Factory(list)
    titles: dict[int, int] = Factory(dict)
    tables: dict[int, int] = Factory(dict)
    latest: dict[str, int] = Factory(dict)
    continued: set[str] = Factory(set)
    children: int = 0
    counted: dict[int, int] = Factory(dict)

    @property
    def kind(self) -> str:
        return self.part.kind if self.part else ""

    def leave(self, unit: Unit) -> None:
        self.texts.remove(unit)
        self.counted.clear()

    def path_of(self, unit: Unit) -> ArticlePath:
        """The path of one of this place's own paragraphs; all of them must be known."""
        if not self.counted and self.texts:
            self._count()
        number = self.counted.get(id(unit), 0)
        if self.kind == "条":
            several = self.counted[0] > 1
            return self.path.child("款", number) if several and number else self.path
        return self.path.child("段", number) if number > 1 else self.path

    def _count(self) -> None:
        """A title shares the number of the paragraph it heads; the place's own has none."""
        number = 0
        waiting: list[Unit] = []
        for unit in self.texts:
            if self.is_own_title(unit):
                continue
            if unit is not self.unit and is_title(unit.body) and unit is not self.texts[-1]:
                waiting.append(unit)
                continue
            number += 1
            for one in (*waiting, unit):
                self.counted[id(one)] = number
            waiting.clear()
        self.counted[0] = number

    def is_own_title(self, unit: Unit) -> bool:
        """Whether ``unit`` names this place and is no 款 or 段 of it: 基本医疗保险待遇。"""
        if unit is self.unit:
            return not unit.body or (self.kind not in _ITEMS and _names_article(unit.body))
        if self.kind != "条" or (self.unit is not None and self.unit.body):
            return False
        first = 1 if self.texts[0] is self.unit else 0
        return (
            len(self.texts) > first
            and self.texts[first] is unit
            and (len(self.texts) > first + 1 or bool(self.children or self.tables))
            and _names_article(unit.body)
        )


def _names(body: str) -> bool:
    return is_title(body) or _is_stopped_title(body)


def _names_article(body: str) -> bool:
    """As ``_names``, for an article's own words: 实行市级统收统支。 is a rule and no title."""
    return is_title(body) or (_is_stopped_title(body) and not _RULES.match(body))


def names_what_follows(unit: Unit, place: Place) -> bool:
    """Whether a paragraph only names what stands under it, and so has no rule of its own."""
    if unit.level:
        return not (_STOP.search(unit.body) and len(unit.body) > _SHORT)
    more = len(place.texts) > 1 or bool(place.children or place.tables)
    if unit is place.unit:
        named = _names(unit.body) if place.kind in _ITEMS else place.is_own_title(unit)
        return not unit.body or (more and named)
    if place.is_own_title(unit):
        return True
    return is_title(unit.body) and unit is not place.texts[-1]


class Places:
    """The walk through the text: a stack of open places, and who keeps what has no number."""

    def __init__(self, units: list[Unit]) -> None:
        self.units = units
        self.root = Place(None, None, ArticlePath())
        self.here = self.root
        self.repeated: list[tuple[ArticlePath, Span]] = []
        self._taken: set[ArticlePath] = set()
        self._preface: Place | None = None
        self._numbered: dict[str, list[int]] = {}
        for at, unit in enumerate(units):
            if unit.marker is not None:
                self._numbered.setdefault(unit.marker.kind, []).append(at)

    def take(self, at: int) -> Place:
        """Give the ``at``-th unit its place; units come in order, once each."""
        unit = self.units[at]
        if unit.target is not None:
            return self._order(unit, unit.target)
        if unit.marker is not None:
            return self._open(unit, unit.marker)
        if unit.level:
            while self.here is not self.root and not 0 < self.here.level < unit.level:
                self.here = self.here.parent or self.root
            return self.here
        self.here = self._owner(at)
        if unit.table is not None:
            self.here.tables[id(unit)] = len(self.here.tables) + 1
        else:
            self.here.texts.append(unit)
        return self.here

    def foot(self) -> Place:
        return self._child(self.root, PathPart("落款", 0))

    def _child(self, parent: Place, part: PathPart) -> Place:
        before = parent.path
        if before.parts and before.parts[-1].kind in CONTEXT_KINDS:
            path = ArticlePath((part,), (*before.context, *before.parts))
        else:
            path = ArticlePath((*before.parts, part), before.context)
        parent.children += 1
        if parent.unit is not None and parent.parent is not None and _names(parent.unit.body):
            parent.parent.continued.add(parent.kind)
        return Place(part, parent, path)

    def _order(self, unit: Unit, target: ArticlePath) -> Place:
        self.here = self.root
        for part in target.parts:
            self.here = self._child(self.here, part)
            self.here.level = unit.level
        self._taken.clear()
        return self.here

    def _open(self, unit: Unit, marker: Marker) -> Place:
        depth = DEPTH[marker.kind]
        while self.here.part is not None and (
            DEPTH[self.here.kind] >= depth or self.here.kind in ("序言", "落款")
        ):
            if self.here.kind == "段" and depth > DEPTH["款"]:
                break
            self.here = self.here.parent or self.root
        parent = self.here
        if 0 < marker.number <= parent.latest.get(marker.kind, 0) and not marker.suffix:
            parent = self._second_list(parent)
        place = self._child(parent, PathPart(marker.kind, marker.number, marker.suffix))
        parent.latest[marker.kind] = max(marker.number, parent.latest.get(marker.kind, 0))
        place.unit, place.level = unit, unit.level
        place.texts.append(unit)
        if place.path in self._taken:
            self.repeated.append((place.path, unit.span))
        self._taken.add(place.path)
        self.here = place
        return place

    def _second_list(self, parent: Place) -> Place:
        """A list that counts from one again hangs on the paragraph that introduces it."""
        last = parent.texts[-1] if parent.texts else None
        if last is None or last is parent.unit or parent.kind not in ("条", "一", *_ITEMS):
            return parent
        kind: Kind = "款" if parent.kind == "条" else "段"
        parent.counted.clear()
        parent._count()
        number = parent.counted.get(id(last), 0)
        parent.counted.clear()
        return self._child(parent, PathPart(kind, number)) if number > 1 else parent

    def _owner(self, at: int) -> Place:
        place = self.here
        if place is self.root:
            if self._preface is None:
                self._preface = self._child(self.root, PathPart("序言", 0))
            return self._preface
        while place.kind in (*_ITEMS, "款", "段") and place.parent is not None:
            if place.level or (place.kind in _ITEMS and self._keeps(place, at)):
                break
            place = place.parent
        if place.kind in _ITEMS and place.parent is not None:
            place.parent.continued.add(place.kind)
        return place

    def _keeps(self, place: Place, at: int) -> bool:
        if place.unit is None or place.part is None or place.parent is None:
            return True
        body = place.unit.body
        if not _STOP.search(body):
            return True
        if place.kind in place.parent.continued or self._goes_on(place.part, at):
            return True
        if place.part.number == 1 and _is_stopped_title(body):
            return True
        around = place.parent
        introduced = any(not around.is_own_title(text) for text in around.texts)
        return around.kind not in _ITEMS and not introduced

    def _goes_on(self, part: PathPart, at: int) -> bool:
        """Whether the next number of this depth or above is the next one of the same list."""
        following: list[int] = []
        for kind, indices in self._numbered.items():
            if DEPTH[kind] <= DEPTH[part.kind]:
                next_one = bisect_right(indices, at)
                following.extend(indices[next_one : next_one + 1])
        if not following:
            return False
        marker = self.units[min(following)].marker
        return (
            marker is not None
            and marker.kind == part.kind
            and (marker.number == part.number + 1 or bool(marker.suffix))
        )
