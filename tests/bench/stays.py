"""The stays that are measured: a second-level hospital inside the area, n fee lines."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

from tiaowen.engine.frames import Claim

KINDS: tuple[dict[str, Any], ...] = (
    {"收费项目等级": "甲"},
    {"收费项目等级": "乙"},
    {"收费项目等级": "乙", "目录类别": "医疗服务项目"},
    {"收费项目等级": "乙", "谈判药": True, "抗肿瘤西药": True},
    {"收费项目等级": "乙", "谈判药": True},
    {"收费项目等级": "丙"},
    {"收费项目等级": "甲", "定价上限": Fraction(150), "数量": Fraction(1)},
)
"""甲类, 乙类药品, 乙类诊疗, 谈判抗肿瘤, 其他谈判, 自费, 超限价: the seven lines of a plain stay."""

FIRST_PAY = (0, 5, 10, 20, 10, 100, 0)
LIMITS = (None,) * 6 + (15_000,)


def amounts(lines: int) -> list[int]:
    """The cost of each line, in 分."""
    return [20_000 + 137 * n for n in range(lines)]


def stay(lines: int) -> Claim:
    """A stay of that many lines, the seven kinds in turn."""
    return Claim(
        "住院",
        {
            "医疗类别": "普通住院", "医院等级": "二级甲等", "参保地": "131002", "就医地": "131002",
            "入院时间": datetime.datetime(2024, 3, 1, 8), "出院时间": datetime.datetime(2024, 3, 9, 8),
            "就诊ID": "A1", "人员编号": "1",
        },
        {
            "明细": tuple(
                {"金额": amount, "目录类别": "西药中成药", **KINDS[n % 7]}
                for n, amount in enumerate(amounts(lines))
            )
        },
    )  # fmt: skip
