"""Diagnostics as plain data for other programs, in a form that carries its version.

The form: ``{"version": 1, "diagnostics": [...]}``, each with ``code``, ``severity``,
``title``, ``message``, ``help``, ``article``, ``place``, ``args`` (in words), ``labels``
(file, text, and 1-based lines and columns in characters, the end exclusive), ``fix``,
``witness`` and ``page``. Absent texts are empty strings; ``fix`` and ``witness`` may be null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tiaowen.dsl import catalogue
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.dsl.render.places import placed, region

VERSION = 1


def render_json(diagnostics: Iterable[Diagnostic], lang: Lang) -> dict[str, Any]:
    """The findings in the order given, as dicts, lists, strings, numbers and null only."""
    return {"version": VERSION, "diagnostics": [_finding(found, lang) for found in diagnostics]}


def _finding(diagnostic: Diagnostic, lang: Lang) -> dict[str, Any]:
    entry = catalogue.entry(diagnostic.code)
    fix = diagnostic.fix
    return {
        "code": diagnostic.code,
        "severity": entry.severity,
        "title": entry.title.say(lang),
        "message": catalogue.message(diagnostic, lang),
        "help": catalogue.help(diagnostic, lang),
        "article": diagnostic.article,
        "place": diagnostic.place,
        "args": {name: catalogue.say(value, lang) for name, value in diagnostic.args.items()},
        "labels": [
            {
                **region(label.span),
                "text": catalogue.label_text(diagnostic, label, lang),
                "primary": number == 0,
            }
            for number, label in enumerate(placed(diagnostic))
        ],
        "fix": None if fix is None else {**region(fix.span), "replacement": fix.replacement},
        "witness": None if diagnostic.witness is None else plain(diagnostic.witness, lang),
        "page": diagnostic.code,
    }


def plain(value: object, lang: Lang) -> Any:
    """``value`` as JSON data: what JSON cannot hold exactly is given in words."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Mapping) and lang not in value:
        return {str(name): plain(inner, lang) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, lang) for inner in value]
    return catalogue.say(value, lang)
