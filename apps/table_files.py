"""Tables written to files a batch at a time: Parquet, Arrow or CSV, by the ending of the name.

A file stands under its own name only when it is whole: what is being written lies beside it
under another name, and goes when the writing fails.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field

from tiaowen.apps.files import unusable
from tiaowen.dsl.diagnostics import Rejected, diagnose

if TYPE_CHECKING:
    from types import TracebackType

    import pyarrow as pa

ENDINGS = (".parquet", ".arrow", ".csv")
LINES, ENCOUNTER = "feedetail", "mdtrt_id"
"""The column of nested fee lines, and what joins them to their claim in a file of their own."""


def ending(path: Path) -> str:
    """The kind of table ``path`` names. ``Rejected`` with TW1330 for any other ending."""
    if path.suffix.lower() in ENDINGS:
        return path.suffix.lower()
    raise Rejected([diagnose("TW1330", path=str(path), endings="、".join(ENDINGS))])


def lines_beside(path: Path) -> Path:
    """Where the fee lines of a CSV file stand: a CSV cell holds no list."""
    return path.with_name(f"{path.stem}-lines{path.suffix}")


@define
class TableFile:
    """A file of batches of one schema, to be used in a ``with`` statement.

    ``rows`` counts what was written. ``Rejected`` (TW0702) where it cannot be written.
    """

    path: Path
    rows: int = 0
    _writer: Any = field(default=None, init=False)
    _lines: TableFile | None = field(default=None, init=False)

    def __enter__(self) -> TableFile:
        ending(self.path)
        return self

    def write(self, batch: pa.RecordBatch) -> None:
        """Append ``batch``, whose schema is that of the first."""
        try:
            if ending(self.path) == ".csv":
                batch = self._without_lines(batch)
            if self._writer is None:
                self._writer = _opened(self._beside, ending(self.path), batch.schema)
            self._writer.write_batch(batch)
        except OSError as error:
            raise Rejected([unusable("write", self.path, error)]) from None
        self.rows += batch.num_rows

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        if self._lines is not None:
            self._lines.__exit__(kind, error, trace)
        try:
            if self._writer is not None:
                self._writer.close()
            if kind is None:
                os.replace(self._beside, self.path)
        except OSError as failed:
            raise Rejected([unusable("write", self.path, failed)]) from None
        finally:
            self._beside.unlink(missing_ok=True)

    @property
    def _beside(self) -> Path:
        return self.path.with_name(f".{self.path.name}.{os.getpid()}")

    def _without_lines(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """``batch`` with its fee lines written to their own file, and codes as plain text."""
        import pyarrow as pa

        if LINES in batch.schema.names:
            if self._lines is None:
                self._lines = TableFile(lines_beside(self.path)).__enter__()
            self._lines.write(_unnested(batch))
            batch = batch.drop_columns([LINES])
        plain = [_plain(column) for column in batch.columns]
        return pa.RecordBatch.from_arrays(plain, names=batch.schema.names)


def _opened(path: Path, kind: str, schema: pa.Schema) -> Any:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    if kind == ".parquet":
        return pyarrow.parquet.ParquetWriter(
            path, schema, compression="zstd", store_decimal_as_integer=True
        )
    if kind == ".arrow":
        return pa.ipc.new_file(path, schema)
    return pyarrow.csv.CSVWriter(path, schema)


def _unnested(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The fee lines of ``batch`` as rows, each with its encounter."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lists = batch.column(LINES)
    records = pc.list_flatten(lists)
    columns = {ENCOUNTER: batch.column(ENCOUNTER).take(pc.list_parent_indices(lists))}
    for number, named in enumerate(records.type):
        columns[named.name] = records.field(number)
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def _plain(column: pa.Array) -> pa.Array:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if pa.types.is_decimal64(column.type):
        return column.cast(pa.decimal128(column.type.precision, column.type.scale))
    return column
