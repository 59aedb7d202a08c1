"""Whether a figure of the text stands with the words a rule gives its own to."""

from __future__ import annotations

from collections.abc import Mapping

from tiaowen.compiler.grounding.axes import Said
from tiaowen.compiler.grounding.labels import QUANTITY, Label


class Fit:
    """How a label and the text around a figure agree; the larger the better.

    CARRIED is a word of an earlier clause, which may or may not still hold.
    """

    SAID = 1
    SILENT = 0
    CARRIED = -1
    AGAINST = -2


def fit(label: Label, said: Said | None) -> int:
    """``Fit`` of ``label``, some word of which the text has, with what the text says here."""
    if label.bounds:
        return _fit_bounds(label, said)
    truth = label.words == (label.axis,)
    if said is not None and said.carried and truth:
        return Fit.CARRIED
    mine = set(label.words)
    if said is None or not said.words | said.denied:
        if label.axis == QUANTITY:
            return Fit.SILENT
        return Fit.AGAINST if label.holds else Fit.SAID
    if bool(mine & said.words) is not label.holds:
        return Fit.AGAINST
    return Fit.CARRIED if said.carried else Fit.SAID


def beats(mine: Mapping[Label, int], other: Mapping[Label, int]) -> bool:
    """Whether the ``other`` figure is the one these labels are about, and not mine.

    It stands better with a label that mine does not stand with, and nothing speaks against it.
    """
    if Fit.AGAINST in other.values():
        return False
    if not any(how < other[x] != Fit.SILENT for x, how in mine.items() if how < Fit.SILENT):
        return False
    return Fit.AGAINST in mine.values() or all(other[x] >= how for x, how in mine.items())


def _fit_bounds(label: Label, said: Said | None) -> int:
    if said is None or not said.bounds:
        return Fit.SILENT
    return Fit.SAID if said.bounds == label.bounds else Fit.AGAINST
