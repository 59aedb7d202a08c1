"""Cells of aligned figures: the figure by itself, and in notes all that goes with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from attrs import define, field

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Program
from tiaowen.review.difference.records import Figure, Key, Row, Side, Span, Stated
from tiaowen.review.present.difference_words import Said
from tiaowen.review.present.page import Point
from tiaowen.review.present.symbolic import bounds, written

Both: TypeAlias = tuple[tuple[Stated, ...], tuple[Stated, ...]]

SHORT = 14
"""Characters up to which a formula stands in the table itself."""
FAMILY = 2
"""Grades whose names begin with so many equal characters are one family: 三级甲等, 三级乙等."""


@define
class Cells:
    """Writes the cells of one figure. Notes are numbered as they are first needed."""

    said: Said
    sides: tuple[Side, Side]
    own: tuple[Said, Said]
    notes: dict[tuple[str, str], str] = field(factory=dict)
    """(text, article) -> its mark"""

    def cell(self, stated: Sequence[Stated], side: int, step: bool, cited: bool) -> str:
        """What one side says in a row; ``step`` adds what its own table calls the row, ``cited``
        a note with the article."""
        if not stated:
            return self.said.say("none")
        return self.said("semicolon").join(self._one(s, side, step, cited) for s in stated)

    def _one(self, stated: Stated, side: int, step: bool, cited: bool) -> str:
        shown, note = self.short(stated, side)
        if step and stated.step and stated.provided:
            shown = self.said.say("step", shown, self._members(stated.step, side))
        marked = note or (cited and stated.rule is not None)
        return shown + (self._mark(note, stated, side) if marked else "")

    def short(self, stated: Stated, side: int) -> tuple[str, str]:
        """The figure in few words, and what a note has to add; the note is '' where nothing."""
        own, say = self.own[side], self.said.say
        value, notes = stated.value, []
        if value is None:
            shown = say("not_provided")
            notes += [stated.reason] if stated.reason else []
        elif isinstance(value, c.ParameterRef):
            shown = say("left")
            info = self.sides[side].program.parameters[value.name]
            notes.append(say("left_note", own.name(info.name), info.delegation))
        else:
            shown = table_in_words(value, own)
            if len(shown) > SHORT and not isinstance(value, c.Constant):
                notes.append(shown)
                shown = say("formula")
        for name in stated.given:
            source = self.sides[side].parameters[name].source or own("no_source")
            notes.append(say("given_note", own.name(name), source))
        if stated.condition is not None:
            notes.append(own("when", written(stated.condition, own)))
        if stated.readings:
            notes.append(say("under_reading", own.choices(dict(stated.readings))))
        return shown, self.said("semicolon").join(notes)

    def _mark(self, note: str, stated: Stated, side: int) -> str:
        name = self.said.say("first" if side == 0 else "second")
        text = f"{name}{self.said('separator')}{note}" if note else name
        article = stated.rule.article if stated.rule is not None else ""
        return self.notes.setdefault((text, article), _number(len(self.notes) + 1))

    def points(self) -> tuple[Point, ...]:
        """The notes, in the order of their marks."""
        return tuple(Point(f"{mark} {text}", article)
                     for (text, article), mark in self.notes.items())  # fmt: skip

    # --- what a row is about

    def span(self, span: Span, key: Key) -> str:
        """The values of a key that a row is about."""
        if span.range is not None:
            return bounds_of(span.range, self.own[0])
        if not span.values:
            return self.said.say("none")
        names = list(span.values)
        if key.type == ty.TRUTH:
            return self.said("list").join(self.said.value(n == "是", "是否") for n in names)
        programs = [side.program for side in self.sides]
        if key.levels:
            return self.said("list").join(families(names, programs[0], key, self.said))
        shown = _without_parts(self._grouped(names, key, programs), programs)
        return self.said("list").join(self.said.name(n) for n in shown)

    def _grouped(self, names: Sequence[str], key: Key, programs: Iterable[Program]) -> list[str]:
        """Members by the name of a group that holds just them: 药品 for its four catalogues."""
        left = list(names)
        for program in programs:
            info = program.enums.get(key.type.name)
            for group, members in info.groups.items() if info is not None else ():
                sayable = self.said.chinese or group in self.said.labels.names
                if sayable and len(members) > 1 and members <= set(left):
                    at = min(left.index(member) for member in members)
                    left[at] = group
                    left = [name for name in left if name not in members]
        return left

    def _members(self, text: str, side: int) -> str:
        own = self.own[side]
        return own("list").join(own.name(part.strip()) for part in text.split("、"))

    def common_step(self, row: Row, label: str) -> str:
        """What both tables call a row, where they call it alike and otherwise than ``label``."""
        steps = {s.step for s in (*row.first, *row.second) if s.provided and s.step}
        if len(steps) != 1:
            return ""
        step = self._members(steps.pop(), 0 if row.first else 1)
        return "" if step == label else step

    def labelled(self, row: Row, span: Span, key: Key) -> str:
        """The values of a key; of grades that both tables call alike also what they call them,
        unless that is a list itself."""
        label = self.span(span, key)
        step = self.common_step(row, label) if key.levels else ""
        if not step or self.said("list") in step:
            return step or label
        return self.said.say("step", step, label)


def table_in_words(value: c.Core, words: Said) -> str:
    """A figure or a formula; of what is left of a table its rows."""
    if not isinstance(value, c.Pick):
        return written(value, words)
    rows = []
    for row in value.rows:
        cells = [bounds_of(m, words) if isinstance(m, c.RangeOf) else words.name(m.text)
                 for m in row.matchers if m is not None]  # fmt: skip
        where = words("list").join(cells)
        rows.append(f"{where}{words('separator')}{written(row.value, words)}" if where
                    else written(row.value, words))  # fmt: skip
    names = words("list").join(
        words.name(name) for at, name in enumerate(value.key_names)
        if any(row.matchers[at] is not None for row in value.rows)
    )  # fmt: skip
    return f"{names} {words('semicolon').join(rows)}".strip()


def bounds_of(cell: c.RangeOf, words: Said) -> str:
    """A range; of a single number that number."""
    both = cell.low_closed and cell.high_closed
    if both and cell.low is not None and cell.low == cell.high:
        return f"= {written(cell.low, words)}"
    return bounds(cell, words)


def families(names: Sequence[str], program: Program, key: Key, said: Said) -> list[str]:
    """Grades in few words: a family of which none is missing by the name of the family."""
    info = program.enums.get(key.type.base or key.type.name)
    every = list(info.codes) if info is not None else list(names)
    found: list[str] = []
    for name in names:
        family = [n for n in every if n[:FAMILY] == name[:FAMILY]]
        whole = len(family) > 1 and set(family) <= set(names)
        shown = said.name(name)
        if whole:
            shown = name[:FAMILY] if said.chinese else shown.split(",")[0]
        if shown not in found:
            found.append(shown)
    return found


def _without_parts(names: Iterable[str], programs: Iterable[Program]) -> list[str]:
    """Members without those that another of them includes: 在职灵活就业 is 在职."""
    codes: dict[str, str] = {}
    for program in programs:
        for info in program.enums.values():
            if info.kind == "prefix":
                codes.update({n: code.rstrip("*") for n, code in info.codes.items()})
    shown = list(names)
    whole = {codes[n] for n in shown if n in codes}

    def included(name: str) -> bool:
        code = codes.get(name, "")
        return any(code != other and code.startswith(other) for other in whole)

    return [name for name in shown if not included(name)]


def _number(number: int) -> str:
    """① to ⑳, then in brackets."""
    return chr(ord("①") + number - 1) if number <= 20 else f"({number})"


def article_of(figure: Figure, side: int) -> str:
    """The article that all of one side's figures rest on; '' where they differ."""
    stated = [s for row in figure.rows for s in (row.first, row.second)[side]]
    articles = {s.rule.article for s in stated if s.rule is not None and s.provided}
    return articles.pop() if len(articles) == 1 else ""
