"""How much of a text is encoded, as data for whoever shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from attrs import field, frozen

from tiaowen.compiler.collect import ScopedRule
from tiaowen.compiler.grounding import GroundedFigure, Occurrence
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.dsl.outline import Paragraph
from tiaowen.dsl.sentences import Sentence

Status = Literal["encoded", "set aside", "heading", "unexplained"]


@frozen
class FigureCover:
    """One quantity of the text and the rules that use it, by id."""

    occurrence: Occurrence
    status: Status
    rules: tuple[str, ...] = ()


@frozen
class SentenceCover:
    """One sentence: encoded by ``rules`` (ids), or set aside with ``reason``.

    ``elsewhere`` are the articles a reason refers to, as printed. A heading names what follows.
    """

    paragraph: Paragraph = field(repr=False)
    sentence: Sentence
    status: Status
    rules: tuple[str, ...] = ()
    reason: str = ""
    elsewhere: tuple[str, ...] = ()
    figures: tuple[FigureCover, ...] = ()


@frozen
class Count:
    """How many, by status."""

    total: int
    encoded: int
    set_aside: int
    headings: int
    unexplained: int

    @staticmethod
    def of(statuses: Iterable[Status]) -> Count:
        by = Counter(statuses)
        return Count(by.total(), by["encoded"], by["set aside"], by["heading"], by["unexplained"])


@frozen(slots=False)
class Coverage:
    """Every sentence of the text in its order.

    ``derived`` are the figures of rules that follow from the text by a derivation;
    ``set_aside`` the rules that set something aside. ``diagnostics`` are TW0403, TW0404, TW0405.
    """

    sentences: tuple[SentenceCover, ...]
    derived: tuple[GroundedFigure, ...] = ()
    set_aside: tuple[ScopedRule, ...] = field(default=(), repr=False)
    diagnostics: tuple[Diagnostic, ...] = ()

    @cached_property
    def figures(self) -> tuple[FigureCover, ...]:
        return tuple(figure for sentence in self.sentences for figure in sentence.figures)

    @cached_property
    def sentence_count(self) -> Count:
        return Count.of(sentence.status for sentence in self.sentences)

    @cached_property
    def figure_count(self) -> Count:
        return Count.of(figure.status for figure in self.figures)

    @property
    def complete(self) -> bool:
        """Whether every sentence and every figure is explained."""
        return not (self.sentence_count.unexplained or self.figure_count.unexplained)
