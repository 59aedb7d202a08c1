"""Claims read from Parquet as they lie are what a database reads, and a run that was broken off
goes on where it was, also where the file turns out not to be in order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attrs import evolve

from tiaowen.apps.programs import load_program
from tiaowen.engine.batch import chunks as reading_chunks
from tiaowen.engine.batch import parquet_files, running, streams
from tiaowen.engine.batch.cells import Array
from tiaowen.engine.batch.chunks import Chunk, chunks
from tiaowen.engine.batch.job import Options, built, settle_file
from tiaowen.engine.batch.order import People, rising, rows_by_time
from tiaowen.engine.batch.parquet_files import Wanted
from tiaowen.engine.batch.sources import connect, open_source
from tiaowen.engine.batch.texts import Texts, odd
from tiaowen.engine.claims.field_values import LONGEST_TEXT
from tiaowen.engine.synthetic import Plan, claims

POLICY = "policies/langfang/resident-2024-draft.md"


@pytest.fixture(scope="module")
def made() -> pa.Table:
    return pa.Table.from_batches(list(claims(Plan(6000, 7, "131000"))))


def contents(chunk: Chunk) -> tuple[object, ...]:
    return chunk.claims.to_pylist(), chunk.lines.to_pylist(), chunk.parents.tolist()


def test_parquet_is_read_as_a_database_reads_it(made: pa.Table, tmp_path: Path) -> None:
    """Two files of several row groups each, with fee lines; in pieces of 100 claims."""
    half = len(made) // 2
    for number, table in enumerate((made.slice(0, half), made.slice(half)), 1):
        pq.write_table(table, tmp_path / f"claims-{number}.parquet", row_group_size=150)
    connection = connect("1GB", 1, tmp_path)
    source = open_source(connection, str(tmp_path))
    program = load_program(POLICY)
    reading, _ = built(program, connection, source, None, Options(str(tmp_path), ""))
    assert reading.direct
    plain = evolve(reading, source=evolve(source, files=()))
    assert not plain.direct
    (one,), (other,) = (list(chunks(connection, each, ordered=False)) for each in (reading, plain))
    assert contents(one) == contents(other)
    first = list(chunks(connection, reading, ordered=False, read=half))
    assert [contents(chunk)[0] for chunk in first] == [contents(one)[0][half:]]  # type: ignore[index]


def test_what_a_database_reads_otherwise_is_left_to_it(made: pa.Table, tmp_path: Path) -> None:
    moments = made.column("begntime").cast(pa.timestamp("us", "Asia/Shanghai"))
    table = made.set_column(made.column_names.index("begntime"), "begntime", moments)
    pq.write_table(table, tmp_path / "zoned.parquet")
    assert not parquet_files.readable([tmp_path / "zoned.parquet"], ["begntime"])
    assert parquet_files.readable([tmp_path / "zoned.parquet"], ["psn_no", "feedetail"])
    pq.write_table(made.slice(0, 9), tmp_path / "nine.parquet")
    wanted = Wanted(("psn_no",), frozenset(), "row")
    found = parquet_files.batches([tmp_path / "nine.parquet"], wanted, 4, 6)
    assert [batch.column("row").to_pylist() for batch in found] == [[7, 8], [9]]


@pytest.mark.parametrize("moved", [0, 300])
def test_a_run_that_was_broken_off_loses_nothing(
    made: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    """``moved`` claims from the beginning of the file stand at its end: it is not in order, which
    the first run did not live to see."""
    table = pa.concat_tables([made.slice(moved), made.slice(0, moved)])
    path = tmp_path / "claims.parquet"
    pq.write_table(table, path, row_group_size=100)
    monkeypatch.setattr(reading_chunks, "ROWS", 100)
    monkeypatch.setattr(streams, "LEAST", 50)
    monkeypatch.setattr(running, "PART_ROWS", 1)
    program = load_program(POLICY)

    def stop(read: int) -> None:
        if read > 400:
            raise KeyboardInterrupt

    options = Options(str(path), str(tmp_path / "settled.parquet"), threads=1)
    with pytest.raises(KeyboardInterrupt):
        settle_file(program, options, stop)
    found = settle_file(program, evolve(options, resume=True), lambda read: None)
    whole = evolve(options, output=str(tmp_path / "whole.parquet"))
    expected = settle_file(program, whole, lambda read: None)
    assert found.counts == expected.counts
    assert found.counts.read == len(made)
    assert pq.read_table(found.output).equals(pq.read_table(expected.output))


def times(*cells: int) -> Array:
    return np.array(cells, np.int64)


def test_only_people_out_of_order_are_sorted() -> None:
    people = People.of(pa.array(["a", "a", "a", "b", "b", "c"]))
    assert people.numbers.tolist() == [0, 0, 0, 1, 1, 2]
    assert rows_by_time(people, times(1, 2, 3, 1, 2, 0), None) is None
    found = rows_by_time(people, times(3, 1, 2, 5, 6, 0), None)
    assert found is not None
    assert found.tolist() == [1, 2, 0, 3, 4, 5]
    tied = rows_by_time(people, times(1, 1, 2, 5, 5, 0), pa.chunked_array([list("zyxwvu")]))
    assert tied is not None
    assert tied.tolist() == [1, 0, 2, 4, 3, 5]


def test_texts_that_rise_within_a_person_need_no_look_up() -> None:
    people = People.of(pa.array(["a", "a", "b"]))
    assert rising(pa.array(["1", "2", "1"]), people)
    assert not rising(pa.array(["2", "1", "3"]), people)
    assert not rising(pa.array(["1", "1", "3"]), people)
    assert not rising(pa.array(["1", None, "3"]), people)
    assert Texts.beginning(("",), apart=True).numbers(pa.array(["1", "2", "1"])).tolist() == [
        1,
        2,
        3,
    ]
    looked_up = Texts.beginning(("", "2"))
    assert looked_up.numbers(pa.array(["1", "2", "1", None])).tolist()[:3] == [2, 1, 2]
    assert looked_up.numbers(pa.array(["3", "1"])).tolist() == [3, 2]


def test_texts_that_may_be_blank_or_long_are_looked_at() -> None:
    array = pa.array(["x", "", " x", None, "\u3000", "医", "x" * (LONGEST_TEXT + 1), "9"])
    assert set(odd(array).tolist()) >= {1, 2, 4, 5, 6}
    assert not {0, 7} & set(odd(array).tolist())
    assert odd(array.slice(6)).tolist() == [0]
