"""A store of decisions: add, find, read. Nothing is ever changed or taken out.

What ``append`` has returned is on the disk, whatever happens to the process afterwards. Several
processes may write at once: each takes its turn.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from attrs import asdict, field, frozen

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.review.store.about import about
from tiaowen.review.store.places import Place, engine_of, reading, writing
from tiaowen.review.store.records import (
    FIRST,
    About,
    Entry,
    Head,
    Stored,
    canonical,
    content_hash,
    row_hash,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Select

SHORTEST_ID = 4
_COLUMNS = ("number", "hash", "previous", "kept_at", "content")
_ABOUT = tuple(a.name for a in About.__attrs_attrs__)
_AT_ONCE = 200
_PRESSED = 3
"""zlib's level: a third larger than the best, three times as fast."""


@frozen
class Query:
    """Which decisions: each field that is not '' has to fit. ``person``, ``encounter`` and
    ``matter`` are whole; ``policy`` is a part of the title or a beginning of the digest;
    ``since`` and ``until`` bound the claim's date (YYYY-MM-DD), both included."""

    person: str = ""
    encounter: str = ""
    matter: str = ""
    policy: str = ""
    since: str = ""
    until: str = ""


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
        ready = [(about(d), canonical(d)) for d in decisions]
        packed = [zlib.compress(content, _PRESSED) for _, content in ready]
        kept_at = _now()
        with writing(self.engine, self.place, self.wait) as connection:
            head = _head(connection)
            entries: list[Entry] = []
            for what, content in ready:
                entry = _entry(head, kept_at, content_hash(content), what)
                entries.append(entry)
                head = Head(entry.number, entry.id)
            _insert(connection, entries, packed)
        return tuple(entries)

    # --- reading

    def head(self) -> Head:
        """The last row's number and hash."""
        with reading(self.engine, self.place) as connection:
            return _head(connection)

    def find(self, query: Query | None = None) -> tuple[Entry, ...]:
        """The rows that fit ``query`` (all of them without one), oldest first. ``Rejected``
        (TW1207) where what one says is not what was kept."""
        from sqlalchemy import select

        with reading(self.engine, self.place) as connection:
            chosen = _chosen(select(*_listed()), query or Query())
            return tuple(_sound_entry(dict(r)) for r in connection.execute(chosen).mappings())

    def get(self, identity: str) -> Stored:
        """The decision of an id, of a beginning of one, or of a number.

        ``Rejected``: TW1208 (none), TW1209 (several), TW1207 (it is not what was kept).
        """
        from sqlalchemy import select

        from tiaowen.review.store.tables import ROWS

        wanted = identity.strip().lower()
        with reading(self.engine, self.place) as connection:
            chosen = select(ROWS).where(_named(wanted)).order_by(ROWS.c.number).limit(2)
            rows: list[Mapping[str, Any]] = [dict(r) for r in connection.execute(chosen).mappings()]
            rows = [row for row in rows if str(row["number"]) == wanted] or rows
            if len(rows) > 1:
                count = connection.execute(_counted(wanted)).scalar()
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
        from sqlalchemy import select

        from tiaowen.review.store.tables import ROWS

        with reading(self.engine, self.place) as connection:
            chosen = select(ROWS).where(ROWS.c.number.in_(numbers)).order_by(ROWS.c.number)
            return [dict(row) for row in connection.execute(chosen).mappings()]


def open_store(named: str, *, create: bool = False, wait: float = 30.0) -> Store:
    """The store that a path, a URL or ``default`` names.

    ``create`` makes it where there is none. ``wait`` is how many seconds a writer waits for
    another. ``Rejected``: TW1201, TW1202 (see ``place_of``), TW1203 where there is none, TW1204,
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


def _head(connection: Connection) -> Head:
    from sqlalchemy import select

    from tiaowen.review.store.tables import ROWS

    last = select(ROWS.c.number, ROWS.c.hash).order_by(ROWS.c.number.desc()).limit(1)
    row = connection.execute(last).first()
    return Head(0, FIRST) if row is None else Head(row.number, row.hash)


def _entry(head: Head, kept_at: str, content: str, what: About) -> Entry:
    number = head.number + 1
    identity = row_hash(number, head.hash, kept_at, content, what)
    return Entry(number, identity, head.hash, kept_at, content, what)


def _insert(connection: Connection, entries: Sequence[Entry], packed: Sequence[bytes]) -> None:
    from tiaowen.review.store.tables import HEADS, ROWS

    if not entries:
        return
    rows = [
        {"number": e.number, "hash": e.id, "previous": e.previous, "kept_at": e.kept_at,
         "content": e.content, **asdict(e.about), "problems": " ".join(e.about.problems),
         "decision": content}
        for e, content in zip(entries, packed, strict=True)
    ]  # fmt: skip
    connection.execute(ROWS.insert(), rows)
    connection.execute(HEADS.insert(), {"number": entries[-1].number, "hash": entries[-1].id})


def entry_of(row: Mapping[str, Any]) -> Entry:
    """What a row of the table says."""
    said = {name: row[name] for name in _ABOUT}
    said["problems"] = tuple(row["problems"].split())
    return Entry(row["number"], row["hash"], row["previous"], row["kept_at"], row["content"],
                 About(**said))  # fmt: skip


def _sound_entry(row: Mapping[str, Any]) -> Entry:
    entry = entry_of(row)
    again = row_hash(entry.number, entry.previous, entry.kept_at, entry.content, entry.about)
    if again != entry.id:
        raise Rejected([diagnose("TW1207", number=entry.number)])
    return entry


def sound(row: Mapping[str, Any]) -> Stored:
    """A row with its decision; ``Rejected`` (TW1207) where either is not what was kept."""
    entry, content = _sound_entry(row), unpacked(row["decision"])
    if content is None or content_hash(content) != entry.content:
        raise Rejected([diagnose("TW1207", number=entry.number)])
    return Stored(entry, json.loads(content))


def unpacked(packed: bytes) -> bytes | None:
    """A decision's canonical bytes; None where they cannot be unpacked."""
    try:
        return zlib.decompress(packed)
    except (zlib.error, TypeError):
        return None


# --- conditions


def _listed() -> list[Any]:
    from tiaowen.review.store.tables import ROWS

    return [ROWS.c[name] for name in (*_COLUMNS, *_ABOUT)]


def _chosen(select: Select[Any], query: Query) -> Select[Any]:
    from sqlalchemy import or_

    from tiaowen.review.store.tables import ROWS

    for name in ("person", "encounter", "matter"):
        if wanted := getattr(query, name):
            select = select.where(ROWS.c[name] == wanted)
    if query.policy:
        select = select.where(or_(
            ROWS.c.policy.contains(query.policy, autoescape=True),
            ROWS.c.digest.startswith(query.policy, autoescape=True)))  # fmt: skip
    if query.since:
        select = select.where(ROWS.c.day >= query.since)
    if query.until:
        select = select.where(ROWS.c.day <= query.until).where(ROWS.c.day != "")
    return select.order_by(ROWS.c.number)


def _named(wanted: str) -> Any:
    """The condition of an id: a number, or the beginning of a hash."""
    from sqlalchemy import false, or_

    from tiaowen.review.store.tables import ROWS

    conditions: list[Any] = [false()]
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 16:
        conditions.append(ROWS.c.number == int(wanted))
    if len(wanted) >= SHORTEST_ID:
        conditions.append(ROWS.c.hash.startswith(wanted, autoescape=True))
    return or_(*conditions)


def _counted(wanted: str) -> Select[Any]:
    from sqlalchemy import func, select

    from tiaowen.review.store.tables import ROWS

    return select(func.count()).select_from(ROWS).where(_named(wanted))
