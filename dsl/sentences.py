"""Sentences of legal Chinese, with their exact places.

。；！？ end a sentence, except inside brackets or quotation marks that do close. The unit
of coverage is the sentence, so nothing of a paragraph is left between two of them but space.
"""

from __future__ import annotations

from attrs import field, frozen

from tiaowen.dsl.source import Source, Span

_ENDS = frozenset("。；！？;!?")
_CLOSES = {"（": "）", "(": ")", "“": "”", "‘": "’", "「": "」", "『": "』", "《": "》",
           "【": "】", "〔": "〕", "[": "]", "［": "］"}  # fmt: skip
_CLOSING = frozenset(_CLOSES.values())
_SPACE = " \t\r\n　"


@frozen
class Sentence:
    """One sentence; ``number`` counts from 1 within its paragraph."""

    number: int
    text: str
    span: Span = field(eq=False, repr=False)


def _enclosed(text: str) -> list[tuple[int, int]]:
    """The outermost bracketed stretches that close, in order."""
    opened: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for at, char in enumerate(text):
        if char in _CLOSES:
            opened.append((_CLOSES[char], at))
        elif char in _CLOSING and opened and opened[-1][0] == char:
            _, start = opened.pop()
            while pairs and pairs[-1][0] > start:
                pairs.pop()
            pairs.append((start, at))
    return pairs


def _cuts(text: str) -> list[int]:
    cuts: list[int] = []
    pairs = iter(_enclosed(text))
    pair = next(pairs, None)
    for at, char in enumerate(text):
        while pair is not None and pair[1] < at:
            pair = next(pairs, None)
        if char in _ENDS and not (pair is not None and pair[0] < at):
            if cuts and cuts[-1] == at:
                cuts[-1] = at + 1  # ？！ end one sentence
            else:
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
