"""Sentences that one copy runs together and the other has apart, cut alike.

A bad copy loses its line ends: a heading, a number and the sentence after it stand in one. What
they are is told by the other copy, which has them one by one. A stretch that the other copy
lacks is cut off only where it is long and no comma leads into it, so that a sentence with a
clause added stays one sentence that differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import frozen

from tiaowen.dsl.markers import read_marker
from tiaowen.review.collation.folding import OPENING, folded
from tiaowen.review.collation.reading import Draft, Piece, lead, with_pieces

_PREFIX = 4
_LEAST_GAP = 8
_LEAST_BESIDE_GAP = 12
_LONGEST = 4_000
_PIECE_COST, _GAP_COST = 1, 5
_NUMBER = re.compile(r"[（(第①-⑳\d零〇一二三四五六七八九十]")
_LINKS = frozenset("，,、：:“\"《（(及和或的")


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
                if (size == _PREFIX or length == size) and (
                    text[place : place + length] in self.keys
                ):
                    yield place + length


@frozen
class _Step:
    score: int
    before: int
    known: bool
    shortest: int
    """Characters of the known piece, or of the gap."""


def cut_alike(drafts: Sequence[Draft], other: frozenset[str]) -> list[Draft]:
    """``drafts`` with what stands apart among the sentences ``other`` standing apart."""
    vocabulary = Vocabulary.of(other)
    made = []
    for one in drafts:
        pieces: list[Piece] = []
        for piece in one.pieces:
            cuts = _cuts(one, piece, vocabulary)
            edges = [piece.start, *cuts, piece.end]
            pieces += [Piece(piece.paragraph, a, b) for a, b in zip(edges, edges[1:], strict=False)]
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
        if end - at < len(key)
    ]  # fmt: skip
    if not known:
        return []
    return [_before(text, places, at) for at in _best(key, known, numbers, text, places)]


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
          text: str, places: Sequence[int]) -> list[int]:  # fmt: skip
    """The cuts that leave most of ``key`` in sentences known, in the fewest pieces."""
    size = len(key)
    by_start: dict[int, list[int]] = {}
    for at, end in known:
        by_start.setdefault(numbers.get(at, at), []).append(end)
    stops = sorted({0, size, *by_start, *(end for _, end in known)})
    best: dict[tuple[int, bool], _Step] = {(0, True): _Step(0, -1, True, size)}
    for at in stops:
        here = [(flag, best[at, flag]) for flag in (True, False) if (at, flag) in best]
        for flag, step in here:
            for end in by_start.get(at, ()):
                length = end - at
                if not flag and length < _LEAST_BESIDE_GAP:
                    continue
                _offer(best, (end, True),
                       _Step(step.score + length - _PIECE_COST, at, flag, length))  # fmt: skip
            if at == size or not flag or (at and step.shortest < _LEAST_BESIDE_GAP):
                continue
            if at and _linked(text, places, at):
                continue
            for end in stops:
                if end - at < _LEAST_GAP or (end < size and _linked(text, places, end)):
                    continue
                _offer(best, (end, False), _Step(step.score - _GAP_COST, at, flag, end - at))
    return _traced(best, size)


def _offer(best: dict[tuple[int, bool], _Step], state: tuple[int, bool], step: _Step) -> None:
    if state not in best or best[state].score < step.score:
        best[state] = step


def _traced(best: dict[tuple[int, bool], _Step], size: int) -> list[int]:
    ends = [(best[size, flag].score, flag) for flag in (True, False) if (size, flag) in best]
    if not ends or max(ends)[0] <= -_GAP_COST:
        return []
    at, flag = size, max(ends)[1]
    cuts: list[int] = []
    while at > 0:
        step = best[at, flag]
        at, flag = step.before, step.known
        if at > 0:
            cuts.append(at)
    return cuts[::-1]


def _linked(text: str, places: Sequence[int], at: int) -> bool:
    """Whether what stands before ``at`` leads into it."""
    cut = _before(text, places, at)
    return text[:cut].rstrip()[-1:] in _LINKS
