"""Two small towns whose stays are compared: each text is compiled once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.review.difference.outcomes import Outcomes, compare_outcomes
from tiaowen.review.difference.records import MatterPair, Side

ROOT = Path(__file__).parents[3]

LEVELS = """
级别 医院级别 = 医院等级
  | 级别 | 含 |
  | 一级及以下 | 一级甲等、一级乙等、一级丙等、无等级 |
  | 二级 | 二级甲等、二级乙等、二级丙等 |
  | 三级 | 三级特等、三级甲等、三级乙等、三级丙等 |
"""

HILLS = f"""---
政策: 山城办法
地区: 500000
险种: [390]
施行: 2020-01-01
引用: vocabulary.tiao
---

### 第一条

起付标准：一级及以下100元，二级500元，三级1000元。

```tiao
事项 住院 按 住院结算 当 医疗类别 属于 住院类
{LEVELS}
起付标准 =
  | 医院级别 | |
  | 一级及以下 | 100元 |
  | 二级 | 500元 |
  | 三级 | 1000元 |
```

### 第二条

支付比例为80%，一年最多20000元。

```tiao
支付比例 = 80%
统筹支付 不高于 较大(0元, 20000元 - 本年累计(统筹支付))
```
"""

PLAIN = f"""---
政策: 平原办法
地区: 131000
险种: [390]
施行: 2020-01-01
引用: vocabulary.tiao
---

### 第一条

起付标准500元；在统筹区外就医且没有备案的，没有规定。

```tiao
事项 住院 按 住院结算 当 医疗类别 属于 住院类
{LEVELS}
起付标准 = 500元 当 就医地 属于 廊坊 或 备案类别 ≠ 无备案
起付标准 无规定 "没有备案的，没有规定" 当 非 就医地 属于 廊坊 且 备案类别 = 无备案
```

### 第二条

支付比例为70%，老年人提高10%。因打架斗殴住院的不予支付。

```tiao
支付比例 = 70%
支付比例 提高 10% 当 人员类别 属于 居民老年
不予支付 "打架斗殴" 当 致病原因 = 打架斗殴
```
"""


@cache
def town(text: str) -> Program:
    vocabulary = (ROOT / "policies" / "vocabulary.tiao").read_text(encoding="utf-8")
    sources = [Source("vocabulary.tiao", vocabulary), Source("town.md", text)]
    return compile_policy([read_document(source) for source in sources]).demand()


PAIR = MatterPair("住院", "住院", "住院结算", "name")


@cache
def outcomes(first: str = HILLS, second: str = PLAIN) -> Outcomes:
    return compare_outcomes(Side(town(first)), Side(town(second)), PAIR)
