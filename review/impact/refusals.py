"""Claims that one side or both do not settle: how many, for how much, and why."""

from __future__ import annotations

from collections.abc import Iterator

from tiaowen.review.impact import records as r
from tiaowen.review.impact.asking import Asked, fen


def refusals(asked: Asked, key: str) -> r.Refusals:
    """Every claim of the table by who settles it, under the base and the draft ``key``."""
    base, draft = "fund_base IS NOT NULL", f"fund_{key} IS NOT NULL"
    cases = (f"{base} AND {draft}", f"{base} AND NOT ({draft})", f"NOT ({base}) AND {draft}",
             f"NOT ({base}) AND NOT ({draft})")  # fmt: skip
    counts = ", ".join(f"count(*) FILTER (WHERE {case})" for case in cases)
    amounts = ", ".join(
        f"coalesce(sum(w * {fen(column)}) FILTER (WHERE {case}), 0)"
        for column, case in (("fund_base", cases[1]), (f"fund_{key}", cases[2]),
                             ("billed", cases[3]))
    )  # fmt: skip
    (found,) = asked.rows(f"SELECT {counts}, {amounts} FROM {_weighted(asked)}")
    reasons = (*_reasons(asked, "base"), *_reasons(asked, key))
    both, base_only, draft_only, neither, *sums = found
    base_fund, draft_fund, billed = map(asked.whole, sums)
    return r.Refusals(both, base_only, draft_only, neither, base_fund, draft_fund, billed,
                      reasons)  # fmt: skip


def _reasons(asked: Asked, side: str) -> Iterator[r.Unsettled]:
    """Why ``side`` does not settle, what most claims fall under first; of a fee line the field
    counts, not the line's number."""
    field = rf"regexp_replace(coalesce(field_{side}, ''), '\[\d+\]', '', 'g')"
    cost = asked.sum_of(f"coalesce({fen('billed')}, 0)")
    for code, where, claims, billed, example in asked.rows(
        f"SELECT coalesce(refused_{side}, ''), {field}, count(*), {cost}, "
        f"coalesce(min(encounter), '') FROM {_weighted(asked)} WHERE fund_{side} IS NULL "
        "GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
    ):
        yield r.Unsettled(side, code, where, claims, asked.whole(billed), example)


def _weighted(asked: Asked) -> str:
    return f"(SELECT *, {asked.weight} AS w FROM {asked.table})"
