"""What made-up claims assume: shares, rates and costs, each a round figure chosen to look like
a city's year. None of them is a statistic; change them here and the documentation says so too.

Shares are weights (they need not sum to one), costs are medians in 分.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen


@frozen
class Group:
    """A category of person: the platform's code, its weight, and the ages it spans in years."""

    code: str
    weight: int
    youngest: int
    oldest: int


RESIDENTS = (
    Group("1401", 1, 0, 0), Group("1402", 22, 1, 17), Group("1404", 5, 18, 23),
    Group("1501", 47, 18, 59), Group("1601", 25, 60, 95),
)  # fmt: skip
EMPLOYEES = (Group("1101", 66, 20, 59), Group("1103", 8, 20, 59), Group("1201", 26, 55, 95))
GROUPS: Mapping[str, Sequence[Group]] = {"390": RESIDENTS, "310": EMPLOYEES}

YEARS_INSURED = 10
"""Benefits began on 1 January of one of so many years."""
SUPPLEMENTED_SHARE = 0.8
"""Of employees: also in the supplementary insurance."""

STAYS_BY_AGE = ((0, 0.30), (5, 0.08), (18, 0.05), (45, 0.13), (60, 0.28), (75, 0.45))
"""From this age on: expected stays in a year."""
FRAILTY_SHAPE = 1.2
"""Shape of the gamma factor, of mean 1, by which people of one age differ."""

GRADES_OF_STAYS = (("02", 22), ("03", 12), ("05", 34), ("06", 10), ("08", 10), ("09", 6), ("11", 6))
GRADES_OF_VISITS = (("02", 9), ("03", 6), ("05", 14), ("06", 6), ("08", 25), ("09", 20), ("11", 20))
HOSPITALS_OF_A_GRADE = 20
"""In each district; every fifth is a hospital of Chinese medicine."""
MEDIAN_COST = {"02": 950_000, "03": 800_000, "05": 520_000, "06": 430_000, "08": 230_000,
               "09": 190_000, "11": 150_000}  # fmt: skip
COST_SPREAD = 0.85
"""Standard deviation of the logarithm of a cost."""
TAIL_SHARE, TAIL_SHAPE = 0.01, 1.6
"""Share of encounters whose cost is multiplied by a Pareto draw of this shape."""
MEDIAN_VISIT = 12_000

STAY_DAYS = 7.0
DAYS_SPREAD = 0.55

KINDS_OF_STAYS = (("21", 88), ("22", 3), ("24", 5), ("28", 4))
KINDS_OF_VISITS = (("11", 82), ("13", 5), ("14", 13))
DISEASES = (("M03900", 65), ("M01600", 35))
TRANSFER_SHARE = 0.03
DAYS_TO_TRANSFER = (0, 1, 2)

ELSEWHERE_SHARE = 0.10
PLACES_ELSEWHERE = (
    ("own capital", 55),
    ("110000", 20),
    ("120000", 10),
    ("310000", 10),
    ("510100", 5),
)
FILINGS = (("21", 40), ("12", 15), ("23", 20), ("22", 5), ("0", 20))
LATE_FILING_SHARE = 0.15

LINES_OF_A_VISIT = 1.5
LINES_OF_A_DAY = 0.8
MOST_LINES = 40
CLASSES = (("01", 55), ("02", 35), ("03", 10))
CATALOGUES = (("101", 55), ("201", 35), ("301", 10))
CHARGES = {"101": ("09", "11"), "201": ("01", "02", "03", "04", "05", "07"), "301": ("08",)}
COUNTS = (1, 2, 3, 6)
OVER_LIMIT_SHARE = 0.03
"""Of lines that are no medicine: billed above the price limit, which is then nine tenths."""
OWN_SHARE_OF_CLASS = {"01": 0, "02": 1000, "03": 10_000}
"""Share of a line that its bill gives as the person's own, in hundredths of a percent."""
