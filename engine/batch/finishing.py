"""Finished parts made into the output: one file, or a folder of parts, under its own name only
when it is whole.

``settled.parquet``, ``.csv``, ``file.duckdb#table``; a name that ends with / is a folder of
Parquet files, which saves writing everything twice.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tiaowen.dsl.diagnostics import Rejected, diagnose

KINDS = (".parquet", ".csv", ".duckdb", "/")


def kind_of(output: str) -> str:
    """What ``output`` is to be. ``Rejected`` with TW1330 for what cannot be written."""
    if output.endswith("/"):
        return "/"
    suffix = Path(output.partition("#")[0]).suffix.lower()
    if suffix in KINDS:
        return suffix
    raise Rejected([diagnose("TW1330", path=output, endings="、".join(KINDS))])


def finish(connection: Any, parts: Sequence[Path], output: str) -> None:
    """Write the rows of ``parts``, in their order, as ``output``; ``OSError`` where it cannot be
    written."""
    kind, path = kind_of(output), Path(output.partition("#")[0])
    if kind == "/":
        path.mkdir(parents=True, exist_ok=True)
        for number, part in enumerate(parts, 1):
            os.replace(part, path / f"part-{number:05d}.parquet")
        return
    if kind == ".duckdb":
        _into_base(connection, parts, path, output.partition("#")[2] or "settled")
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if kind == ".csv":
            connection.execute(f"COPY ({_rows(parts)}) TO {_quoted(beside)} (HEADER)")
        elif len(parts) == 1:
            os.replace(parts[0], beside)
        else:
            _joined(parts, beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _joined(parts: Sequence[Path], output: Path) -> None:
    """The parts one after the other, a row group at a time."""
    schema = pq.read_schema(parts[0])
    with pq.ParquetWriter(
        output, schema, compression="zstd", store_decimal_as_integer=True
    ) as writer:
        for part in parts:
            with pq.ParquetFile(part) as file:
                for group in range(file.num_row_groups):
                    writer.write_table(file.read_row_group(group))


def _into_base(connection: Any, parts: Sequence[Path], path: Path, table: str) -> None:
    """The parts as a table of a DuckDB file, in one transaction."""
    name = '"' + table.replace('"', '""') + '"'
    connection.execute(f"ATTACH {_quoted(path)} AS output_base")
    try:
        connection.execute(f"CREATE OR REPLACE TABLE output_base.{name} AS {_rows(parts)}")
    finally:
        connection.execute("DETACH output_base")


def _rows(parts: Sequence[Path]) -> str:
    listed = ", ".join(_quoted(part) for part in parts)
    return f"SELECT * FROM read_parquet([{listed}])"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
