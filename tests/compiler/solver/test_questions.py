"""Questions about a small policy, worked by hand: proved, refuted, and what lists and the past
make of them."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
import z3

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.compiler.solver import numbers
from tiaowen.compiler.solver.form import Form, translate
from tiaowen.compiler.solver.formulas import both, formula, negation
from tiaowen.compiler.solver.invariants import Capped, NotNegative, invariants
from tiaowen.compiler.solver.solving import Proved, Question, Refuted, Undecided, prove, solve
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.witnesses import decide_witness, history_of

HEAD = """
枚举 级 英文 "level"
  | 码 | 值 | 英文 |
  | "1" | 低 | "low" |
  | "2" | 高 | "high" |
字段 人 英文 "person"
  | 字段 | 码 | 类型 | 未填 | 英文 |
  | 级次 | level | 级 | | "level" |
  | 就诊日期 | day | 日期 | | "day" |
集合 明细 英文 "lines"
  | 字段 | 码 | 类型 | 未填 | 英文 |
  | 金额 | amt | 金额 | | "amount" |
  | 甲类 | class | 是否 | 否 | "class" |
接口 测算 关于 人次
  | 输出 | 码 | 类型 | 英文 |
  | 费用 | fee | 金额 | "fee" |
  | 范围内 | scope | 金额 | "eligible" |
  | 支付 | pay | 金额 | "payment" |
事项 测算 按 测算
年度 = 年份(就诊日期)
每项 范围内金额 = 若 甲类 则 金额 否则 金额 × 80%
费用 = 合计(每项 金额)
范围内 = 合计(每项 范围内金额)
比例 =
  | 级次 | |
  | 低 | 90% |
  | 高 | 70% |
余额 = 较大(0元, 1000元 - 本年累计(支付))
"""


@cache
def policy(rules: str) -> Program:
    return compile_policy([read_document(Source("small.tiao", HEAD + rules + "\n"))]).demand()


PLAIN = "支付 = 较小(范围内 × 比例, 余额)"
OVER = "支付 = 范围内 × 比例 + 1元"


def pays_within(program: Program) -> object:
    def ask(lines: int | None) -> Question:
        form = translate(program, "测算", lines=lines)
        paid = numbers.below(form.outputs["支付"], form.outputs["范围内"], True)
        return Question((form,), paid, form.decided)

    return prove(ask)


def test_a_ratio_of_an_amount_is_proved_within_it() -> None:
    assert isinstance(pays_within(policy(PLAIN)), Proved)


def test_a_fixed_sum_on_top_is_refuted_by_a_claim_that_the_interpreter_decides() -> None:
    program = policy(OVER)
    found = pays_within(program)
    assert isinstance(found, Refuted)
    values = decide_witness(found.claims[0], program).decision.values
    assert int(str(values["支付"])) > int(str(values["范围内"]))


def alike(form: Form, other: Form, output: str) -> z3.BoolRef:
    return formula(numbers.equal(form.outputs[output], other.outputs[output]))


def test_copies_share_all_but_what_varies() -> None:
    program = policy(PLAIN)
    one = translate(program, "测算")
    same = translate(program, "测算", share=one, prefix="b.")
    assert isinstance(solve(Question((one, same), alike(one, same, "支付"))), Proved)
    higher = translate(program, "测算", share=one, vary=["级次"], prefix="c.")
    assert isinstance(solve(Question((one, higher), alike(one, higher, "范围内"))), Proved)
    assert one.facts["就诊日期"] is higher.facts["就诊日期"]
    assert one.facts["级次"] is not higher.facts["级次"]
    found = solve(Question((one, higher), alike(one, higher, "支付"), one.decided))
    assert isinstance(found, Refuted)
    low, high = found.claims
    assert low.fields["级次"] != high.fields["级次"]


def test_lines_are_proved_one_by_one_and_then_over_their_sums() -> None:
    form = translate(policy(PLAIN), "测算")
    solver = z3.Solver()
    solver.add(*form.constraints)
    scope, fees = form.outputs["范围内"], form.outputs["费用"]
    solver.add(z3.Not(formula(both(numbers.below(scope, fees, True),
                                   numbers.below(numbers.constant(0), scope, True)))))  # fmt: skip
    assert solver.check() == z3.unsat


def test_a_payment_out_of_the_year_s_balance_brings_what_was_paid_before() -> None:
    program = policy(PLAIN)
    form = translate(program, "测算", lines=1)
    short = numbers.below(form.outputs["支付"], numbers.scaled(form.outputs["范围内"],
                                                              Fraction(1, 2)), False)  # fmt: skip
    large = numbers.below(numbers.constant(10_000), form.outputs["范围内"], False)
    given = both(form.decided, large)
    found = solve(Question((form,), negation(short), given))
    assert isinstance(found, Refuted)
    decided = decide_witness(found.claims[0], program)
    scope, paid = (int(str(decided.decision.values[n])) for n in ("范围内", "支付"))
    assert scope > 10_000
    assert paid * 2 < scope
    assert history_of(found.claims[0], program)


def test_the_year_s_payments_stay_within_their_limit_by_induction() -> None:
    held = invariants(policy(PLAIN)).held
    assert NotNegative("测算", "支付") in held
    assert [one.limit for one in held if isinstance(one, Capped)] == [100_000]


def test_what_a_claim_may_break_is_no_invariant() -> None:
    assert not any(isinstance(one, Capped) for one in invariants(policy(OVER)).held)
    negative = policy("支付 = 范围内 - 100元\n已付 = 本年累计(支付)")
    assert NotNegative("测算", "支付") not in invariants(negative).held


def test_a_solver_that_may_not_spend_anything_says_so() -> None:
    program = policy(PLAIN)
    form = translate(program, "测算")
    paid = numbers.below(form.outputs["支付"], form.outputs["范围内"], True)
    found = solve(Question((form,), paid, form.decided), limit=8)
    assert isinstance(found, Undecided)
    assert found.why == "limit"


@pytest.mark.parametrize("limit", [100, 1_000_000])
def test_an_answer_does_not_depend_on_the_machine(limit: int) -> None:
    form = translate(policy(PLAIN), "测算", lines=1)
    goal = numbers.below(form.outputs["支付"], form.outputs["范围内"], False)
    question = Question((form,), goal, form.decided)
    first, second = solve(question, limit=limit), solve(question, limit=limit)
    assert type(first) is type(second)


PARTS = """
每项 费用年度 = 年份(发生日)
支付 = 较小(范围内, 100元) × 比例
分部 跨年 按 费用年度
  汇总 支付
  其中 年度 = 费用年度
"""


@cache
def in_parts() -> Program:
    dated = "| 甲类 | class |", '| 发生日 | on | 日期 | | "on" |\n  | 甲类 | class |'
    text = HEAD.replace(*dated) + PARTS
    return compile_policy([read_document(Source("parts.tiao", text))]).demand()


def of_parts(most: str | int, parts: bool) -> object:
    form = translate(in_parts(), "测算", parts=parts)
    limit = form.outputs[most] if isinstance(most, str) else numbers.constant(most)
    goal = numbers.below(form.outputs["支付"], limit, True)
    return solve(Question((form,), goal, form.decided))


def test_what_holds_in_every_part_holds_of_their_sum() -> None:
    found = of_parts("范围内", parts=True)
    assert isinstance(found, Proved)
    assert found.assumptions == ()


def test_a_limit_of_each_part_is_none_of_all_parts_together() -> None:
    whole = of_parts(9_000, parts=False)
    assert isinstance(whole, Proved)
    assert whole.assumptions == ("部分 测算.跨年",)
    assert not isinstance(of_parts(9_000, parts=True), Proved)
