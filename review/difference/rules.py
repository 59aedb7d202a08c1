"""The rules of two policies, one against the other: added, removed, changed, moved.

Rules are compared by what they say, not by how they are written: another name throughout,
another order of rules that do not act on each other, another way to write the same condition
are no change. A rule that says the same in another article has moved. Of the rest, those that
decide the same thing and are most alike are one rule, changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from attrs import define, field

from tiaowen.compiler import core as c
from tiaowen.review.collation.differing import marked
from tiaowen.review.collation.model import Mark
from tiaowen.review.difference.alignment import Alignment
from tiaowen.review.difference.order import Pair, reordered
from tiaowen.review.difference.renaming import Name, name_of
from tiaowen.review.difference.rule_records import (
    CHANGE_KINDS,
    ChangeKind,
    Passage,
    RuleChange,
    RuleKind,
    Rules,
)
from tiaowen.review.difference.statements import Statement

ALIKE = 0.6
"""Two rules about one thing in different articles are one rule changed, and two texts are one
reworded, where so much of them agrees."""

Scored = tuple[float, Statement, Statement]
_PARAGRAPH = re.compile(r"第[^第]*[段款]$")


def compared_rules(alignment: Alignment) -> Rules:
    """What became of the rules of A in B."""
    names = alignment.names
    matching = _Matching(alignment.statements(0), alignment.statements(1), names)
    matching.run()
    changes = [*matching.changes(), *_renamings(names)]
    moved = reordered(matching.same, alignment.programs)
    changes += [_change("reordered", a, b) for a, b in moved]
    changes.sort(key=lambda change: CHANGE_KINDS.index(change.kind))
    return Rules(tuple(changes), len(matching.same))


def _renamings(names: Mapping[Name, str]) -> Iterator[RuleChange]:
    kinds: dict[str, RuleKind] = {
        "quantity": "definition", "table": "table", "parameter": "parameter", "reading": "reading",
    }  # fmt: skip
    for (kind, _, theirs), mine in names.items():
        yield RuleChange("renamed", kinds[kind], mine, (), None, None, theirs)


# --- matching


@define
class _Matching:
    """Pairs the statements of both sides, the surest pairs first."""

    first: Sequence[Statement]
    second: Sequence[Statement]
    names: Mapping[Name, str]
    same: list[Pair] = field(factory=list)
    changed: list[Pair] = field(factory=list)
    removed: list[Statement] = field(factory=list)
    added: list[Statement] = field(factory=list)

    def run(self) -> None:
        """Those that say the same: in the same article, then wherever; then the most alike."""
        left, right = list(self.first), list(self.second)
        for key in (_here, _anywhere):
            self.same += _taken(left, right, key)
        scored = sorted(self._scores(left, right), key=lambda s: -s[0])
        for _, mine, theirs in scored:
            if any(s is mine for s in left) and any(s is theirs for s in right):
                left[:] = [s for s in left if s is not mine]
                right[:] = [s for s in right if s is not theirs]
                self.changed.append((mine, theirs))
        self.removed, self.added = left, right
        order = {id(statement): at for at, statement in enumerate(self.first)}
        for pairs in (self.same, self.changed):
            pairs.sort(key=lambda pair: order[id(pair[0])])

    def _scores(self, left: Iterable[Statement],
                right: Sequence[Statement]) -> Iterator[Scored]:  # fmt: skip
        """How alike two rules about the same thing are, where they are alike enough."""
        for mine in left:
            rivals = [s for s in right if self._about_the_same(mine, s)]
            alone = len(rivals) == 1 and mine.kind == "definition"
            for theirs in rivals:
                alike = _alike(mine, theirs)
                here = _article(mine.rule) == _article(theirs.rule)
                if alike >= ALIKE or here or alone:
                    yield alike + here, mine, theirs

    def _about_the_same(self, mine: Statement, theirs: Statement) -> bool:
        if (mine.kind, mine.level) != (theirs.kind, theirs.level):
            return False
        if mine.matters and theirs.matters and not set(mine.matters) & set(theirs.matters):
            return False
        if mine.kind in ("exclusion", "duty"):
            return mine.quantity == theirs.quantity or _alike(mine, theirs) >= ALIKE
        name = name_of(theirs)
        called = self.names.get(name, theirs.quantity) if name is not None else theirs.quantity
        return mine.quantity == called

    def changes(self) -> Iterator[RuleChange]:
        """What is not the same in both, in the order of the text."""
        for mine, theirs in self.same:
            kind = _without_effect(mine, theirs)
            if kind is not None:
                yield _change(kind, mine, theirs)
        yield from (_change("changed", mine, theirs) for mine, theirs in self.changed)
        yield from (_change("removed", mine, None) for mine in self.removed)
        yield from (_change("added", None, theirs) for theirs in self.added)


def _here(statement: Statement) -> object:
    return (statement.form, _article(statement.rule))


def _anywhere(statement: Statement) -> object:
    return statement.form


def _taken(left: list[Statement], right: list[Statement],
           key: Callable[[Statement], object]) -> Iterator[Pair]:  # fmt: skip
    """Pairs of one key, taken out of both lists; the same words first."""
    waiting: dict[object, list[Statement]] = {}
    for theirs in right:
        waiting.setdefault(key(theirs), []).append(theirs)
    for mine in list(left):
        rivals = waiting.get(key(mine))
        if rivals:
            theirs = next((s for s in rivals if s.rule.words == mine.rule.words), rivals[0])
            rivals.remove(theirs)
            left[:] = [s for s in left if s is not mine]
            right[:] = [s for s in right if s is not theirs]
            yield mine, theirs


def _alike(mine: Statement, theirs: Statement) -> float:
    """How much of the rules as written agrees, from 0 to 1."""
    return SequenceMatcher(None, mine.rule.text, theirs.rule.text, autojunk=False).ratio()


def _article(rule: c.Rule) -> str:
    """The place a rule is cited by, down to its item: paragraphs are not renumbered by law when
    another is put before them."""
    return _PARAGRAPH.sub("", rule.article)


def _without_effect(mine: Statement, theirs: Statement) -> ChangeKind | None:
    if _article(mine.rule) != _article(theirs.rule):
        return "moved"
    if _plain(mine.rule.words) != _plain(theirs.rule.words):
        return "reworded"
    return None


def _plain(words: str) -> str:
    return "".join(words.split())


def _change(kind: ChangeKind, mine: Statement | None, theirs: Statement | None) -> RuleChange:
    shown = mine or theirs
    assert shown is not None
    other = theirs.quantity if theirs is not None and mine is not None else ""
    return RuleChange(
        kind, shown.kind, shown.quantity, shown.matters, _passage(mine), _passage(theirs),
        other if other != shown.quantity else "",
        _marks(mine, theirs) if kind in ("changed", "reworded") else (),
    )  # fmt: skip


def _marks(mine: Statement | None, theirs: Statement | None) -> tuple[Mark, ...]:
    """Where the words of both differ; () where one is not the other reworded."""
    if mine is None or theirs is None:
        return ()
    a, b = mine.rule.words, theirs.rule.words
    alike = SequenceMatcher(None, a, b, autojunk=False).ratio()
    return marked(a, b) if alike >= ALIKE else ()


def _passage(statement: Statement | None) -> Passage | None:
    if statement is None:
        return None
    rule = statement.rule
    return Passage(rule.article, rule.text, rule.words, rule.source)
