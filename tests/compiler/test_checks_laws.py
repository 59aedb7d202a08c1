"""The checks against brute force: on every claim of a grid the interpreter says what happens."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiaowen.compiler import core as c
from tiaowen.compiler import program as pipeline
from tiaowen.compiler.checks import Checked, check
from tiaowen.compiler.core import Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.frames import Claim, Frame
from tiaowen.engine.interpreter import value_of
from tiaowen.engine.stops import Stopped

VOCABULARY = """
枚举 等级
  | 码  | 值 | 英文 |
  | "1" | 甲 | "A"  |
  | "2" | 乙 | "B"  |
  | "3" | 丙 | "C"  |
  | "4" | 丁 | "D"  |
字段 就诊
  | 字段 | 码  | 类型 | 未填 | 英文      |
  | 等级 | lv  | 等级 |      | "level"   |
  | 退休 | ret | 是否 |      | "retired" |
  | 异地 | far | 是否 | 否   | "away"    |
  | 费用 | fee | 金额 |      | "fee"     |
级别 档次 = 等级
  | 级别 | 含 |
  | 低   | 甲 |
  | 高   | 乙 |
接口 结算 关于 人次
  | 输出   | 码 | 类型 | 英文         |
  | 起付线 | a  | 金额 | "deductible" |
  | 支付   | b  | 金额 | "payment"    |
事项 住院 按 结算
"""
FEES = (0, 9999, 10000, 10001, 19999, 20000, 20001, 99900)
GRID = tuple(itertools.product("甲乙丙丁", (False, True), (False, True), FEES))

atoms = st.sampled_from([
    "退休", "非 退休", "异地", "等级 = 甲", "等级 ≠ 乙", "等级 属于 {甲, 丙}", "甲类", "贵",
    "费用 < 100元", "费用 ≤ 100元", "费用 > 100元", "费用 ≥ 200元", "费用 = 200元", "费用 > 限",
    "较小(费用, 200元) > 100元", "(若 退休 则 异地 否则 等级 = 丁)", "折 > 50%",
])  # fmt: skip
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["且", "或"]), inner).map(lambda t: f"({' '.join(t)})"),
        inner.map(lambda text: f"非 ({text})"),
    ),
    max_leaves=4,
)
HELPERS = """
甲类 = 等级 = 甲 且 异地
贵 = 费用 > 150元
贵 改为 否 当 退休
限 = 若 异地 则 100元 否则 200元
折 =
  | 退休 | 等级     |     |
  | 是   | —        | 50% |
  | 否   | 甲、乙   | 60% |
  | 否   | 丙、丁   | 20% |
"""


def checked(rules: str) -> tuple[c.Program, Checked]:
    """A policy of ``rules`` before the checks are taken into account, and what they find."""
    kept: list[tuple[c.Program, Checked]] = []

    def keep(program: c.Program, made: object) -> Checked:
        kept.append((program, check(program, made)))  # type: ignore[arg-type]
        return Checked((), frozenset())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "check", keep)
        patch.setattr(pipeline, "ground", lambda *_: ([], None))
        found = pipeline.compile_policy([read_document(Source("甲.tiao", VOCABULARY + rules))])
    assert kept, [(d.code, d.args) for d in found.diagnostics]
    return kept[0]


def outcome(program: c.Program, fields: dict[str, Value], node: str) -> str:
    """'' where ``node`` has a value, else the code of the stop."""
    frame = Frame(program, program.matters["住院"], Claim("住院", fields), {}, {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(c.Pick, "enumerable", False)  # look at every row, as if nothing were checked
        try:
            value_of(node, frame)
        except Stopped as stopped:
            return stopped.diagnostics[0].code
    return ""


def claims() -> Iterator[dict[str, Value]]:
    for level, retired, away, fee in GRID:
        absent: dict[str, Value] = {"异地": True} if away else {}
        yield {"等级": level, "退休": retired, "费用": fee, **absent}


def read(witness: dict[str, str]) -> dict[str, Value]:
    """A witness as a claim; what it leaves open takes the first value of the grid."""
    fields: dict[str, Value] = {"等级": "甲", "退休": False, "费用": 0}
    for name, text in witness.items():
        if text.endswith("元"):
            fields[name] = round(float(text[:-1].replace(",", "")) * 100)
        else:
            fields[name] = {"是": True, "否": False}.get(text, text)
    return fields


def by_code(found: Checked, code: str) -> list[Diagnostic]:
    return [d for d in found.diagnostics if d.code == code]


@settings(max_examples=60, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=3))
def test_overlaps_and_gaps_are_those_of_the_grid(written: list[str]) -> None:
    """A claim that two definitions cover is found if there is one, and so is one that none does;
    each claim shown does what is said of it."""
    rules = HELPERS + "\n".join(f"基数 = {i}00元 当 {text}" for i, text in enumerate(written, 1))
    program, found = checked(rules + "\n起付线 = 基数\n")
    node = "住院/基数#0"
    seen = {outcome(program, claim, node) for claim in claims()}
    for code, check_code in (("TW0504", "TW0301"), ("TW0503", "TW0302")):
        reported = by_code(found, check_code)
        assert bool(reported) == (code in seen), (written, seen)
        for finding in reported:
            assert finding.witness is not None
            assert outcome(program, read(dict(finding.witness)), node) == code
    assert (node in found.disjoint) == (len(written) > 1 and "TW0504" not in seen)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_tables_are_judged_as_the_grid_judges_them(data: st.DataObject) -> None:
    """Rows that overlap and claims that fall between them."""
    heads = ("费用", "等级", "退休")
    kinds = (("≤ 100元", "100元～200元", "> 200元", "—", "< 100元", "≥ 200元"),
             ("甲", "乙", "甲、乙", "丙、丁", "丙", "—"), ("是", "否", "—"))  # fmt: skip
    columns = data.draw(st.lists(st.integers(0, 2), min_size=1, max_size=2, unique=True))
    row = st.tuples(*(st.sampled_from(kinds[i]) for i in columns))
    rows = data.draw(st.lists(row, min_size=1, max_size=4))
    lines = [" | ".join(("", *(heads[i] for i in columns), " ", ""))]
    lines += [" | ".join(("", *cells, f"{n}元", "")) for n, cells in enumerate(rows, 1)]
    program, found = checked("起付线 =\n" + "\n".join(f"  {line.strip()}" for line in lines) + "\n")
    node = "住院/起付线#0"
    seen = {outcome(program, claim, node) for claim in claims() if claim["费用"] != 0}
    for code, check_code in (("TW0504", "TW0306"), ("TW0503", "TW0307")):
        reported = by_code(found, check_code)
        assert bool(reported) == (code in seen), (lines, seen)
        for finding in reported:
            assert finding.witness is not None
            assert outcome(program, read(dict(finding.witness)), node) == code
