"""Files of claims as Spark frames, each row with its place in the file as a batch here counts it.

Parquet is read by the workers where it lies. Anything else (CSV, Arrow, tables of databases, and
Parquet of types that Spark has not) is first written as Parquet by the same reader that a batch
here uses, beside the output, where the workers find it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow.parquet as pq
from attrs import frozen

from tiaowen.engine.batch.chunks import ROW
from tiaowen.engine.batch.sources import Source

PARQUET = (".parquet", ".pq")
_INSTANT = re.compile(r"timestamp(?!_ntz)")


@frozen(eq=False)
class Reader:
    """Reads tables into ``spark``; ``connection`` is DuckDB's, ``staging`` the folder, seen by
    every worker, for what is no Parquet."""

    spark: Any
    connection: Any
    staging: Path

    def frame(self, source: Source, name: str) -> Any:
        """The rows of ``source`` with their places in the column ``ROW``, from 1; ``name`` is
        the file's that it is written to, where it has to be."""
        files = self._files(source.name)
        found = self._numbered(files) if files else None
        if found is not None and set(source.columns) <= set(found.columns):
            same = self._same_moments(found, source)
            if same is not None:
                return same
        staged = self.staging / f"{name}.parquet"
        self._write(source, staged)
        found = self._numbered([str(staged.absolute())])
        if found is None:
            raise AssertionError("what DuckDB wrote can be read")
        return found

    def _same_moments(self, frame: Any, source: Source) -> Any:
        """``frame`` with moments as DuckDB reads them: those of 96 bits, which Hive writes, are
        instants to Spark and times of the clock to DuckDB. None where they are in lists."""
        from pyspark.sql import functions as f

        zone = f.lit(self.spark.conf.get("spark.sql.session.timeZone"))
        columns = []
        for name, kind in frame.dtypes:
            column = f.col(f"`{name}`")
            instant = _INSTANT.search(kind) and "TIME ZONE" not in source.columns.get(name, "")
            if instant and kind != "timestamp":
                return None
            if instant:
                clock = f.convert_timezone(zone, f.lit("UTC"), column.cast("timestamp_ntz"))
                column = clock.alias(name)
            columns.append(column)
        return frame.select(*columns)

    def _files(self, written: str) -> list[str]:
        """The Parquet files that ``written`` names, in the order in which DuckDB reads them;
        none where it names anything else."""
        path = Path(written)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix)
            kinds = {p.suffix.lower() for p in inside}
            written = str(path / "**" / f"*{inside[0].suffix}") if len(kinds) == 1 else ""
        if "#" in written or "://" in written or Path(written).suffix.lower() not in PARQUET:
            return []
        found = self.connection.execute("SELECT file FROM glob(?)", [written]).fetchall()
        return [str(Path(file).absolute()) for (file,) in found]

    def _numbered(self, files: Sequence[str]) -> Any:
        """The rows of Parquet files, numbered through; None where Spark cannot read them."""
        from pyspark.errors import AnalysisException
        from pyspark.sql import functions as f

        try:
            frame = self.spark.read.parquet(*(Path(file).as_uri() for file in files))
            columns = [*frame.columns]
            frame = frame.select("*", "_metadata.file_path", "_metadata.row_index")
        except AnalysisException:
            return None
        before: Any = f.lit(0)
        if len(files) > 1:
            frame, before = self._with_rows_before(frame, files), f.col("tiaowen_before")
        place = (before + f.col("row_index") + 1).cast("long").alias(ROW)
        return frame.select(*(f"`{column}`" for column in columns), place)

    def _with_rows_before(self, frame: Any, files: Sequence[str]) -> Any:
        """``frame`` with how many rows the files before a row's own hold."""
        from pyspark.sql import functions as f

        rows, before = 0, {}
        for file in files:
            before[file] = rows
            rows += pq.read_metadata(file).num_rows
        spelt = [row[0] for row in frame.select("file_path").distinct().collect()]
        table = [(path, before[unquote(urlsplit(path).path)]) for path in spelt]
        known = self.spark.createDataFrame(table, "file_path string, tiaowen_before long")
        return frame.join(f.broadcast(known), "file_path")

    def _write(self, source: Source, path: Path) -> None:
        """``source`` as a Parquet file, in its own order; moments to the microsecond, which is
        as fine as Spark has them."""
        casts = {"TIMESTAMP_NS": "TIMESTAMP", "TIMESTAMP_S": "TIMESTAMP",
                 "TIMESTAMP_MS": "TIMESTAMP"}  # fmt: skip
        columns = (
            f"CAST({_quoted(column)} AS {casts[kind]}) AS {_quoted(column)}"
            if kind in casts
            else _quoted(column)
            for column, kind in source.columns.items()
        )
        to = str(path).replace("'", "''")
        self.connection.execute(
            f"COPY (SELECT {', '.join(columns)} FROM {source.sql}) TO '{to}' (FORMAT parquet)"
        )


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
