"""The forms in which rules are compared, the rows in which answers are told, the pairs of matters."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.review.difference.variants import CHONGQING, JINAN, LANGFANG, program, small

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.review.difference.alignment import aligned
from tiaowen.review.difference.axes import Axis, axes_of
from tiaowen.review.difference.canonical import Canon
from tiaowen.review.difference.laying import laid
from tiaowen.review.difference.pairing import paired
from tiaowen.review.difference.records import Key, MatterPair, Side

BODY = """### 第一条

起付标准为100元。

```tiao
接口 看病 关于 人次 英文 "care"
  | 输出 | 码 | 类型 | 英文 |
  | 结果   | x_r | 是否 | "result" |
枚举 色
  | 码  | 值 |
  | "1" | 红 |
  | "2" | 绿 |
  | "3" | 蓝 |
组 暖: 色 = 红、绿
字段 人员
  | 字段 | 码  | 类型 | 未填 |
  | 甲数 | x_a | 金额 |      |
  | 乙数 | x_b | 金额 |      |
  | 真   | x_t | 是否 | 否   |
  | 颜色 | x_c | 色   |      |
事项 看病 按 看病
结果 = %s
```
"""


def form(condition: str) -> object:
    found = small(BODY % condition)
    value = found.nodes["看病/结果#0"].alternatives[0].value
    return Canon(enums=found.enums).of(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲数 > 乙数", "乙数 < 甲数"),
        ("非 甲数 > 乙数", "甲数 ≤ 乙数"),
        ("甲数 + 乙数 > 1元", "乙数 + 甲数 > 1.00元"),
        ("真 且 甲数 > 1元", "甲数 > 1元 且 真"),
        ("非 (真 且 甲数 > 1元)", "甲数 ≤ 1元 或 非 真"),
        ("真 = 是", "真"),
        ("真 = 否", "非 真"),
        ("颜色 ≠ 红", "非 颜色 = 红"),
        ("颜色 属于 暖", "颜色 属于 {绿, 红}"),
        ("若 非 真 则 甲数 > 1元 否则 乙数 > 1元", "若 真 则 乙数 > 1元 否则 甲数 > 1元"),
    ],
)
def test_ways_to_write_the_same(one: str, other: str) -> None:
    assert form(one) == form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲数 > 乙数", "甲数 ≥ 乙数"),
        ("甲数 > 乙数", "甲数 < 乙数"),
        ("甲数 - 乙数 > 1元", "乙数 - 甲数 > 1元"),
        ("甲数 > 1元", "甲数 > 1.01元"),
        ("真 且 甲数 > 1元", "真 或 甲数 > 1元"),
        ("颜色 属于 暖", "颜色 = 红"),
        ("非 真", "真"),
    ],
)
def test_what_is_not_the_same(one: str, other: str) -> None:
    assert form(one) != form(other)


# --- rows


@st.composite
def answers(draw: st.DrawFn) -> tuple[tuple[Axis, ...], dict[tuple[int, ...], int]]:
    """Some axes, of members or of numbers, and an answer at every combination."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=0, max_size=3))
    axes = []
    for at, size in enumerate(sizes):
        names = tuple(f"v{n}" for n in range(size))
        cells = tuple(c.RangeOf(None, None, False, False) for _ in names)
        numbers = draw(st.booleans())
        axes.append(Axis(("", f"a{at}"), Key(f"a{at}", ty.TEXT), names, names,
                         cells if numbers else ()))  # fmt: skip
    combinations = list(product(*(range(size) for size in sizes)))
    said = draw(st.lists(st.integers(0, 2), min_size=len(combinations),
                         max_size=len(combinations)))  # fmt: skip
    return tuple(axes), dict(zip(combinations, said, strict=True))


@given(answers())
def test_rows_tell_every_case_once_and_rightly(
    drawn: tuple[tuple[Axis, ...], dict[tuple[int, ...], int]],
) -> None:
    axes, said = drawn
    told: dict[tuple[int, ...], int] = {}
    for groups in laid(axes, lambda indices: said[indices]):
        cases = list(product(*groups))
        assert len({said[case] for case in cases}) == 1
        for case in cases:
            assert case not in told
            told[case] = said[case]
        for axis, group in zip(axes, groups, strict=True):
            if axis.cells:
                assert list(group) == list(range(group[0], group[-1] + 1))
    assert told == said


def test_ranges_of_both_are_cut_at_every_end() -> None:
    def yuan(fen: int | None) -> c.Core | None:
        return None if fen is None else c.Constant(fen, ty.MONEY)

    def table(*bounds: tuple[int | None, int | None]) -> c.Pick:
        cells = [c.RangeOf(yuan(low), yuan(high), False, True) for low, high in bounds]
        rows = tuple(
            c.PickRow((cell,), c.Constant(n, ty.RATIO), "") for n, cell in enumerate(cells)
        )
        return c.Pick((c.Argument(ty.MONEY),), ("额",), rows, ty.RATIO)

    whole = Side(program(LANGFANG))
    (axis,) = axes_of(([table((None, 100), (100, None))], []),
                      ([table((None, 200), (200, None))], []), aligned(whole, whole, ()))  # fmt: skip
    # below 100, 100, between, 200, above: each with a number of its own
    assert list(axis.values) == [99, 100, 150, 200, 201]


# --- pairs of matters


def pair(first: str, second: str, asked: str | None = None) -> tuple[MatterPair, ...]:
    return paired(program(first), program(second), asked)


def test_matters_meet_by_name_then_by_the_claims_they_are_for() -> None:
    found = {p.first: (p.second, p.by) for p in pair(CHONGQING, LANGFANG) if p.both}
    assert found["住院"] == ("住院", "name")
    assert found["重大疾病门诊"] == ("门诊慢特病", "interface")
    assert found["居民基金缺口"] == ("县基金缺口", "interface")
    assert "市级调剂金" not in found


def test_a_pair_may_be_named() -> None:
    (named,) = pair(CHONGQING, JINAN, "住院：居民住院")
    assert (named.first, named.second, named.by) == ("住院", "居民住院", "asked")
    (partner,) = pair(CHONGQING, LANGFANG, "门诊慢特病")
    assert (partner.first, partner.second) == ("重大疾病门诊", "门诊慢特病")


@pytest.mark.parametrize(
    ("asked", "code", "helped"),
    [
        ("住完", "TW0902", ("nearest", "住院")),
        ("住院:居民住", "TW0902", ("nearest", "居民住院")),
        ("住院", "TW0903", ("candidates", ["住院:职工住院", "住院:居民住院"])),
    ],
)
def test_a_matter_that_cannot_be_compared(asked: str, code: str,
                                          helped: tuple[str, object]) -> None:  # fmt: skip
    with pytest.raises(Rejected) as refused:
        pair(CHONGQING, JINAN, asked)
    (found,) = refused.value.diagnostics
    assert found.code == code
    assert found.args[helped[0]] == helped[1]


def test_nothing_in_common() -> None:
    with pytest.raises(Rejected) as refused:
        paired(program(CHONGQING), small(BODY % "真"))
    assert [d.code for d in refused.value.diagnostics] == ["TW0901"]
