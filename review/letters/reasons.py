"""How a letter gets from the facts to the result: every amount, every line, every refusal."""

from __future__ import annotations

from collections.abc import Iterator

from tiaowen.review.letters.facts import Case
from tiaowen.review.letters.model import Block, Column, Heading, Listing, Paragraph, Part, Table
from tiaowen.review.letters.refused import refused_table
from tiaowen.review.letters.steps import law, told
from tiaowen.review.present.fee_lines import line_tables
from tiaowen.review.present.model import Column as LineColumn
from tiaowen.review.present.tree import Teller


def reasoning(case: Case) -> Part:
    """Part 4: every intermediate amount in order, the fee lines, and what is refused."""
    teller = Teller(case.explanation, case.words)
    rows = [told(step, teller) for step in case.explanation.steps if not step.level]
    blocks: list[Block] = []
    if rows:
        columns = (Column("序号"), Column("项目", 3), Column("计算", 7),
                   Column("结果", numeric=True), Column("条款", 4))  # fmt: skip
        cells = tuple((str(n), r.name, r.formula, r.value, r.law) for n, r in enumerate(rows, 1))
        blocks += [Heading("逐项计算"), Table(columns, cells)]
    blocks += _fee_lines(teller, case)
    refused = refused_table(case)
    if refused is not None or any(line.fund for line in case.explanation.statement):
        blocks.append(Heading("不予支付的费用"))
        blocks.append(refused if refused is not None else Paragraph("没有不予支付的费用。"))
    return Part("理由", tuple(blocks))


def _fee_lines(teller: Teller, case: Case) -> Iterator[Block]:
    """The fee lines' amounts, and each rule of theirs with its article."""
    for table in line_tables(teller, case.claim, every=False):
        bills = any(column.name in _BILL for column in table.columns)
        kept = [n for n, column in enumerate(table.columns) if not bills or _shown(column)]
        columns = tuple(_column(table.columns[n]) for n in kept)
        yield Heading(f"{table.title}逐项核定（金额单位：元）")
        yield Table(columns, tuple(tuple(row[n] for n in kept) for row in table.rows),
                    tuple(table.total[n] for n in kept))  # fmt: skip
        rules = tuple(
            f"{rule.name} = {rule.formula}"
            + "".join(f"；{note}" for note in rule.notes)
            + (f"〔{law(rule.cited)}〕" if rule.cited is not None else "")
            for rule in table.rules
        )
        if rules:
            yield Heading(f"{table.title}所依规则")
            yield Listing(rules)


_BILL = ("全自费金额", "范围内金额")
"""Columns that only a table of fee lines has."""


def _shown(column: LineColumn) -> bool:
    """Names, amounts and the first-pay share: what else led to them is told by the rules."""
    plain = column.name in ("序号", "项目", "部分", "先行自付比例")
    return plain or column.name.endswith("金额")


def _column(column: LineColumn) -> Column:
    name = column.name if column.name == "金额" else column.name.removesuffix("金额")
    return Column(name, 0 if column.numeric else 1, column.numeric)
