"""Why the people most changed pay otherwise: the first step, by the interpreter."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from attrs import evolve
from tests.review.impact.population import BASE, COMPARED
from tests.review.impact.test_impact import policy, stay

from tiaowen.apps.programs import load_program
from tiaowen.engine.batch.sources import connect
from tiaowen.review.impact.reasons import Cited, Party, Population, Reason, reasons
from tiaowen.review.impact.records import Changed, Impact

STAYS = [stay("a", "1", "1000"), stay("b'", "2", "150", hosp_lv="05"), stay("c", "3", "800")]


def test_each_of_the_people_has_the_step_that_parts_the_two(tmp_path: Path) -> None:
    """The draft raises the ratio from 70% to 80%; nothing else is told, and nothing of whoever
    is not among the people most changed."""
    pq.write_table(pa.Table.from_pylist(STAYS), tmp_path / "all.parquet")
    base = load_program(policy(tmp_path, "base", deductible=100, ratio=70, cap=6000))
    draft = load_program(policy(tmp_path, "draft", deductible=100, ratio=80, cap=6000))
    most = (Changed("a", 37_000, 28_000, 1, "1"), Changed("b'", 11_500, 11_000, 1, "2"),
            Changed("a", 0, 1, 1, "no such"))  # fmt: skip
    first = evolve(COMPARED, most_changed=most)
    second = evolve(first, draft=evolve(COMPARED.draft, key="2"))
    found = reasons(
        connect("1GB", 1, tmp_path), Impact(BASE, 3, 3, (first, second)),
        (Party("base", base), Party("1", draft), Party("2", base)),
        Population(str(tmp_path / "all.parquet")),
    )  # fmt: skip
    said = "住院起付标准为100元，支付比例为{}%。年度最高支付限额为6000元。"
    ratios = (Fraction(7, 10), Fraction(8, 10), Cited("第一条", said.format(70)),
              Cited("第一条", said.format(80)))  # fmt: skip
    assert found == tuple(
        Reason("1", encounter, "支付比例", "比例", *ratios) for encounter in ("1", "2")
    )
    assert sorted(p.name for p in tmp_path.glob("*.parquet")) == ["all.parquet"]
    assert pq.read_table(tmp_path / "all.parquet").num_rows == 3


def test_nobody_changed_needs_no_reading() -> None:
    nobody = evolve(COMPARED, most_changed=())
    assert reasons(None, Impact(BASE, 0, 0, (nobody,)), (), Population("")) == ()
