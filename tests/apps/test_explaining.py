"""``tiaowen explain`` from the outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.apps.conftest import Ran

ROOT = Path(__file__).parents[2]
STAY = ROOT / "examples" / "langfang-stay.json"
POLICY = ("--policy", ROOT / "policies" / "langfang" / "resident-2024-draft.md")
Run = Callable[..., Ran]

TOWN = """---
政策: 小镇城乡居民住院待遇规定
地区: 139000
险种: [390]
施行: 2024-01-01
引用: ../vocabulary.tiao
---

### 第一条

住院起付标准为300元，二级医疗机构支付比例为80%。

```tiao
事项 住院 按 住院结算 当 医疗类别 属于 住院类
起付标准 = 300元
支付比例 = 80% 当 医院等级 = 二级甲等
支付比例 无规定 "二级以外的医疗机构的支付比例" 当 医院等级 ≠ 二级甲等
每项 先行自付比例 = 0%
```
"""


@pytest.fixture
def kept(tiaowen: Run, tmp_path: Path) -> Path:
    """A decision file."""
    file = tmp_path / "decision.json"
    assert tiaowen("decide", "住院", STAY, *POLICY, "--format", "json", "-o", file).code == 0
    return file


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_a_claim_and_its_decision_file_are_explained_alike(
    form: str, tiaowen: Run, kept: Path
) -> None:
    of_claim = tiaowen("explain", "住院", STAY, *POLICY, "--format", form)
    of_file = tiaowen("explain", kept, "--format", form)
    assert (of_claim.code, of_file.code) == (0, 0)
    assert of_claim.out == of_file.out == tiaowen("decide", "住院", STAY, *POLICY, "--format",
                                                  form).out  # fmt: skip


def test_a_letter_goes_by_its_files_name(tiaowen: Run, kept: Path, tmp_path: Path) -> None:
    for name, start in (("a.pdf", b"%PDF"), ("a.html", b"<!DOCTYPE html>"), ("a.json", b"{")):
        ran = tiaowen(
            "explain", kept, "--letter", "--served", "2024年5月6日", "-o", tmp_path / name
        )
        assert (ran.code, ran.out, ran.err) == (0, "", "")
        assert (tmp_path / name).read_bytes().startswith(start)
    assert "2024年7月5日届满" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_a_letter_of_what_the_text_does_not_provide(tiaowen: Run, tmp_path: Path) -> None:
    (tmp_path / "vocabulary.tiao").write_bytes((ROOT / "policies/vocabulary.tiao").read_bytes())
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "stay.md").write_text(TOWN, encoding="utf-8")
    claim = tmp_path / "claim.json"
    claim.write_text(STAY.read_text(encoding="utf-8").replace("二级甲等", "三级甲等"), "utf-8")
    policy = ("--policy", tmp_path / "town" / "stay.md")
    ran = tiaowen("explain", "住院", claim, *policy, "--letter")
    assert ran.code == 1
    assert "对本案情形没有可以据以决定的规定" in ran.out
    assert "无规定：没有规则给出“支付比例”（二级以外的医疗机构的支付比例）" in ran.out
    assert "看过而没有作出规定的条款" in ran.out
    file = tmp_path / "kept.json"
    tiaowen("decide", "住院", claim, *policy, "--format", "json", "-o", file)
    again = tiaowen("explain", file, *policy, "--letter")
    assert (again.code, again.out) == (1, ran.out)


def test_a_masked_file_is_told_but_not_replayed(tiaowen: Run, tmp_path: Path) -> None:
    file = tmp_path / "masked.json"
    tiaowen("decide", "住院", STAY, *POLICY, "--format", "json", "--mask", "-o", file)
    letter = tiaowen("explain", file, "--letter")
    assert letter.code == 0
    assert "个人信息已隐去" in letter.out
    assert "王秀兰" not in letter.out
    replayed = tiaowen("replay", file)
    assert replayed.code == 2
    assert "TW0706" in replayed.err


def test_a_policy_that_is_not_at_hand_is_said(tiaowen: Run, kept: Path) -> None:
    data = json.loads(kept.read_text(encoding="utf-8"))
    data["policy"]["title"] = data["explanation"]["policy"]["title"] = "别处的办法"
    kept.write_text(json.dumps(data), encoding="utf-8")
    ran = tiaowen("explain", kept, "--letter")
    assert ran.code == 0
    assert "没有找到作出这份结算的政策" in ran.err
    assert "叁仟零柒拾叁元柒角伍分" in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--on", "2024-01-01"), "不能另加 --on"),
        (("--history", "h.json", "--reading", "舍入=末位舍入"), "--reading、--history"),
        (("--format", "pdf"), "请加 --letter"),
        (("--served", "2024-01-01"), "请加 --letter"),
        (("--letter", "--format", "text"), "html、pdf、json"),
        (("--letter", "--served", "2024-02-30"), "2024-02-30"),
        (("--letter", "--served", "2024-01-01", "--issued", "2024-01-02"), "TW1002"),
        (("--letter", "--fonts", "nowhere", "--format", "pdf"), "TW0701"),
    ],
)
def test_mistakes_are_said(arguments: tuple[str, ...], said: str, tiaowen: Run, kept: Path) -> None:
    ran = tiaowen("explain", kept, *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert said in ran.err


def test_a_folder_without_fonts_is_said(tiaowen: Run, kept: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = tiaowen("explain", kept, "--letter", "--fonts", empty, "-o", tmp_path / "x.pdf")
    assert ran.code == 2
    assert "TW1003" in ran.err
    assert "tiaowen[letter]" in ran.err
    assert not (tmp_path / "x.pdf").exists()
