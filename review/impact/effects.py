"""Claims under several policies at once, a row for each: what the funds pay and what the person.

A claim that one policy refuses is a row like any other, with the code of the refusal: nothing is
dropped. People are settled whole, so that what one claim uses up is missing to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.binding import Binding
from tiaowen.engine.batch.cells import Array
from tiaowen.engine.batch.chunks import Chunk, Reading, chunks
from tiaowen.engine.batch.outputs import decimals
from tiaowen.engine.batch.settling import Settling

FUNDS = ("hifp_pay", "hifob_pay", "hifmi_pay", "hifes_pay", "cvlserv_pay", "maf_pay")
"""What the funds pay, by national code; fund_pay_sumamt is their sum where a matter states it."""
TOTAL, OWN, COST, CAPPED, DEDUCTIBLE = (
    "fund_pay_sumamt", "psn_part_amt", "medfee_sumamt", "x_over_cap", "act_pay_dedc",
)  # fmt: skip


@frozen(eq=False)
class Settlement:
    """One of the policies compared: ``key`` goes behind the names of its columns."""

    key: str
    program: Program
    settling: Settling


def effects(
    connection: Any, reading: Reading, settlements: Sequence[Settlement],
    progress: Callable[[int], None], *, weight: str = "",
) -> Iterator[pa.RecordBatch]:  # fmt: skip
    """The rows of all claims, by whole people; ``progress`` is told how many were read, ``weight``
    is a column of how many claims each stands for. ``Rejected`` with TW1345 where it is not there
    or holds anything but whole numbers."""
    read = 0
    ordered = not in_order(connection, reading)
    for chunk in chunks(connection, evolve(reading, further=(weight,) if weight else ()),
                        ordered=ordered):  # fmt: skip
        columns = _facts(chunk, reading.binding)
        if weight:
            columns["weight"] = _weights(chunk, weight)
        for settlement in settlements:
            columns |= _under(settlement, chunk)
        read += len(chunk.claims)
        progress(read)
        yield pa.RecordBatch.from_pydict(columns)


def in_order(connection: Any, reading: Reading) -> bool:
    """Whether the file is in the order of people."""
    b = reading.binding
    person = f"coalesce(CAST(\"{b.person}\" AS VARCHAR), '')"
    sql = (
        f"SELECT count(*) FROM (SELECT {person} AS p, lag({person}) OVER () AS q "
        f"FROM {reading.source.sql}) WHERE p < q"
    )
    (found,) = connection.sql(sql).fetchall()
    return bool(found[0] == 0)


def _facts(chunk: Chunk, binding: Binding) -> dict[str, pa.Array]:
    """What the claim itself says: who, when and where."""
    found: dict[str, pa.Array] = {}
    wanted = {"psn_no": "person", "mdtrt_id": "encounter", "hosp_lv": "level",
              "psn_type": "kind", "brdy": "born", "begntime": "begun",
              "insuplc_admdvs": "insured", "mdtrtarea_admdvs": "place"}  # fmt: skip
    by_code = {bound.slot.code: bound.column for bound in binding.fields.values()}
    for code, name in wanted.items():
        if code in by_code:
            column = chunk.claims.column(by_code[code]).combine_chunks()
            found[name] = column.cast(pa.string())
        else:
            found[name] = pa.nulls(len(chunk.claims), pa.string())
    return found


def _weights(chunk: Chunk, column: str) -> pa.Array:
    """How many claims each stands for."""
    try:
        found = chunk.claims.column(column).combine_chunks().cast(pa.int64())
    except pa.ArrowInvalid:
        found = pa.nulls(len(chunk.claims), pa.int64())
    if found.null_count or pc.min(found).as_py() < 1:
        raise Rejected([diagnose("TW1345", name=column)])
    return found


def _under(settlement: Settlement, chunk: Chunk) -> dict[str, pa.Array]:
    """The claims under one policy: matter, figures, and the code of a refusal."""
    decided = settlement.settling.decided(chunk)
    rows, size = decided.given.rows[decided.done], len(chunk.claims)
    done = np.zeros(size, dtype=bool)
    done[rows] = True
    outputs = decided.outputs
    zero = np.zeros(len(decided.done), dtype=np.int64)

    def spread(values: Array) -> pa.Array:
        whole = np.zeros(size, dtype=np.int64)
        whole[rows] = values[decided.done]
        return decimals(whole, 16, 2, ~done)

    parts = sum((outputs[code] for code in FUNDS if code in outputs), zero)
    names = ("", *settlement.settling.kernel.matters)
    stating = [names.index(m) for m in _stating(settlement)]
    total = outputs.get(TOTAL, zero)
    fund = np.where(np.isin(decided.matter, stating), total, parts)
    matter = np.zeros(size, dtype=np.int32)
    matter[rows] = decided.matter[decided.done]
    codes = np.full(size, "", dtype=object)
    for reject in decided.rejects:
        codes[reject.row] = reject.problem.code
    labels = pa.DictionaryArray.from_arrays(pa.array(matter, mask=~done), pa.array(names))
    key = settlement.key
    return {
        f"matter_{key}": labels.cast(pa.string()),
        f"fund_{key}": spread(fund),
        f"own_{key}": spread(outputs.get(OWN, zero)),
        f"cost_{key}": spread(outputs.get(COST, zero)),
        f"cut_{key}": spread(outputs.get(CAPPED, zero)),
        f"deductible_{key}": spread(outputs.get(DEDUCTIBLE, zero)),
        f"refused_{key}": pa.array(codes, pa.string(), mask=codes == ""),
    }


def _stating(settlement: Settlement) -> list[str]:
    """The matters whose statement has the sum of all funds."""
    for output in settlement.settling.kernel.outputs:
        if output.name == TOTAL:
            return list(output.matters)
    return []


def joint(readings: Sequence[Reading]) -> Reading:
    """One reading of the columns that any of ``readings`` binds."""
    first = readings[0]
    fields = {name: b for r in reversed(readings) for name, b in r.binding.fields.items()}
    lines = {name: b for r in reversed(readings) for name, b in r.binding.lines.items()}
    totals = {name: b for r in reversed(readings) for name, b in r.binding.totals.items()}
    binding = evolve(first.binding, fields=fields, lines=lines, totals=totals)
    return evolve(first, binding=binding)
