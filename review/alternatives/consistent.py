"""Whether facts can stand beside one another: what the engine checks of every claim it reads,
and the order of days, so that no alternative is proposed that nobody could file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.compiler.moments import as_date
from tiaowen.compiler.values import format_date
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.engine.claims.checks import check_lines, check_stay
from tiaowen.engine.claims.layout import Layout, layout_of
from tiaowen.engine.decision import open_frame
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Claim, Reader
from tiaowen.engine.stops import Stopped
from tiaowen.review.alternatives.standing import Standings


def inconsistencies(
    claim: Claim, before: Claim, program: c.Program, known: Standings
) -> Iterator[Diagnostic]:
    """What of ``claim`` contradicts itself or takes it out of the question that ``before`` is:
    TW0607, TW0608, TW0609 as in any claim, TW0621 (no longer of its matter), TW0505 (a day on
    which the policy is not in force), TW1020 (days that no longer follow one another)."""
    layout = layout_of(program)
    yield from check_stay(claim.fields, layout, "")
    for name, records in claim.collections.items():
        if records is not before.collections.get(name):
            yield from check_lines(records, layout.lines[name], name)
    if claim.fields is not before.fields:
        yield from _out_of_order(claim.fields, before.fields, known)
        yield from _not_in_force(claim.fields, before.fields, program, layout)
        yield from _of_no_matter(claim, program)


def _out_of_order(
    fields: Mapping[str, Value], before: Mapping[str, Value], known: Standings
) -> Iterator[Diagnostic]:
    """Days whose order is broken now; an order the claim itself breaks is its own affair."""
    for order in known.orders:
        days = [(name, fields[name]) for name in order if name in fields]
        for (first, one), (second, other) in pairwise(days):
            if _after(one, other) and not _after(before.get(first), before.get(second)):
                yield diagnose("TW1020", place=second, first=first, second=second,
                               first_day=_both(one), second_day=_both(other))  # fmt: skip


def _after(one: Value | None, other: Value | None) -> bool:
    return isinstance(one, date) and isinstance(other, date) and as_date(one) > as_date(other)


def _both(day: Value) -> dict[str, str]:
    return {lang: format_date(day, lang) for lang in ("zh", "en") if isinstance(day, date)}


def _not_in_force(fields: Mapping[str, Value], before: Mapping[str, Value], program: c.Program,
                  layout: Layout) -> Iterator[Diagnostic]:  # fmt: skip
    """The day the policy goes by has moved out of the time it is in force."""
    day, was = decided_on(fields, layout), decided_on(before, layout)
    identity = program.identity
    since, until = identity.in_force, identity.expires
    if day is None or day == was or since is None:
        return
    if day < since or (until is not None and day > until):
        period = {"zh": f"{since}起" + (f"至{until}" if until else ""),
                  "en": f"from {since}" + (f" to {until}" if until else "")}  # fmt: skip
        yield diagnose("TW0505", policy=identity.title, date=day.isoformat(), period=period)


def decided_on(fields: Mapping[str, Value], layout: Layout) -> date | None:
    """The day a claim is decided by: its discharge, else its settlement or admission."""
    roles = layout.roles
    for name in (roles.discharge, roles.settled_at, roles.admission):
        value = fields.get(name)
        if isinstance(value, date):
            return as_date(value)
    return None


def _of_no_matter(claim: Claim, program: c.Program) -> Iterator[Diagnostic]:
    matter = program.matters[claim.matter]
    if matter.condition is None:
        return
    try:
        holds = evaluate(matter.condition, Reader(open_frame(program, claim)))
    except Stopped:
        return
    if not holds:
        rule = matter.rule
        yield diagnose("TW0621", rule.span if rule and rule.id else None, place="事项",
                       name=claim.matter, condition=rule.text if rule else "")  # fmt: skip
