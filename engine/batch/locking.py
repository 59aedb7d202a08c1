"""A lock on a folder that lasts as long as the process that has it, however that ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO


class Locked(Exception):
    """Another has the lock: the process that the lock's file names, '?' where it names none."""

    def __init__(self, process: str) -> None:
        self.process = process
        super().__init__(process)


def lock(path: Path) -> IO[str]:
    """The file ``path``, locked until it is closed or the process ends; it names the process.

    ``Locked`` where another has it, ``OSError`` where it cannot be made.
    """
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="ascii")
        try:
            _lock(file.fileno())
        except OSError:
            with file:
                file.seek(0)
                raise Locked(file.read() or "?") from None
        if _still(file, path):
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            return file
        file.close()


def _lock(number: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _still(file: IO[str], path: Path) -> bool:
    """Whether ``file`` still goes by its name: who had it before may just have taken it away."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
