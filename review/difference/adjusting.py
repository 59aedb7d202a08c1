"""The amendments that stand beside a figure: its own, and those of the keys its tables go by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tiaowen.compiler import core as c
from tiaowen.compiler.walk import every
from tiaowen.review.difference.alignment import Alignment
from tiaowen.review.difference.axes import is_area
from tiaowen.review.difference.records import Adjustment, AdjustmentPair
from tiaowen.review.summary import Benefit


def adjustments_of(benefit: Benefit, matter: str, program: c.Program) -> tuple[Adjustment, ...]:
    """What amends ``benefit`` in ``matter``, in the order of force; then what amends its keys."""
    area = Area(program)
    found = [
        Adjustment(benefit.level, benefit.quantity, a.operation, a.operand, a.condition, a.rule,
                   area.turns(a.condition))
        for a in benefit.amendments if matter in a.matters
    ]  # fmt: skip
    for quantity, node in _key_amendments(benefit, matter, program):
        assert node.operand is not None
        assert node.rule is not None
        found.append(Adjustment(node.level, quantity, node.operation, node.operand, node.condition,
                                node.rule, area.turns(node.condition)))  # fmt: skip
    return tuple(found)


def _key_amendments(benefit: Benefit, matter: str,
                    program: c.Program) -> Iterator[tuple[str, c.Node]]:  # fmt: skip
    """The policy's amendments of the keys, and of what a key merely passes on."""
    values = [x for d in benefit.definitions for x in (d.value, d.condition) if x is not None]
    values += [f.body for f in benefit.functions]
    waiting: list[c.Core] = []
    for part in (part for value in values for part in every(value)):
        if isinstance(part, c.Pick):
            waiting += part.keys
        elif isinstance(part, c.Among) and part.operand.type.enumerated:
            waiting.append(part.operand)
    seen: set[tuple[str, str]] = set()
    while waiting:
        key = waiting.pop(0)
        if not isinstance(key, c.Ref) or key.past or (key.level, key.quantity) in seen:
            continue
        seen.add((key.level, key.quantity))
        last = program.matters[matter].final.get((key.level, key.quantity), "")
        for node in _states(last, program):
            if node.operand is not None and node.rule is not None and node.rule.article:
                yield key.quantity, node
            waiting += [a.value for a in node.alternatives if isinstance(a.value, c.Ref)]


def _states(identity: str, program: c.Program) -> Iterator[c.Node]:
    """The states of a quantity, first to last."""
    node = program.nodes.get(identity)
    if node is not None:
        yield from _states(node.previous, program)
        yield node


class Area:
    """Tells what turns on where the care was given."""

    def __init__(self, program: c.Program) -> None:
        self.program = program
        self.known: dict[str, bool] = {}

    def turns(self, condition: c.Core | None) -> bool:
        """Whether a condition can only hold because of a place: one of the things it asks for
        at once draws on a division."""
        if condition is None:
            return False
        if isinstance(condition, c.Logic):
            sides = self.turns(condition.left), self.turns(condition.right)
            return any(sides) if condition.kind == "and" else all(sides)
        return self._draws(condition)

    def _draws(self, core: c.Core) -> bool:
        for part in every(core):
            if isinstance(part, c.Field) and is_area(part, self.program):
                return True
            if isinstance(part, c.Ref) and not part.past and self._node(part.node):
                return True
        return False

    def _node(self, identity: str) -> bool:
        """Whether the definition of a truth or a code draws on a division."""
        if identity not in self.known:
            self.known[identity] = False
            node = self.program.nodes.get(identity)
            if node is not None and (node.type.enumerated or node.type.name == "是否"):
                self.known[identity] = any(
                    self._draws(core)
                    for state in _states(identity, self.program)
                    for a in state.alternatives
                    for core in (a.condition, a.value) if core is not None
                )  # fmt: skip
        return self.known[identity]


def side_by_side(adjustments: tuple[Sequence[Adjustment], Sequence[Adjustment]],
                 alignment: Alignment) -> tuple[AdjustmentPair, ...]:  # fmt: skip
    """Amendments with the same effect together, then each side's own, in their order."""
    canons = (alignment.canon(0), alignment.canon(1))

    def effect(adjustment: Adjustment, side: int) -> object:
        of = alignment.called(side, "quantity", adjustment.level, adjustment.of)
        return (of, adjustment.operation, canons[side].of(adjustment.operand),
                canons[side].of(adjustment.condition))  # fmt: skip

    waiting: dict[object, list[Adjustment]] = {}
    for other in adjustments[1]:
        waiting.setdefault(effect(other, 1), []).append(other)
    found = []
    for one in adjustments[0]:
        same = waiting.get(effect(one, 0))
        found.append(AdjustmentPair(one, same.pop(0) if same else None))
    alone = {id(other) for others in waiting.values() for other in others}
    found += [AdjustmentPair(None, other) for other in adjustments[1] if id(other) in alone]
    return tuple(found)


def by_area(adjustments: Iterable[AdjustmentPair]) -> Mapping[bool, tuple[AdjustmentPair, ...]]:
    """Those that turn on a place (True) and the others."""
    found: dict[bool, list[AdjustmentPair]] = {True: [], False: []}
    for pair in adjustments:
        shown = pair.first or pair.second
        assert shown is not None
        found[shown.area].append(pair)
    return {key: tuple(pairs) for key, pairs in found.items()}
