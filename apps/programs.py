"""Compiled policies, kept between runs so that a decision does not wait for the compiler.

An entry is used only for the very bytes it was made from, by the very code that made it; the
texts themselves are not in it. An entry that is damaged, foreign or old is made again without
a word: the cache can change how long a decision takes, never what it says.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import stat
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiaowen.apps.files import decoded, load_with_sources, read_bytes
from tiaowen.dsl.source import Source

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program

ROOMS = ("grammar", "dsl", "compiler")
"""The code that makes a program of a text."""

_FORM = 1
_PLAIN = frozenset(
    (
        ("builtins", "frozenset"),
        ("fractions", "Fraction"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("copyreg", "_reconstructor"),
    )
)
"""What may stand in an entry besides the records of this package."""


def load_program(path: str | Path) -> Program:
    """The program of the policy at ``path``.

    Raises ``Rejected`` where a file cannot be read or the policy has errors.
    """
    read_bytes(path)
    entry = _entry(path)
    program = None if entry is None else _kept(entry)
    if program is None:
        compilation, sources = load_with_sources(path)
        program = compilation.demand()
        if entry is not None:
            _keep(entry, program, sources)
    return program


def _entry(path: str | Path) -> Path | None:
    """Where the program of ``path`` is kept; None where nothing can be. Messages name a file as
    the user does, so the name is part of what is kept."""
    key = "\0".join((_code_state(), str(path), os.path.realpath(path)))
    try:
        folder = _folder()
    except (OSError, RuntimeError):
        return None
    return folder / f"{sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}.program"


def _folder() -> Path:
    from platformdirs import user_cache_dir

    folder = Path(user_cache_dir("tiaowen", appauthor=False))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _code_state() -> str:
    """A word for the code that compiles: it changes with every change of it."""
    from tiaowen import __version__

    package = Path(__file__).resolve().parent.parent
    parts = [str(_FORM), __version__, sys.version]
    for room in ROOMS:
        for folder, _, names in os.walk(package / room):
            if folder.endswith("__pycache__"):
                continue
            for name in sorted(names):
                about = os.stat(os.path.join(folder, name))
                parts.append(f"{name} {about.st_size} {about.st_mtime_ns}")
    return sha256("\n".join(parts).encode()).hexdigest()


# --- entries


class _Writer(pickle.Pickler):
    """Writes a program with its source texts left out, by their number."""

    def __init__(self, file: io.BytesIO, sources: Sequence[Source]) -> None:
        super().__init__(file, protocol=5)
        self.numbers = {id(source): number for number, source in enumerate(sources)}

    def persistent_id(self, obj: Any) -> int | None:
        return self.numbers.get(id(obj)) if isinstance(obj, Source) else None


class _Reader(pickle.Unpickler):
    """Reads a program: records of this package and plain values, nothing else."""

    def __init__(self, file: io.BytesIO, sources: Sequence[Source]) -> None:
        super().__init__(file)
        self.sources = sources

    def persistent_load(self, pid: Any) -> Source:
        source: Source = self.sources[pid]
        return source

    def find_class(self, module: str, name: str) -> Any:
        own = module.startswith(("tiaowen.compiler.", "tiaowen.dsl.")) and name[:1].isupper()
        if not own and (module, name) not in _PLAIN:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a program")
        return super().find_class(module, name)


def _keep(entry: Path, program: Program, sources: Sequence[Source]) -> None:
    """Write the entry, whole or not at all."""
    body = io.BytesIO()
    heads = [(s.name, _digest(s.text)) for s in sources]
    beside = entry.with_suffix(f".{os.getpid()}")
    try:
        _Writer(body, sources).dump(program)
        line = json.dumps(heads).encode() + b"\n"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(line + body.getvalue())
        os.replace(beside, entry)
    except (OSError, ValueError, pickle.PicklingError):
        beside.unlink(missing_ok=True)


def _kept(entry: Path) -> Program | None:
    """The program kept in ``entry``, if it is of the texts as they are now."""
    from tiaowen.compiler.core import Program
    from tiaowen.dsl.diagnostics import Rejected

    try:
        with open(entry, "rb") as file:
            if not _own(os.fstat(file.fileno())):
                return None
            heads = json.loads(file.readline())
            body = file.read()
        sources = []
        for name, digest in heads:
            source = Source(name, decoded(read_bytes(name), name))
            if _digest(source.text) != digest:
                return None
            sources.append(source)
        program = _Reader(io.BytesIO(body), sources).load()
    except FileNotFoundError:
        return None
    except (Rejected, Exception):  # whatever a damaged entry does, it is only made again
        return None
    return program if isinstance(program, Program) else None


def _own(about: os.stat_result) -> bool:
    """Whether a file is the user's own and nobody else can have written it."""
    if hasattr(os, "getuid") and about.st_uid != os.getuid():
        return False
    return os.name == "nt" or not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
