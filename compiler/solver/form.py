"""The solver's form of a matter: what a claim gives as variables, what it comes to as terms."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from attrs import Factory, define

from tiaowen.compiler import core as c
from tiaowen.compiler.core import LINES, Value
from tiaowen.compiler.solver import collections_of as _collections_of  # registers its forms
from tiaowen.compiler.solver import lookup as _lookup
from tiaowen.compiler.solver import past as _past
from tiaowen.compiler.solver.deciding import decide
from tiaowen.compiler.solver.expressions import translated, value_of
from tiaowen.compiler.solver.facts import Facts, Given, line_adds_up, priced, stay_in_order
from tiaowen.compiler.solver.formulas import Truth, both, either, formula, negation
from tiaowen.compiler.solver.kinds import Symbolic
from tiaowen.compiler.solver.places import (
    Asking,
    Element,
    Place,
    Reason,
    Scope,
    Sym,
)
from tiaowen.compiler.solver.space import Approximation, Space
from tiaowen.compiler.solver.sums import lemmas
from tiaowen.compiler.walk import every, parts

if TYPE_CHECKING:
    from tiaowen.compiler.solver.invariants import Invariants
    from tiaowen.compiler.solver.witness import Witness

DEEPEST = 20_000
"""Python frames that a translation may take: expressions nest as deep as rules refer."""
_FORMS = _collections_of, _lookup, _past


@define(eq=False)
class Form:
    """One symbolic claim of a matter.

    ``outputs`` are the interface's lines that rules decide, as symbolic values; ``stops`` says
    of each reason when it keeps the claim from being decided.
    """

    program: c.Program
    matter: c.Matter
    asking: Asking
    facts: Facts
    scope: Scope
    outputs: dict[str, Symbolic] = Factory(dict)
    output_fails: dict[str, Truth] = Factory(dict)
    stops: dict[Reason, Truth] = Factory(dict)

    @property
    def space(self) -> Space:
        return self.asking.space

    @property
    def inputs(self) -> dict[str, Given]:
        """The facts of the claim that it asks for, by name."""
        return self.facts.all

    @property
    def lines(self) -> dict[str, list[Element]]:
        """The elements of each collection: those there may be, or one that stands for all."""
        return self.scope.elements

    @property
    def decided(self) -> Truth:
        """When every output is worked out, with the grounds of exclusion and the duties."""
        return negation(either(*self.stops.values()))

    @property
    def of_matter(self) -> Truth:
        """When the claim is of the matter."""
        if self.matter.condition is None:
            return True
        with deep():
            found = translated(self.matter.condition, Place(self.scope))
        return both(negation(found.fails), False if found.value is None else found.value)

    @property
    def assumptions(self) -> dict[str, Truth]:
        """What is taken for granted of the claim, by name."""
        return self.asking.assumed

    @property
    def constraints(self) -> list[Any]:
        """All that is known of the variables, as the solver takes it; with the other copies'."""
        with deep():
            _settled_facts(self)
            lemmas(self.space)
        return [
            *self.space.facts,
            *(formula(t) for t in self.assumptions.values() if t is not True),
        ]

    @property
    def approximations(self) -> tuple[Approximation, ...]:
        """What the solver is told only facts about."""
        return tuple(self.space.approximations.values())

    def value(self, quantity: str) -> Sym:
        """Any quantity of the matter, by name, in its last state."""
        with deep():
            return value_of(self.matter.final["", quantity], Place(self.scope))

    def property(self, condition: c.Core) -> Sym:
        """A condition over the matter's quantities: one that a 性质 states."""
        with deep():
            return translated(condition, Place(self.scope))

    def claim(self, model: Any) -> Witness:
        """The claim that a model of the solver (or a ``Valuation``) says, with its past."""
        from tiaowen.compiler.solver.evaluating import Valuation
        from tiaowen.compiler.solver.witness import witness

        given = model if isinstance(model, Valuation) else Valuation(self.space, model)
        with deep():
            return witness(self, given)

    def reason(self, code: str) -> Truth:
        """When the claim stops for a reason of this code."""
        return either(*(when for reason, when in self.stops.items() if reason.code == code))


@contextmanager
def deep() -> Iterator[None]:
    """Room for expressions that nest deep."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def translate(
    program: c.Program,
    matter: str,
    *,
    readings: Mapping[str, Value] | None = None,
    open_readings: Iterable[str] = (),
    parameters: Mapping[str, Any] | None = None,
    missing_parameters: Iterable[str] = (),
    lines: int | None = None,
    complete: bool = True,
    parts: bool = False,
    prefix: str = "",
    share: Form | None = None,
    vary: Iterable[str] = (),
    invariants: Invariants | None = None,
) -> Form:
    """A claim of ``matter`` as variables, and what comes of it.

    ``parameters`` are given as an engine takes them (``value`` or ``rows``); those that nobody
    gives may be anything within their bounds, or, named in ``missing_parameters``, are missing.
    ``open_readings`` may be read either way. ``lines`` bounds how many elements each collection
    has; None lets there be any number. ``complete`` claims give every fact that has no default,
    unless a rule asks whether it is given. Claims of any number of lines may with ``parts`` fall
    into any number of parts, which takes minutes to make lemmas of where partitions nest; else a
    claim is assumed to be one part. ``share`` is a form whose facts, except those named in
    ``vary`` (fields, or a collection), this claim has too. ``invariants`` are those that
    ``invariants.invariants`` proved of every past; nothing else is taken for granted.
    """
    space = share.space if share is not None else Space()
    asking = Asking(
        program, space, readings or {}, parameters or {}, frozenset(open_readings),
        frozenset(missing_parameters), lines, complete, parts and lines is None,
    )  # fmt: skip
    if invariants is not None:
        asking.not_negative, asking.limits = invariants.not_negative, invariants.limits
        asking.assumed = dict.fromkeys(invariants.assumptions, True)
    if share is not None:
        asking.assumed = share.asking.assumed
    tested = _tested(program)
    varied = frozenset(vary)
    facts = Facts(program, space, prefix, program.fields, tested.get("", frozenset()), complete,
                  share.facts if share is not None else None, varied)  # fmt: skip
    scope = Scope(asking, program.matters[matter], facts, {})
    for name in program.collections:
        if share is not None and name not in varied:
            scope.elements[name] = _copies(name, scope, share, prefix, varied)
        else:
            scope.elements[name] = _elements(name, scope, tested.get(name, frozenset()), prefix)
    form = Form(program, program.matters[matter], asking, facts, scope)
    with deep():
        decide(form)
        _settled_facts(form)
    return form


def _copies(
    name: str, scope: Scope, share: Form, prefix: str, varied: frozenset[str]
) -> list[Element]:
    """The elements of the claim that this one is a copy of, with other values of the fields that
    vary in them."""
    own = frozenset(v.removeprefix(f"{name}.") for v in varied if v.startswith(f"{name}."))
    made: list[Element] = []
    for element in share.scope.elements[name]:
        facts = element.facts
        if own:
            facts = Facts(facts.program, facts.space, f"{prefix}{facts.prefix}", facts.declared,
                          facts.tested, facts.complete, facts, own)  # fmt: skip
        made.append(Element(scope, name, facts, element.present))
    return made


def _elements(name: str, scope: Scope, tested: frozenset[str], prefix: str) -> list[Element]:
    asking = scope.asking
    declared = asking.program.collections[name].fields
    made: list[Element] = []
    before: Truth = True
    for index in range(1 if asking.most is None else asking.most):
        place = f"{prefix}{name}." if asking.most is None else f"{prefix}{name}[{index}]."
        facts = Facts(asking.program, asking.space, place, declared, tested, asking.complete)
        present: Truth = True
        if asking.most is not None:
            present = asking.space.truth(f"{prefix}{name}[{index}]?")
            asking.space.fact(either(negation(present), before))
        before = present
        made.append(Element(scope, name, facts, present))
    return made


def _tested(program: c.Program) -> dict[str, frozenset[str]]:
    """The fields of each level whose presence some rule asks for."""
    found: dict[str, set[str]] = {}
    holders: list[Any] = [*program.nodes.values()]
    for matter in program.matters.values():
        holders += [*matter.duties, *matter.properties, *matter.calls.values(),
                    *matter.partitions.values(), *matter.functions.values()]  # fmt: skip
    cores = [core for holder in holders for core in _cores(holder)]
    cores += [m.condition for m in program.matters.values() if m.condition is not None]
    for core in cores:
        for part in every(core):
            if isinstance(part, c.IsGiven):
                found.setdefault(part.level, set()).add(part.name)
    return {level: frozenset(names) for level, names in found.items()}


def _cores(holder: Any) -> Iterator[c.Core]:
    from tiaowen.compiler.assembled import expressions

    yield from expressions(holder) if isinstance(holder, c.Node) else parts(holder)


def _settled_facts(form: Form) -> None:
    """What the facts of a claim say of each other, and what is known of the past, for those asked
    for so far."""
    kept = form.space.kept.setdefault("settled", {})
    assert isinstance(kept, dict)
    asking = form.asking
    for truth in _past.known_of(asking.domains, asking.not_negative, asking.limits):
        if not isinstance(truth, bool) and kept.setdefault(truth.get_id(), truth) is truth:
            form.space.fact(truth)
    holders: list[tuple[Facts, Callable[[Facts], None]]] = [(form.facts, stay_in_order)]
    holders += [(line.facts, line_adds_up) for line in form.lines.get(LINES, ())]
    for facts, settle in holders:
        size = len(facts.all)
        if kept.get(id(facts)) != size:
            kept[id(facts)] = size
            settle(facts)
            if settle is line_adds_up:
                priced(facts, form.space.applications("product"))
