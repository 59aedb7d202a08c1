"""The nearest known spelling of a name."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like ``name``, '' where none is near; short Chinese names count
    as near when half of their characters agree."""
    import difflib

    candidates = list(known)
    found = difflib.get_close_matches(name, candidates, 1, 0.5)
    return found[0] if found else ""
