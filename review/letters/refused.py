"""What is not paid: every line with its amount, its own reason and the article of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from tiaowen.compiler.core import LINES
from tiaowen.engine import explanation as x
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
    last: dict[tuple[int, str], x.Step] = {}
    for step in case.explanation.steps:
        if step.index is not None and step.level == LINES:
            last[step.index, step.quantity] = step
    for index in sorted({n for n, _ in last}):
        item = str(records[index].get(ITEM, "")) if index < len(records) else ""
        own, over = last.get((index, _OWN)), last.get((index, _OVER))
        if own is not None and own.value:
            reasons, articles = _why(grounds.get(index, []), last.get((index, _SHARE)), case)
            yield str(index + 1), item, bare(case.words, own.value), reasons, articles
        elif index in grounds:
            amount = grounds[index][0].amount
            reasons, articles = _why(grounds[index], None, case)
            yield str(index + 1), item, bare(case.words, amount), reasons, articles
        if over is not None and over.value:
            law_ = over.citation.article if over.citation else ""
            yield (str(index + 1), item, bare(case.words, over.value), "超过定价上限的部分",
                   law_ or NATIONAL)  # fmt: skip


def _why(grounds: list[x.RefusedItem], share: x.Step | None, case: Case) -> tuple[str, str]:
    """The grounds of a line, or else the rule that makes a part of it the person's own."""
    if grounds:
        said = "；".join(dict.fromkeys(g.reason for g in grounds))
        return said, "；".join(dict.fromkeys(g.citation.article or NATIONAL for g in grounds))
    if share is None:
        return "", ""
    teller = Teller(case.explanation, case.words)
    entry = teller.entry(share)
    cited = entry.cited
    quote = f"“{cited.quote}”" if cited is not None and cited.quote else ""
    return "；".join(p for p in (formula(entry), quote) if p), law(cited)
