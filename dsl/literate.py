"""Policies as literate programs: the regulation's text, with rules between its paragraphs.

A rule cites the paragraph it stands under, so nobody types a citation that can go stale. The
reader sees fences, tables and headings where any Markdown host sees them and keeps every
offset, so that what is parsed from a block is found in the file.
"""

from __future__ import annotations

from bisect import bisect_right
from difflib import get_close_matches
from functools import cached_property
from typing import Literal

from attrs import field, frozen

from tiaowen.dsl.article_path import ArticlePath
from tiaowen.dsl.diagnostics import Diagnostic, Fix, diagnose
from tiaowen.dsl.frontmatter import FrontMatter, read_front_matter
from tiaowen.dsl.markdown import Fence, read_chunks
from tiaowen.dsl.outline import Amendment, Paragraph, outline_chunks
from tiaowen.dsl.source import Source, Span

BlockKind = Literal["tiao", "案例", "样例", "性质"]

KINDS: dict[str, BlockKind] = {
    "tiao": "tiao", "案例": "案例", "case": "案例", "样例": "样例", "樣例": "样例",
    "example": "样例", "性质": "性质", "性質": "性质", "property": "性质",
}  # fmt: skip
"""The first word of a fence's info string, in every spelling."""

_BYTE_ORDER_MARK = "\ufeff"


@frozen
class Block:
    """A fenced block. ``span`` is the content alone and ``text`` exactly the text at it.

    ``paragraph`` is the paragraph or table row it stands under, ``path`` what it cites: that
    paragraph's path, but the whole table where it stands under one.
    """

    kind: BlockKind
    name: str
    span: Span = field(eq=False, repr=False)
    text: str = field(repr=False)
    paragraph: Paragraph | None
    path: ArticlePath


@frozen(slots=False)
class Document:
    """One file read: a policy, an amending file, or the rules of a ``.tiao`` file.

    After ``amended`` paragraphs and blocks come from several files: their spans say which.
    """

    source: Source
    front: FrontMatter | None
    paragraphs: tuple[Paragraph, ...]
    blocks: tuple[Block, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    amendments: tuple[Amendment, ...] = ()

    def find(self, path: ArticlePath) -> tuple[Paragraph, ...]:
        """Every paragraph at ``path`` or inside it, in the order of the text."""
        return tuple(p for p in self.paragraphs if path.covers(p.path))

    def nearest(self, reference: str) -> str:
        """The path in this text most like ``reference``, or the empty string."""
        return next(iter(get_close_matches(reference, self._printed, n=1, cutoff=0.3)), "")

    @cached_property
    def _printed(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(p.path) for p in self.paragraphs if p.path.parts))


def read_document(source: Source) -> Document:
    """Read ``source``: linear in its length, and every problem a diagnostic.

    A byte order mark is dropped, so that columns are what an editor shows. A name that ends
    in ``.tiao`` is one block of rules.
    """
    if source.text.startswith(_BYTE_ORDER_MARK):
        source = Source(source.name, source.text[1:])
    head = read_front_matter(source)
    if source.name.lower().endswith(".tiao"):
        span = Span(source, head.end, len(source.text))
        block = Block("tiao", "", span, span.text, None, ArticlePath())
        return Document(source, head.front, (), (block,), head.diagnostics)
    chunks = read_chunks(source, head.end)
    outlined = outline_chunks(source, chunks)
    paragraphs = outlined.paragraphs
    starts = [paragraph.span.start for paragraph in paragraphs]
    orders = [(order.scope.start, order) for order in outlined.amendments]
    blocks: list[Block] = []
    problems: list[Diagnostic] = []
    for fence in chunks:
        if not isinstance(fence, Fence) or fence.quoted:
            continue
        problems.extend(_fence_problems(fence))
        word, _, name = fence.info.partition(" ")
        kind = KINDS.get(word.lower())
        if kind is None:
            continue
        at = bisect_right(starts, fence.span.start) - 1
        order = _order_at(orders, fence.span.start)
        paragraph = paragraphs[at] if at >= 0 else None
        if order is not None and (paragraph is None or paragraph.span.start < order.scope.start):
            paragraph, path = None, order.target
        else:
            path = _cited(paragraph)
        span = fence.span
        blocks.append(Block(kind, name.strip(), span, span.text, paragraph, path))
    diagnostics = (*head.diagnostics, *outlined.diagnostics, *problems)
    return Document(source, head.front, paragraphs, tuple(blocks), diagnostics,
                    outlined.amendments)  # fmt: skip


def _order_at(orders: list[tuple[int, Amendment]], offset: int) -> Amendment | None:
    at = bisect_right(orders, offset, key=lambda item: item[0]) - 1
    return orders[at][1] if at >= 0 and offset <= orders[at][1].scope.end else None


def _cited(paragraph: Paragraph | None) -> ArticlePath:
    if paragraph is None:
        return ArticlePath()
    path = paragraph.path
    return path.parent if path.parts and path.parts[-1].kind == "行" else path


def _fence_problems(fence: Fence) -> list[Diagnostic]:
    """An unclosed fence, and a first word that is nearly a kind of block."""
    found: list[Diagnostic] = []
    if not fence.closed:
        found.append(diagnose("TW0111", fence.opening, fence=fence.opening.text))
    word = fence.info.partition(" ")[0]
    if word and word.lower() not in KINDS:
        near = next((kind for kind in KINDS if _one_slip(word.lower(), kind)), None)
        if near is not None:
            found_at = fence.opening.text.find(word)  # markdown may have replaced a character
            start = fence.opening.start + max(found_at, 0)
            at = Span(fence.opening.source, start, min(start + len(word), fence.opening.end))
            found.append(diagnose("TW0104", at, word=word, nearest=near, fix=Fix(at, near)))
    return found


def _one_slip(written: str, meant: str) -> bool:
    """Whether one character put in, left out, replaced, or two swapped turn one into the other."""
    if abs(len(written) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(written), len(meant)) and written[start] == meant[start]:
        start += 1
    rest, other = written[start:], meant[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or swapped == other
