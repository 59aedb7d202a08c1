"""Which sentences a rule encodes.

With 句 n, that sentence. Without it, the sentences in which its figures stand; a rule none of
whose figures stand in its paragraph encodes the sentences that share a word with it and, where
there are none, all of the paragraph. Of an article after 依据 it encodes the sentences in which
its figures stand or that share a longer word with it, or the only sentence that it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs
from attrs import Factory, define

from tiaowen.compiler.collect import ScopedRule
from tiaowen.compiler.grounding import GroundedFigure
from tiaowen.compiler.grounding.citing import Citations, clauses_of
from tiaowen.dsl import tree as t
from tiaowen.dsl.normal import halfwidth
from tiaowen.dsl.outline import Paragraph
from tiaowen.dsl.source import Span

SentenceKey = tuple[int, int]
"""A sentence: its paragraph's identity and its number."""

_SHARED = 3
"""So many characters of a name in a sentence are a word shared with it."""

_SHARED_ELSEWHERE = 4
"""The same for the sentences of other articles, which a rule only rests on."""

_VOCABULARY = (
    t.Applies, t.InterfaceHead, t.Enumeration, t.Fields, t.Collection, t.Shorthand, t.SetAside,
    t.Property,
)  # fmt: skip


def encodes(rule: ScopedRule) -> bool:
    """Whether a statement encodes text: it is a rule, or a matter with a condition."""
    statement = rule.statement
    if isinstance(statement, t.MatterHead):
        return statement.clauses.when is not None
    return not isinstance(statement, _VOCABULARY)


@define
class Encoding:
    """Finds the sentences that rules encode; each paragraph is read once."""

    citations: Citations
    _pieces: dict[tuple[int, int], dict[str, list[int]]] = Factory(dict)

    def of(self, rule: ScopedRule, figures: Sequence[GroundedFigure]) -> Iterator[SentenceKey]:
        """The sentences that ``rule`` encodes; ``figures`` are its own, grounded."""
        own = self.citations.own(rule)
        stands = {
            (id(f.occurrence.paragraph), f.occurrence.sentence) for f in figures if f.occurrence
        }
        yield from stands
        sentence = clauses_of(rule).sentence
        words = _words(rule.statement)
        if sentence is not None and rule.paragraph is not None:
            yield id(rule.paragraph), sentence
        elif not any((id(p), s.number) in stands for p in own for s in p.sentences):
            shared = list(self._sharing(own, words, _SHARED))
            yield from shared
            if not shared and not isinstance(rule.statement, t.Reading):
                yield from ((id(p), s.number) for p in own for s in p.sentences)
        for basis in self.citations.basis(rule):
            text = [p for p in basis if not p.heading]
            if len(text) == 1 and len(text[0].sentences) == 1:
                yield id(text[0]), 1
            yield from self._sharing(text, words, _SHARED_ELSEWHERE)

    def _sharing(self, paragraphs: Iterable[Paragraph], words: Sequence[str],
                 size: int) -> Iterator[SentenceKey]:  # fmt: skip
        """The sentences with ``size`` characters of a word, or a word one shorter than that."""
        for paragraph in paragraphs:
            for word in words:
                if len(word) >= size - 1:
                    length = min(size, len(word))
                    pieces = self._read(paragraph, length)
                    for at in range(len(word) - length + 1):
                        for number in pieces.get(word[at : at + length], ()):
                            yield id(paragraph), number

    def _read(self, paragraph: Paragraph, length: int) -> dict[str, list[int]]:
        """Every stretch of ``length`` characters, with the sentences that have it."""
        key = (id(paragraph), length)
        if key not in self._pieces:
            found: dict[str, list[int]] = {}
            for sentence in paragraph.sentences:
                text = halfwidth(sentence.text)
                for piece in {text[i : i + length] for i in range(len(text) - length + 1)}:
                    found.setdefault(piece, []).append(sentence.number)
            self._pieces[key] = found
        return self._pieces[key]


def _words(statement: t.RuleStatement) -> tuple[str, ...]:
    """The names and texts of a rule, as far as two characters or more can tell something."""
    found = dict.fromkeys(halfwidth(word) for word in _strings(statement))
    return tuple(word for word in found if len(word) > 1)


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, t.Number | t.Reference | Span):
        return
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from _strings(item)
    elif attrs.has(type(node)):
        for field in attrs.fields(type(node)):
            if field.name not in _NOT_WORDS:
                yield from _strings(getattr(node, field.name))


_NOT_WORDS = frozenset(
    {"span", "operator", "operation", "function", "type", "each", "english", "derive",
     "delegation", "subject", "interface", "scope", "matter"}
)  # fmt: skip
