"""The text one rule cites, with its figures found by value."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import Factory, define, frozen

from tiaowen.compiler.grounding.axes import Axes
from tiaowen.compiler.grounding.measures import (
    Meaning,
    Measure,
    comparable,
    of_figure,
    same,
)
from tiaowen.compiler.grounding.occurrences import Occurrence
from tiaowen.dsl.figures import Figure
from tiaowen.dsl.outline import Paragraph


@define
class Figures:
    """Figures of the text in order, found by value and by kind."""

    occurrences: tuple[Occurrence, ...]
    _by_value: dict[Fraction, list[Occurrence]] = Factory(dict)
    _alike: dict[str, tuple[Occurrence, ...]] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        for occurrence in self.occurrences:
            for value in _values(occurrence.figure):
                self._by_value.setdefault(value, []).append(occurrence)

    def equal(self, mine: Meaning) -> list[Occurrence]:
        """The figures that are what a rule says, in order."""
        near: Sequence[Occurrence] = self.occurrences
        if isinstance(mine, Measure):
            near = self._by_value.get(mine.value, ())
        return [o for o in near if same(mine, o.figure)]

    def alike(self, mine: Meaning) -> tuple[Occurrence, ...]:
        """The figures of the same kind, in order."""
        kind = mine.dimension if isinstance(mine, Measure) else "date"
        if kind not in self._alike:
            self._alike[kind] = tuple(
                o for o in self.occurrences
                if (comparable(mine, o.figure) if isinstance(mine, Measure)
                    else o.figure.kind == "date")
            )  # fmt: skip
        return self._alike[kind]


def _values(figure: Figure) -> set[Fraction]:
    """Every value a rule's number may have to be this figure: of a date, any of its parts."""
    return {of_figure(figure).value, *(Fraction(part) for part in figure.day or () if part)}


@frozen
class Cited:
    """``figures`` are those of ``paragraphs``, or of the sentence the rule names in its own."""

    paragraphs: tuple[Paragraph, ...]
    figures: Figures
    axes: Axes
