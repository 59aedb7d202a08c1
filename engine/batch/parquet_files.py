"""Parquet files read as they lie, a row group at a time: no database between file and kernel.

Texts of which a file has few are kept as their dictionary and numbers. Only columns of which
Arrow and DuckDB say the same are read so; what else a file holds is left to DuckDB.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from attrs import frozen


@frozen
class Wanted:
    """Which columns are read, those to be kept as ``labels`` by number (a field of records
    behind their column and a point), and the name of the column that says where in all files a
    row is, from 1. ``threads`` decode columns."""

    columns: tuple[str, ...]
    labels: frozenset[str]
    row: str
    threads: int = 1


def readable(files: Sequence[Path], columns: Collection[str]) -> bool:
    """Whether ``columns`` can be read here: all files have them in the same types, of which none
    is turned into another by DuckDB."""
    schemas = [pq.read_schema(file) for file in files]
    return all(
        schema.names.count(column) == 1
        and "." not in column
        and schema.field(column).type == schemas[0].field(column).type
        and _plain(schema.field(column).type)
        for schema in schemas
        for column in columns
    )


def _plain(kind: Any) -> bool:
    types = pa.types
    if types.is_list(kind):
        return _plain(kind.value_type)
    if types.is_struct(kind):
        return all(_plain(kind.field(n).type) for n in range(kind.num_fields))
    if types.is_dictionary(kind):
        return bool(types.is_string(kind.value_type))
    if types.is_timestamp(kind):
        return kind.tz is None
    return bool(
        types.is_string(kind) or types.is_decimal(kind) or types.is_date32(kind)
        or types.is_boolean(kind) or types.is_signed_integer(kind) or types.is_float64(kind)
    )  # fmt: skip


def batches(files: Sequence[Path], wanted: Wanted, rows: int, read: int) -> Iterator[Any]:
    """The rows of ``files`` behind the first ``read``, at most ``rows`` at once, as batches."""
    first = 0
    for path in files:
        labels = _leaves(path, wanted.labels)
        with pq.ParquetFile(path, read_dictionary=labels, pre_buffer=False) as file:
            for group in range(file.num_row_groups):
                behind = first + file.metadata.row_group(group).num_rows
                if behind > read:
                    yield from _group(file, group, wanted, rows, first, read)
                first = behind


def _leaves(path: Path, labels: Collection[str]) -> list[str]:
    """The names that a file has for ``labels``: a field of a nested record lies deeper there."""
    schema = pq.read_metadata(path).schema
    leaves = [schema.column(n).path for n in range(len(schema))]
    return [leaf for leaf in leaves if leaf in labels or _nested(leaf) in labels]


def _nested(leaf: str) -> str:
    names = leaf.split(".")
    return f"{names[0]}.{names[-1]}"


def _group(file: Any, group: int, wanted: Wanted, rows: int, first: int,
           read: int) -> Iterator[Any]:  # fmt: skip
    """The rows of one row group, of which the first is behind ``first`` others."""
    columns = list(wanted.columns)
    for batch in file.iter_batches(rows, row_groups=[group], columns=columns,
                                   use_threads=wanted.threads > 1):  # fmt: skip
        numbers = np.arange(first + 1, first + 1 + len(batch))
        first += len(batch)
        if first > read:
            numbered = batch.append_column(wanted.row, pa.array(numbers))
            yield numbered.slice(max(0, read - (first - len(batch))))
