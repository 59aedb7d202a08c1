"""Which matter each row is of: as a claim says it, by the conditions of the matters.

The facts that tell are few and repeat; each combination is judged once, as a single claim is.
A mapping may say it instead: 医疗类别 to matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import Factory, define

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.batch.binding import Binding
from tiaowen.engine.batch.cells import Array, Cells
from tiaowen.engine.batch.chunks import Chunk
from tiaowen.engine.batch.consistency import values
from tiaowen.engine.batch.rejects import Reject
from tiaowen.engine.claim_matter import matter_of
from tiaowen.engine.frames import Claim
from tiaowen.engine.kernel.columns import Column
from tiaowen.engine.reach import telling

MED_TYPE = "med_type"


@define
class Choosing:
    """Chooses matters; ``numbers`` are those of the kernel's matters. ``mapping`` is by the code
    of 医疗类别; what it does not name the conditions decide."""

    program: Program
    binding: Binding
    columns: Mapping[str, Column]
    numbers: Mapping[str, int]
    mapping: Mapping[str, str] = Factory(dict)
    _judged: dict[tuple[object, ...], str | Diagnostic] = Factory(dict)

    def chosen(self, chunk: Chunk, claims: Mapping[str, Cells],
               rows: Array) -> tuple[Array, list[Reject]]:  # fmt: skip
        """The number of each row's matter (-1 for one that is not settled here, 0 for none),
        and the rows whose matter cannot be told."""
        names = [name for level, name in sorted(telling(self.program)) if not level]
        keys = [c.name for c in self.columns.values() if not c.collection and c.chinese in names]
        group, first = _groups([claims[key] for key in keys if key in claims], rows)
        found = [self._judge(chunk, names, int(row)) for row in first]
        numbers = np.array([self._number(of) for of in found] or [0], dtype=np.int16)
        matter = numbers[group] if len(rows) else np.zeros(0, np.int16)
        rejects = [
            Reject(int(rows[at]), "事项", of)
            for which, of in enumerate(found)
            if isinstance(of, Diagnostic)
            for at in np.flatnonzero(group == which)
        ]
        return matter, rejects

    def _number(self, found: str | Diagnostic) -> int:
        return 0 if isinstance(found, Diagnostic) else self.numbers.get(found, -1)

    def _judge(self, chunk: Chunk, names: Sequence[str], row: int) -> str | Diagnostic:
        bounds = {name: b for name, b in self.binding.fields.items() if name in names}
        fields = values(bounds, chunk.claims, row)
        key = tuple(fields.get(name) for name in names)
        if key not in self._judged:
            mapped = self._mapped(fields)
            self._judged[key] = mapped or matter_of(Claim("", fields), self.program, "事项")
        return self._judged[key]

    def _mapped(self, fields: Mapping[str, object]) -> str:
        for name, bound in self.binding.fields.items():
            if bound.slot.code == MED_TYPE and name in fields and self.mapping:
                kind = self.program.enums[bound.slot.type.name]
                label = str(fields[name])
                return self.mapping.get(label) or self.mapping.get(kind.codes.get(label, ""), "")
        return ""


def _groups(columns: Sequence[Cells], rows: Array) -> tuple[Array, Array]:
    """For each row the number of its combination, and for each of these its first row (a place
    in the chunk)."""
    key = np.zeros(len(rows), dtype=np.int64)
    for number in _factors(columns, rows):
        key = key * (int(number.max(initial=0)) + 1) + number
        _, key = np.unique(key, return_inverse=True)
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    return group, rows[first]


def _factors(columns: Sequence[Cells], rows: Array) -> Iterator[Array]:
    """Each column as small numbers, 0 where it is not given."""
    for cells in columns:
        _, number = np.unique(cells.values[rows], return_inverse=True)
        given = np.ones(len(rows), np.int64) if cells.valid is None else cells.valid[rows]
        yield (number + 1) * given
