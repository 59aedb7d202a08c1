"""The columns that name the rule behind each output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import tiaowen
from tiaowen.apps.cli import run
from tiaowen.apps.table_files import TableFile
from tiaowen.engine.synthetic import Plan, claims
from tiaowen.engine.telling.rule_names import rule_name

POLICY = "policies/langfang/resident-2024-draft.md"
CAPPED = "第十五条第二款：统筹支付 不高于 限额余额"


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some stays settled with the rules that decided them."""
    folder = tmp_path_factory.mktemp("rules")
    with TableFile(folder / "claims.parquet") as table:
        for block in claims(Plan(500, 3, "131000")):
            table.write(block)
    asked = [str(folder / "claims.parquet"), "-o", str(folder / "settled.parquet"), "--rules"]
    assert run(["batch", POLICY, *asked]) == 0
    return folder / "settled.parquet"


def test_each_output_has_its_rule_behind_all_outputs(settled: Path) -> None:
    table = pq.read_table(settled)
    names = table.schema.names
    first = next(n for n, name in enumerate(names) if name.startswith("rule_"))
    outputs = names[names.index("x_matter") + 1 : first]
    assert len(outputs) > 15
    assert names[-len(outputs) :] == [f"rule_{code}" for code in outputs]
    stays = [row for row in table.to_pylist() if row["x_matter"] == "住院"]
    assert len(stays) > 50
    assert {row["rule_hifp_pay"] for row in stays} == {CAPPED}
    assert "国家结算接口：第三方支付 = 0元" in {row["rule_x_ttp_pay"] for row in stays}
    assert {row["rule_medfee_sumamt"] for row in stays} == {
        "国家结算接口：医疗费总额 = 合计(每项 金额)"
    }


@pytest.mark.parametrize("name", ["again.csv", "again.duckdb#stays", "again.duckdb", "again/"])
def test_a_row_is_explained_whatever_holds_it(
    settled: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = f"{settled.parent}/{name}"
    asked = [str(settled.parent / "claims.parquet"), "-o", output, "--rules", "--force"]
    assert run(["batch", POLICY, *asked]) == 0
    encounter = pq.read_table(settled).column("mdtrt_id")[3].as_py()
    capsys.readouterr()
    assert run(["explain", output, "--encounter", encounter]) == 0
    assert capsys.readouterr().err == ""


def test_a_row_is_explained_with_the_rules_it_names(
    settled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    encounter = pq.read_table(settled).column("mdtrt_id")[0].as_py()
    assert run(["explain", str(settled), "--encounter", encounter]) == 0
    capsys.readouterr()
    _replace(settled, "rule_hifp_pay", "第一条：统筹支付 = 0元")
    assert run(["explain", str(settled), "--encounter", encounter]) == 1
    assert "rule_hifp_pay" in capsys.readouterr().err


def _replace(path: Path, name: str, value: Any) -> None:
    table = pq.read_table(path)
    column = pa.array([value] * len(table))
    pq.write_table(table.set_column(table.schema.names.index(name), name, column), path)


def test_a_frame_is_settled_with_its_rules() -> None:
    policy = tiaowen.load(POLICY)
    (made,) = claims(Plan(people=200, seed=3, region="131000"))
    without, named = policy.settle(made).settled, policy.settle(made, rules=True).settled
    assert [n for n in named.column_names if not n.startswith("rule_")] == without.column_names
    assert CAPPED in named.column("rule_hifp_pay").to_pylist()


def test_a_rule_is_named_in_one_line() -> None:
    table = '起付标准 =\n  | 级别 | |\n  | 一级 | 200元 |\n  当 本地\n  句 2 英文 "standard" 后于 第五条, 第七条（一）'
    assert rule_name("第三条", table) == "第三条：起付标准 = … 当 本地"
    assert rule_name("", "年度 = 年份(出院日期)") == "国家结算接口：年度 = 年份(出院日期)"
