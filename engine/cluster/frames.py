"""Frames of Spark settled where they are: claims in, settled and rejected claims out.

One pass over whole people gives both. Nothing is computed before a frame is used, and nothing
leaves the cluster: what stands in Hive or on HDFS goes back there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from attrs import frozen

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.chunks import ROW
from tiaowen.engine.batch.job import Options, built
from tiaowen.engine.batch.running import as_one, settled_at_once
from tiaowen.engine.batch.sources import connect, table_source
from tiaowen.engine.cluster.layout import Tables, by_person
from tiaowen.engine.cluster.session import unwarned
from tiaowen.engine.cluster.working import Batches, Shipped, Task, worker

SETTLED, REJECTED = "settled", "rejected"
_NAMELESS = ("row",)
"""Of a reject: a frame has no places that stay."""


@frozen(eq=False)
class Frames:
    """What came of a frame of claims, as frames: ``settled`` within partitions by people and
    time, ``rejected`` with a row for each thing wrong with a claim."""

    settled: Any
    rejected: Any


def settle_frame(program: Program, claims: Any, lines: Any, options: Options) -> Frames:
    """Settle a frame of claims, with another of fee lines or None where they are nested; of
    ``options`` the files are not looked at. A few rows are read to see what the columns are.
    ``Rejected`` as ``settle_file`` says of columns."""
    from pyspark.sql import functions as f

    shipped, kinds = _looked_at(program, claims, lines, options)
    place = (f.monotonically_increasing_id() + 1).alias(ROW)
    tables = Tables(claims.select("*", place), shipped.binding,
                    None if lines is None else lines.select("*", place))  # fmt: skip
    context = claims.sparkSession.sparkContext
    sent = context.broadcast(shipped.packed())
    with unwarned():
        rows = by_person(tables).mapInArrow(_giving(sent, kinds), _in_sparks_words(kinds))
    return Frames(*(
        rows.where(f.col(name).isNotNull()).select(f"{name}.*") for name in (SETTLED, REJECTED)
    ))  # fmt: skip


def _looked_at(program: Program, claims: Any, lines: Any,
               options: Options) -> tuple[Shipped, dict[str, pa.Schema]]:  # fmt: skip
    """What the workers need, and the columns that they will give: those that a first row does."""
    first = claims.limit(1).toArrow()
    if not len(first):
        raise Rejected([diagnose("TW1339", path="claims")])
    beside = None if lines is None else lines.limit(1).toArrow()
    with tempfile.TemporaryDirectory() as scratch:
        connection = connect(options.memory, 1, Path(scratch))
        source = table_source(connection, "given_claims", first)
        also = None if beside is None else table_source(connection, "given_lines", beside)
        reading, settling = built(program, connection, source, also, options)
        part = settled_at_once(connection, reading, settling, 1)
    shipped = Shipped(program, options, reading.binding, settling.kernel, joined=lines is not None)
    return shipped, {SETTLED: _plain(part.settled).schema, REJECTED: _plain(part.rejected).schema}


def _in_sparks_words(kinds: dict[str, pa.Schema]) -> Any:
    """The schema of the rows that ``_giving`` gives: one of the kinds in each."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(pa.schema([(n, pa.struct(list(of))) for n, of in kinds.items()]))


def _giving(sent: Any, kinds: dict[str, pa.Schema]) -> Task:
    """The task that gives its partition's rows, each as the kind it is of; ``sent`` is the
    broadcast of what was ``packed``."""

    def task(batches: Batches) -> Batches:
        for part in worker(sent.value).settled(batches):
            whole = as_one([part])
            for kind, table in ((SETTLED, whole.settled), (REJECTED, whole.rejected)):
                for batch in _plain(table).cast(kinds[kind]).to_batches():
                    yield _of_kind(batch, kind, kinds)

    return task


def _of_kind(batch: pa.RecordBatch, kind: str, kinds: dict[str, pa.Schema]) -> pa.RecordBatch:
    columns = {
        name: batch.to_struct_array() if name == kind else _none(batch.num_rows, of)
        for name, of in kinds.items()
    }
    return pa.RecordBatch.from_pydict(columns)


def _none(rows: int, of: pa.Schema) -> pa.Array:
    return pa.nulls(rows, pa.struct(list(of)))


def _plain(table: pa.Table) -> pa.Table:
    """``table`` in types that Spark has."""
    return pa.table(dict(_columns(table)))


def _columns(table: pa.Table) -> Iterator[tuple[str, Any]]:
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type
        if name in _NAMELESS:
            continue
        if pa.types.is_dictionary(kind) or pa.types.is_null(kind):
            kind = pa.string()
        elif pa.types.is_decimal(kind):
            kind = pa.decimal128(kind.precision, kind.scale)
        elif pa.types.is_timestamp(kind):
            kind = pa.timestamp("us", kind.tz)
        yield name, column.cast(kind)
