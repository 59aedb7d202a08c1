"""The syntax tree: what a person wrote, nothing resolved.

One frozen class per form of the grammar. Spans take no part in equality, so the tree of a
printed tree equals the tree. Numbers keep their unit and their spelling: ``15万元`` is one
literal. Nothing here knows what a name means; that is the compiler's.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import field, frozen

from tiaowen.dsl.source import NOWHERE, Span


def _span() -> Any:
    return field(default=NOWHERE, eq=False, repr=False, kw_only=True)


# --- expressions


@frozen
class Number:
    """A number with its unit as written: ``200元`` is 200 and 元; ``15万元`` 150000 and 元."""

    value: Fraction
    unit: str
    text: str = field(eq=False)
    span: Span = _span()


@frozen
class Text:
    value: str
    span: Span = _span()


@frozen
class Truth:
    value: bool
    span: Span = _span()


@frozen
class DateLiteral:
    """A calendar day, or a moment where the hour was written."""

    value: datetime.date
    span: Span = _span()


@frozen
class Name:
    name: str
    span: Span = _span()


@frozen
class Qualified:
    """``住院.出院日期``, ``本次.病种``, ``职工.起付标准``."""

    scope: str
    name: str
    span: Span = _span()


@frozen
class Unary:
    """``operator`` is 'negate' or 'not'."""

    operator: str
    operand: Expression
    span: Span = _span()


@frozen
class Binary:
    """``operator`` is one of add subtract multiply divide eq ne lt le gt ge and or."""

    operator: str
    left: Expression
    right: Expression
    span: Span = _span()


@frozen
class Member:
    """``x 属于 {a, b}``; ``x 属于 住院类`` has one item."""

    operand: Expression
    items: tuple[Expression, ...]
    span: Span = _span()


@frozen
class Conditional:
    condition: Expression
    then: Expression
    otherwise: Expression
    span: Span = _span()


@frozen
class Every:
    """The argument of an aggregate: ``每项 金额 当 …``. An empty collection means 每项."""

    collection: str
    body: Expression
    where: Expression | None = None
    span: Span = _span()


@frozen
class Call:
    function: str
    arguments: tuple[Expression, ...]
    span: Span = _span()


@frozen
class Anything:
    """A table cell ``—``: any value."""

    span: Span = _span()


@frozen
class Range:
    """A table cell ``≤ 300元`` or ``300元～1000元`` (above the first, up to the second)."""

    low: Expression | None
    high: Expression | None
    low_closed: bool = False
    high_closed: bool = True
    span: Span = _span()


@frozen
class OneOf:
    """A table cell of one or several values, ``二级乙等、二级甲等``."""

    items: tuple[Expression, ...]
    span: Span = _span()


@frozen
class Corner:
    """A head cell ``医院级别 \\ 就医地``: rows by the first, columns by the second."""

    rows: str
    columns: str
    span: Span = _span()


@frozen
class Blank:
    """An empty cell."""

    span: Span = _span()


Cell: TypeAlias = Anything | Range | OneOf | Corner | Blank


@frozen
class Row:
    cells: tuple[Cell, ...]
    span: Span = _span()


@frozen
class Table:
    """Rows as written; the first is the head."""

    rows: tuple[Row, ...]
    span: Span = _span()


Expression: TypeAlias = (
    Number | Text | Truth | DateLiteral | Name | Qualified | Unary | Binary | Member
    | Conditional | Every | Call | Table
)  # fmt: skip


# --- statements


@frozen
class Reference:
    """An article as a drafter typed it after 依据 or 后于."""

    text: str
    span: Span = _span()


@frozen
class Clauses:
    """What may follow a rule."""

    when: Expression | None = None
    basis: tuple[Reference, ...] = ()
    after: tuple[Reference, ...] = ()
    sentence: int | None = None
    derive: str | None = None
    english: str | None = None


NO_CLAUSES = Clauses()


@frozen
class MatterHead:
    name: str
    interface: str | None = None
    subject: str | None = None
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class Applies:
    """``适用 全部`` has no names."""

    matters: tuple[str, ...]
    span: Span = _span()


@frozen
class InterfaceHead:
    name: str
    subject: str | None
    clauses: Clauses
    table: Table
    span: Span = _span()


@frozen
class Enumeration:
    name: str
    clauses: Clauses
    table: Table
    span: Span = _span()


@frozen
class Group:
    """``组 住院类: 医疗类别 = 普通住院、外伤住院``."""

    name: str
    type: str
    items: tuple[Expression, ...]
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class Scale:
    """``级别 医院级别 = 医院等级`` with its steps, lowest first."""

    name: str
    operand: Expression
    clauses: Clauses
    table: Table
    span: Span = _span()


@frozen
class Fields:
    name: str
    clauses: Clauses
    table: Table
    span: Span = _span()


@frozen
class Collection:
    name: str
    clauses: Clauses
    table: Table
    span: Span = _span()


@frozen
class Shorthand:
    """``简写 甲类费用 = 明细(金额, 收费项目等级 = 甲)``: the bare item takes the amount."""

    name: str
    collection: str
    items: tuple[tuple[str, Expression | None], ...]
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class TableFunction:
    """``表 大额比例(累计: 金额) = …``."""

    name: str
    parameter: str
    parameter_type: str
    body: Expression
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class Parameter:
    name: str
    type: str
    delegation: str
    keys: tuple[str, ...] = ()
    bounds: Range | None = None
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class Reading:
    name: str
    choices: tuple[str, ...]
    default: str
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class Definition:
    """``each`` is None outside collections, '' for 每项, else the collection's name."""

    name: str
    body: Expression
    each: str | None = None
    type: str | None = None
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class Amendment:
    """``operation`` is one of add subtract multiply raise lower step_up step_down at_least
    at_most set_to."""

    name: str
    operation: str
    operand: Expression
    each: str | None = None
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class Exclusion:
    reason: str
    each: str | None = None
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class Duty:
    condition: Expression
    otherwise: str
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class Stop:
    """``起付线 无规定 "…" 当 …``: the text does not provide for this."""

    name: str
    reason: str
    each: str | None = None
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class SettleAs:
    """``按 住院 结算 … 其中 起付线 改为 0元``."""

    matter: str
    overrides: tuple[tuple[str, Expression], ...] = ()
    counted: bool = False
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class Partition:
    """``分部 外检外购 按 外购 依次分摊 起付线 于 实际起付 汇总 统筹支付 其中 …``."""

    name: str
    keys: tuple[Expression, ...]
    spread: tuple[tuple[str, str], ...] = ()
    totals: tuple[str, ...] = ()
    overrides: tuple[tuple[str, Expression], ...] = ()
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class Property:
    name: str
    condition: Expression
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


@frozen
class SetAside:
    """``不编码 "…"`` sets the paragraph aside, with 句 one sentence of it."""

    reason: str
    clauses: Clauses = NO_CLAUSES
    span: Span = _span()


RuleStatement: TypeAlias = (
    MatterHead | Applies | InterfaceHead | Enumeration | Group | Scale | Fields | Collection
    | Shorthand | TableFunction | Parameter | Reading | Definition | Amendment | Exclusion
    | Duty | Stop | SettleAs | Partition | Property | SetAside
)  # fmt: skip


# --- worked cases


@frozen
class Assign:
    name: str
    value: Expression
    span: Span = _span()


@frozen
class Based:
    name: str
    span: Span = _span()


@frozen
class CaseMatter:
    name: str
    span: Span = _span()


@frozen
class Given:
    assigns: tuple[Assign, ...]
    span: Span = _span()


@frozen
class Earlier:
    """``此前 住院: …``; with 结算 the values are facts of a settlement; 期初 and 撤销 are names."""

    name: str
    settled: bool
    assigns: tuple[Assign, ...]
    span: Span = _span()


@frozen
class CaseReading:
    name: str
    choice: str
    span: Span = _span()


@frozen
class CaseParameter:
    name: str
    value: Expression
    span: Span = _span()


@frozen
class Expect:
    assigns: tuple[Assign, ...]
    span: Span = _span()


@frozen
class ExpectStop:
    """``应停 无规定 依据 第十六条（七）1``."""

    kind: str
    basis: Reference | None = None
    span: Span = _span()


@frozen
class ExpectNote:
    text: str
    span: Span = _span()


@frozen
class ExpectRefusal:
    reason: str
    span: Span = _span()


CaseStatement: TypeAlias = (
    Based | CaseMatter | Given | Earlier | CaseReading | CaseParameter | Expect | ExpectStop
    | ExpectNote | ExpectRefusal
)  # fmt: skip


@frozen
class Comment:
    """A comment inside a statement. ``alone`` is one that has a line of its own."""

    text: str
    at: int
    alone: bool


@frozen
class Line:
    """One statement with the comments in and above it, for the formatter.

    ``before`` are the comment and blank lines above it (a blank line is '').
    """

    statement: RuleStatement | CaseStatement
    before: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
