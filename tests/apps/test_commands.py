"""The commands as a user meets them: what they print, where, and with which exit code."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"
CLINIC = DATA / "clinic.md"
STAY = DATA / "stay.json"

Run = Callable[..., Any]
"""The fixture ``tiaowen``: a command line to its exit code and output."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the test policies that a test may change."""
    for path in DATA.iterdir():
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# --- check


def test_check_says_that_nothing_is_wrong(tiaowen: Run) -> None:
    ran = tiaowen("check", CLINIC)
    assert (ran.code, ran.out, ran.err) == (0, "没有问题\n", "")


def test_check_lists_every_problem_with_its_place(tiaowen: Run, folder: Path) -> None:
    edit(folder / "clinic.md", "起付线 减 100元", "起付浅 减 100元")
    edit(folder / "clinic.md", "门诊支付的定额", "门诊支付的金额定额")
    edit(folder / "clinic.md", "起付线 = 0元", "起付线 = 20%")
    ran = tiaowen("check", folder / "clinic.md")
    assert ran.code == 1
    assert "错误[TW0" in ran.out
    assert len(re.findall(r"--> .*clinic\.md:\d+:\d+", ran.out)) >= 2
    assert re.search(r"\n\d+个错误", ran.out)
    assert ran.err == ""


def test_check_below_a_folder_reports_a_shared_vocabulary_once(tiaowen: Run, folder: Path) -> None:
    shutil.copy(folder / "clinic.md", folder / "again.md")
    edit(folder / "words.tiao", "| 退休", "| 退 休")
    ran = tiaowen("check", folder, "--format", "json")
    places = [
        (d["code"], label["file"], label["start"]["offset"])
        for d in json.loads(ran.out)["diagnostics"]
        for label in d["labels"][:1]
    ]
    assert ran.code == 1
    assert len(places) == len(set(places))
    assert any(file.endswith("words.tiao") for _, file, _ in places)


def test_check_writes_json_and_sarif(tiaowen: Run, folder: Path) -> None:
    edit(folder / "clinic.md", "起付线 减 100元", "起付浅 减 100元")
    data = json.loads(tiaowen("check", folder, "--format", "json", "--lang", "en").out)
    codes = {d["code"] for d in data["diagnostics"]}
    assert data["version"] == 1
    log = json.loads(tiaowen("check", folder, "--format", "sarif").out)
    assert log["version"] == "2.1.0"
    assert {r["ruleId"] for r in log["runs"][0]["results"]} == codes
    assert log["runs"][0]["tool"]["driver"]["version"]


# --- cases


def test_cases_hold(tiaowen: Run) -> None:
    ran = tiaowen("cases", DATA)
    assert (ran.code, ran.out) == (0, "2个案例，全部相符\n")


def test_a_case_that_fails_shows_what_came_out(tiaowen: Run, folder: Path) -> None:
    edit(folder / "clinic.md", "统筹支付 = 675元", "统筹支付 = 676元")
    ran = tiaowen("cases", folder)
    assert ran.code == 1
    assert "“统筹支付”应为676.00元，得675.00元" in ran.out
    assert ran.out.endswith("2个案例：1个相符，1个不符\n")
    assert tiaowen("cases", folder, "--match", "退休").out.endswith("1个案例：0个相符，1个不符\n")
    assert tiaowen("cases", folder, "--match", "新生儿", "--lang", "en").out == "no cases\n"


def test_cases_of_a_policy_with_errors_are_not_run(tiaowen: Run, folder: Path) -> None:
    edit(folder / "clinic.md", "起付线 = 200元", "起付线 = 二百")
    ran = tiaowen("cases", folder)
    assert ran.code == 1
    assert "错误[TW0" in ran.out


# --- decide


def test_decide_prints_the_statement_and_the_steps(tiaowen: Run) -> None:
    ran = tiaowen("decide", "住院", STAY, "--policy", CLINIC)
    assert ran.code == 0
    assert re.search(r"统筹支付\s+600\.00元", ran.out)
    assert "〔第一条〕" in ran.out
    assert ran.err == ""
    assert "\033[" not in ran.out


def test_decide_in_english(tiaowen: Run) -> None:
    ran = tiaowen("decide", "住院", STAY, "--policy", CLINIC, "--lang", "en")
    assert re.search(r"fund\s+600\.00 yuan", ran.out)


def test_decide_after_the_persons_history(tiaowen: Run) -> None:
    asked = ("decide", "住院", STAY, "--policy", CLINIC, "--history", DATA / "earlier.json")
    assert re.search(r"起付线\s+0\.00元", tiaowen(*asked).out)
    counted = tiaowen(*asked, "--reading", "次数=不计")
    assert re.search(r"起付线\s+200\.00元", counted.out)


def test_decide_with_parameters(tiaowen: Run) -> None:
    asked = ("decide", "门诊", STAY, "--policy", CLINIC)
    without = tiaowen(*asked)
    assert without.code == 2
    assert "TW0502" in without.out
    ran = tiaowen(*asked, "--params", DATA / "figures.toml")
    assert ran.code == 0
    assert re.search(r"统筹支付\s+120\.00元", ran.out)


def test_decide_that_the_text_does_not_provide_for(tiaowen: Run, folder: Path) -> None:
    edit(folder / "stay.json", '"医院等级"', '"境外": "是", "医院等级"')
    ran = tiaowen("decide", "住院", folder / "stay.json", "--policy", CLINIC)
    assert ran.code == 1
    assert "TW0503" in ran.out


@pytest.mark.parametrize(
    ("form", "begins"), [("markdown", "# "), ("html", "<!DOCTYPE html>"), ("json", "{")]
)
def test_decide_in_other_formats(tiaowen: Run, tmp_path: Path, form: str, begins: str) -> None:
    ran = tiaowen("decide", "住院", STAY, "--policy", CLINIC, "--format", form)
    assert ran.code == 0
    assert ran.out.strip().startswith(begins)
    output = tmp_path / "out"
    quiet = tiaowen("decide", "住院", STAY, "--policy", CLINIC, "--format", form, "-o", output)
    assert (quiet.out, quiet.err) == ("", "")
    assert output.read_text(encoding="utf-8").strip() == ran.out.strip()


def test_decide_reads_standard_input(tiaowen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(STAY, encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", file)
        ran = tiaowen("decide", "住院", "-", "--policy", CLINIC)
    assert re.search(r"统筹支付\s+600\.00元", ran.out)


def test_masked_output_does_not_tell_who_it_is_about(tiaowen: Run) -> None:
    asked = ("decide", "住院", STAY, "--policy", CLINIC, "--history", DATA / "earlier.json")
    for form in ("text", "json", "markdown", "html"):
        assert "S3" in tiaowen(*asked, "--format", form).out
        masked = tiaowen(*asked, "--format", form, "--mask").out
        assert "S3" not in masked
        assert '"S1"' not in masked


def test_colour_is_asked_for_or_a_terminal(tiaowen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("decide", "住院", STAY, "--policy", CLINIC)
    assert "\033[" not in tiaowen(*asked, "--color", "never").out
    assert "\033[" in tiaowen(*asked, "--color", "always").out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033[" not in tiaowen(*asked).out


def test_a_policy_out_of_force_is_refused(tiaowen: Run) -> None:
    ran = tiaowen("decide", "住院", STAY, "--policy", CLINIC, "--on", "2029-01-01")
    assert ran.code == 2
    assert "TW0505" in ran.err
    assert "2024-01-01起至2028-12-31" in ran.err


# --- replay


def test_a_decision_replays_until_its_policy_changes(tiaowen: Run, folder: Path) -> None:
    decision = folder / "decision.json"
    asked = ("decide", "住院", folder / "stay.json", "--policy", folder / "clinic.md")
    tiaowen(*asked, "--history", folder / "earlier.json", "--format", "json", "-o", decision)
    same = tiaowen("replay", decision, "--policy", folder / "clinic.md")
    assert (same.code, same.out) == (0, "重放相同\n")
    elsewhere = tiaowen("replay", decision, "--policy", CLINIC)
    assert (elsewhere.code, elsewhere.out) == (0, "重放相同\n")
    edit(folder / "clinic.md", "其他75%", "其他70%")
    edit(folder / "clinic.md", "75%", "70%")
    other = tiaowen("replay", decision, "--policy", folder / "clinic.md")
    assert other.code == 1
    assert "政策的文字与当时不同" in other.out
    assert "TW0705" in other.out


# --- show, schema, fmt, explain-code, graph


def test_show_lists_what_a_policy_asks(tiaowen: Run) -> None:
    ran = tiaowen("show", CLINIC)
    assert ran.code == 0
    for expected in ("2024-01-01起至2028-12-31", "住院", "hifp_pay", "门诊定额", "〔第二条〕“市医疗保障局”",
                     "计入（默认） | 不计"):  # fmt: skip
        assert expected in ran.out
    assert "left to other documents" in tiaowen("show", CLINIC, "--lang", "en").out


def test_show_lists_the_versions_in_a_folder(tiaowen: Run, folder: Path) -> None:
    shutil.copy(folder / "clinic.md", folder / "draft.md")
    edit(folder / "draft.md", "施行: 2024-01-01", "施行: 未定")
    ran = tiaowen("show", folder)
    assert [line.split()[2] for line in ran.out.splitlines()[1:]] == [
        "2024-01-01起至2028-12-31", "草案，未施行"]  # fmt: skip


def test_schema_is_json_schema(tiaowen: Run) -> None:
    ran = tiaowen("schema", CLINIC, "住院")
    assert ran.code == 0
    assert json.loads(ran.out)["$schema"].startswith("https://json-schema.org/")


def test_fmt_lays_out_rules_and_leaves_the_text(tiaowen: Run, folder: Path) -> None:
    policy = folder / "clinic.md"
    assert tiaowen("fmt", "--check", folder).code == 0
    before = policy.read_text(encoding="utf-8")
    edit(policy, "起付线 = 200元", "起付线=200元")
    shown = tiaowen("fmt", "--diff", folder)
    assert shown.code == 1
    assert "-起付线=200元\n+起付线 = 200元\n" in shown.out
    assert tiaowen("fmt", "--check", folder).code == 1
    assert tiaowen("fmt", folder).code == 0
    assert policy.read_text(encoding="utf-8") == before


def test_fmt_translates_keywords_and_keeps_them_translated(tiaowen: Run, folder: Path) -> None:
    policy = folder / "clinic.md"
    before = policy.read_text(encoding="utf-8")
    tiaowen("fmt", "--keywords", "en", folder)
    english = policy.read_text(encoding="utf-8")
    assert "matter 住院" in english
    assert tiaowen("fmt", "--check", folder).code == 0
    assert tiaowen("cases", folder).code == 0
    tiaowen("fmt", "--keywords", "zh", folder)
    assert policy.read_text(encoding="utf-8") == before


def test_explain_code_prints_its_page(tiaowen: Run) -> None:
    assert tiaowen("explain-code", "tw0201").out.startswith("# TW0201 名称未知")
    assert tiaowen("explain-code", "TW0201", "--lang", "en").out.startswith("# TW0201 unknown name")


@pytest.mark.parametrize("form", ["mermaid", "dot", "svg", "json"])
def test_graph_draws_in_each_format(tiaowen: Run, form: str, tmp_path: Path) -> None:
    ran = tiaowen(
        "graph", CLINIC, "--format", form, "--of", "统筹支付", "--claim", STAY, "--matter", "住院"
    )
    assert ran.code == 0
    assert "统筹支付" in ran.out
    if form in ("svg", "dot", "json"):
        output = tmp_path / f"g.{form}"
        assert tiaowen("graph", CLINIC, "-o", output).code == 0
        assert output.stat().st_size > 500
