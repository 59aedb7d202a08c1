"""At which amounts a policy's payment bends, and because of what.

A payment over an amount is straight between the amounts at which some comparison of money turns
out otherwise: a deductible is reached, a cap, the end of a band. The comparisons are read off the
graph (``probes_of``); where one changes is found by halving, to the 分; and a bend is only kept
if the payment really goes on at another slope there, or jumps.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from attrs import Factory, define, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Value
from tiaowen.engine.decision import Decision
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Claim, Frame, Reader
from tiaowen.engine.interpreter import value_of
from tiaowen.engine.stops import Stopped
from tiaowen.review.difference.outcomes.alike import expressions
from tiaowen.review.difference.outcomes.concrete import Concrete
from tiaowen.review.difference.outcomes.origins import Origin, origin
from tiaowen.review.difference.outcomes.records import Kink

YUAN = 100
COARSE = tuple(
    n * YUAN for n in (0, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
)
"""Amounts between which changes are looked for. A comparison that turned and turned back between
two of them would be missed; amounts and what is left of limits only ever rise or fall."""
HIGHEST = 5_000_000 * YUAN
"""No bend is looked for above: 5 million yuan."""
NOISE = 3
"""分 by which rounding of several states may move a payment off a straight line."""

_COMPARED = frozenset({"eq", "ne", "lt", "le", "gt", "ge", "min", "max"})


@frozen(eq=False)
class Probe:
    """Two amounts whose order matters to a node."""

    node: c.Node
    left: c.Core
    right: c.Core


def probes_of(program: c.Program, matter: str) -> tuple[Probe, ...]:
    """Every comparison of amounts in the matter's own quantities, bounds of bands included."""
    found: list[Probe] = []
    for node in program.nodes.values():
        if node.matter != matter or node.level:
            continue
        for core in expressions(node):
            found += (Probe(node, left, right) for left, right in _pairs(core, program, matter))
    return tuple(found)


def _pairs(core: c.Core, program: c.Program, matter: str) -> Iterator[tuple[c.Core, c.Core]]:
    functions = program.matters[matter].functions
    match core:
        case c.Op() if core.name in _COMPARED and core.operands[0].type == ty.MONEY:
            first, *others = core.operands
            yield from ((first, other) for other in others)
        case c.Bands() if core.function in functions:
            for bound in _bounds(functions[core.function].body):
                yield core.high, bound
                yield core.low, bound
        case c.Apply() if core.function in functions:
            for bound in _bounds(functions[core.function].body):
                yield core.argument, bound
        case c.Pick():
            for row in core.rows:
                for key, cell in zip(core.keys, row.matchers, strict=True):
                    if isinstance(cell, c.RangeOf) and _type(key) == ty.MONEY:
                        yield from ((key, b) for b in (cell.low, cell.high) if b is not None)


def _type(core: c.Core) -> Any:
    return getattr(core, "type", None)


def _bounds(body: c.Core) -> Iterator[c.Core]:
    """The bounds of a table's bands, each once."""
    if isinstance(body, c.Pick):
        seen: dict[str, c.Core] = {}
        for row in body.rows:
            for cell in row.matchers:
                if isinstance(cell, c.RangeOf):
                    bounds = (b for b in (cell.low, cell.high) if b is not None)
                    seen.update((repr(b), b) for b in bounds if repr(b) not in seen)
        yield from seen.values()


# --- one claim over all amounts


@define(eq=False)
class Curve:
    """What one side pays for one claim at any amount; each amount is decided once."""

    side: Concrete
    claim: Claim
    measure: str
    """The name of the output that is compared."""

    probes: tuple[Probe, ...]
    values: dict[int, int | None] = Factory(dict)
    signs: dict[int, tuple[int | None, ...]] = Factory(dict)
    stops: bool = False
    bends: tuple[Kink, ...] | None = None

    def value(self, amount: int) -> int | None:
        """The payment; None where it is not decided."""
        if amount not in self.values:
            self._decide(amount)
        return self.values[amount]

    def sign(self, amount: int) -> tuple[int | None, ...]:
        """How every comparison turns out."""
        if amount not in self.signs:
            self._decide(amount)
        return self.signs[amount]

    def decision(self, amount: int) -> Decision:
        return self.side.decide(self.claim, amount)

    def _decide(self, amount: int) -> None:
        frame = self._frame(amount)
        known = frozenset(frame.memo)
        reader = Reader(frame)
        self.signs[amount] = tuple(
            _order(probe, reader) if probe.node.id in known else None for probe in self.probes
        )

    def _frame(self, amount: int) -> Frame:
        """Decide, and note the payment. Once something is known to stop, only what the payment
        itself needs is worked out."""
        if self.stops:
            frame = self.side.open(self.claim, amount)
            value = _worked_out(self.side.node_of(self.measure), frame)
        else:
            made = self.decision(amount)
            self.stops = bool(made.problems)
            frame, value = made.frame, made.values.get(self.measure)
        self.values[amount] = value if isinstance(value, int) else None
        return frame

    # --- bends

    def kinks(self) -> tuple[Kink, ...]:
        """Where the payment bends or jumps, by rising amount."""
        if self.bends is None:
            self.bends = self._all_kinks()
        return self.bends

    def _all_kinks(self) -> tuple[Kink, ...]:
        marks = (*COARSE, HIGHEST)
        found = [at for low, high in pairwise(marks)
                 for at in self._changes(low, high)]  # fmt: skip
        return tuple(self._kinks(found, marks[-1]))

    def _changes(self, low: int, high: int) -> Iterator[int]:
        """Every last amount before some comparison changes, from ``low`` up to ``high``."""
        while low < high and self.sign(low) != self.sign(high):
            inside, outside = low, high
            while outside - inside > 1:
                middle = (inside + outside) // 2
                if self.sign(middle) == self.sign(low):
                    inside = middle
                else:
                    outside = middle
            yield inside
            low = outside

    def _kinks(self, changes: list[int], end: int) -> Iterator[Kink]:
        edges = [0, *changes, end]
        for before, at, after in zip(edges, edges[1:], edges[2:], strict=False):
            if self._turns(before, at, after):
                cause = self._cause(at)
                corner = self._corner(at)
                paid = self.value(corner)
                if paid is not None and cause is not None:
                    yield Kink(corner, paid, *cause)

    def _corner(self, at: int) -> int:
        """The amount of a bend: among those at which what is compared there is equal, which with
        rounding can be several, the roundest; ``at`` where there is none, as at a jump."""
        changed = [p for p, one, other in
                   zip(self.probes, self.sign(at), self.sign(at + 1), strict=True)
                   if one != other]  # fmt: skip
        equal = [
            amount for amount in range(max(at - 2, 0), at + 3)
            if any(_equal(p, frame) for frame in [self._frame(amount)] for p in changed)
        ]  # fmt: skip
        return max(equal, key=roundness, default=at)

    def _turns(self, before: int, at: int, after: int) -> bool:
        """Whether the payment leaves the line it followed up to ``at``."""
        here, then = self.value(at), self.value(at + 1)
        if here is None or then is None:
            return here is not then
        if abs(then - here) > NOISE:
            return True
        reach = min(at - before, after - at - 1, 100_000 * YUAN)
        if reach < 1:
            return False
        earlier, later = self.value(at - reach), self.value(at + 1 + reach)
        if earlier is None or later is None:
            return True
        return abs((later - then) - (here - earlier)) > NOISE

    def _cause(self, at: int) -> tuple[str, int | None, c.Rule | None, tuple[str, ...]] | None:
        """Of the comparisons that change at ``at``, the one whose fixed side the text gives."""
        changed = [p for p, one, other in
                   zip(self.probes, self.sign(at), self.sign(at + 1), strict=True)
                   if one != other]  # fmt: skip
        frames = (self._frame(at), self._frame(at + 1))
        found = [o for probe in changed if (o := _fixed(probe, frames)) is not None]
        best = next((o for o in found if o.rule is not None and o.rule.article), None)
        best = best or next(iter(found), None)
        if best is None:
            node = changed[0].node if changed else None
            return (node.quantity, None, node.rule, ()) if node is not None else None
        return best.quantity, best.value, best.rule, best.articles


def roundness(amount: int) -> int:
    """How many noughts an amount in 分 ends in."""
    text = str(amount)
    return len(text) - len(text.rstrip("0"))


def _equal(probe: Probe, frame: Frame) -> bool:
    left, right = _known(probe.left, frame), _known(probe.right, frame)
    return left is not None and left == right


def _worked_out(node: str | None, frame: Frame) -> Value | None:
    try:
        found: Value | None = None if node is None else value_of(node, frame)
    except Stopped:
        return None
    return found


def _order(probe: Probe, reader: Reader) -> int | None:
    """1 where the left is above the right, else 0; None where either cannot be told."""
    try:
        left, right = evaluate(probe.left, reader), evaluate(probe.right, reader)
    except Stopped:
        return None
    return int(left > right)


def _fixed(probe: Probe, frames: tuple[Frame, Frame]) -> Origin | None:
    """The side of a comparison that stays while the amount passes it, and where it comes from."""
    for core in (probe.right, probe.left):
        values = [_known(core, frame) for frame in frames]
        if values[0] is not None and values[0] == values[1]:
            return origin(core, frames[1], probe.node)
    return None


def _known(core: c.Core, frame: Frame) -> Value | None:
    try:
        found = evaluate(core, Reader(frame))
    except Stopped:
        return None
    return found if isinstance(found, int | Fraction) else None
