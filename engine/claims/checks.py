"""What the facts of a claim say of each other: figures that must agree, days in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from tiaowen.compiler import core as c
from tiaowen.compiler.core import LINES, Value
from tiaowen.compiler.moments import as_date
from tiaowen.compiler.values import format_date, format_decimal, format_money
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.engine.claims.billed import billed_of, lacking
from tiaowen.engine.claims.layout import Layout
from tiaowen.engine.claims.roles import LineRoles
from tiaowen.engine.frames import Claim


def check_stay(fields: Mapping[str, Value], layout: Layout, root: str) -> Iterator[Diagnostic]:
    """A stay does not end before it begins (TW0607), by days where either has no time, and not
    before the person is born (TW0626)."""
    roles = layout.roles
    yield from _born_after(fields, layout, root)
    begin, end = (fields.get(name) for name in (roles.admission, roles.discharge))
    if not isinstance(begin, date) or not isinstance(end, date):
        return
    if not (isinstance(begin, datetime) and isinstance(end, datetime)):
        begin, end = as_date(begin), as_date(end)
    if end < begin:
        yield diagnose(
            "TW0607",
            place=root + layout.fields[roles.discharge].label,
            begin=_both(begin),
            end=_both(end),
        )


def _born_after(fields: Mapping[str, Value], layout: Layout, root: str) -> Iterator[Diagnostic]:
    roles = layout.roles
    birth = fields.get(roles.birth)
    ends = (fields.get(roles.discharge), fields.get(roles.admission))
    end = next((day for day in ends if isinstance(day, date)), None)
    if isinstance(birth, date) and end is not None and as_date(end) < as_date(birth):
        yield diagnose("TW0626", place=root + layout.fields[roles.birth].label,
                       birth=_both(birth), end=_both(as_date(end)))  # fmt: skip


def check_lines(
    records: Iterable[Mapping[str, Value]], roles: LineRoles, place: str
) -> Iterator[Diagnostic]:
    """The total of each line is the sum of its four parts (TW0608), and less than 1 分 from
    count times price (TW0609), where these are given."""
    for index, line in enumerate(records):
        total: Any = line.get(roles.total)
        if total is None:
            continue
        parts: list[Any] = [line.get(name) for name in roles.parts]
        if parts and None not in parts and sum(parts) != total:
            yield diagnose(
                "TW0608",
                place=f"{place}[{index}]",
                total=_money(total),
                sum=_money(sum(parts)),
                difference=_money(total - sum(parts)),
            )
        count: Any = line.get(roles.count)
        price: Any = line.get(roles.price)
        if count is None or price is None:
            continue
        under = count.denominator * price.denominator
        over = count.numerator * price.numerator * 100 - total * under
        if abs(over) >= under:
            yield diagnose(
                "TW0609",
                place=f"{place}[{index}]",
                total=_money(total),
                product=_product(count * price),
            )


def check_bill(claim: Claim, program: c.Program, root: str) -> Iterator[Diagnostic]:
    """Totals of a bill are whole, and stand in place of fee lines, not beside them (TW0629)."""
    if claim.totals and claim.collections.get(LINES):
        yield diagnose("TW0629", place=root + LINES, names=list(claim.totals))
    elif claim.totals:
        yield from check_totals(claim.totals, program, root)


def check_totals(
    totals: Mapping[str, Value], program: c.Program, place: str
) -> Iterator[Diagnostic]:
    """The totals that stand in place of fee lines are whole (TW0627), and the bill is the sum of
    its parts to the 分 (TW0628)."""
    known = billed_of(program).values()
    if names := lacking(totals, program):
        yield diagnose("TW0627", place=place, names=names)
        return
    amounts: list[Any] = [totals[output.name] for output in known if output.billed != "total"]
    for output in known:
        total: Any = totals[output.name]
        if output.billed == "total" and amounts and sum(amounts) != total:
            yield diagnose(
                "TW0628",
                place=f"{place}{output.name}",
                name=output.name,
                total=_money(total),
                sum=_money(sum(amounts)),
                difference=_money(total - sum(amounts)),
            )


def _money(amount: int) -> dict[str, str]:
    return {lang: format_money(amount, lang) for lang in ("zh", "en")}


def _product(amount: Fraction) -> dict[str, str]:
    """Count times price, which may be finer than 分."""
    exact = format_decimal(amount, 2)
    return {"zh": f"{exact}元", "en": f"{exact} yuan"}


def _both(day: date) -> dict[str, str]:
    return {lang: format_date(day, lang) for lang in ("zh", "en")}
