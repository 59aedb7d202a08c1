"""Diagnostics shown: as text for a terminal, as JSON, and as SARIF for code scanning.

The renderers are pure functions of the diagnostics; the words come from ``dsl/catalogue``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from tiaowen.dsl.catalogue import Lang, Severity, entry
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.dsl.render.json import render_json
from tiaowen.dsl.render.sarif import render_sarif
from tiaowen.dsl.render.text import render_text

__all__ = ["has_errors", "render_json", "render_sarif", "render_text", "summary"]

_COUNTED: Mapping[Severity, tuple[str, str, str]] = {
    "error": ("个错误", "error", "errors"),
    "warning": ("个警告", "warning", "warnings"),
    "note": ("个提示", "note", "notes"),
}


def summary(diagnostics: Iterable[Diagnostic], lang: Lang) -> str:
    """How many of each severity: "3 errors, 1 warning"; "no problems" when there are none."""
    found = Counter(entry(diagnostic.code).severity for diagnostic in diagnostics)
    parts = []
    for severity, (zh, one, many) in _COUNTED.items():
        count = found[severity]
        if count and lang == "zh":
            parts.append(f"{count}{zh}")
        elif count:
            parts.append(f"{count} {one if count == 1 else many}")
    if not parts:
        return "没有问题" if lang == "zh" else "no problems"
    return ("，" if lang == "zh" else ", ").join(parts)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any finding is an error rather than a warning or a note."""
    return any(entry(diagnostic.code).severity == "error" for diagnostic in diagnostics)
