"""What an output is of, written beside it for whoever explains a row of it or goes on with it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.files import files_of, place_of
from tiaowen.engine.batch.places import manifest_of
from tiaowen.engine.batch.troubles import without_password
from tiaowen.engine.batch.writing import unwritable, whole

FORM = 1
_BLOCK = 1 << 22
_STATED = {"claims": str, "lines": str, "opening": str, "policy": str, "readings": dict,
           "mapping": dict, "params": list}  # fmt: skip


def write_manifest(path: Path, written: Mapping[str, Any]) -> None:
    """``Rejected`` with TW0702 where it cannot be written."""
    text = json.dumps({"form": FORM, **written}, ensure_ascii=False, indent=2) + "\n"
    try:
        whole(path, lambda beside: beside.write_text(text, encoding="utf-8"))
    except OSError as error:
        raise Rejected([unwritable(path, error)]) from None


def read_manifest(output: str) -> Mapping[str, Any]:
    """The manifest of ``output``. ``Rejected`` with TW1343 where there is none that can be used."""
    path = manifest_of(output)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or found.get("form") != FORM or any(
        not isinstance(found.get(name), kind) for name, kind in _STATED.items()
    ):  # fmt: skip
        raise Rejected([diagnose("TW1343", path=output)])
    return found


def stamp_of(named: str) -> list[Any]:
    """A table's name and, of files, their sizes and times: other stamp, other content."""
    place = place_of(named)[0]
    if not named or "://" in named:
        return [without_password(named)]
    try:
        files = files_of(place)[1]
        found = [(str(f), (about := f.stat()).st_size, about.st_mtime_ns) for f in files]
    except (OSError, Rejected):
        return [named]
    digest = sha256(repr(found).encode()).hexdigest()
    return [os.path.abspath(place), named.removeprefix(place), digest]


def digest_of(named: str) -> str:
    """SHA-256 of a table's files one after the other, in the order of their names; '' of what is
    no file."""
    if not named or "://" in named:
        return ""
    digest = sha256()
    try:
        for path in files_of(place_of(named)[0])[1]:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
    except (OSError, Rejected):
        return ""
    return digest.hexdigest()
