"""A charged settlement is read under any of its names, or refused with every reason."""

from __future__ import annotations

from typing import Any

import pytest
from tests.review.reconciliation.small import program, stay

from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.claims.reading import claim_data
from tiaowen.engine.decision import decide
from tiaowen.engine.telling.as_json import decision_data
from tiaowen.engine.telling.explain import explain
from tiaowen.review.reconciliation import read_charged


def read(data: Any) -> dict[str, Any]:
    charged = read_charged(data, program(), "住院", "sheet.json")
    return {figure.name: figure.value for figure in charged.figures}


def codes(data: Any) -> list[str]:
    with pytest.raises(Rejected) as refused:
        read_charged(data, program(), "住院", "sheet.json")
    return [diagnostic.code for diagnostic in refused.value.diagnostics]


@pytest.mark.parametrize("data", [
    {"crt_dedc": "300.00", "hifp_pay": 440, "psn_part_amt": "450"},
    {"起付线": "300元", "统筹支付": "440.00", "个人负担": 450},
    {"setlinfo": {"psn_pay": 450, "hifp_pay": "440.00", "crt_dedc": "300"}},
    {"结算": {"事项": "住院", "起付线": 300, "setldetail": [
        {"fund_pay_type": "390100", "fund_payamt": "440"}], "psn_part_amt": 450}},
])  # fmt: skip
def test_names_codes_aliases_groups_and_fund_rows_are_one(data: Any) -> None:
    found = read(data)
    assert found == {"起付线": 30000, "统筹支付": 44000, "个人负担": 45000}
    assert list(found) == ["起付线", "统筹支付", "个人负担"], "in statement order"


def test_what_the_statement_lacks_is_kept_apart() -> None:
    data = {"hifp_pay": 440, "acct_pay": 50, "现金支付": "", "hosp_lv": "3", "支付比例": "80%"}
    del data["现金支付"]
    charged = read_charged(data, program(), "住院")
    assert [figure.name for figure in charged.figures] == ["统筹支付", "支付比例"]
    assert charged.beside == {"acct_pay": 5000}
    assert charged.facts == {"等级": "三级"}


def test_a_decision_file_is_a_sheet() -> None:
    made = decide(program(), stay())
    data = decision_data(explain(made), claim=claim_data(stay(), program()))
    assert read(data)["统筹支付"] == 44000
    assert codes({**data, "matter": "门诊"}) == ["TW1041"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ([], ["TW0618"]),
        ({}, ["TW1040"]),
        ({"hosp_lv": "3", "hifp_pay": None, "crt_dedc": " "}, ["TW1040"]),
        ({"hifp_pay": 440, "hifp_pya": 440}, ["TW0603"]),
        ({"hifp_pay": "much", "crt_dedc": "0.001"}, ["TW0604", "TW0610"]),
        ({"hifp_pay": 440, "统筹支付": 440}, ["TW0617"]),
        ({"事项": "门诊", "hifp_pay": 440}, ["TW1041"]),
        ({"setldetail": [{"fund_pay_type": "999999", "fund_payamt": 1}]}, ["TW0605"]),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reasons(data: Any, expected: list[str]) -> None:
    assert codes(data) == expected
