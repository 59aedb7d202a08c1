"""What a collation finds: closed frozen records, rendered elsewhere.

A copy is the sequence of its sentences; every finding names the sentences it is about, and each
of them knows the file and line it stands in. Nothing here says which copy is right.
"""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen

from tiaowen.dsl.source import Span

Side = Literal["a", "b"]
Kind = Literal["figures", "words", "usage", "punctuation"]
"""How two readings of a sentence differ: in a figure; in other words; only as the usage of Taiwan
and of the mainland do (檔案, 文件), which is what a converted copy looks like; only in marks."""


@frozen
class Unit:
    """A sentence of a copy, or a title.

    ``text`` is what stands there without the number it begins with; ``key`` are its words in
    the form copies are compared in, ``strict`` the same with its punctuation. ``number`` is
    the number before it as written, ``ordinal`` what that number counts. ``paragraph`` and
    ``start``, ``end`` say where in the copy's paragraphs it stands.
    """

    index: int
    text: str
    key: str
    strict: str
    number: str
    ordinal: tuple[tuple[str, int, int], ...]
    paragraph: int
    start: int
    end: int
    span: Span = field(eq=False, repr=False)


@frozen
class Paragraph:
    """A paragraph of a copy; ``hashes`` is the level of a Markdown heading, 0 for none."""

    text: str
    hashes: int


@frozen
class LeftOut:
    """What a reader left out as no words of the text: a page number, a mark of extraction."""

    text: str
    span: Span = field(eq=False, repr=False)


@frozen
class Copy:
    """One copy, from one file or from several in their order."""

    name: str
    units: tuple[Unit, ...]
    paragraphs: tuple[Paragraph, ...]
    left_out: tuple[LeftOut, ...]
    front: str = ""


@frozen
class Alone:
    """Sentences on end that only ``side`` has; ``after`` is what precedes them there."""

    side: Side
    units: tuple[Unit, ...]
    after: Unit | None


@frozen
class Mark:
    """The words ``a`` and ``b`` in the same place of a sentence; either may be ''."""

    a: str
    b: str
    a_at: int
    b_at: int


@frozen
class Differing:
    """One sentence as both copies have it; the marks are where its text differs."""

    a: Unit
    b: Unit
    marks: tuple[Mark, ...]
    kind: Kind


@frozen
class Renumbered:
    """One sentence with two different numbers before it."""

    a: Unit
    b: Unit


@frozen
class Repeated:
    """A sentence that ``side`` has more often than the other copy.

    ``extra`` are the occurrences beyond those that the other copy has too, ``kept`` the others;
    the other copy has it ``elsewhere`` times (0: it has no such sentence).
    """

    side: Side
    kept: tuple[Unit, ...]
    extra: tuple[Unit, ...]
    elsewhere: int


@frozen
class Moved:
    """Sentences on end in both copies that stand in another order among the rest.

    ``a_after`` and ``b_after`` are the nearest sentences before them whose order both copies
    share; they are never one sentence.
    """

    a: tuple[Unit, ...]
    b: tuple[Unit, ...]
    a_after: Unit | None
    b_after: Unit | None


@frozen
class Collation:
    """Two copies and all that sets them apart; ``same`` counts the sentences whose words agree."""

    a: Copy
    b: Copy
    pairs: tuple[tuple[int, int], ...]
    same: int
    alone: tuple[Alone, ...]
    differing: tuple[Differing, ...]
    renumbered: tuple[Renumbered, ...]
    repeated: tuple[Repeated, ...]
    moved: tuple[Moved, ...]

    @property
    def agrees(self) -> bool:
        """Whether both copies say the same, in the same order, as often."""
        return not (self.alone or self.differing or self.renumbered or self.repeated or self.moved)
