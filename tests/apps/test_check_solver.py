"""``tiaowen check --solver``: what the checks leave open, answered or shown on a claim."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.apps.conftest import Ran
from tests.compiler.solver.test_questions import HEAD

from tiaowen.compiler import solver

GAP = "额 = 0元 当 费用 < 500元\n额 = 范围内 当 费用 + 费用 > 1000元\n支付 = 额\n"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "gap.tiao"
    path.write_text(HEAD + GAP, encoding="utf-8")
    return path


def test_the_checks_alone_leave_a_gap_between_two_sums_open(
    tiaowen: Callable[..., Ran], policy: Path
) -> None:
    assert tiaowen("check", policy).code == 0


def test_the_solver_shows_it_on_a_claim(tiaowen: Callable[..., Ran], policy: Path) -> None:
    ran = tiaowen("check", policy, "--solver", "--lang", "en")
    assert ran.code == 1
    out = ran.out
    assert "error[TW0302]" in out
    assert "500.00" in out
    assert "of 2 left open by the checks 1 proved in order, 1 shown on a claim, 0 undecided" in out


def test_without_the_extra_it_says_which_is_missing(
    tiaowen: Callable[..., Ran], policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solver, "available", lambda: False)
    ran = tiaowen("check", policy, "--solver", "--lang", "en")
    assert "TW0703" in ran.out
    assert "tiaowen[proof]" in ran.out
