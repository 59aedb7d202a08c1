"""The types of quantities, and which unit of a number literal means which type."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen


@frozen
class Type:
    """A type by its name; ``kind`` tells the built-in ones from enumerations and readings.

    ``base`` of a scale is the enumeration whose members it groups.
    """

    name: str
    kind: str = "plain"  # plain | enumeration | prefix | scale | reading | collection
    base: str = ""

    def label(self, lang: str = "zh") -> str:
        return self.name if lang == "zh" else ENGLISH.get(self.name, self.name)

    @property
    def enumerated(self) -> bool:
        return self.kind in ("enumeration", "prefix", "scale", "reading")


MONEY = Type("金额")
UNIT_PRICE = Type("单价")
RATIO = Type("比例")
POINTS = Type("百分点")
DAYS = Type("天数")
WORKING_DAYS = Type("工作日")
MONTHS = Type("月数")
YEARS = Type("年限")
HOURS = Type("时长")
STEPS = Type("级数")
DATE = Type("日期")
MOMENT = Type("时刻")
NUMBER = Type("数量")
TRUTH = Type("是否")
TEXT = Type("文本")
REASONS = Type("理由")
UNKNOWN = Type("未定")

BUILT_IN = {
    t.name: t
    for t in (
        MONEY, UNIT_PRICE, RATIO, POINTS, DAYS, WORKING_DAYS, MONTHS, YEARS, HOURS, STEPS,
        DATE, MOMENT, NUMBER, TRUTH, TEXT,
    )
}  # fmt: skip

ENGLISH = {
    "金额": "money", "单价": "unit price", "比例": "ratio", "百分点": "percentage points",
    "天数": "days", "工作日": "working days", "月数": "months", "年限": "years",
    "时长": "hours", "级数": "steps", "日期": "date", "时刻": "moment", "数量": "number",
    "是否": "truth", "文本": "text", "理由": "reasons", "未定": "unknown",
}  # fmt: skip

# unit of a literal -> its type and what one unit is in the type's own measure
LITERALS: dict[str, tuple[Type, Fraction]] = {
    "": (NUMBER, Fraction(1)),
    "元": (MONEY, Fraction(100)),
    "%": (RATIO, Fraction(1, 100)),
    "‰": (RATIO, Fraction(1, 1000)),
    "百分点": (POINTS, Fraction(1, 100)),
    "日": (DAYS, Fraction(1)),
    "周": (DAYS, Fraction(7)),
    "工作日": (WORKING_DAYS, Fraction(1)),
    "月": (MONTHS, Fraction(1)),
    "年": (YEARS, Fraction(1)),
    "岁": (YEARS, Fraction(1)),
    "小时": (HOURS, Fraction(1)),
    "分钟": (HOURS, Fraction(1, 60)),
    "级": (STEPS, Fraction(1)),
    "次": (NUMBER, Fraction(1)),
    "人": (NUMBER, Fraction(1)),
    "倍": (NUMBER, Fraction(1)),
}

WHOLE = frozenset(t.name for t in (DAYS, WORKING_DAYS, MONTHS, YEARS, STEPS))
"""Types whose literals are whole numbers."""
