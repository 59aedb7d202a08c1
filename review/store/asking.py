"""What is asked of the table, as the database library writes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, false, func, or_, select

from tiaowen.review.store.records import FIRST, Entry, Head, Query
from tiaowen.review.store.rows import LISTED, row_of
from tiaowen.review.store.tables import HEADS, ROWS

SHORTEST_ID = 4
"""Characters of an id that are enough, where no other begins with them."""


def head_of(connection: Connection) -> Head:
    """The last row's number and hash."""
    last = select(ROWS.c.number, ROWS.c.hash).order_by(ROWS.c.number.desc()).limit(1)
    row = connection.execute(last).first()
    return Head(0, FIRST) if row is None else Head(row.number, row.hash)


def insert(connection: Connection, entries: Sequence[Entry], held: Sequence[bytes]) -> None:
    """Add rows, and the head they leave."""
    if entries:
        rows = [row_of(entry, content) for entry, content in zip(entries, held, strict=True)]
        connection.execute(ROWS.insert(), rows)
        connection.execute(HEADS.insert(), {"number": entries[-1].number, "hash": entries[-1].id})


def listed(query: Query) -> Select[Any]:
    """The rows that fit ``query``, without their decisions, oldest first."""
    found = select(*(ROWS.c[name] for name in LISTED)).order_by(ROWS.c.number)
    for name in ("person", "encounter", "matter"):
        if wanted := getattr(query, name):
            found = found.where(ROWS.c[name] == wanted)
    if query.policy:
        found = found.where(or_(
            ROWS.c.policy.contains(query.policy, autoescape=True),
            ROWS.c.digest.startswith(query.policy, autoescape=True)))  # fmt: skip
    if query.since:
        found = found.where(ROWS.c.day >= query.since)
    if query.until:
        found = found.where(ROWS.c.day <= query.until).where(ROWS.c.day != "")
    return found


def numbered(numbers: Sequence[int]) -> Select[Any]:
    """Whole rows by their numbers."""
    return select(ROWS).where(ROWS.c.number.in_(numbers)).order_by(ROWS.c.number)


def named(wanted: str) -> Select[Any]:
    """Whole rows of an id: a number, which goes first, or the beginning of a hash. Two are
    enough to know that there are several."""
    first = [ROWS.c.number != int(wanted)] if _is_number(wanted) else []
    return select(ROWS).where(_of(wanted)).order_by(*first, ROWS.c.number).limit(2)


def counted(wanted: str) -> Select[Any]:
    """How many rows ``named`` could give."""
    return select(func.count()).select_from(ROWS).where(_of(wanted))


def _of(wanted: str) -> ColumnElement[bool]:
    conditions: list[Any] = [false()]
    if _is_number(wanted):
        conditions.append(ROWS.c.number == int(wanted))
    if len(wanted) >= SHORTEST_ID:
        conditions.append(ROWS.c.hash.startswith(wanted, autoescape=True))
    return or_(*conditions)


def _is_number(wanted: str) -> bool:
    return wanted.isascii() and wanted.isdigit() and len(wanted) < 16
