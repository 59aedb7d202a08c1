"""The translation of nodes: definitions, amendments, totals over parts, and their rounding."""

from __future__ import annotations

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.solver import kinds, numbers
from tiaowen.compiler.solver.expressions import branches, translated
from tiaowen.compiler.solver.facts import unknown
from tiaowen.compiler.solver.formulas import Truth, both, either, implies, negation
from tiaowen.compiler.solver.kinds import Symbolic
from tiaowen.compiler.solver.places import NodeKey, Place, Reason, Scope, Stops, Sym, gather
from tiaowen.compiler.types import MONEY, Type

ROUNDING, ROUND_RESULTS = "舍入", "末位舍入"


def worked_out(identity: str, place: Place) -> Sym:
    """The value of node ``identity``; its stops stand under its own key."""
    scope = place.scope
    node = scope.program.nodes[identity]
    if scope.parent is not None and identity not in scope.varies:
        up = place.element.up if place.element is not None else None
        return worked_out(identity, evolve(place, scope=scope.parent, element=up))
    if not node.level and node.quantity in scope.overrides and node.matter == scope.matter.name:
        return scope.overridden(node.quantity)
    memo = scope.memo
    if node.level:
        assert place.element is not None
        memo = place.element.memo
    if identity not in memo:
        found = _node(node, evolve(place, argument=None, around=None, node=node))
        found = Sym(_rounded(found.value, node, scope), found.stops)
        fails = found.fails
        key = NodeKey(identity, found)
        memo[identity] = Sym(found.value, {} if fails is False else {key: fails})
    return memo[identity]


def _rounded(value: Symbolic, node: c.Node, scope: Scope) -> Symbolic:
    if node.type != MONEY or not isinstance(value, numbers.Number):
        return value
    asking = scope.asking
    if not node.result and ROUNDING in asking.open_readings:
        kind = Type(ROUNDING, "reading")
        chosen = unknown(f"口径 {ROUNDING}", kind, asking.program, asking.space)
        exact = kinds.among(chosen, {ROUND_RESULTS}, ())
        return kinds.choose([(exact, value), (True, numbers.rounded(value))])
    if asking.readings.get(ROUNDING) == ROUND_RESULTS and not node.result:
        return value
    return numbers.rounded(value)


def _node(node: c.Node, place: Place) -> Sym:
    if node.kind == "define":
        return _first(node, place) if node.disjoint else _only(node, place)
    if node.kind == "total":
        return _total(node, place)
    previous = c.Ref(node.previous, node.quantity, node.level, node.type)
    assert node.amended is not None
    if node.condition is None:
        return translated(node.amended, place)
    condition = translated(node.condition, place)
    if condition.value is None:
        return condition
    sides: list[tuple[Truth, c.Core]] = [(condition.value, node.amended),
                                         (negation(condition.value), previous)]  # fmt: skip
    return branches(condition.stops, sides, place)


def _first(node: c.Node, place: Place) -> Sym:
    """The definition that holds, where no two do: conditions are read until one holds."""
    stops: Stops = {}
    sides: list[tuple[Truth, c.Core]] = []
    left: Truth = True
    for alternative in node.alternatives:
        if left is False:
            break
        holds, found = _holds(alternative, place)
        stops = gather((True, stops), (left, found))
        here = both(left, holds)
        if alternative.value is None:
            stops = gather((True, stops), (True, {_unprovided(node, alternative): here}))
        else:
            sides.append((here, alternative.value))
        left = both(left, negation(holds))
    stops = gather((True, stops), (True, {_gap(node): left}))
    return branches(stops, sides, place)


def _only(node: c.Node, place: Place) -> Sym:
    """The definition that holds; two that do, or a 无规定 that does, stop."""
    holding = [(a, *_holds(a, place)) for a in node.alternatives]
    stops = gather(*((True, found) for _, _, found in holding))
    silent = either(*(holds for a, holds, _ in holding if a.value is None))
    for alternative, holds, _ in holding:
        if alternative.value is None:
            stops = gather((True, stops), (True, {_unprovided(node, alternative): holds}))
    valued = [(holds, a.value) for a, holds, _ in holding if a.value is not None]
    none = negation(either(silent, *(holds for holds, _ in valued)))
    twice = either(*(both(x, y) for i, (x, _) in enumerate(valued) for y, _ in valued[i + 1 :]))
    articles = tuple(dict.fromkeys(a.rule.article for a in node.alternatives if a.rule.article))
    several = Reason("TW0504", node.id, node.quantity, articles)
    stops = gather((True, stops), (True, {_gap(node): none, several: twice}))
    before: Truth = silent
    sides: list[tuple[Truth, c.Core]] = []
    for holds, core in valued:
        sides.append((both(holds, negation(before)), core))
        before = either(before, holds)
    return branches(stops, sides, place)


def _holds(alternative: c.Alternative, place: Place) -> tuple[Truth, Stops]:
    if alternative.condition is None:
        return True, {}
    found = translated(alternative.condition, place)
    return (False if found.value is None else found.value), found.stops


def _unprovided(node: c.Node, alternative: c.Alternative) -> Reason:
    return Reason("TW0503", node.id, node.quantity, (alternative.rule.article,),
                  alternative.reason or "无规定")  # fmt: skip


def _gap(node: c.Node) -> Reason:
    rules = [a.rule for a in node.alternatives] or ([node.rule] if node.rule else [])
    articles = tuple(dict.fromkeys(rule.article for rule in rules if rule.article))
    return Reason("TW0503", node.id, node.quantity, articles)


# --- parts


def _total(node: c.Node, place: Place) -> Sym:
    """A total over parts; unless parts are asked for, a claim is assumed to be one."""
    scope = place.scope
    previous = c.Ref(node.previous, node.quantity, node.level, node.type)
    if scope.within(node.partition):
        return translated(previous, place)
    if scope.asking.parts:
        return _total_of_any(node, previous, place)
    name = f"部分 {scope.matter.name}.{node.partition}"
    if f"{name} {id(scope)}" not in scope.memo:
        whole = one_part(node.partition, scope)
        scope.memo[f"{name} {id(scope)}"] = Sym(whole.value, whole.stops)
        assumed = scope.asking.assumed
        assumed[name] = both(assumed.get(name, True), whole.value)
    known = scope.memo[f"{name} {id(scope)}"]
    found = translated(previous, place)
    return Sym(found.value, gather((True, known.stops), (True, found.stops)))


def _total_of_any(node: c.Node, previous: c.Ref, place: Place) -> Sym:
    """A total where any number of lines falls into any number of parts, or is left whole."""
    from tiaowen.compiler.solver.portions import over_parts

    scope = place.scope
    key = f"一部分 {node.partition}"
    if key not in scope.memo:
        scope.memo[key] = one_part(node.partition, scope)
    whole = scope.memo[key]
    left = translated(previous, place)
    if whole.value is True:
        return Sym(left.value, gather((True, whole.stops), (True, left.stops)))
    divided = over_parts(node, scope)
    stops = gather((True, whole.stops), (whole.value, left.stops),
                   (negation(whole.value), divided.stops))  # fmt: skip
    return Sym(kinds.choose([(whole.value, left.value), (True, divided.value)]), stops)


def one_part(partition: str, scope: Scope) -> Sym:
    """Whether a partition leaves a claim whole: its condition does not hold, or all lines have
    the same key and nothing is different in their part. Of any number of lines this may be."""
    made, place = scope.matter.partitions[partition], Place(scope)
    condition = Sym(True) if made.condition is None else translated(made.condition, place)
    if condition.value is None or condition.value is False:
        return Sym(True, condition.stops)
    if scope.asking.most is None:
        space = scope.asking.space
        uniform = space.truth(space.fresh(f"一部分 {partition}"))
        space.approximate(f"分部 {partition}", "whether all lines fall in one part is left open")
        return Sym(either(negation(condition.value), uniform), condition.stops)
    lines = scope.elements[made.collection]
    uniform = True
    stops: Stops = {}
    keys: dict[str, Symbolic] = {}
    for line in lines:
        here = evolve(place, element=line)
        found = {name: translated(core, here) for name, core in made.keys}
        stops = gather((True, stops), *((line.present, one.stops) for one in found.values()))
        if not keys:
            keys = {name: one.value for name, one in found.items()}
        alike = both(*(kinds.equal(keys[name], one.value) for name, one in found.items()))
        uniform = both(uniform, implies(line.present, alike))
    if lines:
        inside = evolve(place, keys=keys)
        for name, core in made.originals.items():
            same = kinds.equal(translated(core, place).value,
                               translated(made.overrides[name], inside).value)  # fmt: skip
            uniform = both(uniform, implies(lines[0].present, same))
    whole = either(negation(condition.value), uniform)
    return Sym(whole, gather((True, condition.stops), (condition.value, stops)))
