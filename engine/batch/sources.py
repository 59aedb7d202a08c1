"""Where claims come from: files of several kinds and tables of databases, as one DuckDB relation.

``claims.parquet``, ``claims.csv``, ``claims.arrow``, a folder or pattern of these,
``file.duckdb#table`` or ``postgresql://host/base#table``. A CSV file is read as text, so that
codes keep their zeros and dates are understood as in a single claim.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.dsl.extras import need

FILES = {
    ".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".gz": "csv", ".tsv": "csv",
    ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow",
    ".duckdb": "duckdb", ".db": "duckdb",
}  # fmt: skip


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


def connect(memory: str, threads: int, scratch: Path) -> Any:
    """A database in memory that sorts and joins within ``memory`` (as ``2GB``), spilling into
    ``scratch``."""
    duckdb = need("duckdb", "batch")
    connection = duckdb.connect(config={"memory_limit": memory, "threads": threads,
                                        "temp_directory": str(scratch),
                                        "preserve_insertion_order": True})  # fmt: skip
    connection.execute("SET enable_progress_bar = false")
    return connection


def open_source(connection: Any, written: str) -> Source:
    """The table that ``written`` names, looked at but not yet read.

    ``Rejected``: TW0701 (no such file), TW1330 (an unknown kind), TW1333 (not readable as its
    kind: truncated, not Parquet, no such table).
    """
    import duckdb

    place, _, table = written.partition("#")
    held: list[Any] = []
    try:
        sql = _sql(connection, place, table, held)
        described = connection.execute(f"DESCRIBE SELECT * FROM {sql}").fetchall()
        (count,) = connection.execute(f"SELECT count(*) FROM {sql}").fetchall()[0]
    except duckdb.Error as error:
        raise Rejected([diagnose("TW1333", path=written, problem=_first_line(error))]) from None
    columns = {row[0]: row[1] for row in described}
    return Source(written, sql, columns, int(count), held[0] if held else None)


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


def _first_line(error: Exception) -> str:
    text = str(error).split("\n", 1)[0]
    return text.split("Error: ", 1)[-1]


def _sql(connection: Any, place: str, table: str, held: list[Any]) -> str:
    if "://" in place:
        return _postgres(connection, place, table)
    path = Path(place)
    pattern = place
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in FILES)
        if not found:
            raise Rejected([diagnose("TW1333", path=place, problem=_EMPTY_FOLDER)])
        pattern, path = str(path / "**" / f"*{found[0].suffix}"), found[0]
    elif not any(mark in place for mark in "*?[") and not path.exists():
        raise Rejected([diagnose("TW0701", path=place, nearest=_nearest(path))])
    kind = FILES.get(path.suffix.lower(), "")
    if kind == "parquet":
        return f"read_parquet({_quoted(pattern)})"
    if kind == "csv":
        return f"read_csv({_quoted(pattern)}, all_varchar = true, header = true)"
    if kind == "arrow":
        return _arrow(connection, path, pattern, held)
    if kind == "duckdb":
        connection.execute(f"ATTACH {_quoted(place)} AS claims_base (READ_ONLY)")
        return f"claims_base.{_identifier(table or 'claims')}"
    raise Rejected([diagnose("TW1330", path=place, endings="、".join(FILES))])


_EMPTY_FOLDER = {"zh": "文件夹里没有表格文件", "en": "there is no table in the folder"}


def _nearest(path: Path) -> str:
    from tiaowen.compiler.spelling import nearest

    try:
        names = [p.name for p in path.parent.iterdir()]
    except OSError:
        return ""
    return nearest(path.name, names) or ""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def _arrow(connection: Any, path: Path, pattern: str, held: list[Any]) -> str:
    """An Arrow file, mapped into memory rather than read."""
    import pyarrow as pa
    import pyarrow.dataset

    found: Sequence[Path] = [path]
    if pattern != str(path):
        found = sorted(Path().glob(pattern)) or [path]
    try:
        table = pyarrow.dataset.dataset([str(p) for p in found], format="ipc")
    except (pa.ArrowInvalid, OSError) as error:
        raise Rejected([diagnose("TW1333", path=str(path), problem=_first_line(error))]) from None
    name = f"arrow_{abs(hash(pattern))}"
    connection.register(name, table)
    held.append(table)
    return name


def _postgres(connection: Any, url: str, table: str) -> str:
    """A table of PostgreSQL, copied through a file into DuckDB: its extension that reads
    PostgreSQL is not among what a Python package brings."""
    psycopg = need("psycopg", "postgres")
    name = f"postgres_{abs(hash((url, table)))}"
    query = f"COPY (SELECT * FROM {_identifier(table or 'claims')}) TO STDOUT CSV HEADER"
    try:
        with psycopg.connect(url) as base, tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "claims.csv"
            with base.cursor() as cursor, copy.open("wb") as file, cursor.copy(query) as rows:
                for block in rows:
                    file.write(block)
            read = f"read_csv({_quoted(str(copy))}, all_varchar = true, header = true)"
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {read}")
    except psycopg.Error as error:
        shown = _without_password(f"{url}#{table}")
        raise Rejected([diagnose("TW1333", path=shown, problem=_first_line(error))]) from None
    return name


def _without_password(url: str) -> str:
    return re.sub(r"(://[^/@:]*):[^/@]*@", r"\1@", url)


def nested_fields(connection: Any, source: Source, column: str) -> list[str]:
    """The names of the records that the lists of ``column`` hold."""
    quoted = _identifier(column)
    reader = connection.sql(f"SELECT {quoted} FROM {source.sql} LIMIT 0").to_arrow_reader(1)
    kind = reader.schema.field(0).type
    record = getattr(kind, "value_type", None)
    return [record.field(n).name for n in range(record.num_fields)] if record is not None else []
