"""Small policies generated as text: amounts, ratios and truths defined from one another and
amended under conditions, over a claim with fee lines."""

from __future__ import annotations

from attrs import frozen
from hypothesis import strategies as st

HEAD = """
枚举 级 英文 "level"
  | 码 | 值 | 英文 |
  | "1" | 低 | "low" |
  | "2" | 中 | "middle" |
  | "3" | 高 | "high" |
字段 人 英文 "person"
  | 字段 | 码 | 类型 | 未填 | 英文 |
  | 费用 | fee | 金额 | | "fee" |
  | 份额 | share | 比例 | | "share" |
  | 老 | old | 是否 | 否 | "old" |
  | 病 | ill | 是否 | 否 | "ill" |
  | 级次 | level | 级 | | "level" |
  | 就诊日期 | day | 日期 | | "day" |
集合 明细 英文 "lines"
  | 字段 | 码 | 类型 | 未填 | 英文 |
  | 金额 | amt | 金额 | | "amount" |
  | 甲类 | class | 是否 | 否 | "class" |
口径 百分数增减: 百分点 | 相对 默认 百分点
口径 宽严: 宽 | 严 默认 宽
"""


@frozen
class Generated:
    """A policy as blocks: each block holds the rules of one quantity, in order."""

    blocks: tuple[str, ...]
    outputs: tuple[str, ...]

    def text(self, order: tuple[int, ...] | None = None) -> str:
        chosen = self.blocks if order is None else tuple(self.blocks[i] for i in order)
        rows = "".join(
            f'  | {q} | {q} | {k} | "{q}" |\n' for q, k in (o.split(":") for o in self.outputs)
        )
        head = (
            f"{HEAD}接口 测算 关于 人次\n  | 输出 | 码 | 类型 | 英文 |\n{rows}事项 测算 按 测算\n"
        )
        return head + "年度 = 年份(就诊日期)\n" + "\n".join(chosen) + "\n"


CONDITIONS = st.sampled_from([
    "老", "非 病", "级次 = 高", "级次 属于 {低, 中}", "费用 > 500元", "老 且 费用 ≤ 1000元",
    "宽严 = 严", "任一(每项 甲类)", "病 或 级次 ≠ 中", "份额 ≥ 50%",
])  # fmt: skip


@st.composite
def policies(draw: st.DrawFn) -> Generated:
    """Up to six quantities, each with up to four amendments."""
    blocks: list[str] = []
    money, ratios = ["费用"], ["份额"]
    outputs: list[str] = []
    for index in range(draw(st.integers(2, 6))):
        name = f"量{'甲乙丙丁戊己'[index]}"
        if draw(st.integers(0, 2)):
            blocks.append(
                "\n".join(
                    [draw(_money_rule(name, money, ratios)), *draw(_amendments(name, money, True))]
                )
            )
            money.append(name)
            outputs.append(f"{name}:金额")
        else:
            blocks.append(
                "\n".join([draw(_ratio_rule(name, ratios)), *draw(_amendments(name, money, False))])
            )
            ratios.append(name)
            outputs.append(f"{name}:比例")
    return Generated(tuple(blocks), tuple(outputs))


def _money_rule(name: str, money: list[str], ratios: list[str]) -> st.SearchStrategy[str]:
    amount, ratio = st.sampled_from(money), st.sampled_from(ratios)
    return st.one_of(
        st.builds(lambda a, r: f"{name} = {a} × {r}", amount, ratio),
        st.builds(lambda a, b: f"{name} = 较大(0元, {a} - {b})", amount, amount),
        st.builds(lambda a, n: f"{name} = {a} + {n}元", amount, st.integers(0, 900)),
        st.builds(lambda r: f"{name} = 合计(每项 金额 × {r} 当 甲类)", ratio),
        st.builds(lambda c, a, b: f"{name} = {a} 当 {c}\n{name} = {b} 当 非 ({c})", CONDITIONS, amount, amount),
        st.builds(lambda a: f"{name} = 较大(0元, {a} - 本年累计({name}))", amount),
        st.builds(lambda n: f"{name} = {n}元 × 本年次数(测算, 老)", st.integers(1, 90)),
        st.just(f"{name} =\n  | 级次 | |\n  | 低 | 10.01元 |\n  | 中、高 | 33.33元 |"),
    )  # fmt: skip


def _ratio_rule(name: str, ratios: list[str]) -> st.SearchStrategy[str]:
    ratio = st.sampled_from(ratios)
    return st.one_of(
        st.builds(lambda a, b: f"{name} = {a} × {b}", ratio, ratio),
        st.builds(lambda n: f"{name} = {n}%", st.integers(0, 100)),
        st.just(
            f"{name} =\n  | 老 | 级次 | |\n  | 是 | — | 90% |\n  | 否 | 高 | 50% |\n  | 否 | 低、中 | 70% |"
        ),
    )


@st.composite
def _amendments(draw: st.DrawFn, name: str, money: list[str], amount: bool) -> list[str]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        if amount:
            operand = draw(
                st.one_of(st.sampled_from(money), st.integers(0, 700).map(lambda n: f"{n}元"))
            )
            rule = draw(st.sampled_from([f"加 {operand}", f"减 {operand}", f"不低于 {operand}", f"不高于 {operand}",
                                         f"改为 {operand}", "提高 5%", "乘 33%", "降低 7%"]))  # fmt: skip
        else:
            rule = draw(
                st.sampled_from(
                    [
                        "提高 5%",
                        "提高 5个百分点",
                        "降低 3个百分点",
                        "不高于 100%",
                        "不低于 10%",
                        "乘 2",
                    ]
                )
            )
        condition = draw(st.one_of(st.just(""), CONDITIONS.map(lambda c: f" 当 {c}")))
        found.append(f"{name} {rule}{condition}")
    return found
