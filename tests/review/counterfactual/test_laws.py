"""What is listed is what the interpreter gives for the changed claim, and nothing is listed that
no paper could change."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiaowen.compiler.core import Program
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.frames import Claim
from tiaowen.engine.history.person import decide_person
from tiaowen.review.alternatives import Change, Court, Situation, alternatives, apply, standings
from tiaowen.review.alternatives.model import places
from tiaowen.review.alternatives.standing import PROVABLE
from tiaowen.review.counterfactual import WhatIf, what_if
from tiaowen.review.counterfactual.model import Changes

_PERSON = {
    "人员编号": "131000000001", "出生日期": "1970-05-01", "险种": "城乡居民", "参保地": "131000",
    "就诊ID": "甲", "医疗类别": "普通住院", "入院时间": "2024-03-01 08:00",
    "出院时间": "2024-03-10 10:00",
}  # fmt: skip

_FILINGS = st.sampled_from([
    {},
    {"备案类别": "其他临时外出", "备案地": "370100", "备案日期": "2024-02-20"},
    {"备案类别": "其他临时外出", "备案地": "370100", "备案日期": "2022-02-20"},
    {"备案类别": "异地长期居住", "备案地": "510100", "备案日期": "2023-02-20"},
])  # fmt: skip
_LINES = st.lists(
    st.fixed_dictionaries({
        "金额": st.integers(1, 900_000).map(lambda n: f"{n // 100}.{n % 100:02}"),
        "收费项目等级": st.sampled_from("甲乙丙"),
        "目录类别": st.sampled_from(["西药中成药", "医疗服务项目", "医用耗材"]),
        "谈判药": st.sampled_from(["否", "是"]),
    }),
    min_size=1, max_size=3,
)  # fmt: skip


@st.composite
def stays(draw: st.DrawFn) -> dict[str, object]:
    """Stays of a resident of Langfang: where, at what level, filed or not, for what."""
    return {
        **_PERSON, **draw(_FILINGS),
        "人员类别": draw(st.sampled_from(["居民成年", "大学生", "居民未成年"])),
        "医院等级": draw(st.sampled_from(["三级甲等", "二级甲等", "一级甲等"])),
        "就医地": draw(st.sampled_from(["131003", "370102", "110000"])),
        "中医医院": draw(st.booleans()),
        "明细": draw(_LINES),
    }  # fmt: skip


def _listed(found: WhatIf) -> list[tuple[Changes, object, object]]:
    ways = (*found.better, *found.worse, *found.otherwise, *found.decidable)
    return [
        (changes, way.value, way.gain)
        for way in ways
        for changes in (way.changes, *way.alike, *way.elsewhere)
    ]


@settings(max_examples=6)
@given(data=stays())
def test_every_listed_effect_is_the_interpreters(
    langfang: Program, data: dict[str, object]
) -> None:
    claim = read_claim(data, langfang, "住院")
    found = what_if(langfang, claim, most_pairs=60, explained=2)
    before = decide_person(langfang, claim).decision.values.get("个人负担")
    listed = _listed(found)
    assert listed
    for changes, value, gain in listed[::5]:
        changed = apply(Situation(claim), *changes).claim
        made = decide_person(langfang, changed).decision
        assert made.decided
        assert made.values["个人负担"] == value
        if gain is not None:
            assert isinstance(before, int)
            assert isinstance(value, int)
            assert before - value == gain
    for way in found.better:
        if way.apart is not None:
            alone = sorted(max(0, gain or 0) for gain in way.apart)
            assert way.gain is not None
            assert way.gain - sum(alone) > alone[0]  # neither is there for nothing


@settings(max_examples=6)
@given(data=stays())
def test_no_listed_change_touches_what_no_paper_changes(
    langfang: Program, data: dict[str, object]
) -> None:
    claim = read_claim(data, langfang, "住院")
    found = what_if(langfang, claim, pairs=False, explained=0, fixed=["医院等级"])
    known = standings(langfang)
    for changes, _, _ in _listed(found):
        for change in changes:
            for place in places(change):
                assert known.of((place.collection, place.field)).kind == PROVABLE
                assert place.field != "医院等级"


@settings(max_examples=6)
@given(data=stays())
def test_facts_the_decision_did_not_look_at_have_no_effect(
    langfang: Program, data: dict[str, object]
) -> None:
    claim = read_claim(data, langfang, "住院")
    situation = Situation(claim)
    court = Court(langfang, situation)
    base, looked_at = court.watch(situation)
    made = decide_person(langfang, claim).decision
    unread = [
        alternative
        for alternative in alternatives(langfang, situation, made.frame, scope="anything")
        if isinstance(alternative, Change) and not places(alternative) & looked_at
    ]
    assert unread
    for alternative in unread[::9]:
        changed = decide_person(langfang, apply(situation, alternative).claim).decision
        assert dict(changed.values) == dict(made.values)
    assert {type(base)} == {type(made)}


def test_better_is_ordered_by_effect_and_folded(langfang: Program) -> None:
    claim = read_claim({**_PERSON, "人员类别": "居民成年", "医院等级": "三级甲等",
                        "就医地": "131003", "甲类费用": "10000"}, langfang, "住院")  # fmt: skip
    found = what_if(langfang, claim, most_pairs=50)
    gains = [way.gain for way in found.better]
    assert all(gain is not None and gain > 0 for gain in gains)
    assert gains == sorted(gains, key=lambda gain: -Fraction(gain or 0))
    told = [frozenset(way.changes) for way in found.better]
    assert len(told) == len(set(told))


def test_nothing_to_change_is_said(langfang: Program) -> None:
    """Where nothing is left to pay for, no fact that could be shown brings anything."""
    claim = Claim("住院", read_claim({**_PERSON, "人员类别": "居民成年", "医院等级": "无等级",
                                      "就医地": "131003"}, langfang, "住院").fields)  # fmt: skip
    found = what_if(langfang, claim, most_pairs=50)
    assert found.value == 0
    assert found.better == ()


@pytest.mark.parametrize("most", [0, 5])
def test_what_was_not_searched_is_counted(langfang: Program, most: int) -> None:
    claim = read_claim({**_PERSON, "人员类别": "居民成年", "医院等级": "三级甲等",
                        "就医地": "131003", "甲类费用": "10000"}, langfang, "住院")  # fmt: skip
    found = what_if(langfang, claim, most_pairs=most, explained=0)
    assert found.searched.pairs == most
    assert found.searched.pairs_left > 0
    alone = what_if(langfang, claim, pairs=False, explained=0)
    assert (alone.searched.pairs, alone.searched.pairs_left) == (0, 0)
