"""The schema of a matter fits the claims it decides, and refuses only what is not decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.claims.reading import claim_data, read_claim
from tiaowen.engine.claims.schema import schema
from tiaowen.engine.decision import decide
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.reach import inputs, needed

ROOT = Path(__file__).parents[3]
POLICY = Path(__file__).parents[1] / "policies" / "data.md"
LANGFANG = ("vocabulary.tiao", "langfang/resident-2024-draft.md")
PARAMETERS = {"住院起付": ParameterValue(50_000), "门诊比例": ParameterValue(1)}


def load(*paths: Path) -> Program:
    return compile_policy(
        [read_document(Source(path.name, path.read_text(encoding="utf-8"))) for path in paths]
    ).demand()


PROGRAM = load(POLICY)
STAY = Draft202012Validator(schema(PROGRAM, "住院"))
CLAIM = {"med_type": "21", "出院时间": "2024-03-05", "明细": [{"金额": 1}]}


@pytest.fixture(scope="module")
def langfang() -> Program:
    return load(*(ROOT / "policies" / name for name in LANGFANG))


def examples() -> list[Path]:
    found = sorted((ROOT / "examples").glob("*.json"))
    claims = [path for path in found if not path.stem.endswith("-charged")]
    return [path for path in claims if isinstance(json.loads(path.read_text("utf-8")), dict)]


def test_facts_are_those_the_outputs_can_ask_for() -> None:
    assert inputs(PROGRAM, "住院") == {
        ("", "医疗类别"),
        ("", "医院等级"),
        ("", "人员类别"),
        ("", "出院时间"),
        ("明细", "金额"),
    }
    assert needed(PROGRAM, "住院") == {("", "出院时间"), ("明细", "金额")}
    assert inputs(PROGRAM, "门诊") == {("", "医疗类别"), ("明细", "金额")}


@pytest.mark.parametrize("claim", [
    CLAIM, {**CLAIM, "事项": "住院"}, {"med_type": "21", "enddate": "2024-03-05", "甲类费用": "5"},
    {"a": {"med_type": "21"}, "就诊": {"endtime": "2024-03-05"}, "明细": []},
    {**CLAIM, "hosp_lv": "05"}, {**CLAIM, "医院等级": None}, {**CLAIM, "psn_type": 11},
])  # fmt: skip
def test_fits(claim: Any) -> None:
    assert [error.message for error in STAY.iter_errors(claim)] == []
    assert read_claim(claim, PROGRAM).matter == "住院"


@pytest.mark.parametrize("claim", [
    [], {**CLAIM, "事项": "门诊"}, {**CLAIM, "hosp_lv": "77"}, {**CLAIM, "明细": {}},
    {**CLAIM, "明细": [{"金额": -1}]}, {**CLAIM, "明细": [{"金额": True}]}, {**CLAIM, "明细": [3]},
    {"med_type": "21"}, {"med_type": "21", "enddate": "2024-03-05", "明细": [{}]},
    {"med_type": "21", "a": {"enddate": 20240305}}, {**CLAIM, "a": {"hosp_lv": "77"}},
])  # fmt: skip
def test_does_not_fit(claim: Any) -> None:
    assert list(STAY.iter_errors(claim))
    assert not is_decided(claim)


def is_decided(claim: Any) -> bool:
    try:
        read = read_claim(claim, PROGRAM, "住院")
    except Rejected:
        return False
    return decide(PROGRAM, read, parameters=PARAMETERS).decided


def test_titles_labels_and_codes() -> None:
    made = schema(PROGRAM, "住院")
    grade = made["$defs"]["医院等级"]
    assert (grade["title"], grade["description"], grade["x-code"]) == (
        "医院等级",
        "hospital grade",
        "hosp_lv",
    )
    assert {"二级甲等", "05", 11, None} <= set(grade["enum"])
    assert grade["x-codes"]["05"] == {"zh": "二级甲等", "en": "secondary"}
    assert list(made["$defs"]["outputs"]["properties"]) == [
        "年度",
        "医疗费总额",
        "起付线",
        "统筹支付",
    ]
    assert json.loads(json.dumps(made)) == made


@pytest.mark.parametrize("matter", ["住院", "急诊留观", "生育住院", "门诊统筹", "两病门诊"])
def test_every_matter_has_a_valid_schema(matter: str, langfang: Program) -> None:
    Draft202012Validator.check_schema(schema(langfang, matter))


def policy_of(example: str) -> str:
    """An example is named after its city; Chongqing's stays and districts are employees'."""
    if example.startswith("langfang"):
        return LANGFANG[-1]
    if example.startswith("jinan"):
        return "jinan/basic-2012.md"
    employees = example in ("chongqing-stay", "chongqing-district")
    return f"chongqing/{'employee' if employees else 'resident'}-2011.md"


def test_totals_stand_in_place_of_fee_lines(langfang: Program) -> None:
    properties = schema(langfang, "住院")["properties"]
    totals = {n: p for n, p in properties.items() if p.get("x-in-place-of") == "明细"}
    assert list(totals)[:2] == ["医疗费总额", "medfee_sumamt"]
    assert len(totals) == 10
    assert totals["政策范围内费用"]["x-code"] == "inscp_scp_amt"
    claim = {"险种": "390", "参保地": "131002", "人员类别": "1501", "出生日期": "1980-01-01",
             "医疗类别": "21", "hosp_lv": "02", "begntime": "2024-03-01", "endtime": "2024-03-08",
             "mdtrtarea_admdvs": "131002", **dict.fromkeys(totals, "0")}  # fmt: skip
    validator = Draft202012Validator(schema(langfang, "住院"))
    assert [error.message for error in validator.iter_errors(claim)] == []
    assert [*validator.iter_errors({**claim, "全自费": -1})]


@pytest.mark.parametrize("path", examples(), ids=lambda path: path.stem)
def test_examples_fit_their_schema(path: Path) -> None:
    program = load(
        *(ROOT / "policies" / name for name in ("vocabulary.tiao", policy_of(path.stem)))
    )
    data = json.loads(path.read_text(encoding="utf-8"))
    claim = read_claim(data, program)
    stay = Draft202012Validator(schema(program, claim.matter))
    assert [error.message for error in stay.iter_errors(data)] == []
    written = claim_data(claim, program)
    assert [error.message for error in stay.iter_errors(written)] == []
    assert read_claim(written, program) == claim


_VALUES = st.sampled_from(["21", "05", "2024-03-05", "", None, 1, "x", True, "12", -1, "0.5"])
_LINES = st.lists(
    st.dictionaries(st.sampled_from(["金额", "cnt", "?"]), _VALUES, max_size=2), max_size=2
)
_KEYS = st.sampled_from(
    ["med_type", "医院等级", "hosp_lv", "enddate", "psn_type", "事项", "甲类费用"]
)
_FIELDS = st.dictionaries(_KEYS, _VALUES, max_size=4)
_CLAIMS = st.builds(
    lambda flat, group, lines: {**flat, "g": group, "明细": lines}, _FIELDS, _FIELDS, _LINES
)


@settings(max_examples=300, deadline=None)
@given(_CLAIMS)
def test_what_the_schema_refuses_is_not_decided(claim: Any) -> None:
    if not STAY.is_valid(claim):
        assert not is_decided(claim)
