"""Where claims come from: files of several kinds and tables of databases, as one DuckDB relation.

``claims.parquet``, ``claims.csv``, ``claims.arrow``, a folder or pattern of these,
``file.duckdb#table`` or ``postgresql://host/base#table``. A CSV file is read as text, so that
codes keep their zeros and dates are understood as in a single claim.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from tiaowen.compiler.core import LINES
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.dsl.extras import need
from tiaowen.engine.batch.csv_files import Bad, bad_lines, head, in_utf8, relation
from tiaowen.engine.batch.files import FILES, files_of, literal, place_of
from tiaowen.engine.batch.schemas import arrow_data, parquet_columns, same_columns
from tiaowen.engine.batch.sql import dotted, name, text
from tiaowen.engine.batch.troubles import first_line, reading, without_password


@frozen
class Source:
    """A table that can be read. ``name`` is what the user called it; ``sql`` what stands for it
    behind FROM; ``columns`` its columns with DuckDB's types; ``held`` is the Arrow data behind
    ``sql``, None where DuckDB reads it by itself."""

    name: str
    sql: str
    columns: dict[str, str] = field(factory=dict)
    rows: int = 0
    held: Any = field(default=None, repr=False)
    bad: tuple[Bad, ...] = ()
    """Lines of a CSV file that are no rows."""
    files: tuple[Path, ...] = ()
    """The Parquet files that it is; none for any other kind."""


LONGEST_KIND = 40
"""Letters of a type's name that a message shows."""
_MEMORY = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*([KMGT])(i?)B", re.IGNORECASE)
LEAST_MEMORY = 64_000_000
"""Bytes below which DuckDB cannot read and sort a table of claims."""


def connect(memory: str, threads: int, scratch: Path) -> Any:
    """A database in memory that sorts and joins within ``memory`` (as ``2GB``), spilling into
    ``scratch``. ``Rejected`` with TW1355 for what is no size, or too small a one."""
    duckdb = need("duckdb", "batch")
    written = _MEMORY.fullmatch(memory.strip())
    if written is None or _bytes(*written.groups()) < LEAST_MEMORY:
        raise Rejected([diagnose("TW1355", memory=memory, least="64MB")])
    connection = duckdb.connect(config={"memory_limit": memory.strip(), "threads": threads,
                                        "temp_directory": str(scratch),
                                        "preserve_insertion_order": True})  # fmt: skip
    connection.execute("SET enable_progress_bar = false")
    return connection


def _bytes(number: str, unit: str, binary: str) -> Fraction:
    scale: int = (1024 if binary else 1000) ** (1 + "KMGT".index(unit.upper()))
    return Fraction(number) * scale


def open_source(connection: Any, written: str) -> Source:
    """The table that ``written`` names, looked at but not yet read.

    ``Rejected``: TW0701 (no such file), TW1330 (an unknown kind), TW1333 (not readable as its
    kind: truncated, not Parquet, no such table), TW1347 (files of several kinds), TW1348 (files
    whose columns differ).
    """
    place, table = place_of(written)
    with reading(written):
        if "://" in place:
            return _described(connection, written, _postgres(connection, place, table))
        kind, files = files_of(place)
        if kind == "csv":
            return _csv(connection, written, files)
        if kind == "arrow":
            data = arrow_data(files)
            name = f"arrow_{abs(hash(written))}"
            connection.register(name, data)
            return _described(connection, written, name, data)
        if kind == "duckdb":
            return _described(connection, written, _attached(connection, files[0], table))
        same_columns(files, parquet_columns)
        listed = ", ".join(literal(file) for file in files)
        several = ", union_by_name = true" if len(files) > 1 else ""
        found = _described(connection, written, f"read_parquet([{listed}]{several})")
        return evolve(found, files=tuple(files))


def _described(connection: Any, written: str, sql: str, held: Any = None) -> Source:
    described = connection.execute(f"DESCRIBE SELECT * FROM {sql}").fetchall()
    (count,) = connection.execute(f"SELECT count(*) FROM {sql}").fetchall()[0]
    return Source(written, sql, {row[0]: row[1] for row in described}, int(count), held)


def _csv(connection: Any, written: str, files: list[Path]) -> Source:
    """CSV files with the same first line, each read in UTF-8."""
    heads = {file: head(file) for file in files}
    same_columns(files, lambda file: heads[file].columns)
    first = heads[files[0]]
    (scratch,) = connection.execute("SELECT current_setting('temp_directory')").fetchall()[0]
    plain = [in_utf8(file, heads[file], Path(scratch)) for file in files]
    rows, bad = bad_lines(connection, plain, first)
    names = {str(copy): str(file) for copy, file in zip(plain, files, strict=True)}
    told = tuple(evolve(line, file=names.get(line.file, line.file)) for line in bad)
    columns = dict.fromkeys(first.columns, "VARCHAR")
    sql = relation(plain, first)
    if bad:  # which lines are passed over depends on the columns that are read
        kept = f"csv_{abs(hash(written))}"
        connection.execute(f"CREATE TABLE {kept} AS SELECT * FROM {sql}")
        sql = kept
    return Source(written, sql, columns, rows, bad=told)


def table_source(connection: Any, name: str, table: Any) -> Source:
    """An Arrow table at hand, read where it lies."""
    connection.register(name, table)
    described = connection.execute(f"DESCRIBE SELECT * FROM {name}").fetchall()
    return Source(name, name, {row[0]: row[1] for row in described}, len(table), table)


def cursor(connection: Any, sources: Iterable[Source | None]) -> Any:
    """A second reader beside ``connection``; Arrow data are not shared by themselves."""
    found = connection.cursor()
    for source in sources:
        if source is not None and source.held is not None:
            found.register(source.sql, source.held)
    return found


def _attached(connection: Any, path: Path, table: str) -> str:
    """A table of a database file, which is only read."""
    base = f"base_{abs(hash(os.path.realpath(path)))}"
    connection.execute(f"ATTACH IF NOT EXISTS {text(path)} AS {base} (READ_ONLY)")
    return f"{base}.{dotted(table or 'claims')}"


def _postgres(connection: Any, url: str, table: str) -> str:
    """A table of PostgreSQL, copied through a file into DuckDB: its extension that reads
    PostgreSQL is not among what a Python package brings."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise Rejected([diagnose("TW1330", path=url, endings="、".join((*FILES, "postgresql://")))])
    psycopg = need("psycopg", "postgres")
    name = f"postgres_{abs(hash((url, table)))}"
    query = f"COPY (SELECT * FROM {dotted(table or 'claims')}) TO STDOUT CSV HEADER"
    try:
        with psycopg.connect(url) as base, tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "claims.csv"
            with base.cursor() as cursor, copy.open("wb") as file, cursor.copy(query) as rows:
                for block in rows:
                    file.write(block)
            read = relation([copy], head(copy))
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {read}")
    except psycopg.Error as error:
        shown = without_password(f"{url}#{table}")
        raise Rejected([diagnose("TW1333", path=shown, problem=first_line(error))]) from None
    return name


def nested_fields(connection: Any, source: Source, column: str) -> list[str]:
    """The names of the records that the lists of ``column`` hold. ``Rejected`` with TW1346 where
    it holds anything else, or a record holds more than a value for a name."""
    import pyarrow as pa

    reader = connection.sql(f"SELECT {name(column)} FROM {source.sql} LIMIT 0").to_arrow_reader(1)
    kind = reader.schema.field(0).type
    record = getattr(kind, "value_type", None)
    if record is None or not pa.types.is_struct(record):
        raise Rejected([misshapen(column, source.columns[column], LINES)])
    fields = [record.field(n) for n in range(record.num_fields)]
    wrong = [f for f in fields if pa.types.is_nested(f.type)]
    if wrong:
        at = f"{column}.{wrong[0].name}"
        raise Rejected([misshapen(at, str(wrong[0].type), wrong[0].name)])
    return [f.name for f in fields]


def is_nested(kind: str) -> bool:
    """Whether a column of this type of DuckDB's holds lists, records or maps."""
    return kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))


def misshapen(column: str, kind: str, name: str) -> Diagnostic:
    """TW1346: what the column holds, by DuckDB's name of its type, cannot be the field."""
    shown = kind if len(kind) <= LONGEST_KIND else f"{kind[:LONGEST_KIND]}…"
    return diagnose("TW1346", place=column, column=column, found=shown, name=name)
