"""Whether a store is as it was kept: every row, every link, and nothing missing at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.review.store.places import reading
from tiaowen.review.store.records import (
    FIRST,
    Break,
    Head,
    Verification,
    content_hash,
    row_hash,
)
from tiaowen.review.store.rows import entry_of, unpacked
from tiaowen.review.store.store import Store

Progress = Callable[[int], object]


def verify(store: Store, anchor: Head | None = None, progress: Progress | None = None
           ) -> Verification:  # fmt: skip
    """Look at every row of ``store``, in one view of it.

    ``anchor`` is a head noted before: its row has to be there still. ``progress`` is told how
    many rows were looked at.
    """
    from sqlalchemy import select

    from tiaowen.review.store.tables import HEADS, ROWS, guarded

    breaks: list[Break] = []
    last, count = Head(0, FIRST), 0
    with reading(store.engine, store.place) as connection:
        heads = {row.number: row.hash for row in connection.execute(select(HEADS))}
        unseen = set(heads) | ({anchor.number} if anchor is not None else set())
        rows = connection.execution_options(yield_per=100).execute(
            select(ROWS).order_by(ROWS.c.number)
        )
        for row in rows.mappings():
            breaks += _faults(dict(row), last)
            number = row["number"]
            unseen.discard(number)
            if number in heads and heads[number] != row["hash"]:
                breaks.append(Break(number, "head"))
            if anchor is not None and number == anchor.number and anchor.hash != row["hash"]:
                breaks.append(Break(number, "anchor"))
            last, count = Head(number, row["hash"]), count + 1
            if progress is not None:
                progress(count)
        if not guarded(connection):
            breaks.append(Break(0, "guards"))
    breaks += [Break(n, "tail" if n in heads else "anchor") for n in sorted(unseen) if n]
    return Verification(count, last, tuple(breaks))


def _faults(row: Mapping[str, Any], last: Head) -> Iterator[Break]:
    """What is wrong with one row, which comes after ``last``."""
    entry = entry_of(row)
    if entry.number != last.number + 1:
        yield Break(last.number + 1, "missing")
    elif entry.previous != last.hash:
        yield Break(entry.number, "link")
    content = unpacked(row["decision"])
    if content is None or content_hash(content) != entry.content:
        yield Break(entry.number, "content")
    again = row_hash(entry.number, entry.previous, entry.kept_at, entry.content, entry.about)
    if again != entry.id:
        yield Break(entry.number, "entry")


def read_head(text: str) -> Head:
    """The head that ``NUMBER:HASH`` writes; ``Rejected`` (TW1210) where it is none."""
    number, colon, digest = text.strip().partition(":")
    sound = number.isascii() and number.isdigit() and len(digest) == 64
    if not colon or not sound or set(digest.lower()) - set("0123456789abcdef"):
        raise Rejected([diagnose("TW1210", head=text)])
    return Head(int(number), digest.lower())
