"""The figures of the two workloads, as a bureau's programmer would copy them from the text.

Every peer reads its figures here, so that what is compared is the way of running the same rules
and not the copying of them. Money is 分; hospital grades and places are told by their place in
``GRADES``, ``PLACES_…``. None stands where the regulation says nothing.
"""

from __future__ import annotations

GRADES = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11")
"""National codes: 01 to 04 tertiary, 05 to 07 secondary, 08 to 10 primary, 11 ungraded."""

KINDS_OF_STAY = ("21", "22", "24")

# 廊坊 第十五条, 第十六条（六）, 第二十一条, 第三十二条

LANGFANG_PLACES = (
    "131002", "131003", "131022", "131081", "130102", "110105", "120101", "510104", "310115",
)  # fmt: skip
INSIDE, NEAR, REFUSED = 2, 1, 0
"""In the pooling area; in the province, Beijing or Tianjin; elsewhere, of which nothing is said
without a filing."""
LANGFANG_SCOPE = (INSIDE, INSIDE, INSIDE, INSIDE, NEAR, NEAR, NEAR, REFUSED, REFUSED)
LANGFANG_DEDUCTIBLE = (150_000,) * 4 + (50_000,) * 3 + (20_000,) * 4
LANGFANG_RATIO = (60,) * 4 + (75,) * 3 + (90,) * 4
"""Percent, by grade."""
LANGFANG_CAP = 15_000_000
"""Of what the pooled fund pays a person in a year."""

# 资阳 第十二条（一）, 第十二条（四）, 第十八条, 第二十七条, with two figures of the parameter file

ZIYANG_PLACES = ("512002", "512021", "512022", "510104", "310115")
ZIYANG_LOCAL = (1, 1, 1, 0, 0)
ZIYANG_DEDUCTIBLE_LOCAL = (
    None, 100_000, 80_000, None, 60_000, 40_000, None, 20_000, 20_000, 20_000, 10_000,
)  # fmt: skip
ZIYANG_DEDUCTIBLE_ELSEWHERE = (
    None, 120_000, 100_000, None, 80_000, 60_000, None, 40_000, 40_000, 40_000, 30_000,
)  # fmt: skip
ZIYANG_RATIO_LOCAL = (80,) * 4 + (85,) * 3 + (90,) * 3 + (95,)
ZIYANG_RATIO_ELSEWHERE = (60,) * 4 + (65,) * 3 + (70,) * 3 + (75,)
RETIRED_LESS, EACH_STAY_LESS, LEAST = 20_000, 5_000, 10_000
"""What lowers a deductible, and what it does not fall below."""
RETIRED_MORE, OLD_MORE = 5, 5
"""Percentage points for retired people, and for those of them aged 70 or over."""
OLD, FIRST_ONLY = 70, 80
"""Ages; from the second on, only the year's first stay bears a deductible."""
AVERAGE_WAGE, LARGE_FROM = 8_000_000, 2_000_000
"""The parameters 平均工资 and 大额起付线."""
ZIYANG_CAP = 6 * AVERAGE_WAGE
LARGE_BOUNDS = (LARGE_FROM, 5_000_000, 10_000_000)
"""The running burden of a year, from which each of the rates holds."""
LARGE_LOCAL, LARGE_ELSEWHERE = (70, 80, 90), (50, 60, 70)

CLASSES = ("01", "02", "03")
"""Of a fee line: 甲, 乙, 丙."""
CATALOGUES = ("101", "201")
"""Of a fee line: medicine, medical service."""
MEDICINE_OWN = 10
SERVICE_BOUNDS, SERVICE_OWN = (30_000, 100_000, 300_000), (10, 20, 30, 40)
"""What the person pays first of a service of class 乙, by its unit price (至, including)."""
