"""Figures of two policies meet in the national codes; amendments stand beside them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from tests.review.difference.variants import (
    CHONGQING,
    EMPLOYEE,
    LANGFANG,
    POLICIES,
    ZIYANG,
    called,
    helpers,
    made,
    program,
    replaced,
    text,
)

from tiaowen.compiler.core import Program
from tiaowen.engine.claims.json_text import read_json
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.decision import decide
from tiaowen.engine.parameters import read_parameters
from tiaowen.review.difference import compare_policies
from tiaowen.review.difference.records import Figure, Figures, Row, Stated


def figures(first: Program, second: Program, matter: str | None = None, **more: Any) -> Figures:
    found = compare_policies(first, second, matter, parts=["figures"], **more).figures
    assert found is not None
    return found


def figure(found: Figures, kind: str, quantity: str) -> Figure:
    (one,) = [f for f in found.figures if (f.kind, f.quantity) == (kind, quantity)]
    return one


def value(said: tuple[Stated, ...]) -> object:
    """The one figure a side states, as a plain value; None where it states none."""
    if len(said) != 1 or said[0].value is None:
        return None
    return getattr(said[0].value, "value", None)


def at(one: Figure, **where: str) -> Row:
    """The row for these values of the keys."""
    names = [key.name for key in one.keys]
    (row,) = [
        row
        for row in one.rows
        if all(
            span.any or where[name] in span.values
            for name, span in zip(names, row.spans, strict=True)
            if name in where
        )
    ]
    return row


def test_ratios_of_three_steps_each() -> None:
    ratio = figure(figures(program(CHONGQING), program(LANGFANG), "住院"), "ratio", "支付比例")
    assert [(value(r.first), value(r.second), r.gap) for r in ratio.rows] == [
        (Fraction(4, 5), Fraction(9, 10), Fraction(1, 10)),
        (Fraction(3, 5), Fraction(3, 4), Fraction(3, 20)),
        (Fraction(2, 5), Fraction(3, 5), Fraction(1, 5)),
    ]
    assert ratio.rows[0].spans[0].values == ("无等级", "一级丙等", "一级乙等", "一级甲等")
    (row,) = [r for r in ratio.rows if "三级甲等" in r.spans[0].values]
    assert row.first[0].rule is not None
    assert row.second[0].rule is not None
    assert row.first[0].rule.article == "四、（二）第3段"
    assert row.second[0].rule.article == "第十六条第（六）项第5段"
    assert (row.first[0].step, row.second[0].step) == ("三级", "三级")


def test_three_steps_meet_six_in_the_grade_of_the_hospital() -> None:
    found = figures(program(LANGFANG), program(ZIYANG), "住院")
    deductible = figure(found, "deductible", "起付标准")
    best = at(deductible, 医院等级="三级甲等", 待遇地="本地")
    # 1500 of 廊坊's three steps against 1000 of 资阳's six: 500 less
    assert (value(best.first), value(best.second), best.gap) == (150000, 100000, -50000)
    assert (best.first[0].step, best.second[0].step) == ("三级", "三级甲等")
    other = at(deductible, 医院等级="二级乙等", 待遇地="异地")
    assert (value(other.first), value(other.second), other.gap) == (50000, 60000, 10000)
    # 资阳's table has no row for 三级特等: it is said, not guessed
    special = at(deductible, 医院等级="三级特等")
    assert value(special.first) == 150000
    assert special.second == (Stated(None, None),)


def test_amendments_stand_beside_the_base_figure() -> None:
    found = figures(program(LANGFANG), program(ZIYANG), "住院")
    (retired,) = [
        pair.second
        for f in found.of("deductible")
        for pair in f.adjustments
        if pair.second is not None and pair.second.rule.article == "第十八条第（一）项第2目"
    ]
    assert (retired.operation, getattr(retired.operand, "value", None)) == ("subtract", 20000)
    standard = figure(found, "deductible", "起付标准")
    keys = [p.first for p in standard.adjustments if p.first is not None]
    assert [(a.of, a.operation) for a in keys] == [("起付级别", "step_down")]
    assert not keys[0].area


def test_what_turns_on_the_place_of_care_stands_by_itself() -> None:
    found = figures(program(CHONGQING), program(LANGFANG), "住院")
    told = {(a.of, a.operation, a.rule.article)
            for f in found.of("area") for p in f.adjustments
            for a in (p.first, p.second) if a is not None}  # fmt: skip
    assert ("起付线", "raise", "五、（一）第3段") in told
    assert ("异地自付比例", "set_to", "第十六条第（七）项第1目第2段") in told
    assert not any(p.first and p.first.area for f in found.of("ratio") for p in f.adjustments)


def test_first_pay_meets_by_the_kind_of_line() -> None:
    found = figures(program(LANGFANG), program(ZIYANG), "住院")
    share = figure(found, "first_pay", "先行自付比例")
    medicine = at(share, 谈判药="否", 收费项目等级="乙", 目录类别="西药中成药")
    assert (value(medicine.first), value(medicine.second)) == (Fraction(1, 20), Fraction(1, 10))
    assert medicine.gap == Fraction(1, 20)
    assert {key.name for key in share.keys} == {"谈判药", "抗肿瘤西药", "收费项目等级", "目录类别"}


def test_ratios_go_by_the_national_category_of_the_person() -> None:
    found = figures(program(LANGFANG), program(ZIYANG), "门诊统筹")
    limit = figure(found, "limit", "门诊年度限额")
    working = at(limit, 人员类别="在职", 统筹方式="统账结合")
    retired = at(limit, 人员类别="退休", 统筹方式="单建统筹")
    assert (value(working.second), value(retired.second)) == (200000, 100000)
    # who is neither is left to other documents, by an article of its own
    cadre = at(limit, 人员类别="离休").second[0]
    assert cadre.value is None
    assert cadre.rule is not None
    assert cadre.rule.article == "第四十一条"


def test_a_table_of_prices_is_told_once_with_the_article_that_applies_it() -> None:
    found = figures(program(EMPLOYEE), program(ZIYANG), "住院")
    band = figure(found, "first_pay", "诊疗分档")
    assert band.whose == "second"
    assert [value(row.second) for row in band.rows] == [Fraction(n, 10) for n in (1, 2, 3, 4)]
    assert {s.rule.article for row in band.rows for s in row.second if s.rule} == {
        "第十二条第（一）项第2目"
    }
    assert len([f for f in found.figures if f.quantity == "大额比例"]) == 1


@pytest.fixture(scope="module")
def given() -> Any:
    path = POLICIES.parent / "examples" / "chongqing-resident-parameters.toml"
    return read_parameters(path.read_text(encoding="utf-8"), path.name, program(CHONGQING))


def test_given_parameters_meet_by_level(given: Any) -> None:
    found = figures(program(CHONGQING), program(LANGFANG), "住院", parameters=(given, {}))
    deductible = figure(found, "deductible", "起付标准")
    row = at(deductible, 医院等级="三级乙等")
    covered = row.first[0]
    assert getattr(covered.value, "value", None) == 80000
    assert covered.given == ("居民住院起付标准",)
    # where the text does not provide, a parameter does not either
    assert row.first[1].value is None


def test_readings_decide_which_definition_is_shown() -> None:
    both = program(ZIYANG)
    found = figures(both, both, "住院", readings=({}, {"价格分档": "超额累进"}))
    share = figure(found, "first_pay", "先行自付比例")
    assert not share.same
    row = at(share, 收费项目等级="乙", 目录类别="医疗服务项目")
    assert dict(row.first[0].readings)["价格分档"] == "全额分档"
    assert dict(row.second[0].readings)["价格分档"] == "超额累进"


def test_a_version_differs_only_where_a_figure_was_changed() -> None:
    base = text(LANGFANG)
    changed = made(replaced(base, "年度限额 = 15万元", "年度限额 = 16万元"))
    found = figures(made(base), changed)
    (only,) = [f for f in found.figures if not f.same]
    assert (only.quantity, only.rows[0].gap) == ("年度限额", 1_000_000)
    assert all(entry.same for entry in found.lists)


def test_lists_keep_what_only_one_has() -> None:
    found = figures(program(CHONGQING), program(LANGFANG), "住院")
    grounds = found.listed("exclusion")
    assert all(entry.first is None for entry in grounds)
    assert "应由工伤保险基金支付" in {entry.name for entry in grounds}
    (left,) = found.listed("parameter")
    assert (left.name, left.second) == ("居民住院起付标准", None)
    assert "剩余起付结转" in {e.name for e in found.listed("reading") if e.first is None}
    assert "住院登记超过48小时" in {e.name for e in found.listed("duty")}


def test_waiting_periods_of_matters_no_fund_pays_for() -> None:
    found = figures(program(LANGFANG), program(ZIYANG))
    starts = figure(found, "waiting", "享受待遇起")
    assert starts.whose == "both"
    assert [pair.second for pair in starts.matters] == ["待遇等待期"]


def test_renaming_every_helper_leaves_every_figure_the_same() -> None:
    base = text(LANGFANG)
    names = {helper: f"{helper}改" for helper in helpers(program(LANGFANG))}
    found = figures(made(base), made(called(base, names)))
    assert [f.quantity for f in found.figures if not f.same] == []
    assert [entry.name for entry in found.lists if not entry.same] == []
    assert {f.renamed for f in found.figures if f.quantity == "带药限量"} == {"带药限量改"}


@pytest.mark.parametrize("grade", ["三级甲等", "三级丙等", "二级乙等", "一级甲等", "无等级"])
def test_a_figure_is_what_the_interpreter_decides(grade: str) -> None:
    policy = program(LANGFANG)
    path = POLICIES.parent / "examples" / "langfang-stay.json"
    claim = read_claim(read_json(path.read_text(encoding="utf-8"), path.name), policy)
    facts = {**claim.fields, "医院等级": grade, "中医医院": False}
    decided = decide(policy, evolve(claim, fields=facts)).values
    found = figures(program(CHONGQING), policy, "住院")
    for kind, quantity in (("deductible", "起付标准"), ("ratio", "支付比例")):
        row = at(figure(found, kind, quantity), 医院等级=grade)
        assert value(row.second) == decided[quantity]
