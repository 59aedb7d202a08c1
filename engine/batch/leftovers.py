"""What a batch cannot take in at all, and says so: lines of a CSV file that are no rows, and fee
lines, in a file of their own, of which nobody can say whose they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

from tiaowen.compiler.core import LINES
from tiaowen.dsl.catalogue import Lang, message
from tiaowen.dsl.diagnostics import diagnose
from tiaowen.engine.batch.binding import Binding
from tiaowen.engine.batch.counting import Counts
from tiaowen.engine.batch.csv_files import Bad
from tiaowen.engine.batch.sources import Source
from tiaowen.engine.batch.sql import name, text


@frozen(eq=False)
class Leftovers:
    """``rows`` of the reject file for what was not taken in; ``unread`` are the lines of the file
    of claims among it."""

    rows: pa.Table
    unread: tuple[Bad, ...] = ()

    def count(self, counts: Counts) -> None:
        """Count them with the claims."""
        counts.read += len(self.unread)
        counts.rejected += len(self.unread)
        codes = self.rows.column("code").value_counts().to_pylist()
        counts.codes.update({each["values"]: each["counts"] for each in codes})


def leftovers(connection: Any, source: Source, lines: Source | None, binding: Binding,
              lang: Lang) -> Leftovers:  # fmt: skip
    """What of the claims and of the fee lines beside them is not taken in."""
    tables = [unread_lines(source.bad, lang)]
    if lines is not None:
        tables.append(unread_lines(lines.bad, lang))
        strays = stray_lines(connection, source, lines, binding, lang)
        tables.append(strays.cast(tables[0].schema))
    return Leftovers(pa.concat_tables(tables), source.bad)


_ID = "\x1a"
"""Stands for an encounter in a message until the database puts it there."""


def shared_encounters(connection: Any, source: Source, binding: Binding) -> frozenset[str]:
    """Encounters that claims of several people have: whose their lines are cannot be told."""
    encounter, person = name(binding.encounter), name(binding.person)
    rows = connection.execute(
        f"SELECT CAST({encounter} AS VARCHAR) FROM {source.sql} WHERE {encounter} IS NOT NULL "
        f"GROUP BY 1 HAVING count(DISTINCT CAST({person} AS VARCHAR)) > 1"
    ).fetchall()
    return frozenset(found for (found,) in rows)


def stray_lines(connection: Any, source: Source, lines: Source, binding: Binding,
                lang: Lang) -> pa.Table:  # fmt: skip
    """The fee lines whose encounter no claim has, as rows of the reject file: ``row`` is their
    place in their own file, from 1."""
    said = message(diagnose("TW1353", id=_ID), lang)
    claims = f"SELECT CAST({name(binding.encounter)} AS VARCHAR) AS id FROM {source.sql}"
    joining = f"CAST({name(binding.joining)} AS VARCHAR) AS id"
    sql = (
        f"SELECT l.row, CAST(NULL AS VARCHAR) AS psn_no, l.id AS mdtrt_id, {text(LINES)} AS field, "
        f"'TW1353' AS code, replace({text(said)}, chr({ord(_ID)}), coalesce(l.id, '')) AS message "
        f"FROM (SELECT row_number() OVER () AS row, {joining} FROM {lines.sql}) AS l "
        f"ANTI JOIN ({claims}) AS c USING (id) ORDER BY l.row"
    )
    return connection.sql(sql).to_arrow_table()


def unread_lines(bad: Iterable[Bad], lang: Lang) -> pa.Table:
    """Lines of a CSV file that are no rows, as rows of the reject file: ``row`` is the place they
    would have had, None where the table is of several files."""
    told = list(bad)
    alone = len({line.file for line in told}) == 1
    said = [message(diagnose("TW1350", line=at.line, problem=at.problem), lang) for at in told]
    return pa.table({
        "row": pa.array([line.line - 1 if alone else None for line in told], pa.int64()),
        "psn_no": pa.nulls(len(told), pa.string()), "mdtrt_id": pa.nulls(len(told), pa.string()),
        "field": pa.array([line.file for line in told], pa.string()),
        "code": pa.array(["TW1350"] * len(told), pa.string()),
        "message": pa.array(said, pa.string()),
    })  # fmt: skip


def in_place(rejected: pa.Table, bad: Iterable[Bad]) -> pa.Table:
    """``rejected`` with ``row`` as the place in a CSV file with ``bad`` lines, which were passed
    over when its rows were numbered; as it is where the table is of several files."""
    told = list(bad)
    if len({line.file for line in told}) != 1:
        return rejected
    skipped = np.sort(np.array([line.line - 1 for line in told], dtype=np.int64))
    rows = rejected.column("row").to_numpy()
    before = np.searchsorted(skipped - np.arange(len(skipped)), rows, side="right")
    at = rejected.schema.get_field_index("row")
    return rejected.set_column(at, "row", pa.array(rows + before, pa.int64()))
