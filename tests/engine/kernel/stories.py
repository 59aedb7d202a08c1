"""Generated policies that also look back at earlier decisions, go by the fee line and stop."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.policy_strategies import CONDITIONS, Generated, policies

NAMES = "庚辛壬癸子丑寅卯"


@st.composite
def stories(draw: st.DrawFn) -> Generated:
    """A policy of ``policies`` with up to three more amounts, each from those before it."""
    made = draw(policies())
    money = [o.split(":")[0] for o in made.outputs if o.endswith("金额")] or ["费用"]
    blocks, outputs = list(made.blocks), list(made.outputs)
    for name in NAMES[: draw(st.integers(1, 3))]:
        blocks.append(draw(_amount(f"量{name}", draw(st.sampled_from(money)))))
        outputs.append(f"量{name}:金额")
        money.append(f"量{name}")
    return Generated(tuple(blocks), tuple(outputs))


def _amount(name: str, of: str) -> st.SearchStrategy[str]:
    """The rules of an amount that draws on ``of``."""
    return st.one_of(
        st.just(f"{name} = 若 历年次数(测算) > 0 则 上次(测算.{of}) 否则 {of}"),
        st.just(f"{name} = 历年累计({of}, 级次 = 本次.级次)"),
        st.builds(lambda c: f"{name} = 较大(0元, {of} - 历年累计({of}, {c}))", _OF_FIELDS),
        st.builds(lambda c: f"{name} = 历年最高({of}, {c})", _OF_FIELDS),
        st.just(f"{name} = 本年最高({of})"),
        st.builds(
            lambda n, c: f"{name} = {n}元 × 历年次数(测算, {c})", st.integers(1, 90), _OF_FIELDS
        ),
        st.builds(
            lambda c: f'{name} 无规定 "没有规定" 当 {c}\n{name} = {of} 当 非 ({c})', CONDITIONS
        ),
        st.builds(lambda c: f"{name} = {of}\n{name} 改为 {of} ÷ 3 当 {c}", CONDITIONS),
        st.builds(_by_line, st.just(name), st.integers(0, 100), CONDITIONS),
    )


_OF_FIELDS = st.sampled_from(["老", "非 病", "级次 = 高", "级次 = 本次.级次", "费用 > 本次.费用"])


def _by_line(name: str, share: int, condition: str) -> str:
    """The sum of an amount of each fee line, amended for some."""
    each = f"{name}各项"
    return "\n".join(
        [f"每项 {each} = 金额 × {share}% 当 甲类", f"每项 {each} = 金额 当 非 甲类",
         f"每项 {each} 不高于 700元 当 {condition}", f"{name} = 合计(每项 {each})"]
    )  # fmt: skip
