"""A reconciliation as a page and as data: own arithmetic, line by line, then what explains it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from tiaowen.compiler import types as ty
from tiaowen.compiler.core import LINES, Value
from tiaowen.compiler.values import format_decimal
from tiaowen.dsl.catalogue import Lang, message
from tiaowen.review.present.model import Branch, Entry
from tiaowen.review.present.page import Block, Heading, Page, Point, Points, Prose, Table
from tiaowen.review.present.reconciliation_chrome import PAGE
from tiaowen.review.present.reconciliation_words import Saying
from tiaowen.review.present.tree import Teller
from tiaowen.review.reconciliation import national
from tiaowen.review.reconciliation.records import (
    Cause,
    Discord,
    Group,
    Hypothesis,
    Reconciliation,
    Row,
    Step,
    WrongFact,
)

MOST_GROUPS = 10
"""Explanations shown; the others are counted."""

DEEPEST = 3
"""How far down the calculation of the first line that differs is shown; `decide` shows all."""

MOST_CAUSES = 8
"""Causes of one slot shown; the others are counted."""


@frozen
class _Page:
    """Says one reconciliation in one language."""

    found: Reconciliation
    saying: Saying

    def say(self, key: str, *values: object) -> str:
        return PAGE[key][0 if self.saying.words.chinese else 1].format(*values)

    def name(self, name: str) -> str:
        """A line, or a figure of the interface that is no line."""
        if name in national.BESIDE:
            return national.BESIDE[name][0 if self.saying.words.chinese else 1]
        return self.saying.words.name(name)

    def value(self, value: Value | None, kind: str, name: str = "") -> str:
        return "—" if value is None else self.saying.words.value(value, kind, name)

    # --- the sheet itself

    def sheet(self) -> Iterator[Block]:
        found = self.found
        if not found.discords:
            yield Prose(self.say("no_discords"))
        else:
            yield Heading(self.say("discords"))
            yield Points(tuple(Point(self.discord(d)) for d in found.discords))
        if found.left_out and found.effort.singles:
            names = self.saying.words("list").join(map(self.name, found.left_out))
            yield Prose(self.say("left_out", names))
        if found.stated:
            yield Heading(self.say("stated"))
            yield Points(tuple(Point(self.saying.cause(c)) for c in found.stated))

    def discord(self, found: Discord) -> str:
        shown = [f"{self.name(n)} {self.value(v, '金额')}" for n, v in found.given]
        if found.text == "≤":
            return self.say("bound", *shown)
        others = self.saying.words("comma").join(shown)
        if found.expected is None:
            return self.say("broken", found.text, others)
        return self.say("is_not", self.name(found.name), self.value(found.found, "金额"),
                        self.value(found.expected, "金额"), others)  # fmt: skip

    # --- line by line

    def lines(self) -> Iterator[Block]:
        found = self.found
        yield Heading(self.say("lines"))
        shown = [row for row in found.rows if row.charged is not None or row.policy is not None]
        head = ("", *map(self.say, ("line", "policy", "charged", "difference")))
        marked = frozenset(n for n, row in enumerate(shown) if row.agrees is False)
        yield Table(head, tuple(map(self.row, shown)), frozenset((2, 3, 4)), marked)
        if found.decision.problems:
            words = (message(p, self.saying.words.lang) for p in found.decision.problems)
            yield Prose(self.say("undecided", self.saying.words("semicolon").join(words)), "", True)
        first = found.first
        if first is None:
            if found.agrees and not found.decision.problems:
                yield Prose(self.say("agree"), strong=True)
            return
        differing = sum(row.agrees is False for row in found.rows)
        kind = first.type.name
        yield Prose(self.say("differ", differing, self.name(first.name),
                             self.value(first.policy, kind), self.value(first.charged, kind)),
                    first.article, True)  # fmt: skip
        if not any(r.agrees is False and r.name not in found.left_out for r in found.rows):
            yield Prose(self.say("apart"))
        branch = self.branch(first)
        if branch is not None:
            yield Heading(self.say("how"), 2)
            yield Points((branch,))

    def row(self, row: Row) -> tuple[str, ...]:
        mark = "≠" if row.agrees is False else ""
        values = (self.bare(value, row) for value in (row.policy, row.charged))
        return (mark, self.name(row.name), *values, self.difference(row))

    def bare(self, value: Value | None, row: Row) -> str:
        """A value of the table, an amount without its unit."""
        if row.type == ty.MONEY and isinstance(value, int | Fraction):
            return format_decimal(Fraction(value, 100), 2)
        return self.value(value, row.type.name, row.name)

    def difference(self, row: Row) -> str:
        """By how much the charged figure is more."""
        if row.agrees is not False or row.type not in (ty.MONEY, ty.RATIO):
            return ""
        policy, charged = row.policy or 0, row.charged
        if not isinstance(policy, int | Fraction) or not isinstance(charged, int | Fraction):
            return ""
        by = Fraction(charged) - Fraction(policy)
        if row.type == ty.RATIO:
            return f"{'+' if by > 0 else '−'}{self.value(abs(by), '百分点')}"
        return f"{'+' if by > 0 else '−'}{self.bare(abs(by), row)}"

    def branch(self, row: Row) -> Point | None:
        """How the policy comes to a line, down to lines that were charged themselves."""
        explanation = self.found.explanation
        steps = {line.name: line.step for line in explanation.statement}
        if not steps.get(row.name):
            return None
        teller = Teller(explanation, self.saying.words)
        charged = {figure.name for figure in self.found.charged.figures}
        teller.roots = {step for name, step in steps.items() if name in charged}
        told = teller.branch(steps[row.name])
        return None if told is None else _point(told)

    # --- hypotheses

    def hypotheses(self) -> Iterator[Block]:
        found = self.found
        if not found.effort.singles:
            return
        yield Heading(self.say("found"))
        if found.groups:
            many = len(found.groups)
            yield Prose(self.say("only") if many == 1 else self.say("single", many))
            shown = found.groups[:MOST_GROUPS]
            for number, group in enumerate(shown, 1):
                yield from self.group(number, group)
            if many > MOST_GROUPS:
                yield Prose(self.say("rest", many - MOST_GROUPS))
        else:
            yield Prose(self.say("none"), strong=True)
            yield from self.near()
        effort = found.effort
        words = [self.say("effort", effort.singles, effort.pairs, effort.decisions)]
        words += [self.say(key) for key in effort.unsearched]
        yield Prose(("" if self.saying.words.chinese else " ").join(words))

    def group(self, number: int, group: Group) -> Iterator[Block]:
        """An explanation with what cannot be told from it."""
        first, *others = group.members
        points = [*self.causes(first), *self.step(first.step)]
        for other in others[:MOST_CAUSES]:
            points.append(Point(self.say("or_pair"), "", tuple(self.causes(other))))
        if len(others) > MOST_CAUSES:
            points.append(Point(self.say("more", len(others) - MOST_CAUSES)))
        alone = len(first.slots) == 1
        kind = "both" if not alone else "any" if len(self.slot(first.slots[0])) > 1 else "number"
        yield Heading(self.say(kind, number), 2)
        yield Points(tuple(points))

    def causes(self, hypothesis: Hypothesis) -> Iterator[Point]:
        """The causes of each slot; one of each is enough."""
        single = len(hypothesis.slots) == 1
        for number, slot in enumerate(hypothesis.slots):
            points = self.slot(slot)
            if single:
                yield from points
            elif len(points) == 1:
                text = self.say("and", points[0].text) if number else points[0].text
                yield evolve(points[0], text=text)
            else:
                yield Point(self.say("and_one_of" if number else "one_of"), "", tuple(points))

    def slot(self, slot: Sequence[Cause]) -> list[Point]:
        """Causes as points, other values of one fact said together."""
        points: list[Point] = []
        merged = list(_together(slot))
        for causes in merged[:MOST_CAUSES]:
            text = self.saying.causes(causes)
            points.append(Point(text, self.saying.article(causes[0])))
        if len(merged) > MOST_CAUSES:
            points.append(Point(self.say("more", len(merged) - MOST_CAUSES)))
        return points

    def step(self, step: Step | None) -> Iterator[Point]:
        if step is None:
            return
        name = self.saying.words.name(step.quantity)
        if step.index is not None:
            name = self.say("step_line", step.index + 1, name)
        values = (self.value(v, step.type) for v in (step.before, step.after))
        article = self.saying.place_of(step.rule) if step.rule is not None else ""
        yield Point(self.say("step", name, *values), article)

    def near(self) -> Iterator[Block]:
        near = self.found.nearest
        if near is None:
            return
        first, *others = (self.saying.cause(c) for c in near.hypothesis.simplest)
        text = self.say("with", first, others[0]) if others else first
        left = tuple(
            Point(self.say("left", self.name(line.name), self.value(one, line.type.name),
                           self.value(other, line.type.name)))
            for line, one, other in near.left
        )  # fmt: skip
        yield Points((Point(self.say("near", text), "", left),))


def _together(slot: Sequence[Cause]) -> Iterator[list[Cause]]:
    """The causes of a slot, those that set one fact to other values in one list."""
    lists: dict[object, list[Cause]] = {}
    for number, cause in enumerate(slot):
        key: object = number
        if isinstance(cause, WrongFact) and len(cause.change.settings) == 1:
            (setting,) = cause.change.settings
            key = (setting.place, setting.after is None)
        lists.setdefault(key, []).append(cause)
    yield from lists.values()


def _point(branch: Branch, depth: int = 0) -> Point:
    """A branch of an explanation as a point of a list, its operands as far as ``DEEPEST``."""
    *before, last = branch.entries
    below = [_entry(entry) for entry in before]
    if depth < DEEPEST:
        below += [_point(child, depth + 1) for child in branch.children]
    told = _entry(last)
    text = f"{branch.name} {branch.value}"
    if told.text not in ("", branch.value):
        text = f"{branch.name} = {told.text}"
    return Point(text, told.article, tuple(below))


def _entry(entry: Entry) -> Point:
    steps = [entry.symbols, entry.numbers, entry.value] if not entry.change else [entry.value]
    text = " = ".join(dict.fromkeys(filter(None, steps)))
    extras = filter(None, (entry.change, entry.condition, *entry.notes))
    noted = "  ".join(dict.fromkeys(extras))
    article = entry.cited.label if entry.cited is not None else ""
    return Point(f"{text}  {noted}" if noted else text, article)


def reconciliation_page(found: Reconciliation, lang: Lang) -> Page:
    """The page of ``found``."""
    lines = found.decision.frame.claim.collections.get(LINES, ())
    told = _Page(found, Saying.of(found.program, lang, found.items, lines))
    name = told.saying.words.name(found.matter)
    title = told.say("title", found.program.identity.title, name)
    return Page(title, (*told.sheet(), *told.lines(), *told.hypotheses()))
