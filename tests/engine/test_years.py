"""A stay across New Year counts in each year what that year paid, by either reading of 第二十一条."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

import tiaowen

STAY = {
    "psn_no": "1", "参保地": "131000", "人员类别": "居民成年", "医疗类别": "普通住院",
    "医院等级": "二级甲等", "就医地": "131003",
}  # fmt: skip


def line(amount: str, day: str) -> dict[str, str]:
    return {"金额": amount, "收费项目等级": "甲", "目录类别": "医疗服务项目", "发生时间": day}


FIRST: dict[str, Any] = {
    **STAY, "就诊ID": "a", "结算ID": "s1", "入院时间": "2023-12-20 09:00",
    "登记时间": "2023-12-20 10:00", "出院时间": "2024-01-05 10:00",
    "明细": [line("100500", "2023-12-31 08:00"), line("2000", "2024-01-01 08:00")],
}  # fmt: skip
LATER: dict[str, Any] = {
    **STAY, "就诊ID": "b", "结算ID": "s2", "入院时间": "2024-03-01 09:00",
    "登记时间": "2024-03-01 10:00", "出院时间": "2024-03-09 10:00",
    "明细": [line("300000", "2024-03-02 08:00")],
}  # fmt: skip


@pytest.mark.parametrize("carried", ["是", "否"])
def test_each_year_has_used_its_own_part_of_the_limit(carried: str) -> None:
    policy = tiaowen.load("policies/langfang/resident-2024-draft.md")
    readings = {"剩余起付结转": carried}
    # 2023: (100,500 − 500) × 75% = 75,000; 2024: 2,000 × 75% = 1,500
    first = {key: value for key, value in FIRST.items() if key != "psn_no"}
    assert policy.decide(first, "住院", readings=readings)["统筹支付"] == Decimal("76500.00")
    # of 2024's 150,000 the first stay has used 1,500
    later = {key: value for key, value in LATER.items() if key != "psn_no"}
    history = [{"申报": {"事项": "住院", **first}}]
    found = policy.decide(later, "住院", history=history, readings=readings)
    assert found["统筹支付"] == Decimal("148500.00")
    table = policy.settle(pa.Table.from_pylist([FIRST, LATER]), readings=readings).settled
    assert table.column("hifp_pay").to_pylist() == [Decimal("76500.00"), Decimal("148500.00")]
