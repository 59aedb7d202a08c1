"""``tiaowen summary`` from the outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.apps.conftest import Ran

POLICIES = Path(__file__).parents[2] / "policies"


def test_a_policy_is_summed_up(tiaowen: Callable[..., Ran], tmp_path: Path) -> None:
    ran = tiaowen("summary", POLICIES / "langfang" / "resident-2024-draft.md")
    assert ran.code == 0
    assert "〔第十六条第（六）项第3段〕" in ran.out
    page = tmp_path / "page.html"
    assert tiaowen("summary", POLICIES / "langfang", "--format", "html", "-o", page).code == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_folder_gives_every_policy_in_it(tiaowen: Callable[..., Ran]) -> None:
    ran = tiaowen("summary", POLICIES, "--format", "json")
    assert [p["policy"]["region"] for p in json.loads(ran.out)] == [
        "500000", "500000", "370100", "131000", "512000"
    ]  # fmt: skip


def test_html_is_of_one_policy(tiaowen: Callable[..., Ran]) -> None:
    ran = tiaowen("summary", POLICIES, "--format", "html")
    assert ran.code == 2
    assert "HTML" in ran.err


def test_what_cannot_be_read_is_said(tiaowen: Callable[..., Ran], tmp_path: Path) -> None:
    assert "TW0701" in tiaowen("summary", tmp_path / "none.md").err
    ran = tiaowen("summary", tmp_path)
    assert ran.code == 2
    assert "没有政策" in ran.err
