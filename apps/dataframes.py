"""Tables as Python programs hold them, in and out: Arrow, pandas, Polars.

Arrow data are handed on where they lie; what a frame keeps otherwise (texts of old pandas, numbers
as objects) is copied once, and never a figure changed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from attrs import frozen

SHOWN = 10
"""Rows of a table that a notebook shows."""


@frozen(eq=False)
class Settled:
    """Claims settled at once: ``settled`` by people and time, and ``rejected`` with a row for
    each thing wrong with a claim (row, person, encounter, field, code, message); Arrow tables,
    or frames of the kind that was given."""

    settled: Any
    rejected: Any

    def _repr_html_(self) -> str:
        """In a notebook: how many there are, and the first rows of both."""
        if type(self.settled).__module__.startswith("pyspark."):
            return "<p>Settled(settled, rejected)</p>"  # nothing is worked out for a look
        parts = ((name, arrow_of(getattr(self, name))) for name in ("settled", "rejected"))
        return "".join(f"<h4>{name}</h4>{html_table(table)}" for name, table in parts)

    def __repr__(self) -> str:
        if type(self.settled).__module__.startswith("pyspark."):
            return "<Settled>"
        return f"<Settled: {len(self.settled):,} settled, {len(self.rejected):,} rejected rows>"


def arrow_of(table: Any) -> Any:
    """A table of any of the kinds as an Arrow table. TypeError, saying of which column where it
    is one's, for what is none or holds no columns of one kind."""
    import pyarrow as pa

    if isinstance(table, pa.Table):
        return table
    if isinstance(table, pa.RecordBatch):
        return pa.Table.from_batches([table])
    kind = type(table).__module__.partition(".")[0]
    if kind == "polars":
        return _of_polars(table)
    if kind == "pandas" and hasattr(table, "columns"):
        return _of_pandas(table)
    if hasattr(table, "__arrow_c_stream__"):
        return pa.table(table)
    name = type(table).__name__
    raise TypeError(f"a {name} is no Arrow table, pandas, Polars or Spark frame")


def like(given: Any, table: Any) -> Any:
    """``table``, of Arrow, as a frame of the kind of ``given``; exact amounts stay exact."""
    kind = type(given).__module__.partition(".")[0]
    if kind == "polars":  # it was imported where the frame was made
        return sys.modules["polars"].from_arrow(table)
    return table.to_pandas() if kind == "pandas" else table


def _of_polars(frame: Any) -> Any:
    """Its categories as texts: Polars hands over none that stand inside lists."""
    polars = sys.modules["polars"]
    if isinstance(frame, polars.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, polars.Series):
        raise TypeError("a Series is one column, not a table")
    kinds = {name: _plain(kind, polars) for name, kind in frame.schema.items()}
    changed = {name: kind for name, kind in kinds.items() if kind != frame.schema[name]}
    return (frame.cast(changed) if changed else frame).to_arrow()


def _plain(kind: Any, polars: Any) -> Any:
    if isinstance(kind, polars.Categorical | polars.Enum):
        return polars.String()
    if isinstance(kind, polars.List):
        return polars.List(_plain(kind.inner, polars))
    if isinstance(kind, polars.Array):
        return polars.List(_plain(kind.inner, polars))
    if isinstance(kind, polars.Struct):
        return polars.Struct({f.name: _plain(f.dtype, polars) for f in kind.fields})
    return kind


def _of_pandas(frame: Any) -> Any:
    """Without its index, which belongs to no claim. A column whose cells are of several kinds is
    taken by what they print, as a file of texts would hold them."""
    import pyarrow as pa

    names = list(map(str, frame.columns))
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise TypeError(f"the frame has two columns “{twice[0]}”")
    columns = [
        _of_series(frame.iloc[:, at], name)  # by place: a name need not be a text
        for at, name in enumerate(names)
    ]
    return pa.table(columns, names=names) if columns else pa.table({})


def _of_series(column: Any, name: str) -> Any:
    import pyarrow as pa

    try:
        return pa.Array.from_pandas(column)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        pass
    cells = [None if _missing(cell) else cell for cell in column]
    if any(isinstance(cell, list | dict) for cell in cells):
        raise TypeError(f"the cells of column “{name}” are of several kinds")
    return pa.array([None if cell is None else str(cell) for cell in cells], pa.string())


def _missing(cell: Any) -> bool:
    """None and the values that are not equal to themselves, NaN, NaT and NA."""
    if cell is None:
        return True
    if isinstance(cell, list | dict):
        return False
    try:
        return not bool(cell == cell)
    except TypeError:  # pandas' NA has no truth
        return True


# --- notebooks


def html_table(table: Any) -> str:
    """The first rows of an Arrow table as HTML, and how many there are."""
    rows = table.slice(0, SHOWN).to_pylist()
    lines = (list(row.values()) for row in rows)
    more = f"<p>{len(table):,} × {len(table.column_names)}</p>"
    return html_rows(table.column_names, lines) + more


def html_rows(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table of HTML; no cell is read as markup."""
    top = "".join(f"<th>{escape(str(name))}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{'' if cell is None else escape(str(cell))}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )  # fmt: skip
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
