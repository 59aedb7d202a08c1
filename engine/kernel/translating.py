"""From the checked graph of a policy to whole numbers: every node, in every frame it is read in.

A frame here is what the interpreter's frame is to one claim: a matter, a part of a stay, a
matter settled as another. Meanings follow ``engine/interpreter.py`` sentence by sentence;
where it raises, the value here carries a stop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import Factory, define, evolve, field, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.core import LINES
from tiaowen.compiler.types import MONEY, Type
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.interpreter import ROUND_RESULTS, ROUNDING
from tiaowen.engine.kernel.columns import Columns, Given
from tiaowen.engine.kernel.forms import Forms
from tiaowen.engine.kernel.graph import Graph, Node, Scope, Unsupported
from tiaowen.engine.kernel.names import Names
from tiaowen.engine.kernel.values import Stops, V, Values

LARGEST = 1 << 51
"""No quantity of money is larger, either way, in 分."""

_EPOCH = date(1970, 1, 1)
Override: TypeAlias = Callable[[], V]


@define(eq=False)
class StaticFrame:
    """A decision as it can be told without its facts. ``part`` is the current key of a part."""

    matter: c.Matter
    scope: Scope
    overrides: dict[str, Override] = Factory(dict)
    parent: StaticFrame | None = None
    varies: frozenset[str] = frozenset()
    partition: str = ""
    key: Node | None = None

    @property
    def whole(self) -> StaticFrame:
        return self.parent.whole if self.parent is not None else self

    def within(self, partition: str) -> bool:
        return self.partition == partition or (
            self.parent is not None and self.parent.within(partition)
        )


@frozen(eq=False)
class At:
    """Where an expression is read; ``lines`` is the loop over the element at hand, ``past`` the
    fold whose earlier decision it is read in."""

    frame: StaticFrame
    lines: Scope | None = None
    argument: V | None = None
    keys: Mapping[str, V] = field(factory=dict)
    asking: At | None = None
    around: At | None = None
    past: Any = None

    @property
    def scope(self) -> Scope:
        return self.lines if self.lines is not None else self.frame.scope


Meaning: TypeAlias = "Callable[[Translator, Any, At], V]"
FORMS: dict[type, Meaning] = {}


def kernel_form(kind: type) -> Callable[[Meaning], Meaning]:
    """Say what expressions of class ``kind`` are in a kernel."""

    def register(meaning: Meaning) -> Meaning:
        FORMS[kind] = meaning
        return meaning

    return register


class Translator:
    """One program, under chosen readings and parameters, as one graph."""

    def __init__(self, program: c.Program, readings: Mapping[str, str],
                 parameters: Mapping[str, ParameterValue],
                 given: Mapping[str, Given] | None = None) -> None:  # fmt: skip
        self.program, self.readings, self.parameters = program, readings, parameters
        self.graph = Graph()
        self.stops = Stops(self.graph)
        self.values = Values(self.graph, self.stops)
        self.names = Names(program, self.graph)
        self.columns = Columns(program, self.graph, self.names, given)
        self.forms = Forms(self)
        self.frames: dict[str, StaticFrame] = {}
        self.shared: dict[Any, Any] = {}
        self._nodes: dict[tuple[str, int, int], V | None] = {}

    def frame(self, matter: str) -> StaticFrame:
        """The whole decision of a matter."""
        if matter not in self.frames:
            from tiaowen.engine.kernel.billed import take

            whole = StaticFrame(self.program.matters[matter], self.graph.root)
            self.frames[matter] = take(self, whole)
        return self.frames[matter]

    # --- nodes

    def value_of(self, identity: str, frame: StaticFrame, lines: Scope | None = None) -> V:
        """A node's value in a frame, for a node of a collection in the turn of ``lines``."""
        node = self.program.nodes[identity]
        if frame.parent is not None and identity not in frame.varies:
            return self.value_of(identity, frame.parent, lines)
        own = not node.level and node.matter == frame.matter.name
        if own and node.quantity in frame.overrides:
            return self.overridden(node.quantity, frame)
        at = At(frame, lines if node.level else None)
        key = (identity, id(frame), id(at.lines))
        if key not in self._nodes:
            self._nodes[key] = None
            try:
                self._nodes[key] = self._rounded(self._node(node, at), node)
            except Unsupported as unfit:
                raise unfit if unfit.where else Unsupported(
                    unfit.what, unfit.reason, node.id
                ) from None  # fmt: skip
        found = self._nodes[key]
        if found is None:
            raise Unsupported(node.quantity, "its value asks for itself", node.id)
        return found

    def overridden(self, name: str, frame: StaticFrame) -> V:
        key = ("override", name, id(frame))
        if key not in self.shared:
            self.shared[key] = frame.overrides[name]()
        found: V = self.shared[key]
        return found

    def _rounded(self, value: V, node: c.Node) -> V:
        if node.type != MONEY:
            return value
        whole = value.den == 1 and value.over is None
        if not whole and (self.readings.get(ROUNDING) != ROUND_RESULTS or node.result):
            value = self.values.rounded(value)
        elif value.over is not None:
            value = self.values.lowest(value)
        return self.values.limited(value, LARGEST * value.den) if value.over is None else value

    def _node(self, node: c.Node, at: At) -> V:
        if node.kind == "define":
            return self._defined(node, at)
        if node.kind == "total":
            from tiaowen.engine.kernel.parting import total

            return total(self, node, at.frame)
        assert node.amended is not None
        if node.condition is None:
            return self.of(node.amended, at)
        condition = self.of(node.condition, at)
        if condition.num.value is not None:
            chosen = self._either(condition.num, node, at)
        else:
            then = self.of(node.amended, at)
            chosen = self.choose(condition.num, then, self._previous(node, at))
        return self.behind(condition.stop, chosen)

    def _either(self, test: Node, node: c.Node, at: At) -> V:
        assert node.amended is not None
        return self.of(node.amended, at) if test.value else self._previous(node, at)

    def _previous(self, node: c.Node, at: At) -> V:
        return self.value_of(node.previous, at.frame, at.lines)

    def behind(self, stop: Node, value: V) -> V:
        """``value`` after something that may stop first."""
        return evolve(value, stop=self.values.then(stop, value.stop))

    def stopping(self, stop: Node, like: V | None = None) -> V:
        """No value at all."""
        if like is None:
            return V("none", self.graph.zero, stop)
        return evolve(like, stop=stop)

    def _defined(self, node: c.Node, at: At) -> V:
        unprovided = self.stops.node("TW0503", node.quantity, node.level)
        if node.disjoint:
            return self._first_holding(node, at, unprovided)
        g, conditions = self.graph, []
        stop = g.zero
        for alternative in node.alternatives:
            held = (self.values.truth(g.one) if alternative.condition is None
                    else self.of(alternative.condition, at))  # fmt: skip
            stop = self.values.then(stop, held.stop)
            conditions.append(held.num)
        several = self.stops.node("TW0504", node.quantity, node.level)
        count, none = g.zero, g.zero
        found: V | None = None
        for held_node, alternative in zip(conditions, node.alternatives, strict=True):
            count = g.add(count, held_node)
            if alternative.value is None:
                none = g.or_(none, held_node)
            elif held_node.value != 0:
                value = self.of(alternative.value, at)
                found = value if found is None else self.choose(held_node, value, found)
        none = g.or_(none, g.compare("==", count, g.zero))
        value = self.stopping(unprovided) if found is None else found
        many = g.select(g.compare(">", count, g.one), several, value.stop)
        return evolve(value, stop=self.values.then(stop, g.select(none, unprovided, many)))

    def _first_holding(self, node: c.Node, at: At, unprovided: Node) -> V:
        found = self.stopping(unprovided)
        for alternative in reversed(node.alternatives):
            value = (self.stopping(unprovided) if alternative.value is None
                     else None)  # fmt: skip
            if alternative.condition is None:
                found = value or self.of_value(alternative, at)
                continue
            held = self.of(alternative.condition, at)
            if held.num.value != 0:
                found = self.choose(held.num, value or self.of_value(alternative, at), found)
            found = self.behind(held.stop, found)
        return found

    def of_value(self, alternative: c.Alternative, at: At) -> V:
        assert alternative.value is not None
        return self.of(alternative.value, at)

    def choose(self, test: Node, then: V, otherwise: V) -> V:
        """One of two values; a value that always stops is of any kind."""
        if then.kind == "none":
            then = evolve(otherwise, stop=then.stop)
        elif otherwise.kind == "none":
            otherwise = evolve(then, stop=otherwise.stop)
        return self.values.choose(test, then, otherwise)

    def _missing(self, level: str, name: str) -> Node:
        """The stop of a field that is not given and whose absence means nothing."""
        if level == LINES and self.columns.lineless:
            return self.stops.node("TW0519", name, missing=True)
        return self.stops.node("TW0501", name, level, missing=True)

    # --- expressions

    def of(self, core: c.Core, at: At) -> V:
        """The value of an expression."""
        if at.past is not None:
            recorded = at.past.recorded(core, at)
            if recorded is not None:
                found: V = recorded
                return found
        form = FORMS.get(type(core))
        if form is None:
            raise Unsupported(type(core).__name__, "the kernel has no form for it")
        return form(self, core, at)

    def constant(self, value: Any, type_: Type) -> V:
        """A value known now."""
        g = self.graph
        if isinstance(value, bool):
            return self.values.truth(g.const(value))
        if isinstance(value, str):
            if type_.kind == "prefix":
                return V("code", g.const(self.names.code(value)), g.zero)
            if type_.enumerated:
                return V("name", g.const(self.names.member(value)), g.zero)
            return V("text", g.const(self.names.text(value)), g.zero)
        if isinstance(value, datetime):
            apart = value - datetime(1970, 1, 1)
            if apart.microseconds:
                raise Unsupported(str(value), "moments are whole seconds")
            return V("moment", g.const(apart.days * 86_400 + apart.seconds), g.zero)
        if isinstance(value, date):
            return V("date", g.const((value - _EPOCH).days), g.zero)
        if isinstance(value, int | Fraction):
            exact = Fraction(value)
            return self.values.number(exact.numerator, exact.denominator)
        raise Unsupported(repr(value), "no number stands for it")

    def field(self, level: str, name: str, at: At) -> V:
        """What the claim gives, or what its absence means."""
        if not level:
            frame: StaticFrame | None = at.frame
            while frame is not None:
                if name in frame.overrides:
                    return self.overridden(name, frame)
                frame = frame.parent
        fields = self.program.collections[level].fields if level else self.program.fields
        info = fields[name]
        scope = at.lines if level and at.lines is not None else self.graph.root
        valid = self.columns.valid(level, name, scope)
        default = None if info.default is None else self.constant(info.default, info.type)
        missing = self._missing(level, name)
        if valid.value == 0:
            return default if default is not None else V("none", self.graph.zero, missing)
        value = self.columns.value(level, name, scope)
        if default is not None:
            if value.kind != default.kind and {value.kind, default.kind} == {"date", "moment"}:
                raise Unsupported(name, "its default is a moment and its column holds days")
            return self.values.choose(valid, value, default)
        return evolve(value, stop=self.graph.select(valid, self.graph.zero, missing))
