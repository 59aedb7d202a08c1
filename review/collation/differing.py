"""What exactly differs between two wordings of one sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tiaowen.review.collation.folding import folded, mainland, only_marks, tokens
from tiaowen.review.collation.model import Differing, Kind, Mark, Unit

_FIGURE = re.compile(r"[\d%‰零〇一二三四五六七八九十百千万亿两半]")
_WORD = 3
"""More characters than a word has on one side of those that differ."""
_LEAST_SAME = 2
"""So few equal characters between two differences make them one."""


def differing(a: Unit, b: Unit) -> Differing | None:
    """How ``a`` and ``b`` differ; ``None`` where only script, width and space do."""
    if a.strict == b.strict:
        return None
    marks = marked(a.text, b.text)
    return Differing(a, b, marks, _kind(a, b, marks)) if marks else None


def marked(a: str, b: str) -> tuple[Mark, ...]:
    """Where two texts read otherwise, script, width and space put aside."""
    return tuple(_marks(_Placed(a), _Placed(b)))


def _marks(left: _Placed, right: _Placed) -> list[Mark]:
    from rapidfuzz.distance import Levenshtein

    changes: list[tuple[int, int, int, int]] = []
    for change in Levenshtein.opcodes(left.words, right.words):
        if change.tag == "equal":
            continue
        a1, b1 = change.src_start, change.dest_start
        if changes:
            before = changes[-1]
            if a1 - before[1] < _LEAST_SAME and b1 - before[3] < _LEAST_SAME:
                a1, b1 = before[0], before[2]
                changes.pop()
        changes.append((a1, change.src_end, b1, change.dest_end))
    return [
        Mark(left.between(a1, a2), right.between(b1, b2), left.place(a1), right.place(b1))
        for a1, a2, b1, b2 in changes
    ]


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


def _kind(a: Unit, b: Unit, marks: Sequence[Mark]) -> Kind:
    if all(only_marks(mark.a) and only_marks(mark.b) for mark in marks):
        return "punctuation"
    if all(_usage(a.text, b.text, mark) for mark in marks):
        return "usage"
    if any(_FIGURE.search(mark.a + mark.b) for mark in marks):
        return "figures"
    return "words"


def _usage(a: str, b: str, mark: Mark) -> bool:
    """Whether the words around a mark are one word as Taiwan and as the mainland has it."""
    for before in range(_WORD):
        for after in range(_WORD):
            here = a[max(mark.a_at - before, 0) : mark.a_at + len(mark.a) + after]
            there = b[max(mark.b_at - before, 0) : mark.b_at + len(mark.b) + after]
            if folded(mainland(here)).key == folded(mainland(there)).key:
                return True
    return False
