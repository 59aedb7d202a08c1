"""What a run came to, counted part by part: claims, people, paid, capped, rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field

from tiaowen.engine.batch.cells import Array
from tiaowen.engine.batch.outputs import MATTER
from tiaowen.engine.batch.streams import whole

PAID, CAPPED, LEVEL, PERSON = "hifp_pay", "x_over_cap", "hosp_lv", "psn_no"
COST = "medfee_sumamt"

Group: TypeAlias = tuple[int, int | None, int | None]


@define
class Counts:
    """Totals of a run; money in 分. ``groups`` are by matter and level of the hospital, '' where
    the file does not say it: settled claims, paid by the pooled fund, claims cut by a cap; None
    where the column that tells it is not written."""

    read: int = 0
    settled: int = 0
    people: int = 0
    rejected: int = 0
    codes: Counter[str] = field(factory=Counter)
    groups: dict[tuple[str, str], Group] = field(factory=dict)
    costless: int = 0
    """Settled claims whose cost is 0: likely without the fee lines they should have."""

    def add(self, read: int, settled: pa.Table, rejected: pa.Table) -> None:
        """Count a part, which holds whole people."""
        self.read += read
        self.settled += len(settled)
        self.rejected += len(pc.unique(rejected.column("row"))) if len(rejected) else 0
        if PERSON in settled.column_names:
            self.people += _people(whole(settled.column(PERSON)))
        if COST in settled.column_names:
            self.costless += int(pc.sum(pc.equal(_fen(settled, COST), 0)).as_py() or 0)
        codes = rejected.column("code").value_counts().to_pylist()
        self.codes.update({each["values"]: each["counts"] for each in codes})
        for key, group in _grouped(settled):
            self._gather({key: group})

    def include(self, other: Counts) -> None:
        """Count what ``other`` counted, of other people."""
        self.read += other.read
        self.settled += other.settled
        self.people += other.people
        self.rejected += other.rejected
        self.costless += other.costless
        self.codes.update(other.codes)
        self._gather(other.groups)

    def _gather(self, groups: Mapping[tuple[str, str], Group]) -> None:
        for key, more in groups.items():
            claims, paid, capped = self.groups.get(key, (0, 0, 0))
            self.groups[key] = claims + more[0], _sum(paid, more[1]), _sum(capped, more[2])

    def data(self) -> dict[str, Any]:
        """The counts as JSON holds them."""
        groups = [{"matter": m, "level": level, "claims": n, "paid": p, "capped": c}
                  for (m, level), (n, p, c) in sorted(self.groups.items())]  # fmt: skip
        return {"read": self.read, "settled": self.settled, "people": self.people,
                "rejected": self.rejected, "codes": dict(self.codes), "groups": groups,
                "costless": self.costless}  # fmt: skip

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Counts:
        """The counts that ``data`` gave."""
        if not data:
            return cls()
        groups = {(g["matter"], g["level"]): (g["claims"], g["paid"], g["capped"])
                  for g in data["groups"]}  # fmt: skip
        return cls(data["read"], data["settled"], data["people"], data["rejected"],
                   Counter(data["codes"]), groups, data["costless"])  # fmt: skip


def _sum(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a + b


def _people(numbers: pa.Array) -> int:
    """How many people there are, whose rows stand together."""
    if not len(numbers):
        return 0
    changes = pc.sum(pc.not_equal(numbers[1:], numbers[:-1])).as_py()
    return 1 + int(changes or 0)


def _grouped(settled: pa.Table) -> Iterator[tuple[tuple[str, str], Group]]:
    """Each matter and level with its group; the same may come twice."""
    if not len(settled):
        return
    matters, of_matter = _coded(settled.column(MATTER))
    levels, of_level = [""], np.zeros(len(settled), dtype=np.int64)
    if LEVEL in settled.column_names:
        levels, of_level = _coded(settled.column(LEVEL))
    table = pa.table({
        "key": pa.array(of_matter * len(levels) + of_level),
        "paid": _fen(settled, PAID),
        "capped": pc.greater(_fen(settled, CAPPED), 0).cast(pa.int64()),
    })  # fmt: skip
    found = table.group_by("key").aggregate([("paid", "count"), ("paid", "sum"), ("capped", "sum")])
    paid, capped = (name in settled.column_names for name in (PAID, CAPPED))
    for row in found.to_pylist():
        matter, level = divmod(row["key"], len(levels))
        group = (row["paid_count"], row["paid_sum"] if paid else None,
                 row["capped_sum"] if capped else None)  # fmt: skip
        yield (matters[matter], levels[level]), group


def _coded(column: Any) -> tuple[list[str], Array]:
    """The distinct texts of a column, '' for an empty cell behind them, and the number of each
    row's."""
    labels = whole(column)
    coded = labels if pa.types.is_dictionary(labels.type) else labels.dictionary_encode()
    names = [str(name) for name in coded.dictionary.to_pylist()]
    numbers = pc.fill_null(coded.indices.cast(pa.int64()), len(names)).to_numpy()
    return [*names, ""], numbers


def _fen(settled: pa.Table, name: str) -> pa.Array:
    """A column of money in 分, 0 where it is empty or not there."""
    if name not in settled.column_names:
        return pa.array(np.zeros(len(settled), dtype=np.int64))
    column = whole(settled.column(name))
    fen = pa.Array.from_buffers(pa.int64(), len(column), column.buffers(), offset=column.offset)
    return pc.fill_null(fen, 0)
