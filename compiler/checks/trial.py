"""Amendments worked out on a claim: what a quantity is after each, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import Factory, define, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.amendments import PERCENT_READING, RELATIVE
from tiaowen.compiler.checks import witness
from tiaowen.compiler.checks.comparing import Unknown
from tiaowen.compiler.checks.policy import Policy
from tiaowen.compiler.checks.space import Interval, Path, Term, below, is_empty, sample
from tiaowen.compiler.checks.symbolic import Evaluator, type_of
from tiaowen.compiler.collect import ScopedRule
from tiaowen.compiler.core import Value
from tiaowen.compiler.types import Type
from tiaowen.compiler.values import round_half_up

EXCHANGEABLE = frozenset({"sum", "scale", "percent", "at_least", "at_most", "step_up", "step_down"})
"""Amendments of one such manner can be exchanged with each other."""

SAMPLES: dict[str, tuple[Value, ...]] = {
    ty.MONEY.name: (100000, 50000, 10000, 200000, 20000),
    ty.RATIO.name: (Fraction(1, 2), Fraction(4, 5), Fraction(9, 10), Fraction(1, 10)),
    ty.POINTS.name: (Fraction(1, 20),),
}
"""Values tried where none follows from a claim: 1000元, 50%, 5 points."""
NUMBERS: tuple[Value, ...] = (10, 5, 2, 20, 1)
OPERANDS: dict[str, Value] = {ty.MONEY.name: 10000, ty.RATIO.name: Fraction(1, 10)}


@frozen
class Amendment:
    node: c.Node
    scoped: ScopedRule

    @property
    def manner(self) -> str:
        return manner_of(self.node)


def manner_of(node: c.Node) -> str:
    """What of its kind an amendment can be exchanged with."""
    match node.operation, node.amended:
        case (("add" | "subtract"), _):
            return "sum"
        case "multiply", _:
            return "scale"
        case (("raise" | "lower"), c.Op(name="raise_share" | "lower_share")):
            return "scale"
        case (("raise" | "lower"), c.Op()):
            return "sum"
        case (("raise" | "lower"), c.Choose()):
            return "percent"
        case operation, _:
            return operation


@define
class Shown:
    """A claim on which the order counts, with the results of both orders."""

    claim: Mapping[str, str]
    one: str
    other: str


@define
class Trial:
    """Amendments worked out on one path; ``assumed`` are operands no claim gives by itself."""

    policy: Policy
    path: Path
    assumed: dict[str, tuple[str, Value, Type]] = Factory(dict)

    def _evaluator(self, node: c.Node) -> Evaluator:
        return self.policy.certain(node.matter, self.path)

    def applies(self, amendment: Amendment) -> bool:
        """Whether the amendment certainly applies to the claims of the path."""
        evaluator = self._evaluator(amendment.node)
        return (
            evaluator.truth(amendment.node.condition) is True
            and self.policy.is_of_matter(evaluator)
        )  # fmt: skip

    def bases(self, *amendments: Amendment) -> list[Value]:
        """What the quantity may be before the amendments: its value where the claim settles
        it and nothing else comes between, else values of its type."""
        first, last = amendments[0].node, amendments[-1].node
        found: list[Value] = []
        before = self._evaluator(first).node(first.previous)
        if not isinstance(before, Term | Unknown):
            found.append(before)
            if last.index - first.index <= 1:
                return found
        if first.type.kind == "scale":
            return [*found, *self.policy.inputs.enums[first.type.name].steps]
        if first.type.enumerated or first.type == ty.TRUTH:
            return [*found, *(self.policy.inputs.members(first.type.name) if first.type.enumerated
                              else (True, False))]  # fmt: skip
        near = [o for o in map(self._operand, amendments) if isinstance(o, int)]
        return [*found, *SAMPLES.get(first.type.name, NUMBERS), *near]

    def after(self, amendment: Amendment, base: Value | None) -> Value | None:
        """The quantity's value once the amendment has applied to ``base``."""
        if base is None:
            return None
        node = amendment.node
        evaluator = self._evaluator(node)
        evaluator.memo[node.previous] = base
        assert node.amended is not None
        found = evaluator.value(node.amended)
        if isinstance(found, Term | Unknown):
            operand = self._operand(amendment)
            result = None if operand is None else self._worked_out(amendment, base, operand)
        else:
            result = found
        if node.type == ty.MONEY and isinstance(result, Fraction):
            return round_half_up(result)
        return result

    def _operand(self, amendment: Amendment) -> Value | None:
        """The operand's value on the path, or one assumed for it."""
        core = _operand_of(amendment)
        found = self._evaluator(amendment.node).value(core)
        if not isinstance(found, Term | Unknown):
            return found
        kind = type_of(core)
        assumed = OPERANDS.get(kind.name, 1)
        if isinstance(found, Term) and found.real:
            return self._chosen(found, assumed)
        text = self._text(amendment)
        key, name = (found.key, found.name or text) if isinstance(found, Term) else (text, text)
        return self.assumed.setdefault(key, (name, assumed, kind))[1]

    def _text(self, amendment: Amendment) -> str:
        operand = getattr(amendment.scoped.statement, "operand", None)
        return operand.span.text.strip() if operand is not None else amendment.node.quantity

    def _chosen(self, term: Term, wanted: Value) -> Value | None:
        """A value of a real input on the path, the one wanted where it may be."""
        region = self.path.region(term)
        if not isinstance(region, Interval) or not isinstance(wanted, int | Fraction):
            return None
        point = below(witness.positive(region, term.type), wanted, closed=True)
        if is_empty(point):
            point = region
        number = wanted if point.high == wanted else sample(point)
        if number is not None:
            self.path.narrow(term, Interval(number, number, whole=region.whole))
        return number

    def _worked_out(self, amendment: Amendment, base: Value, operand: Value) -> Value | None:
        match amendment.node.operation, amendment.manner, base, operand:
            case "at_least", _, _, _:
                return max(base, operand)
            case "at_most", _, _, _:
                return min(base, operand)
            case "set_to", _, _, _:
                return operand
            case "multiply", _, int() | Fraction(), int() | Fraction():
                return base * operand
            case (("add" | "raise"), manner, int() | Fraction(), int() | Fraction()):
                return base + self._change(manner, base, operand)
            case (("subtract" | "lower"), manner, int() | Fraction(), int() | Fraction()):
                return base - self._change(manner, base, operand)
        return None

    def _change(self, manner: str, base: int | Fraction, operand: int | Fraction) -> int | Fraction:
        reading = self.policy.program.readings.get(PERCENT_READING)
        relative = manner == "scale" or (
            manner == "percent" and reading is not None and reading.default == RELATIVE
        )
        return base * operand if relative else operand

    def shown(self, amendment: Amendment, base: Value, one: Value, other: Value) -> Shown:
        """The claim of the path with the value the quantity has before the amendments."""
        node = amendment.node
        kind: Type = node.type
        claim = dict(witness.claim(self.path))
        for name, value, of in self.assumed.values():
            claim[name] = witness.label(value, of)
        claim[node.quantity] = witness.label(base, kind)
        return Shown(claim, witness.label(one, kind), witness.label(other, kind))


def _operand_of(amendment: Amendment) -> c.Core:
    assert amendment.node.operand is not None
    return amendment.node.operand
