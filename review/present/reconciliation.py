"""A reconciliation as a page and as data: own arithmetic, line by line, then what explains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from tiaowen.compiler import types as ty
from tiaowen.compiler.core import LINES, Value
from tiaowen.compiler.values import format_decimal
from tiaowen.dsl.catalogue import Lang, message
from tiaowen.review.present.model import Branch, Entry
from tiaowen.review.present.page import Block, Heading, Page, Point, Points, Prose, Table
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
from tiaowen.review.reconciliation.search import NOT_TOGETHER, OUT_OF_BUDGET

MOST_GROUPS = 10
"""Explanations shown; the others are counted."""

MOST_CAUSES = 8
"""Causes of one slot shown; the others are counted."""

_SAID: Mapping[str, tuple[str, str]] = {
    "title": ("核对结算 《{0}》 {1}", "Settlement reconciled 《{0}》 {1}"),
    "discords": ("结算单自己的数字互相矛盾", "The charged figures contradict one another"),
    "no_discords": ("结算单自己的数字互相相符。", "The charged figures agree with one another."),
    "is_not": ("{0} {1}，按其余数字应为 {2}：{3}", "{0} {1}, by the others it would be {2}: {3}"),
    "broken": ("不合“{0}”：{1}", "against “{0}”: {1}"),
    "bound": ("{0} 大于 {1}", "{0} is more than {1}"),
    "left_out": ("下面找原因时不计这些行：{0}。", "Left out where causes are looked for: {0}."),
    "stated": ("结算单所写的事实与数据不同", "Facts on which the sheet and the claim differ"),
    "lines": ("逐行核对（元）", "Line by line (yuan)"),
    "line": ("项目", "line"),
    "policy": ("按政策", "by the policy"),
    "charged": ("收取", "charged"),
    "difference": ("相差", "difference"),
    "agree": ("收取的每一行都与政策相同。", "Every charged line is the policy's."),
    "differ": ("{0}行不同。最先不同的是{1}：按政策 {2}，收取 {3}。",
               "Lines that differ: {0}. The first is {1}: {2} by the policy, {3} charged."),
    "apart": ("除去与自己矛盾的行，收取的都与政策相同。",
              "Apart from the line that contradicts the others, all that was charged is the "
              "policy's."),
    "how": ("政策如何得出", "How the policy comes to it"),
    "undecided": ("按政策不能算出全部结果：{0}", "the policy does not give every line: {0}"),
    "found": ("怎样才会收取这些数字", "What gives exactly the charged figures"),
    "single": ("以下{0}种解释各自都恰好得出收取的数字，最简单的在前。",
               "Each of these {0} explanations gives exactly the charged figures; the simplest "
               "stands first."),
    "only": ("以下解释恰好得出收取的数字。", "This explanation gives exactly the charged figures."),
    "number": ("解释{0}", "Explanation {0}"),
    "any": ("解释{0}：以下任何一种（从数字上分不出）",
            "Explanation {0}: any of these (no figure tells them apart)"),
    "both": ("解释{0}：两处一起", "Explanation {0}: two together"),
    "one_of": ("以下任何一种", "any of these"),
    "and_one_of": ("再加以下任何一种", "and any of these"),
    "and": ("再加 {0}", "and {0}"),
    "more": ("另有{0}种", "{0} more"),
    "or_pair": ("或者", "or"),
    "step": ("最先改变的一步：{0}，{1} → {2}", "the first step it changes: {0}, {1} → {2}"),
    "step_line": ("第{0}项的{1}", "{1} of fee line {0}"),
    "rest": ("还有{0}种，见 JSON。", "{0} more are in the JSON form."),
    "none": ("没有找到能得出收取数字的一处或两处原因。",
             "No cause, and no two, was found that gives the charged figures."),
    "near": ("最接近、但仍得不出收取数字的是：{0}",
             "The nearest, which does not give them, is: {0}"),
    "left": ("{0}：这样得 {1}，收取 {2}", "{0}: {1} in that case, {2} charged"),
    "with": ("{0}；并且 {1}", "{0}; and {1}"),
    "effort": ("试了{0}种单独的原因、{1}对原因，共结算{2}次。",
               "{0} single causes and {1} pairs were tried, in {2} decisions."),
    OUT_OF_BUDGET: ("结算次数用完了，其余的没有试；--budget 可以放宽。",
                    "The decisions allowed were used up and the rest was not tried; --budget "
                    "allows more."),
    NOT_TOGETHER: ("没有试的：单独都不改变最先不同那一行、合起来才改变的两处原因；三处以上的原因。",
                   "Not tried: two causes neither of which alone bears on the first line that "
                   "differs; three causes or more."),
}  # fmt: skip


@frozen
class _Page:
    """Says one reconciliation in one language."""

    found: Reconciliation
    saying: Saying

    def say(self, key: str, *values: object) -> str:
        return _SAID[key][0 if self.saying.words.chinese else 1].format(*values)

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


def _point(branch: Branch) -> Point:
    """A branch of an explanation as a point of a list."""
    *before, last = branch.entries
    below = [*(_entry(entry) for entry in before), *map(_point, branch.children)]
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
