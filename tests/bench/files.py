"""The workloads as Parquet files, under the names of the national settlement interface."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tests.bench import provisions as p
from tests.bench.workloads import Array, Work, blocks

_PLACES = {"langfang": p.LANGFANG_PLACES, "ziyang": p.ZIYANG_PLACES}
MONEY = pa.decimal128(16, 2)


def write(name: str, rows: int, path: Path) -> None:
    """Write the workload ``name`` to ``path``, block by block: any number of rows fits."""
    row = 0
    writer: pq.ParquetWriter | None = None
    for part in blocks(name, rows):
        table = table_of(part, row)
        writer = writer or pq.ParquetWriter(path, table.schema, store_decimal_as_integer=True)
        writer.write_table(table)
        row += part.rows
    if writer is not None:
        writer.close()


def table_of(work: Work, before: int = 0) -> pa.Table:
    """The rows as a bureau's table; ``before`` rows went before them."""
    given, home = work.columns, _PLACES[work.name][0]
    rows = np.arange(work.rows) + before + 1
    columns = {
        "psn_no": _numbered(home, given["person"]),
        "mdtrt_id": _numbered("M", rows),
        "insuplc_admdvs": _coded(np.zeros(work.rows, np.int32), (home,)),
        "begntime": pa.array(given["begin"], pa.date32()),
        "endtime": pa.array(given["end"], pa.date32()),
        "hosp_lv": _coded(given["grade"], p.GRADES),
        "med_type": _coded(given["kind"], p.KINDS_OF_STAY),
        "mdtrtarea_admdvs": _coded(given["area"], _PLACES[work.name]),
    }
    return pa.table(columns | (_totals(work) if work.name == "langfang" else _employee(work)))


def _totals(work: Work) -> dict[str, pa.Array]:
    """What was billed, as the settlement states it."""
    names = {
        "medfee_sumamt": "total", "fulamt_ownpay_amt": "own", "overlmt_selfpay": "over",
        "preselfpay_amt": "first", "inscp_scp_amt": "eligible",
    }  # fmt: skip
    return {code: money(work.columns[name]) for code, name in names.items()}


def _employee(work: Work) -> dict[str, pa.Array]:
    """The person, and the fee lines nested in the row."""
    lines = pa.StructArray.from_arrays(
        [
            money(work.lines["amount"]),
            money(work.lines["price"]),
            _coded(work.lines["class"], p.CLASSES),
            _coded(work.lines["catalogue"], p.CATALOGUES),
        ],
        ["det_item_fee_sumamt", "pric", "chrgitm_lv", "list_type"],
    )
    return {
        "brdy": pa.array(work.columns["born"], pa.date32()),
        "psn_type": _coded(work.columns["retired"], ("1101", "1201")),
        "feedetail": pa.ListArray.from_arrays(pa.array(work.offsets, pa.int32()), lines),
    }


def money(values: Array) -> pa.Array:
    """分 as decimal(16, 2), without a detour over text or floats."""
    halves = np.empty((len(values), 2), np.int64)
    halves[:, 0], halves[:, 1] = values, values >> 63
    return pa.Array.from_buffers(MONEY, len(values), [None, pa.py_buffer(halves)])


def _numbered(prefix: str, numbers: Array) -> pa.Array:
    """``prefix`` and twelve digits."""
    digits = np.char.zfill(numbers.astype("S12"), 12)
    text = np.char.add(prefix.encode(), digits)
    width = text.dtype.itemsize
    ends = np.arange(len(text) + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(len(text), pa.py_buffer(ends), pa.py_buffer(text.tobytes()))


def _coded(places: Array, codes: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(codes))
