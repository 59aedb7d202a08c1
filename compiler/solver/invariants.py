"""What is true of a person's history whatever it holds, proved by induction.

Before anything is settled every total is 0. If a claim that is decided on a history of which the
candidates are true leaves them true, they are true of every history: an amount of an earlier
decision is not negative; the year's payments do not exceed what is left of their limit. A
candidate that a claim may break is dropped, and the rest are tried again without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import z3
from attrs import Factory, define, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import expressions
from tiaowen.compiler.core import Value
from tiaowen.compiler.solver import numbers
from tiaowen.compiler.solver.expressions import inner_scope, value_of
from tiaowen.compiler.solver.form import Form, deep, translate
from tiaowen.compiler.solver.formulas import Truth, both, either, formula
from tiaowen.compiler.solver.numbers import Number, constant
from tiaowen.compiler.solver.past import fold_key, known_of
from tiaowen.compiler.solver.places import Place, Sym
from tiaowen.compiler.walk import every

LIMIT = 300_000
"""What the solver may spend on one step of the induction (``rlimit``)."""


@frozen
class NotNegative:
    """``quantity`` of a decided claim of ``matter`` is not negative."""

    matter: str
    quantity: str


@frozen
class Capped:
    """What the fold ``key`` adds up is never more than ``limit`` 分."""

    key: str
    text: str
    limit: int


Invariant: TypeAlias = NotNegative | Capped


@frozen
class Invariants:
    """Those that were proved, and what was assumed of the claims they were proved of."""

    held: frozenset[Invariant]
    assumptions: tuple[str, ...] = ()

    @property
    def not_negative(self) -> frozenset[tuple[str, str]]:
        return frozenset((i.matter, i.quantity) for i in self.held if isinstance(i, NotNegative))

    @property
    def limits(self) -> dict[str, int]:
        """What a fold does not exceed, by its key."""
        return {i.key: i.limit for i in self.held if isinstance(i, Capped)}


Making: TypeAlias = Callable[[str], Form]


def invariants(
    program: c.Program,
    *,
    readings: Mapping[str, Value] | None = None,
    parameters: Mapping[str, Any] | None = None,
    limit: int = LIMIT,
) -> Invariants:
    """The invariants of the history of a person under ``program``, for any claims."""

    def make(matter: str) -> Form:
        return translate(program, matter, readings=readings, parameters=parameters)

    induction = _Induction(program, make, limit)
    held = induction.proved()
    return Invariants(held, tuple(dict.fromkeys(induction.assumed)))


_KNOWN: WeakKeyDictionary[c.Program, Invariants] = WeakKeyDictionary()


def usual_invariants(program: c.Program) -> Invariants:
    """The invariants under the readings that a policy has by default, proved once."""
    if program not in _KNOWN:
        _KNOWN[program] = invariants(program)
    return _KNOWN[program]


@define
class _Induction:
    program: c.Program
    make: Making
    limit: int
    folded: dict[str, c.History] = Factory(dict)
    assumed: list[str] = Factory(list)
    made: dict[str, tuple[Form, Any]] = Factory(dict)

    def proved(self) -> frozenset[Invariant]:
        """The candidates that are left when none is broken."""
        standing = frozenset(self._candidates())
        while standing:
            broken = {i for matter in self.program.matters for i in self._broken(matter, standing)}
            if not broken:
                break
            standing -= broken
        return standing

    def _candidates(self) -> set[Invariant]:
        found: set[Invariant] = set()
        for node in self.program.nodes.values():
            for part in (p for core in expressions(node) for p in every(core)):
                if isinstance(part, c.History):
                    found |= self._not_negative(part)
                elif isinstance(part, c.Op) and part.name == "subtract":
                    found |= self._capped(part)
        return found

    def _not_negative(self, fold: c.History) -> set[Invariant]:
        """The quantities that a fold reads in earlier decisions."""
        self.folded.setdefault(fold_key(fold), fold)
        return {
            NotNegative(matter, part.quantity)
            for matter, body in fold.bodies.items()
            for part in every(body)
            if isinstance(part, c.Ref) and part.type.name in ("金额", "数量", "比例")
        }

    def _capped(self, left: c.Op) -> set[Invariant]:
        """What is left of a limit: the limit less a sum of the year, or of ever."""
        limit, fold = left.operands
        if not isinstance(fold, c.History) or fold.kind != "sum":
            return set()
        for matter in fold.matters:
            value = self._constant(limit, matter)
            if value is not None:
                return {Capped(fold_key(fold), fold.text, value)}
        return set()

    def _constant(self, core: c.Core, matter: str) -> int | None:
        """An amount that is the same for every claim."""
        if isinstance(core, c.Constant) and isinstance(core.value, int):
            return core.value
        if isinstance(core, c.Ref) and not core.past:
            node = self.program.nodes[core.node]
            if len(node.alternatives) == 1 and node.alternatives[0].condition is None:
                value = node.alternatives[0].value
                return None if value is None else self._constant(value, matter)
        return None

    # --- one step

    def _broken(self, matter: str, standing: frozenset[Invariant]) -> set[Invariant]:
        """Those of ``standing`` that a claim of ``matter`` is not proved to leave true."""
        mine: dict[Invariant, Truth] = {}
        adding = [
            one for one in standing
            if isinstance(one, Capped) and matter in self.folded[one.key].matters
        ]  # fmt: skip
        amounts = [one for one in standing if isinstance(one, NotNegative) and one.matter == matter]
        inner = [
            (one, call.id)
            for call in self.program.matters[matter].calls.values()
            for one in standing
            if call.counted and isinstance(one, NotNegative) and one.matter == call.matter
        ]
        if not amounts and not adding and not inner:
            return set()
        form, solver = self._of(matter)
        mine |= {one: self._step(one, form) for one in amounts}
        mine |= {one: self._added(one, form, matter) for one in adding}
        for one, call in inner:
            mine[one] = both(mine.get(one, True), self._settled(one, form, call))
        assumed = Invariants(standing)
        solver.push()
        solver.add(*map(formula, known_of(form.asking.domains, assumed.not_negative,
                                          assumed.limits)))  # fmt: skip
        broken = {one for one, stays in mine.items() if not _always(solver, stays)}
        solver.pop()
        return broken

    def _of(self, matter: str) -> tuple[Form, Any]:
        """The form of a matter and a solver that knows it, made once."""
        if matter not in self.made:
            form = self.make(matter)
            self.assumed += form.assumptions
            solver = z3.SimpleSolver()
            solver.set("rlimit", self.limit)
            solver.add(*form.constraints, formula(both(form.of_matter, form.decided)))
            self.made[matter] = form, solver
        return self.made[matter]

    def _step(self, one: NotNegative, form: Form) -> Truth:
        return self._is(form.value(one.quantity))

    def _settled(self, one: NotNegative, form: Form, call: str) -> Truth:
        """The same of a matter that stands in for this one and counts as a stay of its own."""
        identity = self.program.matters[one.matter].final["", one.quantity]
        with deep():
            return self._is(value_of(identity, Place(inner_scope(form.scope, call))))

    def _is(self, found: Sym) -> Truth:
        if found.value is None:
            return True
        assert isinstance(found.value, Number)
        return either(found.fails, numbers.below(constant(0), found.value, True))

    def _added(self, cap: Capped, form: Form, matter: str) -> Truth:
        """The total with this claim's amount is within the limit."""
        fold = self.folded[cap.key]
        body = fold.bodies[matter]
        before = next((value for domain in form.asking.domains
                       for core, value in domain.folded.values() if fold_key(core) == cap.key),
                      None)  # fmt: skip
        if before is None or not isinstance(body, c.Ref):
            return False
        paid = form.value(body.quantity).value
        after = numbers.plus(before, constant(0) if paid is None else paid)
        return numbers.below(after, constant(Fraction(cap.limit)), True)


def _always(solver: Any, claim: Truth) -> bool:
    if isinstance(claim, bool):
        return claim
    solver.push()
    solver.add(z3.Not(claim))
    found = solver.check() == z3.unsat
    solver.pop()
    return bool(found)
