"""Expressions evaluated where only some inputs are known.

The meaning is the interpreter's; what cannot be followed (dates in relation to each other,
folds over earlier decisions, arithmetic on varying amounts) becomes a term of its own. A value
is a plain ``Value``, a ``Term`` or ``UNKNOWN``. In ``open`` mode every term is free to take any
value of its type, which proves what holds for all claims; otherwise only real inputs are, and
what depends on anything else is ``UNKNOWN``, which finds what certainly happens. Open and
``shallow``, quantities are not followed either: what holds then is cheap to prove, and holds
whatever a part or a settlement of another matter makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction

from attrs import Factory, define, field

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.checks.comparing import (
    COMPARISONS,
    UNKNOWN,
    Comparing,
    Found,
    Unknown,
    Verdict,
    is_ordered,
    key_of,
)
from tiaowen.compiler.checks.space import Dead, Interval, Term
from tiaowen.compiler.core import Value
from tiaowen.compiler.dates import UnknownYear
from tiaowen.compiler.operations import OPERATIONS
from tiaowen.compiler.types import Type
from tiaowen.compiler.values import round_half_up

DEEPEST = 40
"""Quantities are followed this far into what they draw on."""


@define
class Evaluator(Comparing):
    """Evaluates expressions of one matter along one path."""

    matter: c.Matter = field(kw_only=True)
    shallow: bool = False
    memo: dict[str, Found] = Factory(dict)
    argument: Found | None = None
    depth: int = 0

    # --- truths

    def truth(self, core: c.Core | None) -> Verdict:
        """Whether a condition holds; a missing condition does."""
        if core is None:
            return True
        found = self.value(core)
        if isinstance(found, Term):
            return self.member_of(found, frozenset({True}), ())
        return found if isinstance(found, Unknown) else bool(found)

    def _logic(self, core: c.Logic) -> Verdict:
        decides = core.kind == "or"
        left = self.truth(core.left)
        if left is decides:
            return left
        if not isinstance(left, Unknown):
            return self.truth(core.right)
        with suppress(Dead):
            if self.truth(core.right) is decides:
                return decides
        return UNKNOWN

    # --- values

    def value(self, core: c.Core) -> Found:
        """The value of ``core`` as far as it is known on this path."""
        match core:
            case c.Constant():
                return core.value
            case c.Field():
                return self._field(core)
            case c.ReadingRef():
                return self.inputs.reading(core)
            case c.ParameterRef():
                return self._parameter(core)
            case c.Ref() if not core.past and core.node in self.inputs.nodes:
                return self._quantity(core)
            case c.Argument() if self.argument is not None:
                return self.argument
            case c.Logic():
                return self._logic(core)
            case c.Choose():
                return self._choose(core)
            case c.Among():
                return self._among(core)
            case c.Pick():
                return self._pick(core)
            case c.Apply() if core.function in self.matter.functions:
                return self._apply(core)
            case c.Op():
                return self._op(core)
            case c.Rank() | c.Step():
                return self._scaled(core)
            case _:
                return self.free(core)

    def _field(self, core: c.Field) -> Term:
        term = self.inputs.field(core)
        if core.type.kind == "scale":
            self.path.scales[term.key] = core.type.name
        return term

    def _quantity(self, core: c.Ref) -> Found:
        if self.shallow or core.type == ty.REASONS or (
            self.open and core.quantity in self.inputs.overridden
        ):  # fmt: skip
            return self._own(self.inputs.nodes[core.node])
        return self.node(core.node)

    def _own(self, node: c.Node) -> Term:
        """The value of a node as a term of its own."""
        if node.type.kind == "scale":
            self.path.scales[f"node {node.id}"] = node.type.name
        return self.inputs.opaque(f"node {node.id}", node.type, node.quantity)

    def free(self, core: c.Core, name: str = "") -> Term:
        """``core`` as a term of its own."""
        key = self.inputs.key(core)
        if self.argument is not None:
            key = f"{key}@{key_of(self.argument)}"
        counts = isinstance(core, c.History | c.Aggregate) and core.kind == "count"
        return self.inputs.opaque(key, type_of(core), name, counts)

    def node(self, identity: str) -> Found:
        """The value of a node, in its own rounding."""
        if identity not in self.memo:
            with self._without_argument():
                self.memo[identity] = self._node(self.inputs.nodes[identity])
        return self.memo[identity]

    @contextmanager
    def _without_argument(self) -> Iterator[None]:
        argument, self.argument = self.argument, None
        self.depth += 1
        try:
            yield
        finally:
            self.argument, self.depth = argument, self.depth - 1

    def _node(self, node: c.Node) -> Found:
        mine = self._own(node)
        if self.depth > DEEPEST or node.kind == "total":
            return mine
        found: Found
        if node.kind == "define":
            found = self._defined(node)
        else:
            holds = self.truth(node.condition)
            if isinstance(holds, Unknown):
                return mine
            assert node.amended is not None
            found = self.value(node.amended) if holds else self.node(node.previous)
        if isinstance(found, Unknown):
            return mine
        return self._rounded(found, node, mine)

    def _defined(self, node: c.Node) -> Found:
        for alternative in node.alternatives:
            holds = self.truth(alternative.condition)
            if isinstance(holds, Unknown):
                return UNKNOWN
            if holds:
                if alternative.value is None:
                    raise Dead
                return self.value(alternative.value)
        raise Dead

    def _rounded(self, found: Found, node: c.Node, mine: Term) -> Found:
        if node.type != ty.MONEY:
            return found
        if isinstance(found, Term):
            exact = found.real and isinstance(found.domain, Interval) and found.domain.whole
            return found if exact else mine
        if isinstance(found, Fraction):
            if found.denominator != 1 and self.inputs.rounds_by_reading:
                return mine
            return round_half_up(found)
        return found

    # --- forms

    def _parameter(self, core: c.ParameterRef) -> Term:
        term = self.inputs.parameter(core)
        return term if term is not None else self.free(core, core.name)

    def _choose(self, core: c.Choose) -> Found:
        holds = self.truth(core.condition)
        if isinstance(holds, Unknown):
            return UNKNOWN
        return self.value(core.then if holds else core.otherwise)

    def _among(self, core: c.Among) -> Verdict:
        return self.accepts(self.value(core.operand), core.accepted, core.prefixes)

    def _pick(self, core: c.Pick) -> Found:
        keys: dict[int, Found] = {}
        for row in core.rows:
            holds = self.row_holds(row, core, keys)
            if isinstance(holds, Unknown):
                return UNKNOWN
            if holds:
                return self.value(row.value)
        raise Dead

    def row_holds(self, row: c.PickRow, table: c.Pick, keys: dict[int, Found]) -> Verdict:
        """Whether every cell of ``row`` accepts its key; ``keys`` keeps the keys' values."""
        result: Verdict = True
        for index, matcher in enumerate(row.matchers):
            if matcher is None:
                continue
            if index not in keys:
                keys[index] = self.value(table.keys[index])
            holds = self.cell_accepts(matcher, keys[index])
            if holds is False:
                return False
            result = holds if isinstance(holds, Unknown) else result
        return result

    def cell_accepts(self, matcher: c.RangeOf | c.AmongOf, key: Found) -> Verdict:
        if isinstance(matcher, c.AmongOf):
            return self.accepts(key, matcher.accepted, matcher.prefixes)
        result: Verdict = True
        for bound, closed, side in (
            (matcher.low, matcher.low_closed, 1),
            (matcher.high, matcher.high_closed, -1),
        ):
            if bound is None:
                continue
            sign = self.compare(key, self.value(bound))
            if sign is None:
                result = UNKNOWN
            elif sign != side and not (sign == 0 and closed):
                return False
        return result

    def _apply(self, core: c.Apply) -> Found:
        argument = self.value(core.argument)
        outer, self.argument = self.argument, argument
        try:
            return self.value(self.matter.functions[core.function].body)
        finally:
            self.argument = outer

    def _scaled(self, core: c.Rank | c.Step) -> Found:
        level = self.known(self.value(core.operand))
        amount: Found = 0 if isinstance(core, c.Rank) else self.known(self.value(core.amount))
        if isinstance(level, Term | Unknown) or isinstance(amount, Term | Unknown):
            return self.free(core)
        index = self.inputs.rank(level, core.scale)
        if index is None:
            raise Dead
        if isinstance(core, c.Rank):
            return index
        steps = self.inputs.enums[core.scale].steps
        return steps[min(max(index + core.sign * int(amount), 0), len(steps) - 1)]  # type: ignore[arg-type]

    # --- operations

    def _op(self, core: c.Op) -> Found:
        if core.name == "nonempty":
            return self._excluded(core)
        if core.name == "not":
            holds = self.truth(core.operands[0])
            return holds if isinstance(holds, Unknown) else not holds
        found = [self.value(operand) for operand in core.operands]
        if core.name in COMPARISONS:
            return self._comparison(core.name, found[0], found[1])
        if core.name in ("min", "max"):
            return self._extreme(core, found)
        values = [v for v in found if not isinstance(v, Term | Unknown)]
        if len(values) < len(found):
            return self._combined(core, found)
        try:
            result: Value = OPERATIONS[core.name].meaning(*values)
        except (ZeroDivisionError, UnknownYear, ValueError, OverflowError):
            raise Dead from None
        return result

    def _excluded(self, core: c.Op) -> Found:
        """Whether any ground of exclusion holds."""
        ref = core.operands[0]
        node = self.inputs.nodes.get(ref.node) if isinstance(ref, c.Ref) else None
        if node is None or self.open or getattr(ref, "past", False):
            return self.free(core)
        if node.id not in self.memo:
            reasons = node.alternatives[0].value
            assert isinstance(reasons, c.Reasons)
            self.memo[node.id] = self._any_ground(reasons)
        return self.memo[node.id]

    def _any_ground(self, reasons: c.Reasons) -> Verdict:
        result: Verdict = False
        for condition, _, _ in reasons.grounds:
            holds = self.truth(condition)
            if holds is True:
                return True
            result = holds if isinstance(holds, Unknown) else result
        if reasons.outer is not None:
            outer = self._excluded(c.Op("nonempty", (reasons.outer,), ty.TRUTH))
            if outer is not False:
                return True if outer is True else UNKNOWN
        return result

    def _combined(self, core: c.Op, found: list[Found]) -> Found:
        """An operation on what is not known: equal operands give equal terms."""
        if any(isinstance(v, Unknown) for v in found):
            return self.free(core)
        key = f"{core.name}({','.join(map(key_of, found))})"
        return self.inputs.derived(key, core, [v for v in found if not isinstance(v, Unknown)])

    def _extreme(self, core: c.Op, found: list[Found]) -> Found:
        best = found[0]
        for other in found[1:]:
            sign = self.compare(best, other)
            if sign is None:
                return self._combined(core, found)
            if sign == (-1 if core.name == "max" else 1):
                best = other
        return best

    def _comparison(self, name: str, left: Found, right: Found) -> Verdict:
        if is_ordered(left) or is_ordered(right):
            sign = self.compare(left, right)
            return UNKNOWN if sign is None else sign in COMPARISONS[name]
        equal = self.equal(left, right)
        return equal if isinstance(equal, Unknown) or name == "eq" else not equal


def type_of(core: c.Core) -> Type:
    """The type of an expression."""
    return core.type
