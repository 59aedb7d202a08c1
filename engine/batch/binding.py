"""Which column of a file is which field: by Chinese name, national code or alias, as in a claim.

A file's own further columns are left alone and named; a field that two columns give is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from attrs import field, frozen

from tiaowen.compiler.core import LINES, Program
from tiaowen.compiler.spelling import nearest
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.batch.reversals import Columns
from tiaowen.engine.claims.layout import Slot, layout_of, spelt
from tiaowen.engine.claims.roles import Roles, named

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
    joining: str = ""
    """The column of a file of fee lines that says whose they are; '' where there is no file."""
    shared: frozenset[str] = frozenset()
    """Encounters that several claims have, so that a file of fee lines cannot say whose they
    are."""


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
    columns, line_columns = tuple(columns), tuple(line_columns)
    nested = next((c for c in columns if _key(c, lists)), "")
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
    joining = next((c for c in line_columns if _named(c, layout.fields) == roles.encounter), "")
    if joined and not joining:
        found.append(diagnose("TW1334", place=LINES, name=roles.encounter, code="mdtrt_id",
                              nearest=""))  # fmt: skip
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
        joining if joined else "",
    )  # fmt: skip


def _bound(
    columns: Sequence[str], level: str, known: Mapping[str, Slot], found: list[Diagnostic],
    left: set[str],
) -> tuple[dict[str, Bound], list[str]]:  # fmt: skip
    bound: dict[str, Bound] = {}
    unknown: list[str] = []
    for column in columns:
        if column in left:
            continue
        key = _key(column, known) or _repeated(column, columns, known)
        if not key:
            unknown.append(column)
            continue
        slot = known[key]
        if slot.name in bound:
            first = bound[slot.name].column
            found.append(
                diagnose("TW0617", place=column, name=slot.name, first=first, second=column)
            )
            continue
        bound[slot.name] = Bound(column, level, slot)
    return bound, unknown


def _key(column: str, known: Mapping[str, object]) -> str:
    """The name in ``known`` that a column goes by, in whatever case; '' where it is none."""
    return next((key for k in (column, column.lower()) if (key := spelt(k, known)) in known), "")


def _named(column: str, known: Mapping[str, Slot]) -> str:
    key = _key(column, known)
    return known[key].name if key else ""


def _repeated(column: str, columns: Sequence[str], known: Mapping[str, object]) -> str:
    """The name of a column that stands in its file twice: DuckDB numbers the later ones."""
    plain = re.fullmatch(r"(.+)_\d+", column)
    if plain is None or plain[1].lower() not in {c.lower() for c in columns}:
        return ""
    return _key(plain[1], known)
