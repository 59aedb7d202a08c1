"""What exactly differs between two wordings of one sentence."""

from __future__ import annotations

import re

from tiaowen.review.collation.folding import folded, mainland, only_marks, tokens
from tiaowen.review.collation.model import Differing, Kind, Mark, Unit

_FIGURE = re.compile(r"[\d%‰零〇一二三四五六七八九十百千万亿两半]")
_LEAST_SAME = 2
"""So few equal characters between two differences make them one."""


def differing(a: Unit, b: Unit) -> Differing | None:
    """How ``a`` and ``b`` differ; ``None`` where only script, width and space do."""
    if a.strict == b.strict:
        return None
    marks = _marks(a, b)
    if not marks:
        return None
    return Differing(a, b, marks, _kind(a, b, marks))


def _marks(a: Unit, b: Unit) -> tuple[Mark, ...]:
    from rapidfuzz.distance import Levenshtein

    left, right = _Placed(a.text), _Placed(b.text)
    changes: list[list[int]] = []
    for tag, a1, a2, b1, b2 in Levenshtein.opcodes(left.words, right.words):
        if tag == "equal":
            continue
        if changes and a1 - changes[-1][1] < _LEAST_SAME and b1 - changes[-1][3] < _LEAST_SAME:
            changes[-1][1], changes[-1][3] = a2, b2
        else:
            changes.append([a1, a2, b1, b2])
    return tuple(
        Mark(left.between(a1, a2), right.between(b1, b2), left.place(a1), right.place(b1))
        for a1, a2, b1, b2 in changes
    )


class _Placed:
    """A text in the tokens that are compared, with where each stands in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        fold = folded(text)
        at = 0
        for token in tokens(fold.strict):
            self.words.append(token)
            self.starts.append(fold.strict_places[at])
            self.ends.append(fold.strict_places[at + len(token) - 1] + 1)
            at += len(token)

    def between(self, first: int, end: int) -> str:
        return self.text[self.starts[first] : self.ends[end - 1]] if first < end else ""

    def place(self, at: int) -> int:
        return self.starts[at] if at < len(self.starts) else len(self.text)


def _kind(a: Unit, b: Unit, marks: tuple[Mark, ...]) -> Kind:
    if all(only_marks(mark.a) and only_marks(mark.b) for mark in marks):
        return "punctuation"
    if any(_FIGURE.search(mark.a + mark.b) for mark in marks):
        return "figures"
    if folded(mainland(a.text)).key == folded(mainland(b.text)).key:
        return "usage"
    return "words"
