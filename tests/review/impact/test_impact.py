"""Five stays under a policy and a draft of it, the amounts worked by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tiaowen.apps.programs import load_program
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.batch.job import Options, built
from tiaowen.engine.batch.sources import connect, open_source
from tiaowen.review.impact import Impact, Settlement, effects, figures
from tiaowen.review.impact.effects import joint
from tiaowen.review.impact.records import Policy

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
        "begntime": "2024-03-01 09:00", "endtime": f"2024-03-0{int(number) + 1} 10:00",
        "psn_type": "1501", "insuplc_admdvs": "139001", "mdtrtarea_admdvs": "139001",
        "brdy": "1950-01-01", "weight": 2,
        "feedetail": [{"det_item_fee_sumamt": amount, "chrgitm_lv": "01", "list_type": "101"}],
        **other,
    }  # fmt: skip


STAYS = [
    stay("a", "1", "1000"),                           # 70% of 900 = 630; draft 80% of 800 = 640
    stay("b", "2", "150", hosp_lv="05"),              # 70% of 50 = 35; draft: below the deductible
    stay("b", "3", "9000", mdtrtarea_admdvs="110000"),  # 6,230, of which 5,965 are left; 5,000
    stay("c", "4", "500", hosp_lv="99"),              # no such grade: refused by both
    stay("d", "5", "600", begntime="2024-03-07 09:00"),  # ends before it begins
]  # fmt: skip


@pytest.fixture
def settled(tmp_path: Path) -> tuple[Path, list[Path]]:
    pq.write_table(pa.Table.from_pylist(STAYS), tmp_path / "claims.parquet")
    base = policy(tmp_path, "base", deductible=100, ratio=70, cap=6000)
    draft = policy(tmp_path, "draft", deductible=200, ratio=80, cap=5000)
    return tmp_path / "claims.parquet", [base, draft]


def impact(claims: Path, policies: list[Path], **options: Any) -> Impact:
    programs = [load_program(path) for path in policies]
    connection = connect("1GB", 1, claims.parent)
    source = open_source(connection, str(claims))
    pairs = [built(p, connection, source, None, Options(str(claims), "")) for p in programs]
    settlements = [
        Settlement(key, program, pair[1])
        for key, program, pair in zip(("base", "1"), programs, pairs, strict=True)
    ]
    weight = options.pop("weight", "")
    batches = effects(
        connection, joint([p[0] for p in pairs]), settlements, lambda count: None, weight=weight
    )
    connection.register("told", pa.Table.from_batches(list(batches)))
    drafts = [Policy("1", "draft", "", True)]
    return figures(
        connection,
        "told",
        Policy("base", "base", "", False),
        drafts,
        weighted=bool(weight),
        **options,
    )


def test_the_funds_and_the_people(settled: tuple[Path, list[Path]]) -> None:
    found = impact(*settled)
    (only,) = found.comparisons
    assert (found.claims, found.people) == (5, 4)
    # before: 630 + 35 + 5,965 = 6,630; after: 640 + 0 + 5,000 = 5,640
    assert (only.total.claims, only.total.fund_before, only.total.fund_after) == (
        3,
        663_000,
        564_000,
    )
    # a pays 370, then 360; b pays 115 + 3,035, then 150 + 4,000
    assert (only.total.own_before, only.total.own_after) == (352_000, 451_000)
    assert (only.winners.people, only.winners.total) == (1, 1_000)
    assert (only.losers.people, only.losers.total, only.losers.mean) == (1, 100_000, 100_000)
    assert only.unchanged == 0
    assert [b.people for b in only.bins if b.people] == [1, 1]
    assert [(c.person, c.own_before, c.own_after, c.encounter) for c in only.most_changed] == [
        ("b", 315_000, 415_000, "3"),
        ("a", 37_000, 36_000, "1"),
    ]
    assert only.interval is None


def test_who_is_refused_is_counted(settled: tuple[Path, list[Path]]) -> None:
    (only,) = impact(*settled).comparisons
    refusals = only.refusals
    assert (refusals.both, refusals.base_only, refusals.draft_only, refusals.neither) == (
        3,
        0,
        0,
        2,
    )
    assert set(refusals.codes) == {
        (side, code, 1) for side in ("base", "1") for code in ("TW0605", "TW0607")
    }


def test_caps_deductibles_and_groups(settled: tuple[Path, list[Path]]) -> None:
    (only,) = impact(*settled).comparisons
    # the cap cuts b's second stay before and after
    assert (only.newly_cut, only.no_longer_cut, only.newly_deducted) == (0, 0, 0)
    groups = {b.dimension: {row.label: row.claims for row in b.rows} for b in only.breakdowns}
    assert groups["level"] == {"02": 2, "05": 1}
    assert groups["place"] == {"area": 2, "elsewhere": 1}
    assert groups["age"] == {"60–74": 3}
    assert groups["matter"] == {"住院": 3}
    assert groups["kind"] == {"15": 3}
    for breakdown in only.breakdowns:
        assert sum(row.fund_after for row in breakdown.rows) == only.total.fund_after


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
    (only,) = impact(claims, [policies[0], strict]).comparisons
    refusals = only.refusals
    assert (refusals.both, refusals.base_only, refusals.neither) == (2, 1, 2)
    assert ("1", "TW0503", 1) in refusals.codes
    # b's first stay leaves nothing behind under the draft: the second may use 6,000 whole
    assert only.total.fund_after - only.total.fund_before == 600_000 - 596_500


def test_a_sample_is_weighted_and_has_an_interval(settled: tuple[Path, list[Path]]) -> None:
    (only,) = impact(*settled, weight="weight", sample=50).comparisons
    assert (only.total.claims, only.total.weight) == (3, 6)
    assert only.total.fund_after - only.total.fund_before == 2 * -99_000
    assert only.interval is not None
    assert only.interval.low <= -198_000 <= only.interval.high
    with pytest.raises(Rejected) as caught:
        impact(*settled, weight="psn_no")
    assert [d.code for d in caught.value.diagnostics] == ["TW1345"]
