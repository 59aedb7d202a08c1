"""``tiaowen cover`` as a user meets it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"
POLICIES = Path(__file__).parents[2] / "policies"
Run = Callable[..., Any]


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    for name in ("clinic.md", "words.tiao"):
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path / "clinic.md"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_policy_that_explains_its_text(tiaowen: Run) -> None:
    ran = tiaowen("cover", POLICIES / "langfang")
    assert ran.code == 0
    assert ran.err == ""
    assert "未说明" in ran.out
    assert "没有说明的" not in ran.out


def test_a_figure_that_nothing_explains(tiaowen: Run, clinic: Path) -> None:
    edit(clinic, "起付标准200元，", "起付标准200元，另收888元，")
    ran = tiaowen("cover", clinic)
    assert ran.code == 1
    assert "〔第一条〕 888元" in ran.out
    assert "TW0405" in ran.err


def test_a_sentence_that_nothing_explains(tiaowen: Run, clinic: Path) -> None:
    edit(clinic, "### 第二条", "### 第三条\n\n外伤最多888元。\n\n### 第二条")
    ran = tiaowen("cover", clinic)
    assert ran.code == 1
    assert "〔第三条〕 外伤最多888元。" in ran.out
    assert "TW0403" in ran.err


def test_a_reason_that_does_not_suffice(tiaowen: Run, clinic: Path) -> None:
    aside = '### 第三条\n\n外伤最多888元。\n\n```tiao\n不编码 "无计算内容"\n```\n\n### 第二条'
    edit(clinic, "### 第二条", aside)
    ran = tiaowen("cover", clinic)
    assert ran.code == 1
    assert "TW0404" in ran.err


def test_below_a_folder_only_what_has_a_text(tiaowen: Run, clinic: Path) -> None:
    ran = tiaowen("cover", clinic.parent, "--format", "json")
    (regulation,) = json.loads(ran.out)["regulations"]
    assert regulation["file"].endswith("clinic.md")


def test_nothing_to_check_is_bad_input(tiaowen: Run, tmp_path: Path) -> None:
    ran = tiaowen("cover", tmp_path)
    assert ran.code == 2
    assert "没有条文" in ran.err
    assert tiaowen("cover", tmp_path / "none.md").code == 2


def test_a_policy_with_errors_is_not_passed(tiaowen: Run, clinic: Path) -> None:
    edit(clinic, "起付线 减 100元", "起付浅 减 100元")
    ran = tiaowen("cover", clinic)
    assert ran.code == 1
    assert "TW0" in ran.err


def test_the_page_goes_to_a_file(tiaowen: Run, clinic: Path, tmp_path: Path) -> None:
    page = tmp_path / "cover.html"
    ran = tiaowen("cover", clinic, "--format", "html", "-o", page, "--lang", "en")
    assert ran.out == ""
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert tiaowen("cover", clinic, "-o", tmp_path / "no" / "where").code == 2


def test_an_unknown_format_is_refused_in_words(tiaowen: Run, clinic: Path) -> None:
    ran = tiaowen("cover", clinic, "--format", "htm")
    assert ran.code == 2
    assert "html" in ran.err
