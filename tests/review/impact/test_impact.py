"""Eleven stays under a policy and a draft of it, every amount worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tiaowen.apps.programs import load_program
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.review.impact import Asking, Impact, Population, Side, chosen, measure, records
from tiaowen.review.impact.records import Comparison, Crossing, Fund

HEAD = """---
政策: 小镇住院待遇规定
地区: 139000
险种: [390]
施行: 2024-01-01
引用: vocabulary.tiao
---

### 第一条

住院起付标准为{deductible}元，支付比例为{ratio}%。年度最高支付限额为{cap}元。{town}

```tiao
事项 住院 按 住院结算 当 医疗类别 属于 住院类
起付标准 = {deductible}元
支付比例 = {ratio}%
统筹支付 不高于 较大(0元, {cap}元 - 本年累计(统筹支付))
每项 先行自付比例 = 0%
{rule}```
"""


def policy(folder: Path, name: str, **figures: Any) -> Path:
    """A policy of one article in a folder of its own with the vocabulary."""
    path = folder / f"{name}.md"
    given = {"town": "", "rule": "", **figures}
    path.write_text(HEAD.format(**given), encoding="utf-8")
    (folder / "vocabulary.tiao").write_text(
        Path("policies/vocabulary.tiao").read_text(encoding="utf-8"), encoding="utf-8"
    )
    return path


def stay(person: str, number: str, amount: str, **other: Any) -> dict[str, Any]:
    return {
        "psn_no": person, "mdtrt_id": number, "med_type": "21", "hosp_lv": "02",
        "begntime": "2024-03-01 09:00", "endtime": f"2024-03-{int(number) + 1:02d} 10:00",
        "psn_type": "1501", "insuplc_admdvs": "139001", "mdtrtarea_admdvs": "139001",
        "brdy": "1950-01-01",
        "feedetail": [{"det_item_fee_sumamt": amount, "chrgitm_lv": "01", "list_type": "101"}],
        **other,
    }  # fmt: skip


STAYS = [
    stay("a", "1", "1000"),                             # 70% of 900 = 630; 80% of 800 = 640
    stay("a", "10", "200"),                             # 70% of 100 = 70; nothing
    stay("b", "2", "150", hosp_lv="05"),                # 70% of 50 = 35; nothing
    stay("b", "3", "9000", mdtrtarea_admdvs="110000"),  # 6,230 of 5,965 left; 7,040 of 5,000
    stay("c", "4", "500", hosp_lv="99"),                # no such grade: refused by both
    stay("d", "5", "600", begntime="2024-03-07 09:00"),  # ends before it begins
    stay("e", "6", "7200", brdy="2010-05-01", psn_type="1402"),  # 4,970; 5,600 of 5,000
    stay("f", "7", "80", brdy="1974年1月1日", hosp_lv="二级甲等"),  # nothing, nothing
    stay("g", "8", "300", mdtrtarea_admdvs="130100"),   # 70% of 200 = 140; 80% of 100 = 80
    stay("h", "9", "1100", brdy=None, psn_type=None),   # 70% of 1,000 = 700; 80% of 900 = 720
    stay("i", "11", "150", hosp_lv="05"),               # 35; nothing
]  # fmt: skip
"""The base has a deductible of 100, 70% and at most 6,000 a year; the draft 200, 80% and 5,000.

What people pay, before and after: a 370 + 130 = 500, 360 + 200 = 560; b 115 + 3,035 = 3,150,
150 + 4,000 = 4,150; e 2,230, 2,200; f 80, 80; g 160, 220; h 400, 380; i 115, 150."""
YUAN = 100


@pytest.fixture
def settled(tmp_path: Path) -> tuple[Path, list[Path]]:
    pq.write_table(pa.Table.from_pylist(STAYS), tmp_path / "claims.parquet")
    base = policy(tmp_path, "base", deductible=100, ratio=70, cap=6000)
    draft = policy(tmp_path, "draft", deductible=200, ratio=80, cap=5000)
    return tmp_path / "claims.parquet", [base, draft]


def impact(claims: Path, policies: list[Path], **asking: Any) -> Impact:
    sides = [Side(load_program(path), path.name) for path in policies]
    return measure(sides, Population(str(claims)), Asking(threads=1, **asking)).impact


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Impact:
    """The impact of the draft, worked out once."""
    folder = tmp_path_factory.mktemp("impact")
    pq.write_table(pa.Table.from_pylist(STAYS), folder / "claims.parquet")
    base = policy(folder, "base", deductible=100, ratio=70, cap=6000)
    draft = policy(folder, "draft", deductible=200, ratio=80, cap=5000)
    return impact(folder / "claims.parquet", [base, draft])


def only(found: Impact) -> Comparison:
    (compared,) = found.comparisons
    return compared


def test_the_funds_and_the_people(found: Impact) -> None:
    assert (found.claims, found.people, found.weighted) == (11, 9, False)
    total = only(found).total
    # before: 630 + 70 + 35 + 5,965 + 4,970 + 0 + 140 + 700 + 35; after: 640 + 5,000 + 5,000 + 80
    # + 720
    assert (total.claims, total.fund_before, total.fund_after) == (
        9, 12_545 * YUAN, 11_440 * YUAN,
    )  # fmt: skip
    assert (total.own_before, total.own_after) == (6_635 * YUAN, 7_740 * YUAN)
    # e pays 30 less, h 20; a and g 60 more, i 35, b 1,000: 1,155 / 4 = 288.75
    assert total.winners == records.Side(2, 50 * YUAN, 25 * YUAN, 30 * YUAN)
    assert total.losers == records.Side(4, 1_155 * YUAN, 28_875, 1_000 * YUAN)
    assert total.unchanged == 1
    bins = {(b.low, b.high): b.people for b in only(found).bins if b.people}
    assert bins == {(-10_000, 0): 2, (0, 10_000): 3, (100_000, 300_000): 1}
    assert only(found).funds == (Fund("hifp_pay", "统筹支付", 8, 5, 12_545 * YUAN, 11_440 * YUAN),)
    assert [(c.person, c.own_before // YUAN, c.own_after // YUAN, c.encounter)
            for c in only(found).most_changed] == [
        ("b", 3_150, 4_150, "3"), ("a", 500, 560, "10"), ("g", 160, 220, "8"),
        ("i", 115, 150, "11"), ("e", 2_230, 2_200, "6"), ("h", 400, 380, "9"),
    ]  # fmt: skip


def test_who_is_refused_is_counted_with_what_it_cost(found: Impact) -> None:
    refusals = only(found).refusals
    assert (refusals.both, refusals.base_only, refusals.draft_only, refusals.neither) == (
        9, 0, 0, 2,
    )  # fmt: skip
    assert refusals.neither_billed == (500 + 600) * YUAN
    reasons = {(r.side, r.code, r.claims, r.billed, r.example) for r in refusals.reasons}
    assert reasons == {
        (side, *told) for side in ("base", "1")
        for told in (("TW0605", 1, 500 * YUAN, "4"), ("TW0607", 1, 600 * YUAN, "5"))
    }  # fmt: skip


def test_caps_and_deductibles_are_met_by_people(
    found: Impact, settled: tuple[Path, list[Path]]
) -> None:
    """The cap cuts b by 265, then by 2,040, and e by 600; f and then i are paid nothing."""
    claims, policies = settled
    cut, deducted, unpaid = only(found).crossings
    assert cut == Crossing("cut", 1, 2, 1, 0, 265 * YUAN, 2_640 * YUAN)
    # before 100 a stay but f's 80; after 200 but b's and i's 150 and f's 80
    assert deducted == Crossing("deducted", 7, 7, 0, 0, 880 * YUAN, 1_580 * YUAN)
    assert unpaid == Crossing("unpaid", 1, 2, 1, 0, 80 * YUAN, 230 * YUAN)
    free = policy(claims.parent, "free", deductible=0, ratio=70, cap=6000)
    _, deducted, unpaid = only(impact(claims, [free, policies[0]])).crossings
    assert (deducted.newly, deducted.no_longer, unpaid.newly) == (7, 0, 1)
    _, deducted, _ = only(impact(claims, [policies[0], free])).crossings
    assert (deducted.newly, deducted.no_longer) == (0, 7)


def test_groups(found: Impact) -> None:
    compared = only(found)
    groups = {b.dimension: {row.label: row.claims for row in b.rows} for b in compared.breakdowns}
    assert groups == {
        "matter": {"住院": 9},
        "level": {"02": 6, "05": 3},
        "age": {"": 1, "0–17": 1, "45–59": 1, "60–74": 6},
        "kind": {"": 1, "14": 1, "15": 7},
        "place": {"area": 7, "elsewhere": 1, "province": 1},
        # 80, 150 twice, 200, 300, 1,000, 1,100, 7,200, 9,000: claims of one cost stay together
        "decile": {"01": 1, "02": 2, "04": 1, "05": 1, "06": 1, "07": 1, "08": 1, "09": 1},
    }
    for breakdown in compared.breakdowns:
        assert sum(row.fund_after for row in breakdown.rows) == compared.total.fund_after
        assert sum(row.own_before for row in breakdown.rows) == compared.total.own_before
    low = next(r for b in compared.breakdowns if b.dimension == "level" for r in b.rows
               if r.label == "05")  # fmt: skip
    # b and i pay 150 for 115; f pays 80 as before
    assert (low.fund_before, low.fund_after) == (70 * YUAN, 0)
    assert (low.winners.people, low.unchanged) == (0, 1)
    assert low.losers == records.Side(2, 70 * YUAN, 35 * YUAN, 35 * YUAN)


def test_a_claim_that_one_side_alone_settles(settled: tuple[Path, list[Path]]) -> None:
    claims, policies = settled
    town = "一百五十元以下的住院不予规定。"
    rule = (
        "统筹支付 = 应付统筹 当 医疗费总额 > 150元\n"
        '统筹支付 无规定 "小额住院没有规定" 当 医疗费总额 ≤ 150元\n'
    )
    strict = policy(
        claims.parent, "strict", deductible=100, ratio=70, cap=6000, town=town, rule=rule
    )
    found = only(impact(claims, [policies[0], strict]))
    refusals = found.refusals
    # b's and i's stay of 150 and f's of 80, for which the base pays 35, 35 and nothing
    assert (refusals.both, refusals.base_only, refusals.neither) == (6, 3, 2)
    assert (refusals.base_only_fund, refusals.draft_only_fund) == (70 * YUAN, 0)
    (small,) = (r for r in refusals.reasons if r.side == "1" and r.code == "TW0503")
    assert (small.claims, small.billed, small.field) == (3, 380 * YUAN, "统筹支付")
    # b's first stay leaves nothing behind under the draft: the second may use 6,000 whole
    assert found.total.fund_after - found.total.fund_before == (6_000 - 5_965) * YUAN
    swapped = only(impact(claims, [strict, policies[0]])).refusals
    assert (swapped.draft_only, swapped.draft_only_fund) == (3, 70 * YUAN)


def weighted(path: Path, weights: dict[str, Any], kind: pa.DataType) -> Path:
    table = pa.Table.from_pylist(STAYS)
    column = [weights.get(stay["psn_no"], weights[""]) for stay in STAYS]
    pq.write_table(table.append_column("x", pa.array(column, kind)), path)
    return path


def test_a_sample_stands_for_its_population(
    found: Impact, settled: tuple[Path, list[Path]]
) -> None:
    """Of a there are 1.5, of b 2, of anyone else 1."""
    claims, policies = settled
    path = weighted(claims.with_name("x.parquet"), {"a": 1.5, "b": 2, "": 1}, pa.float64())
    sample = impact(path, policies, weight="x", samples=200)
    # claims: 2 of a are 3, 2 of b are 4, 7 others; people: 1.5 + 2 + 7 = 10.5
    assert (sample.claims, sample.claims_weight, sample.people_weight) == (11, 14, 11)
    total = only(sample).total
    # 700 × 1.5 + 6,000 × 2 + 4,970 + 140 + 700 + 35; 640 × 1.5 + 5,000 × 2 + 5,000 + 80 + 720
    assert (total.fund_before, total.fund_after) == (18_895 * YUAN, 16_760 * YUAN)
    # 1.5 + 2 + 1 + 1 = 5.5 people pay 90 + 2,000 + 60 + 35 = 2,185 more; 2,185 / 5.5 = 397.27
    assert (total.losers.people, total.losers.total, total.losers.mean) == (6, 218_500, 39_727)
    assert total.losers.most == 1_000 * YUAN
    assert total.interval is not None
    assert total.interval.low <= total.fund_after - total.fund_before <= total.interval.high
    # nobody adds more to the funds' payments than e and h, 30 + 20, drawn 8 times each
    assert total.interval.high <= 8 * 50 * YUAN
    again = only(impact(path, policies, weight="x", samples=200)).total
    assert again == total
    assert only(found).total.interval is None


@pytest.mark.parametrize(
    ("weights", "kind", "code"),
    [
        ({"": 0}, pa.int64(), "TW1345"),
        ({"": 1, "a": -2}, pa.int64(), "TW1345"),
        ({"": 1, "a": None}, pa.int64(), "TW1345"),
        ({"": "much"}, pa.string(), "TW1345"),
        ({"": float("nan")}, pa.float64(), "TW1345"),
        ({"": "0.1234567"}, pa.string(), "TW1345"),
        ({"": 1_000_001}, pa.int64(), "TW1345"),
        ({"": date(2024, 1, 1)}, pa.date32(), "TW1345"),
    ],
)
def test_weights_that_cannot_be_used(
    settled: tuple[Path, list[Path]], weights: dict[str, Any], kind: pa.DataType, code: str
) -> None:
    claims, policies = settled
    path = weighted(claims.with_name("x.parquet"), weights, kind)
    with pytest.raises(Rejected) as caught:
        impact(path, policies, weight="x")
    assert [d.code for d in caught.value.diagnostics] == [code]


def test_a_person_has_one_weight(settled: tuple[Path, list[Path]]) -> None:
    claims, policies = settled
    table = pa.Table.from_pylist([{**stay, "x": 1 + n} for n, stay in enumerate(STAYS)])
    pq.write_table(table, claims)
    for column, code in (("x", "TW1361"), ("y", "TW1345")):
        with pytest.raises(Rejected) as caught:
            impact(claims, policies, weight=column)
        assert [d.code for d in caught.value.diagnostics] == [code]


def test_the_order_of_the_file_changes_nothing(
    found: Impact, settled: tuple[Path, list[Path]]
) -> None:
    claims, policies = settled
    pq.write_table(pa.Table.from_pylist(STAYS[::-1]), claims)
    assert only(impact(claims, policies)) == only(found)


def test_the_same_policy_twice_changes_nothing(settled: tuple[Path, list[Path]]) -> None:
    claims, (base, _) = settled
    found = only(impact(claims, [base, base]))
    assert found.total.fund_before == found.total.fund_after == 12_545 * YUAN
    assert (found.total.winners, found.total.losers) == (records.NOBODY, records.NOBODY)
    assert (found.total.unchanged, found.most_changed) == (7, ())


def test_readings_go_to_the_policies_that_have_them() -> None:
    langfang = load_program("policies/langfang/resident-2024-draft.md")
    jinan = load_program("policies/jinan/basic-2012.md")
    assert chosen(["转院连续=同日"], [langfang, jinan]) == [{"转院连续": "同日"}, {}]
    with pytest.raises(Rejected) as caught:
        chosen(["转院联续=同日"], [langfang, jinan])
    assert [d.code for d in caught.value.diagnostics] == ["TW1362"]


def test_lines_of_their_own_and_totals_from_before(settled: tuple[Path, list[Path]]) -> None:
    """a has had 5,900 of the 6,000 paid before: the base pays 100 of 630, then nothing of 70; of
    the draft's 5,000 nothing is left. The reasons start from the same totals."""
    claims, policies = settled
    table = pa.Table.from_pylist([s for s in STAYS if s["psn_no"] in "ab"])
    lines = [{"mdtrt_id": s["mdtrt_id"], **s["feedetail"][0]} for s in table.to_pylist()]
    pq.write_table(table.drop_columns(["feedetail"]), claims)
    for name, rows in (("lines", lines),
                       ("before", [{"psn_no": "a", "year": 2024, "hifp_pay": "5900"}])):  # fmt: skip
        pq.write_table(pa.Table.from_pylist(rows), claims.with_name(f"{name}.parquet"))
    lines_file, before = (str(claims.with_name(f"{n}.parquet")) for n in ("lines", "before"))
    sides = [Side(load_program(path)) for path in policies]
    found = measure(sides, Population(str(claims), lines_file, before), Asking(threads=1))
    total = only(found.impact).total
    # b as ever: 35 + 5,965, then 5,000
    assert (total.fund_before, total.fund_after) == (6_100 * YUAN, 5_000 * YUAN)
    assert [(r.encounter, r.quantity, r.before, r.after) for r in found.reasons] == [
        ("3", "起付标准", 100 * YUAN, 200 * YUAN), ("1", "起付标准", 100 * YUAN, 200 * YUAN),
    ]  # fmt: skip
