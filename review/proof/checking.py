"""Whether a decision, or two, break a property: the one place that says what each property means
of decisions. The search asks it of every claim it tries, and no counterexample is shown that it
did not confirm on the reference interpreter's decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from tiaowen.compiler.core import Output, Program, Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.decision import Decision
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Reader
from tiaowen.engine.stops import Stopped
from tiaowen.review.proof.records import Kind, Property
from tiaowen.review.proof.standard import Statement

LACKING = frozenset({"TW0501", "TW0502", "TW0509", "TW0510"})
"""Stops because the claim or the parameter file is not complete or not allowed, or because the
calendar of working days of its year is not published: no finding about the policy."""

NOT_PROVIDED = "TW0503"
OUTSIDE_SCALE = "TW0516"


@frozen
class Breach:
    """What shows the breach: outputs by name, one value per decision; ``loss`` in 分."""

    figures: Mapping[str, tuple[Value | None, ...]]
    loss: int | None = None


def breach(
    asked: Property, program: Program, made: Sequence[Decision], added: int = 0
) -> Breach | None:
    """What of ``made`` breaks ``asked``: one decision, or for a property of pairs two.

    ``added`` is by how many 分 the second claim of a pair costs more. A decision that stops
    breaks nothing but the property that every claim is decided.
    """
    if asked.kind is Kind.DECIDED:
        return _undecided(made[0])
    if not all(d.decided for d in made):
        return None
    lines = Statement.of(program.matters[asked.matter])
    match asked.kind:
        case Kind.STATED:
            return _stated(asked, made[0])
        case Kind.WITHIN:
            return _beyond(lines, made[0])
        case Kind.NONNEGATIVE:
            return _negative(lines, made[0])
        case Kind.MONOTONE:
            return _lowered(lines, made)
        case Kind.LEVEL:
            return _better_level(lines, made)
        case Kind.RETIRED:
            return _worse_retired(lines, made)
        case Kind.CLIFF:
            return _cliff(lines, made, added)


def _undecided(made: Decision) -> Breach | None:
    if any(p.code in LACKING for p in made.problems):
        return None
    return Breach({}) if any(unforeseen(p) for p in made.problems) else None


def unforeseen(problem: Diagnostic) -> bool:
    """Whether a stop is neither a lack of the claim's own nor one the text itself states."""
    if problem.code in LACKING:
        return False
    return not (problem.code == NOT_PROVIDED and problem.args.get("reason"))


def _stated(asked: Property, made: Decision) -> Breach | None:
    assert asked.condition is not None
    try:
        holds = evaluate(asked.condition, Reader(made.frame))
    except Stopped:
        return None
    if holds:
        return None
    return Breach({o.name: (made.values[o.name],) for o in made.frame.matter.outputs
                   if made.values[o.name] is not None})  # fmt: skip


def _beyond(lines: Statement, made: Decision) -> Breach | None:
    eligible = lines.eligible
    if eligible is None:
        return None
    over = _sum(lines.funds, made) - _amount(eligible, made)
    return Breach(_figures((eligible, *lines.funds), [made]), over) if over > 0 else None


def _negative(lines: Statement, made: Decision) -> Breach | None:
    below = tuple(o for o in lines.amounts if _amount(o, made) < 0)
    return Breach(_figures(below, [made]), -min(_amount(o, made) for o in below)) if below else None


def _lowered(lines: Statement, made: Sequence[Decision]) -> Breach | None:
    less, more = made
    if lines.eligible is not None and _amount(lines.eligible, more) <= _amount(
        lines.eligible, less
    ):
        return None
    loss = _sum(lines.funds, less) - _sum(lines.funds, more)
    shown = tuple(filter(None, (lines.total, lines.eligible, *lines.funds, lines.person)))
    return Breach(_figures(shown, made), loss) if loss > 0 else None


def _better_level(lines: Statement, made: Sequence[Decision]) -> Breach | None:
    assert lines.ratio is not None
    low, high = (d.values[lines.ratio.name] for d in made)
    if low is None or high is None or not _number(high) > _number(low):
        return None
    return Breach(_figures((lines.ratio, *lines.funds), made))


def _worse_retired(lines: Statement, made: Sequence[Decision]) -> Breach | None:
    assert lines.person is not None
    at_work, retired = (_amount(lines.person, d) for d in made)
    if retired <= at_work:
        return None
    return Breach(_figures((*lines.funds, lines.person), made), retired - at_work)


def _cliff(lines: Statement, made: Sequence[Decision], added: int) -> Breach | None:
    assert lines.person is not None
    before, after = (_amount(lines.person, d) for d in made)
    loss = after - before - added
    shown = tuple(filter(None, (lines.total, lines.eligible, *lines.funds, lines.person)))
    return Breach(_figures(shown, made), loss) if loss > 0 else None


def _figures(outputs: Sequence[Output], made: Sequence[Decision]) -> dict[str, tuple[Any, ...]]:
    return {o.name: tuple(d.values[o.name] for d in made) for o in outputs}


def _sum(outputs: Sequence[Output], made: Decision) -> int:
    return sum(_amount(o, made) for o in outputs)


def _amount(output: Output, made: Decision) -> Any:
    value = made.values[output.name]
    return 0 if value is None else value


def _number(value: Value) -> Any:
    return value


def gaps(made: Decision) -> Iterator[Diagnostic]:
    """The stops of ``made`` that the text itself states, where the claim is complete."""
    if any(p.code in LACKING for p in made.problems):
        return
    for problem in made.problems:
        if not unforeseen(problem):
            yield problem
