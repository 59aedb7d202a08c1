"""The fee lines of a decision as one table, with the rules that were applied to them.

A stay has up to hundreds of lines and each of them a handful of steps. They are told as rows;
a rule is told once, with the lines it was applied to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from attrs import Factory, define, evolve

from tiaowen.compiler.core import Value
from tiaowen.dsl.render.cells import visible
from tiaowen.engine.frames import Claim
from tiaowen.engine.telling.explanation import Step, Term
from tiaowen.review.present.formulas import Formula
from tiaowen.review.present.model import Branch, Column, LineRule, LineTable
from tiaowen.review.present.tree import Teller
from tiaowen.review.present.words import Words

NAME, CLASS, AMOUNT = "项目名称", "收费项目等级", "金额"
_LINE = re.compile(r"(?: · )?[^ ·]+\[\d+\]$")

Place = tuple[str, int]
"""The part a line's step is of ('' for the whole), and the line's index."""


@define
class _Row:
    """What is known of one line: its facts and the last state of each of its quantities."""

    facts: dict[str, Value] = Factory(dict)
    values: dict[str, Step] = Factory(dict)


def line_tables(teller: Teller, claim: Claim | None, every: bool) -> tuple[LineTable, ...]:
    """A table for each collection that steps are of; ``every`` adds all its steps."""
    levels = dict.fromkeys(s.level for s in teller.explanation.steps if s.level)
    return tuple(_table(teller, level, claim, every) for level in levels)


def _table(teller: Teller, level: str, claim: Claim | None, every: bool) -> LineTable:
    steps = [s for s in teller.explanation.steps if s.level == level and s.index is not None]
    records = claim.collections.get(level, ()) if claim is not None else ()
    rows = _rows(steps, records)
    words = teller.words
    names = _columns(rows)
    parted = len({part for part, _ in rows}) > 1
    columns = [Column(words("number_column")), Column(words("name_column"), False)]
    columns += [Column(words("part_column"), False)] if parted else []
    columns += [Column(words.name(AMOUNT))] + [
        Column(words.name(n), _numeric(rows, n)) for n in names
    ]
    return LineTable(
        words("lines") if level == "明细" else words.name(level), tuple(columns),
        tuple(_cells(teller, place, row, names, parted) for place, row in rows.items()),
        _totals(teller, rows, names, parted), _rules(teller, steps),
        tuple(_remark(teller, place[1], level) for place in rows),
        tuple(_details(teller, steps)) if every else (),
    )  # fmt: skip


def _rows(steps: Sequence[Step], records: Sequence[Mapping[str, Value]]) -> dict[Place, _Row]:
    """By line, in their order; the whole claim's steps stand in where a part has none."""
    whole: dict[int, _Row] = {n: _Row(dict(record)) for n, record in enumerate(records)}
    parts: dict[Place, _Row] = {}
    for step in steps:
        assert step.index is not None
        part = _LINE.sub("", step.where)
        row = whole.setdefault(step.index, _Row())
        if part:
            row = parts.setdefault((part, step.index), _Row())
        row.values[step.quantity] = step
        for name, value in _inputs(step.term):
            row.facts.setdefault(name, value)
    if not parts:
        return {("", n): row for n, row in sorted(whole.items())}
    covered = {index for _, index in parts}
    merged = {("", n): row for n, row in whole.items() if n not in covered}
    for place, row in parts.items():
        base = whole[place[1]]
        merged[place] = _Row({**base.facts, **row.facts}, {**base.values, **row.values})
    return dict(sorted(merged.items(), key=lambda item: (item[0][1], item[0][0])))


def _inputs(term: Term) -> Iterable[tuple[str, Value]]:
    if term.form == "input" and term.value is not None:
        yield term.name, term.value
    for inner in term.terms:
        yield from _inputs(inner)


def _columns(rows: Mapping[Place, _Row]) -> list[str]:
    """The quantities worth a column: those that are not nothing on every line."""
    found: dict[str, list[Step]] = {}
    for row in rows.values():
        for name, step in row.values.items():
            found.setdefault(name, []).append(step)
    kept = []
    for name, steps in found.items():
        amount = name.removesuffix("比例") + "金额"
        switch = amount in found and amount != name and {s.value for s in steps} <= {0, 1}
        if any(s.value for s in steps) and not switch and steps[0].type != "理由":
            kept.append(name)
    return kept


def _numeric(rows: Mapping[Place, _Row], name: str) -> bool:
    values = [r.values[name].value for r in rows.values() if name in r.values]
    return all(isinstance(v, int | Fraction) and not isinstance(v, bool) for v in values)


def _cells(teller: Teller, place: Place, row: _Row, names: Sequence[str],
           parted: bool) -> tuple[str, ...]:  # fmt: skip
    words = teller.words
    title = visible(str(row.facts.get(NAME, "") or ""))
    grade = str(row.facts.get(CLASS, "") or "")
    called = " ".join(filter(None, (title, words.name(grade))))
    amount = row.facts.get(AMOUNT)
    head = [str(place[1] + 1), called, *([words.place(place[0])] if parted else [])]
    return (
        *head,
        _bare(teller, amount, "金额") if amount is not None else "",
        *(
            _bare(teller, row.values[n].value, row.values[n].type) if n in row.values else ""
            for n in names
        ),
    )


def _bare(teller: Teller, value: Value, kind: str) -> str:
    """A cell: amounts without their unit, which the table's head says."""
    shown = teller.words.value(value, kind)
    return shown.removesuffix("元").removesuffix(" yuan") if kind == "金额" else shown


def _totals(teller: Teller, rows: Mapping[Place, _Row], names: Sequence[str],
            parted: bool) -> tuple[str, ...]:  # fmt: skip
    def total(values: Iterable[Value]) -> str:
        return _bare(teller, sum(v for v in values if isinstance(v, int | Fraction)), "金额")

    cells = ["", teller.words("total_row"), *([""] if parted else [])]
    cells.append(total(r.facts[AMOUNT] for r in rows.values() if AMOUNT in r.facts))
    for name in names:
        steps = [r.values[name] for r in rows.values() if name in r.values]
        cells.append(total(s.value for s in steps) if steps[0].type == "金额" else "")
    return tuple(cells)


def _remark(teller: Teller, index: int, level: str) -> str:
    """Why a line is not paid, with the article."""
    if level != "明细":
        return ""
    words, found = teller.words, []
    for refusal in teller.explanation.refusals:
        if refusal.index == index:
            article = refusal.citation.article or words("national")
            found.append(f"{refusal.reason}〔{article}〕")
    return words("refusals") + words("separator") + words("semicolon").join(found) if found else ""


def _rules(teller: Teller, steps: Sequence[Step]) -> tuple[LineRule, ...]:
    """Each rule once, with the lines it was applied to where that is not all of them."""
    found: dict[tuple[str, ...], tuple[Step, str, list[int], list[str]]] = {}
    for step in steps:
        assert step.index is not None
        if step.type == "理由":
            continue
        formula, notes = _formula(teller, step)
        source = step.citation.source if step.citation is not None else ""
        key = (step.quantity, step.kind, source, formula, *notes)
        found.setdefault(key, (step, formula, [], notes))[2].append(step.index)
    everything = len({step.index for step in steps})
    return tuple(
        LineRule(
            teller.words.name(step.quantity), formula, teller.cited(step.citation, step),
            (*notes, *([] if len(set(lines)) == everything else [ranges(teller.words, lines)])),
        )
        for step, formula, lines, notes in found.values()
    )  # fmt: skip


def _formula(teller: Teller, step: Step) -> tuple[str, list[str]]:
    if step.term.form == "amend":
        entry = teller.entry(evolve(step, citation=None))
        return " ".join(filter(None, (entry.change, entry.condition))), []
    formula = Formula(teller.words, general=True)
    written = formula.write(step.term)
    when = teller.when(step)
    return written, [*formula.notes, *([when] if when else [])]


def ranges(words: Words, lines: Iterable[int]) -> str:
    """第1、3–5项."""
    shown: list[str] = []
    run: list[int] = []
    for number in (*sorted({n + 1 for n in lines}), -1):
        if run and number != run[-1] + 1:
            shown.append(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}")
            run = []
        run.append(number)
    return words("line", words("list").join(shown))


def _details(teller: Teller, steps: Sequence[Step]) -> Iterable[Branch]:
    """Every step of every line, one branch for a line's quantity."""
    for step in steps:
        words = teller.words
        yield Branch(
            words.name(step.quantity),
            words.place(step.where),
            words.value(step.value, step.type),
            (teller.entry(step),),
        )
