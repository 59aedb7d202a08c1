"""A small policy with planted faults, compiled on the common vocabulary."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source

ROOT = Path(__file__).parents[3]

FAULTY = """---
政策: 有毛病的办法
地区: 512000
险种: [310]
施行: 2024-01-01
---

### 第一条

住院起付标准为100元。在职人员支付比例为80%，退休人员支付比例为70%。政策范围内费用超过1000元的，支付比例不高于50%，每次支付不应超过900元。

```tiao
事项 住院 按 住院结算 当 医疗类别 属于 住院类
每项 先行自付比例 = 自付比例
起付标准 = 100元
支付比例 = 80% 当 人员类别 属于 在职
支付比例 = 70% 当 人员类别 属于 退休
支付比例 无规定 "其他人员没有规定" 当 非 人员类别 属于 {在职, 退休}
支付比例 不高于 50% 当 政策范围内费用 > 1000元
性质 "支付不超过九百元": 统筹支付 ≤ 900元
```

### 第二条

门诊不设起付线。一级及以下医疗机构支付比例为60%，二级医疗机构为70%，三级医疗机构为65%。一年内统筹基金最多支付500元。

```tiao
事项 门诊 按 门诊结算 当 医疗类别 属于 门诊类
级别 医院级别 = 医院等级
  | 级别       | 含                                     | 英文               |
  | 一级及以下 | 一级甲等、一级乙等、一级丙等、无等级   | "primary or below" |
  | 二级       | 二级甲等、二级乙等、二级丙等           | "secondary"        |
  | 三级       | 三级特等、三级甲等、三级乙等、三级丙等 | "tertiary"         |
每项 先行自付比例 = 自付比例
支付比例 =
  | 医院级别   |     |
  | 一级及以下 | 60% |
  | 二级       | 70% |
  | 三级       | 65% |
统筹支付 不高于 较大(0元, 500元 - 本年累计(门诊.统筹支付))
性质 "没有人到限额": 统筹支付 = 应付统筹 或 应付统筹 > 500元
```
"""


@pytest.fixture(scope="session")
def faulty() -> Program:
    """A policy that pays less above 1,000 yuan, less to the retired, more at a higher level."""
    vocabulary = (ROOT / "policies" / "vocabulary.tiao").read_text(encoding="utf-8")
    documents = [Source("vocabulary.tiao", vocabulary), Source("faulty.md", FAULTY)]
    return compile_policy([read_document(source) for source in documents]).demand()
