"""The columns a kernel reads and writes: what each holds, as numbers of which size.

=========  =====================================================================
金额       int64, 分
日期       int32, days from 1970-01-01
时刻       int64, seconds from 1970-01-01 Beijing time; or, given as days, int32
比例       int64, millionths
单价       int64, millionths of a 元
数量       int64, ten-thousandths
天数 …     int32, whole
是否       uint8
members    int16, by ``codes``
prefixes   int32, places in the dictionary of codes
文本       int64, equal where the texts are; 0 is the empty text
=========  =====================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from attrs import Factory, define, field, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.types import MONEY, Type
from tiaowen.engine.claims.billed import billed_of
from tiaowen.engine.kernel.forms import DAY
from tiaowen.engine.kernel.graph import Graph, Node, Scope
from tiaowen.engine.kernel.names import Names
from tiaowen.engine.kernel.prelude import FIRST_DAY, LAST_DAY
from tiaowen.engine.kernel.values import MOST_MONEY, V

_NUMBERS = {
    "金额": ("int64", 1, MOST_MONEY), "单价": ("int64", 10**6, 10**13),
    "比例": ("int64", 10**6, 10**7), "百分点": ("int64", 10**6, 10**7),
    "数量": ("int64", 10**4, 10**10), "时长": ("int64", 3600, 10**12),
}  # fmt: skip
"""Type to its size, what one unit is, and the bound of what a column may hold."""


@frozen
class Column:
    """A column to read. ``name`` is the national code, of a fee line behind its collection's
    and a point. ``codes`` number the members, national code and label alike; ``scale`` is what
    1 is (for money: 1 分). Values lie in [``lo``, ``hi``]."""

    name: str
    chinese: str
    collection: str
    kind: str
    dtype: str
    scale: int
    lo: int
    hi: int
    nullable: bool
    codes: Mapping[str, int] = field(factory=dict, repr=False)


@frozen
class Output:
    """A column that is written, int64: of its national code, divided by ``scale`` and, where
    ``divisor`` names one, by another column. ``matters`` are those that have it."""

    name: str
    chinese: str
    matters: tuple[str, ...]
    kind: str
    scale: int = 1
    divisor: str = ""


@frozen
class Given:
    """What a caller's column is like: whether cells may be empty, and for a moment whether it
    holds days only."""

    nullable: bool = True
    days: bool = False


def total_column(output: c.Output) -> Column:
    """The column of a billed total, given in every row."""
    dtype, scale, most = _NUMBERS[MONEY.name]
    return Column(output.code, output.name, "", "number", dtype, scale, 0, most, nullable=False)


@define
class Columns:
    """The columns of one kernel, made as the policy asks for them. ``given`` None: all are there
    and may be empty; else a field that it does not name is in no claim."""

    program: c.Program
    graph: Graph
    names: Names
    given: Mapping[str, Given] | None
    read: dict[str, Column] = Factory(dict)
    arrays: dict[str, str] = Factory(dict)
    """column -> its name in the generated module; of its validity, behind ?"""

    def key(self, level: str, name: str) -> str:
        """The national code of a field, its collection's before it."""
        if level:
            fields = self.program.collections[level].fields
            return f"{self.collection(level)}.{fields[name].code}"
        return self.program.fields[name].code

    def collection(self, level: str) -> str:
        """The national code of a collection, or its name where it has none."""
        return self.program.collections[level].code or level

    def offsets(self, level: str) -> str:
        """The array that says where each claim's elements begin."""
        return self._array(self.collection(level) + "[")

    def _array(self, key: str) -> str:
        return self.arrays.setdefault(key, f"c{len(self.arrays)}")

    @cached_property
    def totals(self) -> Mapping[str, str]:
        """The billed totals among the given columns: national code to name. ``ValueError`` where
        some are given and others are not."""
        known = {output.code: output.name for output in billed_of(self.program).values()}
        found = {code: name for code, name in known.items() if code in (self.given or {})}
        if found and found != known:
            raise ValueError(f"totals not given: {', '.join(known.keys() - found.keys())}")
        return found

    @property
    def lineless(self) -> bool:
        """Whether rows give the totals of their bills in place of fee lines."""
        return bool(self.totals)

    def total(self, output: c.Output) -> V:
        """A billed total, given in every row."""
        self.read.setdefault(output.code, total_column(output))
        array = self._array(output.code)
        node = self.graph.load(f"{array}[{self.graph.root.index}]", self.graph.root, 0, MOST_MONEY)
        return V("number", node, self.graph.zero)

    def given_as(self, level: str, name: str) -> Given | None:
        key = self.key(level, name)
        return Given() if self.given is None else self.given.get(key)

    def valid(self, level: str, name: str, scope: Scope) -> Node:
        """1 where the claim gives the field."""
        given = self.given_as(level, name)
        if given is None:
            return self.graph.zero
        if not given.nullable:
            return self.graph.one
        self.column(level, name)
        array = self._array(self.key(level, name) + "?")
        return self.graph.load(f"{array}[{scope.index}]", scope, 0, 1)

    def value(self, level: str, name: str, scope: Scope) -> V:
        """The field's value where it is given."""
        column = self.column(level, name)
        array = self._array(column.name)
        node = self.graph.load(f"{array}[{scope.index}]", scope, column.lo, column.hi)
        den = column.scale if column.kind == "number" else 1
        return V(column.kind, node, self.graph.zero, den)

    def column(self, level: str, name: str) -> Column:
        key = self.key(level, name)
        if key not in self.read:
            fields = self.program.collections[level].fields if level else self.program.fields
            given = self.given_as(level, name) or Given()
            self.read[key] = self._described(key, level, fields[name], given)
        return self.read[key]

    def _described(self, key: str, level: str, info: c.FieldInfo, given: Given) -> Column:
        kind, dtype, scale, lo, hi = self._form(info.type, given.days)
        codes: dict[str, int] = {}
        if kind == "name":
            enum = self.program.enums[info.type.name]
            below = self.program.enums.get(enum.base)
            for of in filter(None, (below, enum)):
                for label, code in of.codes.items():
                    codes[label] = codes[code] = self.names.member(label)
            codes |= {step: self.names.member(step) for step in enum.steps}
            lo, hi = min(codes.values(), default=0), max(codes.values(), default=0)
        return Column(key, info.name, level, kind, dtype, scale, lo, hi, given.nullable, codes)

    def _form(self, type_: Type, days: bool) -> tuple[str, str, int, int, int]:
        if type_.kind == "prefix":
            return "code", "int32", 1, 0, 2**31 - 1
        if type_.enumerated:
            return "name", "int16", 1, 0, 0
        if type_.name == "是否":
            return "truth", "uint8", 1, 0, 1
        if type_.name == "文本":
            return "text", "int64", 1, -(2**62), 2**62
        if type_.name == "日期" or (type_.name == "时刻" and days):
            return "date", "int32", 1, FIRST_DAY, LAST_DAY
        if type_.name == "时刻":
            return "moment", "int64", 1, FIRST_DAY * DAY, (LAST_DAY + 1) * DAY - 1
        dtype, scale, most = _NUMBERS.get(type_.name, ("int32", 1, 10**5))
        return "number", dtype, scale, 0, most
