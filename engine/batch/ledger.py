"""What a run has finished: parts committed one after the other, and a manifest that says which.

A part is a file that got its name when it was whole; the manifest is replaced, never changed.
A run that was killed goes on behind the last part it names, and repeats nothing. The folder is
locked for as long as its process lives: two runs never write one output.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
from attrs import define, field, frozen

from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.batch.locking import Locked, lock
from tiaowen.engine.batch.parts import write_part
from tiaowen.engine.batch.writing import unwritable, whole

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
    _lock: IO[str] | None = field(default=None, init=False, repr=False)

    def open(self, *, resume: bool) -> Done:
        """Begin, or go on where ``resume``. ``Rejected``: TW0702 (the folder cannot be made),
        TW1336 (an unfinished run is there and ``resume`` was not asked for), TW1337 (it is of
        other claims, another policy or other options), TW1338 (another run is writing), TW1352
        (what is there is damaged)."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = lock(self.folder / LOCK)
        except Locked as held:
            busy = diagnose("TW1338", path=str(self.folder), process=held.process)
            raise Rejected([busy]) from None
        except OSError as error:
            raise Rejected([unwritable(self.folder, error)]) from None
        try:
            found = self._found()
            if found is not None and not resume:
                raise Rejected([diagnose("TW1336", path=str(self.folder), parts=found.parts)])
            self._swept(found.parts if found is not None else 0)
            return found or Done()
        except Rejected:
            self._unlock()
            raise

    def _found(self) -> Done | None:
        """The state that the manifest of an earlier run gives; None where there is none."""
        try:
            written = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            same = written["key"] == dict(self.key) and written["version"] == VERSION
            done = Done(written["parts"], written["last"], written["ordered"], written["counts"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError):
            raise Rejected([_damaged(self.folder, MANIFEST)]) from None
        if not same:
            raise Rejected([diagnose("TW1337", path=str(self.folder))])
        for number in range(1, done.parts + 1):
            for kind in ("settled", "rejected"):
                try:
                    pq.read_metadata(self.part(kind, number))
                except (OSError, pa.ArrowException):
                    name = self.part(kind, number).name
                    raise Rejected([_damaged(self.folder, name)]) from None
        return done

    def _swept(self, parts: int) -> None:
        """Take away what an earlier run left half done: all but the first ``parts`` parts."""
        kept = {self.part(kind, n).name for kind in ("settled", "rejected")
                for n in range(1, parts + 1)}  # fmt: skip
        kept |= {LOCK, *((MANIFEST,) if parts else ())}
        for entry in self.folder.iterdir():
            if entry.name in kept:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)

    def commit(self, done: Done, settled: pa.Table, rejected: pa.Table) -> None:
        """Make the part number ``done.parts`` and its rejects part of the run. ``Rejected`` with
        TW0702 where they cannot be written; what was finished before stays."""
        state = {"parts": done.parts, "last": done.last, "ordered": done.ordered}
        written = {"version": VERSION, "key": dict(self.key), **state, "counts": dict(done.counts)}
        text = json.dumps(written, ensure_ascii=False)
        try:
            for kind, table in (("settled", settled), ("rejected", rejected)):
                whole(self.part(kind, done.parts), partial(write_part, table))
            whole(self.folder / MANIFEST, lambda path: path.write_text(text, encoding="utf-8"))
        except OSError as error:
            raise Rejected([unwritable(self.folder, error)]) from None

    def part(self, kind: str, number: int) -> Path:
        """Where a part of the ``settled`` or ``rejected`` rows is."""
        return self.folder / f"{kind}-{number:05d}.parquet"

    def close(self) -> None:
        """Forget the run: its parts are in the output."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._unlock()

    def release(self) -> None:
        """Leave what is finished for a later run; where nothing is, nothing is left."""
        if not (self.folder / MANIFEST).exists():
            self.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            with suppress(OSError):
                (self.folder / LOCK).unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def finished_parts(folder: Path) -> int:
    """How many parts a run has left in ``folder``; 0 where there is none to go on with."""
    try:
        return int(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["parts"])
    except (OSError, ValueError, LookupError, TypeError):
        return 0


def _damaged(folder: Path, name: str) -> Diagnostic:
    return diagnose("TW1352", path=str(folder), name=name)
