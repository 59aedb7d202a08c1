"""Where a finding stands, as every renderer needs it."""

from __future__ import annotations

from typing import Any

from tiaowen.dsl.diagnostics import Diagnostic, Label
from tiaowen.dsl.source import Span


def placed(diagnostic: Diagnostic) -> list[Label]:
    """The labels that point into a text; nodes that no text made have none to show."""
    return [label for label in diagnostic.labels if stands_in_text(label.span)]


def stands_in_text(span: Span) -> bool:
    return bool(span.source.name or span.source.text)


def region(span: Span) -> dict[str, Any]:
    """The file of a span, its start and its exclusive end.

    Lines and columns count from 1, columns and offsets in characters.
    """
    source = span.source
    return {
        "file": source.name,
        "start": {"line": span.line, "column": span.column, "offset": span.start},
        "end": {
            "line": source.line_of(span.end),
            "column": source.column_of(span.end),
            "offset": span.end,
        },
    }
