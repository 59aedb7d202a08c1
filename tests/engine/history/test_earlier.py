"""A person's history: read, put in order, and refused where it contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.render import render_text
from tiaowen.dsl.source import Source
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.frames import Claim
from tiaowen.engine.history.data import history_data, read_history
from tiaowen.engine.history.earlier import (
    EarlierClaim,
    HistoryItem,
    Opening,
    Reversal,
    Settlement,
    ordered,
)

POLICY = Path(__file__).parents[1] / "policies" / "data.md"
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


def load() -> Program:
    source = Source("data.md", POLICY.read_text(encoding="utf-8"))
    return compile_policy([read_document(source)]).demand()


PROGRAM = load()
READ: list[dict[str, Any]] = [
    {"期初": {"年度": 2024, "统筹支付": "1,000", "住院.起付线": 500, "次数": {"住院": 2}}},
    {"申报": {"med_type": "21", "enddate": "2024-03-01", "setl_id": "S1", "甲类费用": 100}},
    {
        "settlement": {
            "matter": "住院",
            "hifp_pay": "149000.00",
            "年度": 2024,
            "setl_id": "S2",
            "起付标准": 800,
            "医院级别": "三级",
            "setl_time": "2024-04-01 10:00",
        }
    },
    {"撤销": "S1"},
]


def refused(call: Any) -> list[tuple[str, str]]:
    with pytest.raises(Rejected) as caught:
        call()
    for lang in LANGUAGES:
        assert render_text(caught.value.diagnostics, lang, False, 100)
    return [(d.code, d.place) for d in caught.value.diagnostics]


def settled(identity: str = "", at: date | None = None, **values: Any) -> Settlement:
    return Settlement("住院", values, identity, at)


def claimed(**fields: Any) -> Claim:
    return Claim("住院", {"医疗类别": "普通住院", **fields})


def order(items: Iterable[HistoryItem], before: Claim | None = None) -> list[str]:
    """The setl_ids in order; an opening is shown by its year."""
    made = ordered(items, program=PROGRAM, before=before)
    return [
        str(item.year)
        if isinstance(item, Opening)
        else item.id
        if isinstance(item, Settlement)
        else str(item.claim.fields["结算ID"])
        for item in made
    ]


class TestReading:
    def test_every_kind(self) -> None:
        opening, claim, settlement, reversal = read_history(READ, PROGRAM)
        assert opening == Opening(2024, {"统筹支付": 100_000, "住院.起付线": 50_000}, {"住院": 2})
        assert isinstance(claim, EarlierClaim)
        assert claim.claim == read_claim(READ[1]["申报"], PROGRAM)
        assert settlement == Settlement(
            "住院",
            {
                "统筹支付": 14_900_000,
                "年度": 2024,
                "结算ID": "S2",
                "起付标准": 80_000,
                "医院级别": "三级",
                "结算时间": datetime(2024, 4, 1, 10),
            },
            "S2",
            datetime(2024, 4, 1, 10),
        )
        assert reversal == Reversal("S1")

    def test_what_is_written_reads_back_the_same(self) -> None:
        items = read_history(READ, PROGRAM)
        assert read_history(history_data(items, PROGRAM), PROGRAM) == items

    @pytest.mark.parametrize(("item", "code", "place"), [
        ({}, "TW0618", "既往[0]"), (3, "TW0618", "既往[0]"), ({"申报": {}, "撤销": "1"}, "TW0618", "既往[0]"),
        ({"结祘": {}}, "TW0603", "既往[0].结祘"), ({"撤销": 3}, "TW0618", "既往[0].撤销"),
        ({"撤销": ""}, "TW0618", "既往[0].撤销"), ({"结算": []}, "TW0618", "既往[0].结算"),
        ({"结算": {"统筹支付": 1}}, "TW0501", "既往[0].结算"), ({"结算": {"事项": "住远"}}, "TW0208", "既往[0].结算"),
        ({"结算": {"事项": 3}}, "TW0618", "既往[0].结算"), ({"期初": 3}, "TW0618", "既往[0].期初"),
        ({"结算": {"事项": "住院", "统筹支负": 1}}, "TW0603", "既往[0].结算.统筹支负"),
        ({"结算": {"事项": "住院", "统筹支付": -1}}, "TW0606", "既往[0].结算.统筹支付（hifp_pay）"),
        ({"结算": {"事项": "住院", "统筹支付": 1, "hifp_pay": 1}}, "TW0617", "既往[0].结算.统筹支付（hifp_pay）"),
        ({"期初": {"统筹支付": 1}}, "TW0501", "既往[0].期初"),
        ({"期初": {"年度": "今年"}}, "TW0604", "既往[0].期初.年度（year）"),
        ({"期初": {"年度": 24}}, "TW0604", "既往[0].期初.年度（year）"),
        ({"期初": {"年度": "2024.5"}}, "TW0604", "既往[0].期初.年度（year）"),
        ({"期初": {"年度": 2024, "year": 2024}}, "TW0501", "既往[0].期初"),
        ({"期初": {"年度": 2024, "医院级别": "三级"}}, "TW0603", "既往[0].期初.医院级别"),
        ({"期初": {"年度": 2024, "次数": 2}}, "TW0618", "既往[0].期初.次数"),
        ({"期初": {"年度": 2024, "次数": {"住远": 2}}}, "TW0208", "既往[0].期初.次数"),
        ({"期初": {"年度": 2024, "次数": {"住院": -2}}}, "TW0606", "既往[0].期初.次数.住院"),
        ({"申报": {"med_type": "21", "enddate": "x"}}, "TW0604", "既往[0].申报.出院时间（endtime）"),
    ])  # fmt: skip
    def test_refused(self, item: Any, code: str, place: str) -> None:
        assert refused(lambda: read_history([item], PROGRAM)) == [(code, place)]

    def test_all_problems_at_once(self) -> None:
        items = [{"撤销": 1}, {"申报": {"hosp_lv": "x"}}, {"结算": {}}]
        assert [c for c, _ in refused(lambda: read_history(items, PROGRAM))] == [
            "TW0618",
            "TW0605",
            "TW0501",
        ]

    @pytest.mark.parametrize("data", [{}, "x", None, 3])
    def test_a_history_is_a_list(self, data: Any) -> None:
        assert refused(lambda: read_history(data, PROGRAM)) == [("TW0618", "既往")]


class TestOrder:
    def test_openings_then_settlement_time_discharge_admission_and_id(self) -> None:
        items: list[HistoryItem] = [
            settled("D", date(2024, 5, 1)),
            settled("A", 出院时间=date(2024, 2, 1)),
            EarlierClaim(claimed(结算ID="C", 出院时间=date(2024, 6, 1), 结算时间=date(2024, 4, 1))),
            settled("B", datetime(2024, 4, 1, 0, 0)),
            Opening(2024, {}),
            settled("E", 入院时间=date(2024, 7, 1)),
        ]
        for arrangement in permutations(items):
            assert order(arrangement) == ["2024", "A", "B", "C", "D", "E"]

    def test_without_a_time_it_stays_behind_the_one_it_was_given_after(self) -> None:
        items = [
            settled("Z"),
            settled("B", date(2024, 5, 1)),
            settled("A"),
            settled("C", date(2024, 4, 1)),
        ]
        assert order(items) == ["Z", "C", "B", "A"]

    def test_a_reversal_takes_out_what_it_names(self) -> None:
        items: list[HistoryItem] = [Reversal("A"), settled("A"), settled("B"), settled("A2")]
        assert order(items) == ["B", "A2"]

    @pytest.mark.parametrize(
        "items",
        [[Reversal("A")], [settled("A"), Reversal("A"), Reversal("A")], [settled(), Reversal("")]],
    )
    def test_a_reversal_of_nothing(self, items: list[HistoryItem]) -> None:
        codes = refused(lambda: order(items))
        assert [code for code, _ in codes] == ["TW0613"]

    def test_a_settlement_twice(self) -> None:
        assert refused(lambda: order([settled("A"), settled("A")])) == [("TW0612", "既往[1]")]
        assert refused(lambda: order([settled("A")], claimed(结算ID="A"))) == [
            ("TW0612", "既往[0]")
        ]

    def test_an_encounter_repeats_only_where_settled_midway(self) -> None:
        midway = settled("A", date(2024, 1, 1), 就诊ID="1", 中途结算=True)
        final = settled("B", date(2024, 2, 1), 就诊ID="1")
        assert order([final, midway]) == ["A", "B"]
        unmarked = settled("A", date(2024, 1, 1), 就诊ID="1")
        assert refused(lambda: order([final, unmarked])) == [("TW0623", "既往[1]")]
        now = claimed(就诊ID="1", 结算时间=date(2024, 3, 1))
        assert refused(lambda: order([midway, final], now)) == [("TW0623", "既往[1]")]
        assert order([final, Reversal("B")], now) == []

    @pytest.mark.parametrize(
        ("then", "now", "late"),
        [
            (date(2024, 3, 2), date(2024, 3, 1), True),
            (date(2024, 3, 1), date(2024, 3, 1), False),
            (datetime(2024, 3, 1, 9), date(2024, 3, 1), False),
            (datetime(2024, 3, 1, 9), datetime(2024, 3, 1, 8), True),
            (date(2024, 3, 1), datetime(2024, 3, 1, 8), False),
        ],
    )
    def test_nothing_after_the_claim(self, then: date, now: date, late: bool) -> None:
        items, claim = [settled("A", then)], claimed(出院时间=now)
        if late:
            assert refused(lambda: order(items, claim)) == [("TW0611", "既往[0]")]
        else:
            assert order(items, claim) == ["A"]

    def test_totals_of_a_year_once(self) -> None:
        assert order([Opening(2023, {"统筹支付": 1}), Opening(2024, {"统筹支付": 1})]) == [
            "2023",
            "2024",
        ]
        items = [
            Opening(2024, {"统筹支付": 1}, {"住院": 1}),
            Opening(2024, {"统筹支付": 2}, {"住院": 1}),
        ]
        assert refused(lambda: order(items)) == [
            ("TW0617", "既往[1].统筹支付"),
            ("TW0617", "既往[1].次数.住院"),
        ]


_TIMES = st.integers(0, 400).map(lambda n: datetime(2024, 1, 1) + timedelta(hours=n))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_TIMES, st.booleans()), max_size=8), st.randoms())
def test_order_does_not_depend_on_the_order_given(
    times: list[tuple[datetime, bool]], random: Any
) -> None:
    items = [
        settled(f"S{index}", at) if kind else EarlierClaim(claimed(结算ID=f"S{index}", 出院时间=at))
        for index, (at, kind) in enumerate(times)
    ]
    shuffled = list(items)
    random.shuffle(shuffled)
    assert ordered(items, program=PROGRAM) == ordered(shuffled, program=PROGRAM)


def test_a_history_file_out_of_order_is_refused() -> None:
    later = {"申报": {"事项": "住院", "出院时间": "2024-03-05"}}
    earlier = {"申报": {"事项": "住院", "出院时间": "2024-02-05"}}
    with pytest.raises(Rejected) as refused:
        read_history([later, earlier], PROGRAM)
    assert [(d.code, d.place) for d in refused.value.diagnostics] == [("TW0611", "既往[1]")]
    assert len(read_history([earlier, later], PROGRAM)) == 2
