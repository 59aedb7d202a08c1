"""Without --policy the right one of the shipped policies decides, or none does."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tiaowen.apps.choosing import choose, shipped, version_then
from tiaowen.apps.programs import load_program
from tiaowen.apps.recorded import find_policy
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.dsl.render import render_text
from tiaowen.engine.claims.json_text import read_json
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.decision import decide, open_frame
from tiaowen.engine.frames import Claim
from tiaowen.engine.interpreter import value_of

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


CLAIMED = {
    "事项": "住院", "参保地": "131081", "险种": "城乡居民", "医院等级": "二级",
    "出院日期": "2023-06-01", "明细": [{"金额": "1000"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of one policy with different deductibles, and a gap between them."""
    top = tmp_path_factory.mktemp("versions")
    shutil.copy(DATA / "words.tiao", top / "vocabulary.tiao")
    for name, begins, deductible in (
        ("old", "2018-01-01", "100元"),
        ("new", "2024-01-01", "300元"),
    ):
        (top / f"{name}.md").write_text(
            f"---\n政策: {name}\n地区: 131000\n险种: [390]\n施行: {begins}\n有效期: 5年\n"
            "引用: vocabulary.tiao\n---\n\n### 第一条\n\n"
            f"起付标准{deductible}，按50%支付。\n\n"
            f"```tiao\n事项 住院 按 住院结算\n起付线 = {deductible}\n支付比例 = 50%\n"
            "统筹支付 = (合计(每项 金额) - 起付线) × 支付比例\n```\n",
            encoding="utf-8",
        )
    return top


@pytest.mark.parametrize(("day", "title"), [("2024-01-01", "new"), ("2022-12-31", "old")])
def test_an_earlier_claim_goes_by_the_version_in_force_then(
    versions: Path, day: str, title: str
) -> None:
    program = load_program(versions / "new.md")
    then = version_then(program, versions)
    earlier = read_claim({**CLAIMED, "出院日期": day}, program, None)
    assert then(earlier).identity.title == title


def test_an_earlier_claim_of_a_gap_is_refused(versions: Path) -> None:
    program = load_program(versions / "new.md")
    with pytest.raises(Rejected) as caught:
        version_then(program, versions)(read_claim(CLAIMED, program, None))
    assert [d.code for d in caught.value.diagnostics] == ["TW0505"]


def test_the_version_of_each_year_pays_its_own(versions: Path) -> None:
    paid = {}
    for day in ("2022-06-01", "2024-06-01"):
        path = choose({**CLAIMED, "出院日期": day}, None, versions)
        program = load_program(path)
        made = decide(program, read_claim({**CLAIMED, "出院日期": day}, program, None))
        paid[path.stem] = made.values["统筹支付"]
    assert paid == {"old": 45000, "new": 35000}


EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(
    ("file", "policy"),
    [
        ("chongqing-stay.json", "employee-2011"),
        ("chongqing-district.json", "employee-2011"),
        ("chongqing-resident-stay.json", "resident-2011"),
        ("chongqing-family.json", "resident-2011"),
        ("jinan-stay.json", "basic-2012"),
    ],
)
def test_the_examples_find_their_policy(file: str, policy: str) -> None:
    assert choose(read_json((EXAMPLES / file).read_bytes(), file)).stem == policy


def test_a_draft_of_the_package_has_to_be_named() -> None:
    data = read_json((EXAMPLES / "langfang-stay.json").read_bytes(), "claim")
    with pytest.raises(Rejected) as caught:
        choose(data)
    assert [d.code for d in caught.value.diagnostics] == ["TW0515"]


@pytest.mark.parametrize(
    ("year", "months"), [(2023, 264), (2024, 276), (2025, 288), (2026, 300), (2027, 300)]
)
def test_transitional_years_of_contribution_go_by_date(year: int, months: int) -> None:
    """资阳 第九条（七）1（1）: men need 22 years in 2023, one more each year, 25 from 2026."""
    program = load_program(next(p.path for p in shipped() if p.front.region == "512000"))
    for day in (date(year, 1, 1), date(year, 12, 31)):
        claim = Claim("缴费年限", {"性别": "男", "申请日期": day})
        node = program.matters["缴费年限"].final["", "最低缴费月数"]
        assert value_of(node, open_frame(program, claim)) == months
