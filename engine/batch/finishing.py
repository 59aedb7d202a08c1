"""Finished parts made into the output: one file, or a folder of parts, under its own name only
when it is whole.

``settled.parquet``, ``.csv``, ``file.duckdb#table``; a name that ends with / is a folder of
Parquet files, as they are.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.files import place_of
from tiaowen.engine.batch.parts import join_parts
from tiaowen.engine.batch.sql import dotted, text
from tiaowen.engine.batch.troubles import reading
from tiaowen.engine.batch.writing import unwritable

KINDS = (".parquet", ".csv", ".duckdb", "/")
SETTLED = "settled"
"""The table that a database is given where none is named."""


def kind_of(output: str) -> str:
    """What ``output`` is to be. ``Rejected`` with TW1330 for what cannot be written."""
    if output.endswith("/"):
        return "/"
    suffix = Path(place_of(output)[0]).suffix.lower()
    if suffix in KINDS:
        return suffix
    raise Rejected([diagnose("TW1330", path=output, endings="、".join(KINDS))])


def finish(connection: Any, parts: Sequence[Path], output: str, scratch: Path) -> None:
    """Write the rows of ``parts``, in their order, as ``output``; the parts stay. What is being
    written lies in ``scratch`` where that is on the same disk.

    ``Rejected`` with TW0702 where it cannot be written; what stood under the name still does.
    """
    import duckdb

    kind = kind_of(output)
    place, table = place_of(output)
    path = Path(place)
    beside = (scratch if _one_disk(scratch, path.parent) else path.parent) / f".{path.name}.whole"
    try:
        _removed(beside)
        if kind == "/":
            _folder(parts, beside)
        elif kind == ".duckdb":
            _into_base(connection, parts, path, beside, table or SETTLED)
        elif kind == ".csv":
            connection.execute(f"COPY ({_rows(parts)}) TO {text(beside)} (HEADER, FORMAT csv)")
        elif len(parts) == 1:
            _linked(parts[0], beside)
        else:
            join_parts(parts, beside)
        if beside.exists():
            if path.is_dir():
                os.replace(path, _removed(scratch / ".replaced"))
            os.replace(beside, path)
    except (OSError, duckdb.Error, pa.ArrowException) as error:
        raise Rejected([unwritable(output, error)]) from None
    finally:
        _removed(beside)


def tables_in(path: Path) -> set[str]:
    """The tables of a DuckDB file, in lower case. ``Rejected`` with TW1333 where it is none."""
    import duckdb

    with reading(str(path)), duckdb.connect(str(path), read_only=True) as base:
        names = base.execute("SELECT lower(table_name) FROM duckdb_tables()").fetchall()
    return {name for (name,) in names}


def _one_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


def _removed(path: Path) -> Path:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return path


def _linked(part: Path, name: Path) -> None:
    """``part`` by another name too; copied where the disk has no second names."""
    try:
        os.link(part, name)
    except OSError:
        shutil.copyfile(part, name)


def _folder(parts: Sequence[Path], folder: Path) -> None:
    folder.mkdir()
    for number, part in enumerate(parts, 1):
        _linked(part, folder / f"part-{number:05d}.parquet")


def _into_base(connection: Any, parts: Sequence[Path], path: Path, beside: Path,
               table: str) -> None:  # fmt: skip
    """The parts as a table of a DuckDB file, in one transaction; a new file is made ``beside``."""
    name = dotted(table)
    attached = connection.execute(
        "SELECT database_name FROM duckdb_databases() WHERE path = ?", [os.path.realpath(path)]
    ).fetchall()
    for (base,) in attached:
        connection.execute(f'DETACH "{base}"')
    into = path if path.exists() else beside
    connection.execute(f"ATTACH {text(into)} AS output_base")
    try:
        connection.execute(f"CREATE OR REPLACE TABLE output_base.{name} AS {_rows(parts)}")
    finally:
        connection.execute("DETACH output_base")


def _rows(parts: Sequence[Path]) -> str:
    listed = ", ".join(text(part) for part in parts)
    return f"SELECT * FROM read_parquet([{listed}])"
