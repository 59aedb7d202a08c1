"""Generated claims to which most of what their decision lacks was added."""

from __future__ import annotations

from attrs import evolve
from hypothesis import strategies as st
from tests.claim_strategies import values
from tests.engine.kernel.agreeing import figures
from tests.engine.kernel.laying_out import fitted

from tiaowen.compiler.core import Program
from tiaowen.engine.decision import decide
from tiaowen.engine.frames import Claim


def filled(draw: st.DrawFn, program: Program, claim: Claim) -> Claim:
    """``claim`` with values for the fields it lacks, a few rounds at most."""
    for _ in range(draw(st.integers(0, 12))):
        problems = decide(program, claim, parameters=figures(program)).problems
        lacking = [p.args["name"] for p in problems if p.code == "TW0501"]
        fields = {n: program.fields[n] for n in lacking if n in program.fields}
        if not fields:
            break
        added = {name: draw(values(info, program)) for name, info in fields.items()}
        claim = fitted(evolve(claim, fields={**claim.fields, **added}))
    return claim
