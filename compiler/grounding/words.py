"""What the text says around a figure: the words on an axis that it stands with.

The nearest words before a figure are its own: they are looked for first since the figure of the
same kind before it, then back through its clause, then through the clauses before, for a topic
once named (在职职工：…) holds until another takes its place. A word followed by 外 or after 非
is denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import Factory, define, field, frozen

from tiaowen.compiler.grounding.labels import QUANTITY, Label
from tiaowen.compiler.grounding.measures import Measure, of_figure
from tiaowen.dsl.figures import Figure, paragraph_figures
from tiaowen.dsl.normal import halfwidth
from tiaowen.dsl.outline import Paragraph
from tiaowen.dsl.source import Span


@frozen
class Occurrence:
    """One figure of the text; offsets of ``figure`` count from the paragraph's start."""

    paragraph: Paragraph
    figure: Figure

    @property
    def span(self) -> Span:
        at = self.paragraph.span
        return Span(at.source, at.start + self.figure.start, at.start + self.figure.end)

    @property
    def sentence(self) -> int:
        """The number of the sentence that holds the figure, 0 for none."""
        at = self.paragraph.span.start + self.figure.start
        return next(
            (s.number for s in self.paragraph.sentences if s.span.start <= at < s.span.end), 0
        )


@frozen
class Said:
    """What the text says on one axis: words or bounds; ``carried`` from an earlier clause."""

    words: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    bounds: frozenset[Measure] = frozenset()
    carried: bool = False


@define
class Passages:
    """The figures of paragraphs, each paragraph read once and only when it is asked for."""

    _read: dict[int, tuple[Paragraph, tuple[Occurrence, ...]]] = Factory(dict)

    def of(self, paragraph: Paragraph) -> tuple[Occurrence, ...]:
        kept = self._read.get(id(paragraph))
        if kept is None:
            found = tuple(Occurrence(paragraph, f) for f in paragraph_figures(paragraph))
            kept = self._read[id(paragraph)] = (paragraph, found)
        return kept[1]


_STRONG = re.compile(r"[,。;:!?()\n]")
_DENIED_AFTER = re.compile(r"(?:以外|之外|除外|外的|外)")
_DENIED_BEFORE = re.compile(r"(?:不属于|不是|非|未|除)$")


@define
class Axes:
    """How the words of some rules' labels are found in the text those rules cite.

    ``text`` is all of the text cited, ``labels`` all labels on any axis of rules that cite it.
    """

    text: str
    labels: Iterable[Label]
    _names: dict[str, dict[str, frozenset[str]]] = Factory(dict)
    _said: dict[tuple[int, int, str], Said | None] = Factory(dict)
    _on: dict[str, list[Label]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        for label in dict.fromkeys(self.labels):
            self._on.setdefault(label.axis, []).append(label)

    def known(self, label: Label) -> bool:
        """Whether the text has any words (or the axis any figures) to compare ``label`` with."""
        if label.bounds:
            return True
        known = frozenset().union(*self._aliases(label.axis).values())
        return bool(known & set(label.words))

    def said(self, at: Occurrence, axis: str, siblings: Sequence[Occurrence]) -> Said | None:
        """What the text says on ``axis`` for ``at``; ``siblings`` are its paragraph's figures."""
        key = (id(at.paragraph), at.figure.start, axis)
        if key not in self._said:
            self._said[key] = self._read(at, axis, siblings)
        return self._said[key]

    def _read(self, at: Occurrence, axis: str, siblings: Sequence[Occurrence]) -> Said | None:
        bounded = {m.dimension for label in self._on.get(axis, ()) for m in label.bounds}
        aliases = self._aliases(axis)
        for piece in _pieces(at, siblings, carried=axis != QUANTITY):
            found = (_bounds(piece, at, bounded, siblings) if bounded else None) or _words(
                piece, aliases
            )
            if found is not None:
                return found
        return None

    def _aliases(self, axis: str) -> dict[str, frozenset[str]]:
        """Text words to the label words they stand for.

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


@frozen
class _Piece:
    """A stretch of a paragraph's half-width text; ``start`` is -1 for words put together."""

    text: str
    start: int
    carried: bool


def _pieces(at: Occurrence, siblings: Sequence[Occurrence], carried: bool) -> Iterator[_Piece]:
    figure = at.figure
    if at.paragraph.row is not None:
        yield _Piece(halfwidth(figure.context), -1, False)
        return
    text = halfwidth(at.paragraph.text)
    before = text[: figure.start].rstrip()
    begin = len(before) - len(figure.clause)
    clause = halfwidth(figure.clause)
    if not clause.endswith(halfwidth(figure.context)):
        yield _Piece(halfwidth(figure.context), -1, False)
        return
    if not before.endswith(clause):
        begin = len(before)
    mine = of_figure(figure).dimension
    end = figure.start
    for other in reversed(siblings):
        f = other.figure
        if begin <= f.start < figure.start and f.kind == "quantity" and (
            of_figure(f).dimension == mine
        ):
            yield _Piece(text[f.end : end], f.end, False)
            end = f.start
    yield _Piece(text[begin:end], begin, False)
    while carried and begin > 0:
        cuts = [m.end() for m in _STRONG.finditer(text, 0, begin - 1)]
        start = cuts[-1] if cuts else 0
        yield _Piece(text[start:begin], start, True)
        begin = start


def _words(piece: _Piece, aliases: dict[str, frozenset[str]]) -> Said | None:
    spans = [
        (m.start(), m.end(), words)
        for name, words in aliases.items()
        for m in re.finditer(re.escape(name), piece.text)
    ]
    said: set[str] = set()
    denied: set[str] = set()
    for start, end, words in spans:
        if any(s <= start and end <= e and (s, e) != (start, end) for s, e, _ in spans):
            continue
        no = _DENIED_AFTER.match(piece.text, end) or _DENIED_BEFORE.search(piece.text[:start])
        (denied if no else said).update(words)
    if not said and not denied:
        return None
    return Said(frozenset(said), frozenset(denied), carried=piece.carried)


def _bounds(piece: _Piece, at: Occurrence, dimensions: set[str],
            siblings: Sequence[Occurrence]) -> Said | None:  # fmt: skip
    mine = of_figure(at.figure).dimension
    end = piece.start + len(piece.text)
    found = frozenset(
        measure
        for other in siblings
        if other.figure.kind == "quantity"
        and (piece.start < 0 or piece.start <= other.figure.start < end)
        and other.figure.start < at.figure.start
        and (measure := of_figure(other.figure)).dimension in dimensions - {mine}
    )
    return Said(bounds=found, carried=piece.carried) if found else None


class Fit:
    """How a label and the text around a figure agree; the larger the better.

    CARRIED is a word of an earlier clause, which may or may not still hold.
    """

    SAID = 1
    SILENT = 0
    CARRIED = -1
    AGAINST = -2


def fit(label: Label, said: Said | None) -> int:
    """``Fit`` of ``label``, some word of which the text has, with what the text says here."""
    if label.bounds:
        return _fit_bounds(label, said)
    truth = label.words == (label.axis,)
    if said is not None and said.carried and truth:
        return Fit.CARRIED
    mine = set(label.words)
    if said is None or not said.words | said.denied:
        if label.axis == QUANTITY:
            return Fit.SILENT
        return Fit.AGAINST if label.holds else Fit.SAID
    if bool(mine & said.words) is not label.holds:
        return Fit.AGAINST
    return Fit.CARRIED if said.carried else Fit.SAID


def beats(mine: Mapping[Label, int], other: Mapping[Label, int]) -> bool:
    """Whether the ``other`` figure is the one these labels are about, and not mine.

    It stands better with a label that mine does not stand with, and nothing speaks against it.
    """
    if Fit.AGAINST in other.values():
        return False
    if not any(how < other[x] != Fit.SILENT for x, how in mine.items() if how < Fit.SILENT):
        return False
    return Fit.AGAINST in mine.values() or all(other[x] >= how for x, how in mine.items())


def _fit_bounds(label: Label, said: Said | None) -> int:
    if said is None or not said.bounds:
        return Fit.SILENT
    return Fit.SAID if said.bounds == label.bounds else Fit.AGAINST
