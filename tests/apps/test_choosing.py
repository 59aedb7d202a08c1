"""Without --policy the right one of the shipped policies decides, or none does."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tiaowen.apps.choosing import choose, shipped
from tiaowen.apps.recorded import find_policy
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.dsl.render import render_text

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Policies of three places, two periods and a draft, with one vocabulary."""
    top = tmp_path_factory.mktemp("policies")
    shutil.copy(DATA / "words.tiao", top / "vocabulary.tiao")
    for name, region, insurance, begins in (
        ("langfang-2019", "131000", "390", "2019-01-01"),
        ("langfang-2024", "131000", "390", "2024-01-01"),
        ("langfang-workers", "131000", "310", "2024-01-01"),
        ("langfang-draft", "131000", "390", "未定"),
        ("ziyang-draft", "512000", "390", "未定"),
        ("sanhe", "131082", "310", "2024-01-01"),
    ):
        (top / f"{name}.md").write_text(
            f"---\n政策: {name}\n地区: {region}\n险种: [{insurance}]\n施行: {begins}\n"
            + ("" if begins == "未定" else "有效期: 5年\n") + "---\n", encoding="utf-8"
        )  # fmt: skip
    (top / "README.md").write_text("no policy", encoding="utf-8")
    return top


def claim(**changes: object) -> dict[str, Any]:
    return {"参保地": "131081", "insutype": "390", "出院日期": "2024-05-01", **changes}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (claim(), "langfang-2024"),
        (claim(出院日期="2023-12-31"), "langfang-2019"),
        (claim(insutype="职工"), "langfang-workers"),
        ({"就诊": claim()}, "langfang-2024"),
    ],
)
def test_region_insurance_and_date_choose(folder: Path, data: Any, name: str) -> None:
    assert choose(data, None, folder).stem == name


def test_the_day_asked_for_goes_before_the_claims(folder: Path) -> None:
    assert choose(claim(), date(2020, 1, 1), folder).stem == "langfang-2019"


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (claim(参保地="110000"), "TW0506", "参保地110000、险种390、2024-05-01"),
        ({}, "TW0506", "参保地（未填）、险种（未填）"),
        ([], "TW0506", "（未填）"),
        (claim(参保地="131082", insutype="310"), "TW0507", "langfang-workers"),
        (claim(出院日期="2018-01-01"), "TW0505", "2019-01-01起至2023-12-31"),
        (claim(参保地="512000"), "TW0515", "ziyang-draft"),
    ],
)
def test_where_none_or_several_fit_there_is_no_guess(folder: Path, data: Any, code: str,
                                                     said: str) -> None:  # fmt: skip
    with pytest.raises(Rejected) as caught:
        choose(data, None, folder)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert said in render_text([found], "zh", False, 200)


def test_a_decision_names_its_policy_by_title(folder: Path) -> None:
    found = find_policy({"policy": {"title": "sanhe", "digest": ""}}, folder)
    assert found.stem == "sanhe"
    others: list[Any] = [{"policy": {"title": "北京"}}, {"policy": 3}, {}, []]
    for data in others:
        with pytest.raises(Rejected):
            find_policy(data, folder)


def test_every_shipped_policy_describes_itself() -> None:
    found = list(shipped())
    assert found
    assert all(p.front.title and p.front.region and p.front.insurance for p in found)
