"""Why a row stopped, in the words that its claim by itself would be told in.

A kernel tells the first stop by its code and what it is about; article, reason and national
code are looked up here. Of several reasons for which a quantity may not be provided the kernel
does not say which it was: then none is told.
"""

from __future__ import annotations

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.engine.kernel.values import Stop
from tiaowen.engine.stops import missing_field, missing_parameter


def told(program: c.Program, matter: str, why: Stop) -> Diagnostic:
    """The stop ``why`` of a row that is settled as ``matter``."""
    fields = program.fields if not why.level else program.collections[why.level].fields
    found = diagnose(why.code, name=why.name, place=why.name)
    if why.code == "TW0501" and why.name in fields:
        (found,) = missing_field(fields[why.name], "", None).diagnostics
    elif why.code == "TW0502" and why.name in program.parameters:
        (found,) = missing_parameter(program.parameters[why.name]).diagnostics
    elif why.code == "TW0503":
        alternatives = _definition(program, program.matters[matter], why)
        reasons = {a.reason for a in alternatives if a.reason}
        if len(reasons) == 1:
            found = diagnose(why.code, name=why.name, reason=reasons.pop())
    return evolve(found, place=why.name)


def _definition(program: c.Program, matter: c.Matter, why: Stop) -> tuple[c.Alternative, ...]:
    """What may define a quantity of a matter; nothing where it is none."""
    identity = matter.final.get((why.level, why.name), "")
    while identity and program.nodes[identity].kind != "define":
        identity = program.nodes[identity].previous
    return tuple(program.nodes[identity].alternatives) if identity else ()
