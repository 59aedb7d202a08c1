"""Parts of a run as Parquet: written so that they cost little, joined without being read.

Whole numbers lie as differences (DELTA_BINARY_PACKED), which takes a third of the time and less
room than hashing amounts of which no two are alike. What Parquet says of its columns is in a
footer of places counted from the beginning of the file: parts are joined by copying their bytes
one after the other and writing one footer with the places moved on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tiaowen.engine.batch.footers import footer_of, footer_text, moved

_MAGIC, _BLOCK = b"PAR1", 1 << 22


def write_part(table: pa.Table, path: Path) -> None:
    """Write ``table``, each of its batches a row group. Texts that stand by number in a
    dictionary are written so."""
    labels = [f.name for f in table.schema if pa.types.is_dictionary(f.type)]
    texts = [f.name for f in table.schema if pa.types.is_string(f.type)]
    numbers = [f.name for f in table.schema if _whole(f.type)]
    writer = pq.ParquetWriter(
        path, table.schema, compression="snappy", store_decimal_as_integer=True,
        store_schema=False, use_dictionary=labels, write_statistics=[*labels, *texts],
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
    )  # fmt: skip
    with writer:
        for batch in table.to_batches():
            writer.write_batch(batch)


def _whole(kind: pa.DataType) -> bool:
    """Whether Parquet holds a column of this type as numbers of 32 or 64 bits."""
    if pa.types.is_decimal(kind):
        return bool(kind.precision <= 18)
    return bool(pa.types.is_integer(kind) or pa.types.is_date32(kind)
                or pa.types.is_timestamp(kind))  # fmt: skip


def join_parts(parts: Sequence[Path], output: Path) -> None:
    """The rows of ``parts``, of one schema, one part after the other as one file."""
    footers = []
    with output.open("wb") as file:
        file.write(_MAGIC)
        for part in parts:
            footer, end = footer_of(part)
            footers.append(moved(footer, file.tell() - len(_MAGIC)))
            with part.open("rb") as given:
                given.seek(len(_MAGIC))
                while block := given.read(min(_BLOCK, end - given.tell())):
                    file.write(block)
        text = footer_text(footers)
        file.write(text + len(text).to_bytes(4, "little") + _MAGIC)
