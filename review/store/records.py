"""What a store gives back, and the hash that chains its rows.

Each row's hash is over all that is kept of a decision and over the hash of the row before it,
so that no decision can be altered, left out, moved or put in between without every later hash
changing. One hash written down elsewhere, the head, therefore vouches for the whole store.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Literal

from attrs import asdict, frozen

FIRST = "0" * 64
"""What stands for the hash before the first row."""

_FORM = "tiaowen decision store, row 1"


@frozen
class About:
    """What a decision can be found by; '' or None where it does not say.

    ``day`` is the claim's date (discharge, else settlement or admission) as YYYY-MM-DD;
    ``fund`` and ``own`` are what the funds and the person pay, in 分; ``problems`` the codes of
    what stopped it.
    """

    person: str
    encounter: str
    settlement: str
    matter: str
    day: str
    policy: str
    digest: str
    region: str
    engine: str
    fund: int | None
    own: int | None
    problems: tuple[str, ...]


@frozen
class Entry:
    """A decision's row: its place in the chain, counted from 1, and what it is about.

    ``id`` is the row's hash; ``kept_at`` a moment of UTC; ``content`` the hash of the decision's
    canonical bytes.
    """

    number: int
    id: str
    previous: str
    kept_at: str
    content: str
    about: About


@frozen
class Stored:
    """A row with its decision file."""

    entry: Entry
    decision: dict[str, Any]


@frozen
class Head:
    """The last row's number and hash; number 0 for an empty store."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@frozen
class Query:
    """Which decisions: each field that is not '' has to fit. ``person``, ``encounter`` and
    ``matter`` are whole; ``policy`` is a part of the title or a beginning of the digest;
    ``since`` and ``until`` bound the claim's date (YYYY-MM-DD), both included."""

    person: str = ""
    encounter: str = ""
    matter: str = ""
    policy: str = ""
    since: str = ""
    until: str = ""


Fault = Literal["content", "entry", "link", "missing", "tail", "head", "anchor", "guards"]


@frozen
class Break:
    """Where the chain does not hold. ``fault``: the decision was altered ('content'), what the
    row says of it ('entry'), it does not follow the row before ('link'), a row is gone
    ('missing'), rows at the end are gone ('tail'), a recorded head is another ('head'), the
    head that was given is not in the chain ('anchor'), the triggers are gone ('guards')."""

    number: int
    fault: Fault


@frozen
class Verification:
    """How many rows were looked at, the head found, and every break (none: the chain holds)."""

    count: int
    head: Head
    breaks: tuple[Break, ...]

    @property
    def whole(self) -> bool:
        return not self.breaks


def canonical(data: Any) -> bytes:
    """The one spelling of JSON data that is kept and hashed: no spaces, ASCII, the fields in
    the order they have. What is no JSON data (a column that was tampered with) is spelt so that
    it is hashed too."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False, default=repr)
    return text.encode("ascii")


def content_hash(decision: bytes) -> str:
    """The hash of a decision's canonical bytes."""
    return sha256(decision).hexdigest()


def row_hash(number: int, previous: str, kept_at: str, content: str, about: About) -> str:
    """The hash of a row."""
    said: Mapping[str, Any] = {
        "form": _FORM, "number": number, "previous": previous, "kept_at": kept_at,
        "content": content, **asdict(about),
    }  # fmt: skip
    return sha256(canonical(said)).hexdigest()
