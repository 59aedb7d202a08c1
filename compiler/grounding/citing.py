"""The text a rule cites: the paragraph it stands under, and the articles it names after 依据."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field

from tiaowen.compiler.collect import ScopedRule
from tiaowen.dsl import tree as t
from tiaowen.dsl.article_path import parse_reference
from tiaowen.dsl.literate import Document
from tiaowen.dsl.outline import Paragraph


def clauses_of(rule: ScopedRule) -> t.Clauses:
    """The clauses of a rule's statement, which not every statement takes."""
    clauses: t.Clauses = getattr(rule.statement, "clauses", t.NO_CLAUSES)
    return clauses


def rules_of_the_text(rules: Iterable[ScopedRule]) -> tuple[ScopedRule, ...]:
    """The rules that cite an article: not the vocabulary's, and not an interface's.

    What follows 接口 is the national order of settlement wherever it stands; 适用 with an
    interface's name opens a scope of its own, which is the text's.
    """
    kept = tuple(rules)
    interfaces = {id(r.scope) for r in kept if isinstance(r.statement, t.InterfaceHead)}
    return tuple(
        rule for rule in kept
        if (rule.paragraph is not None or rule.path.parts) and id(rule.scope) not in interfaces
    )  # fmt: skip


@define
class Citations:
    """Finds what rules cite in ``documents``, the ones that have a text."""

    documents: tuple[Document, ...]
    _owners: dict[int, Document] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        for document in self.documents:
            for paragraph in document.paragraphs:
                self._owners[id(paragraph)] = document

    def own(self, rule: ScopedRule) -> tuple[Paragraph, ...]:
        """The paragraph the rule stands under; the whole table where it stands under one."""
        paragraph, owner = rule.paragraph, self._owners.get(id(rule.paragraph))
        if paragraph is None or owner is None:
            return tuple(p for d in self.documents for p in d.find(rule.path))
        return owner.find(rule.path) if paragraph.row is not None else (paragraph,)

    def basis(self, rule: ScopedRule) -> tuple[tuple[Paragraph, ...], ...]:
        """For each article after 依据 every paragraph at or inside it, of the rule's own text."""
        owner = self._owners.get(id(rule.paragraph))
        holders: Iterable[Document] = (owner,) if owner else self.documents
        paths = [parse_reference(reference.text) for reference in clauses_of(rule).basis]
        return tuple(tuple(p for d in holders for p in d.find(path)) for path in paths if path)

    def all(self, rule: ScopedRule) -> tuple[Paragraph, ...]:
        """``own`` and ``basis``, each paragraph once."""
        found = {id(p): p for group in (self.own(rule), *self.basis(rule)) for p in group}
        return tuple(found.values())
