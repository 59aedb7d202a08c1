"""Amendments whose order changes the result and is not said.

Inside an article the text's order counts. Across articles the order has to be said with 后于
unless the two can be exchanged, never apply together, or are the interface's, which come last.
The same holds where an earlier article amends what a later one defines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice

from attrs import Factory, define, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.assemble import PERCENT_READING, RELATIVE, Assembled
from tiaowen.compiler.checks import witness
from tiaowen.compiler.checks.policy import Policy
from tiaowen.compiler.checks.space import Interval, Path, Term, below, is_empty, sample
from tiaowen.compiler.checks.symbolic import Evaluator, Unknown, type_of
from tiaowen.compiler.collect import ScopedRule
from tiaowen.compiler.core import Value
from tiaowen.compiler.types import Type
from tiaowen.compiler.values import round_half_up
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose

MOST_PAIRS = 2000
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
        """What of its kind it can be exchanged with."""
        match self.node.operation, self.node.amended:
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


def unsaid_orders(made: Assembled, policy: Policy) -> Iterator[Diagnostic]:
    """The pairs of rules of one matter whose order has to be said."""
    for place, chain in made.chains.items():
        rules = made.scope.quantities.get(place)
        if rules is None or len(chain) < 2:
            continue
        by_id = {scoped.rule.id: scoped for scoped in rules.chain}
        nodes = [policy.program.nodes[i] for i in chain[1:]]
        amendments = [
            Amendment(node, by_id[node.rule.id])
            for node in nodes
            if node.kind == "amend" and node.rule is not None
            and not by_id[node.rule.id].scope.interfaces
        ]  # fmt: skip
        for first, second in islice(_pairs(amendments), MOST_PAIRS):
            shown = _exchanged(first, second, policy)
            if shown is not None:
                yield _report(first.scoped, second.scoped, first.node, shown)
        yield from _before_definition(amendments, rules.definitions, policy)


def _article(scoped: ScopedRule) -> object:
    return scoped.path.article


def _pairs(amendments: Sequence[Amendment]) -> Iterator[tuple[Amendment, Amendment]]:
    """Amendments of different articles, in force order, about whose order nothing is said."""
    if len({_article(a.scoped) for a in amendments}) < 2:
        return
    for at, first in enumerate(amendments):
        for second in amendments[at + 1 :]:
            if _article(first.scoped) == _article(second.scoped):
                continue
            if first.manner == second.manner and first.manner in EXCHANGEABLE:
                continue
            if not _is_said(second.scoped, first.scoped, amendments):
                yield first, second


def _is_said(later: ScopedRule, earlier: ScopedRule, amendments: Sequence[Amendment]) -> bool:
    """Whether 后于, perhaps over rules in between, puts ``later`` after ``earlier``."""
    seen: list[ScopedRule] = []
    stack = [later]
    while stack:
        current = stack.pop()
        if any(path.covers(earlier.path) for path in current.after):
            return True
        seen.append(current)
        stack += [
            a.scoped for a in amendments
            if a.scoped not in seen and a.scoped not in stack and _follows(current, a.scoped)
        ]  # fmt: skip
    return False


def _follows(later: ScopedRule, earlier: ScopedRule) -> bool:
    if any(path.covers(earlier.path) for path in later.after):
        return True
    return _article(later) == _article(earlier) and earlier.order < later.order


# --- claims


def _exchanged(first: Amendment, second: Amendment, policy: Policy) -> Shown | None:
    """A claim on which the two give different results in different order."""
    found: list[Shown] = []

    def run(path: Path) -> bool:
        trial = _Trial(policy, path)
        if not trial.applies(first) or not trial.applies(second):
            return False
        for base in trial.bases(first, second):
            one = trial.after(second, trial.after(first, base))
            other = trial.after(first, trial.after(second, base))
            if one is not None and other is not None and one != other:
                found.append(trial.shown(first, base, one, other))
                return True
        return False

    policy.first(run)
    return found[0] if found else None


def _before_definition(amendments: Sequence[Amendment], definitions: Sequence[ScopedRule],
                       policy: Policy) -> Iterator[Diagnostic]:  # fmt: skip
    """Amendments of an earlier article than the one that defines the quantity."""
    if not definitions or any(d.scope.interfaces for d in definitions):
        return
    articles = {_article(d) for d in definitions}
    start = min(definitions, key=lambda d: d.order)
    for amendment in amendments:
        scoped = amendment.scoped
        if scoped.order > start.order or _article(scoped) in articles:
            continue
        if any(path.covers(d.path) for path in scoped.after for d in definitions):
            continue
        shown = _changes(amendment, policy)
        if shown is not None:
            yield _report(start, scoped, amendment.node, shown)


def _changes(amendment: Amendment, policy: Policy) -> Shown | None:
    """A claim on which the amendment changes what is defined."""
    found: list[Shown] = []

    def run(path: Path) -> bool:
        trial = _Trial(policy, path)
        if not trial.applies(amendment):
            return False
        for base in trial.bases(amendment):
            result = trial.after(amendment, base)
            if result is not None and result != base:
                found.append(trial.shown(amendment, base, result, base))
                return True
        return False

    policy.first(run)
    return found[0] if found else None


def _report(first: ScopedRule, second: ScopedRule, node: c.Node, shown: Shown) -> Diagnostic:
    return diagnose(
        "TW0305", first.rule.span, label="first", also=[Label(second.rule.span, "second")],
        article=first.rule.article, witness=shown.claim, name=node.quantity, one=shown.one,
        other=shown.other, second=second.rule.text,
    )  # fmt: skip


@define
class _Trial:
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
                return max(base, operand)  # type: ignore[type-var]
            case "at_most", _, _, _:
                return min(base, operand)  # type: ignore[type-var]
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
