"""Kernels of policies: built once, kept on disk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from tiaowen.compiler import core as c
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.kernel.columns import Given
from tiaowen.engine.kernel.generating import Generated, generate
from tiaowen.engine.kernel.graph import Unsupported
from tiaowen.engine.kernel.keeping import kept, name_of, own_text
from tiaowen.engine.kernel.running import Kernel


def build(
    program: c.Program,
    readings: Mapping[str, str] | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    matters: Sequence[str] | None = None,
    *,
    columns: Mapping[str, Given] | None = None,
    rules: bool = False,
    telling: bool = False,
    opening: bool = False,
    outputs: Collection[str] | None = None,
    cache: Path | None = None,
) -> Kernel:
    """The kernel of a policy's matters (all that settle claims of a person, where None).

    ``columns`` says which columns there are and what they are like: a field without one is in
    no claim, and the kernel is made for those that are there; billed totals among them, by the
    codes of their outputs, stand in place of fee lines. ``rules`` adds a column for each
    output that says which rule decided it, ``opening`` lets rows begin
    with totals of what came before them, ``telling`` the matter ``TELLING``, whose outputs say
    which matters a row can be of. ``outputs`` are the national codes to be written (all, where
    None). ``cache`` is where kernels are kept, by default the
    user's. Raises ``Unsupported`` for what a kernel has no form for, ``ImportError`` where the
    extra ``batch`` is not installed.
    """
    from tiaowen.engine.kernel.loading import loaded, machine_name, object_code
    from tiaowen.engine.kernel.machine import module_text

    readings, parameters = dict(readings or {}), dict(parameters or {})
    chosen = tuple(settling(program) if matters is None else matters)
    name = name_of([
        program.identity.digest, sorted(readings.items()), sorted(parameters.items()), chosen,
        columns and sorted(columns.items()), rules, telling, opening, outputs and sorted(outputs),
        own_text(), machine_name(),
    ])  # fmt: skip

    def make() -> tuple[Generated, bytes]:
        generated = generate(program, chosen, readings, parameters, columns, rules=rules,
                             telling=telling, opening=opening, outputs=outputs)  # fmt: skip
        return generated, object_code(module_text(generated.source, generated.cells))

    generated, code = kept(name, make, cache)
    return Kernel(generated, loaded(code), code, machine_name())


def settling(program: c.Program) -> tuple[str, ...]:
    """The matters that settle claims: those decided for each encounter of a person."""
    return tuple(name for name, matter in program.matters.items() if matter.subject == "人次")


def coverage(program: c.Program, readings: Mapping[str, str] | None = None,
             parameters: Mapping[str, ParameterValue] | None = None) -> dict[str, str]:  # fmt: skip
    """Every matter of a policy, and why it has no kernel: '' where it has one."""
    found = {}
    for name in program.matters:
        try:
            generate(program, [name], dict(readings or {}), dict(parameters or {}), None)
            found[name] = ""
        except Unsupported as unfit:
            found[name] = str(unfit)
    return found
