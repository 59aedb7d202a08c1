"""An explanation as data: steps that refer to one another, each with its value, the
calculation that gave it and the words of law it rests on.

The records are closed and versioned; ``to_data`` in ``engine/telling/as_json.py`` gives
their JSON form. Renderers stand in ``review/``. A step's ``term`` repeats the calculation
with every operand's value, so that anybody can work it out again.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Factory, frozen

from tiaowen.compiler.core import Value

VERSION = 1


@frozen
class Term:
    """A calculation, operands inside.

    ``form``: 'constant', 'step' (the value of step ``step``), 'input', 'default' (a declared
    default), 'parameter', 'reading', 'key', 'argument', 'op' (``name`` is an operation of the
    table), 'and', 'or', 'if' (condition, taken branch), 'table' (keys, then the value;
    ``text`` is the row), 'bands' (low, high, slices), 'slice' (width, ratio), 'aggregate'
    (``name`` sum, count, max…; the items), 'history' (``name`` count, sum…; the items),
    'past' (a value of an earlier decision, ``text`` says which), 'among' (the operand;
    ``text`` what it was compared with), 'is_given', 'amend' (the value before, unless it is
    replaced, and the operand; ``name`` is the operation), 'apply' (a table function: argument,
    value), 'share' (``name`` proportion or in_order, ``text`` the element's place; the total,
    then every weight), 'months' (``name`` gap or run, ``text`` how many bounds; bounds, then
    days), 'rank', 'step_level', 'settled' (step ``step`` of the inner decision), 'reasons' (the
    grounds that hold), 'ground' (its condition), 'given' (``name`` says how: 'spread' over
    parts, 'billed' by a claim without fee lines, 'given' by a case or a settlement's other facts).
    """

    form: str
    value: Value | None
    type: str = ""
    name: str = ""
    text: str = ""
    step: str = ""
    terms: tuple[Term, ...] = ()


@frozen
class Citation:
    """The rule behind a step: article path, its words, further articles, the rule's own text
    and place in the policy's file. ``article`` is '' for the national interface's rules."""

    article: str
    words: str
    basis: tuple[str, ...] = ()
    rule: str = ""
    source: str = ""


@frozen
class Step:
    """One state of one quantity.

    ``kind``: 'define', an amendment's operation ('subtract', 'at_most', …), 'total' over
    parts, or 'given'. ``before`` is the value that an amendment found. ``where`` says which
    part, fee line or inner settlement the step is of, '' for the claim itself.
    """

    id: str
    quantity: str
    english: str
    value: Value
    type: str
    kind: str
    term: Term
    citation: Citation | None
    before: Value | None = None
    where: str = ""
    level: str = ""
    index: int | None = None
    condition: Term | None = None
    """What the rule applies under, as it turned out; None where it always applies."""


@frozen
class Skipped:
    """A rule that was looked at and did not apply, with the condition that did not hold."""

    quantity: str
    citation: Citation
    condition: Term
    where: str = ""


@frozen
class StatementLine:
    """A line of the settlement statement: ``value`` None prints as 不适用."""

    name: str
    code: str
    english: str
    type: str
    fund: str
    value: Value | None
    step: str = ""


@frozen
class RefusedItem:
    reason: str
    citation: Citation
    index: int | None = None
    amount: Value | None = None


@frozen
class DutyNotice:
    text: str
    citation: Citation
    kept: bool | None


@frozen
class UsedReading:
    name: str
    choice: str
    default: bool
    citation: Citation


@frozen
class UsedParameter:
    name: str
    value: Value
    type: str
    source: str
    citation: Citation
    """The article that delegates the figure."""


@frozen
class PolicyIdentity:
    title: str
    document_number: str
    region: str
    digest: str
    in_force: str
    expires: str


@frozen
class Explanation:
    """Everything a reader of a decision needs; all amounts are integer 分."""

    version: int
    engine: str
    policy: PolicyIdentity
    matter: str
    statement: tuple[StatementLine, ...]
    steps: tuple[Step, ...]
    refusals: tuple[RefusedItem, ...] = ()
    notices: tuple[DutyNotice, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    readings: tuple[UsedReading, ...] = ()
    parameters: tuple[UsedParameter, ...] = ()
    defaults: Mapping[str, Value] = Factory(dict)
    facts: Mapping[str, Value] = Factory(dict)
    """The claim's facts that the decision drew on."""

    def step(self, identity: str) -> Step:
        """The step called ``identity``; ``KeyError`` if there is none."""
        for step in self.steps:
            if step.id == identity:
                return step
        raise KeyError(identity)
