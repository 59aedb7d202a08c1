"""Sentences of legal Chinese, with their exact places.

。；！？ end a sentence, except inside brackets or quotation marks that do close. The unit
of coverage is the sentence, so nothing of a paragraph is left between two of them but space.
"""

from __future__ import annotations

import re

from attrs import field, frozen

from tiaowen.dsl.source import Source, Span

_ENDS = frozenset("。；！？;!?")
_CLOSES = {"（": "）", "(": ")", "“": "”", "‘": "’", "「": "」", "『": "』", "《": "》",
           "【": "】", "〔": "〕", "[": "]", "［": "］"}  # fmt: skip
_SIGNS = re.compile(f"[{re.escape(''.join((*_ENDS, *_CLOSES, *_CLOSES.values())))}]")
_SPACE = " \t\r\n　"


@frozen
class Sentence:
    """One sentence; ``number`` counts from 1 within its paragraph."""

    number: int
    text: str
    span: Span = field(eq=False, repr=False)


def _cuts(text: str) -> list[int]:
    """Where the sentences end; brackets that never close enclose nothing."""
    ends: list[int] = []
    opened: list[tuple[str, int]] = []
    enclosed: list[tuple[int, int]] = []
    for match in _SIGNS.finditer(text):
        char, at = match[0], match.start()
        if char in _ENDS:
            ends.append(at)
        elif char in _CLOSES:
            opened.append((_CLOSES[char], at))
        elif opened and opened[-1][0] == char:
            _, start = opened.pop()
            while enclosed and enclosed[-1][0] > start:
                enclosed.pop()
            enclosed.append((start, at))
    cuts: list[int] = []
    pairs = iter((*enclosed, (len(text), len(text))))
    start, stop = next(pairs)
    for at in ends:
        while stop < at:
            start, stop = next(pairs)
        if at < start:
            if cuts and cuts[-1] == at:
                cuts.pop()  # ？！ end one sentence
            cuts.append(at + 1)
    if not cuts or cuts[-1] < len(text):
        cuts.append(len(text))
    return cuts


def sentences(source: Source, start: int, end: int) -> tuple[Sentence, ...]:
    """The sentences of ``source.text[start:end]``, each without the space around it."""
    text = source.text[start:end]
    found: list[Sentence] = []
    previous = 0
    for cut in _cuts(text):
        raw = text[previous:cut]
        words = raw.strip(_SPACE)
        if words:
            at = start + previous + raw.index(words[0])
            span = Span(source, at, at + len(words))
            found.append(Sentence(len(found) + 1, words, span))
        previous = cut
    return tuple(found)
