"""A policy small enough that every explanation of a charged sheet can be worked out by hand."""

from __future__ import annotations

from functools import cache
from typing import Any

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.frames import Claim
from tiaowen.review.reconciliation import read_charged
from tiaowen.review.reconciliation.reconciling import reconcile
from tiaowen.review.reconciliation.records import Charged, Reconciliation

POLICY = """---
政策: 核对试验办法
地区: 139000
险种: [390]
施行: 2024-01-01
---

### 第一条

起付线：一级100元，二级300元，三级800元。高龄人员起付线减50元。

```tiao
枚举 等级类 英文 "grade"
  | 码  | 值   | 英文        |
  | "1" | 一级 | "primary"   |
  | "2" | 二级 | "secondary" |
  | "3" | 三级 | "tertiary"  |

字段 就诊 英文 "stay"
  | 字段     | 码            | 类型   | 未填 | 英文               |
  | 等级     | hosp_lv       | 等级类 |      | "hospital grade"   |
  | 高龄     | x_old         | 是否   | 否   | "aged"             |
  | 入院时间 | begntime      | 时刻   |      | "admission"        |
  | 出院时间 | endtime       | 时刻   |      | "discharge"        |
  | 结算ID   | setl_id       | 文本   | ""   | "settlement"       |

集合 明细 英文 "fee lines"
  | 字段     | 码                  | 类型 | 未填 | 英文         |
  |          | feedetail           | 文本 |      | "fee lines"  |
  | 项目名称 | medins_list_name    | 文本 | ""   | "item"       |
  | 金额     | det_item_fee_sumamt | 金额 |      | "amount"     |
  | 自费     | x_own               | 是否 | 否   | "own"        |

口径 比例口径: 宽 | 严 默认 宽 英文 "which ratio"

接口 住院结算 关于 人次 英文 "settlement"
  | 输出         | 码              | 类型 | 英文            | 基金 |
  | 年度         | year            | 数量 | "year"          |      |
  | 医疗费总额   | medfee_sumamt   | 金额 | "total cost"    |      |
  | 范围内       | inscp_scp_amt   | 金额 | "eligible"      |      |
  | 起付线       | crt_dedc        | 金额 | "deductible"    |      |
  | 统筹支付     | hifp_pay        | 金额 | "pooled fund"   | 统筹 |
  | 基金支付总额 | fund_pay_sumamt | 金额 | "all funds"     |      |
  | 个人负担     | psn_part_amt    | 金额 | "the person"    |      |
年度 = 年份(出院时间)
医疗费总额 = 合计(每项 金额)
范围内 = 合计(每项 金额 当 非 自费)
基金支付总额 = 统筹支付
个人负担 = 医疗费总额 - 基金支付总额

性质 "总额有人负担": 医疗费总额 = 基金支付总额 + 个人负担

事项 住院 按 住院结算 英文 "stay"
起付线 =
  | 等级 |       |
  | 一级 | 100元 |
  | 二级 | 300元 |
  | 三级 | 800元 |
起付线 减 50元 当 高龄
```

### 第二条

起付线以上的支付80%，或者70%，一年最多支付1000元。

```tiao
事项 住院
支付比例 = 若 比例口径 = 宽 则 80% 否则 70%
统筹支付 = 较大(0元, 范围内 - 起付线) × 支付比例
统筹支付 不高于 较大(0元, 1000元 - 本年累计(住院.统筹支付))
```
"""


@cache
def program() -> Program:
    return compile_policy([read_document(Source("p.md", POLICY))]).demand()


def stay(grade: str = "二级", **other: Any) -> Claim:
    """A stay of 600.00 + 250.00 + 40.00 = 890.00 yuan, of which 40.00 are not covered.

    At a secondary hospital 850 − 300 = 550, × 80% = 440.00 are paid; 450.00 are left.
    """
    data = {
        "事项": "住院", "等级": grade, "结算ID": "S", "入院时间": "2024-06-01 08:00",
        "出院时间": "2024-06-05 08:00",
        "明细": [{"项目名称": "手术", "金额": "600"}, {"项目名称": "药品", "金额": "250"},
                 {"项目名称": "陪护", "金额": "40", "自费": True}],
        **other,
    }  # fmt: skip
    return read_claim(data, program(), "住院")


def sheet(**figures: Any) -> Charged:
    """A charged sheet by national codes."""
    return read_charged(figures, program(), "住院")


def found(charged: Charged, claim: Claim | None = None, **options: Any) -> Reconciliation:
    """The reconciliation of the stay."""
    return reconcile(program(), claim or stay(), charged, **options)
