"""The columns of several files that are read as one table: the same in each, or not read at all.

A column that one file lacks would be empty for its claims, and they would be settled without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tiaowen.dsl.diagnostics import Rejected, diagnose


def same_columns(files: Sequence[Path], columns_of: Callable[[Path], Iterable[str]]) -> None:
    """``Rejected`` (TW1348) where ``files`` do not have the same columns, in whatever order."""
    if len(files) < 2:
        return
    first = set(columns_of(files[0]))
    for file in files[1:]:
        differing = first ^ set(columns_of(file))
        if differing:
            raise Rejected([diagnose("TW1348", path=str(file), first=files[0].name,
                                     columns=sorted(differing))])  # fmt: skip


def parquet_columns(file: Path) -> list[str]:
    """The columns of a Parquet file; ``OSError`` or ``ArrowInvalid`` where it is none."""
    import pyarrow.parquet as pq

    names: list[str] = pq.read_schema(file).names
    return names


def arrow_data(files: Sequence[Path]) -> Any:
    """Arrow files, mapped into memory rather than read, as one table; figures take the type
    that holds those of every file. ``OSError`` or ``ArrowInvalid`` where one cannot be read."""
    import pyarrow as pa
    import pyarrow.dataset

    schemas = {}
    for file in files:
        with pa.memory_map(str(file)) as mapped, pa.ipc.open_file(mapped) as opened:
            schemas[file] = opened.schema
    same_columns(files, lambda file: schemas[file].names)
    try:
        schema = pa.unify_schemas(list(schemas.values()), promote_options="permissive")
    except pa.ArrowTypeError as error:
        raise pa.ArrowInvalid(str(error)) from None
    return pyarrow.dataset.dataset([str(file) for file in files], schema=schema, format="ipc")
