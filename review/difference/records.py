"""What a comparison of two policies finds: a closed set of frozen records.

Everything else of this folder makes these and nothing else; pages, text and JSON are renderings
of them (``review/present/difference*.py``). Values stay expressions of the policy they come
from, so that a renderer can write them in either language. ``first`` is policy A, ``second`` B,
throughout; of a base and its amendment the base is the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import field, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.types import Type
from tiaowen.engine.frames import ParameterValue
from tiaowen.review.difference.rule_records import Rules
from tiaowen.review.summary import Kind

if TYPE_CHECKING:
    from tiaowen.review.difference.outcomes.records import Outcomes

Part: TypeAlias = Literal["figures", "rules", "outcomes", "witnesses"]
PARTS: tuple[Part, ...] = ("figures", "rules", "outcomes", "witnesses")
"""The parts of a comparison; the last two are worked out together."""


@frozen
class Side:
    """A policy that is compared, with the readings chosen for it (all others by default) and
    the figures given for its open parameters."""

    program: c.Program
    readings: Mapping[str, str] = field(factory=dict)
    parameters: Mapping[str, ParameterValue] = field(factory=dict)

    @property
    def title(self) -> str:
        return self.program.identity.title

    @property
    def choices(self) -> dict[str, str]:
        """What is taken of every reading."""
        return {n: self.readings.get(n, i.default) for n, i in self.program.readings.items()}


@frozen
class MatterPair:
    """A matter of A with the matter of B it is compared with; one side alone has ''.

    ``by``: 'name' (the same name), 'interface' (the only matter of the same interface on either
    side), 'asked' (the user said so), '' (only one side has it).
    """

    first: str
    second: str
    interface: str
    by: Literal["name", "interface", "asked", ""]

    @property
    def both(self) -> bool:
        return bool(self.first and self.second)

    @property
    def name(self) -> str:
        """The name to head a section with: A's where it has one."""
        return self.first or self.second


# --- figures


@frozen
class Stated:
    """One thing a policy says of a figure.

    ``value`` is the figure, a parameter or a formula; None where the text does not provide, with
    its ``reason``. ``condition`` is what is left of the rule's condition besides the row's own
    keys, None where nothing is. ``readings`` are those it was taken under, ``given`` the open
    parameters whose given figures it holds. ``step`` is the row of the policy's own table, as
    written there ('三级甲等'). ``rule`` None: no row of the policy's table covers the case.
    """

    value: c.Core | None
    rule: c.Rule | None
    condition: c.Core | None = None
    reason: str = ""
    step: str = ""
    readings: tuple[tuple[str, str], ...] = ()
    given: tuple[str, ...] = ()

    @property
    def provided(self) -> bool:
        return self.value is not None


@frozen
class Key:
    """A key of aligned tables: ``name`` is the field or quantity it goes by.

    ``levels`` where it is a scale of hospital grades: its values are then national grades.
    """

    name: str
    type: Type
    levels: bool = False


@frozen
class Span:
    """The values of one key that a row is about, in the order of their codes.

    Of a key of numbers ``range`` says between which. Neither means every value.
    """

    values: tuple[str, ...] = ()
    range: c.RangeOf | None = None

    @property
    def any(self) -> bool:
        return not self.values and self.range is None


@frozen
class Row:
    """One line of two aligned figures: where the spans hold, A says ``first``, B ``second``.

    A side is () where that policy has no such figure. ``gap`` is what B's number is above A's
    (money in 分, a ratio as a fraction), None unless both are one number.
    """

    spans: tuple[Span, ...]
    first: tuple[Stated, ...]
    second: tuple[Stated, ...]
    same: bool
    gap: int | Fraction | None = None


@frozen
class Adjustment:
    """An amendment beside the base figure: of the figure itself, or (``of``, at its ``level``) of
    a key it goes by. ``area`` says that it turns on where the care was given.
    """

    level: str
    of: str
    operation: str
    operand: c.Core
    condition: c.Core | None
    rule: c.Rule
    area: bool = False


@frozen
class AdjustmentPair:
    """Amendments of both that have the same effect (``same``), else one side's alone."""

    first: Adjustment | None
    second: Adjustment | None

    @property
    def same(self) -> bool:
        return self.first is not None and self.second is not None


FigureKind: TypeAlias = Kind | Literal["waiting", "amount", "area"]
FIGURE_KINDS: tuple[FigureKind, ...] = (
    "deductible", "ratio", "limit", "first_pay", "line_standard", "area", "days", "waiting",
    "amount",
)  # fmt: skip
"""As the kinds of a summary; besides: care outside the area, waiting periods and time limits,
amounts of matters that no fund pays for."""


@frozen
class Figure:
    """A quantity of both policies, or of one, laid side by side.

    ``keys`` name the columns of the rows' spans. ``level`` is '' or the collection it belongs
    to (fee lines). ``table`` marks a table that formulas apply, which is a figure of its own.
    ``renamed`` is what B calls the quantity, where that is another name.
    """

    kind: FigureKind
    quantity: str
    level: str
    type: Type
    matters: tuple[MatterPair, ...]
    keys: tuple[Key, ...]
    rows: tuple[Row, ...]
    adjustments: tuple[AdjustmentPair, ...]
    whose: Literal["both", "first", "second"]
    table: bool = False
    renamed: str = ""

    @property
    def same(self) -> bool:
        return self.whose == "both" and (
            all(row.same for row in self.rows) and all(pair.same for pair in self.adjustments)
        )


ListKind: TypeAlias = Literal["exclusion", "duty", "parameter", "reading"]
LIST_KINDS: tuple[ListKind, ...] = ("exclusion", "duty", "parameter", "reading")


@frozen
class Entry:
    """A ground of exclusion, a duty, an open parameter or a reading of one policy.

    ``name`` is its name, or the words of a ground or a duty. ``condition`` is when a ground
    excludes, or what a duty asks (``when`` it holds). ``choices`` and ``default`` are a
    reading's; ``delegation`` and ``choices`` (what it may go by) a parameter's.
    """

    name: str
    rule: c.Rule
    level: str = ""
    condition: c.Core | None = None
    when: c.Core | None = None
    choices: tuple[str, ...] = ()
    default: str = ""
    delegation: str = ""


@frozen
class Listed:
    """An entry of both lists, or of one. ``same``: both say the same."""

    kind: ListKind
    first: Entry | None
    second: Entry | None
    same: bool

    @property
    def name(self) -> str:
        entry = self.first or self.second
        return entry.name if entry is not None else ""


@frozen
class Figures:
    figures: tuple[Figure, ...]
    lists: tuple[Listed, ...]

    def of(self, kind: FigureKind) -> tuple[Figure, ...]:
        return tuple(figure for figure in self.figures if figure.kind == kind)

    @property
    def same(self) -> bool:
        return all(figure.same for figure in self.figures) and all(e.same for e in self.lists)

    def listed(self, kind: ListKind) -> tuple[Listed, ...]:
        return tuple(entry for entry in self.lists if entry.kind == kind)


# --- all of it


@frozen
class Difference:
    """Two policies compared. A part that was not asked for is None; ``outcomes`` are of every
    pair of matters that settles single claims of care. ``parts`` are those asked for."""

    first: Side
    second: Side
    matters: tuple[MatterPair, ...]
    figures: Figures | None = None
    rules: Rules | None = None
    outcomes: tuple[Outcomes, ...] | None = None
    parts: tuple[Part, ...] = PARTS

    @property
    def identical(self) -> bool:
        """Whether both are the very same text, read alike, with the same figures given."""
        one, other = self.first, self.second
        same = one.program.identity.digest == other.program.identity.digest
        return same and one.choices == other.choices and one.parameters == other.parameters

    @property
    def differs(self) -> bool:
        """Whether any part that was asked for differs in effect."""
        figures = self.figures is not None and not self.figures.same
        rules = self.rules is not None and not self.rules.same
        outcomes = self.outcomes is not None and any(o.differing for o in self.outcomes)
        alone = any(not pair.both for pair in self.matters)
        return figures or rules or outcomes or alone

    @property
    def pairs(self) -> Iterator[MatterPair]:
        """The matters that both have."""
        return (pair for pair in self.matters if pair.both)
