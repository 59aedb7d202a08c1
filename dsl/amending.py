"""A later file changes an earlier one as law does: 修改, 删去 and 增加, paragraph by paragraph.

The result is a document like any other. Its paragraphs and blocks keep the spans of the file
they came from, so an explanation quotes the text in force and says where it stands. The
order in which a regulation counts its 款 is not recounted: what was not amended keeps the
path it is cited by.
"""

from __future__ import annotations

from typing import NamedTuple

from attrs import evolve

from tiaowen.dsl.article_path import DEPTH, ArticlePath, PathPart
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.frontmatter import FrontMatter
from tiaowen.dsl.literate import Block, Document
from tiaowen.dsl.outline import Amendment, Paragraph


class _Entry(NamedTuple):
    """A paragraph or a block, in the order of the text."""

    path: ArticlePath
    paragraph: Paragraph | None
    block: Block | None

    @property
    def start(self) -> int:
        found = self.paragraph or self.block
        assert found is not None
        return found.span.start


def amended(base: Document, change: Document) -> Document:
    """``base`` as ``change`` amends it, with the diagnostics of both and of the amending.

    修改 replaces a place and all it covers, rules included; 删去 removes it; 增加 inserts at its
    anchor, else by the order of the numbers. What ``change`` says before its first order (its
    cases, definitions of its own) follows at the end. The front matter is that of ``change``,
    with region, kinds of insurance and vocabulary from ``base`` where it is silent.
    """
    entries = _entries(base)
    incoming = _entries(change)
    problems: list[Diagnostic] = []
    for order in change.amendments:
        scope = order.scope
        text = [e for e in incoming if scope.start <= e.start < scope.end]
        entries = _apply(entries, order, text, problems)
    ordered = {id(e) for e in incoming for o in change.amendments
               if o.scope.start <= e.start < o.scope.end}  # fmt: skip
    entries += [e for e in incoming if id(e) not in ordered and e.block is not None]
    return Document(
        source=change.source,
        front=_front(base.front, change.front),
        paragraphs=tuple(e.paragraph for e in entries if e.paragraph is not None),
        blocks=tuple(e.block for e in entries if e.block is not None),
        diagnostics=(*base.diagnostics, *change.diagnostics, *problems),
    )


def _front(base: FrontMatter | None, change: FrontMatter | None) -> FrontMatter | None:
    if base is None or change is None:
        return change or base
    return evolve(
        change,
        title=change.title or base.title,
        region=change.region or base.region,
        insurance=change.insurance or base.insurance,
        issuer=change.issuer or base.issuer,
        uses=change.uses or base.uses,
    )


def _entries(document: Document) -> list[_Entry]:
    """Paragraphs and blocks merged; a block follows the paragraph it stands under.

    A document already amended has spans of several files, so the merge goes by the two
    orders and by identity, not by offsets.
    """
    under: dict[int, list[Block]] = {}
    for block in document.blocks:
        under.setdefault(id(block.paragraph) if block.paragraph else 0, []).append(block)
    loose = [_Entry(block.path, None, block) for block in under.get(0, [])]
    merged: list[_Entry] = []
    for paragraph in document.paragraphs:
        merged.append(_Entry(paragraph.path, paragraph, None))
        merged.extend(_Entry(b.path, None, b) for b in under.get(id(paragraph), []))
    for entry in reversed(loose):
        merged.insert(_after(merged, entry.path) if entry.path.parts else 0, entry)
    return merged


def _after(entries: list[_Entry], path: ArticlePath) -> int:
    """The index just behind everything at ``path``; the end where there is nothing."""
    inside = [at for at, entry in enumerate(entries) if path.covers(entry.path)]
    return inside[-1] + 1 if inside else len(entries)


def _apply(entries: list[_Entry], order: Amendment, text: list[_Entry],
           problems: list[Diagnostic]) -> list[_Entry]:  # fmt: skip
    found = [at for at, entry in enumerate(entries) if order.target.covers(entry.path)]
    if order.verb == "增加":
        if found:
            problems.append(diagnose("TW0133", order.span, path=str(order.target)))
            return entries
        where = _where(entries, order, problems)
        return entries if where is None else [*entries[:where], *text, *entries[where:]]
    if not found:
        problems.append(_unknown(entries, order.target, order))
        return entries
    first = found[0]
    gone = set(found)
    kept = [entry for at, entry in enumerate(entries) if at not in gone]
    if order.verb == "删去":
        return kept
    return [*kept[:first], *_number_line(entries[first], text), *text, *kept[first:]]


def _number_line(first: _Entry, text: list[_Entry]) -> list[_Entry]:
    """The bare heading of what is replaced (### 第十六条), where the new text has none."""
    heading = first.paragraph
    if heading is None or not heading.heading or heading.sentences:
        return []
    own = text[0].paragraph if text else None
    return [] if own is not None and own.heading and own.path == first.path else [first]


def _where(entries: list[_Entry], order: Amendment, problems: list[Diagnostic]) -> int | None:
    """The index at which 增加 inserts, or ``None`` where the text has no such place."""
    if order.anchor is not None:
        inside = [at for at, entry in enumerate(entries) if order.anchor.covers(entry.path)]
        if not inside:
            problems.append(_unknown(entries, order.anchor, order))
            return None
        return inside[0] if order.before else inside[-1] + 1
    parent, part = order.target.parent, order.target.parts[-1]
    inside = [at for at, entry in enumerate(entries) if parent.covers(entry.path)]
    if not inside:
        problems.append(_unknown(entries, parent, order))
        return None
    depth = len(parent.parts)
    where = inside[-1] + 1
    for at in inside:
        steps = entries[at].path.parts
        if len(steps) > depth and _later(steps[depth], part):
            return _with_heading(entries, at)
    if part.kind in ("条", "一"):
        numbered = [at for at in inside if entries[at].path.parts[:1]
                    and entries[at].path.parts[0].kind == part.kind]  # fmt: skip
        where = numbered[-1] + 1 if numbered else where
    return where


def _later(step: PathPart, part: PathPart) -> bool:
    return step.kind == part.kind and (step.number, step.suffix) > (part.number, part.suffix)


def _with_heading(entries: list[_Entry], at: int) -> int:
    """Before a chapter's heading, where the article at ``at`` is the chapter's first."""
    while (
        at
        and entries[at - 1].path.parts
        and (DEPTH[entries[at - 1].path.parts[-1].kind] < DEPTH["条"])
    ):
        at -= 1
    return at


def _unknown(entries: list[_Entry], path: ArticlePath, order: Amendment) -> Diagnostic:
    from difflib import get_close_matches

    known = dict.fromkeys(str(e.path) for e in entries if e.paragraph and e.path.parts)
    near = get_close_matches(str(path), known, n=1, cutoff=0.3)
    return diagnose("TW0130", order.span, reference=str(path), nearest=near[0] if near else "")
