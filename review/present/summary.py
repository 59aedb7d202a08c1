"""The benefits of a policy as a page for the public and as data, every figure with its article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Program
from tiaowen.dsl.catalogue import Lang
from tiaowen.engine.telling.as_json import value_data
from tiaowen.review.present.page import Block, Heading, Page, Point, Points, Prose, Table
from tiaowen.review.present.symbolic import bounds, written
from tiaowen.review.present.words import Words, labels_of
from tiaowen.review.summary import KINDS, Amendment, Benefit, Definition, Summary, summarize

FORMAT = "tiaowen summary"

_SAID: Mapping[str, tuple[str, str]] = {
    "title": ("待遇一览 《{0}》", "Benefits at a glance 《{0}》"),
    "about": ("由政策的规则生成，每个数额后注明条文；个案以结算说明为准。",
              "Made from the policy's rules, each figure with its article; what counts for a "
              "person is the decision."),
    "draft": ("征求意见稿，尚未施行。", "A draft, not in force."),
    "region": ("地区 {0}，险种 {1}", "region {0}, insurance {1}"),
    "deductible": ("起付标准", "Deductibles"),
    "ratio": ("支付比例", "Ratios"),
    "limit": ("限额与定额", "Caps and fixed sums"),
    "first_pay": ("费用项目的先行自付", "First paid oneself, by kind of line"),
    "line_standard": ("费用项目的标准", "Standards of fee lines"),
    "days": ("天数", "Days"),
    "matters": ("适用：{0}", "for: {0}"),
    "every_matter": ("适用：各项待遇", "for: every benefit"),
    "left": ("{0}（另行规定：“{1}”）", "{0} (left to other documents: “{1}”)"),
    "none": ("没有规定：{0}", "not provided: {0}"),
    "table": ("{0} 的表", "table {0}"),
    "exclusions": ("不予支付", "Not paid"),
    "lines": ("费用项目", "fee lines"),
    "parameters": ("另行规定的数额", "Left to other documents"),
    "keyed": ("，可按 {0}", ", may go by {0}"),
    "readings": ("条文的不同读法（口径）", "Readings of the text"),
    "default": ("{0}（默认）", "{0} (default)"),
    "nothing": ("这份政策没有由基金支付的待遇。", "No fund pays for anything under this policy."),
    "value": ("数额", "figure"),
}  # fmt: skip


@frozen
class _Said(Words):
    """The words of this page besides those of decisions."""

    def say(self, key: str, *values: object) -> str:
        return _SAID[key][0 if self.chinese else 1].format(*values)

    def names(self, names: Sequence[str]) -> str:
        return self("list").join(map(self.name, names))


def summary_page(program: Program, lang: Lang) -> Page:
    """The benefits of ``program``."""
    said = _Said(lang, labels_of(program))
    return Page(said.say("title", program.identity.title),
                tuple(_blocks(summarize(program), program, said)))  # fmt: skip


def _blocks(summary: Summary, program: Program, said: _Said) -> Iterator[Block]:
    identity = summary.identity
    where = said.say("region", identity.region, said("list").join(identity.insurance))
    if identity.in_force is None:
        yield Prose(f"{where}{said('semicolon')}{said.say('draft')}")
    else:
        until = said("comma") + said("expires", identity.expires) if identity.expires else ""
        yield Prose(f"{where}{said('semicolon')}{said('in_force', identity.in_force)}{until}")
    yield Prose(said.say("about"))
    if not summary.matters:
        yield Prose(said.say("nothing"), strong=True)
    told: set[str] = set()
    for kind in KINDS:
        if benefits := summary.of(kind):
            yield Heading(said.say(kind))
            for benefit in benefits:
                yield from _benefit(benefit, summary, program, said)
                yield from _functions(benefit, told, said)
    yield from _lists(summary, said)


# --- a benefit


def _benefit(benefit: Benefit, summary: Summary, program: Program, said: _Said) -> Iterator[Block]:
    yield Heading(said.name(benefit.quantity), 2)
    whole = len(summary.matters) > 1 and set(benefit.matters) == set(summary.matters)
    yield Prose(said.say("every_matter") if whole
                else said.say("matters", said.names(benefit.matters)))  # fmt: skip
    points: list[Point] = []
    for definition in benefit.definitions:
        when = _condition(definition.condition, said)
        if isinstance(definition.value, c.Pick):
            if points:
                yield Points(tuple(points))
                points = []
            yield Prose(when or said.name(benefit.quantity), definition.rule.article)
            yield table_of(definition.value, said)
            continue
        text = _stated(definition, benefit, program, said)
        points.append(Point(f"{text}  {when}" if when else text, definition.rule.article))
    points += [_amendment(amendment, benefit, said) for amendment in benefit.amendments]
    if points:
        yield Points(tuple(points))


def _stated(definition: Definition, benefit: Benefit, program: Program, said: _Said) -> str:
    value = definition.value
    if value is None:
        return said.say("none", definition.reason or benefit.quantity)
    if isinstance(value, c.ParameterRef):
        info = program.parameters[value.name]
        return said.say("left", said.name(info.name), info.delegation)
    return written(value, said)


def _condition(condition: c.Core | None, said: Words) -> str:
    """Under what a rule holds, '' where it always does."""
    if condition is None or isinstance(condition, c.Constant):
        return ""
    return said("when", written(condition, said))


def _functions(benefit: Benefit, told: set[str], said: _Said) -> Iterator[Block]:
    """The tables that its rules apply, each once on the page."""
    for function in benefit.functions:
        if isinstance(function.body, c.Pick) and function.name not in told:
            told.add(function.name)
            yield Prose(said.say("table", said.name(function.name)))
            yield table_of(function.body, said)


def _amendment(amendment: Amendment, benefit: Benefit, said: _Said) -> Point:
    text = f"{said.operation(amendment.operation)} {written(amendment.operand, said)}"
    if when := _condition(amendment.condition, said):
        text += f"  {when}"
    if len(amendment.matters) < len(benefit.matters):
        text = f"{said.names(amendment.matters)}{said('separator')}{text}"
    return Point(text, amendment.rule.article)


# --- tables


def table_of(pick: c.Pick, said: Words) -> Table:
    """A table of the rules; of two keys the second becomes the columns where every pair has a
    row."""
    head = [said.name(name) for name in pick.key_names]
    cells = [[_cell(m, said) for m in row.matchers] for row in pick.rows]
    values = [written(row.value, said) for row in pick.rows]
    crossed = _crossed(cells, values) if len(head) == 2 else None
    if crossed is not None:
        names, rows = crossed
        return Table((head[0], *names), tuple(rows), frozenset(range(1, len(names) + 1)))
    figure = _SAID["value"][0 if said.chinese else 1]
    return Table((*head, figure), tuple((*c, v) for c, v in zip(cells, values, strict=True)),
                 frozenset((len(head),)))  # fmt: skip


def _crossed(
    cells: Sequence[Sequence[str]], values: Sequence[str]
) -> tuple[list[str], list[tuple[str, ...]]] | None:
    """Column names and rows; None where some pair of keys is missing or stands twice."""
    rows = list(dict.fromkeys(first for first, _ in cells))
    columns = list(dict.fromkeys(second for _, second in cells))
    found = {(first, second): v for (first, second), v in zip(cells, values, strict=True)}
    if len(found) != len(cells) or len(found) != len(rows) * len(columns) or len(columns) < 2:
        return None
    return columns, [(row, *(found[row, column] for column in columns)) for row in rows]


def _cell(matcher: c.Matcher, said: Words) -> str:
    if matcher is None:
        return "—"
    if isinstance(matcher, c.RangeOf):
        return bounds(matcher, said)
    if matcher.text:
        parts = (part.strip() for part in matcher.text.replace(",", "、").split("、"))
        return said("list").join(
            said.value(part == "是", "是否") if part in ("是", "否") else said.name(part)
            for part in parts
        )
    return said("list").join(said.value(v, "是否") for v in sorted(matcher.accepted, key=str))


# --- lists


def _lists(summary: Summary, said: _Said) -> Iterator[Block]:
    if summary.exclusions:
        yield Heading(said.say("exclusions"))
        yield Points(tuple(
            Point((f"{said.say('lines')} · " if x.level else "")
                  + f"{x.reason}  {_condition(x.condition, said)}".rstrip(), x.rule.article)
            for x in summary.exclusions))  # fmt: skip
    if summary.parameters:
        yield Heading(said.say("parameters"))
        yield Points(tuple(
            Point(f"{said.name(p.name)}{said('separator')}“{p.delegation}”"
                  + (said.say("keyed", said.names(p.keys)) if p.keys else ""), p.rule.article)
            for p in summary.parameters))  # fmt: skip
    if summary.readings:
        yield Heading(said.say("readings"))
        yield Points(tuple(
            Point(f"{said.name(r.name)}{said('separator')}" + " | ".join(
                said.say("default", said.name(x)) if x == r.default else said.name(x)
                for x in r.choices), r.rule.article)
            for r in summary.readings))  # fmt: skip


# --- data


def summary_data(program: Program) -> dict[str, Any]:
    """The benefits as JSON data; figures as decision files have them, conditions as formulas."""
    summary = summarize(program)
    said = _Said("zh", labels_of(program))
    identity = summary.identity
    return {
        "format": FORMAT,
        "version": 1,
        "policy": {
            "title": identity.title, "document_number": identity.document_number,
            "region": identity.region, "insurance": list(identity.insurance),
            "in_force": str(identity.in_force or ""), "expires": str(identity.expires or ""),
            "digest": identity.digest,
        },
        "benefits": [_benefit_data(benefit, said) for benefit in summary.benefits],
        "exclusions": [
            {"reason": x.reason, "when": written(x.condition, said), "level": x.level,
             "matters": list(x.matters), "article": x.rule.article}
            for x in summary.exclusions
        ],
        "parameters": [
            {"name": p.name, "english": p.english, "type": p.type.name,
             "delegation": p.delegation, "keys": list(p.keys), "article": p.rule.article}
            for p in summary.parameters
        ],
        "readings": [
            {"name": r.name, "english": r.english, "choices": list(r.choices),
             "default": r.default, "article": r.rule.article}
            for r in summary.readings
        ],
    }  # fmt: skip


def _benefit_data(benefit: Benefit, said: _Said) -> dict[str, Any]:
    return {
        "kind": benefit.kind,
        "quantity": benefit.quantity,
        "english": said.labels.names.get(benefit.quantity, ""),
        "type": benefit.type.name,
        "level": benefit.level,
        "matters": list(benefit.matters),
        "definitions": [
            {**_value_data(d.value, said), **_when(d.condition, said), "article": d.rule.article}
            for d in benefit.definitions
        ],
        "amendments": [
            {"operation": a.operation, **_value_data(a.operand, said), **_when(a.condition, said),
             "matters": list(a.matters), "article": a.rule.article}
            for a in benefit.amendments
        ],
        "tables": {
            f.name: _value_data(f.body, said)["table"]
            for f in benefit.functions if isinstance(f.body, c.Pick)
        },
    }  # fmt: skip


def _when(condition: c.Core | None, said: _Said) -> dict[str, str]:
    return {} if condition is None else {"when": written(condition, said)}


def _value_data(value: c.Core | None, said: _Said) -> dict[str, Any]:
    """A figure, a table, or the formula of anything else."""
    if value is None:
        return {"provided": False}
    if isinstance(value, c.Constant):
        return {"value": value_data(value.value)}
    if isinstance(value, c.Pick):
        return {"table": {
            "keys": list(value.key_names),
            "rows": [{"keys": [_cell(m, said) for m in row.matchers],
                      **_value_data(row.value, said)} for row in value.rows],
        }}  # fmt: skip
    return {"formula": written(value, said)}
