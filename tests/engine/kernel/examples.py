"""Examples on which two engines once differed: shrunk, written down, and run by every test since.

A generated test that fails leaves its smallest example in ``kept/``, to be named and committed
with what mends it.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from attrs import field, frozen
from tests.engine.kernel.agreeing import as_python, compiled, differences, keyed
from tests.engine.kernel.laying_out import People

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.frames import Claim
from tiaowen.engine.kernel.running import Kernel

FOLDER = Path(__file__).parent / "kept"
_TYPES: dict[str, type] = {
    "分数": Fraction, "时刻": datetime.datetime, "日期": datetime.date,
}  # fmt: skip


@frozen
class Example:
    """People's claims under ``policy``, a path in this repository or the text of a generated
    one; ``figures`` says whether its open parameters have made-up figures."""

    policy: str
    people: People
    readings: Mapping[str, str] = field(factory=dict)
    figures: bool = False

    def program(self) -> Program:
        if self.policy.endswith(".md"):
            return compiled(self.policy).demand()
        return compile_policy([read_document(Source("generated.tiao", self.policy))]).demand()

    def differences(self, program: Program, kernel: Kernel | None = None) -> list[str]:
        """Where the kernel and the interpreter are not of one mind."""
        parameters = keyed(program, self.policy) if self.figures else {}
        made = kernel or as_python(program, None, self.readings, parameters, rules=True)
        return differences(made, program, self.people, self.readings, parameters)


def hold(example: Example, program: Program, kernel: Kernel, name: str) -> None:
    """Both engines are of one mind; where they are not, the example is written down as ``name``:
    the last that a failing test tries is the smallest."""
    found = example.differences(program, kernel)
    if found:
        FOLDER.mkdir(exist_ok=True)
        write(example, FOLDER / f"{name}.json")
    assert found == []


def write(example: Example, path: Path) -> None:
    people = [[{"matter": claim.matter, "fields": _plain(claim.fields),
                "totals": _plain(claim.totals),
                "collections": {name: [_plain(record) for record in records]
                                for name, records in claim.collections.items()}}
               for claim in claims] for claims in example.people]  # fmt: skip
    data = {"policy": example.policy, "readings": dict(example.readings),
            "figures": example.figures, "people": people}  # fmt: skip
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> Example:
    data = json.loads(path.read_text(encoding="utf-8"))
    people = [[Claim(one["matter"], _exact(one["fields"]),
                     {name: tuple(_exact(record) for record in records)
                      for name, records in one["collections"].items()},
                     totals=_exact(one["totals"]))
               for one in claims] for claims in data["people"]]  # fmt: skip
    return Example(data["policy"], people, data["readings"], data["figures"])


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    """Values by their kinds: a moment is a date too, and goes first."""

    def cell(value: Any) -> Any:
        kind = next((name for name, of in _TYPES.items() if isinstance(value, of)), "")
        if not kind:
            return value
        return {kind: str(value) if kind == "分数" else value.isoformat()}

    return {name: cell(value) for name, value in record.items()}


def _exact(record: Mapping[str, Any]) -> dict[str, Any]:
    def value(cell: Any) -> Any:
        if not isinstance(cell, dict):
            return cell
        ((kind, text),) = cell.items()
        return Fraction(text) if kind == "分数" else _TYPES[kind].fromisoformat(text)  # type: ignore[attr-defined]

    return {name: value(cell) for name, cell in record.items()}
