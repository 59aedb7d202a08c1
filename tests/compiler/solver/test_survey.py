"""What the solver's form of the five policies holds exactly, and what it does not."""

from __future__ import annotations

import pytest
from tests.compiler.solver.test_against_interpreter import program

from tiaowen.compiler.operations import OPERATIONS
from tiaowen.compiler.solver.arithmetic import Arithmetic, _form
from tiaowen.compiler.solver.survey import survey


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_has_a_form_that_the_arithmetic_knows(name: str) -> None:
    used = set(_form(name).co_names) - {"o"}
    assert used
    assert all(hasattr(Arithmetic, form) for form in used)


def test_nothing_of_chongqing_is_left_out_or_assumed() -> None:
    forms = survey(program("chongqing/employee-2011"))
    assert [f.matter for f in forms if not f.exact] == ["住院"]
    assert not any(f.left_out or f.assumptions for f in forms)
    stay = next(f for f in forms if not f.exact)
    assert {a.name for a in stay.abstracted} == {"×", "工作日数"}


def test_a_stay_of_langfang_is_assumed_to_be_one_part() -> None:
    (stay,) = survey(program("langfang/resident-2024-draft"), ["住院"], lines=1)
    assert len(stay.assumptions) == 3
    assert stay.left_out == ()
