"""What the checks leave open of definitions and tables, answered by the solver."""

from __future__ import annotations

import pytest
from tests.compiler.solver.test_against_interpreter import program
from tests.compiler.solver.test_questions import policy

from tiaowen.compiler.checks import solved as solved_checks
from tiaowen.compiler.checks.asked import Asked
from tiaowen.compiler.checks.solved import Judgement, solved, suspects


def judged(rules: str) -> dict[str, Judgement]:
    return {j.suspect.code: j for j in solved(policy(rules))}


def two(first: str, second: str) -> str:
    """An amount defined under two conditions, one of which doubles the sum it is about: more than
    the checks follow."""
    return f"额 = 0元 当 费用 {first} 500元\n额 = 范围内 当 费用 + 费用 {second} 1000元\n支付 = 额"


def test_definitions_that_a_sum_divides_without_gap_or_overlap_are_proved() -> None:
    found = judged(two("<", "≥"))
    assert set(found) == {"TW0301", "TW0302"}
    assert all(one.proved and one.finding is None for one in found.values())


def test_a_gap_at_one_sum_is_shown_on_a_claim_that_has_it() -> None:
    one = judged(two("<", ">"))["TW0302"]
    assert not one.proved
    assert one.finding is not None
    assert dict(one.finding.witness or {})["明细.金额"] == "500.00元"


def test_an_overlap_at_one_sum_names_both_definitions() -> None:
    one = judged(two("≤", "≥"))["TW0301"]
    assert one.finding is not None
    assert dict(one.finding.witness or {})["明细.金额"] == "500.00元"
    assert "1000元" in str(one.finding.args["other"])


def test_a_table_that_the_checks_cannot_see_to_be_complete_is_proved() -> None:
    made = program("langfang/resident-2024-draft")
    left = [one for one in suspects(made) if one.node.matter == "两病门诊"]
    assert {one.code for one in left} == {"TW0307"}
    asked = Asked(made, "两病门诊", 8_000_000)
    assert [asked.claim(one) for one in left] == [True] * len(left)


def test_without_the_solver_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solved_checks, "available", lambda: False)
    assert judged(two("<", ">")) == {}
