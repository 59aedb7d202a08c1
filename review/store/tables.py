"""The tables of a store, and the triggers that keep them append-only.

Rows are only ever added. Both databases refuse to change or delete one, so that an honest
mistake cannot; what a dishonest hand does after removing the triggers, the chain of hashes shows.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    inspect,
    select,
    text,
)

VERSION = 1
"""Of the tables. A store of a later version is not read."""

METADATA = MetaData()

SCHEMA = Table(
    "tiaowen_schema", METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("made_at", Text, nullable=False),
)  # fmt: skip

ROWS = Table(
    "tiaowen_decisions", METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("previous", Text, nullable=False, unique=True),
    Column("kept_at", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("encounter", Text, nullable=False),
    Column("settlement", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("fund", BigInteger),
    Column("own", BigInteger),
    Column("problems", Text, nullable=False),
    Column("decision", LargeBinary, nullable=False),
)  # fmt: skip
"""A row per decision; ``decision`` is its canonical JSON, compressed by zlib."""

HEADS = Table(
    "tiaowen_heads", METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False),
)  # fmt: skip
"""The head after each transaction: rows missing at the end leave it pointing at nothing."""

for _name in ("person", "encounter", "day", "policy"):
    Index(f"tiaowen_by_{_name}", ROWS.c[_name])

_GUARDED = (ROWS, HEADS, SCHEMA)

_FUNCTION = """
CREATE OR REPLACE FUNCTION tiaowen_refuse() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'a store of decisions is append-only'; END $$ LANGUAGE plpgsql
"""


def exists(connection: Connection) -> bool:
    """Whether the database holds a store."""
    return inspect(connection).has_table(SCHEMA.name)


def version_of(connection: Connection) -> int:
    """The version of the store's tables."""
    found = connection.execute(select(SCHEMA.c.version).order_by(SCHEMA.c.version.desc())).scalar()
    return int(found or 0)


def create(connection: Connection, made_at: str) -> None:
    """Make the tables and their guards, all in the transaction of ``connection``."""
    METADATA.create_all(connection, checkfirst=False)
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        connection.execute(text(_FUNCTION))
    for table in _GUARDED:
        for statement in _postgres_guards(table) if postgres else _sqlite_guards(table):
            connection.execute(text(statement))
    connection.execute(SCHEMA.insert().values(version=VERSION, made_at=made_at))


def _sqlite_guards(table: Table) -> list[str]:
    return [
        f"CREATE TRIGGER {table.name}_{event.lower()} BEFORE {event} ON {table.name} "
        "BEGIN SELECT RAISE(ABORT, 'a store of decisions is append-only'); END"
        for event in ("UPDATE", "DELETE")
    ]


def _postgres_guards(table: Table) -> list[str]:
    return [
        f"CREATE TRIGGER {table.name}_rows BEFORE UPDATE OR DELETE ON {table.name} "
        "FOR EACH ROW EXECUTE FUNCTION tiaowen_refuse()",
        f"CREATE TRIGGER {table.name}_all BEFORE TRUNCATE ON {table.name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION tiaowen_refuse()",
    ]


def guarded(connection: Connection) -> bool:
    """Whether every trigger is still there and, in PostgreSQL, still enabled."""
    if connection.dialect.name == "postgresql":
        query = (
            "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND pg_table_is_visible(c.oid) "
            "AND c.relname LIKE 'tiaowen!_%' ESCAPE '!'"
        )
    else:
        query = (
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' "
            "AND tbl_name LIKE 'tiaowen!_%' ESCAPE '!'"
        )
    return int(connection.execute(text(query)).scalar() or 0) >= 2 * len(_GUARDED)
