"""What a kernel looks up, in one array: the days of the calendar, then the tables of the policy,
one behind the other. A loop over rows has few registers for the places of arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from attrs import Factory, define

from tiaowen.engine.kernel.prelude import FIRST_DAY, LAST_DAY

ARRAY = "t"
"""The array's name in a kernel's text; its cells are of 32 bits."""
_DAYS = LAST_DAY - FIRST_DAY + 1
_CELL = f"{ARRAY}[{{0}} + {-FIRST_DAY}]"
OF_DAY = {
    "year_of": f"({_CELL} >> 10)", "month_of": f"(({_CELL} >> 6) & 15)",
    "day_of_month": f"(({_CELL} >> 1) & 31)", "ends_month": f"({_CELL} & 1)",
}  # fmt: skip
"""Of a day's cell the year, then in 4 bits the month, in 5 the day, in 1 whether it is the last."""


@define
class Tables:
    """The tables of one kernel, behind the days."""

    cells: list[int] = Factory(list)
    _begins: dict[tuple[int, ...], int] = Factory(dict)

    def text(self, cells: Sequence[int]) -> str:
        """The place {0} of a table of ``cells``, as an expression."""
        key = tuple(cells)
        if key not in self._begins:
            self._begins[key] = _DAYS + len(self.cells)
            self.cells += key
        return f"{ARRAY}[{self._begins[key]} + {{0}}]"

    def __getitem__(self, place: int) -> int:
        """A cell of a table, while the kernel is made."""
        if place < _DAYS:
            raise LookupError(place)
        return self.cells[place - _DAYS]


def array(cells: Sequence[int]) -> Any:
    """The days and behind them ``cells``, as int32."""
    import numpy as np

    return np.concatenate([_days(), np.array(cells, np.int32)])


@cache
def _days() -> Any:
    import numpy as np

    days = np.arange(FIRST_DAY, LAST_DAY + 1).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    index = months.astype(np.int64) + 1970 * 12
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    last = (days + 1).astype("datetime64[M]") != months
    return (index // 12 << 10 | (index % 12 + 1) << 6 | day << 1 | last).astype(np.int32)
