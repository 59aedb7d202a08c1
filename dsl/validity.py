"""Days and periods of validity as front matter writes them, counted as law counts.

A period of five years from 2012-12-08 is in force to 2017-12-07, its last day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from tiaowen.dsl.normal import halfwidth

PERIOD: Final = re.compile(r"(?:为)?(?P<n>\d{1,3})\s*(?:个)?(?P<unit>年|月|year|month)s?")
"""How long a policy is valid: 5年, 为5年, 18个月, 5 years."""

OPEN_DAY: Final = re.compile(r"年\s*月|月\s*日|undecided|open", re.I)
"""A day still to be fixed: 2024年 月 日."""

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def read_day(written: str) -> date | None:
    """2023-01-01, 2023/1/1 or 2023年1月1日; ``None`` for anything else."""
    match = _DAY.fullmatch(halfwidth(written).strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def last_day(begins: date, months: int) -> date | None:
    """The last day of a period of whole ``months``: the day before the corresponding day.

    Where the last month has no corresponding day, its last day; ``None`` past the calendar.
    """
    year, month = divmod(begins.year * 12 + begins.month - 1 + months, 12)
    try:
        return date(year, month + 1, begins.day) - timedelta(days=1)
    except ValueError:
        pass
    try:
        return date(year, month + 2, 1) - timedelta(days=1)  # no such day in a short month
    except ValueError:
        return None
