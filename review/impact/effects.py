"""Claims under several policies at once, a row for each: what the funds pay and what the person.

A claim that one policy refuses is a row like any other, with the code of the refusal: nothing is
dropped. People are settled whole, so that what one claim uses up is missing to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import evolve, frozen

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.cells import Array
from tiaowen.engine.batch.chunks import Chunk, Reading, chunks
from tiaowen.engine.batch.running import in_order
from tiaowen.engine.batch.settling import Decided, Settling
from tiaowen.engine.decimals import decimals
from tiaowen.review.impact.facts import billed, facts, weights

TOTAL = "fund_pay_sumamt"
"""What all funds pay, where a statement says so; else it is the sum of the funds."""
AMOUNTS = {"own": "psn_part_amt", "cost": "medfee_sumamt", "cut": "x_over_cap",
           "deductible": "act_pay_dedc"}  # fmt: skip
"""Columns of the effects, and the outputs they hold."""


@frozen(eq=False)
class Settlement:
    """One of the policies compared: ``key`` goes behind the names of its columns."""

    key: str
    program: Program
    settling: Settling

    @property
    def funds(self) -> dict[str, str]:
        """The funds that its matters state, by national code, with their names."""
        matters = (self.program.matters.get(name) for name in self.settling.kernel.matters)
        lines = (line for matter in matters if matter is not None for line in matter.outputs)
        return {line.code: line.name for line in lines if line.fund}


@frozen(eq=False)
class Effects:
    """What makes the effects: the claims that are read, the policies, and the column ``weight``
    that says how many people each stands for, '' where they are no sample."""

    connection: Any
    reading: Reading
    settlements: Sequence[Settlement]
    weight: str = ""
    threads: int = 1

    def rows(self, progress: Callable[[int], None], *,
             ordered: bool = False) -> Iterator[pa.RecordBatch]:  # fmt: skip
        """The rows of all claims, by whole people; ``progress`` is told how many were read.
        ``Unordered`` where the file does not lie in the order of people; with ``ordered`` it is
        sorted first.

        Beside what the claim says (``facts``), a row has for each policy, its key behind the
        name: matter, ``fund`` and each fund's code, ``own``, ``cost``, ``cut`` and ``deductible``
        in yuan, empty where it does not settle the claim; then ``refused`` and ``field`` say why.
        ``Rejected``: TW1345, TW1361 (weights that cannot be used).
        """
        if self.weight and self.weight not in self.reading.source.columns:
            raise Rejected([diagnose("TW1345", name=self.weight)])
        read = people = 0
        reading = evolve(self.reading, further=(self.weight,) if self.weight else ())
        claims = chunks(self.connection, reading, ordered=ordered, threads=self.threads)
        for columns in in_order(self._settled, claims, self.threads):
            number = columns["number"].to_numpy()
            columns["number"] = pa.array(number + people)
            read, people = read + len(number), people + int(number[-1]) + 1
            progress(read)
            yield pa.RecordBatch.from_pydict(columns)

    def _settled(self, chunk: Chunk) -> dict[str, pa.Array]:
        """The rows of a chunk, its people numbered from 0."""
        size, binding = len(chunk.claims), self.reading.binding
        columns = facts(self.settlements[0].program, binding, chunk)
        if self.weight:
            columns["weight"] = weights(chunk, self.weight, columns["number"].to_numpy())
        decided = [(one, one.settling.decided(chunk)) for one in self.settlements]
        refused = np.unique(np.concatenate([_not_done(found, size) for _, found in decided]))
        columns["billed"] = billed(binding, chunk, refused)
        for settlement, found in decided:
            columns |= _under(settlement, found, size)
        return columns


def _not_done(decided: Decided, size: int) -> Array:
    """The rows of a chunk that were not settled."""
    left = np.ones(size, dtype=bool)
    left[decided.given.rows[decided.done]] = False
    return np.flatnonzero(left)


def _under(settlement: Settlement, decided: Decided, size: int) -> dict[str, pa.Array]:
    """The claims under one policy: matter, figures, and why it does not settle them."""
    rows = decided.given.rows[decided.done]
    left = np.ones(size, dtype=bool)
    left[rows] = False
    outputs, zero = decided.outputs, np.zeros(len(decided.done), dtype=np.int64)

    def spread(values: Array) -> pa.Array:
        whole = np.zeros(size, dtype=np.int64)
        whole[rows] = values[decided.done]
        return decimals(whole, 16, 2, left)

    key, names = settlement.key, ("", *settlement.settling.kernel.matters)
    matter = np.zeros(size, dtype=np.int32)
    matter[rows] = decided.matter[decided.done]
    labels = pa.DictionaryArray.from_arrays(pa.array(matter, mask=left), pa.array(names))
    found = {f"matter_{key}": labels.cast(pa.string())}
    funds = [code for code in settlement.funds if code in outputs]
    stating = [names.index(m) for m in _stating(settlement)]
    parts = sum((outputs[code] for code in funds), zero)
    fund = np.where(np.isin(decided.matter, stating), outputs.get(TOTAL, zero), parts)
    found[f"fund_{key}"] = spread(fund)
    for code in funds:
        found[f"{code}_{key}"] = spread(outputs[code])
    for name, code in AMOUNTS.items():
        found[f"{name}_{key}"] = spread(outputs.get(code, zero))
    return found | _why(key, decided, left)


def _why(key: str, decided: Decided, left: Array) -> dict[str, pa.Array]:
    """The first thing that keeps each claim from being settled."""
    first = {reject.row: reject for reject in reversed(decided.rejects)}
    codes, fields = np.full(len(left), None), np.full(len(left), None)
    for row in np.flatnonzero(left):
        reject = first.get(int(row))
        if reject is not None:
            codes[row], fields[row] = reject.problem.code, reject.field
    return {
        f"refused_{key}": pa.array(codes, pa.string()),
        f"field_{key}": pa.array(fields, pa.string()),
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
