"""What needs a library that is not installed says which extra brings it."""

from __future__ import annotations

import pytest

from tiaowen.dsl.diagnostics import Rejected
from tiaowen.dsl.extras import need


def test_an_installed_module_is_given() -> None:
    assert need("json", "batch").loads("1") == 1


def test_an_absent_one_names_its_extra() -> None:
    with pytest.raises(Rejected) as caught:
        need("no_such_library.part", "batch")
    (problem,) = caught.value.diagnostics
    assert problem.code == "TW0703"
    assert dict(problem.args) == {"module": "no_such_library", "extra": "batch"}
