"""A decision file read back, to be shown as it was made.

The explanation is the one that was recorded; nothing is decided again to show it. A program
adds what the file does not hold in words: the facts no step used, the names of fee lines and,
where the policy is still the same, why a decision stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Diagnostic, Rejected
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.frames import Claim
from tiaowen.engine.history.data import read_history
from tiaowen.engine.history.earlier import HistoryItem
from tiaowen.engine.replaying.replay import part_of, replay
from tiaowen.engine.telling.as_json import from_data
from tiaowen.engine.telling.explanation import Explanation


@frozen
class Kept:
    """A decision file's content. ``claim`` is None where it cannot be read as a claim of the
    program: it is masked, or no program was given. ``codes`` are those of ``problems``, which
    are empty where they could not be worked out again."""

    explanation: Explanation
    codes: tuple[str, ...]
    problems: tuple[Diagnostic, ...]
    claim: Claim | None
    history: Sequence[HistoryItem]
    masked: bool


def read_kept(data: Any, program: Program | None) -> Kept:
    """The decision in decision file ``data``. ``Rejected``: TW0618, TW0704 where it is none."""
    explanation = from_data(part_of(data, "explanation"))
    codes = tuple(str(code) for code in data.get("problems", ()))
    masked = bool(data.get("masked"))
    if program is None or masked:
        return Kept(explanation, codes, (), None, (), masked)
    try:
        claim = read_claim(part_of(data, "claim"), program, explanation.matter)
        items = read_history(data.get("history", []), program)
    except Rejected:
        return Kept(explanation, codes, (), None, (), masked)
    problems = replay(data, program).problems if codes else ()
    if tuple(p.code for p in problems) != codes:
        problems = ()
    return Kept(explanation, codes, problems, claim, items, masked)
