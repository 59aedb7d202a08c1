"""The graph as generated Python: the same values as the reference, several times sooner.

One function per node, its expression inlined from the table of operations; a frame's memory
is filled exactly as the interpreter fills it, so an explanation is told from it in the same
way. What is rare (parts, a history that is there, open parameters) is left to the
interpreter, which shares that memory; and a decision that stops, whatever the reason, is made
again by the interpreter, whose diagnostics are the ones that count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from tiaowen.compiler import core as c
from tiaowen.engine.compiled_source import RUN_TIME, module_source
from tiaowen.engine.decision import Decision, decided, open_frame
from tiaowen.engine.frames import Claim, Facts, Frame, ParameterValue
from tiaowen.engine.interpreter import ROUND_RESULTS, ROUNDING

Fill = Callable[[Frame], None]

_COMPILED: WeakKeyDictionary[c.Program, dict[str, Fill]] = WeakKeyDictionary()


def decide_compiled(
    program: c.Program,
    claim: Claim,
    *,
    history: Sequence[Frame | Facts] = (),
    readings: Mapping[str, str] | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
) -> Decision:
    """As ``decide``, with the same decision and the same memory of how it was made."""
    frame = open_frame(program, claim, history=history, readings=readings, parameters=parameters)
    if not frame.overrides and frame.readings.get(ROUNDING) != ROUND_RESULTS:
        try:
            filler(program, claim.matter)(frame)
        except Exception:
            # Whatever went wrong, the reference says what it is.
            frame = open_frame(program, claim, history=history, readings=readings,
                               parameters=parameters)  # fmt: skip
    return decided(frame)


def filler(program: c.Program, matter: str) -> Fill:
    """The function that fills a frame of ``matter`` with what its outputs need."""
    compiled = _COMPILED.setdefault(program, {})
    if matter not in compiled:
        source, constants = module_source(program, matter)
        names: dict[str, Any] = {**RUN_TIME, **constants}
        exec(compile(source, f"<{matter}>", "exec"), names)  # generated from checked expressions
        compiled[matter] = names["fill"]
    return compiled[matter]
