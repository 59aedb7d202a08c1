"""What a run has finished: parts committed one after the other, and a manifest that says which.

A part is a file that got its name when it was whole; the manifest is replaced, never changed.
A run that was killed goes on behind the last part it names, and repeats nothing.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from attrs import define, field, frozen

from tiaowen.dsl.diagnostics import Rejected, diagnose

VERSION = 1
MANIFEST, LOCK = "manifest.json", "lock"


@frozen
class Done:
    """The state of a run: finished parts, the last person in them, and the counts so far."""

    parts: int = 0
    last: str | None = None
    ordered: bool = False
    counts: Mapping[str, Any] = field(factory=dict)


@define
class Ledger:
    """The folder of a run's parts. ``key`` says what the run is of: the claims, the policy, the
    readings and parameters; a folder of another run is not gone on with."""

    folder: Path
    key: Mapping[str, Any]

    def open(self, *, resume: bool) -> Done:
        """Begin, or go on where ``resume``. ``Rejected``: TW1336 (another run is writing, or an
        unfinished one is there and ``resume`` was not asked for), TW1337 (it is of other
        claims, another policy or other options)."""
        found = self._found()
        if found is None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            self._lock()
            return Done()
        if not resume:
            raise Rejected([diagnose("TW1336", path=str(self.folder), parts=found.parts)])
        self._lock()
        return found

    def _found(self) -> Done | None:
        """The state that the manifest of an earlier run gives; None where there is none."""
        try:
            written = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if written.get("key") != dict(self.key) or written.get("version") != VERSION:
            raise Rejected([diagnose("TW1337", path=str(self.folder))])
        return Done(written["parts"], written["last"], written["ordered"], written["counts"])

    def _lock(self) -> None:
        """Let no second run write here; a lock whose process is gone is taken over."""
        lock = self.folder / LOCK
        while True:
            try:
                with lock.open("x", encoding="ascii") as file:
                    file.write(str(os.getpid()))
                return
            except FileExistsError:
                owner = _owner(lock)
                if owner is not None and owner != os.getpid() and _alive(owner):
                    busy = diagnose("TW1338", path=str(self.folder), process=owner)
                    raise Rejected([busy]) from None
                lock.unlink(missing_ok=True)

    def commit(self, done: Done, settled: pa.Table, rejected: pa.Table) -> None:
        """Make the part number ``done.parts`` and its rejects part of the run."""
        for kind, table in (("settled", settled), ("rejected", rejected)):
            beside = self.folder / f".{kind}"
            pq.write_table(table, beside, compression="zstd", store_decimal_as_integer=True)
            os.replace(beside, self.part(kind, done.parts))
        state = {"parts": done.parts, "last": done.last, "ordered": done.ordered}
        written = {"version": VERSION, "key": dict(self.key), **state, "counts": dict(done.counts)}
        beside = self.folder / f".{MANIFEST}"
        beside.write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
        os.replace(beside, self.folder / MANIFEST)

    def part(self, kind: str, number: int) -> Path:
        """Where a part of the ``settled`` or ``rejected`` rows is."""
        return self.folder / f"{kind}-{number:05d}.parquet"

    def close(self) -> None:
        """Forget the run: its parts are in the output."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def release(self) -> None:
        """Leave what is finished for a later run; where nothing is, nothing is left."""
        (self.folder / LOCK).unlink(missing_ok=True)
        if not (self.folder / MANIFEST).exists():
            self.close()


def _owner(lock: Path) -> int | None:
    """The process that made a lock; None where it did not come to say so."""
    try:
        return int(lock.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
