"""Diagnostics as a SARIF 2.1.0 log, which code hosts and editors show beside the text.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from tiaowen.dsl import catalogue
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.diagnostics import Diagnostic, Fix
from tiaowen.dsl.render.json import plain
from tiaowen.dsl.render.places import placed, region
from tiaowen.dsl.source import Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render_sarif(
    diagnostics: Iterable[Diagnostic], lang: Lang, tool_version: str = ""
) -> dict[str, Any]:
    """One run of ``tiaowen`` with the findings as results, in the order given."""
    found = list(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in found})
    driver: dict[str, Any] = {"name": "tiaowen", "rules": [_rule(code, lang) for code in codes]}
    if tool_version:
        driver["version"] = tool_version
    run = {
        "tool": {"driver": driver},
        "language": "zh-CN" if lang == "zh" else "en-US",
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, codes, lang) for diagnostic in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, lang: Lang) -> dict[str, Any]:
    entry = catalogue.entry(code)
    return {
        "id": code,
        "shortDescription": {"text": entry.title.say(lang)},
        "fullDescription": {"text": entry.page.say(lang)},
        "help": {"text": entry.page.say(lang)},
        "defaultConfiguration": {"level": entry.severity},
    }


def _result(diagnostic: Diagnostic, codes: Sequence[str], lang: Lang) -> dict[str, Any]:
    help_text = catalogue.help(diagnostic, lang)
    message = catalogue.message(diagnostic, lang)
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": catalogue.entry(diagnostic.code).severity,
        "message": {"text": f"{message}\n{help_text}" if help_text else message},
        "locations": _primary(diagnostic, lang),
    }
    related = [
        {"id": number, **_location(label.span, catalogue.label_text(diagnostic, label, lang))}
        for number, label in enumerate(placed(diagnostic)[1:], start=1)
    ]
    if related:
        result["relatedLocations"] = related
    if diagnostic.fix is not None:
        result["fixes"] = [_fix(diagnostic.fix, help_text or message)]
    properties = {"article": diagnostic.article, "place": diagnostic.place}
    kept: dict[str, Any] = {name: text for name, text in properties.items() if text}
    if diagnostic.witness is not None:
        kept["witness"] = plain(diagnostic.witness, lang)
    if kept:
        result["properties"] = kept
    return result


def _primary(diagnostic: Diagnostic, lang: Lang) -> list[dict[str, Any]]:
    location: dict[str, Any] = {}
    labels = placed(diagnostic)
    if labels:
        label = labels[0]
        location = _location(label.span, catalogue.label_text(diagnostic, label, lang))
    if diagnostic.place:
        location["logicalLocations"] = [{"fullyQualifiedName": diagnostic.place}]
    return [location] if location else []


def _location(span: Span, text: str) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(span.source.name)},
            "region": {**_region(span), "snippet": {"text": span.text}},
        }
    }
    if text:
        location["message"] = {"text": text}
    return location


def _region(span: Span) -> dict[str, int]:
    place = region(span)
    start, end = place["start"], place["end"]
    return {
        "startLine": start["line"],
        "startColumn": start["column"],
        "endLine": end["line"],
        "endColumn": end["column"],
    }


def _fix(fix: Fix, description: str) -> dict[str, Any]:
    return {
        "description": {"text": description},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": _uri(fix.span.source.name)},
                "replacements": [
                    {
                        "deletedRegion": _region(fix.span),
                        "insertedContent": {"text": fix.replacement},
                    }
                ],
            }
        ],
    }


def _uri(name: str) -> str:
    """A relative URI reference for a path; an absolute path becomes a ``file`` URI."""
    path = name.replace("\\", "/")
    if path.startswith("/"):
        return "file://" + quote(path)
    if len(path) > 1 and path[1] == ":":
        return "file:///" + quote(path, safe="/:")
    return quote(path)
