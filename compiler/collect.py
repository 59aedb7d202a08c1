"""Documents to scoped statements: which matters each rule governs and what it cites."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import Factory, define, frozen

from tiaowen.compiler.core import Rule
from tiaowen.dsl import tree as t
from tiaowen.dsl.article_path import ArticlePath, parse_reference
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.literate import Block, Document
from tiaowen.dsl.outline import Paragraph
from tiaowen.dsl.parser import parse_block

WORDS = 120
"""A citation quotes at most this many characters of a paragraph that has many sentences."""


@frozen
class Scope:
    """What a rule governs: matters by name, every matter, or every matter of interfaces."""

    matters: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        return not self.matters and not self.interfaces

    def governs(self, matter: str, interface: str) -> bool:
        if self.interfaces:
            return interface in self.interfaces
        return self.everything or matter in self.matters


EVERYTHING = Scope()


@frozen
class ScopedRule:
    """A statement with its scope and citation. ``order`` is its place in the text."""

    statement: t.RuleStatement
    scope: Scope
    rule: Rule
    path: ArticlePath
    order: int
    after: tuple[ArticlePath, ...] = ()
    paragraph: Paragraph | None = None


@frozen
class CaseBlock:
    """A worked case or a set of facts, parsed: ``matter`` is the one in force where it stands."""

    name: str
    kind: str
    matter: str | None
    lines: tuple[t.Line, ...]
    block: Block


@define
class Collected:
    """Everything the documents state, in the order of their text."""

    rules: list[ScopedRule] = Factory(list)
    cases: list[CaseBlock] = Factory(list)
    diagnostics: list[Diagnostic] = Factory(list)


@define
class _Walk:
    """The scopes open at a place of one document."""

    open: list[tuple[ArticlePath, Scope]] = Factory(list)

    def enter(self, path: ArticlePath) -> None:
        self.open = [(prefix, scope) for prefix, scope in self.open if prefix.covers(path)]

    def declare(self, path: ArticlePath, scope: Scope) -> None:
        prefix = _reach(path)
        self.open = [entry for entry in self.open if entry[0] != prefix] + [(prefix, scope)]

    def current(self) -> Scope:
        return self.open[-1][1] if self.open else EVERYTHING


def _reach(path: ArticlePath) -> ArticlePath:
    """How far a scope holds: the item where the block stands in one, else the article."""
    for index, part in enumerate(path.parts):
        if part.kind == "（一）":
            return ArticlePath(path.parts[: index + 1], path.context)
    return path.article if path.parts else path


def collect(documents: Iterable[Document]) -> Collected:
    """The statements of ``documents`` (vocabulary first, the policy last)."""
    collected = Collected()
    for document in documents:
        collected.diagnostics.extend(document.diagnostics)
        walk = _Walk()
        for block in document.blocks:
            walk.enter(block.path)
            if block.kind == "tiao":
                _collect_rules(block, document, walk, collected)
            else:
                _collect_case(block, walk, collected)
    return collected


def _collect_case(block: Block, walk: _Walk, collected: Collected) -> None:
    parsed = parse_block(block.span.source, block.span.start, block.span.end, "case_statement")
    collected.diagnostics.extend(parsed.diagnostics)
    matters = walk.current().matters
    matter = matters[0] if len(matters) == 1 else None
    for line in parsed.lines:
        if isinstance(line.statement, t.CaseMatter):
            matter = line.statement.name
    collected.cases.append(CaseBlock(block.name, block.kind, matter, parsed.lines, block))


def _collect_rules(block: Block, document: Document, walk: _Walk, collected: Collected) -> None:
    parsed = parse_block(block.span.source, block.span.start, block.span.end)
    collected.diagnostics.extend(parsed.diagnostics)
    for line in parsed.lines:
        statement = line.statement
        match statement:
            case t.MatterHead():
                walk.declare(block.path, Scope((statement.name,)))
            case t.Applies():
                walk.declare(block.path, _applied(statement, collected))
                continue
            case t.InterfaceHead():
                walk.declare(block.path, Scope(interfaces=(statement.name,)))
        assert isinstance(statement, t.RuleStatement)
        collected.rules.append(_scoped(statement, block, document, walk.current(), collected))


def _applied(statement: t.Applies, collected: Collected) -> Scope:
    """适用 names matters, or interfaces stated before it."""
    statements = [r.statement for r in collected.rules]
    interfaces = {s.name for s in statements if isinstance(s, t.InterfaceHead)}
    if statement.matters and interfaces.issuperset(statement.matters):
        return Scope(interfaces=statement.matters)
    return Scope(statement.matters)


def _scoped(statement: t.RuleStatement, block: Block, document: Document, scope: Scope,
            collected: Collected) -> ScopedRule:  # fmt: skip
    clauses: t.Clauses = getattr(statement, "clauses", t.NO_CLAUSES)
    order = len(collected.rules)
    text = statement.span.text.strip()
    paragraph = block.paragraph
    basis = _paths(clauses.basis, document, collected)
    rule = Rule(
        id=f"r{order}",
        text=text,
        article=str(block.path) if paragraph is not None else "",
        words=_words(paragraph, clauses, statement, collected),
        basis=tuple(str(path) for path in basis),
        source=str(statement.span),
        span=statement.span,
    )
    after = _paths(clauses.after, document, collected)
    return ScopedRule(statement, scope, rule, block.path, order, after, paragraph)


def _words(paragraph: Paragraph | None, clauses: t.Clauses, statement: t.RuleStatement,
           collected: Collected) -> str:  # fmt: skip
    """The sentence a rule names, else its paragraph."""
    if paragraph is None:
        return ""
    if clauses.sentence is not None:
        if clauses.sentence > len(paragraph.sentences):
            collected.diagnostics.append(
                diagnose(
                    "TW0131",
                    statement.span,
                    article=str(paragraph.path),
                    number=clauses.sentence,
                    count=len(paragraph.sentences),
                )
            )
            return paragraph.text
        return paragraph.sentences[clauses.sentence - 1].text
    return paragraph.text


def _paths(references: tuple[t.Reference, ...], document: Document,
           collected: Collected) -> tuple[ArticlePath, ...]:  # fmt: skip
    found: list[ArticlePath] = []
    known = [p.path for p in document.paragraphs]
    for reference in references:
        path = parse_reference(reference.text)
        if path is not None and (not known or any(path.covers(k) for k in known)):
            found.append(path)
        else:
            collected.diagnostics.append(
                diagnose(
                    "TW0130",
                    reference.span,
                    reference=reference.text,
                    nearest=_nearest(reference.text, [str(k) for k in known]),
                )
            )
    return tuple(found)


def _nearest(text: str, known: list[str]) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(text, known, 1, 0.3)), "")
