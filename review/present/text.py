"""A decision on a terminal: what an appeal officer would print and put in the file.

The settlement statement in the national order, under it the tree of steps, the fee lines as a
table and what else a reader has to know. Widths are terminal cells; from 40 columns upwards
nothing is cut off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from tiaowen.compiler.core import Program
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.dsl.render.cells import cells
from tiaowen.engine.frames import Claim
from tiaowen.engine.telling.explanation import Explanation
from tiaowen.review.present.build import Lines, build
from tiaowen.review.present.layout import Run, painted, width_of, wrap
from tiaowen.review.present.model import Branch, Cited, Entry, Item, LineTable, Report, StatementRow
from tiaowen.review.present.words import CHROME

NARROWEST = 40


def render_text(explanation: Explanation, problems: Sequence[Diagnostic], lang: Lang, color: bool,
                width: int, *, why_not: bool = False, lines: Lines = "table",
                claim: Claim | None = None, program: Program | None = None) -> str:  # fmt: skip
    """The decision as text, ending in a line break.

    ``width`` is the terminal's; ``why_not`` adds the rules that did not apply; ``lines`` 'all'
    adds every step of every fee line. ``claim`` and ``program``, where given, supply the facts,
    the names of fee lines and the English names of fields and codes.
    """
    report = build(
        explanation, problems, lang, claim=claim, program=program, why_not=why_not, lines=lines
    )
    page = Page(max(width, NARROWEST), color, lang)
    shown = [*page.head(report)]
    if problems:
        from tiaowen.dsl.render import render_text as render_problems

        shown += page.title(page.word("problems"))
        shown += render_problems(problems, lang, color, page.width).rstrip("\n").split("\n")
        shown += ["", *page.flow([(report.stopped, "strong")])]
    shown += page.body(report)
    return "\n".join(line.rstrip() for line in shown) + "\n"


@frozen
class Page:
    """How wide, whether in colour, and in which language."""

    width: int
    color: bool
    lang: Lang

    def word(self, key: str) -> str:
        return CHROME[key][0 if self.lang == "zh" else 1]

    # --- lines

    def flow(self, runs: Sequence[Run], first: str = "", later: str = "") -> list[str]:
        """``runs`` wrapped behind a prefix of its own on the first and on later lines."""
        later = later or " " * cells(first)
        lines = wrap(runs, self.width - cells(first), self.width - cells(later))
        return [
            painted([(first if n == 0 else later, "guide"), *line], self.color)
            for n, line in enumerate(lines)
        ]

    def stacked(self, parts: Sequence[list[Run]], first: str, later: str) -> Iterator[str]:
        """Each part behind the one before where it fits on that line whole, else on a new one."""
        prefix, inside = first, later
        held: list[Run] = []
        for part in filter(None, parts):
            if held and cells(prefix) + width_of(held) + 2 + width_of(part) <= self.width:
                held += _spaced(part)
                continue
            if held:
                yield painted([(prefix, "guide"), *held], self.color)
                prefix = inside = later + "  "
            lines = wrap(part, self.width - cells(prefix), self.width - cells(inside))
            for line in lines[:-1]:
                yield painted([(prefix, "guide"), *line], self.color)
                prefix = inside
            held = lines[-1]
        if held:
            yield painted([(prefix, "guide"), *held], self.color)

    def title(self, text: str) -> list[str]:
        rule = "─" * max(0, min(self.width, 100) - cells(text) - 1)
        return ["", painted([(text, "strong"), (" " + rule, "guide")], self.color)]

    # --- head

    def head(self, report: Report) -> Iterator[str]:
        yield from self.flow([(f"{report.title}  ", ""), (f"《{report.policy}》", "strong")])
        yield from self._pairs(report.head)
        if report.facts:
            yield from self.title(self.word("facts"))
            yield from self._pairs(report.facts)

    def _pairs(self, pairs: Sequence[tuple[str, str]]) -> list[str]:
        """Name and value pairs in columns where two or three fit beside each other."""
        if not pairs:
            return []
        colon = self.word("separator")
        items = [f"{name}{colon}{value}" for name, value in pairs]
        column = max(cells(item) for item in items) + 3
        across = max(1, min(3, (self.width + 3) // column))
        if across == 1:
            return [
                line
                for name, value in pairs
                for line in self.flow([(f"{name}{colon}", "dim"), (value, "")], "", "  ")
            ]
        rows = []
        for start in range(0, len(pairs), across):
            row: list[Run] = []
            for at, (name, value) in enumerate(pairs[start : start + across]):
                gap = " " * (at * column - width_of(row))
                row += [(gap, ""), (f"{name}{colon}", "dim"), (value, "")]
            rows.append(painted(row, self.color))
        return rows

    # --- body

    def body(self, report: Report) -> Iterator[str]:
        if report.statement:
            yield from self.title(self.word("statement"))
            yield from self._statement(report.statement)
        if report.steps or report.zeros:
            yield from self.title(self.word("steps"))
            for branch in report.steps:
                yield from self.branch(branch, "", "")
            if report.zeros is not None:
                yield from self._item(report.zeros, "")
        for table in report.lines:
            yield from self.title(table.title)
            yield from self._table(table)
        if report.rest:
            yield from self.title(self.word("rest"))
            for branch in report.rest:
                yield from self.branch(branch, "", "")
        for section in report.sections:
            yield from self.title(section.title)
            for item in section.items:
                yield from self._item(item)
        yield ""
        yield from self.flow([(report.foot, "dim")])

    def _statement(self, rows: Sequence[StatementRow]) -> Iterator[str]:
        names = max(cells(row.name) for row in rows)
        values = max(cells(row.value) for row in rows)
        names = min(names, max(8, self.width - values - 2))
        for row in rows:
            style = "value" if row.fund else ("dim" if row.reason else "")
            lines = wrap([(row.name, "strong" if row.fund else "")], names, names)
            for line in lines[:-1]:
                yield painted(line, self.color)
            gap = names - width_of(lines[-1]) + 2 + values - cells(row.value)
            shown = [*lines[-1], (" " * gap, ""), (row.value, style)]
            reason = f"  {row.reason}" if row.reason else ""
            if reason and width_of(shown) + cells(reason) > self.width:
                yield painted(shown, self.color)
                yield from self.flow([(row.reason, "dim")], "  ")
            else:
                yield painted([*shown, (reason, "dim")], self.color)

    # --- the tree

    def branch(self, branch: Branch, first: str, later: str, within: str = "") -> Iterator[str]:
        """A branch behind the guides ``first`` (its own line) and ``later`` (what is under it).
        Its place is named where it is not the place ``within`` of the branch above."""
        entries, children = branch.entries, branch.children
        name: list[Run] = [(branch.name, "strong")]
        if branch.where != within:
            place = branch.where or self.word("claim")
            name.append((f"（{place}）", "dim"))
        single = len(entries) == 1 and not entries[0].change
        if single:
            below = later + ("│ " if children else "  ")
            yield from self._told(self._definition(name, entries[0]), entries[0], first, below)
        else:
            yield from self.flow([*name, (" ", ""), (branch.value, "value")], first, later + "│ ")
            for number, entry in enumerate(entries):
                last = number == len(entries) - 1 and not children
                mark, under = ("└ ", "  ") if last else ("├ ", "│ ")
                runs = self._amendment(entry) if entry.change else self._definition([], entry)
                yield from self._told(runs, entry, later + mark, later + under + "  ")
        for number, child in enumerate(children):
            last = number == len(children) - 1
            mark, under = ("└ ", "  ") if last else ("├ ", "│ ")
            yield from self.branch(child, later + mark, later + under, branch.where)

    def _definition(self, name: list[Run], entry: Entry) -> list[Run]:
        runs = list(name)
        for text in (entry.symbols, entry.numbers):
            if text:
                runs += [(" = " if runs else "= ", ""), (text, "")]
        runs += [(" = " if runs else "= ", ""), (entry.value, "value")]
        return runs

    def _amendment(self, entry: Entry) -> list[Run]:
        runs: list[Run] = []
        if entry.before and entry.before == entry.value:
            unchanged = self.word("unchanged").format(entry.value)
            runs += [(unchanged, ""), (self.word("comma"), ""), (entry.change, "")]
        elif entry.before:
            runs += [(f"{entry.before} → ", ""), (entry.value, "value"), (f"  {entry.change}", "")]
        else:
            runs += [(entry.change, "")]
        return [*runs, (f" {entry.condition}" if entry.condition else "", "dim")]

    def _told(self, runs: list[Run], entry: Entry, first: str, later: str) -> Iterator[str]:
        """A state, its notes and its citation: on one line where they fit."""
        parts = [runs, self._notes(entry.notes), self._cited(entry.cited)]
        yield from self.stacked(parts, first, later)

    def _notes(self, notes: Sequence[str]) -> list[Run]:
        return [(self.word("semicolon").join(notes), "dim")] if notes else []

    def _cited(self, cited: Cited | None) -> list[Run]:
        if cited is None:
            return []
        label = cited.label
        if cited.basis:
            also = self.word("under").format(self.word("list").join(cited.basis))
            label += self.word("semicolon") + also
        runs: list[Run] = [(f"〔{label}〕", "dim" if cited.national else "article")]
        if cited.quote:
            runs.append((f"“{cited.quote}”", "quote"))
        return runs

    # --- lists and tables

    def _item(self, item: Item, bullet: str = "• ") -> Iterator[str]:
        style = item.mark
        runs: list[Run] = [(item.text, "strong" if style else "")]
        if item.detail:
            runs += [(self.word("separator"), ""), (item.detail, style)]
        yield from self.stacked([runs, self._cited(item.cited)], bullet, "  ")

    def _table(self, table: LineTable) -> Iterator[str]:
        widths = self._widths(table)
        yield from self._wide(table, widths) if widths else self._stacked(table)
        yield from self._line_rules(table)
        for branch in table.details:
            yield from self.branch(branch, "", "")

    def _widths(self, table: LineTable) -> list[int]:
        """The columns' widths: heads and names may wrap before a table is given up ([])."""
        rows = (*table.rows, table.total)
        content = [max(cells(row[n]) for row in rows) for n in range(len(table.columns))]
        heads = [cells(column.name) for column in table.columns]
        for least in (0, 8):
            widths = [max(w, min(h, least or h)) for w, h in zip(content, heads, strict=True)]
            spare = self.width - sum(widths) - 2 * (len(widths) - 1)
            widths[1] = min(widths[1], max(widths[1] + spare, 12))
            if sum(widths) + 2 * (len(widths) - 1) <= self.width:
                return widths
        return []

    def _wide(self, table: LineTable, widths: Sequence[int]) -> Iterator[str]:
        numeric = [column.numeric for column in table.columns]
        yield from self._cells([c.name for c in table.columns], widths, numeric, "dim")
        yield painted([("  ".join("─" * w for w in widths), "guide")], self.color)
        for row, remark in zip(table.rows, table.remarks, strict=True):
            yield from self._cells(row, widths, numeric, "")
            if remark:
                yield from self.flow([(remark, "bad")], " " * (widths[0] + 2))
        yield painted([("  ".join("─" * w for w in widths), "guide")], self.color)
        yield from self._cells(table.total, widths, numeric, "strong")

    def _cells(self, row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool],
               style: str) -> Iterator[str]:  # fmt: skip
        wrapped = [wrap([(text, style)], w, w) for text, w in zip(row, widths, strict=True)]
        for at in range(max(len(lines) for lines in wrapped)):
            line: list[Run] = []
            for lines, wide, right in zip(wrapped, widths, numeric, strict=True):
                runs = lines[at] if at < len(lines) else []
                gap = (" " * (wide - width_of(runs)), "")
                line += [*([gap, *runs] if right else [*runs, gap]), ("  ", "")]
            yield painted(line, self.color)

    def _stacked(self, table: LineTable) -> Iterator[str]:
        """Each line on rows of its own: for terminals too narrow for the table."""
        for row, remark in zip((*table.rows, table.total), (*table.remarks, ""), strict=True):
            head = " ".join(cell for cell in row[:2] if cell)
            yield from self.flow([(head, "strong")], "", "  ")
            named = zip(table.columns[2:], row[2:], strict=True)
            pairs = [f"{column.name} {cell}" for column, cell in named if cell]
            yield from self.flow([(self.word("semicolon").join(pairs), "")], "   ")
            if remark:
                yield from self.flow([(remark, "bad")], "   ")

    def _line_rules(self, table: LineTable) -> Iterator[str]:
        if not table.rules:
            return
        yield ""
        yield from self.flow([(self.word("line_rules"), "dim")])
        for rule in table.rules:
            runs: list[Run] = [(rule.name, "strong"), (" = ", ""), (rule.formula, "")]
            yield from self.stacked(
                [runs, self._notes(rule.notes), self._cited(rule.cited)], "• ", "  "
            )


def _spaced(runs: list[Run]) -> list[Run]:
    return [("  ", ""), *runs] if runs else []
