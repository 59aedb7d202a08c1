"""Why a person's payment changes: the claim that changes most, decided under both policies by the
interpreter, and the first step at which they part."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from attrs import Factory, frozen

from tiaowen.compiler.core import Program, Value
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.batch.job import bound, opened
from tiaowen.engine.batch.tracing import trace
from tiaowen.engine.explain import explain
from tiaowen.engine.explanation import Explanation
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.person import decide_person
from tiaowen.review.impact.records import Impact
from tiaowen.review.store.replaying import first_value

CUT = "claims.parquet"


@frozen
class Party:
    """A policy as the claims were settled under it: ``key`` as in the impact."""

    key: str
    program: Program
    parameters: Mapping[str, ParameterValue] = Factory(dict)


@frozen
class Reason:
    """The first quantity of a claim that ``draft`` makes otherwise, with its type, both values,
    and where the draft says so; a value is None where there is none."""

    draft: str
    encounter: str
    quantity: str
    type: str
    before: Value | None
    after: Value | None
    article: str


def reasons(connection: Any, impact: Impact, parties: Sequence[Party], claims: str,
            lines: str) -> tuple[Reason, ...]:  # fmt: skip
    """A reason for each of the people most changed by each draft, in their order.

    ``parties`` are the base, then the drafts; ``claims`` and ``lines`` the files that were
    settled, which are read once for those people's rows. A person whose claim is not found again,
    as where encounters have no numbers, has no reason.
    """
    people = {c.person for found in impact.comparisons for c in found.most_changed}
    if not people:
        return ()
    with tempfile.TemporaryDirectory() as scratch:
        cut = _cut(connection, parties[0].program, claims, lines, people, Path(scratch) / CUT)
        return tuple(_told(impact, parties, cut, lines))


def _told(impact: Impact, parties: Sequence[Party], claims: str,
          lines: str) -> Iterator[Reason]:  # fmt: skip
    """The reasons, each claim decided once under the base."""
    base, *drafts = parties
    by_key = {party.key: party for party in drafts}
    told: dict[str, Explanation | None] = {}
    for comparison in impact.comparisons:
        draft = by_key[comparison.draft.key]
        for changed in comparison.most_changed:
            claim = changed.encounter
            if claim not in told:
                told[claim] = _decided(base, claims, lines, claim)
            now = _decided(draft, claims, lines, claim)
            yield from _reason(draft.key, claim, told[claim], now)


def _cut(connection: Any, program: Program, claims: str, lines: str, people: Set[str],
         path: Path) -> str:  # fmt: skip
    """All claims of ``people``, in a file of their own."""
    source, beside = opened(connection, claims, lines)
    person = bound(connection, program, source, beside).person
    listed = ", ".join(f"'{one.replace(chr(39), chr(39) * 2)}'" for one in sorted(people))
    connection.execute(
        f'COPY (SELECT * FROM {source.sql} WHERE CAST("{person}" AS VARCHAR) IN ({listed})) '
        f"TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)"
    )
    return str(path)


def _decided(party: Party, claims: str, lines: str, encounter: str) -> Explanation | None:
    """The claim as the interpreter decides it under one policy; None where it is not found."""
    try:
        traced = trace(party.program, claims, lines, encounter, {})
        made = decide_person(party.program, traced.claim, traced.earlier,
                             parameters=party.parameters)  # fmt: skip
    except Rejected:
        return None
    return explain(made.decision)


def _reason(draft: str, encounter: str, before: Explanation | None,
            after: Explanation | None) -> Iterator[Reason]:  # fmt: skip
    """Where the two part, if both were decided."""
    if before is None or after is None:
        return
    found = first_value(before, after)
    if found is None:
        return
    step = next(step for step in after.steps if step.id == found.step)
    article = step.citation.article if step.citation is not None else ""
    yield Reason(draft, encounter, found.name, step.type, found.recorded, found.replayed, article)
