"""Two small towns over a grid of claims: every figure below is worked by hand."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.review.difference.towns import HILLS, PAIR, PLAIN, outcomes, town

from tiaowen.engine.decision import decide
from tiaowen.review.difference.outcomes import comparable
from tiaowen.review.difference.outcomes.boundaries import roundness
from tiaowen.review.difference.outcomes.comparing import _Grid
from tiaowen.review.difference.outcomes.merging import merged
from tiaowen.review.difference.outcomes.records import Cause, Compared, Outcomes, Witness
from tiaowen.review.difference.outcomes.stretching import simplest
from tiaowen.review.difference.records import MatterPair, Side


def one(found: Outcomes, grade: str, kind: str = "adult", place: str = "own") -> Compared:
    """The situation of a grade, a kind of person and a place."""
    for compared in found.compared:
        situation = compared.situation
        person = situation.person
        if (grade in situation.level.grades and kind in (person.kind, *person.alike)
                and situation.place == place):  # fmt: skip
            return compared
    raise LookupError((grade, kind, place))


def ranges(compared: Compared) -> list[tuple[str, int, int]]:
    return [(s.more, s.low, s.high) for s in compared.stretches]


def witness(found: Outcomes, cause: Cause) -> Witness:
    return next(w for w in found.witnesses if w.cause == cause)


# --- the grid


def test_grades_persons_and_places_that_no_rule_tells_apart_are_one() -> None:
    found = outcomes()
    levels = {compared.situation.level.grades for compared in found.compared}
    assert levels == {
        ("三级特等", "三级甲等", "三级乙等", "三级丙等"),
        ("二级甲等", "二级乙等", "二级丙等"),
        ("一级甲等", "一级乙等", "一级丙等", "无等级"),
    }
    persons = {c.situation.person.kind: c.situation.person.alike for c in found.compared}
    assert persons == {"adult": ("student", "minor", "newborn"), "elderly": ()}


def test_a_municipality_has_no_other_city_in_its_province() -> None:
    assert outcomes().impossible == (("province", "first"),)


def test_who_pays_more_from_where_to_where() -> None:
    # Hills 80% of what lies above 1,000, at most 20,000; Plain 70% of what lies above 500.
    # 0.8x − 800 = 0.7x − 350 at 4,500; Hills is full at 26,000; 0.7x − 350 = 20,000 at 29,071.43.
    found = one(outcomes(), "三级甲等")
    told = [(more, round(low, -3), round(high, -3)) for more, low, high in ranges(found) if more]
    assert told == [
        ("second", 50_000, 450_000),
        ("first", 450_000, 2_907_000),
        ("second", 2_907_000, 10_000_000),
    ]
    ahead = [s.most for s in found.stretches if s.more]
    # at 1,000 Plain pays 350 and Hills nothing; at 26,000 Hills 20,000 and Plain 17,850
    assert [(p.amount, p.first, p.second) for p in ahead[:2]] == [
        (100_000, 0, 35_000),
        (2_600_000, 2_000_000, 1_785_000),
    ]


def test_bends_name_what_causes_them_and_the_article() -> None:
    first, second = one(outcomes(), "三级甲等").kinks
    told = [(k.amount, k.quantity, k.threshold, k.rule.article if k.rule else "") for k in first]
    assert told == [
        (100_000, "起付线", 100_000, "第一条"),
        (2_600_000, "统筹支付", 2_000_000, "第二条"),
    ]
    assert [(k.amount, k.value) for k in second] == [(50_000, 0)]


def test_a_refusal_is_kept_with_its_reason() -> None:
    compared = one(outcomes(), "三级甲等", place="unfiled")
    assert compared.stretches == ()
    assert [(r.whose, r.causes) for r in compared.refused] == [("second", (("TW0503", "第一条"),))]
    assert all(p.second is None and p.first is not None for p in compared.points)
    # three levels, two kinds of persons, the one place without a filing
    refused = outcomes().refused[("second",), (("TW0503", "第一条"),)]
    assert len(refused) == 6


def test_a_policy_against_itself_differs_nowhere() -> None:
    found = outcomes(HILLS, HILLS)
    assert found.both > 0
    assert (found.differing, found.witnesses, found.variations) == (0, (), ())


def test_persons_with_equal_results_are_laid_out_as_one() -> None:
    columns = [[p.kind for p in group] for group in merged(outcomes().compared).columns]
    assert columns == [["adult"], ["elderly"]]
    columns = [[p.kind for p in g] for g in merged(outcomes(HILLS, HILLS).compared).columns]
    assert columns == [["adult"]]


# --- witnesses


def test_the_simplest_claim_for_each_cause() -> None:
    found = outcomes()
    deductible = witness(found, Cause("起付标准", ("第一条",), ("第一条",)))
    assert (deductible.amount, deductible.first.value, deductible.second.value) == (
        100_000, 0, 35_000,
    )  # fmt: skip
    assert deductible.others == ()
    assert next(p.quantity for p in deductible.steps if p.first and p.second) == "起付标准"
    # at a secondary hospital both deductibles are 500, so nothing but the ratio differs
    ratio = witness(found, Cause("支付比例", ("第二条",), ("第二条",)))
    assert (ratio.situation.level.grade, ratio.amount) == ("二级甲等", 1_000_000)
    assert (ratio.first.value, ratio.second.value) == (760_000, 665_000)
    cap = witness(found, Cause("统筹支付", ("第二条",), ()))
    assert (cap.first.value, cap.second.value) == (2_000_000, 3_465_000)


def test_a_fact_that_one_side_excludes() -> None:
    fight = witness(outcomes(), Cause("不予支付", (), ("第二条",)))
    assert fight.situation.fact == ("致病原因", "打架斗殴")
    assert (fight.first.value, fight.second.value) == (720_000, 0)


def test_every_difference_has_a_witness_and_every_witness_differs() -> None:
    found = outcomes()
    causes = {w.cause.quantity for w in found.witnesses}
    assert causes == {"起付标准", "支付比例", "统筹支付", "不予支付", ""}
    for w in found.witnesses:
        assert w.first.value != w.second.value


# --- laws


@settings(max_examples=60)
@given(
    st.sampled_from(["三级乙等", "二级丙等", "无等级", "一级甲等"]),
    st.sampled_from(["adult", "elderly"]),
    st.integers(1, 10_000_000),
)
def test_any_claim_falls_into_the_range_that_tells_of_it(
    grade: str, kind: str, amount: int
) -> None:
    """Also of a grade that another stands for: the grid leaves nothing out."""
    compared = one(outcomes(), grade, kind)
    grid = _grid()
    paid = []
    for side in grid.sides:
        claim = side.claim(compared.situation)
        fields = {**claim.fields, side.names["hosp_lv"]: grade}
        made = decide(side.program, side.at(type(claim)(claim.matter, fields), amount))
        value = made.values["基金支付总额"]
        assert isinstance(value, int)
        paid.append(value)
    stretch = next(s for s in compared.stretches if s.low <= amount <= s.high)
    more = "" if paid[0] == paid[1] else "first" if paid[0] > paid[1] else "second"
    assert more == stretch.more or abs(paid[0] - paid[1]) <= 1  # a 分 of rounding near a crossing
    assert abs(paid[0] - paid[1]) <= abs(stretch.most.gap or 0) + 1


@cache
def _grid() -> _Grid:
    return _Grid(Side(town(HILLS)), Side(town(PLAIN)), PAIR, ({}, {}), None)


def test_only_matters_that_settle_care_are_compared() -> None:
    program = town(HILLS)
    assert comparable([PAIR, MatterPair("住院", "", "住院结算", "")], program) == (PAIR,)


@given(st.integers(0, 10_000_000), st.integers(2, 10_000_000))
def test_an_amount_between_two_bends_is_the_roundest(low: int, wide: int) -> None:
    high = low + wide
    found = simplest(low, high)
    assert low < found < high
    size = 10 ** roundness(found)
    assert low // (10 * size) == (high - 1) // (10 * size)  # no rounder one lies between


def test_amounts_between_bends_by_hand() -> None:
    assert simplest(20_000, 30_000) == 25_000
    assert simplest(0, 100_000) == 50_000
    assert simplest(7, 8) == 8
