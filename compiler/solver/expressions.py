"""The translation of expressions, one function per kind, in the order of the interpreter.

What the interpreter looks at only if it must is guarded here by the condition on which it does.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any, TypeAlias

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.solver import kinds
from tiaowen.compiler.solver.arithmetic import Arithmetic
from tiaowen.compiler.solver.facts import unknown
from tiaowen.compiler.solver.formulas import Truth, both, chosen_truth, negation
from tiaowen.compiler.solver.kinds import Grounds, Options, Unsupported
from tiaowen.compiler.solver.numbers import of_cases
from tiaowen.compiler.solver.places import Element, Place, Reason, Scope, Stops, Sym, gather

Translation: TypeAlias = Callable[[Any, Place], Sym]

_FORMS: dict[type, Translation] = {}


def form(kind: type) -> Callable[[Translation], Translation]:
    """Say how expressions of class ``kind`` are translated."""

    def register(translation: Translation) -> Translation:
        _FORMS[kind] = translation
        return translation

    return register


def translated(core: c.Core, place: Place) -> Sym:
    """``core`` read at ``place``. What has no translation becomes a value of its own."""
    try:
        return _FORMS[type(core)](core, place)
    except Unsupported as found:
        return abstracted(core, place, found.reason)


def abstracted(core: c.Core, place: Place, why: str) -> Sym:
    """``core`` as a value of its type that may be any, and may stop."""
    asking = place.scope.asking
    kind = type(core).__name__
    name = asking.space.fresh(kind)
    asking.space.approximate(f"{kind} {why}", why)
    stopped = asking.space.truth(f"{name}?")
    reason = Reason("unsupported", name=why)
    if core.type.name == "理由":
        value: Any = Grounds(((asking.space.truth(name), why),))
    else:
        value = unknown(name, core.type, asking.program, asking.space)
    return Sym(value, {reason: stopped})


# --- nodes


def value_of(identity: str, place: Place) -> Sym:
    """The value of a node, as a use of it sees it: its stops are the node's own."""
    from tiaowen.compiler.solver.nodes import worked_out

    return worked_out(identity, place)


@form(c.Constant)
def _constant(core: c.Constant, place: Place) -> Sym:
    return Sym(kinds.known(core.value, core.type, place.scope.asking.space.texts))


@form(c.Ref)
def _ref(core: c.Ref, place: Place) -> Sym:
    if place.past is not None:
        return Sym(place.past.value(core.quantity, core.type))
    if core.past:
        identity = place.scope.matter.final.get((core.level, core.quantity), core.node)
        return value_of(identity, place)
    return value_of(core.node, place if core.level else evolve(place, element=None))


@form(c.Field)
def _field(core: c.Field, place: Place) -> Sym:
    scope = place.scope
    if place.past is not None:
        return Sym(place.past.value(core.name, core.type))
    if core.level:
        assert place.element is not None
        facts = place.element.facts
    elif core.name in scope.overrides:
        return scope.overridden(core.name)
    elif scope.parent is not None:
        return _field(core, evolve(place, scope=scope.parent))
    else:
        facts = scope.facts
    given, info = facts[core.name], facts.declared[core.name]
    if given.given is True:
        return Sym(given.value)
    if info.default is None:
        reason = place.reason("TW0501", core.name)
        return Sym(given.value, {reason: negation(given.given)})
    default = kinds.known(info.default, info.type, scope.asking.space.texts)
    return Sym(kinds.choose([(given.given, given.value), (True, default)]))


@form(c.IsGiven)
def _is_given(core: c.IsGiven, place: Place) -> Sym:
    if place.past is not None:
        return Sym(place.past.given(core.name))
    if core.level:
        assert place.element is not None
        return Sym(place.element.facts[core.name].given)
    whole = place.scope
    while whole.parent is not None:
        whole = whole.parent
    return Sym(core.name in whole.overrides or whole.facts[core.name].given)


@form(c.ReadingRef)
def _reading(core: c.ReadingRef, place: Place) -> Sym:
    asking = place.scope.asking
    if core.name in asking.open_readings:
        return Sym(unknown(f"口径 {core.name}", core.type, asking.program, asking.space))
    chosen = asking.readings.get(core.name, asking.program.readings[core.name].default)
    return Sym(Options(((True, str(chosen)),)))


# --- operations


@form(c.Op)
def _op(core: c.Op, place: Place) -> Sym:
    found = [translated(operand, place) for operand in core.operands]
    stops = gather(*((True, one.stops) for one in found))
    if any(one.value is None for one in found):
        return Sym(None, stops)
    arithmetic = Arithmetic(place.scope.asking.space)
    value = arithmetic.operate(core.name, [one.value for one in found])
    own: Stops = {place.reason(code, core.name): when for code, when in arithmetic.stopped}
    return Sym(value, gather((True, stops), (True, own)))


@form(c.Logic)
def _logic(core: c.Logic, place: Place) -> Sym:
    left = translated(core.left, place)
    if left.value is None:
        return left
    decided = left.value if core.kind == "or" else negation(left.value)
    if decided is True:
        return left
    right = translated(core.right, place)
    stops = gather((True, left.stops), (negation(decided), right.stops))
    if right.value is None:
        return Sym(core.kind == "or", stops)
    value = chosen_truth(left.value, *((True, right.value) if core.kind == "or"
                                       else (right.value, False)))  # fmt: skip
    return Sym(value, stops)


@form(c.Choose)
def _choose(core: c.Choose, place: Place) -> Sym:
    condition = translated(core.condition, place)
    if condition.value is None:
        return condition
    sides = [(condition.value, core.then), (negation(condition.value), core.otherwise)]
    return branches(condition.stops, sides, place)


def branches(before: Stops, sides: list[tuple[Truth, c.Core]], place: Place) -> Sym:
    """Of several expressions the one whose guard holds; guards exclude one another."""
    taken = [(guard, translated(core, place)) for guard, core in sides if guard is not False]
    stops = gather((True, before), *((guard, one.stops) for guard, one in taken))
    return Sym(kinds.choose([(guard, one.value) for guard, one in taken]), stops)


@form(c.Among)
def _among(core: c.Among, place: Place) -> Sym:
    found = translated(core.operand, place)
    if found.value is None:
        return found
    return Sym(kinds.among(found.value, core.accepted, core.prefixes), found.stops)


@form(c.Reasons)
def _reasons(core: c.Reasons, place: Place) -> Sym:
    held: list[tuple[Truth, str]] = []
    stops: Stops = {}
    for condition, reason, _ in core.grounds:
        found = translated(condition, place)
        stops = gather((True, stops), (True, found.stops))
        if found.value is not None and found.value is not False:
            held.append((found.value, reason))
    if core.outer is not None:
        outer = translated(core.outer, place)
        stops = gather((True, stops), (True, outer.stops))
        held += outer.value.held if outer.value is not None else ()
    return Sym(Grounds(tuple(held)), stops)


# --- elsewhere


@form(c.Around)
def _around(core: c.Around, place: Place) -> Sym:
    assert place.around is not None
    return translated(core.body, place.around)


@form(c.Present)
def _present(core: c.Present, place: Place) -> Sym:
    assert place.asking is not None
    return translated(core.body, place.asking)


@form(c.Key)
def _key(core: c.Key, place: Place) -> Sym:
    return Sym(place.keys[core.name])


@form(c.Settled)
def _settled(core: c.Settled, place: Place) -> Sym:
    return value_of(core.node, Place(inner_scope(place.scope, core.call)))


def inner_scope(scope: Scope, identity: str) -> Scope:
    """The matter that stands in this one's place, under the changed facts."""
    if identity not in scope.inner:
        call = scope.matter.calls[identity]
        outer = Place(scope)
        overrides: dict[str, Callable[[], Sym]] = {
            name: partial(translated, core, outer) for name, core in call.overrides.items()
        }
        scope.inner[identity] = evolve_scope(scope, call.matter, overrides)
    return scope.inner[identity]


def evolve_scope(scope: Scope, matter: str, overrides: dict[str, Callable[[], Sym]]) -> Scope:
    """Another matter over the same claim."""
    made = Scope(scope.asking, scope.program.matters[matter], scope.facts, {}, overrides)
    made.elements = {
        name: [Element(made, name, e.facts, e.present) for e in elements]
        for name, elements in scope.elements.items()
    }
    return made


# --- scales


def _steps(scale: str, place: Place, found: Sym) -> tuple[list[tuple[Truth, int]], Truth]:
    """Where a level stands on a scale, and when it stands nowhere on it."""
    info = place.scope.program.enums[scale]
    standing: list[tuple[Truth, int]] = []
    outside: Truth = True
    for index, step in enumerate(info.steps):
        here = kinds.among(found.value, {step, *info.groups[step]}, ())
        standing.append((both(here, outside), index))
        outside = both(outside, negation(here))
    return standing, outside


@form(c.Rank)
def _rank(core: c.Rank, place: Place) -> Sym:
    found = translated(core.operand, place)
    if found.value is None:
        return found
    standing, outside = _steps(core.scale, place, found)
    stops = gather((True, found.stops), (True, {place.reason("TW0516", core.scale): outside}))
    cases = [(guard, Fraction(index)) for guard, index in standing if guard is not False]
    return Sym(of_cases([*cases, (outside, Fraction(0))]) if cases else None, stops)


@form(c.Step)
def _step(core: c.Step, place: Place) -> Sym:
    found, amount = translated(core.operand, place), translated(core.amount, place)
    if found.value is None or amount.value is None or not amount.value.cases:
        raise Unsupported("a step by an unknown number of levels")
    steps = place.scope.program.enums[core.scale].steps
    standing, outside = _steps(core.scale, place, found)
    stops = gather((True, found.stops), (True, amount.stops),
                   (True, {place.reason("TW0516", core.scale): outside}))  # fmt: skip
    moved = [
        (both(here, guard), steps[min(max(index + core.sign * int(by), 0), len(steps) - 1)])
        for here, index in standing
        for guard, by in amount.value.cases
    ]
    kept = [(guard, step) for guard, step in moved if guard is not False]
    return Sym(kinds.options([*kept, (outside, steps[0])]) if kept else None, stops)
