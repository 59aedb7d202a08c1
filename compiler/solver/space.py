"""The variables of a question to the solver, what is known of them, and what was abstracted.

One space holds all copies of a claim that a question compares. What the solver does not follow
(a product of two unknowns, working days) is a value of its own, of which only true facts are
told: whatever is proved of it holds. Each keeps its meaning, so that a model can be completed,
and made exact at one point where it was wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import z3
from attrs import Factory, define, frozen

from tiaowen.compiler.core import Value
from tiaowen.compiler.solver.formulas import Term, Truth, both, formula, implies
from tiaowen.compiler.solver.kinds import Symbolic, equal, same_symbolic


@frozen
class Approximation:
    """A value the solver is told only facts about: ``name`` says what it is, ``why`` why not
    more."""

    name: str
    why: str


@frozen(eq=False)
class Auxiliary:
    """A value that follows from ``operands`` by ``meaning``, which takes plain values.

    ``at`` gives, for the operands' plain values, a truth that makes the value exact there.
    """

    name: str
    operands: tuple[Symbolic, ...]
    value: Symbolic
    meaning: Callable[..., Value | None]
    at: Callable[..., Truth] | None = None


@define(eq=False)
class Space:
    """All variables by name, facts of them, and the auxiliary values in the order made."""

    variables: dict[str, Term] = Factory(dict)
    facts: list[Truth] = Factory(list)
    auxiliaries: list[Auxiliary] = Factory(list)
    approximations: dict[str, Approximation] = Factory(dict)
    texts: dict[str, int] = Factory(dict)
    applied: dict[str, list[tuple[tuple[Symbolic, ...], Symbolic]]] = Factory(dict)
    kept: dict[str, object] = Factory(dict)
    """What other modules keep beside the variables."""
    made: int = 0

    # --- variables

    def integer(self, name: str) -> Term:
        return self._variable(name, z3.Int)

    def real(self, name: str) -> Term:
        return self._variable(name, z3.Real)

    def truth(self, name: str) -> Truth:
        return self._variable(name, z3.Bool)

    def _variable(self, name: str, sort: Callable[[str], Term]) -> Term:
        if name not in self.variables:
            self.variables[name] = sort(name)
        return self.variables[name]

    def fresh(self, stem: str) -> str:
        """A name not used before."""
        self.made += 1
        return f"{stem}!{self.made}"

    def fact(self, truth: Truth) -> None:
        """Something that holds of every claim."""
        if truth is not True:
            self.facts.append(formula(truth))

    def approximate(self, name: str, why: str) -> None:
        self.approximations.setdefault(name, Approximation(name, why))

    # --- functions the solver is not told

    def application(
        self, name: str, operands: Sequence[Symbolic], make: Callable[[], Symbolic]
    ) -> Symbolic:
        """The value of function ``name`` on ``operands``: made once, and equal for equals."""
        earlier = self.applied.setdefault(name, [])
        given = tuple(operands)
        for others, value in earlier:
            if all(map(same_symbolic, given, others)):
                return value
        made = make()
        for others, value in earlier:
            alike = both(*(equal(a, b) for a, b in zip(given, others, strict=True)))
            self.fact(implies(alike, equal(made, value)))
        earlier.append((given, made))
        return made

    def applications(self, name: str) -> Iterator[tuple[tuple[Symbolic, ...], Symbolic]]:
        """What function ``name`` was asked so far."""
        return iter(self.applied.get(name, ()))


def numeral(value: Any, like: Term) -> Term:
    """A plain number or truth of the sort of ``like``."""
    if z3.is_bool(like):
        return z3.BoolVal(bool(value))
    return z3.IntVal(int(value)) if z3.is_int(like) else z3.RealVal(str(value))
