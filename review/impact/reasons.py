"""Why a person's payment changes: the claim that changes most, decided under both policies by the
interpreter, and the first step at which they part."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from attrs import field, frozen

from tiaowen.compiler.core import Program, Value
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.batch.sources import Source
from tiaowen.engine.batch.tables import bound, opened
from tiaowen.engine.batch.tracing import trace
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.history.person import decide_person
from tiaowen.engine.telling.explain import explain
from tiaowen.engine.telling.explanation import Explanation, Step
from tiaowen.review.impact.records import Impact
from tiaowen.review.store.replaying import first_value

CLAIMS, LINES = "claims.parquet", "lines.parquet"


@frozen
class Party:
    """A policy as the claims were settled under it: ``key`` as in the impact."""

    key: str
    program: Program
    readings: Mapping[str, str] = field(factory=dict)
    parameters: Mapping[str, ParameterValue] = field(factory=dict)


@frozen
class Population:
    """The claims that were settled: files as ``tiaowen batch`` takes them, '' for none."""

    claims: str
    lines: str = ""
    opening: str = ""
    mapping: Mapping[str, str] = field(factory=dict)


@frozen
class Cited:
    """Where a policy says it: the article, and its words."""

    article: str
    words: str


NOWHERE = Cited("", "")


@frozen
class Reason:
    """The first quantity of a claim that ``draft`` makes otherwise, with its type, both values,
    and where each policy says so; a value is None where there is none."""

    draft: str
    encounter: str
    quantity: str
    type: str
    before: Value | None
    after: Value | None
    base_says: Cited = NOWHERE
    draft_says: Cited = NOWHERE


def reasons(connection: Any, impact: Impact, parties: Sequence[Party],
            population: Population) -> tuple[Reason, ...]:  # fmt: skip
    """A reason for each of the people most changed by each draft, in their order.

    ``parties`` are the base, then the drafts; the files of ``population`` are read once for those
    people's rows. A person whose claim is not found again, as where encounters have no numbers,
    has no reason.
    """
    people = {c.person for found in impact.comparisons for c in found.most_changed}
    if not people:
        return ()
    with tempfile.TemporaryDirectory() as scratch:
        cut = _cut(connection, parties[0].program, population, people, Path(scratch))
        return tuple(_told(impact, parties, cut))


def _told(impact: Impact, parties: Sequence[Party], cut: Population) -> Iterator[Reason]:
    """The reasons, each claim decided once under the base."""
    base, *drafts = parties
    by_key = {party.key: party for party in drafts}
    told: dict[str, Explanation | None] = {}
    for comparison in impact.comparisons:
        draft = by_key[comparison.draft.key]
        for changed in comparison.most_changed:
            claim = changed.encounter
            if claim not in told:
                told[claim] = _decided(base, cut, claim)
            now = _decided(draft, cut, claim)
            yield from _reason(draft.key, claim, told[claim], now)


def _cut(connection: Any, program: Program, population: Population, people: Set[str],
         scratch: Path) -> Population:  # fmt: skip
    """All claims of ``people``, and their fee lines, in files of their own."""
    source, beside = opened(connection, population.claims, population.lines)
    binding = bound(connection, program, source, beside)
    listed = ", ".join(_quoted(one) for one in sorted(people))
    mine = f'CAST("{binding.person}" AS VARCHAR) IN ({listed})'
    claims = _copied(connection, source, mine, scratch / CLAIMS)
    if beside is None:
        return Population(claims, "", population.opening, population.mapping)
    encounter = f'CAST("{binding.encounter}" AS VARCHAR)'
    theirs = f"{encounter} IN (SELECT {encounter} FROM {source.sql} WHERE {mine})"
    lines = _copied(connection, beside, theirs, scratch / LINES)
    return Population(claims, lines, population.opening, population.mapping)


def _copied(connection: Any, source: Source, where: str, path: Path) -> str:
    connection.execute(
        f"COPY (SELECT * FROM {source.sql} WHERE {where}) TO {_quoted(str(path))} (FORMAT parquet)"
    )
    return str(path)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _decided(party: Party, cut: Population, encounter: str) -> Explanation | None:
    """The claim as the interpreter decides it under one policy; None where it is not found."""
    try:
        traced = trace(party.program, cut.claims, cut.lines, encounter, cut.mapping, cut.opening)
        made = decide_person(party.program, traced.claim, traced.earlier,
                             readings=party.readings, parameters=party.parameters)  # fmt: skip
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
    now = next(step for step in after.steps if step.id == found.step)
    yield Reason(draft, encounter, found.name, now.type, found.recorded, found.replayed,
                 _said(_then(before, after, now)), _said(now))  # fmt: skip


def _then(before: Explanation, after: Explanation, now: Step) -> Step | None:
    """The state of the quantity in ``before`` that stands where ``now`` does in ``after``: the
    last there is where it has fewer."""
    place = now.quantity, now.where
    number = [s.id for s in after.steps if (s.quantity, s.where) == place].index(now.id)
    states = [s for s in before.steps if (s.quantity, s.where) == place]
    return states[min(number, len(states) - 1)] if states else None


def _said(step: Step | None) -> Cited:
    if step is None or step.citation is None:
        return NOWHERE
    return Cited(step.citation.article, step.citation.words)
