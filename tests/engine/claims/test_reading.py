"""Claims: every way of writing a fact reads to the same value, every bad one is refused."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiaowen.compiler.core import Program
from tiaowen.compiler.moments import as_date
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.catalogue import Lang, codes, entry, example_text, message
from tiaowen.dsl.diagnostics import Diagnostic, Rejected
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.render import render_text
from tiaowen.dsl.source import Source
from tiaowen.engine.claims.both_names import both_names
from tiaowen.engine.claims.json_text import DEEPEST, MOST_BYTES, read_json
from tiaowen.engine.claims.problems import MOST_LISTED
from tiaowen.engine.claims.reading import MOST_ELEMENTS, claim_data, read_claim
from tiaowen.engine.frames import Claim

POLICY = Path(__file__).parents[1] / "policies" / "data.md"
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
STAY = {"医疗类别": "普通住院"}


@pytest.fixture(scope="module")
def program() -> Program:
    return load()


def load() -> Program:
    source = Source("data.md", POLICY.read_text(encoding="utf-8"))
    return compile_policy([read_document(source)]).demand()


PROGRAM = load()


def refused(data: Any, program: Program, matter: str | None = None) -> tuple[Diagnostic, ...]:
    """What is wrong with ``data``; every finding can be shown in both languages."""
    with pytest.raises(Rejected) as caught:
        read_claim(data, program, matter)
    shown(caught.value)
    return caught.value.diagnostics


def shown(rejected: Rejected) -> None:
    """Every finding can be shown."""
    assert rejected.diagnostics
    for lang in LANGUAGES:
        assert render_text(rejected.diagnostics, lang, False, 100)


def found(diagnostics: Iterable[Diagnostic]) -> list[tuple[str, str]]:
    return [(d.code, d.place) for d in diagnostics]


class TestJson:
    @pytest.mark.parametrize(("text", "code"), [
        ('{"a": 1, "a": 2}', "TW0602"), ('{"a": NaN}', "TW0610"), ('{"a": -Infinity}', "TW0610"),
        ('{"a": ' + "9" * 31 + "}", "TW0610"), ('{"a": 1e' + "9" * 40 + "}", "TW0610"),
        ("", "TW0614"), (" \n\t", "TW0614"), (b"", "TW0614"), (b"\xef\xbb\xbf", "TW0614"),
        ("{'a': 1}", "TW0601"), ('{"a": 1,}', "TW0601"), ('{"a": 1', "TW0601"),
        ('{"a": 1} 2', "TW0601"), ('{"a": "\n"}', "TW0601"), ('{"a": "\\x"}', "TW0601"),
        ('{“a”: 1}', "TW0601"), ("[" * 100_000, "TW0616"), ("nul", "TW0601"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "TW0616"), ('{"a": "\\ud800"}', "TW0604"),
        ('{"险种": "390"}'.encode("gbk"), "TW0615"), ('{"a": 1}'.encode("utf-16"), "TW0615"),
        ('{"a": 1}'.encode("utf-16-le"), "TW0615"), (b"\x80\x81\xff", "TW0615"),
        (b" " * (MOST_BYTES + 1), "TW0616"),
    ], ids=lambda value: repr(value)[:24])  # fmt: skip
    def test_refuses(self, text: str | bytes, code: str) -> None:
        with pytest.raises(Rejected) as caught:
            read_json(text, "claim.json")
        assert [d.code for d in caught.value.diagnostics] == [code]
        shown(caught.value)

    @pytest.mark.parametrize(
        ("data", "encoding"),
        [('{"险种": "390"}'.encode("gbk"), "GBK"), ('{"a": 1}'.encode("utf-16"), "UTF-16")],
    )
    def test_names_the_encoding_it_looks_like(self, data: bytes, encoding: str) -> None:
        with pytest.raises(Rejected) as caught:
            read_json(data, "claim.json")
        assert caught.value.diagnostics[0].args["encoding"] == encoding

    def test_says_line_and_column_of_a_fault(self) -> None:
        with pytest.raises(Rejected) as caught:
            read_json('{"a": 1,\n "b" 2}', "claim.json")
        [fault] = caught.value.diagnostics
        assert (fault.args["line"], fault.args["column"]) == (2, 6)
        assert str(fault.span) == "claim.json:2:6"

    def test_says_the_path_of_every_duplicate_and_bad_number(self) -> None:
        with pytest.raises(Rejected) as caught:
            read_json('{"x": [{"b": 1, "b": 2}, {"c": NaN}], "x": [{"b": 1, "b": 2}]}', "n")
        assert found(caught.value.diagnostics) == [("TW0602", "x"), ("TW0602", "x[0].b")]

    def test_numbers_are_exact_and_a_mark_is_left_off(self) -> None:
        data = read_json(b'\xef\xbb\xbf{"a": 0.1, "b": 12, "c": 1.10}', "n")
        assert data == {"a": Decimal("0.1"), "b": 12, "c": Decimal("1.10")}
        assert isinstance(data["b"], int)


class TestNames:
    def test_names_codes_aliases_and_groups_read_the_same(self, program: Program) -> None:
        flat = read_claim(
            {"医疗类别": "普通住院", "医院等级": "二级甲等", "出院时间": "2024-03-05"}, program
        )
        grouped = read_claim(
            {"setlinfo": {"med_type": "21"}, "就诊": {"hosp_lv": "05", "enddate": "20240305"}},
            program,
        )
        assert flat == grouped
        assert flat.fields["出院时间"] == date(2024, 3, 5)

    def test_null_and_empty_text_are_not_given(self, program: Program) -> None:
        claim = read_claim({**STAY, "医院等级": None, "就诊ID": " ", "明细": None}, program)
        assert claim == Claim("住院", {"医疗类别": "普通住院"})

    def test_unknown_names_are_refused_with_the_nearest(self, program: Program) -> None:
        problems = refused({**STAY, "医院等籍": "05", "明细": [{"金鹅": 1}, {"金鹅": 1}]}, program)
        assert found(problems) == [("TW0603", "医院等籍"), ("TW0603", "明细[0].金鹅")]
        assert [p.args["nearest"] for p in problems] == ["医院等级", "金额"]

    def test_a_field_under_two_names_is_refused(self, program: Program) -> None:
        problems = refused(
            {**STAY, "就诊": {"med_type": "21"}, "明细": [{"金额": 1, "det_item_fee_sumamt": 1}]},
            program,
        )
        assert found(problems) == [
            ("TW0617", "就诊.医疗类别（med_type）"),
            ("TW0617", "明细[0].金额（det_item_fee_sumamt）"),
        ]
        assert problems[0].args["first"] == "医疗类别"
        assert problems[0].args["second"] == "med_type"

    def test_the_same_key_flat_and_in_a_group_is_twice(self, program: Program) -> None:
        data = read_json('{"hosp_lv": "05", "x": {"hosp_lv": "05"}}', "n")
        assert found(refused(data, program)) == [("TW0617", "x.医院等级（hosp_lv）")]

    def test_shorthands_become_lines_behind_the_given_ones(self, program: Program) -> None:
        claim = read_claim(
            {**STAY, "甲类费用": "1,000", "明细": [{"金额": 5}], "乙类费用": 2}, program
        )
        assert claim.collections["明细"] == (
            {"金额": 500},
            {"金额": 100_000, "收费项目等级": "甲"},
            {"金额": 200, "收费项目等级": "乙"},
        )

    @pytest.mark.parametrize(("data", "place"), [
        ([], ""), ("x", ""), (3, ""), (None, ""), ({"明细": {}}, "明细"),
        ({"明细": [3]}, "明细[0]"), ({"明细": "x"}, "明细"), ({"事项": 3}, "事项"),
    ])  # fmt: skip
    def test_wrong_structure(self, data: Any, place: str, program: Program) -> None:
        assert ("TW0618", place) in found(refused(data, program))

    def test_objects_nest_one_level_only(self, program: Program) -> None:
        assert found(refused({"a": {"b": {"hosp_lv": "05"}}}, program)) == [("TW0603", "a.b")]


class TestValues:
    @pytest.mark.parametrize(("name", "raw", "value"), [
        ("金额", "1,234.50", 123450), ("金额", 12, 1200), ("金额", Decimal("0.10"), 10),
        ("金额", "15万元", 15_000_000), ("金额", "１２．５０", 1250), ("金额", 0, 0),
        ("单价", "0.123456", Fraction(123456, 10**6)), ("数量", "2.5", Fraction(5, 2)),
        ("收费项目等级", "02", "乙"), ("收费项目等级", "乙", "乙"), ("流水号", "007", "007"),
    ])  # fmt: skip
    def test_of_lines(self, name: str, raw: Any, value: Any, program: Program) -> None:
        claim = read_claim({**STAY, "明细": [{name: raw}]}, program)
        assert claim.collections["明细"][0] == {name: value}

    @pytest.mark.parametrize(("name", "raw", "value"), [
        ("出生日期", "19600501", date(1960, 5, 1)), ("出生日期", "1960年5月1日", date(1960, 5, 1)),
        ("入院时间", "2024-01-05 08:30", datetime(2024, 1, 5, 8, 30)),
        ("中医医院", True, True), ("中医医院", "是", True), ("中医医院", 0, False),
        ("中医医院", "1", True), ("中医医院", "否", False),
        ("第三方比例", "30%", Fraction(3, 10)), ("第三方比例", Decimal("0.3"), Fraction(3, 10)),
        ("人员类别", "1404", "1404"), ("人员类别", "退休", "12"), ("人员类别", 11, "11"),
        ("参保地", "131002", "131002"), ("参保地", 410100, "410100"), ("参保地", "廊坊", "131000"),
        ("住院天数", 7, 7), ("住院天数", "7天", 7), ("医院等级", 11, "无等级"),
    ])  # fmt: skip
    def test_of_the_claim(self, name: str, raw: Any, value: Any, program: Program) -> None:
        assert read_claim({**STAY, name: raw}, program).fields[name] == value

    @pytest.mark.parametrize(("name", "raw", "code"), [
        ("金额", "abc", "TW0604"), ("金额", True, "TW0604"), ("金额", [], "TW0604"),
        ("金额", {}, "TW0604"), ("金额", -1, "TW0606"), ("金额", "-0.01", "TW0606"),
        ("金额", "0.001", "TW0610"), ("金额", 10**20, "TW0610"), ("金额", "NaN", "TW0610"),
        ("金额", "1e999999", "TW0610"), ("单价", "0.1234567", "TW0610"), ("金额", 0.1, "TW0604"),
        ("数量", "0.00001", "TW0610"), ("数量", -1, "TW0606"), ("流水号", 7, "TW0604"),
        ("收费项目等级", "丁", "TW0605"), ("收费项目等级", "1", "TW0605"), ("收费项目等级", [], "TW0604"),
        ("流水号", "x" * 5000, "TW0616"),
    ])  # fmt: skip
    def test_refused_of_lines(self, name: str, raw: Any, code: str, program: Program) -> None:
        [problem] = refused({**STAY, "明细": [{}, {name: raw}]}, program)
        national = program.collections["明细"].fields[name].code
        assert (problem.code, problem.place) == (code, f"明细[1].{name}（{national}）")
        assert name in message(problem, "zh") or code == "TW0616"

    @pytest.mark.parametrize(("name", "raw", "code"), [
        ("出生日期", "2023-02-29", "TW0604"), ("出生日期", "一九六〇年", "TW0604"),
        ("出生日期", 19600501, "TW0604"), ("出生日期", "0001-01-01", "TW0604"),
        ("入院时间", "2024-01-05 25:00", "TW0604"), ("中医医院", "也许", "TW0604"),
        ("中医医院", 2, "TW0604"), ("参保地", "1310", "TW0604"), ("参保地", "013100", "TW0604"),
        ("人员类别", "99", "TW0605"), ("人员类别", "12' or", "TW0605"), ("住院天数", "1.5", "TW0610"),
        ("第三方比例", "三成", "TW0604"), ("医院等级", True, "TW0604"), ("医院等级", "二级", "TW0605"),
        ("就诊ID", 5, "TW0604"),
    ])  # fmt: skip
    def test_refused_of_the_claim(self, name: str, raw: Any, code: str, program: Program) -> None:
        [problem] = refused({**STAY, name: raw}, program)
        assert (problem.code, problem.place) == (code, f"{name}（{program.fields[name].code}）")

    def test_unknown_codes_list_the_near_ones(self, program: Program) -> None:
        [problem] = refused({**STAY, "医院等级": "二级申等"}, program)
        assert problem.args["nearest"] == "05 二级甲等"
        assert problem.args["values"] == ["02 三级甲等", "05 二级甲等", "11 无等级"]

    def test_all_problems_are_found_at_once_and_the_rest_counted(self, program: Program) -> None:
        lines = [{"金额": -1}] * (MOST_LISTED + 20)
        problems = refused({**STAY, "出生日期": "x", "明细": lines}, program)
        assert len(problems) == MOST_LISTED + 1
        assert (problems[-1].code, problems[-1].args["count"]) == ("TW0622", 21)


class TestConsistency:
    def test_discharge_before_admission(self, program: Program) -> None:
        stay = {**STAY, "begndate": "2024-03-05", "enddate": "2024-03-04"}
        assert found(refused(stay, program)) == [("TW0607", "出院时间（endtime）")]

    @pytest.mark.parametrize(
        ("begin", "end"),
        [
            ("2024-03-05", "2024-03-05"),
            ("2024-03-05 10:00", "2024-03-05"),
            ("2024-03-05 10:00", "2024-03-05 10:00"),
        ],
    )
    def test_the_same_day_is_no_contradiction(self, begin: str, end: str, program: Program) -> None:
        claim = read_claim({**STAY, "入院时间": begin, "出院时间": end}, program)
        assert set(claim.fields) == {"医疗类别", "入院时间", "出院时间"}

    def test_moments_of_one_day_are_compared(self, program: Program) -> None:
        stay = {**STAY, "入院时间": "2024-03-05 10:00", "出院时间": "2024-03-05 09:59"}
        assert [p.code for p in refused(stay, program)] == ["TW0607"]

    def test_birth_after_the_stay(self, program: Program) -> None:
        stay = {**STAY, "brdy": "2024-03-06", "begndate": "2024-03-01", "enddate": "2024-03-05"}
        assert found(refused(stay, program)) == [("TW0626", "出生日期（brdy）")]

    @pytest.mark.parametrize("day", ["2024-03-05", "2024-03-03", "1950-01-01"])
    def test_birth_during_the_stay(self, day: str, program: Program) -> None:
        stay = {**STAY, "brdy": day, "begndate": "2024-03-01", "enddate": "2024-03-05"}
        assert read_claim(stay, program).fields["出生日期"] == date.fromisoformat(day)

    PARTS: ClassVar = {
        "fulamt_ownpay_amt": 1,
        "overlmt_amt": 2,
        "preselfpay_amt": 3,
        "inscp_scp_amt": 4,
    }

    def test_four_parts_sum_to_the_total(self, program: Program) -> None:
        claim = read_claim({**STAY, "明细": [{**self.PARTS, "金额": 10}]}, program)
        assert claim.collections["明细"][0]["金额"] == 1000
        problems = refused({**STAY, "明细": [{}, {**self.PARTS, "金额": "10.01"}]}, program)
        assert found(problems) == [("TW0608", "明细[1]")]
        assert problems[0].args["difference"] == {"zh": "0.01元", "en": "0.01 yuan"}

    def test_three_parts_are_not_summed(self, program: Program) -> None:
        three = {k: v for k, v in self.PARTS.items() if k != "inscp_scp_amt"}
        claim = read_claim({**STAY, "明细": [{**three, "金额": 100}]}, program)
        assert claim.collections["明细"][0]["金额"] == 10000

    @pytest.mark.parametrize(
        ("total", "fits"), [("0.33", True), ("0.34", True), ("0.32", False), ("0.35", False)]
    )
    def test_count_times_price_is_within_a_fen(
        self, total: str, fits: bool, program: Program
    ) -> None:
        line = {"金额": total, "数量": 3, "单价": "0.111"}  # 0.333
        if fits:
            read_claim({**STAY, "明细": [line]}, program)
        else:
            assert found(refused({**STAY, "明细": [line]}, program)) == [("TW0609", "明细[0]")]

    def test_a_whole_fen_apart_is_refused(self, program: Program) -> None:
        line = {"金额": "0.34", "数量": 3, "单价": "0.11"}
        assert found(refused({**STAY, "明细": [line]}, program)) == [("TW0609", "明细[0]")]


class TestMatter:
    def test_is_chosen_by_condition(self, program: Program) -> None:
        assert read_claim({"med_type": "11"}, program).matter == "门诊"
        assert read_claim({"med_type": "21"}, program).matter == "住院"

    def test_may_be_named(self, program: Program) -> None:
        assert read_claim({"事项": "住院"}, program).matter == "住院"
        assert read_claim({"matter": "住院"}, program).matter == "住院"
        assert read_claim({}, program, "门诊").matter == "门诊"

    @pytest.mark.parametrize(("data", "matter", "code"), [
        ({}, None, "TW0619"), ({"med_type": "41"}, None, "TW0620"),
        ({"med_type": "41"}, "住院", "TW0621"), ({"事项": "住远"}, None, "TW0208"),
        ({}, "住远", "TW0208"), ({"事项": "住院"}, "门诊", "TW0625"),
        ({"事项": "住院", "matter": "住院"}, None, "TW0617"),
    ])  # fmt: skip
    def test_refused(self, data: Any, matter: str | None, code: str, program: Program) -> None:
        assert [p.code for p in refused(data, program, matter)] == [code]


def claim_examples() -> list[str]:
    return [code for code in codes() if entry(code).example == "claim" and entry(code).wrong]


@pytest.fixture(scope="module")
def langfang() -> Program:
    policies = Path(__file__).parents[3] / "policies"
    names = ("vocabulary.tiao", "langfang/resident-2024-draft.md")
    return compile_policy(
        [read_document(Source(name, (policies / name).read_text("utf-8"))) for name in names]
    ).demand()


class TestExamplesOfTheCatalogue:
    @pytest.mark.parametrize("code", claim_examples())
    def test_wrong_gives_its_code_and_mended_is_read(self, code: str, langfang: Program) -> None:
        with pytest.raises(Rejected) as caught:
            read_claim(read_json(example_text(code, "wrong"), code), langfang, "住院")
        assert [d.code for d in caught.value.diagnostics] == [code]
        mended = read_json(example_text(code, "mended"), code)
        assert read_claim(mended, langfang, "住院").matter == "住院"


class TestSize:
    def test_as_many_lines_as_may_be_take_seconds_at_most(self, program: Program) -> None:
        line = {
            "feedetl_sn": "1",
            "det_item_fee_sumamt": "2.50",
            "cnt": 2,
            "pric": "1.25",
            "chrgitm_lv": "01",
            "fulamt_ownpay_amt": 0,
            "overlmt_amt": 0,
            "preselfpay_amt": "0.5",
            "inscp_scp_amt": 2,
        }
        text = json.dumps({"med_type": "21", "明细": [line] * MOST_ELEMENTS})
        start = time.process_time()
        claim = read_claim(read_json(text, "big.json"), program)
        assert time.process_time() - start < 10
        assert len(claim.collections["明细"]) == MOST_ELEMENTS

    @pytest.mark.parametrize("bad", [
        {f"字段{index}": 1 for index in range(50_000)},
        {"明细": [{f"字段{index}": 1} for index in range(MOST_ELEMENTS)]},
        {"明细": [{"收费项目等级": f"{index}级"} for index in range(MOST_ELEMENTS)]},
    ], ids=["fields", "fields of lines", "codes"])  # fmt: skip
    def test_very_many_problems_do_not_take_for_ever(self, bad: Any, program: Program) -> None:
        start = time.process_time()
        problems = refused({**STAY, **bad}, program)
        assert time.process_time() - start < 10
        assert message(problems[-1], "zh") == "另有1000多个问题没有列出"

    @pytest.mark.parametrize("name", ["住院天数", "医院等级", "人员类别", "出生日期", "中医医院"])
    def test_numbers_of_any_length(self, name: str, program: Program) -> None:
        assert [p.code for p in refused({**STAY, name: 10**5000}, program)] in (
            ["TW0604"],
            ["TW0610"],
        )

    def test_more_are_refused(self, program: Program) -> None:
        problems = refused({**STAY, "明细": [{}] * (MOST_ELEMENTS + 1)}, program)
        assert found(problems) == [("TW0616", "明细")]


# --- laws

_MONEY = st.integers(0, 10**12)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
_LINES = st.fixed_dictionaries(
    {},
    optional={
        "流水号": _TEXTS,
        "金额": _MONEY,
        "收费项目等级": st.sampled_from(["甲", "乙"]),
        "申报全自费": _MONEY,
        "单价": st.integers(0, 10**12).map(lambda n: Fraction(n, 10**6)),
    },
)
_MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2999, 12, 30)) | st.dates(
    date(1900, 1, 1), date(2999, 12, 31)
)
_FIELDS = st.fixed_dictionaries(
    {"医疗类别": st.just("普通住院")},
    optional={
        "人员编号": _TEXTS,
        "人员类别": st.sampled_from(["11", "1101", "12", "1404"]),
        "参保地": st.integers(100_000, 999_999).map(str),
        "出生日期": st.dates(date(1900, 1, 1), date(2999, 12, 31)),
        "入院时间": _MOMENTS,
        "医院等级": st.sampled_from(["三级甲等", "二级甲等", "无等级"]),
        "中医医院": st.booleans(),
        "第三方比例": st.fractions(0, 1, max_denominator=10**6),
        "住院天数": st.integers(0, 10**6),
    },
)


def _born_in_time(fields: dict[str, Any]) -> dict[str, Any]:
    """``fields`` without a birth after the stay, which is refused."""
    birth, stay = fields.get("出生日期"), fields.get("入院时间")
    late = birth is not None and stay is not None and as_date(stay) < birth
    return {name: value for name, value in fields.items() if not (late and name == "出生日期")}


_CLAIMS = st.builds(
    lambda fields, lines: Claim("住院", _born_in_time(fields), {"明细": tuple(lines)}),
    _FIELDS,
    st.lists(_LINES),
)


@settings(max_examples=100, deadline=None)
@given(_CLAIMS)
def test_what_is_written_reads_back_the_same(claim: Claim) -> None:
    text = json.dumps(claim_data(claim, PROGRAM), ensure_ascii=False)
    assert read_claim(read_json(text, "claim.json"), PROGRAM) == claim


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["金额", "cnt", "pric", "明细", "医疗类别", "参保地", "事项", "甲类费用", "brdy"]
            )
            | st.text(),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(_JSON)
def test_anything_else_is_read_or_refused(data: Any) -> None:
    try:
        assert read_claim(data, PROGRAM).matter in PROGRAM.matters
    except Rejected as rejected:
        shown(rejected)


@settings(max_examples=150, deadline=None)
@given(st.binary() | st.text())
def test_any_bytes_are_json_or_refused(data: str | bytes) -> None:
    try:
        read_json(data, "x")
    except Rejected as rejected:
        shown(rejected)


class TestWhatAUserReads:
    """The words of refusals, as the person who sent the claim meets them."""

    def said(self, data: Any, program: Program, lang: Lang, matter: str | None = None) -> str:
        return render_text(refused(data, program, matter), lang, False, 100)

    def test_another_matter_than_asked_for_is_said_as_that(self, program: Program) -> None:
        asked, stated = list(program.matters)[:2]
        [problem] = refused({"事项": stated, **STAY}, program, asked)
        assert problem.code == "TW0625"
        for lang in LANGUAGES:
            text = message(problem, lang)
            assert asked in text
            assert stated in text

    def test_an_unknown_matter_is_one_problem_not_two(self, program: Program) -> None:
        stated = next(iter(program.matters))
        assert found(refused({"事项": stated, **STAY}, program, "inpatient")) == [
            ("TW0208", "事项")]  # fmt: skip

    def test_help_does_not_begin_with_the_mark_of_a_part_left_out(self, program: Program) -> None:
        assert "help: the matters are" in self.said(STAY, program, "en", "inpatient")

    def test_english_names_types_with_articles_and_money_in_yuan(self, program: Program) -> None:
        assert "should be a date" in self.said({**STAY, "出院时间": "昨天"}, program, "en")
        assert "should be money, but is a truth value" in self.said(
            {**STAY, "明细": [{"金额": True}]}, program, "en"
        )
        for data in ({"金额": "-270"}, {"金额": 271, "数量": 9, "单价": 30}):
            text = self.said({**STAY, "明细": [data]}, program, "en")
            assert "yuan" in text
            assert "元" not in text

    def test_an_empty_object_under_no_known_name_is_not_passed_over(self, program: Program) -> None:
        assert found(refused({**STAY, "机购": {}}, program)) == [("TW0603", "机购")]
        assert not read_claim({**STAY, "明细": []}, program).collections["明细"]

    @pytest.mark.parametrize(("text", "place", "inside"), [
        ('{"明细": [{"金额": NaN}]}', "明细[0].金额（det_item_fee_sumamt）", "det_item_fee_sumamt"),
        ('{"医疗类别": "21", "医疗类别": "21"}', "医疗类别（med_type）", "med_type"),
        ('{"别的": NaN}', "别的", "别的")])  # fmt: skip
    def test_what_json_refuses_has_both_names_too(
        self, program: Program, text: str, place: str, inside: str
    ) -> None:
        with pytest.raises(Rejected) as caught:
            read_json(text, "claim.json")
        [problem] = both_names(caught.value, program).diagnostics
        assert problem.place == place
        assert inside in message(problem, "zh")
