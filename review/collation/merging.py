"""One text of two copies: the base's order and wording, with what only the other copy has.

Nothing of the base is dropped or moved. A sentence that only the other copy has stands behind
the one it stands behind there; it is the report that says which sentences those are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

from attrs import frozen

from tiaowen.review.collation.folding import one_script
from tiaowen.review.collation.model import Collation, Copy, Side, Unit

_ROWS = re.compile(r"\|\|")
_START = -1
_BREAK = "\n\n"
_ENDS = frozenset("。；！？：;!?:")


@frozen
class Inserted:
    """A sentence only the other copy has; ``after`` is the base's sentence it stands behind,
    ``None`` where it stands before all."""

    unit: Unit
    after: Unit | None


@frozen
class Merged:
    """One text, as Markdown, and what was put into the base."""

    text: str
    base: Side
    inserted: tuple[Inserted, ...]


def merged(collation: Collation, base: Side) -> Merged:
    """The text of both copies on the base of ``base``."""
    other: Side = "b" if base == "a" else "a"
    copy, rest = (collation.a, collation.b) if base == "a" else (collation.b, collation.a)
    partners = {j: i for i, j in collation.pairs} if base == "a" else dict(collation.pairs)
    inserted = tuple(
        Inserted(unit, _anchor(copy, unit, partners))
        for block in collation.alone if block.side == other for unit in block.units
    )  # fmt: skip
    return Merged(_text(copy, rest, inserted), base, inserted)


def _anchor(base: Copy, unit: Unit, partners: Mapping[int, int]) -> Unit | None:
    """The base's sentence that the nearest one before ``unit`` is paired with."""
    for index in range(unit.index - 1, -1, -1):
        if index in partners:
            return base.units[partners[index]]
    return None


def _text(base: Copy, rest: Copy, inserted: tuple[Inserted, ...]) -> str:
    last_end = {unit.paragraph: unit.end for unit in base.units}
    inline: dict[int, dict[int, str]] = defaultdict(dict)
    for unit, following in pairwise(base.units):
        if unit.paragraph == following.paragraph and "\n" in _between(unit, following):
            inline[unit.paragraph][unit.end] = _BREAK
    behind: dict[int, list[str]] = defaultdict(list)
    simplified = all(one_script(p.text) == p.text for p in base.paragraphs)
    for one in inserted:
        words = _words(rest, one.unit)
        words = one_script(words) if simplified else words
        anchor = one.after
        if anchor is None:
            behind[_START].append(words)
        elif base.paragraphs[anchor.paragraph].hashes or (
            anchor.end == last_end[anchor.paragraph]
            and (one.unit.start == 0 or anchor.text[-1] not in _ENDS)
        ):
            behind[anchor.paragraph].append(words)
        else:
            row = inline[anchor.paragraph]
            row[anchor.end] = _added(row.get(anchor.end, ""), words, one.unit.start == 0)
    blocks = list(behind[_START])
    for nth, paragraph in enumerate(base.paragraphs):
        text = _filled(paragraph.text, inline[nth])
        blocks.append(f"{'#' * paragraph.hashes} {text}" if paragraph.hashes else text)
        blocks += behind[nth]
    front = base.front.rstrip() + "\n\n" if base.front else ""
    return front + _joined(blocks)


def _between(unit: Unit, following: Unit) -> str:
    """What stands in the file between two sentences of one paragraph."""
    return unit.span.source.text[unit.span.end : following.span.start]


def _words(copy: Copy, unit: Unit) -> str:
    """A sentence with its number, as its copy has it."""
    paragraph = copy.paragraphs[unit.paragraph]
    words = paragraph.text[unit.start : unit.end].strip()
    if unit.number and not re.sub(r"\s", "", words).lstrip("*|").startswith(unit.number):
        words = f"{unit.number} {words}"
    return f"{'#' * paragraph.hashes} {words}" if paragraph.hashes else words


def _added(put: str, words: str, opens: bool) -> str:
    """``words`` after what is ``put`` at a place already; those that open a paragraph do so
    again where the base's line ends there too."""
    if not put.endswith(_BREAK):
        return put + words
    return f"{put.removesuffix(_BREAK)}{_BREAK if opens else ''}{words}{_BREAK}"


def _filled(text: str, places: Mapping[int, str]) -> str:
    for at in sorted(places, reverse=True):
        text = text[:at] + places[at] + text[at:]
    return text.strip()


def _joined(blocks: list[str]) -> str:
    """Blocks as paragraphs, the rows of a table on lines of their own."""
    made = ""
    for block in blocks:
        row = block.startswith("|")
        gap = "" if not made else "\n" if row and made.rsplit("\n", 1)[-1].startswith("|") else (
            "\n\n")  # fmt: skip
        made += gap + (_ROWS.sub("|\n|", block) if row else block)
    return made + "\n"
