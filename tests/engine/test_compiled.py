"""The compiled engine gives the reference's decision, and remembers it alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.claim_strategies import claims

from tiaowen.compiler.core import Program
from tiaowen.engine.compiled import decide_compiled, filler
from tiaowen.engine.decision import Decision, decide, open_frame
from tiaowen.engine.frames import Claim, Frame

EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def told(decision: Decision) -> tuple[Any, ...]:
    """All that a decision says."""
    problems = [(p.code, p.article, p.place, str(p.args)) for p in decision.problems]
    return decision.values, problems, decision.refusals, decision.notices


def remembered(frame: Frame) -> tuple[Any, ...]:
    """All that an explanation is told from."""
    lines = {name: [e.memo for e in found] for name, found in frame.elements.items()}
    return frame.memo, lines, frame.defaults


def agree(program: Program, made: list[Claim]) -> None:
    first: list[Frame] = []
    second: list[Frame] = []
    for claim in made:
        reference = decide(program, claim, history=tuple(first))
        compiled = decide_compiled(program, claim, history=tuple(second))
        assert told(compiled) == told(reference)
        assert remembered(compiled.frame) == remembered(reference.frame)
        if reference.decided:
            first.append(reference.frame)
            second.append(compiled.frame)


@pytest.mark.parametrize("matter", ["住院", "急诊留观", "生育住院", "门诊统筹", "两病门诊"])
@EXAMPLES
@given(data=st.data())
def test_langfang(langfang: Program, matter: str, data: st.DataObject) -> None:
    agree(langfang, data.draw(st.lists(claims(langfang, matter), min_size=1, max_size=3)))


@EXAMPLES
@given(data=st.data())
def test_six_grades(small_policy: Callable[[str], Program], data: st.DataObject) -> None:
    program = small_policy("six-grades.md")
    agree(program, data.draw(st.lists(claims(program, "住院"), min_size=1, max_size=3)))


def test_the_fast_way_is_taken_for_a_plain_stay(langfang: Program) -> None:
    """The comparison above would hold if the interpreter did all the work: here it does not."""
    import datetime

    claim = Claim("住院", {
        "医疗类别": "普通住院", "医院等级": "二级甲等", "就医地": "131002", "就诊ID": "1",
        "入院时间": datetime.datetime(2024, 3, 1, 8), "出院时间": datetime.datetime(2024, 3, 9, 8),
    }, {"明细": ({"金额": 1_000_000, "收费项目等级": "甲", "目录类别": "西药中成药"},)})  # fmt: skip
    frame = open_frame(langfang, claim)
    filler(langfang, "住院")(frame)
    assert frame.memo[langfang.matters["住院"].final["", "统筹支付"]] == 712_500
