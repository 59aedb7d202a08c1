"""``tiaowen reconcile`` from the outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.apps.conftest import Ran

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
POLICY = ROOT / "policies" / "langfang" / "resident-2024-draft.md"
STAY = EXAMPLES / "langfang-stay.json"
TRANSFER = (
    "reconcile", EXAMPLES / "langfang-transfer.json",
    "--history", EXAMPLES / "langfang-transfer-history.json",
    "--policy", POLICY, "--charged", EXAMPLES / "langfang-transfer-charged.json",
)  # fmt: skip


def charge(folder: Path, **figures: Any) -> Path:
    path = folder / "sheet.json"
    path.write_text(json.dumps(figures), encoding="utf-8")
    return path


def test_the_lines_the_first_difference_and_what_explains_it(tiaowen: Callable[..., Ran]) -> None:
    ran = tiaowen(*TRANSFER)
    assert (ran.code, ran.err) == (1, "")
    assert "结算单自己的数字互相相符。" in ran.out
    assert "最先不同的是实际起付：按政策 1,000.00元，收取 1,500.00元。" in ran.out
    assert "· 漏看了既往的住院（2024-05-02）" in ran.out
    assert "· 最先改变的一步：连续转院，是 → 否 〔第十六条第（六）项第4段〕" in ran.out


def test_in_english_and_in_a_narrow_terminal(
    tiaowen: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "44")
    ran = tiaowen(*TRANSFER, "--lang", "en")
    assert "inpatient stay (2024-05-02) was not looked\n  at" in ran.out
    assert all(len(line) <= 44 for line in ran.out.splitlines() if line.isascii())


def test_its_own_decision_agrees_with_it(tiaowen: Callable[..., Ran], tmp_path: Path) -> None:
    made = tiaowen("decide", "住院", STAY, "--policy", POLICY, "--format", "json")
    sheet = tmp_path / "decision.json"
    sheet.write_text(made.out, encoding="utf-8")
    ran = tiaowen("reconcile", "住院", STAY, "--policy", POLICY, "--charged", sheet)
    assert ran.code == 0
    assert "收取的每一行都与政策相同。" in ran.out


def test_what_contradicts_itself_is_said_first(tiaowen: Callable[..., Ran], tmp_path: Path) -> None:
    # 5,307.75 − 3,073.75 = 2,234.00 is left to the person
    sheet = charge(tmp_path, medfee_sumamt="5307.75", hifp_pay="3073.75",
                   fund_pay_sumamt="3073.75", psn_part_amt="2324.00")  # fmt: skip
    ran = tiaowen("reconcile", STAY, "--policy", POLICY, "--charged", sheet, "--lang", "en")
    assert ran.code == 1
    first = ran.out.split("\n\n")[1]
    assert first.startswith("The charged figures contradict one another")
    assert "borne by the person 2,324.00 yuan, by the others it would be 2,234.00 yuan" in first


def test_where_nothing_fits_that_is_said(tiaowen: Callable[..., Ran], tmp_path: Path) -> None:
    sheet = charge(tmp_path, act_pay_dedc="512.34", hifp_pay="3000.01")
    ran = tiaowen("reconcile", STAY, "--policy", POLICY, "--charged", sheet, "--budget", "900",
                  "--lang", "en")  # fmt: skip
    assert ran.code == 1
    assert "No cause, and no two, was found that gives the charged figures." in ran.out
    assert "The nearest, which does not give them, is:" in ran.out
    assert "--budget" in ran.out


def test_as_data(tiaowen: Callable[..., Ran]) -> None:
    ran = tiaowen(*TRANSFER, "--format", "json")
    data = json.loads(ran.out)
    assert data["first"] == "实际起付"
    kinds = [cause["kind"] for cause in data["groups"][0]["members"][0]["slots"][0]]
    assert {"reading", "wrong fact", "missed item", "skipped rule"} <= set(kinds)
    row = next(row for row in data["rows"] if row["name"] == "实际起付")
    assert (row["policy"], row["charged"], row["agrees"]) == (100000, 150000, False)


def test_as_a_page_that_stands_alone(tiaowen: Callable[..., Ran], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = tiaowen(*TRANSFER, "--format", "html", "-o", page)
    text = page.read_text(encoding="utf-8")
    assert (ran.code, ran.out) == (1, "")
    assert text.startswith("<!DOCTYPE html>")
    assert "default-src 'none'" in text
    assert "http" not in text.split("</style>")[1]
    assert text.count('<tr class="marked">') == 4


def test_earlier_parameters(tiaowen: Callable[..., Ran], tmp_path: Path) -> None:
    claim, policy = EXAMPLES / "chongqing-stay.json", ROOT / "policies/chongqing/employee-2011.md"
    now = EXAMPLES / "chongqing-parameters.toml"
    text = now.read_text(encoding="utf-8").replace('"1000元"', '"800元"')
    then = tmp_path / "then.toml"
    then.write_text(text.replace("虚构的参数", "去年的参数"), encoding="utf-8")
    made = tiaowen("decide", "住院", claim, "--policy", policy, "--params", then,
                   "--format", "json")  # fmt: skip
    sheet = tmp_path / "sheet.json"
    sheet.write_text(made.out, encoding="utf-8")
    asked = ("reconcile", claim, "--policy", policy, "--params", now, "--charged", sheet)
    ran = tiaowen(*asked, "--earlier-params", then)
    assert ran.code == 1
    assert "参数“住院起付标准”沿用旧表（去年的参数" in ran.out


def test_an_earlier_version(tiaowen: Callable[..., Ran], tmp_path: Path) -> None:
    data = Path(__file__).parent / "data"
    text = (data / "clinic.md").read_text(encoding="utf-8")
    (tmp_path / "words.tiao").write_bytes((data / "words.tiao").read_bytes())
    now, then = tmp_path / "now.md", tmp_path / "then.md"
    now.write_text(text, encoding="utf-8")
    then.write_text(text.replace("200元", "230元"), encoding="utf-8")
    stay = data / "stay.json"
    made = tiaowen("decide", "住院", stay, "--policy", then, "--format", "json")
    sheet = tmp_path / "sheet.json"
    sheet.write_text(made.out, encoding="utf-8")
    ran = tiaowen("reconcile", "住院", stay, "--policy", now, "--charged", sheet,
                  "--earlier-version", then)  # fmt: skip
    assert ran.code == 1
    assert "按早先的版本结算：《测试办法》" in ran.out


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        (("--charged", "nowhere.json"), "TW0701"),
        (("--charged", EXAMPLES / "chongqing-parameters.toml"), "TW0601"),
        (("--charged", STAY), "TW0603"),
        (("--charged", EXAMPLES / "langfang-transfer-charged.json",
          "--earlier-version", ROOT / "policies/jinan/basic-2012.md"), "TW1042"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said(
    tiaowen: Callable[..., Ran], extra: tuple[Any, ...], code: str
) -> None:
    ran = tiaowen("reconcile", STAY, "--policy", POLICY, *extra)
    assert ran.code == 2
    assert code in ran.err
    assert ran.out == ""


def test_what_the_policy_cannot_decide_is_said(tiaowen: Callable[..., Ran], tmp_path: Path) -> None:
    claim, policy = EXAMPLES / "chongqing-stay.json", ROOT / "policies/chongqing/employee-2011.md"
    ran = tiaowen("reconcile", claim, "--policy", policy, "--charged", charge(tmp_path, hifp_pay=1))
    assert ran.code == 2
    assert "按政策不能算出全部结果：缺少参数" in ran.out
    assert "TW0502" in ran.err


def test_help_speaks_both_languages(tiaowen: Callable[..., Ran]) -> None:
    for lang, words in (("zh", "把医院收取的结算数字"), ("en", "Compare the figures a hospital")):
        ran = tiaowen("reconcile", "--help", "--lang", lang)
        assert ran.code == 0
        assert words in ran.out
    ran = tiaowen("reconcile", STAY, "--lang", "en")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "--charged is missing")
