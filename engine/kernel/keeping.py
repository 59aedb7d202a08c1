"""Kernels kept on disk, so that a policy is compiled once.

A kernel's name is the hash of all it depends on: the policy, readings, parameters, columns,
this package's own text, the processor and the versions of the libraries. A file that does not
hold what its own hash says is made again, and so is one that cannot be read; two processes that
make one at once each put a whole file in its place.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from tiaowen.compiler import operations
from tiaowen.engine.claims import billed

_DIGEST = hashlib.sha256().digest_size


def directory() -> Path:
    """Where kernels are kept: TIAOWEN_CACHE, or else the user's directory for such files."""
    import platformdirs

    chosen = os.environ.get("TIAOWEN_CACHE")
    return (Path(chosen) if chosen else Path(platformdirs.user_cache_dir("tiaowen"))) / "kernels"


@cache
def own_text() -> str:
    """The hash of the modules that make kernels."""
    beside = [Path(str(module.__file__)) for module in (operations, billed)]
    files = [*sorted(Path(__file__).parent.glob("*.*")), *beside]
    found = hashlib.sha256()
    for file in files:
        if file.suffix in (".py", ".ll"):
            found.update(file.read_bytes())
    return found.hexdigest()


def name_of(parts: Iterable[Any]) -> str:
    """The hash of what a kernel depends on."""
    return hashlib.sha256("\0".join(repr(part) for part in parts).encode()).hexdigest()


def kept(name: str, make: Callable[[], Any], where: Path | None = None) -> Any:
    """What is kept under ``name``; else what ``make`` makes, kept from now on.

    Where nothing can be written it is made all the same.
    """
    path = (where or directory()) / f"{name}.kernel"
    found = _read(path)
    if found is None:
        found = make()
        with suppress(OSError):
            _write(path, pickle.dumps(found))
    return found


def _read(path: Path) -> Any:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, body = content[:_DIGEST], content[_DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        return None
    try:
        return pickle.loads(body)
    except Exception:  # whole, and yet of classes that are no longer what they were
        return None


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        beside = Path(file.name)
        try:
            file.write(hashlib.sha256(body).digest() + body)
            file.close()
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
