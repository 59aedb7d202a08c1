"""Periods, ages, working days and months in a row, counted as the law counts them."""

from __future__ import annotations

import itertools
from contextlib import suppress
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiaowen.compiler.bad_value import BadValue
from tiaowen.compiler.dates import (
    Run,
    UnknownYear,
    add_days,
    add_months,
    add_working_days,
    add_years,
    age,
    as_date,
    days_between,
    hours_between,
    is_working_day,
    longest_gap,
    months_between,
    parse_date,
    parse_moment,
    past_holidays,
    runs,
    started_months,
    working_days,
    years_between,
)

D = date
days = st.dates(D(1950, 1, 1), D(2150, 12, 31))
known_days = st.dates(D(2004, 1, 1), D(2024, 12, 31))


# periods (民法典 201, 202)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (D(2023, 8, 31), 6, D(2024, 2, 29)),
        (D(2022, 8, 31), 6, D(2023, 2, 28)),
        (D(2024, 1, 15), 1, D(2024, 2, 15)),
        (D(2024, 3, 31), -1, D(2024, 2, 29)),
        (D(2024, 12, 31), 1, D(2025, 1, 31)),
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2024, 5, 5), 0, D(2024, 5, 5)),
        (D(2024, 1, 1), -13, D(2022, 12, 1)),
    ],
)
def test_corresponding_day_else_the_last(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


def test_the_first_day_is_not_counted() -> None:
    assert add_days(D(2024, 2, 27), 3) == D(2024, 3, 1)
    assert add_years(D(2024, 2, 29), 1) == D(2025, 2, 28)
    assert add_years(D(2024, 2, 29), 4) == D(2028, 2, 29)
    assert days_between(D(2024, 2, 28), D(2024, 3, 1)) == 2


def test_a_moment_counts_as_its_day() -> None:
    evening = datetime(2024, 1, 31, 23, 59)
    assert as_date(evening) == D(2024, 1, 31)
    assert add_days(evening, 1) == D(2024, 2, 1)
    assert add_months(evening, 1) == D(2024, 2, 29)
    assert days_between(evening, datetime(2024, 2, 1, 0, 1)) == 1
    assert months_between(evening, D(2024, 2, 29)) == 1
    assert type(add_months(evening, 0)) is date


@given(days, st.integers(-600, 600), days)
def test_months_elapsed_is_the_largest_count_that_fits(start: date, months: int, end: date) -> None:
    assert months_between(start, add_months(start, months)) == months
    elapsed = months_between(start, end)
    assert add_months(start, elapsed) <= end < add_months(start, elapsed + 1)


@given(days, days)
def test_a_period_ends_within_the_months_begun(start: date, end: date) -> None:
    begun = started_months(start, end)
    assert add_months(start, begun - 1) < end <= add_months(start, begun)


def test_months_begun() -> None:
    assert started_months(D(2024, 1, 10), D(2024, 1, 10)) == 0
    assert started_months(D(2024, 1, 10), D(2024, 1, 11)) == 1
    assert started_months(D(2024, 1, 10), D(2024, 4, 10)) == 3
    assert started_months(D(2024, 1, 10), D(2024, 4, 11)) == 4
    assert started_months(D(2023, 11, 30), D(2024, 2, 29)) == 3


@given(days, days)
def test_years_elapsed_agree_with_corresponding_days(start: date, end: date) -> None:
    elapsed = years_between(start, end)
    assert add_years(start, elapsed) <= end < add_years(start, elapsed + 1)


@pytest.mark.parametrize("count", [10**6, -(10**6), 10**40, -(10**40)])
def test_a_sum_outside_the_years_is_refused(count: int) -> None:
    for add in (add_days, add_months, add_years):
        with pytest.raises(BadValue, match="the year"):
            add(D(2024, 1, 1), count)


def test_the_last_day_of_the_language_has_no_next() -> None:
    with pytest.raises(BadValue, match="3000"):
        add_days(D(2999, 12, 31), 1)


# age


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (D(1954, 6, 1), D(2024, 5, 31), 69),
        (D(1954, 6, 1), D(2024, 6, 1), 70),
        (D(2004, 2, 29), D(2023, 2, 27), 18),
        (D(2004, 2, 29), D(2023, 2, 28), 19),
        (D(2004, 2, 29), D(2024, 2, 28), 19),
        (D(2004, 2, 29), D(2024, 2, 29), 20),
        (D(2024, 1, 1), D(2024, 1, 1), 0),
        (D(2023, 12, 31), D(2024, 1, 1), 0),
    ],
)
def test_age_is_full_on_the_birthday(birth: date, on: date, years: int) -> None:
    assert age(birth, on) == years


def test_nobody_has_an_age_before_birth() -> None:
    with pytest.raises(BadValue) as caught:
        age(D(2024, 1, 2), D(2024, 1, 1))
    assert caught.value.explain("zh") == "2024-01-01 早于出生日期 2024-01-02"


@given(days, st.integers(0, 40_000), st.integers(0, 400))
def test_age_never_falls_and_gains_one_a_year(birth: date, first: int, more: int) -> None:
    before, after = birth + timedelta(first), birth + timedelta(first + more)
    assert age(birth, before) <= age(birth, after) <= age(birth, before) + 2
    assert age(birth, add_years(before, 1)) - age(birth, before) in (1, 2)


# hours


def test_hours_are_exact() -> None:
    start = datetime(2024, 1, 1, 8, 0)
    assert hours_between(start, datetime(2024, 1, 4, 8, 0)) == 72
    assert hours_between(start, datetime(2024, 1, 1, 8, 20)) == Fraction(1, 3)
    assert hours_between(start, datetime(2024, 1, 4, 8, 0, 0, 1)) > 72
    assert hours_between(start, start - timedelta(hours=1)) == -1


@given(*[st.datetimes(datetime(1900, 1, 1), datetime(2999, 1, 1))] * 3)
def test_hours_add_up(one: datetime, two: datetime, three: datetime) -> None:
    assert hours_between(one, two) + hours_between(two, three) == hours_between(one, three)


# working days


def test_the_calendar_of_the_state_council() -> None:
    # 2024: 4 February and 18 February were Sundays worked, 10 to 17 February the Spring Festival.
    assert is_working_day(D(2024, 2, 4))
    assert is_working_day(D(2024, 2, 18))
    assert not is_working_day(D(2024, 2, 12))
    assert not is_working_day(D(2024, 2, 3))
    assert working_days(D(2024, 2, 8), D(2024, 2, 18)) == 2  # Friday 9 and Sunday 18
    assert add_working_days(D(2024, 2, 9), 1) == D(2024, 2, 18)
    # 2011, the year of the 重庆 rules: 8 October was a Saturday worked after the National Day week.
    assert working_days(D(2011, 9, 30), D(2011, 10, 8)) == 1
    assert working_days(D(2011, 9, 29), D(2011, 10, 9)) == 3


def test_the_day_of_admission_is_not_counted() -> None:
    admission = D(2024, 5, 6)
    assert working_days(admission, admission) == 0
    assert working_days(admission, D(2024, 5, 13)) == 6  # Saturday 11 May was worked
    assert add_working_days(admission, 5) == D(2024, 5, 11)
    assert add_working_days(admission, 0) == admission


def test_a_period_that_ends_on_a_holiday_ends_after_it() -> None:
    assert past_holidays(D(2024, 10, 1)) == D(2024, 10, 8)
    assert past_holidays(D(2024, 10, 8)) == D(2024, 10, 8)
    assert past_holidays(D(2023, 12, 30)) == D(2024, 1, 2)


@settings(deadline=None)  # the first look at a year builds its calendar
@given(known_days, known_days, known_days)
def test_working_days_are_additive(one: date, two: date, three: date) -> None:
    assert working_days(one, two) + working_days(two, three) == working_days(one, three)


@settings(deadline=None)
@given(known_days, st.integers(1, 400))
def test_the_nth_working_day_is_the_first_with_n_counted(start: date, count: int) -> None:
    end = add_working_days(start, count)
    assert is_working_day(end)
    assert working_days(start, end) == count
    assert working_days(start, end - timedelta(1)) == count - 1


@settings(deadline=None)
@given(st.dates(D(2023, 11, 1), D(2024, 12, 1)), st.integers(0, 90))
def test_working_days_are_those_counted_one_by_one(start: date, length: int) -> None:
    after = [start + timedelta(step) for step in range(1, length + 1)]
    assert working_days(start, start + timedelta(length)) == sum(map(is_working_day, after))


def test_an_unknown_year_stops_the_count() -> None:
    with pytest.raises(UnknownYear) as caught:
        working_days(D(2003, 12, 1), D(2004, 1, 5))
    assert caught.value.year == 2003
    assert working_days(D(2003, 12, 31), D(2004, 1, 5)) == 2  # no day of 2003 is counted
    assert add_working_days(D(2003, 12, 31), 1) == D(2004, 1, 2)
    assert working_days(D(1990, 1, 1), D(1990, 1, 1)) == 0
    for count in (
        lambda: working_days(D(2998, 1, 1), D(2999, 1, 1)),
        lambda: is_working_day(D(1999, 1, 1)),
        lambda: past_holidays(D(1999, 1, 1)),
        lambda: add_working_days(D(2024, 1, 1), 10**9),
    ):
        with pytest.raises(UnknownYear):
            count()


def test_a_negative_number_of_working_days_is_refused() -> None:
    with pytest.raises(BadValue, match="negative"):
        add_working_days(D(2024, 1, 1), -1)


# reading


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-05",
        "2024年1月5日",
        "20240105",
        "2024/1/5",
        "2024.01.05",
        "２０２４年０１月０５日",
        " 2024-1-5 ",
        "2024-01-05 00:00:00",
        "2024-01-05T00:00",
        "2024 年 1 月 5 日",
        "2024-01-04T16:00:00Z",
    ],
)
def test_dates_as_people_write_them(text: str) -> None:
    assert parse_date(text) == D(2024, 1, 5)
    assert type(parse_date(text)) is date


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "empty"),
        ("2024-02-30", "no-such-day"),
        ("20230229", "no-such-day"),
        ("2024-13-01", "no-such-day"),
        ("2024年0月1日", "no-such-day"),
        ("1899-12-31", "year-out-of-range"),
        ("3000-01-01", "year-out-of-range"),
        ("0000-00-00", "year-out-of-range"),
        ("2024-1/5", "not-a-date"),
        ("2024-01", "not-a-date"),
        ("05-01-2024", "not-a-date"),
        ("2024-01-05 10:00", "not-a-date"),
        ("2024-01-05 24:00", "not-a-date"),
        ("２０２４-01-05 ２４:00", "not-a-date"),
        ("2024010", "not-a-date"),
        ("昨天", "not-a-date"),
        ("2024-01-05x", "not-a-date"),
        ("٢٠٢٤-01-05", "not-a-date"),
        (20240105, "not-a-date"),
        (None, "not-a-date"),
        ("2024-01-05" + " " * 99 + "x", "too-long"),
        pytest.param("9" * 10**6, "too-long", id="long"),
        (datetime(2024, 1, 5, 10), "not-a-date"),
        (D(1899, 12, 31), "year-out-of-range"),
    ],
)
def test_what_is_no_date_says_why(value: str, reason: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_date(value)
    assert caught.value.reason == reason
    assert caught.value.explain("zh")
    assert len(caught.value.explain("en")) < 100


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-05 13:05:20", datetime(2024, 1, 5, 13, 5, 20)),
        ("2024-01-05T13:05", datetime(2024, 1, 5, 13, 5)),
        ("2024/1/5 9:05", datetime(2024, 1, 5, 9, 5)),
        ("20240105130520", datetime(2024, 1, 5, 13, 5, 20)),
        ("2024年1月5日13时5分", datetime(2024, 1, 5, 13, 5)),
        ("2024年1月5日 13时5分20秒", datetime(2024, 1, 5, 13, 5, 20)),
        ("2024年1月5日13时", datetime(2024, 1, 5, 13)),
        ("2024-01-05 13:05:20.5", datetime(2024, 1, 5, 13, 5, 20, 500_000)),
        ("2024-01-05T13:05:20.1234560", datetime(2024, 1, 5, 13, 5, 20, 123_456)),
        ("2024-12-31 24:00", datetime(2025, 1, 1)),
        ("2024-01-05T13:05:20+08:00", datetime(2024, 1, 5, 13, 5, 20)),
        ("2024-01-05T20:05:20Z", datetime(2024, 1, 6, 4, 5, 20)),
        ("2024-01-05T13:05:20-0500", datetime(2024, 1, 6, 2, 5, 20)),
        ("２０２４-01-05　１３：０５", datetime(2024, 1, 5, 13, 5)),
        ("2024-01-05", D(2024, 1, 5)),
        ("2024-01-05 00:00:00", datetime(2024, 1, 5)),
    ],
)
def test_moments_as_systems_write_them(text: str, moment: date) -> None:
    assert parse_moment(text) == moment
    assert type(parse_moment(text)) is type(moment)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("2024-01-05 25:00", "no-such-time"),
        ("2024-01-05 12:60", "no-such-time"),
        ("2024-01-05 12:00:60", "no-such-time"),
        ("2024-01-05 24:01", "no-such-time"),
        ("2024-01-05T12:00+15:00", "no-such-time"),
        ("2024-01-05 12:00:00.1234567", "too-fine"),
        ("2024-02-30 12:00", "no-such-day"),
        ("2999-12-31 24:00", "year-out-of-range"),
        ("2024-01-05 noon", "not-a-moment"),
        ("2024-01-05130520", "not-a-moment"),
        ("12:00", "not-a-moment"),
        (1704412800, "not-a-moment"),
        ("", "empty"),
    ],
)
def test_what_is_no_moment_says_why(value: str, reason: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_moment(value)
    assert caught.value.reason == reason
    assert caught.value.explain("zh")


@given(st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31)))
def test_iso_reads_back(moment: datetime) -> None:
    assert parse_moment(moment.isoformat()) == moment
    assert parse_moment(moment.isoformat(" ")) == moment
    assert parse_date(moment.date().isoformat()) == moment.date()


@given(st.text(alphabet="0123456789-/年月日:T .Z+", max_size=30) | st.text(max_size=30))
def test_any_text_is_a_moment_or_a_reason(text: str) -> None:
    with suppress(BadValue):
        assert 1900 <= parse_moment(text).year <= 2999


# months in a row


def months(*written: str) -> list[date]:
    return [parse_date(month + "-01") for month in written]


PAID = months("2023-11", "2023-12", "2024-01", "2024-04", "2024-06", "2024-07")


def test_runs_are_the_longest_stretches() -> None:
    assert runs(PAID) == (
        Run(D(2023, 11, 1), D(2024, 1, 1)),
        Run(D(2024, 4, 1), D(2024, 4, 1)),
        Run(D(2024, 6, 1), D(2024, 7, 1)),
    )
    assert [run.months for run in runs(PAID)] == [3, 1, 2]
    assert runs([]) == ()


def test_runs_within_a_window() -> None:
    assert runs(PAID, D(2023, 12, 20), D(2024, 6, 1)) == (
        Run(D(2023, 12, 1), D(2024, 1, 1)),
        Run(D(2024, 4, 1), D(2024, 4, 1)),
        Run(D(2024, 6, 1), D(2024, 6, 1)),
    )
    assert runs([D(2024, 1, 3), D(2024, 1, 30), D(2024, 2, 1)]) == (
        Run(D(2024, 1, 1), D(2024, 2, 1)),
    )


def test_the_longest_gap() -> None:
    assert longest_gap(PAID) == 2
    assert longest_gap(PAID, end=D(2024, 10, 31)) == 3
    assert longest_gap(PAID, start=D(2023, 1, 1)) == 10
    assert longest_gap(months("2024-01", "2024-02")) == longest_gap([]) == 0
    assert longest_gap([], D(2024, 1, 1), D(2024, 12, 31)) == 12
    assert longest_gap([], D(2024, 5, 1), D(2024, 1, 1)) == 0


def test_dates_out_of_order_are_refused() -> None:
    for count in (runs, longest_gap):
        with pytest.raises(BadValue, match="not in order"):
            count([D(2024, 2, 1), D(2024, 1, 1)])


@given(
    st.lists(
        st.dates(D(2020, 1, 1), D(2024, 12, 1)).map(lambda d: d.replace(day=1)),
        min_size=1,
        unique=True,
    ).map(sorted)
)
def test_runs_hold_every_month_once_and_gaps_part_them(paid: list[date]) -> None:
    found = runs(paid)
    assert [add_months(run.first, n) for run in found for n in range(run.months)] == paid
    gaps = [months_between(one.last, two.first) - 1 for one, two in itertools.pairwise(found)]
    assert all(gap > 0 for gap in gaps)
    assert longest_gap(paid) == max(gaps, default=0)
