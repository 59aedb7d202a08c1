"""Which claim goes before which hangs on the claims alone, not on how their file lies."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tiaowen.apps.programs import load_program
from tiaowen.engine.batch.job import Options, settle_file
from tiaowen.engine.synthetic import Plan, claims

NOON = datetime.datetime(2024, 12, 31, 12)


def settled(folder: Path, name: str, table: pa.Table) -> pa.Table:
    """The claims of ``table`` settled from a file of their own."""
    pq.write_table(table, folder / f"{name}.parquet")
    program = load_program("policies/langfang/resident-2024-draft.md")
    options = Options(str(folder / f"{name}.parquet"), str(folder / f"{name}-settled.parquet"))
    return pq.read_table(settle_file(program, options, lambda count: None).output)


def test_claims_of_one_time_go_by_their_settlement_numbers(tmp_path: Path) -> None:
    """Every stay is settled at noon of one day, and a person's last stay has the first number:
    the file by people and the same file backwards decide the same deductibles."""
    (made,) = claims(Plan(2000, 7, "131000"))
    rows: list[dict[str, Any]] = pa.Table.from_batches([made]).to_pylist()
    for number, row in enumerate(rows):
        row |= {"setl_time": NOON, "setl_id": f"S{len(rows) - number:06d}"}
    table = pa.Table.from_pylist(rows, made.schema)
    forwards = settled(tmp_path, "forwards", table)
    backwards = settled(tmp_path, "backwards", table.take(list(range(len(table)))[::-1]))
    assert forwards.num_rows > 200
    assert forwards.equals(backwards)
    of_one = forwards.to_pylist()
    numbers = [(row["psn_no"], row["setl_id"]) for row in of_one]
    assert numbers == sorted(numbers)
    assert len({person for person, _ in numbers}) < len(numbers) - 20
