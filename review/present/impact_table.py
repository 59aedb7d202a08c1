"""The numbers of an impact as one table: a row for each figure, for whoever goes on computing.

Amounts are whole 分; groups keep the codes and keys of the claims. Nobody's number is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

from tiaowen.review.impact.records import Comparison, Impact, Row, Side

COUNTS = frozenset(("claims", "weight", "people", "unchanged", "claims_before", "claims_after",
                    "both", "base_only", "draft_only", "neither", "before", "after", "newly",
                    "no_longer"))  # fmt: skip


@frozen
class Figure:
    """``part`` is what it is a figure of: total, group, fund, range, limit, settled or refused;
    ``dimension`` and ``label`` say of which group; ``unit`` is 'fen' or 'count'."""

    draft: str
    title: str
    file: str
    part: str
    dimension: str
    label: str
    measure: str
    unit: str
    value: int


def figures_of(impact: Impact) -> Iterator[Figure]:
    """Every figure, draft by draft, in the order of the page."""
    for found in impact.comparisons:
        draft = found.draft
        for part, dimension, label, measure, unit, value in _told(found):
            yield Figure(draft.key, draft.title, draft.file, part, dimension, label, measure,
                         unit, value)  # fmt: skip


def write_figures(impact: Impact, path: Path) -> None:
    """Write the figures as Parquet; OSError where it cannot be written."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = Figure.__annotations__
    kinds = pa.schema([(n, pa.int64() if n == "value" else pa.string()) for n in names])
    table = pa.Table.from_pylist([asdict(one) for one in figures_of(impact)], schema=kinds)
    pq.write_table(table, path)


def _told(found: Comparison) -> Iterator[tuple[str, str, str, str, str, int]]:
    yield from _row("total", "", found.total)
    for fund in found.funds:
        for measure in ("claims_before", "claims_after"):
            yield "fund", "", fund.code, measure, "count", getattr(fund, measure)
        for measure in ("before", "after"):
            yield "fund", "", fund.code, measure, "fen", getattr(fund, measure)
    for breakdown in found.breakdowns:
        for row in breakdown.rows:
            yield from _row("group", breakdown.dimension, row)
    for each in found.bins:
        low, high = ("" if end is None else str(end) for end in (each.low, each.high))
        yield "range", "own_change", f"{low}:{high}", "people", "count", each.people
    for one in found.crossings:
        for measure, value in asdict(one).items():
            if measure != "kind":
                unit = "count" if measure in COUNTS else "fen"
                yield "limit", "", one.kind, measure, unit, value
    for measure, value in asdict(found.refusals).items():
        if measure != "reasons":
            yield "settled", "", "", measure, "count" if measure in COUNTS else "fen", value
    for why in found.refusals.reasons:
        label = f"{why.code} {why.field}".strip()
        yield "refused", why.side, label, "claims", "count", why.claims
        yield "refused", why.side, label, "billed", "fen", why.billed


def _row(part: str, dimension: str, row: Row) -> Iterator[tuple[str, str, str, str, str, int]]:
    for measure, value in _measures(row):
        unit = "count" if measure.rpartition(".")[2] in COUNTS else "fen"
        yield part, dimension, row.label, measure, unit, value


def _measures(row: Row) -> Iterator[tuple[str, int]]:
    for measure in ("claims", "weight", "fund_before", "fund_after", "own_before", "own_after",
                    "unchanged"):  # fmt: skip
        yield measure, getattr(row, measure)
    if row.interval is not None:
        yield "fund_change_low", row.interval.low
        yield "fund_change_high", row.interval.high
    for name, side in (("winners", row.winners), ("losers", row.losers)):
        yield from _of_side(name, side)


def _of_side(name: str, side: Side) -> Iterator[tuple[str, Any]]:
    for measure in ("people", "total", "mean", "most"):
        yield f"{name}.{measure}", getattr(side, measure)
