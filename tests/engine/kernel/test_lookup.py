"""What a kernel looks up of days is what it would work out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tiaowen.engine.kernel import lookup, prelude
from tiaowen.engine.kernel.graph import Graph
from tiaowen.engine.kernel.prelude import FIRST_DAY, LAST_DAY

DAYS = st.integers(FIRST_DAY, LAST_DAY - 1)
CELLS = lookup.array([]).tolist()


def test_there_is_a_cell_for_every_day() -> None:
    assert len(CELLS) == LAST_DAY - FIRST_DAY + 1


@given(DAYS)
def test_the_parts_of_a_day(day: int) -> None:
    for name, text in lookup.OF_DAY.items():
        assert eval(text.format(day), {lookup.ARRAY: CELLS}) == getattr(prelude, name)(day)


@given(DAYS, st.integers(-1200, 1200))
def test_months_between_two_days(start: int, apart: int) -> None:
    end = min(max(start + apart, FIRST_DAY), LAST_DAY - 1)
    graph = Graph()
    days = [graph.load(f"d{n}", graph.root, FIRST_DAY, LAST_DAY) for n in range(2)]
    found = graph.months_between(*days)

    def worked_out(node: object) -> str:
        args = [worked_out(part) for part in node.args]  # type: ignore[attr-defined]
        return node.text.format(*args) if args else node.text  # type: ignore[attr-defined,no-any-return]

    known = {lookup.ARRAY: CELLS, "d0": start, "d1": end}
    assert eval(worked_out(found), known) == prelude.months_between(start, end)
