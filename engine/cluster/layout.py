"""Claims, fee lines and totals from before as one stream of rows, parted and ordered by person.

Spark hands a worker one stream. Each row of ours is therefore of one kind, with what it holds
in the column of that kind: a person's claims in the order of the file, then their fee lines,
then their totals. The worker cuts the stream where people change and takes the kinds apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import evolve, field, frozen

from tiaowen.engine.batch.binding import Binding
from tiaowen.engine.batch.chunks import (
    ENCOUNTER,
    PERSON,
    ROW,
    Chunk,
    with_joined,
    with_nested,
)
from tiaowen.engine.batch.streams import by_people

KINDS = ("tiaowen_claim", "tiaowen_line", "tiaowen_total")
KIND, NUMBER = "tiaowen_kind", "tiaowen_number"
ORDER = (PERSON, KIND, ENCOUNTER, NUMBER, ROW)
"""What rows are sorted by; a claim's fee lines by their own numbers."""


@frozen(eq=False)
class Tables:
    """Spark frames of what is settled. ``claims`` has its rows' places in the column ``ROW``;
    ``lines`` and ``totals`` are None where there are none of their own; ``person`` is the column
    of ``totals`` that tells whose they are."""

    claims: Any
    binding: Binding
    lines: Any = None
    totals: Any = None
    person: str = ""
    further: tuple[str, ...] = field(default=())
    """Columns of the claims that are no fields and go along."""


def by_person(tables: Tables, parts: int = 0) -> Any:
    """The stream in ``parts`` partitions of whole people (as many as Spark likes, for 0): people
    in the order of their numbers from partition to partition, and rows within as ``ORDER`` says."""
    stream = _claims(tables)
    for more in (_lines(tables), _totals(tables)):
        if more is not None:
            stream = stream.unionByName(more, allowMissingColumns=True)
    keys = [name for name in ORDER if name in stream.columns]
    parted = stream.repartitionByRange(*([parts] if parts else []), PERSON)
    return parted.sortWithinPartitions(*keys)


def _claims(tables: Tables) -> Any:
    from pyspark.sql import functions as f

    b = tables.binding
    bound = (x.column for x in (*b.fields.values(), *b.totals.values()))
    wanted = dict.fromkeys([b.person, *bound, *b.reversing.there, *tables.further])
    nested = [b.nested] if b.nested and tables.lines is None else []
    held = f.struct(*(f.col(_name(column)) for column in (*wanted, ROW, *nested)))
    return tables.claims.select(
        _text(b.person).alias(PERSON), f.lit(0).cast("byte").alias(KIND),
        f.col(ROW).alias(ROW), held.alias(KINDS[0]),
    )  # fmt: skip


def _lines(tables: Tables) -> Any:
    """The fee lines, each with the person whose encounter it is of."""
    from pyspark.sql import functions as f

    if tables.lines is None:
        return None
    b = tables.binding
    encounter = f.col(_name(b.encounter)).cast("string").alias(ENCOUNTER)
    known = tables.claims.select(_text(b.person).alias(PERSON), encounter)
    columns = [f.col(_name(x.column)) for x in b.lines.values()]
    number = next((x.column for x in b.lines.values() if x.slot.code == "feedetl_sn"), "")
    of = tables.lines.select(
        encounter, f.struct(encounter, *columns).alias(KINDS[1]), f.col(ROW).alias(ROW),
        *([f.col(_name(number)).alias(NUMBER)] if number else []),
    )  # fmt: skip
    return of.join(known.distinct(), ENCOUNTER).withColumn(KIND, f.lit(1).cast("byte"))


def _totals(tables: Tables) -> Any:
    from pyspark.sql import functions as f

    if tables.totals is None:
        return None
    person = _text(tables.person).alias(PERSON)
    held = f.struct(*(f.col(_name(column)) for column in tables.totals.columns if column != ROW))
    return tables.totals.select(
        person, f.lit(2).cast("byte").alias(KIND), f.col(ROW).alias(ROW), held.alias(KINDS[2])
    )


def _name(column: str) -> str:
    return "`" + column.replace("`", "``") + "`"


def _text(column: str) -> Any:
    """A person's number as the text that people are ordered by."""
    from pyspark.sql import functions as f

    return f.coalesce(f.col(_name(column)).cast("string"), f.lit(""))


# --- on a worker


def chunks(batches: Iterable[pa.RecordBatch], binding: Binding, *, joined: bool) -> Iterator[Chunk]:
    """The stream's chunks of whole people; ``joined`` where fee lines have rows of their own."""
    for table, _ in by_people(batches, PERSON):
        claims = _of(table, 0)
        if not len(claims):
            continue
        lines, totals = _of(table, 1), _of(table, 2)
        if joined:
            chunk = with_joined(claims, lines, binding.encounter)
        else:
            chunk = with_nested(claims, binding.nested)
        yield evolve(chunk, openings=totals if len(totals) else None)


def _of(table: pa.Table, kind: int) -> pa.Table:
    """The rows of a kind as a table of what they hold."""
    if KINDS[kind] not in table.column_names:
        return pa.table({})
    numbers = table.column(KIND).to_numpy()
    rows = table.column(KINDS[kind])
    if not np.all(numbers == kind):
        rows = rows.filter(pa.array(numbers == kind))
    struct = rows.combine_chunks()
    if isinstance(struct, pa.ChunkedArray):
        struct = pa.concat_arrays(struct.chunks) if struct.num_chunks else pa.array([], rows.type)
    return pa.Table.from_arrays(struct.flatten(), names=[at.name for at in struct.type])
