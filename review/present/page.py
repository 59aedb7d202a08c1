"""A page of headings, prose, lists and tables, laid out for a terminal, as Markdown or as HTML.

Views that are no decision say what they show in these few records; how it looks is settled here,
once. Nothing of a page is read as markup: whatever comes from a policy or a claim is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from attrs import frozen

from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.render.cells import cells, pad
from tiaowen.review.present.layout import Run, painted, wrap
from tiaowen.review.present.markdown import escaped
from tiaowen.review.present.templating import filled

NARROWEST = 40


@frozen
class Heading:
    """``level`` 1 is a section, 2 stands below it."""

    text: str
    level: int = 1


@frozen
class Prose:
    """A paragraph; ``article`` is the place in the regulation that it rests on."""

    text: str
    article: str = ""
    strong: bool = False


@frozen
class Point:
    """A line of a list: what, the article it rests on, and the points below it."""

    text: str
    article: str = ""
    below: tuple[Point, ...] = ()


@frozen
class Points:
    points: tuple[Point, ...]


@frozen
class Table:
    """``numeric`` are the columns set at the right edge, ``marked`` the rows that matter most."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()


Block: TypeAlias = Heading | Prose | Points | Table


@frozen
class Page:
    title: str
    blocks: tuple[Block, ...]


# --- text


def page_text(page: Page, color: bool, width: int) -> str:
    """``page`` in ``width`` terminal cells, ending in a line break."""
    layout = _Text(max(width, NARROWEST), color)
    lines = [*layout.flow([(page.title, "title")]), ""]
    for block in page.blocks:
        lines += layout.block(block)
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


@frozen
class _Text:
    width: int
    color: bool

    def flow(self, runs: Sequence[Run], first: str = "", later: str = "") -> Iterator[str]:
        wrapped = wrap(runs, self.width - cells(first), self.width - cells(later))
        for number, line in enumerate(wrapped):
            yield painted([(later if number else first, ""), *line], self.color)

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield from self.flow([(block.text, "title" if block.level == 1 else "strong")])
            case Prose():
                yield from self.flow(_cited(block.text, block.article, block.strong))
                yield ""
            case Points():
                for item in block.points:
                    yield from self.point(item, 0)
                yield ""
            case Table():
                yield from self.table(block)
                yield ""

    def point(self, point: Point, depth: int) -> Iterator[str]:
        lead = "  " * depth
        yield from self.flow(_cited(point.text, point.article), f"{lead}· ", f"{lead}  ")
        for below in point.below:
            yield from self.point(below, depth + 1)

    def table(self, table: Table) -> Iterator[str]:
        """Columns side by side where they fit, else each row as a short list."""
        every = (table.head, *table.rows)
        widths = [max(cells(row[n]) for row in every) for n in range(len(table.head))]
        if sum(widths) + 2 * len(widths) > self.width:
            yield from self.stacked(table)
            return
        for number, row in enumerate(every):
            set_out = [
                " " * (wide - cells(text)) + text if n in table.numeric else pad(text, wide)
                for n, (text, wide) in enumerate(zip(row, widths, strict=True))
            ]
            style = "strong" if number - 1 in table.marked else "" if number else "dim"
            yield painted([("  " + "  ".join(set_out), style)], self.color)

    def stacked(self, table: Table) -> Iterator[str]:
        for row in table.rows:
            parts: list[Run] = []
            for name, text in zip(table.head, row, strict=True):
                if text:
                    parts += [("  " if parts else "", ""), (f"{name} " if name else "", "dim"),
                              (text, "")]  # fmt: skip
            yield from self.flow(parts, "· ", "  ")


def _cited(text: str, article: str, strong: bool = False) -> list[Run]:
    runs: list[Run] = [(text, "strong" if strong else "")]
    return [*runs, (f" 〔{article}〕", "article")] if article else runs


# --- Markdown


def page_markdown(page: Page, top: int = 1) -> str:
    """``page`` as GitHub-flavoured Markdown, its title a heading of level ``top``; 0 leaves the
    title out."""
    lines = [f"{'#' * top} {escaped(page.title)}", ""] if top else []
    for block in page.blocks:
        lines += _markdown(block, top)
    return "\n".join(lines).rstrip("\n") + "\n"


def _markdown(block: Block, top: int) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * (top + block.level)} {escaped(block.text)}"
        case Prose():
            text = escaped(block.text)
            yield (f"**{text}**" if block.strong else text) + _markdown_cited(block.article)
        case Points():
            for item in block.points:
                yield from _markdown_point(item, 0)
        case Table():
            yield _row(block.head)
            yield _row("---:" if n in block.numeric else "---" for n in range(len(block.head)))
            yield from (_row(map(escaped, row)) for row in block.rows)
    yield ""


def _row(row: Sequence[str] | Iterator[str] | map[str]) -> str:
    return f"| {' | '.join(row)} |"


def _markdown_point(point: Point, depth: int) -> Iterator[str]:
    yield f"{'    ' * depth}- {escaped(point.text)}{_markdown_cited(point.article)}"
    for below in point.below:
        yield from _markdown_point(below, depth + 1)


def _markdown_cited(article: str) -> str:
    return f" 〔{escaped(article)}〕" if article else ""


# --- HTML


def page_html(page: Page, lang: Lang) -> str:
    """``page`` as a complete HTML document: nothing is fetched, it prints as it stands."""
    kinds = [(type(block).__name__, block) for block in page.blocks]
    return filled("page", ("decision",), page=page, blocks=kinds, lang=lang)
