"""Relative claims: kinds of persons, places of care with their papers, and how each is said.

A claim cannot name a city and mean the same to two policies. So it is described relatively and
made concrete by these tables, whose names are national codes; a policy whose vocabulary lacks a
field is not given it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from attrs import frozen

from tiaowen.compiler.core import Value


@frozen
class Kind:
    """A kind of person: its category under each insurance (national code), a usual age and the
    ages it can have."""

    categories: Mapping[str, str]
    age: int
    youngest: int
    oldest: int
    chinese: str
    english: str


KINDS: Final[Mapping[str, Kind]] = {
    "adult": Kind({"310": "在职", "390": "居民成年"}, 45, 18, 59, "成年人", "adult"),
    "flexible": Kind({"310": "在职灵活就业"}, 45, 18, 59, "灵活就业人员", "flexible worker"),
    "elderly": Kind({"310": "退休", "390": "居民老年"}, 65, 60, 99, "老年人", "elderly person"),
    "student": Kind({"390": "大学生"}, 20, 18, 25, "大学生", "student"),
    "minor": Kind({"390": "居民未成年"}, 10, 1, 17, "未成年人", "minor"),
    "newborn": Kind({"390": "新生儿"}, 0, 0, 0, "新生儿", "newborn"),
}
"""The usual person first."""


@frozen
class Place:
    """A place of care: which division, and the papers that go with it.

    ``where``: 'own' (the person's own district), 'district' (another of the same pooling area),
    'province' (another city of the province), 'outside' (another province). ``filing`` is a kind
    of filing, '' for none; ``papers`` are further facts by national code, where 'place', 'own',
    'before', 'day', 'next' and 'year' stand for a division or a day.
    """

    where: str
    filing: str
    papers: Mapping[str, Value]
    chinese: str
    english: str


PLACES: Final[Mapping[str, Place]] = {
    "own": Place("own", "", {}, "参保地", "at home"),
    "district": Place("district", "", {}, "统筹区内其他区县", "another district of the area"),
    "province": Place("province", "", {}, "省内其他城市（未备案）",
                      "another city of the province (not filed)"),
    "unfiled": Place("outside", "", {}, "外省（未备案）", "another province (not filed)"),
    "referred": Place("outside", "异地转诊", {
        "x_filing_date": "before", "x_agreed_flag": True, "x_refl_hosp_lv": "三级甲等",
        "x_refl_admdvs": "own"}, "外省（转诊，手续齐备）", "another province (properly referred)"),
    "travelling": Place("outside", "其他临时外出", {"x_filing_date": "before"},
                        "外省（临时外出，已备案）", "another province (away for a time, filed)"),
    "emergency": Place("outside", "异地急诊抢救", {
        "x_filing_date": "day", "x_rescue_flag": True, "x_sudden_flag": True,
        "x_report_date": "next"}, "外省（急诊抢救，已备案和报告）",
        "another province (emergency, filed and reported)"),
    "resident": Place("outside", "异地长期居住", {"x_filing_date": "year", "x_agreed_flag": True},
                      "外省（长期居住，已备案）", "another province (living there, filed)"),
}  # fmt: skip
"""The usual place first."""

OUTSIDE: Final = ("510100", "370100", "130100", "330100")
"""Cities in other provinces: 成都, 济南, 石家庄, 杭州; the first in no province of either side."""

ELSEWHERE: Final[Mapping[str, str]] = {
    "13": "130100", "37": "370200", "51": "510100",
}  # fmt: skip
"""Another city of the province: 石家庄, 青岛, 成都. Of other provinces the seat of government."""

ADMITTED: Final = "09:00"
DISCHARGED: Final = "10:00"
STAY: Final = timedelta(days=9)

NEUTRAL: Final[Mapping[str, Value]] = {
    "x_plan": "统账结合",
    "gend": "未说明",
    "x_hukou_admdvs": "own",
    "fix_blng_admdvs": "place",
    "dise_codg": "无病种",
    "ttp_pay_prop": Fraction(1, 2),
}
"""What is taken for a fact without a usual value that one policy asks for: by national code, as
papers of a place. An amount asked for is 0, a truth is 否; whatever else is missing stays so and
the claim is refused with its reason."""


def day_of(word: str, admitted: date) -> date | None:
    """The day a word of papers stands for."""
    days = {"before": -3, "day": 0, "next": 1, "year": -365}
    return admitted + timedelta(days=days[word]) if word in days else None
