"""Several processes write one store, and some of them are killed."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen
from tests.review.store.conftest import decision, new_database

from tiaowen.dsl.diagnostics import Rejected
from tiaowen.review.store import Query, open_store, verify

WRITER = Path(__file__).with_name("writer.py")


@frozen
class Writer:
    """A running ``writer.py`` and the file it prints to."""

    process: subprocess.Popen[bytes]
    told: Path

    def begun(self) -> None:
        """Wait until the first decision was acknowledged."""
        while not self.acknowledged() and self.process.poll() is None:
            time.sleep(0.005)

    def acknowledged(self) -> list[str]:
        """The ids printed whole."""
        return [line for line in self.told.read_text("ascii").splitlines() if len(line) == 64]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str, int], Writer]:
    """Start a process that keeps so many decisions of a person of that name."""
    file = tmp_path / "decision.json"
    file.write_text(json.dumps(decision()), encoding="utf-8")

    def start(url: str, name: str, count: int) -> Writer:
        told = tmp_path / f"{name}.txt"
        arguments = [sys.executable, str(WRITER), url, str(file), name, str(count)]
        with told.open("wb") as out:
            return Writer(subprocess.Popen(arguments, stdout=out), told)

    return start


Write = Callable[[str, str, int], Writer]


@pytest.mark.slow
def test_writers_take_turns(url: str, write: Write) -> None:
    writers = [write(url, f"W{n}", 15) for n in range(3)]
    assert [w.process.wait(60) for w in writers] == [0, 0, 0]
    with open_store(url) as store:
        assert verify(store).whole
        assert len(store.find()) == 45
        for number, w in enumerate(writers):
            mine = [entry.id for entry in store.find(Query(person=f"W{number}"))]
            assert mine == w.acknowledged()


@pytest.mark.slow
def test_a_kill_loses_nothing_that_was_acknowledged(url: str, write: Write) -> None:
    chance = random.Random(20240320)
    with open_store(url, create=True):
        pass
    told: set[str] = set()
    for turn in range(2):
        victims = [write(url, f"K{turn}{n}", 10_000) for n in range(2)]
        for victim in victims:
            victim.begun()
        time.sleep(chance.uniform(0.0, 0.25))
        for victim in victims:
            victim.process.send_signal(signal.SIGKILL)
        assert [v.process.wait(60) for v in victims] == [-signal.SIGKILL] * 2
        told.update(identity for victim in victims for identity in victim.acknowledged())
    with open_store(url) as store:
        kept = {entry.id for entry in store.find()}
        found = verify(store)
        after = store.append(decision())
    assert found.whole
    assert len(told) >= 4
    assert told <= kept
    # Of each killed writer at most the decision in hand was kept and not told.
    assert len(kept) - len(told) <= 4
    assert after.number == found.count + 1


def test_a_store_that_stays_locked_is_said(tmp_path: Path) -> None:
    named = str(tmp_path / "store.db")
    with open_store(named, create=True, wait=0.05) as store:
        holder = sqlite3.connect(named, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(Rejected) as caught:
            store.append(decision())
        assert [d.code for d in caught.value.diagnostics] == ["TW1204"]
        holder.execute("ROLLBACK")
        assert store.append(decision()).number == 1


def test_a_lock_in_postgres_is_said(postgres: str) -> None:
    import psycopg

    from tiaowen.review.store.places import _LOCK

    with open_store(new_database(postgres), create=True, wait=0.05) as store:
        with psycopg.connect(postgres) as holder:
            holder.execute(f"SELECT pg_advisory_lock({_LOCK})")
            with pytest.raises(Rejected) as caught:
                store.append(decision())
            assert [d.code for d in caught.value.diagnostics] == ["TW1204"]
        assert store.append(decision()).number == 1
