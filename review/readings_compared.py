"""One claim under every combination of readings that matters to it.

A policy may name dozens of readings; a claim asks for few of them. Which it asks for is found by
deciding: a reading is varied only where the decision, made under the choices before it, looked
at it. So the combinations form a tree that is exact and as small as the claim allows; a reading
whose choices all lead to the same result is left out of it and named as one without effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from attrs import define, field, frozen

from tiaowen.compiler.core import Output, Program, ReadingInfo, Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.earlier import HistoryItem
from tiaowen.engine.history.person import InForce, PersonDecision, decide_person

MOST = 400
"""Decisions made for one comparison before only readings that move the result alone are
combined."""

Choices: TypeAlias = tuple[tuple[str, str], ...]
"""Readings with what was chosen of them, in the order in which the decision asked."""


@frozen
class Outcome:
    """What one combination gives: the statement, what stops it, refusals and duties."""

    values: Mapping[str, Value | None]
    problems: tuple[Diagnostic, ...] = field(eq=False)
    stops: tuple[tuple[str, str], ...]
    refusals: tuple[tuple[str, int | None], ...]
    notices: tuple[tuple[str, bool | None], ...]
    undecided: int
    """How many of the earlier claims could not be decided."""


@frozen
class Combination:
    """``choices`` are of the readings that matter here; all others may be as they like."""

    choices: Choices
    outcome: Outcome


@frozen
class Effect:
    """What choosing ``choice`` of ``reading`` changes, everything else at its default.

    ``alongside`` are the choices other than defaults under which the reading matters, () where
    it does by itself.
    """

    reading: str
    choice: str
    alongside: Choices
    before: Outcome
    after: Outcome


@frozen
class Comparison:
    """``combinations`` begins with the defaults. ``without_effect`` are the readings that were
    asked for and change nothing. ``complete`` is False where there were too many combinations:
    then only the readings that move the result alone were combined, or, where ``combinations``
    holds nothing but the defaults, none were. ``decisions`` is how many were made."""

    readings: tuple[ReadingInfo, ...]
    fixed: Mapping[str, str]
    outputs: tuple[Output, ...]
    combinations: tuple[Combination, ...]
    effects: tuple[Effect, ...]
    without_effect: tuple[ReadingInfo, ...]
    complete: bool
    decisions: int

    @property
    def default(self) -> Outcome:
        return self.combinations[0].outcome

    @property
    def outcomes(self) -> Iterator[Outcome]:
        """Every result found, those of the effects too."""
        yield from (combination.outcome for combination in self.combinations)
        for effect in self.effects:
            yield from (effect.before, effect.after)

    @property
    def moved(self) -> tuple[Output, ...]:
        """The lines of the statement that are not the same throughout."""
        found = list(self.outcomes)
        return tuple(
            o for o in self.outputs
            if any(f.values.get(o.name) != found[0].values.get(o.name) for f in found)
        )  # fmt: skip


def compare_readings(
    program: Program,
    claim: Claim,
    items: Sequence[HistoryItem] = (),
    *,
    fixed: Mapping[str, str] | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    in_force: InForce | None = None,
    most: int = MOST,
) -> Comparison:
    """Decide ``claim`` under every combination of readings that matters.

    Readings in ``fixed`` keep what is said there. Raises ``Rejected`` as ``decide_person`` does
    where the items contradict one another.
    """
    fixed = dict(fixed or {})
    search = _Search(program, claim, items, fixed, parameters or {}, in_force, most)
    defaults = search.run({})
    complete = True
    try:
        tree = search.tree({})
    except _TooMany:
        complete = False
        search.only = search.moving()
        search.left = most
        try:
            tree = search.tree({})
        except _TooMany:
            tree = _Leaf(defaults.outcome)
    combinations = tuple(_combinations(tree, program))
    effects = tuple(search.effects(tree))
    effective = {effect.reading for effect in effects}
    known = program.readings
    return Comparison(
        tuple(known[name] for name in search.asked if name in effective),
        fixed,
        program.matters[claim.matter].outputs,
        combinations,
        effects,
        tuple(known[name] for name in search.asked if name not in effective),
        complete,
        len(search.runs),
    )


class _TooMany(Exception):
    """More decisions than a comparison may make."""


@frozen
class _Leaf:
    outcome: Outcome


@frozen
class _Fork:
    reading: str
    branches: Mapping[str, _Tree]


_Tree: TypeAlias = "_Leaf | _Fork"


class _Noting(Mapping[str, str]):
    """Chosen readings that note which were asked for, in order."""

    def __init__(self, chosen: Mapping[str, str]) -> None:
        self.chosen = chosen
        self.asked: dict[str, None] = {}

    def __getitem__(self, name: str) -> str:
        self.asked[name] = None
        return self.chosen[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.chosen)

    def __len__(self) -> int:
        return len(self.chosen)


@frozen
class _Run:
    asked: tuple[str, ...]
    outcome: Outcome


@define
class _Search:
    """Decides under choices, each set of them once."""

    program: Program
    claim: Claim
    items: Sequence[HistoryItem]
    fixed: Mapping[str, str]
    parameters: Mapping[str, ParameterValue]
    in_force: InForce | None
    left: int
    only: frozenset[str] | None = None
    runs: dict[frozenset[tuple[str, str]], _Run] = field(factory=dict)
    asked: dict[str, None] = field(factory=dict)

    def run(self, choices: Mapping[str, str]) -> _Run:
        """What ``choices``, all others at their defaults, give."""
        infos = self.program.readings
        key = frozenset((n, c) for n, c in choices.items() if c != infos[n].default)
        if key not in self.runs:
            noting = _Noting({**dict(key), **self.fixed})
            made = decide_person(self.program, self.claim, self.items, readings=noting,
                                 parameters=self.parameters, in_force=self.in_force)  # fmt: skip
            asked = tuple(n for n in noting.asked if n in infos and n not in self.fixed)
            self.asked.update(dict.fromkeys(asked))
            self.runs[key] = _Run(asked, _outcome(made))
            self.left -= 1
        return self.runs[key]

    def tree(self, choices: Mapping[str, str]) -> _Tree:
        """Every result below ``choices``."""
        if self.left <= 0:
            raise _TooMany
        run = self.run(choices)
        reading = next((n for n in run.asked if n not in choices and self._varied(n)), None)
        if reading is None:
            return _Leaf(run.outcome)
        branches = {
            choice: self.tree({**choices, reading: choice})
            for choice in _choices(self.program.readings[reading])
        }
        first, *others = branches.values()
        return first if all(other == first for other in others) else _Fork(reading, branches)

    def _varied(self, reading: str) -> bool:
        return self.only is None or reading in self.only

    def moving(self) -> frozenset[str]:
        """The readings that by themselves give another result than the defaults do."""
        start = self.run({})
        return frozenset(
            reading
            for reading in start.asked
            for choice in self.program.readings[reading].choices
            if self.run({reading: choice}).outcome != start.outcome
        )

    def effects(self, tree: _Tree) -> Iterator[Effect]:
        """Of each reading that matters: what it changes alone, else where it first matters."""
        start = self.run({})
        told: set[tuple[str, str]] = set()
        for reading in start.asked:
            for choice in _choices(self.program.readings[reading])[1:]:
                after = self.run({reading: choice}).outcome
                if after != start.outcome:
                    told.add((reading, choice))
                    yield Effect(reading, choice, (), start.outcome, after)
        for path, fork in _forks(tree, ()):
            before = _default(fork, self.program)
            for choice, branch in fork.branches.items():
                after = _default(branch, self.program)
                if after != before and (fork.reading, choice) not in told:
                    told.add((fork.reading, choice))
                    alongside = tuple(c for c in path if not _is_default(c, self.program))
                    yield Effect(fork.reading, choice, alongside, before, after)


def _choices(info: ReadingInfo) -> list[str]:
    """The default first."""
    return [info.default, *(choice for choice in info.choices if choice != info.default)]


def _is_default(choice: tuple[str, str], program: Program) -> bool:
    return program.readings[choice[0]].default == choice[1]


def _outcome(made: PersonDecision) -> Outcome:
    decision = made.decision
    return Outcome(
        dict(decision.values),
        decision.problems,
        tuple((p.code, str(p.args)) for p in decision.problems),
        tuple((r.reason, r.index) for r in decision.refusals),
        tuple((n.text, n.kept) for n in decision.notices),
        len(made.undecided),
    )


def _combinations(tree: _Tree, program: Program, path: Choices = ()) -> Iterator[Combination]:
    if isinstance(tree, _Leaf):
        yield Combination(path, tree.outcome)
        return
    for choice, branch in tree.branches.items():
        yield from _combinations(branch, program, (*path, (tree.reading, choice)))


def _forks(tree: _Tree, path: Choices) -> Iterator[tuple[Choices, _Fork]]:
    """Every fork with the choices that lead to it, those of fewer choices first."""
    level: list[tuple[Choices, _Tree]] = [(path, tree)]
    while level:
        below: list[tuple[Choices, _Tree]] = []
        for way, node in level:
            if isinstance(node, _Fork):
                yield way, node
                below += [((*way, (node.reading, c)), b) for c, b in node.branches.items()]
        level = below


def _default(tree: _Tree, program: Program) -> Outcome:
    """What ``tree`` gives where every choice left is a default."""
    while isinstance(tree, _Fork):
        tree = tree.branches[program.readings[tree.reading].default]
    return tree.outcome
