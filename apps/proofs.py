"""Verdicts of the solver, kept between runs: a long proof goes on where it was interrupted.

An entry is of one program (its digest) and of the very code that made it; a file that is damaged
or foreign is made again without a word.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, MutableMapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from tiaowen.compiler.core import Program

CODE = ("grammar", "dsl", "compiler", "engine", "review/proof")
"""The code that a verdict rests on."""

_VERDICTS = ("proved", "open")


class KeptVerdicts(MutableMapping[str, Mapping[str, Any]]):
    """The verdicts of one program; each is written as it is made."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.verdicts = _read(path)

    @classmethod
    def of(cls, program: Program) -> KeptVerdicts:
        """Those of ``program``; of this run alone where no folder can be written."""
        try:
            from platformdirs import user_cache_dir

            folder = Path(user_cache_dir("tiaowen", appauthor=False))
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (OSError, RuntimeError):
            return cls(None)
        key = sha256(f"{_code_state()}\0{program.identity.digest}".encode()).hexdigest()[:40]
        return cls(folder / f"{key}.proofs")

    def __getitem__(self, key: str) -> Mapping[str, Any]:
        return self.verdicts[key]

    def __setitem__(self, key: str, verdict: Mapping[str, Any]) -> None:
        self.verdicts[key] = verdict
        if self.path is None:
            return
        beside = self.path.with_suffix(f".{os.getpid()}")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "w", encoding="utf-8") as file:
                json.dump(self.verdicts, file, ensure_ascii=False)
            os.replace(beside, self.path)
        except OSError:
            beside.unlink(missing_ok=True)

    def __delitem__(self, key: str) -> None:
        del self.verdicts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.verdicts)

    def __len__(self) -> int:
        return len(self.verdicts)


def _read(path: Path | None) -> dict[str, Mapping[str, Any]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path is not None else {}
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {k: v for k, v in found.items()
            if isinstance(v, dict) and v.get("verdict") in _VERDICTS}  # fmt: skip


def _code_state() -> str:
    """A word for the code: it changes with every change of it."""
    package = Path(__file__).resolve().parent.parent
    parts: list[str] = []
    for room in CODE:
        for file in sorted((package / room).rglob("*")):
            if file.suffix in (".py", ".lark", ".toml"):
                about = file.stat()
                parts.append(f"{file.name} {about.st_size} {about.st_mtime_ns}")
    return sha256("\n".join(parts).encode()).hexdigest()
