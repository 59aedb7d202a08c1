"""The solver's form of a compiled policy: claims as variables, outcomes as exact linear terms.

An extra (``pip install 'tiaowen[proof]'``): everything here needs z3. What is proved over a form
holds for every claim it stands for; what could not be followed exactly is over-approximated and
listed, so that a counterexample is confirmed by the interpreter and never taken on trust.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program
    from tiaowen.compiler.solver.form import Form


def available() -> bool:
    """Whether the solver is installed."""
    return find_spec("z3") is not None


def translate(program: Program, matter: str, **given: Any) -> Form:
    """The solver's form of a claim of ``matter``; see ``form.translate`` for what may be given.
    ``ImportError`` where the solver is not installed."""
    from tiaowen.compiler.solver import form

    return form.translate(program, matter, **given)
