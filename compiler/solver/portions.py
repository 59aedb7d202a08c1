"""The parts of a stay, of any number: one part stands for all of them, as one line does for lines.

In a part the matter's rules run on the part's own lines and under the facts that the partition
changes; its lines and keys are any there can be. What a total adds up over the parts is a sum
over that one part; and what the part's lines add up to adds up, over the parts, to what all lines
do.
"""

from __future__ import annotations

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.core import LINES
from tiaowen.compiler.solver import numbers
from tiaowen.compiler.solver.expressions import translated, value_of
from tiaowen.compiler.solver.facts import Facts, unknown
from tiaowen.compiler.solver.formulas import implies
from tiaowen.compiler.solver.kinds import Symbolic
from tiaowen.compiler.solver.numbers import Number, constant
from tiaowen.compiler.solver.places import Element, Place, Scope, Stops, Sym, flattened, gather
from tiaowen.compiler.solver.sums import any_of_every, folds, sum_of_every


@frozen(eq=False)
class Portion:
    """What tells the parts of a partition, or the lines of one, from other things summed."""

    prefix: str


def over_parts(node: c.Node, scope: Scope) -> Sym:
    """The sum over all parts of what ``node`` totals."""
    part, parts = _part(node.partition, scope)
    ref = c.Ref(node.previous, node.quantity, "", node.type)
    found = translated(ref, Place(part))
    space = scope.asking.space
    stops: Stops = {
        reason: any_of_every(space, parts, when) for reason, when in flattened(found.stops).items()
    }
    for fold in list(folds(space).found):
        if fold.lines is part.owner and fold.kind == "sum" and isinstance(fold.value, Number):
            over = sum_of_every(space, parts, True, fold.value)
            whole = sum_of_every(space, _lines_of(scope), True, fold.each)
            space.fact(numbers.equal(over, whole))
    if found.value is None:
        return Sym(None, stops)
    return Sym(sum_of_every(space, parts, True, found.value), stops)


def _lines_of(scope: Scope) -> object:
    """What the lines of a scope are known by."""
    return scope.owner if scope.owner is not None else scope.elements[LINES][0].facts


def _part(partition: str, scope: Scope) -> tuple[Scope, Portion]:
    """The part that stands for all of ``partition``, and what its sums are known by."""
    if partition not in scope.parts:
        made = scope.matter.partitions[partition]
        space = scope.asking.space
        name = space.fresh(f"部分 {partition}")
        part = Scope(scope.asking, scope.matter, scope.facts, {}, parent=scope)
        part.varies, part.partition = made.varies, partition
        part.owner = Portion(f"{name}.")
        part.elements = {
            collection: [
                Element(part, collection, e.facts, e.present, up=e,
                        owner=part.owner if collection == LINES else e.owner)
                for e in elements
            ]
            for collection, elements in scope.elements.items()
        }  # fmt: skip
        keys = _keys(made, scope, f"{name}.{LINES}.")
        place = Place(scope, keys=keys)
        for changed, core in made.overrides.items():
            part.overrides[changed] = lambda core=core: translated(core, place)  # type: ignore[misc]
        for quantity, whole, _ in made.spread:
            part.overrides[quantity] = lambda q=quantity, w=whole: _left(name, q, w, scope)  # type: ignore[misc]
        scope.parts[partition] = part, Portion(f"{name} 各部分.")
    found: tuple[Scope, Portion] = scope.parts[partition]
    return found


def _keys(made: c.PartitionOf, scope: Scope, prefix: str) -> dict[str, Symbolic]:
    """The keys of a part: those of some line."""
    any_line = scope.elements[made.collection][0]
    facts = Facts(scope.program, scope.asking.space, prefix, any_line.facts.declared,
                  any_line.facts.tested, scope.asking.complete)  # fmt: skip
    place = Place(scope, _element(scope, made.collection, facts))
    return {name: translated(core, place).value for name, core in made.keys}


def _element(scope: Scope, collection: str, facts: Facts) -> Element:
    """An element in a scope and in all that it is a part of."""
    up = None if scope.parent is None else _element(scope.parent, collection, facts)
    return Element(scope, collection, facts, up=up)


def _left(name: str, quantity: str, whole: c.Ref, scope: Scope) -> Sym:
    """What the parts before left of an amount spread over them: from nothing to all of it."""
    space, found = scope.asking.space, value_of(whole.node, Place(scope))
    left = unknown(f"{name}.{quantity}", whole.type, scope.program, space, signed=True)
    zero = constant(0)
    space.fact(numbers.below(zero, left, True))
    if found.value is not None:
        space.fact(implies(numbers.below(zero, found.value, True),
                           numbers.below(left, found.value, True)))  # fmt: skip
        space.fact(implies(numbers.below(found.value, zero, True), numbers.equal(left, zero)))
    space.approximate(
        f"依次分摊 {quantity}", "what earlier parts left of an amount is any part of it"
    )
    return Sym(left, gather((True, found.stops)))
