"""Claims of people laid out as a kernel's columns, and what a kernel wrote read back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from tiaowen.compiler.core import Program
from tiaowen.engine.frames import Claim
from tiaowen.engine.kernel.columns import Column
from tiaowen.engine.kernel.running import Kernel, Openings, Settled

People = Sequence[Sequence[Claim]]
_DAY = datetime.date(1970, 1, 1)
_MOMENT = datetime.datetime(1970, 1, 1)


class _Texts:
    """One numbering of texts over all columns, and one of codes."""

    def __init__(self, kernel: Kernel) -> None:
        self.texts = dict(kernel.texts)
        self.codes = {code: n for n, code in enumerate(kernel.codes)}

    def cell(self, value: Any, column: Column) -> int:
        match column.kind:
            case "number":
                scaled = Fraction(value) * column.scale
                assert scaled.denominator == 1
                return int(scaled)
            case "date":
                return int((value - _DAY).days)
            case "moment":
                return int((value - _MOMENT) // datetime.timedelta(seconds=1))
            case "name":
                return column.codes[value]
            case "code":
                return self.codes.setdefault(value, len(self.codes))
            case "text":
                return self.texts.setdefault(value, len(self.texts))
        return int(value)


def settle(kernel: Kernel, program: Program, people: People,
           openings: Openings | None = None) -> Settled:  # fmt: skip
    """Run ``kernel`` over the claims of people."""
    rows = [claim for claims in people for claim in claims]
    texts = _Texts(kernel)
    numbers = {name: n for n, name in enumerate(kernel.matters, 1)}
    codes = {info.code or name: name for name, info in program.collections.items()}
    columns, valid, offsets = {}, {}, {}
    for code in kernel.collections:
        counts = [len(row.collections.get(codes[code], ())) for row in rows]
        offsets[code] = np.cumsum([0, *counts])
    for column in kernel.columns:
        if column.collection:
            records = [r for row in rows for r in row.collections.get(column.collection, ())]
        else:
            records = [{**row.fields, **row.totals} for row in rows]
        given = [record.get(column.chinese) for record in records]
        columns[column.name] = np.array(
            [0 if v is None else texts.cell(v, column) for v in given], column.dtype
        )
        valid[column.name] = np.array([v is not None for v in given], np.uint8)
    person = np.repeat(np.arange(len(people)), [len(claims) for claims in people])
    matter = np.array([numbers.get(row.matter, 0) for row in rows], np.int16)
    return kernel.run(columns, person=person, matter=matter, valid=valid, offsets=offsets,
                      codes=tuple(texts.codes), openings=openings)  # fmt: skip


def plain(value: Any, kernel: Kernel) -> Fraction | int:
    """A value of the interpreter as a kernel writes it, before its scale."""
    if isinstance(value, datetime.datetime):
        return (value - _MOMENT) // datetime.timedelta(seconds=1)
    if isinstance(value, datetime.date):
        return (value - _DAY).days
    if isinstance(value, str):
        return kernel.members.get(value, kernel.texts.get(value, -1))
    return value if isinstance(value, Fraction) else int(value)


def read(settled: Settled, kernel: Kernel, row: int, code: str) -> Fraction:
    """What a kernel wrote, by its scale and divisor."""
    output = next(o for o in kernel.outputs if o.name == code)
    over = int(settled.outputs[output.divisor][row]) if output.divisor else 1
    return Fraction(int(settled.outputs[code][row]), output.scale * over)


def fitted(claim: Claim) -> Claim:
    """``claim`` with its fractions as fine as the national interface writes them, and each of
    its moments with a time."""

    def whole(record: Any) -> dict[str, Any]:
        return {name: _fitted(value, name) for name, value in record.items()}

    collections = {name: tuple(map(whole, rows)) for name, rows in claim.collections.items()}
    return Claim(claim.matter, whole(claim.fields), collections, totals=claim.totals)


def _fitted(value: Any, name: str) -> Any:
    if isinstance(value, Fraction):
        return Fraction(int(value * 10**4), 10**4)
    if name.endswith("时间") and type(value) is datetime.date:
        return datetime.datetime(value.year, value.month, value.day)
    return value
