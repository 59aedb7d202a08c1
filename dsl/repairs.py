"""What was meant by a statement that does not parse: the small edits that would make it parse.

A proposal is tried before it is made: an edit is offered only if the statement with it parses,
or parses further than the edit. So an edit never leads from one error to the same.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

from attrs import define, frozen

from tiaowen.dsl.keywords import Script, spelling, spellings
from tiaowen.dsl.lalr import Lexer, Maker, SyntaxFailure, Token, parse
from tiaowen.dsl.normal import simplified
from tiaowen.dsl.segments import segmentations

EditKind: TypeAlias = Literal["misspelt", "glued", "stray", "reserved"]

TRIALS = 120
"""Parses spent on one statement."""

LONGEST = 4_000
"""Characters of a statement beyond which nothing is proposed for it."""

ROUNDS = 3
"""Edits after one another that may be needed before a statement parses."""

PLACEHOLDER = "_"


@frozen
class Edit:
    """``[start, end)`` of the statement replaced; ``words`` are the keywords meant there."""

    kind: EditKind
    start: int
    end: int
    replacement: str
    words: tuple[str, ...] = ()
    unlikely: int = 0

    def applied(self, text: str) -> str:
        return text[: self.start] + self.replacement + text[self.end :]


def repair(text: str, kind: str, failure: SyntaxFailure, base: int) -> Edit | None:
    """The first edit towards a statement that parses; None if no small edit helps.

    ``text`` is the statement as the lexer reads it and ``base`` its place in the source.
    Several keywords may be meant by one misspelling: ``words`` then holds them all.
    """
    if len(text) > LONGEST:
        return None
    trials = _Trials(kind, TRIALS)
    return trials.best(text, _Place.of(failure, base), ROUNDS)


@frozen
class _Place:
    """Where a parse stopped, as offsets of the statement."""

    token: Token
    previous: Token | None

    @classmethod
    def of(cls, failure: SyntaxFailure, base: int = 0) -> _Place:
        def moved(token: Token) -> Token:
            return token._replace(start=token.start - base, end=token.end - base)

        previous = failure.previous
        return cls(moved(failure.token), moved(previous) if previous else None)


@define
class _Trials:
    """Tries edits until one is good or ``left`` is spent."""

    kind: str
    left: int

    def parse(self, text: str) -> _Place | None:
        """Where ``text`` fails to parse, if it does."""
        self.left -= 1
        try:
            parse(Lexer(text), 0, len(text), self.kind, _NOTHING)
        except SyntaxFailure as failure:
            return _Place.of(failure)
        return None

    def best(self, text: str, place: _Place, rounds: int) -> Edit | None:
        good: list[Edit] = []
        further: list[tuple[int, Edit, str, _Place]] = []
        for edit in _edits(text, place):
            if self.left <= 0:
                break
            edited = edit.applied(text)
            after = self.parse(edited)
            if after is None:
                good.append(edit)
                continue
            remains = len(edited) - after.token.start
            if after.token.start >= edit.start + len(edit.replacement):
                further.append((remains, edit, edited, after))
        if good:
            return _chosen(good)
        further.sort(key=lambda item: item[0])
        if rounds > 1:
            for _, edit, edited, after in further[:3]:
                if edit.kind != "reserved" and self.best(edited, after, rounds - 1):
                    return edit
        stopped = len(text) - place.token.start
        ahead = [edit for remains, edit, _, _ in further
                 if remains < stopped and edit.start >= place.token.start]  # fmt: skip
        return ahead[0] if ahead else None


def _chosen(good: list[Edit]) -> Edit | None:
    """The likeliest edit; equally likely keywords for one word are said together."""
    order = ("stray", "misspelt", "glued", "reserved")

    def doubt(edit: Edit) -> tuple[int, int, int, int]:
        return order.index(edit.kind), edit.unlikely, edit.start - edit.end, edit.start

    likeliest = min(good, key=doubt)
    rivals = [edit for edit in good if doubt(edit) == doubt(likeliest)]
    if likeliest.kind != "misspelt":
        return likeliest
    words = tuple(dict.fromkeys(word for edit in rivals for word in edit.words))
    if len(words) > 1 and likeliest.end - likeliest.start == 1:
        # one character could be any short keyword: something else was meant, or nothing is known
        others = [edit for edit in good if edit.kind != "misspelt"]
        return _chosen(others) if others else None
    return Edit(likeliest.kind, likeliest.start, likeliest.end, words[0], words)


# --- the edits worth a trial


def _edits(text: str, place: _Place) -> Iterator[Edit]:
    seen: set[int] = set()
    if place.token.text in _STOPS and not text[place.token.end :].strip():
        yield Edit("stray", place.token.start, place.token.end, "")
    for token in (place.token, place.previous):
        if token is None:
            continue
        start = _run_start(text, token.start)
        word, figures = _WORD.match(text, start), _WORD_AND_FIGURES.match(text, start)
        if word is None or figures is None or start in seen:
            continue
        seen.add(start)
        yield from _misspelt(text, start, word.end())
        for parts in segmentations(figures[0]):
            yield Edit("glued", start, figures.end(), " ".join(parts))
        if token.type.startswith("KW_"):
            yield Edit("reserved", token.start, token.end, PLACEHOLDER)
        if word[0].isascii():
            before = _LAST_WORD.search(text, 0, start)
            if before is not None and before.start() not in seen:
                yield from _misspelt(text, before.start(), before.end(1))


_LAST_WORD = re.compile(r"([a-z]+) +\Z")
"""An English keyword may have its slip in its second word."""

_STOPS = frozenset(".,;。，；、")
"""What a sentence ends with, and a statement does not."""

_WORD = re.compile(r"[\w%‰]+")
_WORD_AND_FIGURES = re.compile(r"[\w%‰]+(?:[.,][0-9]+[\w%‰]*)*")


def _run_start(text: str, start: int) -> int:
    """Where the unbroken writing begins that has a character at ``start``."""
    while start > 0 and _WORD.match(text[start - 1]):
        start -= 1
    return start


def _misspelt(text: str, start: int, end: int) -> Iterator[Edit]:
    """Keywords near the words at ``start``: one to three of them, as the keyword has."""
    chinese: Script = "zh" if simplified(text) == text else "zh-Hant"
    for stop in _stops(text, start, end):
        written = re.sub(" +", " ", text[start:stop])
        meant = _synonyms().get(simplified(written))
        near = _near(written) | ({meant: 0} if meant else {})
        for name, far in near.items():
            word = spelling(name, "en" if written.isascii() else chinese)
            yield Edit("misspelt", start, stop, word, (word,), far)


def _stops(text: str, start: int, end: int) -> list[int]:
    """Where the first, second and third word end that stand on one line from ``start``."""
    stops = [end]
    for word in re.finditer(r" +[\w]+", text[end:].split("\n")[0]):
        if len(stops) == 3 or word.start() != stops[-1] - end:
            break
        stops.append(end + word.end())
    return stops


def _near(written: str) -> dict[str, int]:
    """Keywords that a slip of the hand may have made ``written``, and how great a slip."""
    found: dict[str, int] = {}
    for word, name in spellings().items():
        if word.isascii() != written.isascii() or abs(len(word) - len(written)) > _slips(word):
            continue
        far = _distance(written, word)
        if 0 < far <= _slips(word):
            found[name] = min(far, found.get(name, far))
    return found


def _slips(word: str) -> int:
    return 2 if len(word) >= 8 else 1


@cache
def _synonyms() -> Mapping[str, str]:
    """What people write for a keyword -> the keyword's grammar name."""
    text = files("tiaowen.grammar").joinpath("synonyms.toml").read_text(encoding="utf-8")
    by_script: dict[str, dict[str, str]] = tomllib.loads(text)
    return by_script["zh"] | by_script["en"]


@cache
def _distance(one: str, other: str) -> int:
    """Characters to put in, take out, change or swap with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row, above = row, [i], before
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, above[j - 2] + 1)
            row.append(best)
    return row[-1]


def _nothing(_parts: list[Any], _start: int, _end: int) -> list[Any]:
    return []


class _Nothing(dict[str, Maker]):
    """Makers of a parse that is only tried."""

    def __missing__(self, name: str) -> Maker:
        return _nothing


_NOTHING = _Nothing()
