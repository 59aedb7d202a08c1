"""However claims lie, a cluster reads what one machine reads, and counts the same places."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engine.cluster.test_cluster import LANGFANG, both, same

from tiaowen.apps.programs import load_program
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.batch.job import Options, settle_file
from tiaowen.engine.batch.sources import connect, open_source
from tiaowen.engine.cluster.job import parts_of, settle_on_cluster
from tiaowen.engine.cluster.reading import Reader
from tiaowen.engine.cluster.session import in_zone
from tiaowen.engine.synthetic import Plan, claims


def made() -> pa.Table:
    """Some claims, a few of them not to be settled, back to front."""
    (block,) = claims(Plan(1_500, 7, "131000", visits=0.5))
    table = pa.Table.from_batches([block])
    return table.take(list(range(len(table)))[::-1])


def in_a_folder(table: pa.Table, folder: Path) -> Path:
    """Files whose names Spark spells in its own way, of unequal length, people in two."""
    (folder / "各县").mkdir()
    names = ("a+b 一%20.parquet", "各县/霸州 1.parquet", "各县/2.parquet")
    for name, (begin, end) in zip(names, ((0, 100), (100, 500), (500, len(table))), strict=True):
        pq.write_table(table.slice(begin, end - begin), folder / name)
    return folder


def to_the_nanosecond(table: pa.Table, folder: Path) -> Path:
    """Moments finer than Spark has them."""
    at = table.schema.get_field_index("begntime")
    fine = table.set_column(at, "begntime", table["begntime"].cast(pa.timestamp("ns")))
    pq.write_table(fine, folder / "claims.parquet", version="2.6")
    return folder / "claims.parquet"


def as_old_files_have_them(table: pa.Table, folder: Path) -> Path:
    """Moments as Hive writes them, in 96 bits."""
    pq.write_table(table, folder / "claims.parquet", use_deprecated_int96_timestamps=True)
    return folder / "claims.parquet"


def in_arrow(table: pa.Table, folder: Path) -> Path:
    with pa.ipc.new_file(folder / "claims.arrow", table.schema) as file:
        file.write_table(table)
    return folder / "claims.arrow"


WAYS = (in_a_folder, to_the_nanosecond, as_old_files_have_them, in_arrow)


@pytest.mark.parametrize("way", WAYS)
def test_a_file_is_read_as_here(
    way: Callable[[pa.Table, Path], Path], spark: Any, tmp_path: Path
) -> None:
    (tmp_path / "claims").mkdir()
    lain = way(made(), tmp_path / "claims")
    here, there = both(load_program(LANGFANG), tmp_path, spark, lain)
    assert here.counts.settled > 300
    assert here.counts.rejected > 10
    same(here, there)


def test_moments_are_those_of_the_clock_in_any_zone(spark: Any, tmp_path: Path) -> None:
    """96 bits: eight in the morning stays eight, alone and in the records of a list."""
    eight = datetime.datetime(2024, 3, 1, 8)
    lines = [[{"at": eight}]]
    for table in (pa.table({"at": [eight]}), pa.table({"at": [eight], "lines": lines})):
        pq.write_table(table, tmp_path / "old.parquet", use_deprecated_int96_timestamps=True)
        connection = connect("100MB", 1, tmp_path)
        connection.execute("SET TimeZone = 'Asia/Shanghai'")
        source = open_source(connection, str(tmp_path / "old.parquet"))
        with in_zone(spark, "Asia/Shanghai"):
            (row,) = Reader(spark, connection, tmp_path).frame(source, "old").toArrow().to_pylist()
        assert row.pop("tiaowen_row") == 1
        assert row == table.to_pylist()[0]


def test_the_first_reject_ends_a_strict_run(spark: Any, tmp_path: Path) -> None:
    pq.write_table(made(), tmp_path / "claims.parquet")
    program = load_program(LANGFANG)
    options = Options(str(tmp_path / "claims.parquet"), str(tmp_path / "out.parquet"), strict=True)
    with pytest.raises(Rejected) as here:
        settle_file(program, options, lambda count: None)
    with pytest.raises(Rejected) as there:
        settle_on_cluster(program, options, spark, lambda count: None)
    assert there.value.diagnostics == here.value.diagnostics
    assert there.value.diagnostics[0].code == "TW1340"
    assert [path.name for path in tmp_path.iterdir()] == ["claims.parquet"]


def test_a_folder_of_parts(spark: Any, tmp_path: Path) -> None:
    pq.write_table(made(), tmp_path / "claims.parquet")
    program, given = load_program(LANGFANG), str(tmp_path / "claims.parquet")
    here = settle_file(program, Options(given, f"{tmp_path}/here.csv"), lambda count: None)
    there = settle_on_cluster(program, Options(given, f"{tmp_path}/there/"), spark, lambda n: None)
    assert there.output.is_dir()
    folder = pq.read_table(there.output).to_pylist()
    assert len(folder) == there.counts.settled == here.counts.settled
    whole = [row["mdtrt_id"] for row in folder]
    csv = here.output.read_text(encoding="utf-8").splitlines()
    at = csv[0].split(",").index("mdtrt_id")
    assert whole == [line.split(",")[at] for line in csv[1:]]


def test_as_many_partitions_as_serve() -> None:
    assert parts_of(1, 8) == 1
    assert parts_of(50_000, 2) == 4
    assert parts_of(50_000, 100) == 13
    assert parts_of(100_000_000, 8) == 96
