"""A row of the table and the records it stands for."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from attrs import asdict

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.review.store.records import About, Entry, Stored, content_hash, row_hash

ABOUT = tuple(a.name for a in About.__attrs_attrs__)
LISTED = ("number", "hash", "previous", "kept_at", "content", *ABOUT)
"""The columns of a list: all but the decision itself."""

_PRESSED = 3
"""zlib's level: a third larger than the best, three times as fast."""


def packed(content: bytes) -> bytes:
    """A decision's canonical bytes as the table holds them."""
    return zlib.compress(content, _PRESSED)


def unpacked(held: bytes) -> bytes | None:
    """A decision's canonical bytes again; None where they cannot be unpacked."""
    try:
        return zlib.decompress(held)
    except (zlib.error, TypeError):
        return None


def row_of(entry: Entry, held: bytes) -> dict[str, Any]:
    """The row to write for ``entry`` with its decision, packed."""
    about = {**asdict(entry.about), "problems": " ".join(entry.about.problems)}
    return {"number": entry.number, "hash": entry.id, "previous": entry.previous,
            "kept_at": entry.kept_at, "content": entry.content, **about,
            "decision": held}  # fmt: skip


def entry_of(row: Mapping[str, Any]) -> Entry:
    """What a row says, true or not."""
    said = {name: row[name] for name in ABOUT}
    said["problems"] = tuple(row["problems"].split())
    return Entry(row["number"], row["hash"], row["previous"], row["kept_at"], row["content"],
                 About(**said))  # fmt: skip


def sound_entry(row: Mapping[str, Any]) -> Entry:
    """What a row says; ``Rejected`` (TW1207) where that is not what was kept."""
    entry = entry_of(row)
    again = row_hash(entry.number, entry.previous, entry.kept_at, entry.content, entry.about)
    if again != entry.id:
        raise Rejected([diagnose("TW1207", number=entry.number)])
    return entry


def sound(row: Mapping[str, Any]) -> Stored:
    """A row with its decision; ``Rejected`` (TW1207) where either is not what was kept."""
    entry, content = sound_entry(row), unpacked(row["decision"])
    if content is None or content_hash(content) != entry.content:
        raise Rejected([diagnose("TW1207", number=entry.number)])
    return Stored(entry, json.loads(content))
