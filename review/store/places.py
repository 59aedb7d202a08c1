"""Where a store is: a file, or a database that a URL names; and what can go wrong there.

SQLite takes the write lock before it reads (BEGIN IMMEDIATE), PostgreSQL a lock of its own for
the transaction, so that two writers never chain to the same row. A commit is on the disk when
it returns. A password in a URL is never shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.dsl.extras import need

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

DEFAULT = "default"
"""The word for the user's own store."""

_LOCK = 0x7469616F77656E
"""The number of the writers' lock in PostgreSQL."""

_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")


@frozen
class Place:
    """``url`` for the database library, ``shown`` for people, ``file`` where it is SQLite's."""

    url: URL = field(repr=False)
    shown: str
    file: Path | None = None

    @property
    def postgres(self) -> bool:
        return self.file is None


def default_file() -> Path:
    """The user's own store."""
    from platformdirs import user_data_dir

    return Path(user_data_dir("tiaowen", appauthor=False)) / "decisions.db"


def place_of(named: str | Path) -> Place:
    """The place that a path, a URL or ``default`` names. ``Rejected``: TW1201 where it is none,
    TW0703 where what it needs is not installed."""
    need("sqlalchemy", "store")
    text = str(named)
    scheme, colon, rest = text.partition("://")
    if not colon:
        return _file(text, default_file() if text == DEFAULT else Path(text))
    if scheme == "sqlite" and rest.startswith("/"):
        return _file(rest[1:], Path(rest[1:]))
    if scheme in _POSTGRES and rest:
        need("psycopg", "postgres")
        return _postgres(f"postgresql+psycopg://{rest}")
    raise Rejected([diagnose("TW1201", url=f"{scheme}://…")])


def _file(text: str, file: Path) -> Place:
    """A SQLite file. One in memory would be gone with the program: it is no store."""
    from sqlalchemy import URL

    if not text or "\x00" in text or text == ":memory:":
        raise Rejected([diagnose("TW1201", url=text)])
    return Place(URL.create("sqlite", database=str(file)), str(file), file)


def _postgres(url: str) -> Place:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise Rejected([diagnose("TW1201", url="postgresql://…")]) from None
    return Place(parsed, parsed.render_as_string(hide_password=True))


def engine_of(place: Place, wait: float) -> Engine:
    """The engine of ``place``; a writer waits ``wait`` seconds for another to finish."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    if place.postgres:
        seconds = max(1, round(wait))
        return create_engine(
            place.url, poolclass=NullPool, connect_args={"connect_timeout": seconds}
        )
    engine = create_engine(place.url, poolclass=NullPool, connect_args={"timeout": wait})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous = EXTRA")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get("tiaowen_writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


@contextmanager
def reading(engine: Engine, place: Place) -> Iterator[Connection]:
    """A transaction that sees the store at one moment."""
    with translated(place), engine.connect() as connection:
        if place.postgres:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine, place: Place, wait: float) -> Iterator[Connection]:
    """A transaction that no other writer is in; committed when the block ends."""
    from sqlalchemy import text

    with translated(place), engine.connect() as bare:
        connection = bare.execution_options(tiaowen_writing=True)
        with connection.begin():
            if place.postgres:
                connection.execute(text(f"SET LOCAL lock_timeout = {max(1, round(wait * 1000))}"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            yield connection


@contextmanager
def translated(place: Place) -> Iterator[None]:
    """Turns what the database says into ``Rejected``: TW1204 locked, TW1205 no store, TW1211."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        raise Rejected([_told(place, error)]) from None


def _told(place: Place, error: Any) -> Diagnostic:
    said = str(error.orig).strip()
    state = getattr(error.orig, "sqlstate", None)
    if "database is locked" in said or state == "55P03":
        return diagnose("TW1204", where=place.shown)
    if "not a database" in said or "malformed" in said or state in ("42P01", "42703"):
        return diagnose("TW1205", where=place.shown)
    if "no such table" in said or "no such column" in said:
        return diagnose("TW1205", where=place.shown)
    return diagnose("TW1211", where=place.shown, problem=said.splitlines()[0] if said else "")
