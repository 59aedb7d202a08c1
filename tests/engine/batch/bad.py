"""What tests of bad input share: some claims, ways to spoil them, and a batch of what is left."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from attrs import frozen

from tiaowen.apps.cli import run
from tiaowen.apps.table_files import TableFile
from tiaowen.engine.synthetic import Plan, claims

POLICY = str(Path("tests/policies/stays.md").resolve())
PAID = "hifp_pay"


@cache
def stays() -> pa.Table:
    """Some stays of a small town, none of which is rejected."""
    return pa.Table.from_batches(list(claims(Plan(400, 7, "131000")))).combine_chunks()


@frozen
class Ran:
    """What a batch came to: its exit code and what it said; ``rows`` were settled, ``rejects``
    have code, row and message each."""

    code: int
    said: str
    rows: list[dict[str, Any]]
    rejects: list[dict[str, Any]]

    @property
    def codes(self) -> set[str]:
        return {reject["code"] for reject in self.rejects}


def settle(folder: Path, capsys: Any, claims: Path | str, *options: str | Path) -> Ran:
    """``tiaowen batch`` of ``claims``, to ``out.parquet`` in ``folder``."""
    output, rejected = folder / "out.parquet", folder / "out-rejects.csv"
    asked = ["batch", POLICY, str(claims), "-o", str(output), *map(str, options), "--lang", "en"]
    code = run(asked)
    captured = capsys.readouterr()
    if code:
        left = [path.name for path in folder.iterdir() if path in (output, rejected)]
        assert left + [path.name for path in folder.glob(".*")] == [], "half a result"
        return Ran(code, captured.err, [], [])
    texts = pacsv.ConvertOptions(column_types={"psn_no": pa.string(), "mdtrt_id": pa.string()})
    rejects = pacsv.read_csv(rejected, convert_options=texts).to_pylist()
    return Ran(code, captured.out + captured.err, pq.read_table(output).to_pylist(), rejects)


def refusing(number: int) -> Callable[..., Any]:
    """A function that cannot do what it is asked: ``OSError`` with this number."""

    def refuse(*arguments: Any, **options: Any) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def with_column(table: pa.Table, name: str, column: Any) -> pa.Table:
    return table.set_column(table.schema.names.index(name), name, column)


def with_lines(table: pa.Table, change: Callable[[dict[str, pa.Array]], Any]) -> pa.Table:
    """``table`` with the columns of its fee lines as ``change`` leaves them."""
    lists = table.column("feedetail").combine_chunks()
    records = pc.list_flatten(lists)
    columns = {field.name: records.field(n) for n, field in enumerate(records.type)}
    change(columns)
    made = pa.StructArray.from_arrays(list(columns.values()), names=list(columns))
    return with_column(table, "feedetail", pa.ListArray.from_arrays(lists.offsets, made))


def as_parquet(table: pa.Table, path: Path) -> Path:
    pq.write_table(table, path)
    return path


def as_arrow(table: pa.Table, path: Path) -> Path:
    with pa.ipc.new_file(path, table.schema) as file:
        file.write_table(table)
    return path


def as_csv(table: pa.Table, path: Path) -> Path:
    """``table`` as CSV; its fee lines as ``…-lines.csv`` beside it."""
    with TableFile(path) as file:
        for batch in table.combine_chunks().to_batches() or [
            pa.RecordBatch.from_pylist([], schema=table.schema)
        ]:
            file.write(batch)
    return path


WRITERS: dict[str, Callable[[pa.Table, Path], Path]] = {
    "parquet": as_parquet,
    "arrow": as_arrow,
    "csv": as_csv,
}


def settle_here(*arguments: str) -> int:
    """``tiaowen batch claims.parquet`` in the folder one is in: its exit code."""
    return run(["batch", POLICY, "claims.parquet", *arguments, "--lang", "en", "--threads", "1"])


def names(folder: Path) -> list[str]:
    """All that is in ``folder``."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
