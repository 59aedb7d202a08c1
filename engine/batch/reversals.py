"""Settlements that were taken back: as a 撤销 takes one out of a person's history.

The national settlement table keeps them as rows of their own: 原结算ID (init_setl_id) names the
settlement that a row takes back, 退费结算标志 (refd_setl_flag) marks either of the two. Neither
counts, whatever its figures, and each is told; a mark that names nothing is refused, so that
nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from tiaowen.compiler.core import Program
from tiaowen.compiler.types import TRUTH
from tiaowen.dsl.diagnostics import diagnose
from tiaowen.engine.batch.cells import Array
from tiaowen.engine.batch.rejects import Reject
from tiaowen.engine.claims.layout import slot
from tiaowen.engine.claims.misfit import Misfit, is_blank

FLAG, NAMES = ("退费结算标志", "refd_setl_flag"), ("原结算ID", "init_setl_id")
TAKEN_BACK, TAKING_BACK = "TW1358", "TW1359"
NOT_WRONG = (TAKEN_BACK, TAKING_BACK)
"""Codes of rows that do not count and in which nothing is wrong."""


@frozen
class Columns:
    """The columns that tell of settlements taken back, '' where the file has none."""

    flag: str = ""
    names: str = ""

    @classmethod
    def among(cls, columns: Iterable[str]) -> Columns:
        """The first column that goes by each name."""
        given = list(columns)
        found = (next((c for c in given if c in of or c.lower() in of), "") for of in (FLAG, NAMES))
        return cls(*found)

    @property
    def there(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.flag, self.names)))


@frozen(eq=False)
class Reversed:
    """``reversals`` are the rows that take others back, of which nothing else is looked at."""

    reversals: frozenset[int]
    rejects: tuple[Reject, ...]


def taken_back(program: Program, columns: Columns, claims: pa.Table, person: str,
               settlement: str) -> Reversed:  # fmt: skip
    """The rows of ``claims`` that do not count. ``person`` and ``settlement`` are the columns
    that tell people and settlements apart ('' for the second where there is none)."""
    flagged, rejects = _flags(program, columns.flag, claims)
    names, own = _texts(claims, columns.names), _texts(claims, settlement)
    naming = _cells(pc.and_(pc.not_equal(names, ""), pc.not_equal(names, own)))
    if not (flagged | naming).any():
        return Reversed(frozenset(), tuple(rejects))
    unclear = flagged & ~naming
    if columns.flag:
        unclear |= naming & ~flagged
        naming = naming & flagged
    met = _named(_texts(claims, person), own, names, naming)
    for row, named in met.items():
        name = names[row].as_py()
        code = TAKING_BACK if named else "TW0613"
        rejects.append(Reject(row, columns.names, diagnose(code, place=columns.names, id=name)))
        for other in named:
            unclear[other] = False
            said = diagnose(TAKEN_BACK, place=settlement, id=name)
            rejects.append(Reject(other, settlement, said))
    rejects += [_unclear(int(row), columns) for row in np.flatnonzero(unclear)]
    return Reversed(frozenset(met), tuple(rejects))


def _named(people: pa.Array, own: pa.Array, names: pa.Array, naming: Array) -> dict[int, list[int]]:
    """For each row that takes a settlement back the person's rows that are it."""
    rows = [int(row) for row in np.flatnonzero(naming)]
    asked = pa.array([names[row].as_py() for row in rows], pa.string())
    found: dict[tuple[str, str], list[int]] = {}
    for row in map(int, np.flatnonzero(_cells(pc.is_in(own, asked)) & ~naming)):
        found.setdefault((people[row].as_py(), own[row].as_py()), []).append(row)
    return {row: found.get((people[row].as_py(), names[row].as_py()), []) for row in rows}


def _flags(program: Program, column: str, claims: pa.Table) -> tuple[Array, list[Reject]]:
    """Which rows are marked, and those whose mark is neither yes nor no."""
    if not column:
        return np.zeros(len(claims), dtype=bool), []
    at = slot(*FLAG, TRUTH, program)
    coded = claims.column(column).combine_chunks().cast(pa.string()).dictionary_encode()
    index = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    flagged, rejects = np.zeros(len(claims), dtype=bool), []
    for place, raw in enumerate(coded.dictionary.to_pylist()):
        if is_blank(raw):
            continue
        try:
            flagged[index == place] = bool(at.convert(raw))
        except Misfit as misfit:
            args = {"name": at.name, "code": at.code, **misfit.args_named}
            rejects += [Reject(int(row), at.label, diagnose(misfit.code, place=at.label, **args))
                        for row in np.flatnonzero(index == place)]  # fmt: skip
    return flagged, rejects


def _texts(claims: pa.Table, column: str) -> pa.Array:
    """The cells of a column without blanks around them; '' where one is empty."""
    if not column:
        return pa.array([""] * len(claims), pa.string())
    texts = claims.column(column).combine_chunks().cast(pa.string())
    return pc.utf8_trim_whitespace(pc.fill_null(texts, ""))


def _cells(truths: pa.Array) -> Array:
    found: Array = truths.to_numpy(zero_copy_only=False)
    return found


def _unclear(row: int, columns: Columns) -> Reject:
    place = columns.flag or columns.names
    return Reject(row, place, diagnose("TW1360", place=place))


def wrong(rejected: pa.RecordBatch | pa.Table) -> pa.RecordBatch | pa.Table:
    """The rejects without the rows that merely do not count: for a run that ends at the first."""
    fine = pc.is_in(rejected.column("code"), pa.array(NOT_WRONG))
    return rejected.filter(pc.invert(fine))
