"""Worked cases run against their rules: what holds, what is said where they do not."""

from __future__ import annotations

import pytest

from tiaowen.compiler.program import Compilation, compile_policy
from tiaowen.dsl.diagnostics import Diagnostic, Rejected
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.render import has_errors, render_text
from tiaowen.dsl.source import Source
from tiaowen.review.cases import CaseResult, run_cases


def compiled(text: str) -> Compilation:
    return compile_policy([read_document(Source("policy.md", text))])


def said(diagnostics: tuple[Diagnostic, ...]) -> str:
    return render_text(diagnostics, "zh", False, 100)


POLICY = """---
政策: 测试办法
地区: 131000
施行: 2024-01-01
---

### 第一条

起付标准200元，退休人员减100元，已住院2次的不设起付线。三级医疗机构支付60%，其他75%。健康体检不予支付。应当在6个月内申报。

```tiao
枚举 等级
  | 码   | 值   | 英文 |
  | "01" | 二级 | "2"  |
  | "02" | 三级 | "3"  |
枚举 区划
  | 码      | 值   | 英文       |
  | "1310*" | 廊坊 | "Langfang" |
字段 就诊
  | 字段     | 码       | 类型 | 未填 | 英文         |
  | 医院等级 | hosp_lv  | 等级 |      | "level"      |
  | 退休     | retired  | 是否 | 否   | "retired"    |
  | 体检     | checkup  | 是否 | 否   | "check-up"   |
  | 境外     | abroad   | 是否 | 否   | "abroad"     |
  | 就医地   | admdvs   | 区划 |      | "place"      |
  | 出院日期 | enddate  | 日期 |      | "discharge"  |
  | 申报日期 | filed    | 日期 |      | "filed"      |
  | 结算ID   | setl_id  | 文本 |      | "settlement" |
集合 明细
  | 字段 | 码                  | 类型 | 未填 | 英文     |
  | 金额 | det_item_fee_sumamt | 金额 |      | "amount" |
  | 自费 | own                 | 是否 | 否   | "own"    |
简写 甲类费用 = 明细(金额, 自费 = 否)
简写 自费费用 = 明细(金额, 自费 = 是)
接口 住院结算 关于 人次
  | 输出     | 码       | 类型 | 英文         |
  | 起付线   | crt_dedc | 金额 | "deductible" |
  | 支付比例 | prop     | 比例 | "ratio"      |
  | 统筹支付 | hifp_pay | 金额 | "fund"       |
  | 大病支付 | x        | 金额 | "serious"    |
年度 = 年份(出院日期)
```

```tiao
事项 住院 按 住院结算
参数 封顶线: 金额 另行规定 "市医疗保障局"
口径 次数: 计入 | 不计 默认 计入
起付线 = 200元
起付线 减 100元 当 退休
起付线 改为 0元 当 次数 = 计入 且 本年次数(住院) ≥ 2
支付比例 = 60% 当 医院等级 = 三级 且 非 境外
支付比例 = 75% 当 非 医院等级 = 三级 且 非 境外
支付比例 无规定 "境外就医" 当 境外
在廊坊 = 就医地 = 廊坊
范围内 = 合计(每项 金额 当 非 自费)
统筹支付 = (范围内 - 起付线) × 支付比例
已付 = 本年累计(统筹支付)
可付 = 封顶线
不予支付 "健康体检" 当 体检
须 申报日期 ≤ 出院日期 + 6个月 否则 "超过6个月申报"
性质 "支付不为负": 统筹支付 ≥ 0元
```

```样例 二级住院
给定 医院等级 = 二级, 甲类费用 = 1000元, 出院日期 = 2024-05-01
```

```样例 退休二级住院
基于 二级住院
给定 退休 = 是
```
"""


def one(case: str, more: str = "") -> CaseResult:
    """The last case of the test policy."""
    compilation = compiled(f"{POLICY}{more}\n```案例 例\n{case}\n```\n")
    assert not has_errors(compilation.diagnostics), said(compilation.diagnostics)
    return run_cases(compilation)[-1]


@pytest.mark.parametrize(
    "case",
    [
        "基于 二级住院\n应得 起付线 = 200元, 统筹支付 = 600元",
        "基于 退休二级住院\n应得 起付线 = 100元, 统筹支付 = 675元",
        "基于 退休二级住院\n给定 退休 = 否, 甲类费用 = 300元\n应得 统筹支付 = 75元",
        "基于 二级住院\n给定 医院等级 = 三级\n应得 支付比例 = 60%, 大病支付 = 不适用",
        '基于 二级住院\n给定 hosp_lv = "02"\n应得 支付比例 = 60%',
        "基于 二级住院\n给定 自费费用 = 50元, 就医地 = 廊坊\n应得 范围内 = 1000元, 在廊坊 = 是",
        "基于 二级住院\n给定 起付线 = 400元\n应得 统筹支付 = 450元",
        "基于 二级住院\n给定 明细 =\n  | 金额 | 自费 |\n  | 500元 | 是 |\n  | 70.50元 | — |\n应得 范围内 = 1070.5元",
        "基于 二级住院\n此前 住院: 出院日期 = 2024-01-02\n此前 住院: 出院日期 = 2023-12-31\n应得 起付线 = 200元, 已付 = 600元",
        "基于 二级住院\n此前 结算 住院: 年度 = 2024, 统筹支付 = 10元\n此前 期初: 年度 = 2024, 统筹支付 = 5元, 住院 = 1次\n应得 起付线 = 0元, 已付 = 15元",
        "基于 二级住院\n口径 次数 = 不计\n此前 结算 住院: 年度 = 2024\n此前 结算 住院: 年度 = 2024\n应得 起付线 = 200元",
        '基于 二级住院\n此前 结算 住院: 年度 = 2024, 统筹支付 = 10元, 结算ID = "a"\n此前 撤销: 结算ID = "a"\n应得 已付 = 0元',
        "基于 二级住院\n参数 封顶线 = 15万元\n应得 可付 = 150,000元",
        '基于 二级住院\n给定 体检 = 是\n应拒 "健康体检"',
        '基于 二级住院\n给定 申报日期 = 2024-11-02\n应提示 "超过6个月申报"',
        "给定 甲类费用 = 1000元\n应停 缺输入",
        "基于 二级住院\n给定 境外 = 是\n应停 无规定 依据 第一条",
        "基于 二级住院\n给定 境外 = 是\n应停 TW0503",
    ],
)
def test_a_case_that_holds(case: str) -> None:
    assert said(one(case).diagnostics) == ""


@pytest.mark.parametrize(
    ("case", "codes"),
    [
        ("基于 二级住院\n应得 起付线 = 201元, 统筹支付 = 600.01元", ["TW0801", "TW0801"]),
        ("基于 二级住院\n应得 大病支付 = 0元", ["TW0801"]),
        ("基于 二级住院", ["TW0802"]),
        ("基于 二级住元\n应得 起付线 = 200元", ["TW0803"]),
        ("基于 二级住院\n应得 可付 = 1元", ["TW0804"]),
        ("基于 二级住院\n给定 医院等机 = 二级\n应得 起付线 = 200元", ["TW0201"]),
        ("基于 二级住院\n应得 起付浅 = 200元", ["TW0201"]),
        ("基于 二级住院\n给定 医院等级 = 四级\n应得 起付线 = 200元", ["TW0206"]),
        ("基于 二级住院\n给定 退休 = 200元\n应得 起付线 = 200元", ["TW0204"]),
        ("基于 二级住院\n应得 起付线 = 20%", ["TW0204"]),
        ("基于 二级住院\n给定 甲类费用 = 999999999999999元\n应得 起付线 = 200元", ["TW0517"]),
        ("基于 二级住院\n给定 出院日期 = 5日\n应得 起付线 = 200元", ["TW0204"]),
        ("基于 二级住院\n给定 明细 = 5元\n应得 起付线 = 200元", ["TW0204"]),
        ("基于 二级住院\n给定 明细 =\n  | 金鹅 |\n  | 5元 |\n应得 起付线 = 200元", ["TW0201"]),
        ("基于 二级住院\n口径 次书 = 计入\n应得 起付线 = 200元", ["TW0512"]),
        ("基于 二级住院\n口径 次数 = 都计\n应得 起付线 = 200元", ["TW0512"]),
        ("基于 二级住院\n参数 封定线 = 1元\n应得 起付线 = 200元", ["TW0513"]),
        ("基于 二级住院\n参数 封顶线 = 1元\n参数 封顶线 = 2元\n应得 可付 = 1元", ["TW0514"]),
        ("基于 二级住院\n此前 住远: 退休 = 是\n应得 起付线 = 200元", ["TW0208"]),
        ("事项 住远\n应得 起付线 = 200元", ["TW0208"]),
        ("基于 二级住院\n此前 撤销: 结算ID = \"b\"\n应得 起付线 = 200元", ["TW0613"]),
        ("基于 二级住院\n应停 无规定", ["TW0801"]),
        ("基于 二级住院\n给定 境外 = 是\n应停 无规定 依据 第二条", ["TW0801"]),
        ("基于 二级住院\n参数 封顶线 = 1元\n应停 缺参数", ["TW0801"]),
        ("基于 二级住院\n应拒 \"健康体检\"", ["TW0801"]),
        ("基于 二级住院\n给定 申报日期 = 2024-11-01\n应提示 \"超过6个月申报\"", ["TW0801"]),
        ("基于 二级住院\n给定 统筹支付 = -1元\n应得 起付线 = 200元", ["TW0805"]),
    ],
)  # fmt: skip
def test_a_case_that_does_not_hold(case: str, codes: list[str]) -> None:
    found = one(case).diagnostics
    assert [d.code for d in found] == codes, said(found)
    assert all(d.span is not None and d.span.source.name == "policy.md" for d in found)


def test_what_was_expected_and_got_is_said_in_both_languages() -> None:
    found = one("基于 二级住院\n应得 统筹支付 = 601元").diagnostics
    assert "“统筹支付”应为601.00元，得600.00元" in render_text(found, "zh", False, 100)
    assert "should be" in render_text(found, "en", False, 100)


def test_what_a_case_is_based_on_names_its_matter() -> None:
    more = """
### 第二条

门诊不设起付标准。

```tiao
事项 门诊 按 住院结算
起付线 = 0元
支付比例 = 100%
统筹支付 = 0元
```

```样例 住院的
事项 住院
基于 二级住院
```
"""
    assert said(one("基于 住院的\n应得 起付线 = 200元", more).diagnostics) == ""
    assert said(one("应得 起付线 = 0元", more).diagnostics) == ""


def test_bases_that_go_round_are_refused() -> None:
    round_about = "\n```样例 甲\n基于 乙\n```\n\n```样例 乙\n基于 甲\n```\n"
    found = one("基于 甲\n应得 起付线 = 200元", round_about).diagnostics
    assert [d.code for d in found] == ["TW0806"]
    assert "甲 → 乙 → 甲" in said(found)


def test_a_policy_with_errors_has_no_results() -> None:
    compilation = compiled(POLICY.replace("起付线 = 200元\n", "起付线 = 二百\n"))
    with pytest.raises(Rejected):
        run_cases(compilation)
