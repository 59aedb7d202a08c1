"""The translation of folds over a person's earlier decisions.

The past is not bounded. What several folds take in by the same test is one ``Domain``: whether
it holds anything, and a record of its last item, of which every name is a variable and the test
holds. A sum, count or highest value over it is a value of its own, equal for equal tests;
``invariants.py`` proves what is true of it. A sum is 0 where the domain holds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import Factory, define, evolve, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.solver import kinds, numbers
from tiaowen.compiler.solver.expressions import form, translated
from tiaowen.compiler.solver.facts import unknown
from tiaowen.compiler.solver.formulas import Truth, both, implies, negation, same_truth
from tiaowen.compiler.solver.kinds import Symbolic
from tiaowen.compiler.solver.numbers import Number, constant
from tiaowen.compiler.solver.places import Asking, Place, Stops, Sym, gather
from tiaowen.compiler.solver.space import Space
from tiaowen.compiler.types import Type
from tiaowen.compiler.walk import every


@define(eq=False)
class Record:
    """An earlier item as its figures: each name asked of it is a variable."""

    name: str
    matter: str
    asking: Asking
    values: dict[str, Symbolic] = Factory(dict)
    types: dict[str, Type] = Factory(dict)

    def value(self, name: str, kind: Type) -> Symbolic:
        if name not in self.values:
            self.types[name] = kind
            field = name in self.asking.program.fields
            made = unknown(f"{self.name}.{name}", kind, self.asking.program, self.asking.space,
                           signed=not field)  # fmt: skip
            self.values[name] = made
        return self.values[name]

    def given(self, name: str) -> Truth:
        return self.asking.space.truth(f"{self.name}.{name}?")


@define(eq=False)
class Domain:
    """The earlier items that a test takes in, as one claim asks: ``present`` are the values that
    the test reads in that claim. ``exists`` says whether there are any."""

    text: str
    fold: c.History
    present: tuple[Symbolic, ...]
    exists: Truth
    last: dict[str, Record]
    """matter -> the last item, where it is one of that matter"""
    of_matter: dict[str, Truth]
    folded: dict[str, tuple[c.History, Symbolic]] = Factory(dict)


@frozen(eq=False)
class _Read:
    domain: Domain
    stops: Stops


def domains(space: Space) -> list[Domain]:
    """The domains that ``space`` keeps."""
    kept = space.kept.setdefault("domains", [])
    assert isinstance(kept, list)
    return kept


@form(c.History)
def _history(core: c.History, place: Place) -> Sym:
    read = _domain(core, place)
    domain, stops = read.domain, read.stops
    if domain not in place.scope.asking.domains:
        place.scope.asking.domains.append(domain)
    if core.kind == "exists":
        return Sym(domain.exists, stops)
    if core.kind == "last":
        bodies = [
            (domain.of_matter[matter], translated(core.bodies[matter], _in(record, place)))
            for matter, record in domain.last.items()
        ]
        nothing: Stops = {place.reason("TW0503", core.text): negation(domain.exists)}
        read_stops = [(domain.exists, body.stops) for _, body in bodies]
        stops = gather((True, stops), *read_stops, (True, nothing))
        return Sym(kinds.choose([(guard, body.value) for guard, body in bodies]), stops)
    key = f"{core.kind} {_bodies(core)}"
    if key not in domain.folded:
        domain.folded[key] = core, _folded(core, domain, place)
    return Sym(domain.folded[key][1], stops)


def _in(record: Record, place: Place) -> Place:
    return evolve(place, past=record, asking=place, element=None, around=None)


def _bodies(core: c.History) -> str:
    return repr(sorted(core.bodies.items(), key=lambda item: item[0]))


def _folded(core: c.History, domain: Domain, place: Place) -> Number:
    """A sum, a count or a highest value over a domain: not negative, 0 where it is empty."""
    space = place.scope.asking.space
    name = f"{domain.text} {core.kind}"
    number = _amount(space.fresh(name), core, space)

    def make() -> Number:
        return number

    made: Number = space.application(fold_key(core), domain.present, make)  # fmt: skip
    if made is number:
        zero = constant(0)
        space.fact(implies(negation(domain.exists), numbers.equal(number, zero)))
        if core.kind == "count":
            space.fact(implies(domain.exists, numbers.below(zero, number, False)))
    return made


def known_of(
    asked: list[Domain], not_negative: frozenset[tuple[str, str]], limits: Mapping[str, int]
) -> Iterator[Truth]:
    """What follows for what is asked of the past from what is true of every past: (matter,
    quantity) that are not negative in a decision, limits of folds by their keys."""
    zero = constant(0)
    for domain in asked:
        for matter, record in domain.last.items():
            for name, value in record.values.items():
                if isinstance(value, Number) and (matter, name) in not_negative:
                    yield numbers.below(zero, value, True)
        for core, number in domain.folded.values():
            if core.kind in ("sum", "max") and all(
                isinstance(body, c.Field)
                or (isinstance(body, c.Ref) and (matter, body.quantity) in not_negative)
                for matter, body in core.bodies.items()
            ):
                yield numbers.below(zero, number, True)
            limit = limits.get(fold_key(core))
            if limit is not None:
                yield numbers.below(number, constant(limit), True)


def fold_key(core: c.History) -> str:
    """What tells a fold from others: what it takes in, and what it reads there."""
    return f"{core.kind} {_test(core)} {_bodies(core)}"


def _amount(name: str, core: c.History, space: Space) -> Number:
    if core.kind == "count":
        term = space.integer(name)
        space.fact(term >= 0)
        return Number((), term, low=Fraction(0))
    if core.type.name in ("比例", "单价", "数量", "时长", "百分点"):
        return Number((), space.real(name))
    return Number((), space.integer(name))


# --- domains


def _domain(core: c.History, place: Place) -> _Read:
    asking = place.scope.asking
    present = list(_present(core, place))
    stops = gather(*((True, one.stops) for one in present))
    values = tuple(one.value for one in present)
    test = _test(core)
    for domain in domains(asking.space):
        if _test(domain.fold) == test and all(map(kinds.same_symbolic, domain.present, values)):
            return _Read(domain, stops)
    return _Read(_made(core, values, place), stops)


def _test(core: c.History) -> str:
    wheres = sorted(core.wheres.items(), key=lambda item: item[0])
    return f"{core.yearly} {core.matters} {wheres!r}"


def _present(core: c.History, place: Place) -> Iterator[Sym]:
    """What the test of a fold reads in the claim that asks."""
    if core.year is not None:
        yield translated(core.year, place)
    for matter in core.matters:
        where = core.wheres.get(matter)
        for part in every(where) if where is not None else ():
            if isinstance(part, c.Present):
                yield translated(part.body, place)


def _made(core: c.History, present: tuple[Symbolic, ...], place: Place) -> Domain:
    asking = place.scope.asking
    space = asking.space
    name = space.fresh(f"既往 {core.text.split('(')[0]}")
    exists: Truth = space.truth(f"{name}?")
    of_matter: dict[str, Truth] = {}
    left: Truth = True
    for matter in core.matters[:-1]:
        of_matter[matter] = both(left, space.truth(f"{name} {matter}?"))
        left = both(left, negation(of_matter[matter]))
    of_matter[core.matters[-1]] = left
    last = {m: Record(f"{name} {m}" if len(core.matters) > 1 else name, m, asking)
            for m in core.matters}  # fmt: skip
    for earlier in domains(space):
        if _test(earlier.fold) == _test(core):
            alike = both(
                *(kinds.equal(a, b) for a, b in zip(earlier.present, present, strict=True))
            )
            space.fact(implies(alike, same_truth(exists, earlier.exists)))
    made = Domain(core.text, core, present, exists, last, of_matter)
    domains(space).append(made)
    _tested(core, made, place)
    return made


def _tested(core: c.History, domain: Domain, place: Place) -> None:
    """The last item of a domain passes its test."""
    space = place.scope.asking.space
    for matter, record in domain.last.items():
        guard = both(domain.exists, domain.of_matter[matter])
        inside = _in(record, place)
        where = core.wheres.get(matter)
        if where is not None:
            found: Any = translated(where, inside).value
            space.fact(implies(guard, False if found is None else found))
        if core.yearly and core.year is not None:
            year = translated(core.years[matter], inside).value
            space.fact(implies(guard, kinds.equal(year, translated(core.year, place).value)))
