"""The places an expression is read in: a decision, one of its parts, a fee line, an earlier
decision. A frame knows the facts and keeps the values already found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from attrs import Factory, define, field, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value

Record: TypeAlias = Mapping[str, Value]


@frozen
class ParameterValue:
    """An open parameter as given: a value, or rows of (key name -> member) and value.

    ``source`` is what the parameter file says of itself.
    """

    value: Value | None = None
    rows: tuple[tuple[Mapping[str, str], Value], ...] = ()
    source: str = ""


@frozen
class Claim:
    """The facts of one claim, typed. ``taken`` are quantities taken as given (in cases),
    ``totals`` those of the bill that stand in place of its fee lines (``claims/billed.py``)."""

    matter: str
    fields: Record
    collections: Mapping[str, tuple[Record, ...]] = Factory(dict)
    taken: Record = Factory(dict)
    totals: Record = Factory(dict)


@frozen
class Facts:
    """An earlier item whose figures are taken as facts: a settlement or an opening total."""

    matter: str
    values: Record
    kind: str = "settlement"
    counts: Mapping[str, int] = Factory(dict)
    """Of an opening total: how many decisions of each matter it stands for."""


@define(eq=False)
class Frame:
    """A decision being made, or a part of one.

    ``overrides`` are quantities and fields whose value is given instead of worked out;
    ``parent`` and ``varies`` tell a part what to ask the whole for.
    """

    program: c.Program
    matter: c.Matter
    claim: Claim
    readings: Mapping[str, str]
    parameters: Mapping[str, ParameterValue]
    history: Sequence[Frame | Facts] = ()
    overrides: dict[str, Any] = Factory(dict)
    parent: Frame | None = None
    varies: frozenset[str] = frozenset()
    partition: str = ""
    lines: frozenset[int] | None = None
    memo: dict[str, Any] = Factory(dict)
    elements: dict[str, list[Element]] = Factory(dict)
    parts: dict[str, list[Frame]] = Factory(dict)
    inner: dict[str, Frame] = Factory(dict)
    defaults: dict[str, Value] = Factory(dict)
    inner_of: str = ""

    @property
    def whole(self) -> Frame:
        """The decision that a part is of."""
        return self.parent.whole if self.parent is not None else self

    def within(self, partition: str) -> bool:
        """Whether this frame is a part of ``partition``, however deep."""
        return self.partition == partition or (
            self.parent is not None and self.parent.within(partition)
        )


@define(eq=False)
class Element:
    """A fee line, or another element of a collection, of a decision."""

    frame: Frame
    collection: str
    index: int
    record: Record
    memo: dict[str, Any] = Factory(dict)
    up: Element | None = None
    """The same element in the frame that this part is of."""


def overridden(name: str, frame: Frame) -> Any:
    """What ``frame`` says of ``name`` in place of the rules; worked out when first asked for."""
    given = frame.overrides[name]
    if callable(given):
        given = frame.overrides[name] = given()
    return given


@frozen
class Reader:
    """Where an expression is read: a frame, perhaps one of its elements, and what stands for
    an argument, the keys of a part, or the decision that asks of the past."""

    frame: Frame
    element: Element | None = None
    argument: Value | None = None
    keys: Mapping[str, Value] = Factory(dict)
    asking: Reader | None = None
    around: Reader | None = None
    facts: Facts | None = field(default=None)
