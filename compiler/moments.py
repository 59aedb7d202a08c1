"""Reading the dates and moments of claims, parameters and regulations.

Promised: a text is one day of the Gregorian calendar, written in one of the ways bureaus and
hospitals write it, or a ``BadValue`` that says why not; an impossible day is never moved to a
possible one. A moment is Beijing time without a zone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta, timezone

from tiaowen.compiler.bad_value import BadValue, shown
from tiaowen.compiler.values import LONGEST_TEXT, normalized

FIRST_YEAR, LAST_YEAR = 1900, 2999

_BEIJING = timezone(timedelta(hours=8))


def calendar_day(year: int, month: int, day: int) -> date:
    """That day; ``BadValue`` where the calendar or the years of the language have none."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadValue("year-out-of-range", year=year, first=FIRST_YEAR, last=LAST_YEAR)
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        raise BadValue("no-such-day", text=f"{year:04d}-{month:02d}-{day:02d}")
    return date(year, month, day)


def as_date(moment: date) -> date:
    """The day of a moment; a date is its own day."""
    return moment.date() if isinstance(moment, datetime) else moment


_DAY = (
    r"(?:(?P<y1>[0-9]{4})(?P<sep>[-/.])(?P<m1>[0-9]{1,2})(?P=sep)(?P<d1>[0-9]{1,2})"
    r"|(?P<y2>[0-9]{4})\s*年\s*(?P<m2>[0-9]{1,2})\s*月\s*(?P<d2>[0-9]{1,2})\s*日"
    r"|(?P<y3>[0-9]{4})(?P<m3>[0-9]{2})(?P<d3>[0-9]{2}))"
)
_CLOCK = (
    r"(?:(?:[T\s]\s*)(?P<h1>[0-9]{1,2}):(?P<n1>[0-9]{2})"
    r"(?::(?P<s1>[0-9]{2})(?:[.,](?P<f1>[0-9]{1,9}))?)?"
    r"\s*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
    r"|\s*(?P<h2>[0-9]{1,2})\s*时\s*(?:(?P<n2>[0-9]{1,2})\s*分\s*"
    r"(?:(?P<s2>[0-9]{1,2})\s*秒)?)?"
    r"|(?(y3)(?P<h3>[0-9]{2})(?P<n3>[0-9]{2})(?P<s3>[0-9]{2})|(?!)))"
)
_MOMENT = re.compile(_DAY + _CLOCK + "?")


def _number(match: re.Match[str], name: str) -> int:
    """The figure of whichever way of writing matched; 0 for what was left out."""
    return next(
        (
            int(match[name + way])
            for way in "123"
            if match.re.groupindex.get(name + way) and match[name + way]
        ),
        0,
    )


def _has_clock(match: re.Match[str]) -> bool:
    return any(match["h" + way] for way in "123")


def _within(day: date) -> None:
    """Refuse a day outside the years of the language."""
    calendar_day(day.year, day.month, day.day)


def parse_date(value: str | date) -> date:
    """A day: ``2024-01-05``, ``2024/1/5``, ``2024.1.5``, ``20240105``, ``2024年1月5日``.

    Full-width figures are read, and a time of exactly midnight, as exports of dates carry it,
    is left off. Raises ``BadValue`` for anything else, for a day the calendar does not have
    and for years outside 1900-2999.
    """
    moment = _read(value, "not-a-date", end_of_day=False)
    if not isinstance(moment, datetime):
        return moment
    if moment.time() != time.min:
        raise BadValue("not-a-date", text=shown(str(value)))
    return moment.date()


def parse_moment(value: str | date) -> date:
    """A day with its time as a ``datetime``, or, where no time is written, a plain ``date``.

    ``2024-01-05 13:05:20.5``, ``2024-01-05T13:05``, ``20240105130520``,
    ``2024年1月5日13时5分``; 24:00 is the next day's midnight. A zone (``Z``, ``+08:00``) is
    turned into Beijing time and left off. Raises ``BadValue`` as ``parse_date`` does.
    """
    return _read(value, "not-a-moment", end_of_day=True)


def _read(value: str | date, reason: str, *, end_of_day: bool) -> date:
    """The day or moment that ``value`` is; ``end_of_day`` says whether 24:00 may be written."""
    if isinstance(value, date):
        _within(value)
        if isinstance(value, datetime) and value.tzinfo:
            value = value.astimezone(_BEIJING).replace(tzinfo=None)
            _within(value)
        return value
    if not isinstance(value, str):
        raise BadValue(reason, text=shown(str(value)))
    text = normalized(value)
    if not text:
        raise BadValue("empty")
    if len(text) > LONGEST_TEXT:
        raise BadValue("too-long", most=LONGEST_TEXT)
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise BadValue(reason, text=shown(text))
    day = calendar_day(_number(match, "y"), _number(match, "m"), _number(match, "d"))
    if not _has_clock(match):
        return day
    if not end_of_day and _number(match, "h") == 24:
        raise BadValue(reason, text=shown(text))
    return _with_clock(day, match, text)


def _with_clock(day: date, match: re.Match[str], text: str) -> datetime:
    """``day`` at the time that was written, in Beijing time."""
    hour, minute, second = (_number(match, name) for name in "hns")
    fraction = (match["f1"] or "").ljust(6, "0")
    if fraction[6:].strip("0"):
        raise BadValue("too-fine", places=6)
    micro = int(fraction[:6])
    end_of_day = hour == 24 and not (minute or second or micro)
    if minute > 59 or second > 59 or (hour > 23 and not end_of_day):
        raise BadValue("no-such-time", text=shown(text))
    moment = datetime(day.year, day.month, day.day) + timedelta(
        hours=hour, minutes=minute, seconds=second, microseconds=micro
    )
    if match["zone"]:
        moment += timedelta(hours=8) - _offset(match["zone"], text)
    _within(moment)
    return moment


def _offset(zone: str, text: str) -> timedelta:
    """How far ahead of universal time a zone (``Z``, ``+0800``, ``-05:00``) is."""
    if zone == "Z":
        return timedelta(0)
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 14 or minutes > 59:
        raise BadValue("no-such-time", text=shown(text))
    offset = timedelta(hours=hours, minutes=minutes)
    return offset if zone[0] == "+" else -offset
