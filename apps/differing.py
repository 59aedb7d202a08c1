"""What is chosen for two policies at once: readings and files of parameters.

What is said without a side is for whichever policy knows it. What neither knows is refused as
for one policy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from tiaowen.apps.files import read_text
from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.parameters import ParameterFile, merge, read_parameter_file
from tiaowen.engine.readings import read_readings

Programs: TypeAlias = tuple[Program, Program]
Own: TypeAlias = tuple[Sequence[str], Sequence[str]]
"""What is said for either alone."""
Choices: TypeAlias = Mapping[str, str]
Parameters: TypeAlias = Mapping[str, ParameterValue]


def readings_of(programs: Programs, both: Sequence[str], own: Own) -> tuple[Choices, Choices]:
    """The readings of either program: ``own`` ones, and those of ``both`` that it declares.

    Raises ``Rejected`` (TW0512, TW0617) as ``read_readings`` does.
    """
    shared = _sorted(programs, both, lambda text, program: read_readings([text], program))
    first, second = (
        read_readings([*some, *mine], program)
        for program, some, mine in zip(programs, shared, own, strict=True)
    )
    return first, second


def parameters_of(programs: Programs, both: Sequence[str], own: Own,
                  on: date | None) -> tuple[Parameters, Parameters]:  # fmt: skip
    """The parameters of either program, from its ``own`` files and from those of ``both`` whose
    parameters it declares. Raises ``Rejected`` as ``read_parameter_file`` and ``merge`` do."""
    shared = _sorted(programs, both, _read)
    first, second = (
        merge([_read(name, program) for name in (*some, *mine)], on, program.identity.region)
        for program, some, mine in zip(programs, shared, own, strict=True)
    )
    return first, second


def _read(name: str, program: Program) -> ParameterFile:
    return read_parameter_file(read_text(name), name, program)


def _sorted(programs: Programs, given: Sequence[str],
            read: Callable[[str, Program], object]) -> tuple[list[str], list[str]]:  # fmt: skip
    """Which of ``given`` each program can read; ``Rejected`` where neither can."""
    found: tuple[list[str], list[str]] = ([], [])
    for text in given:
        refused: list[Rejected] = []
        for side, program in zip(found, programs, strict=True):
            try:
                read(text, program)
            except Rejected as rejected:
                refused.append(rejected)
            else:
                side.append(text)
        if len(refused) == len(programs):
            raise refused[0]
    return found
