"""The checked tree: every name resolved, every type known.

A policy becomes a ``Program``: per matter a graph of nodes, each one state of a quantity
(its definition, then one node per amendment). Both engines run this and nothing else.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from attrs import field, frozen

from tiaowen.compiler.types import TRUTH, Type
from tiaowen.dsl.source import NOWHERE, Span

Value: TypeAlias = int | Fraction | bool | str | datetime.date | datetime.datetime | tuple[str, ...]
"""Money is int (分) or, unrounded, Fraction; a ratio is Fraction; enumerations are names."""


EXCLUDED = "不予支付"
"""The quantity that holds the grounds of exclusion of a claim or of a fee line."""

LINES = "明细"
"""The collection of fee lines."""


@frozen
class Rule:
    """Where a node comes from and what it cites.

    ``article`` is the path as printed ('' for the vocabulary's own), ``words`` the text of
    the sentence or paragraph cited, ``basis`` the further articles it rests on.
    """

    id: str
    text: str
    article: str = ""
    words: str = ""
    basis: tuple[str, ...] = ()
    source: str = ""
    span: Span = field(default=NOWHERE, eq=False, repr=False)


# --- expressions


@frozen
class Constant:
    value: Value
    type: Type
    text: str = ""


@frozen
class Ref:
    """The value of a node; ``level`` is '' for the matter, else a collection's name.

    ``past`` marks a reference read in an earlier decision, always to a last state.
    """

    node: str
    quantity: str
    level: str
    type: Type
    matter: str = ""
    past: bool = False


@frozen
class Field:
    """What the claim (level '') or an element of a collection gives."""

    name: str
    level: str
    type: Type


@frozen
class IsGiven:
    name: str
    level: str
    type: Type = TRUTH


@frozen
class ReadingRef:
    name: str
    type: Type


@frozen
class ParameterRef:
    """An open parameter; ``keys`` are the values it may be keyed by, in declared order."""

    name: str
    keys: tuple[tuple[str, Core], ...]
    bounds: RangeOf | None
    type: Type


@frozen
class Op:
    """An operation of ``compiler/operations.py``; all operands are evaluated."""

    name: str
    operands: tuple[Core, ...]
    type: Type


@frozen
class Logic:
    """``kind`` is 'and' or 'or'; the right side is looked at only if it must be."""

    kind: str
    left: Core
    right: Core
    type: Type


@frozen
class Choose:
    condition: Core
    then: Core
    otherwise: Core
    type: Type


@frozen
class Among:
    """Whether a value is one of ``accepted``, or begins with one of ``prefixes``."""

    operand: Core
    accepted: frozenset[Value]
    prefixes: tuple[str, ...]
    text: str
    type: Type


@frozen
class RangeOf:
    low: Core | None
    high: Core | None
    low_closed: bool
    high_closed: bool


@frozen
class AmongOf:
    """A table cell of enumeration members or truths."""

    accepted: frozenset[Value]
    prefixes: tuple[str, ...] = ()
    text: str = ""


Matcher: TypeAlias = RangeOf | AmongOf | None
"""A table cell's test of its key; None matches anything."""


@frozen
class PickRow:
    matchers: tuple[Matcher, ...]
    value: Core
    text: str
    span: Span = field(default=NOWHERE, eq=False, repr=False)


@frozen
class Pick:
    """A table: the value of the row whose cells match the keys."""

    keys: tuple[Core, ...]
    key_names: tuple[str, ...]
    rows: tuple[PickRow, ...]
    type: Type

    @property
    def enumerable(self) -> bool:
        """Whether every cell names members or truths, so that the checks see every overlap."""
        cells = (cell for row in self.rows for cell in row.matchers)
        return all(
            cell is None or (isinstance(cell, AmongOf) and not cell.prefixes) for cell in cells
        )


@frozen
class Apply:
    """A table function of one amount."""

    function: str
    argument: Core
    type: Type


@frozen
class Argument:
    """The argument of the table function being applied."""

    type: Type


@frozen
class Bands:
    """``分段``: each slice of [low, high] at the ratio of its band in table ``function``."""

    low: Core
    high: Core
    function: str
    type: Type


@frozen
class Aggregate:
    """``kind``: sum count max min any all first; over the elements where ``where`` holds."""

    kind: str
    collection: str
    body: Core | None
    where: Core | None
    type: Type


@frozen
class Around:
    """``本项.X``: read where the aggregate stands, not in its elements."""

    body: Core
    type: Type


@frozen
class Share:
    """What the element at hand gets of ``total``: in proportion to every element's ``weight``,
    or in the order given, each up to its ``weight``. The shares of a proportion add up to
    the total, each the difference of two rounded running shares."""

    kind: str
    total: Core
    collection: str
    weight: Core
    type: Type


@frozen
class Months:
    """Months over dated elements: the longest 'gap' between ``start`` and ``end``, or the 'run'
    of months without a gap that ends with ``end``."""

    kind: str
    collection: str
    body: Core
    where: Core | None
    start: Core | None
    end: Core | None
    type: Type


@frozen
class History:
    """A fold over the person's earlier decisions of ``matters``.

    ``kind``: count sum max last exists. ``bodies`` and ``wheres`` hold, per matter, the
    expression read in the earlier decision. ``yearly`` keeps to the present 年度.
    """

    kind: str
    yearly: bool
    matters: tuple[str, ...]
    bodies: Mapping[str, Core]
    wheres: Mapping[str, Core]
    year: Core | None
    years: Mapping[str, Core]
    type: Type
    text: str


@frozen
class Present:
    """``本次.X`` inside a fold: read in the decision that asks."""

    body: Core
    type: Type


@frozen
class Rank:
    """Where a level stands on its scale, from 0; outside the scale there is no rule."""

    operand: Core
    scale: str
    type: Type


@frozen
class Step:
    """A level ``amount`` steps up (``sign`` 1) or down (-1), stopping at the scale's ends."""

    operand: Core
    amount: Core
    sign: int
    scale: str
    type: Type


@frozen
class Key:
    """The key of the part at hand, read where a partition's changed facts are worked out."""

    name: str
    type: Type


@frozen
class Settled:
    """An output of another matter under changed facts."""

    call: str
    node: str
    quantity: str
    type: Type


@frozen
class Reasons:
    """The grounds of exclusion that hold: (condition, reason, rule); ``outer`` adds the claim's."""

    grounds: tuple[tuple[Core, str, Rule], ...]
    outer: Core | None
    type: Type


Core: TypeAlias = (
    Constant | Ref | Field | IsGiven | ReadingRef | ParameterRef | Op | Logic | Choose | Among
    | Pick | Apply | Argument | Bands | Aggregate | History | Present | Rank | Step | Key
    | Settled | Reasons | Around | Share | Months
)  # fmt: skip


# --- nodes


@frozen
class Alternative:
    """One definition of a quantity; ``value`` None says that the text does not provide."""

    condition: Core | None
    value: Core | None
    rule: Rule
    reason: str = ""


@frozen
class Node:
    """One state of a quantity.

    kind 'define': the alternative whose condition holds. kind 'amend': ``amended`` where
    ``condition`` holds, else ``previous``. kind 'total': the sum of ``previous`` over the
    parts of ``partition``.
    """

    id: str
    matter: str
    level: str
    quantity: str
    index: int
    kind: str
    type: Type
    alternatives: tuple[Alternative, ...] = ()
    disjoint: bool = False
    condition: Core | None = None
    amended: Core | None = None
    operation: str = ""
    operand: Core | None = None
    previous: str = ""
    partition: str = ""
    rule: Rule | None = None
    result: bool = False


@frozen
class Call:
    """``按 X 结算``: matter, changed facts (read in the caller), whether it counts as a stay."""

    id: str
    matter: str
    overrides: Mapping[str, Core]
    condition: Core | None
    counted: bool
    rule: Rule


@frozen
class PartitionOf:
    """How fee lines fall into parts. ``varies`` are the nodes whose value a part may change."""

    name: str
    collection: str
    keys: tuple[tuple[str, Core], ...]
    condition: Core | None
    spread: tuple[tuple[str, Ref, Ref], ...]
    """(quantity, itself in the whole claim, what each part used of it)"""
    overrides: Mapping[str, Core]
    originals: Mapping[str, Core]
    """What each changed fact is in the whole claim."""
    varies: frozenset[str]
    yearly: bool
    rule: Rule


@frozen
class DutyOf:
    condition: Core
    when: Core | None
    text: str
    rule: Rule


@frozen
class PropertyOf:
    name: str
    condition: Core
    rule: Rule


@frozen
class Output:
    """A line of an interface's statement.

    ``billed`` says of an amount that a claim may state it in place of its fee lines: 'total' is
    the bill, 'own' what of it is wholly the person's, 'part' any other part of it; '' else.
    """

    name: str
    code: str
    type: Type
    english: str
    fund: str
    node: str | None
    billed: str = ""


@frozen
class Matter:
    """One thing people ask: its outputs in statement order and the nodes that decide them."""

    name: str
    interface: str
    subject: str
    condition: Core | None
    outputs: tuple[Output, ...]
    final: Mapping[tuple[str, str], str]
    """(level, quantity) -> the node of its last state"""
    partitions: Mapping[str, PartitionOf]
    calls: Mapping[str, Call]
    duties: tuple[DutyOf, ...]
    properties: tuple[PropertyOf, ...]
    functions: Mapping[str, TableFunctionOf]
    rule: Rule | None


@frozen
class FieldInfo:
    """A declared field. ``default`` is what its absence means, None where it has to be given."""

    name: str
    code: str
    type: Type
    default: Value | None
    english: str
    group: str
    aliases: tuple[str, ...] = ()


@frozen
class CollectionInfo:
    name: str
    code: str
    english: str
    fields: Mapping[str, FieldInfo]


@frozen
class EnumInfo:
    """Members by name with their codes; ``groups`` name sets of members.

    A prefix enumeration keeps the raw code as its value; ``codes`` hold the prefixes.
    A scale lists its steps in ``members``, lowest first, each with the base members it holds.
    """

    name: str
    kind: str
    codes: Mapping[str, str]
    english: Mapping[str, str]
    groups: Mapping[str, frozenset[str]]
    steps: tuple[str, ...] = ()
    base: str = ""


@frozen
class ParameterInfo:
    name: str
    type: Type
    delegation: str
    keys: tuple[str, ...]
    rule: Rule
    english: str = ""


@frozen
class ReadingInfo:
    name: str
    choices: tuple[str, ...]
    default: str
    rule: Rule
    english: str = ""


@frozen
class ShorthandInfo:
    """A field that stands for one element of a collection, with these values."""

    name: str
    collection: str
    amount_field: str
    values: Mapping[str, Value]


@frozen
class TableFunctionOf:
    name: str
    body: Core
    parameter: str
    parameter_type: Type
    rule: Rule


@frozen
class Identity:
    """Which text a program is of."""

    title: str
    document_number: str
    region: str
    insurance: tuple[str, ...]
    in_force: datetime.date | None
    expires: datetime.date | None
    digest: str
    source: str


@frozen(eq=False)
class Program:
    """A policy, checked: all an engine needs. Two are the same if their digests are."""

    identity: Identity
    matters: Mapping[str, Matter]
    nodes: Mapping[str, Node]
    fields: Mapping[str, FieldInfo]
    collections: Mapping[str, CollectionInfo]
    enums: Mapping[str, EnumInfo]
    parameters: Mapping[str, ParameterInfo]
    readings: Mapping[str, ReadingInfo]
    shorthands: Mapping[str, ShorthandInfo]
    labels: Mapping[str, str]
    """quantity -> English label"""
