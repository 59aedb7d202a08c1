"""Properties decided: by the solver where it can, else by the directed search, each labelled so.

What the solver does not prove in its time is searched. A breach is a claim in every case: the
solver's is made simple by the same steps as the search's, and both are the interpreter's in the
end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

from tiaowen.compiler.core import Program
from tiaowen.compiler.solver import available
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.review.proof.records import (
    Answer,
    Counterexample,
    Found,
    Kind,
    NotApplicable,
    Proof,
    Property,
    Proved,
    Refuted,
    Searched,
    Verdict,
    Why,
)
from tiaowen.review.proof.searching import BUDGET, SearchResult, in_words, search
from tiaowen.review.proof.standard import excused, properties

if TYPE_CHECKING:
    from tiaowen.review.proof.solving import Solver

TIMEOUT = 10.0
"""Seconds that the solver is given for one property."""
SIMPLER = 1000
"""Decisions made for one matter where the solver has decided everything, to find simpler claims
and what the text says it does not provide."""


@frozen
class Progress:
    """How far a proof is: the property at hand ('' while claims are searched) and how many
    claims were decided for the matter."""

    matter: str
    name: str
    claims: int = 0


Tell: TypeAlias = Callable[[Progress], None]
Kept: TypeAlias = MutableMapping[str, Mapping[str, Any]]
"""The solver's verdicts of one program, by matter, property and time."""


def prove(
    program: Program,
    matters: Iterable[str] = (),
    *,
    names: Sequence[str] = (),
    timeout: float = TIMEOUT,
    search_only: bool = False,
    budget: int = BUDGET,
    tell: Tell | None = None,
    kept: Kept | None = None,
) -> Proof:
    """Decide the properties of ``matters`` (all that have any): those called one of ``names``
    (a property's own name, or the kind of one of the standard set), or all.

    ``timeout`` is in seconds for each property, ``budget`` in decisions for each matter. What the
    solver proved, or could not in its time, is taken from ``kept`` and put there; it has to be of
    this program and this code.
    Without the extra ``proof`` everything is searched. ``Rejected`` with TW1101 where a matter
    has no property so called.
    """
    begin = time.monotonic()
    asked = [(name, properties(program, name)) for name in matters or program.matters]
    if names:
        _known(names, [p for _, found in asked for p in found])
        asked = [(matter, tuple(p for p in found if _named(p, names))) for matter, found in asked]
    use = available() and not search_only
    answers: list[Answer] = []
    claims = 0
    for matter, found in asked:
        if found:
            told, tried = _matter(program, matter, found, timeout if use else 0, budget, tell,
                                 {} if kept is None else kept)  # fmt: skip
            answers += told
            claims += tried
    return Proof(tuple(answers), _version() if use else "", claims, time.monotonic() - begin)


def _known(names: Sequence[str], found: Sequence[Property]) -> None:
    for name in names:
        if not any(_named(p, [name]) for p in found):
            known = list(dict.fromkeys(p.name for p in found))
            raise Rejected([diagnose("TW1101", place="--property", name=name, known=known)])


def _named(asked: Property, names: Sequence[str]) -> bool:
    return asked.name in names or asked.english in names or asked.kind.value in names


def _version() -> str:
    from importlib.metadata import version

    return version("z3-solver")


def _matter(
    program: Program,
    matter: str,
    asked: Sequence[Property],
    timeout: float,
    budget: int,
    tell: Tell | None,
    kept: Kept,
) -> tuple[list[Answer], int]:
    """The answers of one matter in order, and how many claims were decided for them."""
    verdicts: dict[Property, Verdict] = {}
    for one in asked:
        excuse = excused(one, program)
        if excuse is not None:
            verdicts[one] = excuse
    if timeout and len(verdicts) < len(asked):
        from tiaowen.review.proof.solving import Solver

        solver = Solver(program, matter, timeout)
        for one in asked:
            if one not in verdicts:
                if tell is not None:
                    tell(Progress(matter, one.name))
                verdicts[one] = _solved(one, solver, kept)
    sought = [p for p in asked if not _settled(verdicts.get(p))]
    gaps = [p for p in asked if p.kind is Kind.DECIDED and p not in sought]
    result = SearchResult({}, (), 0)
    if sought or gaps:
        if not any(isinstance(verdicts.get(p), Searched | None) for p in sought):
            budget = min(budget, SIMPLER)
        told = None if tell is None else lambda n: tell(Progress(matter, "", n))
        result = search(program, matter, [*sought, *gaps], budget, told)
    for one in sought:
        verdicts[one] = _searched(one, result, verdicts.get(one))
    return [
        Answer(p, verdicts[p], result.gaps if p.kind is Kind.DECIDED else ()) for p in asked
    ], result.claims


def _settled(verdict: Verdict | None) -> bool:
    """Whether nothing is left to search: what is proved only under an assumption is searched for
    claims outside it."""
    if isinstance(verdict, Proved):
        return not verdict.assumed
    return isinstance(verdict, NotApplicable)


def _solved(asked: Property, solver: Solver, kept: Kept) -> Verdict:
    """The solver's verdict, or the one kept of it; a counterexample is always found anew."""
    key = f"{asked.matter} {asked.name} {solver.timeout:g}"
    known = kept.get(key)
    if known is not None and known["verdict"] == "proved":
        return Proved(float(known["seconds"]), tuple(known["assumed"]))
    if known is not None:
        return Searched(0, Why(known["why"]), str(known["detail"]))
    verdict = solver.verdict(asked)
    match verdict:
        case Proved():
            kept[key] = {"verdict": "proved", "seconds": verdict.seconds,
                         "assumed": list(verdict.assumed)}  # fmt: skip
        case Searched():
            kept[key] = {"verdict": "open", "why": verdict.why.value, "detail": verdict.detail}
    return verdict


def _weight(shown: Counterexample) -> tuple[int, int]:
    """How much there is to a counterexample: its facts, then their length in writing; one whose
    past is only figures comes last."""
    scene = shown.scenes[0]
    records = [scene.claim.fields, *(r for rs in scene.claim.collections.values() for r in rs)]
    facts = [str(value) for record in records for value in record.values()]
    told = 0 if shown.replayed else 1000
    return told + len(facts) + 10 * len(scene.items), sum(map(len, facts))


def _searched(asked: Property, result: SearchResult, solver: Verdict | None) -> Verdict:
    """What the search adds to what the solver says of a property: a counterexample where the
    solver left it open, a simpler one where it did not."""
    found = result.found.get(asked, ())
    if isinstance(solver, Proved) and not found:
        return solver
    if isinstance(solver, Refuted):
        ranked = sorted([solver.counterexample, *found], key=_weight)
        shown = list({in_words(one.scenes[0]): one for one in reversed(ranked)}.values())[::-1]
        return Refuted(shown[0], Found.SOLVER, tuple(shown[1:]))
    if found:
        return Refuted(found[0], Found.SEARCH, found[1:])
    if isinstance(solver, Searched):
        return Searched(result.claims, solver.why, solver.detail)
    return Searched(result.claims, Why.ABSENT if not available() else Why.NOT_ASKED)
