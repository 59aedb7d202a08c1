"""Files that stand under their names only when they are whole, and why one cannot be written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tiaowen.dsl.diagnostics import Diagnostic, diagnose


def whole(path: Path, write: Callable[[Path], Any]) -> None:
    """``write`` a file beside ``path`` and give it that name when it is whole; ``OSError`` where
    it cannot be, and then nothing is left of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def unwritable(path: Path | str, error: Exception) -> Diagnostic:
    """TW0702 with the reason that the system gives."""
    number = getattr(error, "errno", None)
    reason = (os.strerror(number) if number else str(error)).split("\n", 1)[0]
    reason = reason.split("Error: ", 1)[-1]
    return diagnose("TW0702", operation={"zh": "写入", "en": "write"}, path=str(path),
                    problem={"zh": reason, "en": reason[:1].lower() + reason[1:]})  # fmt: skip
