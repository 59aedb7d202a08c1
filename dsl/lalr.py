"""From text to values by the grammar's tables: the lexer and the parser in one loop.

The lexer is contextual: what a word is depends on what the grammar takes in that place, so
that a keyword may be a name wherever it cannot be a keyword. The loop keeps no tree of its
own: each production hands its parts to the function that makes its form. Nothing recurses,
so no text is too deep for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from tiaowen.dsl.keywords import spellings
from tiaowen.dsl.tables import END, Tables, tables


class Token(NamedTuple):
    """A terminal's text at ``[start, end)``."""

    type: str
    text: str
    start: int
    end: int


Maker: TypeAlias = Callable[[list[Any], int, int], Any]
"""Makes a form from its parts (tokens and made forms) and its place ``[start, end)``."""

STRANGE = "$STRANGE"
"""The type of a character that begins no token."""


class SyntaxFailure(Exception):
    """The text leaves the grammar at ``token``; ``states`` is where the parser stood."""

    def __init__(self, token: Token, previous: Token | None, states: Sequence[int]) -> None:
        super().__init__(token.type)
        self.token = token
        self.previous = previous
        self.states = tuple(states)

    def accepted(self) -> set[str]:
        """The terminals that could have stood there."""
        row = tables().actions[self.states[-1]]
        return {terminal for terminal in row if _takes(tables(), list(self.states), terminal)}


def _takes(made: Tables, states: list[int], terminal: str) -> bool:
    """Whether the parser, after the reductions it would make, shifts ``terminal``."""
    while True:
        code = made.actions[states[-1]].get(terminal)
        if code is None:
            return False
        if code >= 0:
            return True
        rule = made.rules[~code]
        if rule.size:
            del states[-rule.size :]
        after = made.gotos[states[-1]][rule.origin]
        states.append(after)
        if terminal == END and after in made.end.values():
            return True


# --- the lexer


@cache
def _keyword_of() -> dict[str, str]:
    return {word: f"KW_{name.upper()}" for word, name in spellings().items()}


_SECOND = {"ROW_START": "CELL", "ROW_END": "CELL"}
"""What a token is where the first is not taken: choices of a reading stand between bars too."""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A token with the space before it; a name alone; an article after space."""
    made = tables()
    space = f"(?:{made.ignored})*"
    phrases = sorted((w for w in spellings() if " " in w), key=lambda w: (-len(w), w))
    phrase = "|".join(re.escape(w).replace("\\ ", "[ ]+") for w in phrases)
    groups = [
        f"(?P<{name}>{pattern})"
        for name, pattern in made.patterns.items()
        if name not in ("NAME", "REF") and not name.startswith("KW_")
    ]
    name = made.patterns["NAME"]
    words = f"(?P<PHRASE>(?=[a-z])(?:{phrase})(?!\\w))|(?P<NAME>{name})"
    token = f"{space}(?:{words}|{'|'.join(groups)}|\\Z)"
    reference = f"{space}(?P<REF>{made.patterns['REF']})"
    return re.compile(token), re.compile(name), re.compile(reference)


class Lexer:
    """Takes one token at a time, as the parser's place asks for it.

    ``base`` is the place of ``text`` in its source: every place outside is one of the source.
    """

    def __init__(self, text: str, base: int = 0) -> None:
        self.text = text
        self.base = base
        token, name, reference = _patterns()
        self._token, self._name, self._reference = token.match, name.match, reference.match
        self._keywords = _keyword_of()

    def read(self, start: int, end: int) -> str:
        """The text at ``[start, end)`` of the source, as the lexer reads it."""
        return self.text[start - self.base : end - self.base]

    def next(self, start: int, end: int, taken: Mapping[str, int]) -> Token:
        """The token at ``start`` or after the space there, where ``taken`` may stand."""
        base = self.base
        found = self._token(self.text, start - base, end - base)
        if "REF" in taken:
            found = self._reference(self.text, start - base, end - base) or found
        if found is None:
            return self._strange(start, end)
        kind = found.lastgroup
        if kind is None:
            return Token(END, "", end, end)
        text = found[kind]
        if kind == "NAME":
            keyword = self._keywords.get(text)
            if keyword is not None and (keyword in taken or "NAME" not in taken):
                kind = keyword
        elif kind == "PHRASE":
            return self._phrase(text, found.start(kind) + base, taken)
        elif kind not in taken:
            kind = _SECOND.get(kind, kind)
        last = found.end() + base
        return Token(kind, text, last - len(text), last)

    def _phrase(self, text: str, start: int, taken: Mapping[str, int]) -> Token:
        """A keyword of several words, or else its first word."""
        keyword = self._keywords[re.sub(" +", " ", text)]
        if keyword in taken:
            return Token(keyword, text, start, start + len(text))
        word = self._name(text)
        assert word is not None
        keyword = self._keywords.get(word[0], "NAME")
        kind = keyword if keyword in taken or "NAME" not in taken else "NAME"
        return Token(kind, word[0], start, start + len(word[0]))

    def _strange(self, start: int, end: int) -> Token:
        text = self.read(start, end)
        start = end - len(text.lstrip(" \t\r\n"))
        return Token(STRANGE, self.read(start, start + 1), start, start + 1)


# --- the parser


def parse(lexer: Lexer, start: int, end: int, symbol: str, makers: Mapping[str, Maker]) -> Any:
    """What ``symbol`` makes of the source's text at ``[start, end)``; raises ``SyntaxFailure``."""
    made = tables()
    actions, gotos, rules = made.actions, made.gotos, made.rules
    final = made.end[symbol]
    states = [made.start[symbol]]
    values: list[Any] = []
    starts: list[int] = []
    ends: list[int] = []
    position, previous = start, None
    while True:
        token = lexer.next(position, end, actions[states[-1]])
        kind = token.type
        while True:
            code = actions[states[-1]].get(kind)
            if code is None:
                raise SyntaxFailure(token, previous, states)
            if code >= 0:
                break
            name, origin, size, parts, lists, through = rules[~code]
            if size == 1:
                if through:
                    states[-1] = _climb(states[-2], states[-1], kind)
                else:
                    values[-1] = makers[name](
                        _parts(values[-1:], parts, lists), starts[-1], ends[-1]
                    )
                    states[-1] = gotos[states[-2]][origin]
            elif size:
                found = _parts(values[-size:], parts, lists)
                first, last = starts[-size], ends[-1]
                del values[-size:], starts[-size:], ends[-size:], states[-size:]
                values.append(found[0] if through else makers[name](found, first, last))
                starts.append(first)
                ends.append(last)
                states.append(gotos[states[-1]][origin])
            else:
                values.append(makers[name]([], position, position))
                starts.append(position)
                ends.append(position)
                states.append(gotos[states[-1]][origin])
            if kind == END and states[-1] == final:
                return values[-1]
        states.append(code)
        values.append(token)
        starts.append(token.start)
        ends.append(token.end)
        position, previous = token.end, token


@cache
def _climb(below: int, state: int, kind: str) -> int:
    """The state above ``below`` once every form that only passes its part on is reduced.

    An expression is eight such forms high, whatever it holds; they are climbed in one step.
    """
    made = tables()
    while (code := made.actions[state].get(kind, 0)) < 0:
        rule = made.rules[~code]
        if rule.size != 1 or not rule.through:
            break
        state = made.gotos[below][rule.origin]
    return state


def _parts(values: list[Any], kept: tuple[int, ...], lists: frozenset[int]) -> list[Any]:
    """The values that a rule keeps, with the helper lists spliced in.

    A list that comes first is gone on with: it grows by one as often as the list is long.
    """
    if not lists:
        return values if len(kept) == len(values) else [values[place] for place in kept]
    first = kept[0]
    parts: list[Any] = values[first] if first in lists else [values[first]]
    for place in kept[1:]:
        if place in lists:
            parts.extend(values[place])
        else:
            parts.append(values[place])
    return parts
