"""A person's decisions in their order: each claim is decided after those before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import frozen

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.decision import Decision, decide
from tiaowen.engine.frames import Claim, Facts, Frame, ParameterValue
from tiaowen.engine.history.earlier import EarlierClaim, HistoryItem, Opening, Settlement, ordered

InForce = Callable[[Claim], Program]
"""Which version of a policy decides an earlier claim: the one in force then."""


@frozen(eq=False)
class PersonDecision:
    """A decision and the earlier claims that could not be decided; those pay nothing and count
    as no stay."""

    decision: Decision
    undecided: tuple[tuple[EarlierClaim, tuple[Diagnostic, ...]], ...]


def decide_person(program: Program, claim: Claim, items: Sequence[HistoryItem] = (), *,
                  readings: Mapping[str, str] | None = None,
                  parameters: Mapping[str, ParameterValue] | None = None,
                  in_force: InForce | None = None) -> PersonDecision:  # fmt: skip
    """Decide ``claim`` after the person's earlier ``items``, whatever their order.

    ``Rejected`` where the items contradict one another (duplicate numbers, a reversal of
    nothing, an item later than the claim).
    """
    history: list[Frame | Facts] = []
    undecided = []
    for item in ordered(items, before=claim, program=program):
        if isinstance(item, EarlierClaim):
            then = in_force(item.claim) if in_force is not None else program
            made = decide(
                then, item.claim, history=tuple(history), readings=readings, parameters=parameters
            )
            if made.decided:
                history.append(made.frame)
            else:
                undecided.append((item, made.problems))
        else:
            history.append(_facts(item))
    made = decide(program, claim, history=tuple(history), readings=readings, parameters=parameters)
    return PersonDecision(made, tuple(undecided))


def _facts(item: Settlement | Opening) -> Facts:
    if isinstance(item, Settlement):
        return Facts(item.matter, item.values)
    return Facts("", {"年度": item.year, **item.values}, "opening", item.counts)
