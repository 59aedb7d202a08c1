"""A store of decisions: add, find, read. Nothing is ever changed or taken out.

What ``append`` has returned is on the disk, whatever happens to the process afterwards. Several
processes may write at once: each takes its turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.review.store.about import about
from tiaowen.review.store.places import Place, engine_of, reading, writing
from tiaowen.review.store.records import (
    About,
    Entry,
    Head,
    Query,
    Stored,
    canonical,
    content_hash,
    row_hash,
)
from tiaowen.review.store.rows import packed, sound, sound_entry

if TYPE_CHECKING:
    from sqlalchemy import Engine

_AT_ONCE = 200


@frozen(eq=False)
class Store:
    """An open store. Use it in ``with``, or ``close`` it."""

    place: Place
    wait: float
    engine: Engine = field(repr=False)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        self.engine.dispose()

    # --- adding

    def append(self, decision: Mapping[str, Any]) -> Entry:
        """Keep one decision file and give its row. See ``append_many``."""
        [entry] = self.append_many([decision])
        return entry

    def append_many(self, decisions: Iterable[Mapping[str, Any]]) -> tuple[Entry, ...]:
        """Keep decision files (as ``decision_data`` gives them) in one transaction: all or none.

        ``Rejected``: TW0618, TW0704 for what is no decision file, TW1204 where the store stays
        locked, TW1211 where the database fails.
        """
        from tiaowen.review.store.asking import head_of, insert

        ready = [(about(d), canonical(d)) for d in decisions]
        held = [packed(content) for _, content in ready]
        kept_at = _now()
        with writing(self.engine, self.place, self.wait) as connection:
            head = head_of(connection)
            entries: list[Entry] = []
            for what, content in ready:
                entry = _entry(head, kept_at, content_hash(content), what)
                entries.append(entry)
                head = Head(entry.number, entry.id)
            insert(connection, entries, held)
        return tuple(entries)

    # --- reading

    def head(self) -> Head:
        """The last row's number and hash."""
        from tiaowen.review.store.asking import head_of

        with reading(self.engine, self.place) as connection:
            return head_of(connection)

    def find(self, query: Query | None = None) -> tuple[Entry, ...]:
        """The rows that fit ``query`` (all of them without one), oldest first. ``Rejected``
        (TW1207) where what one says is not what was kept."""
        from tiaowen.review.store.asking import listed

        with reading(self.engine, self.place) as connection:
            rows = connection.execute(listed(query or Query())).mappings()
            return tuple(sound_entry(dict(row)) for row in rows)

    def get(self, identity: str) -> Stored:
        """The decision of an id, of a beginning of one, or of a number.

        ``Rejected``: TW1208 (none), TW1209 (several), TW1207 (it is not what was kept).
        """
        from tiaowen.review.store.asking import counted, named

        wanted = identity.strip().lower()
        with reading(self.engine, self.place) as connection:
            rows: list[Mapping[str, Any]] = [
                dict(row) for row in connection.execute(named(wanted)).mappings()
            ]
            rows = [row for row in rows if str(row["number"]) == wanted] or rows
            if len(rows) > 1:
                count = connection.execute(counted(wanted)).scalar()
                raise Rejected([diagnose("TW1209", id=identity, count=count)])
        if not rows:
            raise Rejected([diagnose("TW1208", id=identity, where=self.place.shown)])
        return sound(rows[0])

    def decisions(self, query: Query | None = None) -> Iterator[Stored]:
        """The decisions that fit ``query``, one after the other, each checked by its hash."""
        numbers = [entry.number for entry in self.find(query)]
        for start in range(0, len(numbers), _AT_ONCE):
            yield from map(sound, self._rows(numbers[start : start + _AT_ONCE]))

    def _rows(self, numbers: Sequence[int]) -> Sequence[Mapping[str, Any]]:
        from tiaowen.review.store.asking import numbered

        with reading(self.engine, self.place) as connection:
            return [dict(row) for row in connection.execute(numbered(numbers)).mappings()]


def open_store(named: str, *, create: bool = False, wait: float = 30.0) -> Store:
    """The store that a path, a URL or ``default`` names.

    ``create`` makes it where there is none. ``wait`` is how many seconds a writer waits for
    another. ``Rejected``: TW1201, TW0703 (see ``place_of``), TW1203 where there is none, TW1204,
    TW1205, TW1206 (a newer version), TW1211.
    """
    from tiaowen.review.store.places import place_of

    place = place_of(named)
    if place.file is not None and not _there(place, create):
        raise Rejected([diagnose("TW1203", where=place.shown)])
    store = Store(place, wait, engine_of(place, wait))
    try:
        _prepare(store, create)
    except BaseException:
        store.close()
        raise
    return store


def _there(place: Place, create: bool) -> bool:
    """Whether a SQLite file is there, or may be made: its folder is made for it."""
    assert place.file is not None
    if place.file.exists():
        return True
    if create:
        try:
            place.file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Rejected(
                [diagnose("TW1211", where=place.shown, problem=error.strerror)]
            ) from None
    return create


def _prepare(store: Store, create: bool) -> None:
    """Make the tables where there are none and ``create``; refuse what this cannot read."""
    from tiaowen.review.store import tables

    with reading(store.engine, store.place) as connection:
        found = tables.version_of(connection) if tables.exists(connection) else None
    if found is None and create:
        with writing(store.engine, store.place, store.wait) as connection:
            if not tables.exists(connection):
                tables.create(connection, _now())
            found = tables.version_of(connection)
    if found is None:
        raise Rejected([diagnose("TW1203", where=store.place.shown)])
    if found > tables.VERSION:
        raise Rejected(
            [diagnose("TW1206", where=store.place.shown, found=found, known=tables.VERSION)]
        )


# --- rows


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _entry(head: Head, kept_at: str, content: str, what: About) -> Entry:
    number = head.number + 1
    identity = row_hash(number, head.hash, kept_at, content, what)
    return Entry(number, identity, head.hash, kept_at, content, what)
