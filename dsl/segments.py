"""Where text typed without spaces may be cut: ``起付线减200元`` into ``起付线 减 200元``.

A word runs to the next space or sign, and Chinese is written without spaces; so what was meant
as three words often arrives as one. Nothing is cut silently: a cut is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from tiaowen.dsl.keywords import keywords, spellings
from tiaowen.dsl.tables import tables

MOST = 40
"""Cuts of one word that are looked at."""

_LONGEST = 60
"""Characters of a word beyond which no cut is looked for."""


def segmentations(word: str) -> list[tuple[str, ...]]:
    """The ways to cut ``word`` into keywords, figures and the names between them.

    The fewest parts come first, then the longest keywords. Each has at least two parts.
    """
    if len(word) > _LONGEST:
        return []
    found: dict[tuple[str, ...], None] = {}
    for parts in _cuts(word):
        if len(parts) > 1:
            found.setdefault(parts)
        if len(found) >= MOST:
            break
    return sorted(found, key=lambda parts: (len(parts), -max(map(_weight, parts))))


def segmentation(word: str, known: Callable[[str], bool]) -> str:
    """``word`` cut so that every part is a known name, a keyword or a figure; '' if it cannot."""
    for parts in segmentations(word):
        if all(part in spellings() or is_figure(part) or known(part) for part in parts):
            return " ".join(parts)
    return ""


def is_figure(text: str) -> bool:
    return _figure().fullmatch(text) is not None


_NAME = re.compile(r"\w+")


@cache
def _figure() -> re.Pattern[str]:
    return re.compile(tables().patterns["NUMBER"])


@cache
def _han_keywords() -> re.Pattern[str]:
    words = {w for spelt in keywords().values() for s in ("zh", "zh-Hant") for w in spelt[s]}
    return re.compile("|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w))))


def _weight(part: str) -> int:
    return len(part) if part in spellings() else 0


def _cuts(word: str) -> Iterator[tuple[str, ...]]:
    """Cuts at keywords: at the first that stands in the word, at the next, and so on."""
    if not word:
        yield ()
        return
    yield from _plain(word)
    for place in range(len(word)):
        keyword = _han_keywords().match(word, place)
        if keyword is None:
            continue
        for before in _plain(word[:place]) if place else [()]:
            for after in _cuts(word[keyword.end() :]):
                yield (*before, keyword[0], *after)


def _plain(text: str) -> list[tuple[str, ...]]:
    """``text`` as a name or a figure, or a figure and the name grown onto it."""
    if not text[0].isdigit():
        return [(text,)] if _NAME.fullmatch(text) else []
    figure = re.match(r"[0-9][0-9,.]*[%‰]?", text)
    if is_figure(text):
        return [(text,)]
    return [
        (text[:end], text[end:])
        for end in range(len(text) - 1, (figure.end() if figure else 1) - 1, -1)
        if is_figure(text[:end])
    ]
