"""What is wrong, as data: a code, the values its message names, and where.

The words stand in the catalogue (``dsl/catalogue/``), in Chinese and English; renderers
stand in ``dsl/render.py``. A diagnostic that stops the work travels in ``Rejected``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from tiaowen.dsl.source import Span


@frozen
class Label:
    """A place a diagnostic points at. ``text`` names an entry of the code's label texts."""

    span: Span
    text: str = ""
    args: Mapping[str, Any] = field(factory=dict)


@frozen
class Fix:
    """A replacement that would mend the text at ``span``."""

    span: Span
    replacement: str


@frozen
class Diagnostic:
    """One finding.

    ``args`` fill the placeholders of the catalogue's message and help. The first label is
    the primary place. ``place`` says where in data that has no source text (a claim's
    ``明细[3].单价``). ``article`` is the article path as printed. ``witness`` is a claim, as
    plain field values, that shows the finding.
    """

    code: str
    args: Mapping[str, Any] = field(factory=dict)
    labels: tuple[Label, ...] = ()
    place: str = ""
    article: str = ""
    fix: Fix | None = None
    witness: Mapping[str, Any] | None = None

    @property
    def span(self) -> Span | None:
        return self.labels[0].span if self.labels else None


def diagnose(
    code: str,
    span: Span | None = None,
    /,
    *,
    article: str = "",
    place: str = "",
    label: str = "",
    fix: Fix | None = None,
    witness: Mapping[str, Any] | None = None,
    also: Iterable[Label] = (),
    **args: Any,
) -> Diagnostic:
    """A diagnostic at ``span``; keyword arguments beyond the named ones fill its message."""
    labels = (Label(span, label, args), *also) if span is not None else tuple(also)
    return Diagnostic(code, args, labels, place, article, fix, witness)


class Rejected(Exception):
    """The input cannot be used; ``diagnostics`` (never empty) say why."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(", ".join(d.code for d in self.diagnostics))

    def __str__(self) -> str:
        """All that is wrong, in the words a reader of a traceback sees."""
        from tiaowen.dsl.render.text import render_text

        return "\n" + render_text(self.diagnostics, "zh", False, 100).rstrip()
