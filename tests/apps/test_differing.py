"""``tiaowen diff`` from the outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.apps.conftest import Ran

from tiaowen.dsl.render.cells import cells

ROOT = Path(__file__).parents[2]
CHONGQING, LANGFANG = "chongqing/resident-2011", "langfang/resident-2024-draft"
EMPLOYEE, ZIYANG = "chongqing/employee-2011", "ziyang/employee-2023"
PARAMETERS = ROOT / "examples" / "chongqing-resident-parameters.toml"
SHORT = ("--only", "figures", "--only", "rules")

AMENDMENT = """---
政策: 修正案
修改: resident-2011.md
施行: 2013-01-01
---

### 修改 四、（二）第3段

住院报销比例分别提高到85%、60%和40%，二档参保居民在一档基础上相应提高5%。

```tiao
事项 住院
支付比例 =
  | 医院级别   |     |
  | 一级及以下 | 85% |
  | 二级       | 60% |
  | 三级       | 40% |
支付比例 提高 5% 当 缴费档次 = 二档
```
"""


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """A folder with a policy and an amendment of it."""
    city = tmp_path / "city"
    city.mkdir()
    (tmp_path / "vocabulary.tiao").write_bytes((ROOT / "policies/vocabulary.tiao").read_bytes())
    base = ROOT / "policies" / f"{CHONGQING}.md"
    (city / "resident-2011.md").write_bytes(base.read_bytes())
    (city / "amendment.md").write_text(AMENDMENT, encoding="utf-8")
    return city


def test_two_cities_side_by_side(tiaowen: Callable[..., Ran]) -> None:
    ran = tiaowen("diff", CHONGQING, LANGFANG, "住院", *SHORT)
    assert ran.code == 0
    rows = [line.split() for line in ran.out.splitlines()]
    assert ["医院等级", "重庆", "廊坊", "廊坊−重庆"] in rows
    assert ["三级", "40%", "60%", "+20个百分点"] in rows
    assert "〔重庆 四、（二）第3段，廊坊 第十六条第（六）项第5段〕" in ran.out
    assert "“中医医院起付标准较同级综合医院下浮一级。”" in ran.out


def test_a_parameter_file_is_for_whoever_declares_its_figures(tiaowen: Callable[..., Ran]) -> None:
    ran = tiaowen("diff", LANGFANG, CHONGQING, "住院", "--only", "figures", "--params", PARAMETERS)
    assert ran.code == 0
    assert "800.00元" in ran.out
    assert "虚构的参数" in ran.out


def test_a_policy_against_its_amendment(tiaowen: Callable[..., Ran], versions: Path) -> None:
    base, draft = versions / "resident-2011.md", versions / "amendment.md"
    ran = tiaowen("diff", base, draft, *SHORT, "--format", "json", "--exit-code")
    assert ran.code == 1
    data = json.loads(ran.out)
    (changed,) = [c for c in data["rules"]["changes"] if c["kind"] == "changed"]
    assert (changed["quantity"], changed["before"]["article"]) == ("支付比例", "四、（二）第3段")
    assert "85%" in changed["after"]["words"]
    removed = {c["quantity"] for c in data["rules"]["changes"] if c["kind"] == "removed"}
    assert {"年度限额", "限额余额"} <= removed
    (ratio,) = [f for f in data["figures"]
                if (f["quantity"], f["kind"], f["same"]) == ("支付比例", "ratio", False)]  # fmt: skip
    assert [row["gap"] for row in ratio["rows"]] == [{"fraction": "1/20"}, {"fraction": "0/1"},
                                                     {"fraction": "0/1"}]  # fmt: skip


def test_the_same_file_twice_is_no_difference(tiaowen: Callable[..., Ran]) -> None:
    ran = tiaowen("diff", CHONGQING, CHONGQING, "--exit-code")
    assert ran.code == 0
    assert "没有差别" in ran.out


def test_an_amendment_without_its_base(tiaowen: Callable[..., Ran], versions: Path) -> None:
    base, draft = versions / "resident-2011.md", versions / "amendment.md"
    lone = AMENDMENT.replace("修改: resident-2011.md", "地区: 500000\n险种: [390]")
    draft.write_text(lone, encoding="utf-8")
    ran = tiaowen("diff", base, draft)
    assert ran.code == 2
    assert "TW0904" in ran.err
    draft.write_text(AMENDMENT.replace("resident-2011.md", "resident-2012.md"), encoding="utf-8")
    ran = tiaowen("diff", base, draft)
    assert ran.code == 2
    assert "TW0701" in ran.err
    assert "resident-2011.md" in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((CHONGQING, "nowhere.md"), "TW0701"),
        ((CHONGQING, LANGFANG, "住完"), "是否为“住院”"),
        ((CHONGQING, "jinan/basic-2012", "住院"), "住院:居民住院"),
        ((CHONGQING, "vocabulary.tiao"), "TW0901"),
        ((CHONGQING, LANGFANG, "--reading", "没有=有"), "TW0512"),
        ((CHONGQING, LANGFANG, "--reading-b", "百分数增减=都"), "TW0512"),
        ((CHONGQING, LANGFANG, "--only", "figure"), "是否为 figures"),
        ((CHONGQING,), "缺少 乙"),
    ],
)
def test_what_cannot_be_compared(tiaowen: Callable[..., Ran], arguments: tuple[str, ...],
                                 told: str) -> None:  # fmt: skip
    ran = tiaowen("diff", *arguments)
    assert ran.code == 2
    assert told in ran.err
    assert not ran.out


@pytest.mark.parametrize("pair", [(CHONGQING, LANGFANG), (EMPLOYEE, ZIYANG)])
@pytest.mark.parametrize(("width", "lang"), [(44, "zh"), (80, "en")])
def test_no_line_is_wider_than_the_terminal(tiaowen: Callable[..., Ran], lang: str,
                                            pair: tuple[str, str], width: int,
                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv("COLUMNS", str(width))
    ran = tiaowen("diff", *pair, "住院", *SHORT, "--lang", lang)
    assert ran.code == 0
    assert max(map(cells, ran.out.splitlines())) <= width


def test_markdown_and_a_file(tiaowen: Callable[..., Ran], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    ran = tiaowen("diff", CHONGQING, LANGFANG, "住院", *SHORT, "--format", "markdown", "-o", page)
    assert (ran.code, ran.out) == (0, "")
    text = page.read_text(encoding="utf-8")
    assert "| 三级 | 40% | 60% | +20个百分点 |" in text
