"""What two policies grant, side by side: each figure of one with the figure of the other.

Made from the rules alone (``review/summary.py``): a quantity meets the quantity of the same name
in the matter compared with its own. Figures are those before amendments; amendments stand beside
them, and what turns on the place of care stands by itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import Literal

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.walk import every
from tiaowen.review.difference.adjusting import (
    by_area,
    side_by_side,
)
from tiaowen.review.difference.alignment import Alignment
from tiaowen.review.difference.axes import Axis, axes_of
from tiaowen.review.difference.cells import Cells
from tiaowen.review.difference.laying import Indices, laid
from tiaowen.review.difference.lists import compared_lists
from tiaowen.review.difference.meeting import Meeting, meetings
from tiaowen.review.difference.records import (
    FIGURE_KINDS,
    AdjustmentPair,
    Figure,
    FigureKind,
    Figures,
    Key,
    Row,
    Span,
    Stated,
)
from tiaowen.review.summary import Benefit, Definition, summarize

MOST_CASES = 20_000
"""Combinations of keys beyond which tables are shown as they are written."""

Whose = Literal["both", "first", "second"]


def compared_figures(alignment: Alignment) -> Figures:
    """The figures of both in the matters compared, by kind."""
    first, second = alignment.programs
    summaries = (summarize(first, whole=True), summarize(second, whole=True))
    laying = _Laying(alignment)
    found: dict[object, Figure] = {}
    for meeting in meetings(summaries, alignment):
        for figure in laying.figures(meeting):
            key = _told_by(figure)
            known = found.get(key)
            matters = (*(known.matters if known else ()), *figure.matters)
            found[key] = evolve(figure, matters=tuple(dict.fromkeys(matters)))
    figures = sorted(found.values(), key=lambda figure: FIGURE_KINDS.index(figure.kind))
    return Figures(tuple(figures), compared_lists(summaries, alignment))


def _told_by(figure: Figure) -> object:
    """The rules that make a figure: tables and keys that several quantities go by are told
    once."""
    if figure.table:
        return (figure.quantity, figure.whose)
    rules = [s.rule.id for row in figure.rows for s in (*row.first, *row.second) if s.rule]
    rules += [a.rule.id for p in figure.adjustments for a in (p.first, p.second) if a is not None]
    return (figure.kind == "area", figure.level, figure.quantity, figure.whose, *rules)


# --- side by side


class _Laying:
    """Lays benefits side by side."""

    def __init__(self, alignment: Alignment) -> None:
        self.alignment = alignment
        self.sides = alignment.sides
        self.canons = (alignment.canon(0), alignment.canon(1))

    def figures(self, meeting: Meeting) -> Iterator[Figure]:
        """The figure, what turns on the place of care, and the tables its formulas apply."""
        benefits = meeting.benefits
        adjusted = by_area(side_by_side(meeting.adjustments, self.alignment))
        definitions = tuple(b.definitions if b is not None else () for b in benefits)
        keys, rows = self.rows(*definitions)
        whose = _whose(*map(bool, benefits))
        kind: FigureKind = meeting.shown.kind
        if rows or adjusted[False]:
            yield _figure(meeting, kind, whose, keys, rows, adjusted[False])
        for quantity, pairs in _by_quantity(adjusted[True]):
            area = _figure(meeting, "area", _whose_adjusted(pairs), (), (), pairs)
            yield evolve(area, quantity=quantity, renamed="")
        yield from self._tables(meeting, kind)

    def _tables(self, meeting: Meeting, kind: FigureKind) -> Iterator[Figure]:
        """Tables of one amount, those of the same name side by side."""
        sides = [
            {self.alignment.called(side, "table", "", name): definition
             for name, definition in _tables_of(benefit).items()}
            for side, benefit in enumerate(meeting.benefits)
        ]  # fmt: skip
        for name in dict.fromkeys((*sides[0], *sides[1])):
            first, second = ((side[name],) if name in side else () for side in sides)
            keys, rows = self.rows(first, second)
            body = (*first, *second)[0].value
            assert isinstance(body, c.Pick)
            keys = tuple(key if key.name else evolve(key, name=body.key_names[0]) for key in keys)
            yield Figure(kind, name, meeting.shown.level, body.type, meeting.matters, keys,
                         rows, (), _whose(bool(first), bool(second)), table=True)  # fmt: skip

    def rows(self, first: Sequence[Definition],
             second: Sequence[Definition]) -> tuple[tuple[Key, ...], tuple[Row, ...]]:  # fmt: skip
        """What the definitions of both say, case by case."""
        cells = (Cells(self.sides[0], first, self.canons[0]),
                 Cells(self.sides[1], second, self.canons[1]))  # fmt: skip
        if not cells[0].tells and not cells[1].tells:
            return (), ()
        axes = self._axes(cells[0].definitions, cells[1].definitions)
        answers: dict[Indices, tuple[tuple[Stated, ...], tuple[Stated, ...]]] = {}
        forms: dict[Indices, Hashable] = {}

        def answer(indices: Indices) -> Hashable:
            if indices not in forms:
                known = {a.place: a.values[at] for a, at in zip(axes, indices, strict=True)}
                theirs = {(lv, self.alignment.own(1, lv, n)): v for (lv, n), v in known.items()}
                said = (cells[0].at(known), cells[1].at(theirs))
                answers[indices] = said
                forms[indices] = (cells[0].form(said[0]), cells[1].form(said[1]))
            return forms[indices]

        rows = []
        for groups in laid(axes, answer):
            indices = tuple(group[0] for group in groups)
            answer(indices)
            spans = tuple(a.span(g) for a, g in zip(axes, groups, strict=True))
            rows.append(_row(spans, answers[indices], forms[indices]))
        said = [row for row in rows if _says(row)]
        said.sort(key=_uncovered)
        return _compact(axes, said)

    def _axes(self, first: Sequence[Definition], second: Sequence[Definition]) -> tuple[Axis, ...]:
        """By the keys and what conditions compare; by keys alone where that is too much; by
        none where even these are."""
        for more in (True, False):
            asked = [
                ([d.value for d in side if d.value is not None],
                 [d.condition for d in side if more and d.condition is not None])
                for side in (first, second)
            ]  # fmt: skip
            axes = axes_of(asked[0], asked[1], self.alignment)
            if prod(len(axis.values) for axis in axes) <= MOST_CASES:
                return axes
        return ()


def _figure(meeting: Meeting, kind: FigureKind, whose: Whose, keys: tuple[Key, ...],
            rows: tuple[Row, ...], adjustments: tuple[AdjustmentPair, ...]) -> Figure:  # fmt: skip
    shown, other = meeting.shown, meeting.benefits[1]
    renamed = other.quantity if other is not None and other.quantity != shown.quantity else ""
    return Figure(kind, shown.quantity, shown.level, shown.type, meeting.matters, keys, rows,
                  adjustments, whose, renamed=renamed)  # fmt: skip


def _tables_of(benefit: Benefit | None) -> dict[str, Definition]:
    """The tables that a benefit's rules apply, each citing the first rule that applies it."""
    found: dict[str, Definition] = {}
    if benefit is None:
        return found
    uses = [(d.value, d.rule) for d in benefit.definitions if d.value is not None]
    uses += [(a.operand, a.rule) for a in benefit.amendments]
    applied = {
        part.function: rule
        for value, rule in reversed(uses)
        for part in every(value) if isinstance(part, c.Apply | c.Bands)
    }  # fmt: skip
    for function in benefit.functions:
        if isinstance(function.body, c.Pick):
            rule = applied.get(function.name, function.rule)
            found[function.name] = Definition(function.body, None, rule)
    return found


def _by_quantity(
    pairs: Iterable[AdjustmentPair],
) -> Iterator[tuple[str, tuple[AdjustmentPair, ...]]]:
    """Amendments by what they amend."""
    found: dict[str, list[AdjustmentPair]] = {}
    for pair in pairs:
        shown = pair.first or pair.second
        assert shown is not None
        found.setdefault(shown.of, []).append(pair)
    yield from ((quantity, tuple(some)) for quantity, some in found.items())


def _whose(first: bool, second: bool) -> Whose:
    return "both" if first and second else "first" if first else "second"


def _whose_adjusted(pairs: Iterable[AdjustmentPair]) -> Whose:
    found = list(pairs)
    return _whose(any(p.first for p in found), any(p.second for p in found))


def _row(spans: tuple[Span, ...], said: tuple[tuple[Stated, ...], tuple[Stated, ...]],
         forms: Hashable) -> Row:  # fmt: skip
    first, second = said
    assert isinstance(forms, tuple)
    low, high = map(_number, said)
    gap = None if low is None or high is None else high - low
    same = bool(first) and _values(forms[0]) == _values(forms[1])
    return Row(spans, first, second, same, gap)


def _values(form: Hashable) -> list[object]:
    """What a side says without the rules it says it by."""
    assert isinstance(form, tuple)
    return [said[0] for said in form]


def _number(said: tuple[Stated, ...]) -> int | Fraction | None:
    """The one number that a side says; cases in which nothing is provided put aside."""
    provided = [stated.value for stated in said if stated.provided]
    value = provided[0] if len(provided) == 1 else None
    found = value.value if isinstance(value, c.Constant) else None
    if isinstance(found, bool) or not isinstance(found, int | Fraction):
        return None
    return found


def _says(row: Row) -> bool:
    """Whether either side says something of the case, be it that nothing is provided."""
    return any(stated.provided or stated.rule is not None for stated in (*row.first, *row.second))


def _uncovered(row: Row) -> bool:
    """Whether a side's table has no row for the case: told last."""
    return any(stated.rule is None for stated in (*row.first, *row.second))


def _compact(axes: Sequence[Axis],
             rows: Sequence[Row]) -> tuple[tuple[Key, ...], tuple[Row, ...]]:  # fmt: skip
    """Without the keys that tell no two rows apart."""
    kept = [at for at in range(len(axes)) if any(not row.spans[at].any for row in rows)]
    keys = tuple(axes[at].key for at in kept)
    return keys, tuple(evolve(r, spans=tuple(r.spans[at] for at in kept)) for r in rows)
