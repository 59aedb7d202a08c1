"""What was found, as people and programs read it; the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.review.proof.conftest import FAULTY, ROOT

from tiaowen.apps.cli import run
from tiaowen.apps.proofs import KeptVerdicts
from tiaowen.compiler.core import Program
from tiaowen.compiler.solver import available
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.history.person import decide_person
from tiaowen.review.present.page import page_html, page_markdown, page_text
from tiaowen.review.present.proof import proof_page
from tiaowen.review.present.proof_data import proof_data
from tiaowen.review.proof import Proof, prove


@pytest.fixture(scope="module")
def found(faulty: Program) -> Proof:
    return prove(faulty, ["住院"], search_only=True, budget=400)


def test_page_tells_verdict_claim_figures_and_steps(found: Proof, faulty: Program) -> None:
    text = page_text(proof_page(found, faulty, "zh"), color=False, width=100)
    assert "什么也没有证明" in text
    assert "不成立  费用多一分，个人至多多负担一分（搜索，反例经演算确认）" in text
    assert "未证明  基金支付不超过政策范围内费用（没有使用求解器；只搜索了" in text
    assert "不适用  级别越高，支付比例不越高（规则不问级别）" in text
    # (1,000 − 100) × 80% = 720; (1,000.01 − 100) × 50% = 450.005 → 450.01
    assert "另一份：第 1 条明细多 0.01元" in text
    assert "统筹支付          720.00元    450.01元  -269.99元" in text
    assert "支付比例：80% → 50% 〔第一条〕" in text
    assert "其他人员没有规定 〔第一条〕" in text


def test_page_is_narrow_and_in_english(found: Proof, faulty: Program) -> None:
    page = proof_page(found, faulty, "en", installed=False)
    text = page_text(page, color=False, width=60)
    assert "nothing is proved" in text
    assert "pip install 'tiaowen[proof]'" in " ".join(text.split())
    assert "refuted  a cent more cost never costs the person more" in text
    assert all(len(line) <= 60 for line in text.splitlines() if line.isascii())
    assert "| pooled fund | 720.00 yuan | 450.01 yuan | -269.99 yuan |" in page_markdown(page)


def test_page_as_html_needs_no_network(found: Proof, faulty: Program) -> None:
    html = page_html(proof_page(found, faulty, "zh"), "zh")
    assert html.lower().startswith("<!doctype html>")
    assert "http://" not in html
    assert "https://" not in html


def test_data_can_be_decided_again(found: Proof, faulty: Program) -> None:
    data = json.loads(json.dumps(proof_data(found, faulty), ensure_ascii=False))
    assert data["solver"] == ""
    cliff = next(a for a in data["answers"] if a["kind"] == "cliff")
    assert cliff["verdict"] == "refuted"
    shown = cliff["counterexamples"][0]
    for number, scene in enumerate(shown["claims"]):
        made = decide_person(faulty, read_claim(scene["claim"], faulty)).decision
        assert made.values["统筹支付"] == shown["figures"]["统筹支付"][number]


# --- the command


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    vocabulary = (ROOT / "policies" / "vocabulary.tiao").read_text(encoding="utf-8")
    (tmp_path / "vocabulary.tiao").write_text(vocabulary, encoding="utf-8")
    path = tmp_path / "faulty.md"
    text = FAULTY.replace("施行: 2024-01-01\n", "施行: 2024-01-01\n引用: vocabulary.tiao\n", 1)
    path.write_text(text, encoding="utf-8")
    return path


def test_exit_codes(policy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    only = ["--search-only", "--budget", "200", "--lang", "zh"]
    assert run(["prove", str(policy), "住院", "--property", "retired", *only]) == 1
    assert run(["prove", str(policy), "住院", "--property", "within", *only]) == 3
    assert run(["prove", str(policy), "住院", "--property", "level", *only]) == 0
    assert "未证明  基金支付不超过政策范围内费用" in capsys.readouterr().out


def test_mistakes_are_one_line_each(policy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prove", str(policy), "住院", "--property", "无此", "--lang", "zh"]) == 2
    assert "TW1101" in capsys.readouterr().err
    assert run(["prove", str(policy), "住宅", "--lang", "zh"]) == 2
    assert "住院" in capsys.readouterr().err
    assert run(["prove", str(policy.with_name("none.md")), "--lang", "zh"]) == 2
    assert run(["prove", str(policy), "--timeout", "0", "--lang", "en"]) == 2


def test_page_is_written(policy: Path, tmp_path: Path) -> None:
    page = tmp_path / "proof.html"
    words = ["prove", str(policy), "住院", "--property", "level", "--search-only"]
    assert run([*words, "--format", "html", "-o", str(page)]) == 0
    assert "有毛病的办法" in page.read_text(encoding="utf-8")


def test_help_speaks_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prove", "--help", "--lang", "en"]) == 0
    assert "proved by the solver or refuted by a claim" in " ".join(capsys.readouterr().out.split())
    assert run(["prove", "--help", "--lang", "zh"]) == 0
    assert "求解器" in capsys.readouterr().out


@pytest.mark.skipif(not available(), reason="needs the extra proof")
def test_verdicts_of_the_solver_are_kept(faulty: Program, tmp_path: Path) -> None:
    path = tmp_path / "kept.proofs"
    first = prove(faulty, ["住院"], names=["within"], timeout=60, budget=1, kept=KeptVerdicts(path))
    again = KeptVerdicts(path)
    assert len(again) == 1
    second = prove(faulty, ["住院"], names=["within"], timeout=60, budget=1, kept=again)
    assert second.answers[0].verdict == first.answers[0].verdict
    assert second.seconds < first.seconds


def test_damaged_verdicts_are_made_again(tmp_path: Path) -> None:
    path = tmp_path / "kept.proofs"
    for text in ("", "[1]", '{"a": 1, "b": {"verdict": "certainly"}}', "\udcff"):
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
        assert dict(KeptVerdicts(path)) == {}
