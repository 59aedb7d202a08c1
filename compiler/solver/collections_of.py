"""The translation of what runs over the elements of a collection.

Where a claim has at most so many elements each is there or not, and every fold is exact. Where
it may have any number, one element stands for all: a sum is a value of its own, known by what is
summed, and ``sums.py`` says what follows for the sums from what holds of every element.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.dates import as_date, longest_gap, month_first, runs
from tiaowen.compiler.solver import kinds, numbers
from tiaowen.compiler.solver.arithmetic import Arithmetic
from tiaowen.compiler.solver.expressions import form, translated
from tiaowen.compiler.solver.formulas import Truth, both, either, implies, negation
from tiaowen.compiler.solver.kinds import Symbolic, Unsupported
from tiaowen.compiler.solver.numbers import constant
from tiaowen.compiler.solver.places import (
    Element,
    Place,
    Stops,
    Sym,
    flattened,
    gather,
)
from tiaowen.compiler.solver.space import Auxiliary
from tiaowen.compiler.solver.sums import any_of_every, extreme_of_every, sum_of_every


def _read(core: c.Aggregate, place: Place, element: Element) -> tuple[Truth, Sym]:
    """Whether an element is taken in, and the value read in it, with the stops of both."""
    inside = evolve(place, element=element, around=place, argument=None)
    taken: Truth = element.present
    stops: Stops = {}
    if core.where is not None:
        where = translated(core.where, inside)
        stops = gather((taken, where.stops))
        taken = both(taken, False if where.value is None else where.value)
    if core.body is None or taken is False:
        return taken, Sym(None, stops)
    body = translated(core.body, inside)
    return taken, Sym(body.value, gather((True, stops), (taken, body.stops)))


@form(c.Aggregate)
def _aggregate(core: c.Aggregate, place: Place) -> Sym:
    elements = place.scope.elements.get(core.collection, [])
    read = [_read(core, place, element) for element in elements]
    if place.scope.asking.most is None:
        return _of_every(core, place, elements[0], *read[0])
    stops = gather(*((True, one.stops) for _, one in read))
    taken = [(truth, one.value) for truth, one in read if truth is not False]
    if core.kind == "count":
        return Sym(_sum([(truth, constant(1)) for truth, _ in taken]), stops)
    if core.kind == "sum":
        return Sym(_sum([(truth, value) for truth, value in taken if value is not None]), stops)
    if core.kind == "any":
        return Sym(either(*(both(truth, value) for truth, value in taken if value is not None)),
                   stops)  # fmt: skip
    if core.kind == "all":
        return Sym(both(*(implies(t, value) for t, value in taken if value is not None)), stops)
    none = negation(either(*(truth for truth, _ in taken)))
    stops = gather((True, stops), (True, {place.reason("TW0503", core.collection): none}))
    values = [(truth, value) for truth, value in taken if value is not None]
    if not values:
        return Sym(None, stops)
    chosen = kinds.choose(values) if core.kind == "first" else _extreme(core.kind, values, place)
    return Sym(chosen, stops)


def _sum(values: list[tuple[Truth, Symbolic]]) -> Symbolic:
    total = zero = constant(0)
    for truth, value in values:
        total = numbers.plus(total, kinds.choose([(truth, value), (True, zero)]))
    return total


def _extreme(kind: str, values: list[tuple[Truth, Symbolic]], place: Place) -> Symbolic:
    """The highest or lowest of the values that are there."""
    arithmetic = Arithmetic(place.scope.asking.space)
    there, best = values[0]
    for truth, value in values[1:]:
        better = (
            arithmetic.highest(best, value) if kind == "max" else arithmetic.lowest(best, value)
        )
        best = kinds.choose([(both(there, truth), better), (truth, value), (True, best)])
        there = either(there, truth)
    return best


def _of_every(core: c.Aggregate, place: Place, element: Element, taken: Truth, read: Sym) -> Sym:
    """A fold over any number of elements, from what one of them reads."""
    space = place.scope.asking.space
    lines = element.facts if element.owner is None else element.owner
    stops: Stops = {
        reason: any_of_every(space, lines, when) for reason, when in flattened(read.stops).items()
    }
    if core.kind == "count":
        return Sym(sum_of_every(space, lines, taken, constant(1)), stops)
    if core.kind == "sum":
        value = constant(0) if read.value is None else read.value
        return Sym(sum_of_every(space, lines, taken, value), stops)
    if core.kind == "any":
        return Sym(any_of_every(space, lines, both(taken, read.value)), stops)
    if core.kind == "all":
        return Sym(negation(any_of_every(space, lines, both(taken, negation(read.value)))), stops)
    if read.value is None:
        return Sym(None, stops)
    some = any_of_every(space, lines, taken)
    own: Stops = {place.reason("TW0503", core.collection): negation(some)}
    value = extreme_of_every(place.scope.asking, lines, core, taken, read.value)
    return Sym(value, gather((True, stops), (True, own)))


# --- shares


@form(c.Share)
def _share(core: c.Share, place: Place) -> Sym:
    if place.scope.asking.most is None:
        raise Unsupported("a share among any number of elements")
    total = translated(core.total, place)
    elements = place.scope.elements[core.collection]
    weights = [
        (e, translated(core.weight, evolve(place, element=e, around=place, argument=None)))
        for e in elements
    ]
    stops = gather((True, total.stops), *((e.present, w.stops) for e, w in weights))
    before = upto = constant(0)
    whole = _sum([(e.present, w.value) for e, w in weights])
    for element, weight in weights:
        if element is place.element:
            upto = numbers.plus(before, weight.value)
            break
        before = numbers.plus(before, _sum([(element.present, weight.value)]))
    if core.kind == "in_order":
        reached, used = (numbers.extreme((total.value, x), False) for x in (upto, before))
        return Sym(numbers.minus(reached, used), stops)
    arithmetic = Arithmetic(place.scope.asking.space)
    nothing = numbers.equal(whole, constant(0))
    running = [
        numbers.rounded(arithmetic.over(arithmetic.times(total.value, part), whole) or constant(0))
        for part in (upto, before)
    ]
    shared = numbers.minus(running[0], running[1])
    return Sym(kinds.choose([(nothing, constant(0)), (True, shared)]), stops)


@form(c.Months)
def _months(core: c.Months, place: Place) -> Sym:
    """Months in a row or missing: any number of them, exact where a model says which days."""
    space = place.scope.asking.space
    if place.scope.asking.most is None:
        raise Unsupported("months in a row of any number of days")
    fold = c.Aggregate("first", core.collection, core.body, core.where, core.type)
    read = [_read(fold, place, e) for e in place.scope.elements[core.collection]]
    ends = {name: translated(end, place) for name, end in (("start", core.start), ("end", core.end))
            if end is not None}  # fmt: skip
    stops = gather(
        *((True, one.stops) for _, one in read), *((True, e.stops) for e in ends.values())
    )
    found = [(truth, one.value) for truth, one in read if one.value is not None]
    operands = (*(part for pair in found for part in pair), *(e.value for e in ends.values()))
    if any(operand is None for operand in operands):
        return Sym(None, stops)

    def meaning(*given: Any) -> int:
        pairs = zip(given[: 2 * len(found) : 2], given[1 : 2 * len(found) : 2], strict=True)
        days = sorted(as_date(day) for there, day in pairs if there)
        bounds = dict(zip(ends, map(as_date, given[2 * len(found) :]), strict=True))
        start, end = bounds.get("start"), bounds.get("end")
        return longest_gap(days, start, end) if core.kind == "gap" else _run(days, end)

    name = space.fresh("months")
    counted = numbers.of_term(space.integer(name), low=Fraction(0))
    space.fact(numbers.below(constant(0), numbers.of_term(space.integer(name)), True))
    space.approximate("月份", "months in a row, or missing, are not counted")
    space.auxiliaries.append(Auxiliary(name, operands, counted, meaning))
    return Sym(counted, stops)


def _run(days: list[date], end: date | None) -> int:
    """The months of the run that ends with the month of ``end``."""
    assert end is not None
    found = runs(days, None, end)
    return found[-1].months if found and found[-1].last == month_first(end) else 0
