"""A policy's expressions where some facts are known: what is left of them.

To lay two tables side by side, both are asked the same question: what do you say of a tertiary
hospital of class A? The answer is the figure where the facts decide it, else what is left of the
rule. Quantities are read at their definition, before amendments: those stand beside the figure.
The meaning of operations is the interpreter's own table.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import Factory, define, evolve

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Value
from tiaowen.compiler.operations import OPERATIONS
from tiaowen.compiler.walk import rewrite

Place = tuple[str, str]
"""(level, name) of a field or a quantity."""


class NotProvided(Exception):
    """The text does not provide for what the known facts lead to: its rule and the reason."""

    def __init__(self, alternative: c.Alternative) -> None:
        self.rule = alternative.rule
        self.reason = alternative.reason
        super().__init__(self.reason)


@define
class Partial:
    """Rewrites expressions of one program under ``known`` facts and chosen readings.

    ``known`` holds fields and quantities by place; ``argument`` is that of a table function.
    ``asked`` gathers the readings that were looked at. What leads to a stop raises
    ``NotProvided``.
    """

    program: c.Program
    known: Mapping[Place, Value]
    readings: Mapping[str, str]
    argument: Value | None = None
    asked: dict[str, None] = Factory(dict)
    _seen: dict[str, tuple[c.Core | None, dict[str, None]]] = Factory(dict)

    def of(self, core: c.Core) -> c.Core:
        """What is left of ``core``."""
        found: c.Core = rewrite(core, self._change)
        return found

    def truth(self, core: c.Core | None) -> bool | None:
        """Whether a condition holds; None where the known facts do not say."""
        if core is None:
            return True
        left = self.of(core)
        return bool(left.value) if isinstance(left, c.Constant) else None

    def _change(self, core: c.Core) -> c.Core:
        match core:
            case c.Field() if (core.level, core.name) in self.known:
                return _constant(self.known[core.level, core.name], core.type)
            case c.Ref() if not core.past:
                return self._quantity(core)
            case c.Argument() if self.argument is not None:
                return _constant(self.argument, core.type)
            case c.ReadingRef():
                self.asked[core.name] = None
                return _constant(self.choice(core.name), core.type)
            case c.Op():
                return _worked(core)
            case c.Logic():
                return _joined(core)
            case c.Choose() if isinstance(core.condition, c.Constant):
                return core.then if core.condition.value else core.otherwise
            case c.Among() if isinstance(core.operand, c.Constant):
                return _constant(accepted(core, core.operand.value), ty.TRUTH)
            case c.Pick():
                return _rows_left(core)
        return core

    def choice(self, reading: str) -> str:
        """The reading taken: chosen, else the default."""
        return self.readings.get(reading, self.program.readings[reading].default)

    def _quantity(self, ref: c.Ref) -> c.Core:
        place = (ref.level, ref.quantity)
        if place in self.known:
            return _constant(self.known[place], ref.type)
        if ref.node not in self._seen:
            self._seen[ref.node] = (None, {})
            inner = evolve(self, asked={})
            self._seen[ref.node] = (inner.defined(ref.node), inner.asked)
        found, asked = self._seen[ref.node]
        if found is None:
            return ref
        self.asked.update(asked)
        return found

    def defined(self, identity: str) -> c.Core | None:
        """The value of a quantity that the known facts decide; None where they do not. A code
        or a level is read at its definition, anything else only where nothing amends it."""
        node = self.program.nodes.get(identity)
        while node is not None and node.previous and node.type.enumerated:
            node = self.program.nodes[node.previous]
        if node is None or node.kind != "define":
            return None
        for alternative in node.alternatives:
            holds = self.truth(alternative.condition)
            if holds is None:
                return None
            if holds:
                if alternative.value is None:
                    raise NotProvided(alternative)
                value = self.of(alternative.value)
                return value if isinstance(value, c.Constant) else None
        return None


def accepted(test: c.Among | c.AmongOf, value: Value) -> bool:
    """Whether a test of members accepts ``value``."""
    return value in test.accepted or (
        bool(test.prefixes) and isinstance(value, str) and value.startswith(test.prefixes)
    )


def _constant(value: Any, kind: ty.Type) -> c.Constant:
    return c.Constant(value, kind)


def _worked(core: c.Op) -> c.Core:
    """An operation all of whose operands are known; comparisons of codes are of their names."""
    if core.name == "nonempty" or not all(isinstance(o, c.Constant) for o in core.operands):
        return core
    values = [o.value for o in core.operands if isinstance(o, c.Constant)]
    try:
        return _constant(OPERATIONS[core.name].meaning(*values), core.type)
    except (ZeroDivisionError, ValueError, OverflowError, TypeError):
        return core


def _joined(core: c.Logic) -> c.Core:
    """``且`` and ``或`` with a side that is known."""
    decides = core.kind == "or"
    for side, other in ((core.left, core.right), (core.right, core.left)):
        if isinstance(side, c.Constant):
            return side if bool(side.value) is decides else other
    return core


# --- tables


def _rows_left(core: c.Pick) -> c.Core:
    """A table without the rows that the known keys exclude; a lone row without tests left is
    its value."""
    rows = []
    for row in core.rows:
        tests = [_test(matcher, key) for matcher, key in zip(row.matchers, core.keys, strict=True)]
        if not any(test is False for test in tests):
            left = tuple(None if test is True else test for test in tests)
            rows.append(evolve(row, matchers=left))  # type: ignore[arg-type]
    if len(rows) == 1 and not any(rows[0].matchers):
        return rows[0].value
    return evolve(core, rows=tuple(rows))


def _test(matcher: c.Matcher, key: c.Core) -> c.Matcher | bool:
    """True or False where the key is known, else the test as it stands."""
    if matcher is None:
        return True
    if not isinstance(key, c.Constant):
        return matcher
    if isinstance(matcher, c.AmongOf):
        return accepted(matcher, key.value)
    ends = (matcher.low, matcher.high)
    if not all(end is None or isinstance(end, c.Constant) for end in ends):
        return matcher
    return within(key.value, matcher)


def within(value: Any, cell: c.RangeOf) -> bool:
    """Whether a number lies in a range with known ends."""
    low = cell.low.value if isinstance(cell.low, c.Constant) else None
    high = cell.high.value if isinstance(cell.high, c.Constant) else None
    number = Fraction(value)
    above = low is None or number > low or (cell.low_closed and number == low)  # type: ignore[operator]
    below = high is None or number < high or (cell.high_closed and number == high)  # type: ignore[operator]
    return above and below
