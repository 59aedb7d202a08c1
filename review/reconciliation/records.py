"""What a reconciliation finds: closed records, put into words elsewhere.

A cause is one thing that would have to be wrong; a hypothesis is one cause or two together
under which the policy gives the charged figures to the 分. Causes that lead to the very same
statement cannot be told apart by figures and stand together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from attrs import Factory, field, frozen

from tiaowen.compiler.core import Output, Program, Rule, Value
from tiaowen.compiler.types import Type
from tiaowen.engine.decision import Decision
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.history.earlier import HistoryItem
from tiaowen.engine.telling.explanation import Explanation
from tiaowen.review.alternatives.model import Change
from tiaowen.review.reconciliation.switches import Option, Site

# --- the charged settlement


@frozen
class Figure:
    """A line of the statement as charged: ``value`` None where the sheet leaves it open."""

    name: str
    code: str
    type: Type
    value: Value


@frozen
class Charged:
    """A charged settlement: ``figures`` of the statement in its order, then quantities on the
    way to them; ``beside`` are figures of the national interface that the statement lacks, by
    code; ``facts`` are fields of the claim that the sheet repeats."""

    figures: tuple[Figure, ...]
    beside: Mapping[str, Value] = Factory(dict)
    facts: Mapping[str, Value] = Factory(dict)

    def value(self, name: str) -> Value | None:
        """What was charged for ``name``."""
        return next((f.value for f in self.figures if f.name == name), None)


@frozen
class Discord:
    """Figures of the sheet that contradict each other: ``text`` is the rule they break, ``left``
    what it says of ``name``, None where the rule only says that something holds."""

    text: str
    english: str
    name: str
    given: tuple[tuple[str, Value], ...]
    expected: Value | None = None
    found: Value | None = None


# --- what could be wrong


@frozen
class StatedFact:
    """The sheet repeats a fact of the claim otherwise."""

    change: Change


@frozen
class WrongFact:
    """A fact, or an event of several, was otherwise."""

    change: Change


@frozen
class OtherReading:
    reading: str
    choice: str
    instead: str


@frozen
class MissedItem:
    """An earlier item of the person that was not looked at."""

    index: int
    item: HistoryItem


@frozen
class AddedItem:
    """An earlier item that the history does not have."""

    item: HistoryItem


@frozen
class OtherFigure:
    """Another figure of open parameters: ``source`` says of which document; ``row`` is the row
    that was read instead, () where it is not a matter of rows."""

    values: Mapping[str, ParameterValue] = field(hash=False)
    source: str
    row: tuple[str, ...] = ()
    shown: tuple[tuple[str, Value | None, Value | None], ...] = ()
    """(parameter, its value as given, its value then); None where it is a table."""


@frozen
class OtherVersion:
    """The policy as it stood in another version."""

    label: str
    program: Program = field(eq=False)


@frozen
class WrongRow:
    """A row of a table, a band or one of several definitions taken instead of the right one."""

    site: Site = field(eq=False)
    option: Option
    name: str = ""


@frozen
class SkippedRule:
    """An amendment or a ground of exclusion that was passed over."""

    site: Site = field(eq=False)
    name: str = ""


Cause: TypeAlias = (
    StatedFact | WrongFact | OtherReading | MissedItem | AddedItem | OtherFigure | OtherVersion
    | WrongRow | SkippedRule
)  # fmt: skip


# --- what was found


@frozen
class Row:
    """A line of the statement under the policy and as charged. ``article`` is the article its
    last step rests on; ``agrees`` None where nothing was charged for it or it was not decided."""

    name: str
    code: str
    english: str
    type: Type
    policy: Value | None
    charged: Value | None
    agrees: bool | None
    article: str = ""


@frozen
class Step:
    """The first step of the calculation that a hypothesis changes."""

    quantity: str
    type: str
    before: Value | None
    after: Value | None
    rule: Rule | None
    index: int | None = None


@frozen
class Hypothesis:
    """One cause or two together: any of each slot gives the charged figures with any of the
    other, and one of each is the simplest, which stands first. ``step`` is the first that the
    simplest change."""

    slots: tuple[tuple[Cause, ...], ...]
    step: Step | None

    @property
    def simplest(self) -> tuple[Cause, ...]:
        return tuple(slot[0] for slot in self.slots)


@frozen
class Group:
    """Hypotheses that lead to one statement, simplest first, and that statement: no figure can
    tell them apart."""

    members: tuple[Hypothesis, ...]
    values: Mapping[str, Value | None]


@frozen
class Near:
    """A hypothesis that does not reproduce the charged figures: what is left between them."""

    hypothesis: Hypothesis
    left: tuple[tuple[Output | Figure, Value | None, Value | None], ...]
    """(line, under the hypothesis, charged)"""


@frozen
class Effort:
    """How far the search went. ``unsearched`` are words of ``search.py`` for what was left out."""

    decisions: int
    singles: int
    pairs: int
    unsearched: tuple[str, ...] = ()


@frozen(eq=False)
class Reconciliation:
    """All that was found. ``groups`` are in order of simplicity; ``nearest`` is given only where
    no hypothesis reproduces the charged figures."""

    program: Program
    matter: str
    items: tuple[HistoryItem, ...]
    charged: Charged
    discords: tuple[Discord, ...]
    left_out: tuple[str, ...]
    """Charged lines that the search did not try to reproduce, as they contradict the others."""
    rows: tuple[Row, ...]
    decision: Decision
    explanation: Explanation
    stated: tuple[StatedFact, ...]
    groups: tuple[Group, ...]
    nearest: Near | None
    effort: Effort

    @property
    def agrees(self) -> bool:
        """Whether every charged figure is the policy's and none contradicts another."""
        return not self.discords and all(row.agrees is not False for row in self.rows)

    @property
    def first(self) -> Row | None:
        """The first line that differs, in statement order."""
        return next((row for row in self.rows if row.agrees is False), None)
