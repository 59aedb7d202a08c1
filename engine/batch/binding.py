"""Which column of a file is which field: by Chinese name, national code or alias, as in a claim.

A file's own further columns are left alone and named; a field that two columns give is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from tiaowen.compiler.core import LINES, Program
from tiaowen.compiler.spelling import nearest
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.batch.reversals import Columns
from tiaowen.engine.claim_layout import Slot, layout_of, spelt
from tiaowen.engine.roles import Roles, named

PERSON = "psn_no"


@frozen
class Bound:
    """A field of claims (``level`` '') or of fee lines that a column of the file gives."""

    column: str
    level: str
    slot: Slot


@frozen(eq=False)
class Binding:
    """``fields`` by Chinese name, ``lines`` and ``totals`` likewise; ``nested`` the column that
    holds the fee lines as lists, '' where there is none. ``totals`` are those of the bills and
    stand in place of fee lines: none where there are lines. ``person`` and ``encounter`` tell
    people and claims apart, ``order`` are the fields of time, the first given going first.
    ``unknown`` columns are no fields."""

    fields: Mapping[str, Bound]
    lines: Mapping[str, Bound]
    nested: str
    person: str
    encounter: str
    settlement: str
    order: tuple[str, ...]
    unknown: tuple[str, ...]
    totals: Mapping[str, Bound] = field(factory=dict)
    reversing: Columns = field(factory=Columns)
    """The columns, no fields either, that tell of settlements taken back."""


def bind(program: Program, columns: Iterable[str], line_columns: Iterable[str] = (),
         joined: bool = False) -> Binding:  # fmt: skip
    """Bind the columns of a claims file, and those of its fee lines: the fields of the nested
    records, or the columns of a file of lines (``joined``).

    ``Rejected``: TW0617 (two columns for a field), TW1334 (no person number; no encounter to
    join lines by).
    """
    layout = layout_of(program)
    lists = {n: info for n, info in layout.collections.items() if info.name == LINES}
    found: list[Diagnostic] = []
    nested = next((c for c in columns if spelt(c, lists) in lists), "")
    known = layout.fields if nested or joined else {**layout.totals, **layout.fields}
    bound, unknown = _bound(columns, "", known, found, {nested})
    fields = {name: at for name, at in bound.items() if name in layout.fields}
    lines, _ = _bound(line_columns, LINES, layout.elements.get(LINES, {}), found, set())
    roles = Roles.of(program)
    person = fields.get(named(program.fields, PERSON))
    if person is None:
        near = nearest(PERSON, unknown) or nearest("人员编号", unknown) or ""
        found.append(diagnose("TW1334", name="人员编号", code=PERSON, nearest=near))
    encounter = fields.get(roles.encounter)
    if joined and encounter is None:
        found.append(diagnose("TW1334", name=roles.encounter, code="mdtrt_id", nearest=""))
    if found:
        raise Rejected(found)
    assert person is not None
    settlement = fields.get(roles.settlement)
    reversing = Columns.among(unknown)
    times = (roles.settled_at, roles.discharge, roles.admission)
    return Binding(
        fields, lines, nested, person.column,
        encounter.column if encounter else "",
        settlement.column if settlement else "",
        tuple(name for name in times if name in fields),
        tuple(column for column in unknown if column not in reversing.there),
        {name: at for name, at in bound.items() if name not in fields},
        reversing,
    )  # fmt: skip


def _bound(
    columns: Iterable[str], level: str, known: Mapping[str, Slot], found: list[Diagnostic],
    left: set[str],
) -> tuple[dict[str, Bound], list[str]]:  # fmt: skip
    bound: dict[str, Bound] = {}
    unknown: list[str] = []
    for column in columns:
        if column in left:
            continue
        key = next((k for k in (column, column.lower()) if spelt(k, known) in known), None)
        if key is None:
            unknown.append(column)
            continue
        slot = known[spelt(key, known)]
        if slot.name in bound:
            first = bound[slot.name].column
            found.append(
                diagnose("TW0617", place=column, name=slot.name, first=first, second=column)
            )
            continue
        bound[slot.name] = Bound(column, level, slot)
    return bound, unknown
