"""The translation of what a policy looks up: tables, bands, open parameters."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.compiler.solver import kinds, numbers
from tiaowen.compiler.solver.expressions import branches, form, translated
from tiaowen.compiler.solver.facts import unknown
from tiaowen.compiler.solver.formulas import Truth, both, either, negation
from tiaowen.compiler.solver.kinds import Symbolic, Unsupported, Word
from tiaowen.compiler.solver.numbers import Number, constant
from tiaowen.compiler.solver.places import Place, Stops, Sym, gather


def within(value: Symbolic, bounds: c.RangeOf, place: Place) -> tuple[Truth, Stops]:
    """Whether a value lies in a range; its ends are read where they have to be."""
    holds: Truth = True
    stops: Stops = {}
    for end, closed, lowest in ((bounds.low, bounds.low_closed, True),
                                (bounds.high, bounds.high_closed, False)):  # fmt: skip
        if end is None:
            continue
        found = translated(end, place)
        stops = gather((True, stops), (holds, found.stops))
        if found.value is None:
            return False, stops
        pair = (found.value, value) if lowest else (value, found.value)
        holds = both(holds, kinds.ordered(*pair, closed=closed))
    return holds, stops


def accepts(matcher: c.RangeOf | c.AmongOf, value: Symbolic, place: Place) -> tuple[Truth, Stops]:
    """Whether a table cell accepts a key."""
    if isinstance(matcher, c.RangeOf):
        return within(value, matcher, place)
    return kinds.among(value, matcher.accepted, matcher.prefixes), {}


@form(c.Pick)
def _pick(core: c.Pick, place: Place) -> Sym:
    keys: dict[int, Sym] = {}
    stops: Stops = {}
    rows: list[tuple[Truth, c.Core]] = []
    none: Truth = True
    twice: Truth = False
    for row in core.rows:
        accepted: Truth = none if core.enumerable else True
        for index, matcher in enumerate(row.matchers):
            if matcher is None or accepted is False:
                continue
            if index not in keys:
                keys[index] = translated(core.keys[index], place)
            stops = gather((True, stops), (accepted, keys[index].stops))
            if keys[index].value is None:
                return Sym(None, stops)
            here, inside = accepts(matcher, keys[index].value, place)
            stops = gather((True, stops), (accepted, inside))
            accepted = both(accepted, here)
        rows.append((both(accepted, none), row.value))
        twice = either(twice, both(accepted, negation(none)))
        none = both(none, negation(accepted))
    name = "、".join(core.key_names)
    own: Stops = {place.reason("TW0503", name): none, place.reason("TW0504", name): twice}
    return branches(gather((True, stops), (True, own)), rows, place)


@form(c.Apply)
def _apply(core: c.Apply, place: Place) -> Sym:
    argument = translated(core.argument, place)
    if argument.value is None:
        return argument
    function = place.scope.matter.functions[core.function]
    found = translated(function.body, evolve(place, argument=argument.value))
    return Sym(found.value, gather((True, argument.stops), (True, found.stops)))


@form(c.Argument)
def _argument(core: c.Argument, place: Place) -> Sym:
    return Sym(place.argument)


# --- bands


@form(c.Bands)
def _bands(core: c.Bands, place: Place) -> Sym:
    low, high = translated(core.low, place), translated(core.high, place)
    stops = gather((True, low.stops), (True, high.stops))
    if low.value is None or high.value is None:
        return Sym(None, stops)
    table = place.scope.matter.functions[core.function].body
    assert isinstance(table, c.Pick)
    total = covered = zero = constant(0)
    for row in table.rows:
        accepted, bounds, read = _band(row, table, place)
        start, end = low.value, high.value
        for bound, highest in ((bounds.low, True), (bounds.high, False)):
            if bound is not None:
                at = translated(bound, place)
                read = gather((True, read), (True, at.stops))
                if highest:
                    start = numbers.extreme((start, at.value), True)
                else:
                    end = numbers.extreme((end, at.value), False)
        width = numbers.extreme((numbers.minus(end, start), zero), True)
        width = kinds.choose([(accepted, width), (True, zero)])
        ratio = translated(row.value, place)
        reached = numbers.below(zero, width, False)
        stops = gather((True, stops), (True, read), (reached, ratio.stops))
        paid = numbers.times(width, ratio.value)
        if paid is None:
            raise Unsupported("bands at unknown ratios")
        total, covered = numbers.plus(total, paid), numbers.plus(covered, width)
    asked = numbers.extreme((numbers.minus(high.value, low.value), zero), True)
    gap = negation(numbers.equal(covered, asked))
    return Sym(total, gather((True, stops), (True, {place.reason("TW0503", core.function): gap})))


def _band(row: c.PickRow, table: c.Pick, place: Place) -> tuple[Truth, c.RangeOf, Stops]:
    """Whether a band is of the other keys, its bounds, and what reading them stops on."""
    accepted: Truth = True
    bounds = c.RangeOf(None, None, True, True)
    stops: Stops = {}
    for matcher, key in zip(row.matchers, table.keys, strict=True):
        if isinstance(key, c.Argument):
            bounds = matcher if isinstance(matcher, c.RangeOf) else bounds
        elif matcher is not None:
            found = translated(key, place)
            stops = gather((True, stops), (accepted, found.stops))
            here, inside = accepts(matcher, found.value, place)
            stops = gather((True, stops), (accepted, inside))
            accepted = both(accepted, here)
    return accepted, bounds, stops


# --- open parameters


@form(c.ParameterRef)
def _parameter(core: c.ParameterRef, place: Place) -> Sym:
    asking = place.scope.asking
    given = asking.parameters.get(core.name)
    if given is None:
        if core.name in asking.missing_parameters:
            return Sym(None, {place.reason("TW0502", core.name): True})
        return _open(core, place)
    kind = asking.program.parameters[core.name].type
    if given.rows:
        found = _keyed(core, given.rows, kind, place)
    else:
        found = Sym(kinds.known(given.value, kind, asking.space.texts))
    if core.bounds is None or found.value is None:
        return found
    holds, stops = within(found.value, core.bounds, place)
    outside: Stops = {place.reason("TW0510", core.name): negation(holds)}
    return Sym(found.value, gather((True, found.stops), (True, stops), (True, outside)))


def _open(core: c.ParameterRef, place: Place) -> Sym:
    """A parameter that nobody gave: any value within its bounds, one for equal keys."""
    asking = place.scope.asking
    keys = [translated(key, place) for _, key in core.keys]
    stops = gather(*((True, key.stops) for key in keys))
    kind = asking.program.parameters[core.name].type
    name = f"参数 {core.name}"
    asking.space.kept.setdefault(name, core)

    def make() -> Symbolic:
        made = unknown(asking.space.fresh(name) if keys else name, kind, asking.program,
                       asking.space)  # fmt: skip
        if core.bounds is not None:
            holds, _ = within(made, core.bounds, place)
            asking.space.fact(holds)
        return made

    if any(key.value is None for key in keys):
        return Sym(None, stops)
    return Sym(asking.space.application(name, [key.value for key in keys], make), stops)


def _keyed(core: c.ParameterRef, rows: tuple[tuple[Mapping[str, str], Value], ...], kind: Any,
           place: Place) -> Sym:  # fmt: skip
    keys = dict(core.keys)
    read: dict[str, Sym] = {}
    stops: Stops = {}
    found: list[tuple[Truth, Symbolic]] = []
    left: Truth = True
    for wanted, value in rows:
        for name in wanted:
            if name not in read:
                read[name] = translated(keys[name], place)
                stops = gather((True, stops), (left, read[name].stops))
                if read[name].value is None:
                    return Sym(None, stops)
        here = both(*(_is_member(read[n].value, wanted[n], keys[n], place) for n in wanted))
        found.append((both(left, here), kinds.known(value, kind, place.scope.asking.space.texts)))
        left = both(left, negation(here))
    missing: Stops = {place.reason("TW0502", core.name): left}
    return Sym(kinds.choose(found), gather((True, stops), (True, missing)))


def _is_member(value: Symbolic, name: str, key: c.Core, place: Place) -> Truth:
    """Whether a key is the member, of the group, or of the code that a row is for."""
    kind, enums = key.type, place.scope.program.enums
    accepted: set[Value] = {name}
    for enum in filter(None, (enums.get(kind.name), enums.get(kind.base))):
        accepted |= enum.groups.get(name, frozenset())
        if enum.kind == "prefix" and name in enum.codes:
            return kinds.begins(value, enum.codes[name])
    if isinstance(value, Word) and value.code:
        plain = kinds.Word(numbers.as_term(constant(kinds.code_number(name)))[0], code=True)
        return kinds.equal(value, plain) if name.isdigit() else False
    if isinstance(value, Word):
        texts = place.scope.asking.space.texts
        return either(*(kinds.equal(value, kinds.known(str(a), kind, texts)) for a in accepted))
    if isinstance(value, Number):
        plain_number = Fraction(name) if name.replace("/", "").isdigit() else None
        return plain_number is not None and numbers.equal(value, constant(plain_number))
    if kind.name == "是否":
        return value if name == "True" else negation(value) if name == "False" else False
    return kinds.among(value, accepted, ())
