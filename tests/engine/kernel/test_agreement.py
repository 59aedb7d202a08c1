"""The kernel means what the interpreter means: worked cases, generated claims and policies."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st
from tests.claim_strategies import claims
from tests.engine.kernel.agreeing import (
    POLICIES,
    as_python,
    compiled,
    differences,
    figures,
    keyed,
)
from tests.engine.kernel.examples import FOLDER, Example, hold, read
from tests.engine.kernel.filling import filled
from tests.engine.kernel.laying_out import fitted, settle
from tests.engine.kernel.stories import stories
from tests.policy_strategies import Generated

from tiaowen.compiler.core import Program, Value
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.frames import Claim, Frame
from tiaowen.engine.kernel import Kernel, Openings, Unsupported, build, coverage
from tiaowen.engine.kernel.generating import generate
from tiaowen.review.cases import run_cases

QUICK = list(HealthCheck)


@st.composite
def completed(draw: st.DrawFn, program: Program, matter: str) -> Claim:
    """A claim to which most of what its decision lacks was added."""
    return filled(draw, program, fitted(draw(claims(program, matter, lines=3))))


def people(program: Program, matters: list[str]) -> st.SearchStrategy[list[list[Claim]]]:
    """Some people with some claims each."""
    each = st.sampled_from(matters).flatmap(lambda m: completed(program, m))
    return st.lists(st.lists(each, min_size=1, max_size=4), min_size=1, max_size=8)


@pytest.mark.parametrize("policy", POLICIES)
def test_every_worked_case_settles_as_the_interpreter_decides_it(policy: str) -> None:
    """Cases under the default readings and without figures; history by claims."""
    compilation = compiled(policy)
    program = compilation.demand()
    found = []
    for result in run_cases(compilation):
        frame = result.frame
        if frame is None or frame.readings or frame.parameters or frame.claim.taken:
            continue
        before = [item.claim for item in frame.history if isinstance(item, Frame)]
        if len(before) == len(frame.history) and not any(claim.taken for claim in before):
            found.append([fitted(claim) for claim in (*before, frame.claim)])
    assert len(found) > 10
    assert differences(as_python(program, rules=True), program, found) == []


@pytest.mark.parametrize("policy", POLICIES)
def test_generated_claims_settle_as_the_interpreter_decides_them(policy: str) -> None:
    program = compiled(policy).demand()
    parameters = keyed(program, policy)
    kernel = as_python(program, parameters=parameters, rules=True)

    @settings(max_examples=5, deadline=None, suppress_health_check=QUICK)
    @given(made=people(program, list(program.matters)))
    def agree(made: list[list[Claim]]) -> None:
        example = Example(policy, made, {}, figures=True)
        hold(example, program, kernel, Path(policy).stem)

    agree()


@settings(max_examples=25, deadline=None, suppress_health_check=QUICK)
@given(policy=stories(), data=st.data())
def test_generated_policies_settle_as_the_interpreter_decides_them(
    policy: Generated, data: st.DataObject
) -> None:
    compilation = compile_policy([read_document(Source("generated.tiao", policy.text()))])
    assume(compilation.program is not None)
    program = compilation.demand()
    readings = data.draw(st.fixed_dictionaries({}, optional={
        "百分数增减": st.just("相对"), "宽严": st.just("严"), "舍入": st.just("末位舍入")}))  # fmt: skip
    person = st.lists(claims(program, "测算").map(fitted), min_size=1, max_size=4)
    made = data.draw(st.lists(person, min_size=1, max_size=2))
    try:
        kernel = as_python(program, ["测算"], readings, rules=True)
    except Unsupported:  # products of many ratios: more than 128 bits
        reject()
    hold(Example(policy.text(), made, readings), program, kernel, "generated")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_what_once_differed_does_no_more(path: Path) -> None:
    example = read(path)
    assert example.differences(example.program()) == []


def test_machine_code_gives_what_the_text_gives(tmp_path: Path) -> None:
    """Every matter of 济南, run as Python and as machine code, made and from the cache."""
    policy = next(p for p in POLICIES if "jinan" in p)
    program = compiled(policy).demand()
    parameters, matters = figures(program), list(program.matters)
    text = as_python(program, parameters=parameters)
    code = [build(program, {}, parameters, matters, cache=tmp_path) for _ in range(2)]

    @settings(max_examples=5, deadline=None, suppress_health_check=QUICK)
    @given(made=people(program, matters))
    def agree(made: list[list[Claim]]) -> None:
        wanted = settle(text, program, made)
        for kernel in code:
            got = settle(kernel, program, made)
            assert np.array_equal(got.reject, wanted.reject)
            for name, column in wanted.outputs.items():
                assert np.array_equal(got.outputs[name], column), name

    agree()


def test_opening_totals_count_as_decisions_before_the_rows() -> None:
    """Of a limit of 80元 a year 75元 are used: 100元 of class A at 50% pay only 5元 more in 2024,
    in 2023, for which nothing was opened, 50元 and then 30元."""
    program = compiled("policies/langfang/resident-2024-draft.md").demand()
    kernel = Kernel(generate(program, ["门诊统筹"], {}, {}, opening=True))
    assert set(kernel.opening_keys) == {"统筹支付", "门诊统筹.统筹支付"}
    visits = [_visit(2023), _visit(2023), _visit(2024)]
    opened = Openings(np.array([0]), np.array([2024]), {"统筹支付": np.array([7_500])})
    settled = settle(kernel, program, [visits], openings=opened)
    assert settled.reject.tolist() == [0, 0, 0]
    assert settled.outputs["hifp_pay"].tolist() == [5_000, 3_000, 500]
    unstated = Openings(np.array([0]), np.array([2024]), {})
    refused = settle(kernel, program, [visits], openings=unstated).reject.tolist()
    assert [kernel.stops[r].code if r else "" for r in refused] == ["", "", "TW0511"]


@pytest.mark.parametrize("policy", POLICIES)
def test_every_matter_of_every_policy_has_a_kernel(policy: str) -> None:
    program = compiled(policy).demand()
    assert {name: why for name, why in coverage(program).items() if why} == {}


def test_what_has_no_form_is_told_by_its_node() -> None:
    """Exact products of many ratios outgrow every whole number of a machine."""
    made = Generated(
        ("量甲 = 费用" + " × 份额" * 6, "量乙 = 费用 × 份额"), ("量甲:金额", "量乙:金额")
    )
    program = compile_policy([read_document(Source("many.tiao", made.text()))]).demand()
    (why,) = coverage(program).values()
    assert why == "×: the numbers of an expression may grow beyond 128 bits (测算/量甲#0)"


def test_columns_that_are_not_what_they_should_be_are_refused() -> None:
    """A day or a code out of bounds would be read out of bounds."""
    program = compiled("policies/langfang/resident-2024-draft.md").demand()
    kernel = as_python(program, ["大病资金"])
    [amount] = [column.name for column in kernel.columns]
    with pytest.raises(ValueError, match="holds -5 to -5"):
        kernel.run({amount: np.array([-5])}, person=np.array([1]), matter=np.array([1]),
                   offsets={"feedetail": np.array([0, 0])})  # fmt: skip
    with pytest.raises(ValueError, match="not given: x_heads, offsets of feedetail"):
        kernel.run({}, person=np.array([1]), matter=np.array([1]))


def test_a_kernel_that_was_damaged_on_disk_is_made_again(tmp_path: Path) -> None:
    program = compiled("policies/langfang/resident-2024-draft.md").demand()
    build(program, matters=["大病资金"], cache=tmp_path)
    [kept] = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-20])
    assert build(program, matters=["大病资金"], cache=tmp_path).matters == ("大病资金",)
    assert len(kept.read_bytes()) == len(whole)


def _visit(year: int) -> Claim:
    at = datetime.datetime(year, 5, 6, 9)
    line: dict[str, Value] = {"金额": 10_000, "收费项目等级": "甲", "目录类别": "西药中成药"}
    fields: dict[str, Value] = {
        "医疗类别": "普通门诊",
        "就医地": "131002",
        "入院时间": at,
        "出院时间": at,
    }
    return Claim("门诊统筹", fields, {"明细": (line,)})
