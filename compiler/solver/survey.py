"""How much of a policy the solver's form holds: by matter, what is exact and what is not."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.solver.form import Form, translate
from tiaowen.compiler.solver.space import Approximation

LEFT_OUT = "unsupported"
"""The code of a stop that stands for an expression without a translation."""


@frozen
class MatterForm:
    """A matter's form. ``abstracted`` are values the solver is told only facts about, exact again
    where it is wrong; ``left_out`` expressions that may be anything; ``assumptions`` what is
    taken for granted of the claim. All three empty, the form is exact."""

    matter: str
    outputs: int
    stops: int
    abstracted: tuple[Approximation, ...]
    left_out: tuple[Approximation, ...]
    assumptions: tuple[str, ...]

    @property
    def exact(self) -> bool:
        return not (self.abstracted or self.left_out or self.assumptions)


def survey(
    program: c.Program, matters: Iterable[str] = (), *, lines: int | None = None
) -> tuple[MatterForm, ...]:
    """The forms of ``matters`` (all), for claims of any number of lines or of at most ``lines``."""
    return tuple(
        _of(translate(program, matter, lines=lines)) for matter in matters or program.matters
    )


def _of(form: Form) -> MatterForm:
    followed = {auxiliary.name.partition("!")[0] for auxiliary in form.space.auxiliaries}
    names = {"product": "×", "quotient": "÷", "working_days": "工作日数", "months": "月份"}
    exact_at = {names.get(name, name) for name in followed}
    return MatterForm(
        form.matter.name,
        len(form.outputs),
        len(form.stops),
        tuple(a for a in form.approximations if a.name in exact_at),
        tuple(a for a in form.approximations if a.name not in exact_at),
        tuple(form.assumptions),
    )
