"""``tiaowen whatif`` from the outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.apps.conftest import Ran

ROOT = Path(__file__).parents[2]
POLICY = ROOT / "policies" / "langfang" / "resident-2024-draft.md"
STAY = ROOT / "examples" / "langfang-out-of-area.json"
ASKED = ("whatif", "住院", STAY, "--policy", POLICY, "--no-pairs")


def test_the_effects_are_told_with_their_articles(tiaowen: Callable[..., Ran]) -> None:
    ran = tiaowen(*ASKED, "--limit", "2")
    assert (ran.code, ran.err) == (0, "")
    assert "个人负担 4,100.35元。" in ran.out
    assert "· +2,131.82元  医院等级 三级甲等 → 一级甲等、一级乙等、一级丙等或无等级" in ran.out
    assert "支付比例 60% → 90%" in ran.out
    assert "可用 --both 列出" in ran.out
    assert "没有成对地试" in ran.out


def test_data_and_pages_are_written(tiaowen: Callable[..., Ran], tmp_path: Path) -> None:
    ran = tiaowen(*ASKED, "--format", "json", "--of", "hifp_pay", "--fix", "hosp_lv")
    data = json.loads(ran.out)
    assert data["measure"]["line"] == "统筹支付"
    assert data["certain"] == ["医院等级"]
    assert max(way["gain"] for way in data["better"]) == 54000
    page = tmp_path / "page.md"
    assert tiaowen(*ASKED, "--format", "markdown", "--lang", "en", "-o", page).out == ""
    assert "## Better for the person" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--of", "统筹支"), "是否为“统筹支付”"),
        (("--fix", "医院级"), "是否为“医院等级”"),
        (("--limit", "0"), "--limit"),
        (("--format", "pdf"), "“pdf”不可用"),
        (("--history", "nowhere.json"), "nowhere.json"),
    ],
)
def test_mistakes_are_told(
    tiaowen: Callable[..., Ran], options: tuple[str, ...], told: str
) -> None:
    ran = tiaowen(*ASKED, *options)
    assert ran.code == 2
    assert ran.out == ""
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_a_claim_that_is_not_decided(tiaowen: Callable[..., Ran], tmp_path: Path) -> None:
    data = json.loads(STAY.read_text(encoding="utf-8"))
    del data["备案"]
    unfiled = tmp_path / "unfiled.json"
    unfiled.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    ran = tiaowen("whatif", "住院", unfiled, "--policy", POLICY, "--no-pairs", "--lang", "en")
    assert ran.code == 1
    assert "It would be decided with" in ran.out
    assert "a filing was made" in ran.out
    assert "TW0503" in ran.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_is_in_one_language(tiaowen: Callable[..., Ran], lang: str) -> None:
    ran = tiaowen("whatif", "--help", "--lang", lang)
    assert ran.code == 0
    chinese = any("一" <= char <= "鿿" for char in ran.out)
    assert chinese is (lang == "zh")
