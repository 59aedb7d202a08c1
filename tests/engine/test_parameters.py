"""Parameter files and readings: what is given is used as it is written, or refused."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiaowen.compiler.core import Program, Value
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.diagnostics import Diagnostic, Rejected
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.render import render_text
from tiaowen.dsl.source import Source
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.decision import decide
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.parameters import merge, read_parameter_file, read_parameters
from tiaowen.engine.readings import read_readings

POLICY = Path(__file__).parent / "policies" / "data.md"
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
HEAD = '来源 = "廊医保〔2024〕1号"\n[参数]\n'


def load() -> Program:
    source = Source("data.md", POLICY.read_text(encoding="utf-8"))
    return compile_policy([read_document(source)]).demand()


PROGRAM = load()


def refused(text: str, on: date | None = None, region: str | None = None) -> tuple[Diagnostic, ...]:
    with pytest.raises(Rejected) as caught:
        read_parameters(text, "p.toml", PROGRAM, on, region)
    shown(caught.value)
    return caught.value.diagnostics


def shown(rejected: Rejected) -> None:
    assert rejected.diagnostics
    for lang in LANGUAGES:
        assert render_text(rejected.diagnostics, lang, False, 100)


class TestValues:
    @pytest.mark.parametrize(("name", "written", "value"), [
        ("住院起付", '"500元"', 50_000), ("住院起付", '"1.5万元"', 1_500_000),
        ("住院起付", '"1,500.50元"', 150_050), ("住院起付", "500元", 50_000),
        ("门诊比例", '"80%"', Fraction(4, 5)), ("门诊比例", "0.8", Fraction(4, 5)),
        ("门诊比例", '"８０％"', Fraction(4, 5)), ("观察时间", '"7天"', 7), ("观察时间", '"2周"', 14),
    ])  # fmt: skip
    def test_carry_their_unit(self, name: str, written: str, value: Value) -> None:
        made = read_parameters(f"{HEAD}{name} = {written}", "p.toml", PROGRAM)
        assert made == {name: ParameterValue(value, (), "廊医保〔2024〕1号")}

    @pytest.mark.parametrize(("name", "written"), [
        ("住院起付", "500"), ("住院起付", '"500"'), ("住院起付", '"80%"'), ("住院起付", '"500.001元"'),
        ("住院起付", '"-500元"'), ("住院起付", "true"), ("住院起付", '"五百元"'), ("住院起付", '""'),
        ("住院起付", "2024-01-01"), ("门诊比例", '"500元"'), ("门诊比例", "80"), ("门诊比例", '"5个百分点"'),
        ("门诊比例", "nan"), ("门诊比例", "-inf"), ("观察时间", "7"), ("观察时间", '"1.5天"'),
        ("观察时间", '"7小时"'), ("观察时间", '"9999999999999999999999天"'), ("住院起付", '"500 元 左右"'),
        ("门诊比例", "1e999999999"), ("门诊比例", "1e-999999999"), ("住院起付", "0x" + "f" * 5000),
        ("观察时间", "9" * 4000),
    ])  # fmt: skip
    def test_wrong_units_are_refused(self, name: str, written: str) -> None:
        [problem] = refused(f"{HEAD}{name} = {written}")
        assert (problem.code, problem.args["name"]) == ("TW0510", name)
        assert problem.place == f"p.toml: 参数.{name}"

    def test_english_words_and_quoted_names(self) -> None:
        text = 'source = "x"\nfrom = 2024-01-01\n[parameters]\n"门诊比例" = "80%"\n'
        assert read_parameters(text, "p", PROGRAM)["门诊比例"].value == Fraction(4, 5)

    def test_decide_with_what_was_read(self) -> None:
        made = read_parameters(f'{HEAD}门诊比例 = "50%"', "p.toml", PROGRAM)
        claim = read_claim({"med_type": "11", "甲类费用": 100}, PROGRAM)
        assert decide(PROGRAM, claim, parameters=made).values["统筹支付"] == 5000


class TestKeyed:
    ROWS = (
        HEAD
        + """
[[参数.住院起付]]
医院级别 = "三级"
人员类别 = "退休"
值 = "800元"
[[参数.住院起付]]
医院级别 = "三级"
value = "1000元"
[[参数.住院起付]]
医院级别 = "05"
值 = "500元"
"""
    )

    @pytest.mark.parametrize(
        ("level", "person", "deductible"),
        [("三级甲等", "12", 80_000), ("三级甲等", "11", 100_000), ("二级甲等", "12", 50_000)],
    )
    def test_rows_answer_by_their_keys(self, level: str, person: str, deductible: int) -> None:
        made = read_parameters(self.ROWS, "p.toml", PROGRAM)
        claim = read_claim(
            {
                "med_type": "21",
                "医院等级": level,
                "人员类别": person,
                "出院时间": "2024-03-05",
                "甲类费用": 10_000,
            },
            PROGRAM,
        )
        assert decide(PROGRAM, claim, parameters=made).values["起付线"] == deductible

    @pytest.mark.parametrize(("row", "code"), [
        ('医院级别 = "四级"\n值 = "1元"', "TW0605"), ('医院级别 = "三级"', "TW0501"),
        ('医院等籍 = "三级"\n值 = "1元"', "TW0603"), ('医院级别 = 1.5\n值 = "1元"', "TW0604"),
        ('医院级别 = "三级"\n值 = "1%"', "TW0510"), ('值 = "1元"\nvalue = "1元"', "TW0501"),
    ])  # fmt: skip
    def test_bad_rows(self, row: str, code: str) -> None:
        assert [p.code for p in refused(f"{HEAD}[[参数.住院起付]]\n{row}\n")] == [code]

    def test_the_same_keys_twice(self) -> None:
        row = '[[参数.住院起付]]\n医院级别 = "三级"\n值 = "1元"\n'
        assert [p.code for p in refused(HEAD + row + row)] == ["TW0514"]


class TestFiles:
    @pytest.mark.parametrize(("text", "code"), [
        ('[参数]\n门诊比例 = "80%"', "TW0501"), ('来源 = " "\n[参数]\n门诊比例 = "80%"', "TW0501"),
        ('来源 = "x"', "TW0501"), ('来源 = "x"\n参数 = 3', "TW0618"), (f'{HEAD}门诊此例 = "80%"', "TW0513"),
        ('来原 = "x"\n' + HEAD + '门诊比例 = "80%"', "TW0603"), ("", "TW0614"), ("\n ", "TW0614"),
        (f"{HEAD}门诊比例 = 80%", "TW0624"), (f'{HEAD}门诊比例 = "80%', "TW0624"), ("门诊比例", "TW0624"),
        (f'{HEAD}门诊比例 = "80%"\n门诊比例 = "90%"', "TW0514"), ("[" * 5000, "TW0624"),
        ("来源 = " + "[" * 5000, "TW0616"), ('来源 = "x"\n地区 = 0x' + "f" * 5000 + '\n[参数]\n门诊比例 = "80%"', "TW0604"),
        (f"{HEAD}门诊比例 = " + "9" * 5000, "TW0624"), ("#" * (2**20 + 1), "TW0616"),
        ('来源 = "x"\n施行 = "去年"\n[参数]\n门诊比例 = "80%"', "TW0604"),
        ('来源 = "x"\n地区 = "廊坊"\n[参数]\n门诊比例 = "80%"', "TW0604"),
        ('来源 = "x"\n施行 = 2024-02-01\n失效 = 2024-01-01\n[参数]\n门诊比例 = "80%"', "TW0514"),
    ], ids=lambda value: repr(value)[:30])  # fmt: skip
    def test_refused(self, text: str, code: str) -> None:
        assert [p.code for p in refused(text)] == [code]

    def test_all_problems_at_once(self) -> None:
        problems = refused('[参数]\n门诊此例 = "80%"\n住院起付 = 3\n')
        assert [p.code for p in problems] == ["TW0501", "TW0513", "TW0510"]
        assert problems[1].args["nearest"] == "门诊比例"

    def test_a_fault_has_its_place_in_the_text_as_written(self) -> None:
        [problem] = refused(f"{HEAD}门诊比例 = 80%")
        assert problem.span is not None
        assert (problem.span.line, problem.span.column) == (3, 10)


class TestValidity:
    TEXT = '来源 = "x"\n施行 = 2024-01-01\n失效 = 2024-12-31\n地区 = "131000"\n[参数]\n门诊比例 = "80%"\n'
    NEXT = TEXT.replace("2024", "2025").replace("80%", "90%")

    @pytest.mark.parametrize("day", [date(2024, 1, 1), date(2024, 12, 31)])
    def test_first_and_last_day_are_valid(self, day: date) -> None:
        assert read_parameters(self.TEXT, "p", PROGRAM, day, "131002").keys() == {"门诊比例"}

    @pytest.mark.parametrize(
        ("day", "region"),
        [(date(2023, 12, 31), None), (date(2025, 1, 1), None), (date(2024, 6, 1), "370100")],
    )
    def test_elsewhere_and_at_other_times_refused(self, day: date, region: str | None) -> None:
        assert [p.code for p in refused(self.TEXT, day, region)] == ["TW0514"]

    def test_of_two_files_the_valid_one_counts(self) -> None:
        files = [
            read_parameter_file(text, name, PROGRAM)
            for text, name in ((self.TEXT, "a"), (self.NEXT, "b"))
        ]
        assert merge(files, date(2024, 6, 1))["门诊比例"].value == Fraction(4, 5)
        assert merge(files, date(2025, 6, 1))["门诊比例"].value == Fraction(9, 10)
        with pytest.raises(Rejected) as caught:
            merge(files)
        assert [d.code for d in caught.value.diagnostics] == ["TW0514"]


class TestReadings:
    def test_chosen(self) -> None:
        assert read_readings(["次数口径=本院"], PROGRAM) == {"次数口径": "本院"}
        assert read_readings([" 次数口径 ＝ 各院 "], PROGRAM) == {"次数口径": "各院"}
        assert read_readings([], PROGRAM) == {}

    @pytest.mark.parametrize(("given", "code"), [
        (["次数口经=本院"], "TW0512"), (["次数口径=本县"], "TW0512"), (["次数口径"], "TW0512"), ([""], "TW0512"),
        (["次数口径=本院", "次数口径=各院"], "TW0617"),
    ])  # fmt: skip
    def test_refused(self, given: list[str], code: str) -> None:
        with pytest.raises(Rejected) as caught:
            read_readings(given, PROGRAM)
        shown(caught.value)
        assert [d.code for d in caught.value.diagnostics] == [code]

    def test_the_nearest_is_proposed(self) -> None:
        with pytest.raises(Rejected) as caught:
            read_readings(["次数口经=本院", "次数口径=本县"], PROGRAM)
        assert [d.args["nearest"] for d in caught.value.diagnostics] == ["次数口径", "本院"]


_LINE = st.one_of(
    st.text(max_size=20), st.sampled_from([
        "[参数]", "[[参数.住院起付]]", '来源 = "x"', '门诊比例 = "80%"', "门诊比例 = [1, {值 = 2}]",
        "住院起付 = 1.5", "参数.住院起付 = {}", "'''", '"""', "施行 = 07:32:00", "地区 = 1",
    ]))  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(_LINE, max_size=6))
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    try:
        read_parameters("\n".join(lines), "p.toml", PROGRAM, date(2024, 1, 1), "131000")
    except Rejected as rejected:
        shown(rejected)


@pytest.mark.parametrize(
    ("code", "begins"),
    [("500000", "50"), ("131000", "1310"), ("131003", "131003"), ("100000", "10")],
)
def test_an_area_is_told_by_whole_pairs_of_digits(code: str, begins: str) -> None:
    from tiaowen.engine.parameters import area

    assert area(code) == begins
