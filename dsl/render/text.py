"""Diagnostics as a person reads them in a terminal, in the manner of rustc and ruff.

Each finding shows its message, the source lines with carets under the words meant, the
article with its words, a claim that shows the finding, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from tiaowen.dsl import catalogue
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.diagnostics import Diagnostic, Fix, Label
from tiaowen.dsl.render.cells import cells, pad, show, visible
from tiaowen.dsl.render.places import placed
from tiaowen.dsl.source import Source

_WORDS: Mapping[str, tuple[str, str]] = {
    "error": ("错误", "error"),
    "warning": ("警告", "warning"),
    "note": ("提示", "note"),
    "article": ("条文", "article"),
    "place": ("位置", "at"),
    "witness": ("举例", "claim"),
    "help": ("建议", "help"),
    "fix": ("改为", "fix"),
    "remove": ("删去", "remove"),
    "page": ("说明", "docs"),
}
_STYLES: Mapping[str, str] = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "gutter": "1;34",
    "other": "1;34",
    "strong": "1",
    "help": "1;32",
}
_MOST_FIX_LINES = 6


def render_text(diagnostics: Iterable[Diagnostic], lang: Lang, color: bool, width: int) -> str:
    """The findings in the order given, a blank line between two; no summary.

    ``width`` is the terminal's, in cells: longer source lines show the part around the caret.
    ``color`` adds ANSI colours; without it the text has none.
    """
    page = _Page(lang, color, max(width, 40))
    return "\n".join("\n".join(_finding(diagnostic, page)) + "\n" for diagnostic in diagnostics)


@frozen
class _Page:
    """How to write: the language, whether in colour, and how wide."""

    lang: Lang
    color: bool
    width: int

    def word(self, key: str) -> str:
        return _WORDS[key][0 if self.lang == "zh" else 1]

    @property
    def colon(self) -> str:
        return "：" if self.lang == "zh" else ": "

    def paint(self, text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.color and text else text


@frozen
class _Mark:
    """Characters ``[start, end)`` of one line to be underlined, and what is said of them."""

    start: int
    end: int
    text: str
    primary: bool


def _finding(diagnostic: Diagnostic, page: _Page) -> Iterator[str]:
    severity = catalogue.entry(diagnostic.code).severity
    head = page.paint(f"{page.word(severity)}[{diagnostic.code}]", severity)
    message = visible(catalogue.message(diagnostic, page.lang))
    yield head + page.paint(page.colon + message, "strong")
    sections = _sections(diagnostic, page.lang)
    numbers = [line for _, _, marks in sections for line in marks]
    if diagnostic.fix is not None:
        numbers.append(diagnostic.fix.span.line)
    gutter = len(str(max(numbers, default=0)))
    margin = " " * gutter
    if not sections and diagnostic.place:
        yield page.paint(f"{margin}--> ", "gutter") + visible(diagnostic.place)
    for number, (source, label, marks) in enumerate(sections):
        arrow = "-->" if number == 0 else ":::"
        where = f"{visible(source.name)}:{label.span.line}:{label.span.column}"
        yield page.paint(f"{margin}{arrow} ", "gutter") + where
        yield from _excerpt(source, marks, gutter, severity, page)
    if sections:
        yield page.paint(f"{margin} |", "gutter")
    yield from _notes(diagnostic, margin, bool(sections), page)


def _sections(
    diagnostic: Diagnostic, lang: Lang
) -> list[tuple[Source, Label, dict[int, list[_Mark]]]]:
    """By source, the primary one first: its first label, and the marks of each line."""
    found: dict[int, tuple[Source, Label, dict[int, list[_Mark]]]] = {}
    for number, label in enumerate(placed(diagnostic)):
        source = label.span.source
        _, _, marks = found.setdefault(id(source), (source, label, {}))
        text = visible(catalogue.label_text(diagnostic, label, lang))
        for line, mark in _marks(label, text, number == 0):
            marks.setdefault(line, []).append(mark)
    return list(found.values())


def _marks(label: Label, text: str, primary: bool) -> Iterator[tuple[int, _Mark]]:
    """The marks of a label: one, or for several lines one on the first and one on the last."""
    span = label.span
    source = span.source
    first = source.line_of(span.start)
    last = source.line_of(max(span.start, span.end - 1))
    start = span.start - source.line_starts[first - 1]
    if first == last:
        yield first, _Mark(start, start + max(1, span.end - span.start), text, primary)
        return
    yield first, _Mark(start, max(start + 1, len(source.line_text(first))), "", primary)
    closing = source.line_text(last)
    indent = len(closing) - len(closing.lstrip())
    end = span.end - source.line_starts[last - 1]
    yield last, _Mark(min(indent, end - 1), end, text, primary)


def _excerpt(
    source: Source, marks: Mapping[int, Sequence[_Mark]], gutter: int, severity: str, page: _Page
) -> Iterator[str]:
    bar = page.paint(" " * gutter + " | ", "gutter")
    yield page.paint(" " * gutter + " |", "gutter")
    previous = 0
    for line in sorted(marks):
        if previous and line == previous + 2:
            between = show(source.line_text(line - 1), 0, 0, page.width - gutter - 3)
            yield (page.paint(f"{line - 1:>{gutter}} | ", "gutter") + between.text).rstrip()
        elif previous and line > previous + 2:
            yield page.paint("...", "gutter")
        previous = line
        ordered = sorted(marks[line], key=lambda mark: (not mark.primary, mark.start))
        text = source.line_text(line)
        shown = show(text, ordered[0].start, ordered[0].end, page.width - gutter - 3)
        yield (page.paint(f"{line:>{gutter}} | ", "gutter") + shown.text).rstrip()
        for mark in ordered:
            at = shown.column(mark.start)
            length = max(1, shown.column(mark.end) - at)
            style = severity if mark.primary else "other"
            under = ("^" if mark.primary else "-") * length
            yield from _under(bar, at, under, mark.text, style, page, gutter)


def _under(
    bar: str, at: int, under: str, text: str, style: str, page: _Page, gutter: int
) -> Iterator[str]:
    """The row under a line, and a row more for words that do not fit behind the carets."""
    room = page.width - gutter - 3
    fits = at + len(under) + 1 + cells(text) <= room
    words = f" {text}" if text and fits else ""
    yield bar + " " * at + page.paint(under + words, style)
    if text and not fits:
        yield bar + " " * max(0, min(at, room - cells(text))) + page.paint(text, style)


def _notes(diagnostic: Diagnostic, margin: str, placed: bool, page: _Page) -> Iterator[str]:
    if diagnostic.article:
        yield _note("article", _article(diagnostic, page.lang), margin, page)
    if diagnostic.place and placed:
        yield _note("place", visible(diagnostic.place), margin, page)
    if diagnostic.witness:
        yield _note("witness", "", margin, page)
        yield from _witness(diagnostic.witness, margin, page.lang)
    help_text = visible(catalogue.help(diagnostic, page.lang))
    if help_text:
        yield _note("help", help_text, margin, page)
    if diagnostic.fix is not None:
        yield from _fix(diagnostic.fix, margin, page)
    yield _note("page", diagnostic.code, margin, page)


def _note(key: str, text: str, margin: str, page: _Page) -> str:
    style = "help" if key in ("help", "fix", "remove") else "strong"
    head = page.paint(f"{margin} = ", "gutter") + page.paint(page.word(key), style)
    return (head + page.colon + text).rstrip()


def _article(diagnostic: Diagnostic, lang: Lang) -> str:
    """The article path and, where the diagnostic has them (``quoted``), its words."""
    path = visible(diagnostic.article)
    quoted = diagnostic.args.get("quoted")
    return f"{path} “{visible(catalogue.say(quoted, lang))}”" if quoted else path


def _witness(witness: Mapping[str, Any], margin: str, lang: Lang) -> Iterator[str]:
    names = {name: visible(name) for name in witness}
    column = max(cells(name) for name in names.values())
    for name, value in witness.items():
        yield f"{margin}     {pad(names[name], column)} = {visible(catalogue.say(value, lang))}"


def _fix(fix: Fix, margin: str, page: _Page) -> Iterator[str]:
    """The lines as they would stand once mended; a line that would go away is named."""
    source = fix.span.source
    first, last = source.line_of(fix.span.start), source.line_of(fix.span.end)
    before = source.text[source.line_starts[first - 1] : fix.span.start]
    end_line = source.line_text(last)
    after = end_line[fix.span.end - source.line_starts[last - 1] :]
    mended = (before + fix.replacement + after).splitlines()
    if not any(line.strip() for line in mended):
        yield _note("remove", visible(source.line_text(first)).strip(), margin, page)
        return
    yield _note("fix", "", margin, page)
    room = page.width - len(margin) - 5
    at = len(before)
    for number, line in enumerate(mended[:_MOST_FIX_LINES]):
        start = at if number == 0 else 0
        shown = show(line, min(start, len(line)), min(len(line), start + 1), room)
        yield f"{margin}     {shown.text}".rstrip()
    if len(mended) > _MOST_FIX_LINES:
        yield f"{margin}     …"
