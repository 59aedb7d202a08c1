"""Sentences that one copy runs together and the other has apart, cut alike.

A bad copy loses its line ends: a heading, a number and the sentence after it stand in one. What
they are is told by the other copy, which has them one by one. A stretch that the other copy
lacks is cut off only where it is long and no comma leads into it, so that a sentence with a
clause added stays one sentence that differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from attrs import frozen

from tiaowen.dsl.markers import read_marker
from tiaowen.review.collation.folding import OPENING, folded
from tiaowen.review.collation.reading import Draft, Piece, lead, with_pieces

_PREFIX = 4
_LEAST_GAP = 8
"""Characters of a stretch that the other copy lacks, to be cut off."""
_LEAST_BESIDE_GAP, _LEAST_UNENDED = 12, 24
"""Characters of a sentence that is cut off from such a stretch: where it ends with a mark or a
line, and where nothing ends it."""
_LONGEST = 4_000
"""Characters without the end of a sentence beyond which nothing is cut."""
_PIECE_COST, _GAP_COST = 1, 5
_NUMBER = re.compile(r"[（(第①-⑳\d零〇一二三四五六七八九十]")
_LINKS = frozenset('，,、：:“"《（(及和与或的')
_LINKED = frozenset("，,、《“”》）)及和与或的等")
_QUOTES = frozenset("《》“”「」『』")
_ENDS = frozenset("。；！？;!?")


@frozen
class Vocabulary:
    """The sentences of a copy, found by how they begin."""

    keys: frozenset[str]
    by_prefix: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, keys: frozenset[str]) -> Vocabulary:
        lengths: dict[str, set[int]] = {}
        for key in keys:
            lengths.setdefault(key[:_PREFIX], set()).add(len(key))
        return cls(keys, {p: tuple(sorted(found, reverse=True)) for p, found in lengths.items()})

    def at(self, text: str, place: int) -> Iterator[int]:
        """The ends of the sentences that begin at ``place`` of ``text``, longest first."""
        for size in range(_PREFIX, 1, -1):
            for length in self.by_prefix.get(text[place : place + size], ()):
                end = place + length
                if (size == _PREFIX or length == size) and end <= len(text) and (
                    text[place:end] in self.keys):  # fmt: skip
                    yield end


_GAP, _WEAK, _SOLE, _RUN = "gap", "weak", "sole", "run"
"""How a way through a text comes to a place: out of a stretch the other copy lacks; out of one
known sentence after it, too short to be believed alone; out of one that ends the text or goes on
with another; out of known sentences that bear a gap after them."""

State = tuple[int, str]


@frozen
class _Step:
    """``before`` is the state the way came from, ``length`` what its last known sentences on
    end cover."""

    score: int
    before: State
    length: int


def cut_alike(drafts: Sequence[Draft], other: frozenset[str]) -> list[Draft]:
    """``drafts`` with what stands apart among the sentences ``other`` standing apart."""
    vocabulary = Vocabulary.of(other)
    made = []
    for one in drafts:
        pieces: list[Piece] = []
        for piece in one.pieces:
            cuts = _cuts(one, piece, vocabulary)
            edges = [piece.start, *cuts, piece.end]
            pieces += [Piece(piece.paragraph, a, b) for a, b in pairwise(edges)]
        made.append(with_pieces(one, pieces))
    return made


def _cuts(one: Draft, piece: Piece, vocabulary: Vocabulary) -> list[int]:
    """Where in its paragraph a piece is to be cut."""
    text = one.paragraphs[piece.paragraph].text[: piece.end]
    _, begin = lead(one, piece)
    fold = folded(text[begin:])
    key = fold.key
    if not key or key in vocabulary.keys or len(key) > _LONGEST:
        return []
    places = [begin + at for at in fold.places]
    numbers = _numbers(text, places)
    known = [
        (at, end) for at in range(len(key)) for end in vocabulary.at(key, at)
        if end - at < len(key) and not _cited(text, places[at], places[end - 1] + 1)
    ]  # fmt: skip
    if not known:
        return []
    whole = one.places[piece.paragraph]
    firm = {at for at in range(1, len(key))
            if _evident(one.source.text, text, whole, _before(text, places, at))}  # fmt: skip
    cuts = _best(key, known, numbers, text, places, firm)
    return [_before(text, places, at) for at in cuts]


def _evident(source: str, text: str, whole: Sequence[int], cut: int) -> bool:
    """Whether a sentence or a line ends at ``cut``."""
    last = len(text[:cut].rstrip())
    return text[last - 1 : last] in _ENDS or "\n" in source[whole[last - 1] + 1 : whole[cut]]


def _cited(text: str, start: int, end: int) -> bool:
    """Whether ``[start, end)`` only stands in quotation marks, as the title of a law does."""
    return text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES


def _numbers(text: str, places: Sequence[int]) -> dict[int, int]:
    """The numbers in a folded text: where the words after one begin, and where it begins."""
    found: dict[int, int] = {}
    for at, place in enumerate(places):
        if not _NUMBER.match(text[place]):
            continue
        start = _before(text, places, at)
        marker = read_marker(text[start:], False, {})
        if marker is None:
            continue
        after = start + marker.length
        end = next((i for i in range(at, len(places)) if places[i] >= after), None)
        if end is not None and end > at:
            found.setdefault(end, at)
    return found


def _before(text: str, places: Sequence[int], at: int) -> int:
    """Where to cut before the folded character ``at``: what opens goes with what it opens."""
    place = places[at]
    lowest = places[at - 1] + 1 if at else 0
    while place > lowest and text[place - 1] in OPENING:
        place -= 1
    return place


def _best(key: str, known: Sequence[tuple[int, int]], numbers: dict[int, int],
          text: str, places: Sequence[int], firm: Set[int]) -> list[int]:  # fmt: skip
    """The cuts that leave most of ``key`` in sentences known, in the fewest pieces.

    ``firm`` are the places where the text itself shows that something ends.
    """
    size = len(key)
    by_start: dict[int, list[tuple[int, int]]] = {}
    for at, end in known:
        by_start.setdefault(numbers.get(at, at), []).append((end, end - at))
    stops = sorted({0, size, *by_start, *(end for _, end in known)})
    apart = {at for at in stops if 0 < at < size and _apart(text, places, at)}
    best: dict[State, _Step] = {(0, _RUN): _Step(0, (0, _RUN), 0)}
    for at in stops[:-1]:
        for kind in (_GAP, _WEAK, _SOLE, _RUN):
            step = best.get((at, kind))
            if step is None:
                continue
            for end, length in by_start.get(at, ()):
                reached = _RUN if kind != _GAP else _after_gap(length, at in firm, end in firm)
                if reached:
                    score = step.score + length - _PIECE_COST
                    _offer(best, (end, reached), _Step(score, (at, kind), step.length + length))
            if kind == _RUN and (at == 0 or (at in apart and _bears(step.length, at in firm))):
                for end in stops:
                    if end - at >= _LEAST_GAP and (end == size or end in apart):
                        _offer(best, (end, _GAP), _Step(step.score - _GAP_COST, (at, kind), 0))
    return _traced(best, size)


def _after_gap(length: int, begins: bool, ends: bool) -> str:
    """How a known sentence after a gap is left; '' where it is too short for one."""
    if not _bears(length, begins):
        return _WEAK if length >= _LEAST_BESIDE_GAP else ""
    return _RUN if ends else _SOLE


def _bears(length: int, firm: bool) -> bool:
    """Whether a known sentence is long enough to be cut off from what the other copy lacks."""
    return length >= (_LEAST_BESIDE_GAP if firm else _LEAST_UNENDED)


def _offer(best: dict[State, _Step], state: State, step: _Step) -> None:
    if state not in best or best[state].score < step.score:
        best[state] = step


def _traced(best: dict[State, _Step], size: int) -> list[int]:
    state = max(((size, kind) for kind in (_GAP, _SOLE, _RUN) if (size, kind) in best),
                key=lambda at: best[at].score, default=(0, _RUN))  # fmt: skip
    cuts: list[int] = []
    while state[0] > 0:
        state = best[state].before
        if state[0] > 0:
            cuts.append(state[0])
    return cuts[::-1]


def _apart(text: str, places: Sequence[int], at: int) -> bool:
    """Whether nothing before ``at`` leads into it and nothing after it leads back."""
    cut = _before(text, places, at)
    return text[:cut].rstrip()[-1:] not in _LINKS and text[cut : cut + 1] not in _LINKED
