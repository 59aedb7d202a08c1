"""A row of an output traced back: the claim it is of and the claims before it, as single claims.

The rows that come before, and those that do not count, are found as the batch found them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve, frozen

from tiaowen.compiler.core import LINES, Program
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.batch.binding import Binding
from tiaowen.engine.batch.cells import Dictionary
from tiaowen.engine.batch.chunks import Chunk, Reading, chunks
from tiaowen.engine.batch.consistency import values
from tiaowen.engine.batch.inputs import Preparing
from tiaowen.engine.batch.matters import mapped
from tiaowen.engine.batch.openings import bind_openings, opening_items
from tiaowen.engine.batch.settling import further
from tiaowen.engine.batch.sources import connect, open_source
from tiaowen.engine.batch.tables import bound, opened
from tiaowen.engine.batch.troubles import reading
from tiaowen.engine.claims.matter import matter_of
from tiaowen.engine.frames import Claim
from tiaowen.engine.history.earlier import EarlierClaim, HistoryItem


@frozen
class Traced:
    """The claim of a row, and the person's totals from before and claims before it."""

    claim: Claim
    earlier: tuple[HistoryItem, ...]


def trace(program: Program, claims: str, lines: str, encounter: str,
          mapping: Mapping[str, str], opening: str = "") -> Traced:  # fmt: skip
    """The claim whose encounter is ``encounter`` in the file ``claims``.

    ``Rejected``: TW1341 (no such encounter), TW1357 (several people have it), what is wrong with
    the row where it was rejected, and what ``open_source`` refuses.
    """
    with tempfile.TemporaryDirectory() as scratch, reading(claims):
        return _traced(program, Path(scratch), (claims, lines, opening), encounter, mapping)


def _traced(program: Program, scratch: Path, named: tuple[str, str, str], encounter: str,
            mapping: Mapping[str, str]) -> Traced:  # fmt: skip
    claims, lines, opening = named
    connection = connect("1GB", 1, scratch)
    source, beside = opened(connection, claims, lines)
    binding = bound(connection, program, source, beside)
    people = _people_of(connection, source.sql, binding, encounter)
    if not people:
        raise Rejected([diagnose("TW1341", id=encounter, path=claims)])
    if len(people) > 1:
        raise Rejected([diagnose("TW1357", id=encounter, count=len(people))])
    before = bind_openings(program, open_source(connection, opening)) if opening else None
    read = Reading(source, binding, beside, only=people[0], openings=before)
    (chunk,) = chunks(connection, read, ordered=True)
    columns = {column.name: column for column in further(program, binding, {})}
    given = Preparing(program, binding, columns, frozenset(), {}, Dictionary()).prepared(chunk)
    totals: tuple[HistoryItem, ...] = ()
    if before is not None and chunk.openings is not None:
        totals = tuple(opening_items(before, chunk.openings))
    found: list[Claim] = []
    for row in given.rows:
        claim = _claim(program, binding, chunk, int(row), mapping)
        at = str(chunk.claims.column(binding.encounter)[int(row)].as_py())
        if at == encounter:
            if isinstance(claim, Diagnostic):
                raise Rejected([claim])
            return Traced(claim, (*totals, *(EarlierClaim(c) for c in found)))
        if isinstance(claim, Claim):
            found.append(claim)
    numbers = chunk.claims.column(binding.encounter)
    raise Rejected([reject.problem for reject in given.rejects
                    if str(numbers[reject.row].as_py()) == encounter])  # fmt: skip


def _people_of(connection: Any, sql: str, binding: Binding, encounter: str) -> list[str]:
    """The people who have a claim with this encounter; '' where it gives none."""
    if not binding.encounter:
        return []
    person, column = (f'"{name}"' for name in (binding.person, binding.encounter))
    written = encounter.replace("'", "''")
    rows = connection.sql(
        f"SELECT DISTINCT coalesce(CAST({person} AS VARCHAR), '') FROM {sql} "
        f"WHERE CAST({column} AS VARCHAR) = '{written}'"
    ).fetchall()
    return [found for (found,) in rows]


def _claim(program: Program, binding: Binding, chunk: Chunk, row: int,
           mapping: Mapping[str, str]) -> Claim | Diagnostic:  # fmt: skip
    """The claim of a row, or why its matter cannot be told."""
    fields = values(binding.fields, chunk.claims, row)
    places = np.flatnonzero(chunk.parents == row)
    records = tuple(values(binding.lines, chunk.lines, int(place)) for place in places)
    collections = {LINES: records} if len(chunk.lines) or binding.nested else {}
    totals = values(binding.totals, chunk.claims, row)
    claim = Claim("", fields, collections, totals=totals)
    matter = mapped(program, mapping, fields) or matter_of(claim, program, "事项")
    return matter if isinstance(matter, Diagnostic) else evolve(claim, matter=matter)
