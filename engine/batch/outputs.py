"""What a kernel settled as columns of a file, under national names.

Money is decimal(16, 2), a date a day, a member its national code (or its name, where it has
none). A ratio whose decimals end is a decimal; any other is two columns, ``…_num`` over
``…_den``, so that nothing is rounded on the way out. Behind them all, where a kernel says it,
``rule_`` and the code of an output name the rule that decided it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
from attrs import define

from tiaowen.compiler.core import Program
from tiaowen.compiler.types import Type
from tiaowen.engine.batch.cells import Array
from tiaowen.engine.decimals import decimals
from tiaowen.engine.kernel.columns import Output
from tiaowen.engine.kernel.generating import TELLING
from tiaowen.engine.kernel.ruling import RULES
from tiaowen.engine.kernel.running import Kernel
from tiaowen.engine.telling.rule_names import rule_name

MATTER = "x_matter"
"""The column that says which matter a row was settled as."""
_PLACES = 8


@define
class Writing:
    """Makes the columns of a kernel's outputs. ``codes`` is the dictionary of prefix codes."""

    program: Program
    kernel: Kernel

    def columns(self, settled: Mapping[str, Array], matter: Array, codes: Sequence[str],
                texts: pa.Array) -> dict[str, pa.Array]:  # fmt: skip
        """The columns by name, each row's as the matter that ``matter`` numbers among the
        kernel's; a cell that its matter does not state is empty."""
        names = ("", *self.kernel.matters)
        found = {MATTER: _labels(matter, names, None)}
        present = {names[number] for number in np.flatnonzero(np.bincount(matter))}
        shown = [output for output in self.kernel.outputs if output.matters != (TELLING,)]
        for output in sorted(shown, key=lambda one: one.kind == RULES):
            hidden: Array | None = None
            if not present <= set(output.matters):
                hidden = ~np.isin(matter, [names.index(name) for name in output.matters])
            divisor = settled.get(output.divisor) if output.divisor else None
            made = self._column(output, settled[output.name], divisor, hidden, codes, texts)
            found |= dict(made)
        return found

    def _column(
        self, output: Output, values: Array, divisor: Array | None, hidden: Array | None,
        codes: Sequence[str], texts: pa.Array,
    ) -> Iterable[tuple[str, pa.Array]]:  # fmt: skip
        name = output.name
        if output.kind == RULES:
            rules = ("", *(rule_name(rule.article, rule.text) for rule in self.kernel.rules))
            none = values == 0
            return [(name, _labels(values, rules, none if hidden is None else none | hidden))]
        if output.kind == "number":
            return _numbers(name, self.type_of(output), values, output.scale, divisor, hidden)
        if output.kind == "truth":
            return [(name, pa.array(values.astype(bool), mask=hidden))]
        if output.kind == "date":
            return [(name, pa.array(values.astype(np.int32), pa.date32(), mask=hidden))]
        if output.kind == "moment":
            return [(name, pa.array(values, pa.timestamp("s"), mask=hidden))]
        if output.kind == "name":
            return [(name, _labels(values, self._members(output), hidden))]
        return [(name, _labels(values, codes if output.kind == "code" else texts, hidden))]

    def type_of(self, output: Output) -> Type | None:
        """The declared type of an output; None where no interface declares it."""
        for name in output.matters:
            matter = self.program.matters[name]
            for stated in matter.outputs:
                if stated.code == output.name:
                    return stated.type
            final = matter.final.get(("", output.chinese))
            if final is not None:
                return self.program.nodes[final].type
        return None

    def _members(self, output: Output) -> list[str]:
        """National codes by the numbers of members."""
        kind = self.type_of(output)
        info = self.program.enums.get(kind.name) if kind is not None else None
        codes = info.codes if info is not None else {}
        names = [""] * (max(self.kernel.members.values(), default=0) + 1)
        for name, number in self.kernel.members.items():
            names[number] = codes.get(name) or name
        return names


def _numbers(name: str, kind: Type | None, values: Array, scale: int, divisor: Array | None,
             hidden: Array | None) -> list[tuple[str, pa.Array]]:  # fmt: skip
    if kind is not None and kind.name == "金额" and scale == 1 and divisor is None:
        return [(name, decimals(values, 16, 2, hidden))]
    if divisor is None and scale == 1:
        return [(name, pa.array(values, mask=hidden))]
    if divisor is None and 10**_PLACES % scale == 0:
        return [(name, decimals(values * (10**_PLACES // scale), 18, _PLACES, hidden))]
    below = np.full(len(values), scale) if divisor is None else divisor * scale
    return [(f"{name}_num", pa.array(values, mask=hidden)),
            (f"{name}_den", pa.array(below, mask=hidden))]  # fmt: skip


def _labels(numbers: Array, names: Sequence[str] | pa.Array, hidden: Array | None) -> pa.Array:
    indices = pa.array(numbers.astype(np.int32), mask=hidden)
    known = names if isinstance(names, pa.Array) else pa.array(list(names) or [""], pa.string())
    return pa.DictionaryArray.from_arrays(indices, known)
