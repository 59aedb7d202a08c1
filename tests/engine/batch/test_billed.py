"""Files that hold the totals of bills and no fee lines: what is taken, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

from tiaowen.apps.programs import load_program
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.batch.job import Options, settle_table
from tiaowen.engine.batch.settling import Part
from tiaowen.engine.synthetic import Plan, claims

LANGFANG = "policies/langfang/resident-2024-draft.md"
TOTALS = ("medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt",
          "inscp_scp_amt")  # fmt: skip


@cache
def stays(lines: bool = False) -> pa.Table:
    """Some stays of one year, with the totals of their bills."""
    return pa.Table.from_batches(claims(Plan(300, 7, "131000", lines=lines)))


def settled(table: pa.Table) -> Part:
    return settle_table(load_program(LANGFANG), table, None, Options("", ""))


def changed(table: pa.Table, column: str, row: int, value: Any) -> pa.Table:
    """``table`` with another value in one cell."""
    at = table.schema.get_field_index(column)
    cells = table.column(column).to_pylist()
    cells[row] = value
    return table.set_column(at, column, pa.array(cells, table.schema.field(column).type))


def refused(table: pa.Table, row: int) -> list[tuple[str, str]]:
    """Field and code of the rejects of a row."""
    found = settled(table).rejected.to_pylist()
    assert {reject["row"] for reject in found} == {row + 1}
    return [(reject["field"], reject["code"]) for reject in found]


def test_the_totals_are_what_is_settled() -> None:
    table = stays()
    part = settled(table)
    given = {row["mdtrt_id"]: [row[code] for code in TOTALS] for row in table.to_pylist()}
    assert not part.rejected.num_rows
    for row in part.settled.to_pylist():
        assert [row[code] for code in TOTALS] == given.pop(row["mdtrt_id"])
    assert not given


def test_a_total_that_is_not_given_refuses_its_row() -> None:
    assert refused(changed(stays(), "preselfpay_amt", 3, None), 3) == [("明细", "TW0627")]


def test_totals_that_do_not_add_up_refuse_their_row() -> None:
    given = stays().column("medfee_sumamt")[4].as_py()
    more = changed(stays(), "medfee_sumamt", 4, given + Decimal("0.01"))
    assert refused(more, 4) == [("医疗费总额", "TW0628")]


def test_a_negative_total_refuses_its_row() -> None:
    owed = changed(stays(), "preselfpay_amt", 5, Decimal("-1.00"))
    assert refused(owed, 5) == [("先行自付（preselfpay_amt）", "TW0606")]


def test_a_stay_that_its_lines_divide_by_year_is_refused() -> None:
    whole = stays()
    at = next(n for n, end in enumerate(whole.column("endtime").to_pylist()) if end.day < 20)
    home = whole.column("insuplc_admdvs")[at].as_py()
    begun = whole.column("begntime")[at].as_py().replace(year=2023, month=12, day=30)
    across = changed(changed(whole, "begntime", at, begun), "mdtrtarea_admdvs", at, home)
    assert refused(across, at) == [("跨年度", "TW0519")]


def test_payable_totals_of_a_stay_that_is_not_paid_are_refused() -> None:
    """The reason is not in the message: a kernel tells where a row stops, not why."""
    table = stays()
    injured = [at == 6 for at in range(len(table))]
    hurt = table.append_column("工伤", pa.array(injured))
    (reject,) = settled(hurt).rejected.to_pylist()
    assert (reject["row"], reject["code"]) == (7, "TW0520")
    assert reject["message"].startswith("不予支付，合计却不全是“全自费”")


def test_totals_beside_fee_lines_are_left_alone() -> None:
    """The lines say what the bill is: totals that contradict them change nothing."""
    with_lines = stays(lines=True)
    wrong = changed(with_lines, "inscp_scp_amt", 0, Decimal("0.01"))
    assert settled(wrong).settled.to_pydict() == settled(with_lines).settled.to_pydict()


def test_a_file_without_lines_says_which_totals_it_lacks() -> None:
    with pytest.raises(Rejected) as rejected:
        settled(stays().drop_columns(["preselfpay_amt", "overlmt_selfpay"]))
    (problem,) = rejected.value.diagnostics
    assert problem.code == "TW1344"
    assert problem.args["totals"] == ["超限价（overlmt_selfpay）", "先行自付（preselfpay_amt）"]


def test_the_totals_of_a_settlement_settle_the_same() -> None:
    """Where no line is out of the ordinary the lines and what they came to mean the same."""
    with_lines = settled(stays(lines=True)).settled.to_pylist()
    at = {row["mdtrt_id"]: row for row in with_lines}
    table = stays()
    for code in TOTALS:
        cells = [at[encounter][code] for encounter in table.column("mdtrt_id").to_pylist()]
        place = table.schema.get_field_index(code)
        table = table.set_column(place, code, pa.array(cells, table.schema.field(code).type))
    assert settled(table).settled.to_pylist() == with_lines
