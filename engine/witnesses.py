"""A claim that the solver proposes, as the engine decides it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tiaowen.compiler.core import Program
from tiaowen.engine.claims.roles import Roles
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.earlier import HistoryItem, Opening, Settlement
from tiaowen.engine.history.person import PersonDecision, decide_person

if TYPE_CHECKING:
    from tiaowen.compiler.solver.witness import Witness


def claim_of(witness: Witness) -> Claim:
    """The claim, without what came before it."""
    return Claim(witness.matter, dict(witness.fields), dict(witness.collections))


def history_of(witness: Witness, program: Program) -> tuple[HistoryItem, ...]:
    """What came before: the year's totals first, then settlements."""
    roles = Roles.of(program)
    opened = witness.opened
    items: list[HistoryItem] = []
    if opened is not None:
        items.append(Opening(opened.year, dict(opened.values), dict(opened.counts)))
    for item in witness.settled:
        at = item.values.get(roles.discharge)
        discharged = at if isinstance(at, date) else None
        number = item.values.get(roles.settlement, "")
        items.append(Settlement(item.matter, dict(item.values), str(number), None, discharged))
    return tuple(items)


def parameters_of(witness: Witness) -> dict[str, ParameterValue]:
    """The open parameters that the witness chose."""
    return {
        name: ParameterValue(rows[0][1]) if not rows[0][0] else ParameterValue(None, rows)
        for name, rows in witness.parameters.items()
        if rows
    }


def decide_witness(witness: Witness, program: Program, **given: ParameterValue) -> PersonDecision:
    """The decision of the interpreter on ``witness``; ``given`` are parameters it did not choose.
    ``Rejected`` where the history contradicts itself."""
    return decide_person(
        program,
        claim_of(witness),
        history_of(witness, program),
        readings={name: str(value) for name, value in witness.readings.items()},
        parameters={**given, **parameters_of(witness)},
    )
