"""What is not paid: every line with its amount, its own reason and the article of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from tiaowen.compiler.core import LINES
from tiaowen.engine.telling import explanation as x
from tiaowen.review.letters.facts import ITEM, Case, bare
from tiaowen.review.letters.model import Column, Table
from tiaowen.review.letters.steps import NATIONAL, formula, law
from tiaowen.review.present.tree import Teller

Cells: TypeAlias = tuple[str, ...]

_OWN, _OVER, _SHARE = "全自费金额", "超限价金额", "全自费比例"


def refused_table(case: Case) -> Table | None:
    """Every amount that is not eligible, with its own reason, article and words."""
    rows = [*_claim_refusals(case), *_line_refusals(case)]
    if not rows:
        return None
    columns = (Column("序号"), Column("项目", 3), Column("金额（元）", numeric=True),
               Column("理由", 6), Column("条款", 3))  # fmt: skip
    return Table(columns, tuple(rows))


def _claim_refusals(case: Case) -> Iterator[Cells]:
    total = next((s for s in case.explanation.statement if s.code == "medfee_sumamt"), None)
    amount = bare(case.words, total.value) if total is not None else ""
    for refusal in case.explanation.refusals:
        if refusal.index is None:
            yield "整案", "全部费用", amount, refusal.reason, refusal.citation.article


def _line_refusals(case: Case) -> Iterator[Cells]:
    records = case.claim.collections.get(LINES, ()) if case.claim is not None else ()
    grounds: dict[int, list[x.RefusedItem]] = {}
    for refusal in case.explanation.refusals:
        if refusal.index is not None:
            grounds.setdefault(refusal.index, []).append(refusal)
    steps = _last_steps(case.explanation)
    teller = Teller(case.explanation, case.words)
    for index in sorted({n for n, _ in steps}):
        number = str(index + 1)
        item = str(records[index].get(ITEM, "")) if index < len(records) else ""
        own, over = steps.get((index, _OWN)), steps.get((index, _OVER))
        if index in grounds:
            amount = own.value if own is not None else grounds[index][0].amount
            yield number, item, bare(case.words, amount), *_grounds(grounds[index])
        elif own is not None and own.value:
            why = _why(steps.get((index, _SHARE)), teller)
            yield number, item, bare(case.words, own.value), *why
        if over is not None and over.value:
            article = over.citation.article if over.citation is not None else ""
            yield (number, item, bare(case.words, over.value), "超过定价上限的部分",
                   article or NATIONAL)  # fmt: skip


def _last_steps(explanation: x.Explanation) -> dict[tuple[int, str], x.Step]:
    """The last state of each quantity of each line; where a part of the claim has its own, that
    of the part."""
    found: dict[tuple[int, str], x.Step] = {}
    for step in sorted(explanation.steps, key=lambda step: " · " in step.where):
        if step.index is not None and step.level == LINES:
            found[step.index, step.quantity] = step
    return found


def _grounds(grounds: list[x.RefusedItem]) -> tuple[str, str]:
    said = "；".join(dict.fromkeys(g.reason for g in grounds))
    return said, "；".join(dict.fromkeys(g.citation.article or NATIONAL for g in grounds))


def _why(share: x.Step | None, teller: Teller) -> tuple[str, str]:
    """The rule that makes a part of a line the person's own, with its words."""
    if share is None:
        return "", ""
    teller.quoted.clear()
    entry = teller.entry(share)
    quote = f"“{entry.cited.quote}”" if entry.cited is not None and entry.cited.quote else ""
    return "；".join(p for p in (formula(entry), quote) if p), law(entry.cited)
