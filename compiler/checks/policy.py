"""A policy as the checks see it: its inputs, its demand, and evaluators for a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from attrs import define

from tiaowen.compiler import core as c
from tiaowen.compiler.checks.demand import Demand, demand
from tiaowen.compiler.checks.inputs import Inputs
from tiaowen.compiler.checks.space import MOST_PATHS, Path, TooMany, explore
from tiaowen.compiler.checks.symbolic import Evaluator

FEWEST_PATHS = 200


@define
class Policy:
    """What all checks of one policy share."""

    program: c.Program
    inputs: Inputs
    demand: Demand
    budget: int = 100_000

    @classmethod
    def of(cls, program: c.Program) -> Policy:
        overridden = _overridden(program.matters)
        inputs = Inputs(
            program.nodes,
            program.fields,
            program.collections,
            program.enums,
            program.readings,
            program.parameters,
            overridden,
        )
        return cls(program, inputs, demand(program.nodes, program.matters))

    def certain(self, matter: str, path: Path) -> Evaluator:
        """An evaluator that knows real inputs alone."""
        return Evaluator(self.inputs, path, matter=self.program.matters[matter])

    def open(self, matter: str, path: Path, shallow: bool = False) -> Evaluator:
        """An evaluator in which all that is not followed may take any value; ``shallow``
        follows no quantity."""
        return Evaluator(
            self.inputs, path, open=True, matter=self.program.matters[matter], shallow=shallow
        )

    def is_of_matter(self, evaluator: Evaluator) -> bool:
        """Whether the claims of a path are certainly of the matter."""
        return evaluator.truth(evaluator.matter.condition) is True

    def never(self, run: Callable[[Path], bool], most: int = MOST_PATHS) -> bool:
        """Whether ``run`` is false on every path; also false where that is too much to tell."""
        found: list[Path] = []

        def look(path: Path) -> None:
            if not found and run(path):
                found.append(path)

        try:
            self.explore(look, most)
        except TooMany:
            return False
        return not found

    def first(self, run: Callable[[Path], bool]) -> Path | None:
        """The first path on which ``run`` is true, if it is found."""
        found: list[Path] = []

        def look(path: Path) -> None:
            if not found and run(path):
                found.append(path)

        with suppress(TooMany):
            self.explore(look)
        return found[0] if found else None

    def explore(self, run: Callable[[Path], None], most: int = MOST_PATHS) -> None:
        """``run`` on every path; ``TooMany`` also where expressions nest too deep to follow.

        All explorations together have a budget of paths; when it is spent each still has a few.
        """

        def counted(path: Path) -> None:
            self.budget -= 1
            run(path)

        try:
            explore(counted, min(most, max(self.budget, FEWEST_PATHS)))
        except RecursionError:
            raise TooMany from None


def _overridden(matters: Mapping[str, c.Matter]) -> frozenset[str]:
    """The quantities that parts and settlements of another matter may change."""
    found: set[str] = set()
    for matter in matters.values():
        for partition in matter.partitions.values():
            found |= {*partition.overrides, *(quantity for quantity, _, _ in partition.spread)}
        for call in matter.calls.values():
            found |= set(call.overrides)
    return frozenset(found)
