"""A generated test that fails leaves its smallest example behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.kernel import examples
from tests.engine.kernel.agreeing import as_python
from tests.engine.kernel.examples import Example, hold, read
from tests.policy_strategies import Generated

from tiaowen.engine.frames import Claim


def test_the_smallest_example_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An amount that a rule lowers above 300元 and a kernel that does not: 300.01元 shows it."""
    monkeypatch.setattr(examples, "FOLDER", tmp_path)
    whole = Generated(("量甲 = 费用",), ("量甲:金额",)).text()
    program = Example(whole.replace("量甲 = 费用", "量甲 = 费用\n量甲 不高于 300元"), []).program()
    kernel = as_python(Example(whole, []).program(), ["测算"])

    @settings(max_examples=50, deadline=None, database=None)
    @given(st.lists(st.integers(0, 60_000), min_size=1, max_size=3))
    def agree(amounts: list[int]) -> None:
        person = [Claim("测算", {"费用": amount}, {"明细": ()}) for amount in amounts]
        hold(Example(whole, [person]), program, kernel, "found")

    with pytest.raises(AssertionError):
        agree()
    ((claim,),) = read(tmp_path / "found.json").people
    assert claim == Claim("测算", {"费用": 30_001}, {"明细": ()})
