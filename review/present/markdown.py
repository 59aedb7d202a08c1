"""A decision as Markdown: for a file, a ticket or the documentation, on any Markdown host."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import frozen

from tiaowen.compiler.core import Program
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.frames import Claim
from tiaowen.engine.telling.explanation import Explanation
from tiaowen.review.present.build import Lines, build
from tiaowen.review.present.model import Branch, Cited, Entry, Item, LineTable, Pair, Report
from tiaowen.review.present.words import CHROME

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def render_markdown(explanation: Explanation, problems: Sequence[Diagnostic], lang: Lang, *,
                    why_not: bool = False, lines: Lines = "table", claim: Claim | None = None,
                    program: Program | None = None) -> str:  # fmt: skip
    """The decision as GitHub-flavoured Markdown; the parameters are those of ``render_text``."""
    report = build(
        explanation, problems, lang, claim=claim, program=program, why_not=why_not, lines=lines
    )
    return "\n".join(_Page(lang).lines(report)).rstrip() + "\n"


def escaped(text: str) -> str:
    """``text`` with nothing in it that Markdown would read as its own."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


@frozen
class _Page:
    lang: Lang

    def word(self, key: str) -> str:
        return CHROME[key][0 if self.lang == "zh" else 1]

    def lines(self, report: Report) -> Iterator[str]:
        yield f"# {escaped(report.title)} 《{escaped(report.policy)}》"
        yield ""
        for name, value in report.head:
            yield f"- {escaped(name)}{self.word('separator')}{escaped(value)}"
        yield ""
        yield from self._pairs("facts", report.facts)
        if report.problems:
            yield from self._list(self.word("problems"), report.problems)
            yield f"**{escaped(report.stopped)}**"
            yield ""
        yield from self._statement(report)
        yield from self._tree("steps", report.steps, report.zeros)
        for table in report.lines:
            yield from self._table(table)
        yield from self._tree("rest", report.rest, None)
        for section in report.sections:
            yield from self._list(section.title, section.items)
        yield f"*{escaped(report.foot)}*"

    def _heading(self, text: str) -> Iterator[str]:
        yield f"## {escaped(text)}"
        yield ""

    def _pairs(self, key: str, pairs: Sequence[Pair]) -> Iterator[str]:
        if not pairs:
            return
        yield from self._heading(self.word(key))
        yield "| | |"
        yield "| --- | --- |"
        for name, value in pairs:
            yield f"| {escaped(name)} | {escaped(value)} |"
        yield ""

    def _statement(self, report: Report) -> Iterator[str]:
        if not report.statement:
            return
        yield from self._heading(self.word("statement"))
        yield "| | | |"
        yield "| --- | ---: | --- |"
        for row in report.statement:
            bold = "**" if row.fund else ""
            name, value = f"{bold}{escaped(row.name)}{bold}", f"{bold}{escaped(row.value)}{bold}"
            yield f"| {name} | {value} | {escaped(row.reason)} |"
        yield ""

    # --- the tree

    def _tree(self, key: str, branches: Sequence[Branch], zeros: Item | None) -> Iterator[str]:
        if not branches and zeros is None:
            return
        yield from self._heading(self.word(key))
        for branch in branches:
            yield from self._branch(branch, "", "")
        if zeros is not None:
            yield self._item(zeros)
        yield ""

    def _branch(self, branch: Branch, indent: str, within: str) -> Iterator[str]:
        place = branch.where or self.word("claim")
        where = f"（{escaped(place)}）" if branch.where != within else ""
        name = f"**{escaped(branch.name)}**{where}"
        entries = branch.entries
        if len(entries) == 1 and not entries[0].change:
            yield f"{indent}- {name} {self._definition(entries[0])}{self._tail(entries[0])}"
        else:
            yield f"{indent}- {name} **{escaped(branch.value)}**"
            for entry in entries:
                told = self._amendment(entry) if entry.change else self._definition(entry)
                yield f"{indent}  - {told}{self._tail(entry)}"
        for child in branch.children:
            yield from self._branch(child, indent + "  ", branch.where)

    def _definition(self, entry: Entry) -> str:
        parts = [escaped(text) for text in (entry.symbols, entry.numbers) if text]
        return "".join(f"= {part} " for part in parts) + f"= **{escaped(entry.value)}**"

    def _amendment(self, entry: Entry) -> str:
        when = f" {escaped(entry.condition)}" if entry.condition else ""
        if entry.before and entry.before == entry.value:
            unchanged = escaped(self.word("unchanged").format(entry.value))
            return f"{unchanged}{self.word('comma')}{escaped(entry.change)}{when}"
        change = f"{escaped(entry.before)} → **{escaped(entry.value)}** " if entry.before else ""
        return f"{change}{escaped(entry.change)}{when}"

    def _tail(self, entry: Entry) -> str:
        notes = self.word("semicolon").join(entry.notes)
        shown = f" *{escaped(notes)}*" if notes else ""
        return shown + self._cited(entry.cited)

    def _cited(self, cited: Cited | None) -> str:
        if cited is None:
            return ""
        label = escaped(cited.label)
        if cited.basis:
            also = self.word("under").format(self.word("list").join(cited.basis))
            label += self.word("semicolon") + escaped(also)
        return f" 〔{label}〕" + (f"“{escaped(cited.quote)}”" if cited.quote else "")

    # --- lists and tables

    def _list(self, title: str, items: Sequence[Item]) -> Iterator[str]:
        yield from self._heading(title)
        for item in items:
            yield self._item(item)
        yield ""

    def _item(self, item: Item) -> str:
        detail = f"{self.word('separator')}{escaped(item.detail)}" if item.detail else ""
        text = f"**{escaped(item.text)}**" if item.mark else escaped(item.text)
        return f"- {text}{detail}{self._cited(item.cited)}"

    def _table(self, table: LineTable) -> Iterator[str]:
        yield from self._heading(table.title)
        yield "| " + " | ".join(escaped(c.name) for c in table.columns) + " | |"
        yield "| " + " | ".join("---:" if c.numeric else "---" for c in table.columns) + " | --- |"
        for row, remark in zip((*table.rows, table.total), (*table.remarks, ""), strict=True):
            yield "| " + " | ".join(escaped(cell) for cell in row) + f" | {escaped(remark)} |"
        yield ""
        for rule in table.rules:
            notes = self.word("semicolon").join(rule.notes)
            shown = f" *{escaped(notes)}*" if notes else ""
            told = f"**{escaped(rule.name)}** = {escaped(rule.formula)}{shown}"
            yield f"- {told}{self._cited(rule.cited)}"
        yield ""
        for branch in table.details:
            yield from self._branch(branch, "", "")
        if table.details:
            yield ""
