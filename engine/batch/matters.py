"""Which matter each row is of: as a claim says it, by the conditions of the matters.

The kernel evaluates the conditions for all rows; what follows from their pattern is what
``engine/claims/matter.py`` says of a single claim. A mapping may say it instead: 医疗类别 to
matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import Factory, define

from tiaowen.compiler.core import Program, Value
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.batch.binding import Binding
from tiaowen.engine.batch.cells import Array, Cells
from tiaowen.engine.batch.rejects import Reject
from tiaowen.engine.claims.layout import layout_of
from tiaowen.engine.claims.misfit import Misfit
from tiaowen.engine.kernel.columns import Column
from tiaowen.engine.kernel.generating import TELLING

MED_TYPE = "med_type"


FALSE, TRUE, UNTOLD = 0, 1, 2


@define
class Choosing:
    """Chooses matters; ``numbers`` are those of the kernel's matters. ``mapping`` is by the code
    or name of 医疗类别; what it does not name the conditions decide."""

    program: Program
    binding: Binding
    columns: Mapping[str, Column]
    numbers: Mapping[str, int]
    mapping: Mapping[str, str] = Factory(dict)

    def chosen(self, fits: Mapping[str, Array], kinds: Cells | None,
               rows: Array) -> tuple[Array, list[Reject]]:  # fmt: skip
        """The number of each row's matter (0 for none), and the rows whose matter cannot be told
        or is not settled here. ``fits`` are the outputs of the kernel's matter
        ``TELLING``, ``kinds`` the column of 医疗类别, ``rows`` the rows' places in the chunk."""
        names = [n for n, matter in self.program.matters.items() if matter.condition is not None]
        pattern = np.zeros(len(rows), dtype=np.int64)
        for name in names:
            pattern = pattern * 3 + fits[f"{TELLING}{name}"]
        patterns, group = np.unique(pattern, return_inverse=True)
        found = [self._judged(_digits(int(p), len(names)), names) for p in patterns]
        numbers = np.array([self._number(of) for of in found] or [0], dtype=np.int16)
        matter = numbers[group] if len(rows) else np.zeros(0, np.int16)
        mapped = self._mapped(kinds, len(rows))
        matter = np.where(mapped != 0, mapped, matter)
        rejects = [
            Reject(int(rows[at]), "事项", of)
            for which, of in enumerate(found)
            if isinstance(of, Diagnostic)
            for at in np.flatnonzero((group == which) & (mapped == 0))
        ]
        return matter, rejects

    def _number(self, found: str | Diagnostic) -> int:
        return 0 if isinstance(found, Diagnostic) else self.numbers[found]

    def _judged(self, fits: Sequence[int], names: Sequence[str]) -> str | Diagnostic:
        """The matter of rows for which the conditions are as ``fits`` says."""
        told = dict(zip(names, fits, strict=True))
        chosen = [name for name in names if told[name] != FALSE] or [
            name for name in self.program.matters if name not in told
        ]
        if len(chosen) == 1 and told.get(chosen[0], TRUE) == TRUE:
            if chosen[0] in self.numbers:
                return chosen[0]
            return diagnose("TW1303", name=chosen[0])
        code = "TW0619" if chosen else "TW0620"
        return diagnose(code, place="事项", matters=chosen or list(self.program.matters))

    def _mapped(self, kinds: Cells | None, size: int) -> Array:
        """The numbers of the matters that the mapping gives; 0 where it gives none."""
        column = self.columns.get(MED_TYPE)
        if not self.mapping or kinds is None or column is None:
            return np.zeros(size, dtype=np.int16)
        table = np.zeros(max(column.codes.values(), default=0) + 1, dtype=np.int16)
        for kind, matter in by_kind(self.program, self.mapping).items():
            table[column.codes[kind]] = self.numbers[matter]
        found: Array = table[kinds.values]
        return found if kinds.valid is None else np.where(kinds.valid, found, 0)


def by_kind(program: Program, mapping: Mapping[str, str]) -> dict[str, str]:
    """``mapping``, which is by codes or names of 医疗类别, by their names. ``Rejected``: TW0605 (no
    such kind), TW1365 (two matters for one)."""
    slot = next((s for s in layout_of(program).fields.values() if s.code == MED_TYPE), None)
    found: dict[str, str] = {}
    for written, matter in mapping.items():
        try:
            kind = str(slot.convert(written)) if slot is not None and written else ""
        except Misfit as misfit:
            named = {"name": "医疗类别", "code": MED_TYPE, **misfit.args_named}
            raise Rejected([diagnose(misfit.code, place=written, **named)]) from None
        if not kind:
            raise Rejected([diagnose("TW1334", name="医疗类别", code=MED_TYPE, nearest="")])
        if found.setdefault(kind, matter) != matter:
            raise Rejected([diagnose("TW1365", place=kind, name=kind, first=found[kind],
                                     second=matter)])  # fmt: skip
    return found


def mapped(program: Program, mapping: Mapping[str, str], fields: Mapping[str, Value]) -> str:
    """The matter that ``mapping`` gives to the claim with these ``fields``; '' where it gives
    none."""
    if not mapping:
        return ""
    slot = next((s for s in layout_of(program).fields.values() if s.code == MED_TYPE), None)
    return by_kind(program, mapping).get(str(fields.get(slot.name)), "") if slot else ""


def _digits(pattern: int, count: int) -> list[int]:
    """The digits of a number to the base 3, first to last."""
    found = [0] * count
    for place in reversed(range(count)):
        pattern, found[place] = divmod(pattern, 3)
    return found
