"""A decision letter as data: parts of paragraphs, lists and tables, in the order they are read.

The renderers (HTML, PDF) only lay these records out, so a letter says the same on paper and on
a screen. A letter is an official document in Chinese; what the authority has not said of
itself stands as a blank to be filled in by hand, never as a guess.
"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeAlias

from attrs import asdict, frozen

BLANK = "＿＿＿＿＿＿＿＿"
"""A line to be filled in by hand."""


@frozen
class Formalities:
    """What the authority says beside the decision itself; '' or None where it has not been said.

    ``served`` is the day the letter reaches the person: the time limits run from it. ``payee``
    is who receives what the funds pay; ``review_body`` and ``court`` are those to turn to.
    """

    authority: str = ""
    number: str = ""
    issued: date | None = None
    served: date | None = None
    payee: str = ""
    review_body: str = ""
    court: str = ""


@frozen
class Paragraph:
    """``strong`` sets it off: it must not be overlooked."""

    text: str
    strong: bool = False


@frozen
class Heading:
    """A heading inside a part."""

    text: str


@frozen
class Pairs:
    """Names with values, two to a row where there is room."""

    pairs: tuple[tuple[str, str], ...]


@frozen
class Column:
    """``share`` is the column's part of the width that is left, 0 as wide as its cells;
    ``numeric`` cells stand to the right."""

    name: str
    share: int = 0
    numeric: bool = False


@frozen
class Table:
    """Rows of cells under ``columns``; ``total`` closes the table where there is one."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@frozen
class Listing:
    """Numbered items."""

    items: tuple[str, ...]


Block: TypeAlias = Paragraph | Heading | Pairs | Table | Listing


@frozen
class Part:
    title: str
    blocks: tuple[Block, ...]


@frozen
class Letter:
    """A letter: its head, ``warning`` (that it has no effect, '' where it has), the ``opening``
    to ``addressee``, its parts, and who signs it when."""

    authority: str
    title: str
    number: str
    warning: str
    addressee: str
    opening: str
    parts: tuple[Part, ...]
    closing: str
    issued: str


def letter_data(letter: Letter) -> dict[str, Any]:
    """``letter`` as JSON-ready data; each block names its ``kind``."""
    data = asdict(letter, recurse=False)
    data["parts"] = [
        {"title": part.title, "blocks": [_block_data(block) for block in part.blocks]}
        for part in letter.parts
    ]
    return data


def _block_data(block: Block) -> dict[str, Any]:
    return {"kind": type(block).__name__.lower(), **asdict(block)}
