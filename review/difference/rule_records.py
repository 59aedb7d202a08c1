"""What a comparison finds of two policies' rules: frozen records."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from tiaowen.review.collation.model import Mark

ChangeKind: TypeAlias = Literal[
    "added", "removed", "changed", "reordered", "moved", "reworded", "renamed"
]
CHANGE_KINDS: tuple[ChangeKind, ...] = (
    "changed", "reordered", "added", "removed", "moved", "reworded", "renamed",
)  # fmt: skip
"""'reordered': an amendment that now comes before or after another with which it cannot be
exchanged. The last three decide no claim otherwise. 'moved': the same rule in another article;
'reworded': under a text of other words; 'renamed': for a quantity of another name."""

RuleKind: TypeAlias = Literal[
    "definition", "amendment", "exclusion", "duty", "property", "matter", "settled", "parts",
    "parameter", "reading", "table",
]  # fmt: skip
"""What a rule is: how a quantity is defined, what amends it, a ground of exclusion, a duty, what
must always hold, which claims a matter is for, a matter settled as another, how a stay falls
into parts, an open parameter, a reading, a table of one amount."""


@frozen
class Passage:
    """A rule as it stands in one policy: where, as written, the words it rests on, and its file
    with the line."""

    article: str
    rule: str
    words: str
    source: str = ""


@frozen
class RuleChange:
    """What became of one rule. ``quantity`` is what it decides, or the words it goes by (a ground
    of exclusion, a duty), as A calls it; ``renamed`` is what B calls it where that is another
    name. ``matters`` are where, () for the whole policy.

    ``marks`` say where the words of both differ, if one is the other reworded.

    'added' has no ``before``, 'removed' no ``after``; 'renamed' has neither and is told once for
    every quantity, not for every rule.
    """

    kind: ChangeKind
    rule: RuleKind
    quantity: str
    matters: tuple[str, ...]
    before: Passage | None
    after: Passage | None
    renamed: str = ""
    marks: tuple[Mark, ...] = ()


@frozen
class Rules:
    """``kept`` counts the rules that say the same in both."""

    changes: tuple[RuleChange, ...]
    kept: int

    def of(self, kind: ChangeKind) -> tuple[RuleChange, ...]:
        return tuple(change for change in self.changes if change.kind == kind)

    @property
    def same(self) -> bool:
        """Whether every claim is decided by the same rules."""
        return all(change.kind in ("moved", "reworded", "renamed") for change in self.changes)
