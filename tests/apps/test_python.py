"""``import tiaowen``: the same decisions as the command line, as Python values."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import tiaowen
from tiaowen.apps.cli import run

POLICY = Path("policies/langfang/resident-2024-draft.md")
CLAIM = Path("examples/langfang-stay.json")
STAY = {"人员类别": "居民成年", "医院等级": "二级甲等", "医疗类别": "普通住院", "就医地": "131003",
        "就诊ID": "1", "入院时间": datetime(2024, 3, 1, 9), "出院时间": "2024-03-08 10:00",
        "登记时间": "2024-03-01 10:00", "参保地": "131000"}  # fmt: skip


@pytest.fixture(scope="module")
def policy() -> tiaowen.Policy:
    return tiaowen.load(POLICY)


def test_a_stay_by_hand(policy: tiaowen.Policy) -> None:
    # (10,000 − 500) × 75% = 7,125
    decision = policy.decide({**STAY, "甲类费用": Decimal("10000.00")}, "住院")
    assert decision.decided
    assert decision["起付线"] == Decimal("500.00")
    assert decision["支付比例"] == Fraction(3, 4)
    assert decision["hifp_pay"] == decision["统筹支付"] == Decimal("7125.00")
    assert decision.values["大额支付"] is None


def test_it_is_the_decision_of_the_command_line(
    policy: tiaowen.Policy, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["decide", "住院", str(CLAIM), "--policy", str(POLICY), "--lang", "zh"]
    decision = policy.decide(CLAIM, "住院")
    for form, shown in (("text", str(decision)), ("markdown", decision.to_markdown()),
                        ("html", decision.to_html())):  # fmt: skip
        assert run([*common, "--format", form]) == 0
        assert capsys.readouterr().out.rstrip() == shown.rstrip()
    assert run([*common, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(decision.to_json()))


def test_history_readings_and_parameters(policy: tiaowen.Policy) -> None:
    given: dict[str, Any] = {"claim": "examples/langfang-transfer.json",
                             "history": "examples/langfang-transfer-history.json"}  # fmt: skip
    assert policy.decide(**given)["统筹支付"] == Decimal("6240.36")
    same_day = policy.decide(**given, readings={"转院连续": "同日"})
    assert same_day["统筹支付"] == Decimal("5940.36")
    assert policy.readings["转院连续"][1:] == ("同日",)
    jinan = tiaowen.load("policies/jinan/basic-2012.md")
    found = jinan.decide("examples/jinan-stay.json", "职工住院",
                         parameters="examples/jinan-parameters.toml")  # fmt: skip
    assert found["统筹支付"] == Decimal("3804.53")


def test_the_policy_of_a_claim_is_found() -> None:
    stay = "examples/chongqing-stay.json"
    found = tiaowen.load_for(stay)
    assert "重庆" in found.title
    with pytest.raises(tiaowen.Rejected) as caught:
        tiaowen.load_for(stay, on=date(1999, 1, 1))
    assert [d.code for d in caught.value.diagnostics] == ["TW0505"]


def test_a_text_is_compiled_as_the_file_it_would_be() -> None:
    text = POLICY.read_text(encoding="utf-8")
    changed = text.replace("| 二级       | 75% |", "| 二级       | 70% |").replace(
        "二级医疗机构75%", "二级医疗机构70%"
    )
    assert changed != text
    draft = tiaowen.compile(changed, str(POLICY))
    # (10,000 − 500) × 70% = 6,650
    assert draft.decide({**STAY, "甲类费用": "10000"}, "住院")["统筹支付"] == Decimal("6650.00")


def test_a_text_with_errors_says_all_of_them() -> None:
    text = POLICY.read_text(encoding="utf-8").replace(
        "= 进入统筹 × 支付比例", "= 进入统簿 × 支付比例"
    )
    with pytest.raises(tiaowen.Rejected, match="进入统筹"):
        tiaowen.compile(text, str(POLICY))


def test_what_cannot_be_used_is_refused_in_words(policy: tiaowen.Policy) -> None:
    with pytest.raises(tiaowen.Rejected, match="医院等级"):
        policy.decide({**STAY, "医院等级": "五级"}, "住院")
    with pytest.raises(TypeError, match="no place in a claim"):
        policy.decide({**STAY, "甲类费用": object()}, "住院")
    with pytest.raises(AttributeError, match="no attribute 'decode'"):
        _ = tiaowen.decode
    missing = policy.decide({k: v for k, v in STAY.items() if k != "医院等级"}, "住院")
    assert not missing.decided
    assert missing.problems


def test_a_table_is_settled_as_its_claims_are(policy: tiaowen.Policy) -> None:
    import pandas
    import polars
    import pyarrow as pa

    row = {"psn_no": "1", **{k: str(v) for k, v in STAY.items()}, "setl_id": "s1",
           "明细": [{"金额": "10000", "收费项目等级": "甲", "目录类别": "西药中成药"}]}  # fmt: skip
    again = {**row, "就诊ID": "2", "setl_id": "s2", "医院等级": "五级"}
    table = pa.Table.from_pylist([again, row])
    # (10,000 − 500) × 75% = 7,125
    kinds: tuple[Any, ...] = (table, table.to_pandas(), polars.from_arrow(table))
    for given in kinds:
        found = policy.settle(given)
        assert type(found.settled) is type(found.rejected) is type(given)
        (paid,) = [str(value) for value in found.settled["hifp_pay"]]
        assert paid == "7125.00"
        assert [str(code) for code in list(found.rejected["code"])] == ["TW0605"]
    assert isinstance(policy.settle(table.to_pandas()).settled, pandas.DataFrame)
    apart = pa.table(
        {"就诊ID": ["1", "2"], **pa.Table.from_pylist([*row["明细"], *row["明细"]]).to_pydict()}
    )
    found = policy.settle(table.drop_columns(["明细"]), apart)
    assert found.settled.column("hifp_pay").to_pylist() == [Decimal("7125.00")]
    with pytest.raises(TypeError, match="no Arrow table"):
        policy.settle([row])


def test_a_notebook_shows_the_page_in_a_frame(policy: tiaowen.Policy) -> None:
    shown = policy.decide(CLAIM, "住院")._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "<html" not in shown  # the page is escaped: it cannot reach the notebook's own


def test_importing_it_does_not_import_the_compiler() -> None:
    code = "import sys, tiaowen; print(any(m.startswith('tiaowen.compiler') for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
