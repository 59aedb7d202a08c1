"""Time limits of a letter, counted by hand on the calendars of the years named."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiaowen.compiler.dates import is_working_day
from tiaowen.review.letters.model import Formalities
from tiaowen.review.letters.remedies import Limit, remedies, review_limit, suit_limit


@pytest.mark.parametrize(
    ("served", "last"),
    [
        # 6 May: 25 days are left of May, 30 of June, and 5 July is the 60th, a Friday.
        (date(2024, 5, 6), date(2024, 7, 5)),
        # 2 August: 29 of August, 30 of September, and the 60th is 1 October; work goes on the 8th.
        (date(2024, 8, 2), date(2024, 10, 8)),
        # 12 December 2023: 19, 31 of January, and the 60th is 10 February 2024, New Year's Day
        # of the lunar year; 18 February is a Sunday on which people work.
        (date(2023, 12, 12), date(2024, 2, 18)),
        # 29 February counts: 1 January, 30 of January, 29 of February, 1 March, a Friday.
        (date(2024, 1, 1), date(2024, 3, 1)),
    ],
)
def test_sixty_days(served: date, last: date) -> None:
    assert review_limit(served).last == last


@pytest.mark.parametrize(
    ("served", "last"),
    [
        (date(2024, 5, 6), date(2024, 11, 6)),
        # No 31 February: the month's last day, a Friday (民法典 202).
        (date(2024, 8, 31), date(2025, 2, 28)),
        # 2 February 2025 is in the lunar New Year's holiday, which ends on the 4th.
        (date(2024, 8, 2), date(2025, 2, 5)),
    ],
)
def test_six_months(served: date, last: date) -> None:
    assert suit_limit(served).last == last


def test_a_year_without_a_calendar_is_not_guessed() -> None:
    assert review_limit(date(2033, 1, 1)) == Limit(date(2033, 3, 2), None)
    [review, *_] = remedies(Formalities(served=date(2033, 1, 1)))
    assert "按日历为2033年3月2日；该年的放假安排尚未公布" in review
    assert "届满" not in review


def test_without_service_the_rule_stands_and_no_date() -> None:
    said = "".join(remedies(Formalities()))
    assert "自知道本决定之日起六十日内" in said
    assert "自知道本决定之日起六个月内" in said
    assert "送达，" not in said
    assert "届满" not in said


def test_bodies_that_are_named_stand_for_those_of_the_statute() -> None:
    said = "".join(remedies(Formalities(review_body="廊坊市人民政府", court="广阳区人民法院")))
    assert "向廊坊市人民政府申请行政复议" in said
    assert "向广阳区人民法院提起行政诉讼" in said
    assert "第二十四条" not in said


@pytest.mark.parametrize("article", [
    "《中华人民共和国社会保险法》第八十三条", "《社会保险经办条例》第五十二条",
    "第十一条第（十二）项、第二十条", "《中华人民共和国行政复议法》第十三条",
    "《中华人民共和国行政复议法》第四十四条", "《中华人民共和国行政诉讼法》第四十五条",
    "《中华人民共和国行政诉讼法》第四十六条", "《中华人民共和国行政诉讼法》第七十七条",
])  # fmt: skip
def test_every_remedy_names_its_article(article: str) -> None:
    assert article in "".join(remedies(Formalities()))


@given(st.dates(date(2010, 1, 1), date(2024, 6, 30)))
def test_a_limit_never_ends_early_nor_on_a_holiday(served: date) -> None:
    for limit in (review_limit(served), suit_limit(served)):
        assert limit.last is not None
        assert limit.last >= limit.nominal
        assert is_working_day(limit.last)
        passed = (limit.last - limit.nominal).days
        assert not any(is_working_day(limit.nominal + timedelta(n)) for n in range(passed))
    assert (review_limit(served).nominal - served).days == 60
