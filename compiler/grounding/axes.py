"""What the text says around a figure, axis by axis.

The nearest words before a figure are its own: they are looked for first since the figure of the
same kind before it, then back through its clause, then in the clauses before, for a topic once
named (在职职工：…) holds until another takes its place. A word followed by 外 or after 非 is
denied.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from attrs import Factory, define, field, frozen

from tiaowen.compiler.grounding.labels import QUANTITY, Label
from tiaowen.compiler.grounding.measures import Measure, of_figure
from tiaowen.compiler.grounding.occurrences import Key, Occurrence, Passage, Passages
from tiaowen.dsl.figures import Figure
from tiaowen.dsl.normal import halfwidth

_DENIED_AFTER = re.compile(r"(?:以外|之外|除外|外的|外)")
_DENIED_BEFORE = re.compile(r"(?:不属于|不是|非|未|除)$")


@frozen
class Said:
    """What the text says on one axis: words or bounds; ``carried`` from an earlier clause."""

    words: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    bounds: frozenset[Measure] = frozenset()
    carried: bool = False


@frozen
class _Match:
    start: int
    end: int
    words: frozenset[str]
    denied: bool


@define
class Axes:
    """How the words of some rules' labels are found in the text those rules cite.

    ``text`` is all of that text, half-width; ``labels`` are those of all rules that stand there.
    """

    text: str
    labels: Iterable[Label]
    passages: Passages
    _on: dict[str, list[Label]] = field(init=False, factory=dict)
    _bounded: dict[str, frozenset[str]] = Factory(dict)
    _names: dict[str, dict[str, frozenset[str]]] = Factory(dict)
    _matches: dict[tuple[int, str], list[_Match]] = Factory(dict)
    _said: dict[tuple[Key, str], Said | None] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        for label in dict.fromkeys(self.labels):
            self._on.setdefault(label.axis, []).append(label)

    def known(self, label: Label) -> bool:
        """Whether the text has any words, or the axis any figures, to compare ``label`` with."""
        if label.bounds:
            return True
        mine = set(label.words)
        return any(mine & words for words in self._aliases(label.axis).values())

    def said(self, at: Occurrence, axis: str) -> Said | None:
        """What the text says on ``axis`` for the figure ``at``."""
        key = (at.key, axis)
        if key not in self._said:
            passage = self.passages.passage(at.paragraph)
            self._said[key] = self._bounds(at, axis, passage) or self._words(at, axis, passage)
        return self._said[key]

    # --- words

    def _words(self, at: Occurrence, axis: str, passage: Passage) -> Said | None:
        figure = at.figure
        begin = passage.clause_start(figure)
        if begin is None:
            return _said(self._find(halfwidth(figure.context), axis), False)
        matches = self._in(passage, axis)
        for start, end in passage.stretches(figure):
            if near := _within(matches, start, end):
                return _said(near, False)
        last = bisect_left(matches, begin, key=lambda m: m.start) - 1
        if axis == QUANTITY or last < 0:
            return None
        return _said(_within(matches, *passage.clause(matches[last].start)), True)

    def _in(self, passage: Passage, axis: str) -> list[_Match]:
        key = (id(passage.paragraph), axis)
        if key not in self._matches:
            self._matches[key] = self._find(passage.text, axis)
        return self._matches[key]

    def _find(self, text: str, axis: str) -> list[_Match]:
        """Where the axis is spoken of in ``text``, a longer name before the names in it."""
        found: list[_Match] = []
        ends = -1
        spans = sorted(
            (m.start(), -m.end(), words)
            for name, words in self._aliases(axis).items()
            for m in re.finditer(re.escape(name), text)
        )
        for start, minus, words in spans:
            end = -minus
            if end <= ends:
                continue
            ends = end
            denied = _DENIED_AFTER.match(text, end) or _DENIED_BEFORE.search(text, 0, start)
            found.append(_Match(start, end, words, bool(denied)))
        return found

    def _aliases(self, axis: str) -> dict[str, frozenset[str]]:
        """Words of the text to the label words they stand for.

        A label's word that the text does not have is known by its longest parts that the text
        has and no other label of the axis shares: 三级甲等 by 三级.
        """
        kept = self._names.get(axis)
        if kept is not None:
            return kept
        labels = [label for label in self._on.get(axis, ()) if label.words]
        names: dict[str, set[str]] = {}
        for label in labels:
            for word in label.words:
                plain = halfwidth(word)
                if plain in self.text:
                    names.setdefault(plain, set()).add(word)
                elif axis != QUANTITY:
                    for part in _parts(plain, self.text):
                        if not _shared(part, label, labels):
                            names.setdefault(part, set()).add(word)
        found = {name: frozenset(words) for name, words in names.items()}
        self._names[axis] = found
        return found

    # --- bounds

    def _bounds(self, at: Occurrence, axis: str, passage: Passage) -> Said | None:
        """The figures that bound the range ``at`` belongs to, on an axis of ranges."""
        if axis not in self._bounded:
            labels = self._on.get(axis, ())
            self._bounded[axis] = frozenset(m.dimension for x in labels for m in x.bounds)
        dimensions = self._bounded[axis] - {of_figure(at.figure).dimension}
        if not dimensions:
            return None
        figures = [o.figure for o in passage.occurrences if o.figure.kind == "quantity"
                   and of_figure(o.figure).dimension in dimensions]  # fmt: skip
        begin = passage.clause_start(at.figure)
        if begin is None:
            stretches = [(0, at.figure.start)] if at.paragraph.row is not None else []
        else:
            stretches = list(passage.stretches(at.figure))
            before = [f for f in figures if f.start < begin]
            stretches += [passage.clause(before[-1].start)] if before else []
        for start, end in stretches:
            if near := _measures(figures, start, end):
                return Said(bounds=near, carried=begin is not None and end <= begin)
        return None


def _measures(figures: Sequence[Figure], start: int, end: int) -> frozenset[Measure]:
    return frozenset(of_figure(f) for f in figures if start <= f.start < end)


def _within(matches: Sequence[_Match], start: int, end: int) -> Sequence[_Match]:
    first = bisect_left(matches, start, key=lambda m: m.start)
    last = bisect_left(matches, end, key=lambda m: m.start)
    return matches[first:last]


def _said(matches: Iterable[_Match], carried: bool) -> Said | None:
    said: set[str] = set()
    denied: set[str] = set()
    for match in matches:
        (denied if match.denied else said).update(match.words)
    if not said and not denied:
        return None
    return Said(frozenset(said), frozenset(denied), carried=carried)


def _parts(word: str, text: str) -> list[str]:
    """The longest parts of ``word``, two characters or more, that ``text`` has."""
    found: list[str] = []
    for size in range(len(word) - 1, 1, -1):
        for start in range(len(word) - size + 1):
            part = word[start : start + size]
            if part in text and not any(part in longer for longer in found):
                found.append(part)
    return found


def _shared(part: str, label: Label, labels: Iterable[Label]) -> bool:
    """Whether a label of the axis that has no word of ``label`` has ``part`` in a word."""
    mine = set(label.words)
    return any(
        part in word for other in labels if not mine & set(other.words) for word in other.words
    )
