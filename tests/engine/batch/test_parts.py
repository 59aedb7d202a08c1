"""Parts written and joined: every row as it was, in order, for whoever reads Parquet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiaowen.engine.batch.footers import footer_of, footer_text
from tiaowen.engine.batch.parts import join_parts, write_part

SCHEMA = pa.schema({
    "psn_no": pa.string(), "hifp_pay": pa.decimal64(16, 2), "year": pa.int64(),
    "day": pa.date32(), "flag": pa.bool_(), "hosp_lv": pa.dictionary(pa.int32(), pa.string()),
})  # fmt: skip


def rows(first: int, count: int) -> list[dict[str, object]]:
    return [
        {"psn_no": f"P{n}", "hifp_pay": Decimal(n * 7919) / 100 if n % 5 else None, "year": 2024,
         "day": date(2024, 1, 1 + n % 28), "flag": n % 3 == 0, "hosp_lv": f"0{n % 4}"}
        for n in range(first, first + count)
    ]  # fmt: skip


def table(first: int, *counts: int) -> pa.Table:
    """Batches of so many rows, each with a dictionary of its own."""
    batches = []
    for count in counts:
        batches.append(pa.RecordBatch.from_pylist(rows(first, count), schema=SCHEMA))
        first += count
    return pa.Table.from_batches(batches, SCHEMA)


def joined(folder: Path, *tables: pa.Table) -> Path:
    parts = [folder / f"part-{n}" for n in range(len(tables))]
    for part, each in zip(parts, tables, strict=True):
        write_part(each, part)
    output = folder / "joined.parquet"
    join_parts(parts, output)
    return output


def test_parts_are_joined_in_order_for_every_reader(tmp_path: Path) -> None:
    output = joined(tmp_path, table(0, 700, 300), table(1000, 500), table(1500, 1))
    expected = rows(0, 1501)
    assert pq.read_table(output).to_pylist() == expected
    assert pl.read_parquet(output).to_dicts() == expected
    found = duckdb.connect().execute(f"SELECT * FROM '{output}'").fetchall()
    assert found == [tuple(row.values()) for row in expected]
    assert pq.read_metadata(output).num_row_groups == 4


def test_a_part_stands_alone(tmp_path: Path) -> None:
    write_part(table(5, 20), tmp_path / "part")
    assert pq.read_table(tmp_path / "part").to_pylist() == rows(5, 20)


def test_parts_without_rows_have_their_columns(tmp_path: Path) -> None:
    output = joined(tmp_path, table(0), table(0))
    assert pq.read_table(output).column_names == SCHEMA.names
    assert pq.read_metadata(output).num_rows == 0


def test_texts_say_where_they_lie(tmp_path: Path) -> None:
    """A reader that looks for one person skips the row groups without them."""
    output = joined(tmp_path, table(10, 5), table(20, 5))
    about = pq.read_metadata(output).row_group(1).column(0).statistics
    assert (about.min, about.max) == ("P20", "P24")


@pytest.mark.parametrize("compression", ["zstd", "none"])
def test_a_footer_is_written_again_as_it_was(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "file.parquet"
    pq.write_table(table(0, 40), path, compression=compression, write_page_index=True)
    footer, begin = footer_of(path)
    assert footer_text([footer]) == path.read_bytes()[begin:-8]


@settings(max_examples=25)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_a_footer_of_any_number_of_groups(counts: list[int]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        output = joined(Path(folder), table(0, *counts), table(sum(counts), *counts))
        found = pq.read_table(output, columns=["hifp_pay", "psn_no"])
        assert found.num_rows == 2 * sum(counts)
        expected = [{k: row[k] for k in found.column_names} for row in rows(0, found.num_rows)]
        assert found.to_pylist() == expected
