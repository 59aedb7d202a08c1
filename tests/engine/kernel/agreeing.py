"""A kernel held against the interpreter, row by row."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

from tests.engine.kernel.laying_out import People, plain, read, settle

from tiaowen.compiler.core import ParameterInfo, Program, Rule, Value
from tiaowen.compiler.program import Compilation, compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.decision import Decision, decide
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Claim, Frame, ParameterValue, Reader
from tiaowen.engine.kernel.generating import generate
from tiaowen.engine.kernel.running import Kernel
from tiaowen.engine.parameters import read_parameters
from tiaowen.engine.parts import parts_of

ROOT = Path(__file__).parents[3]
POLICIES = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("policies/*/*.md"))
_FIGURES: dict[str, Value] = {
    "金额": 300_000, "比例": Fraction(3, 5), "百分点": Fraction(1, 20), "单价": Fraction(50),
    "数量": Fraction(3), "文本": "若干", "是否": True, "日期": datetime.date(2024, 6, 1),
}  # fmt: skip


_EXAMPLES = {
    "chongqing/employee": "chongqing-parameters",
    "chongqing/resident": "chongqing-resident-parameters",
    "jinan": "jinan-parameters",
    "ziyang": "ziyang-parameters",
}


@cache
def compiled(policy: str) -> Compilation:
    """A policy of this repository with the vocabulary."""
    names = ("policies/vocabulary.tiao", policy)
    texts = [Source(name, (ROOT / name).read_text(encoding="utf-8")) for name in names]
    return compile_policy([read_document(text) for text in texts])


def figures(program: Program) -> dict[str, ParameterValue]:
    """A figure of its type for every open parameter."""

    def figure(info: ParameterInfo) -> ParameterValue:
        enum = program.enums.get(info.type.name)
        value = next(iter(enum.codes)) if enum else _FIGURES.get(info.type.name, 12)
        return ParameterValue(value, (), "made up")

    return {name: figure(info) for name, info in program.parameters.items()}


def keyed(program: Program, policy: str) -> dict[str, ParameterValue]:
    """The figures of the example that belongs to a policy, some by keys of which later rows leave
    some out; and one of its type for each that is left."""
    file = next((f"examples/{v}.toml" for k, v in _EXAMPLES.items() if k in policy), "")
    text = (ROOT / file).read_text(encoding="utf-8") if file else ""
    return figures(program) | (read_parameters(text, file, program) if file else {})


def as_python(program: Program, matters: Sequence[str] | None = None,
              readings: Mapping[str, str] | None = None,
              parameters: Mapping[str, ParameterValue] | None = None,
              *, rules: bool = False) -> Kernel:  # fmt: skip
    """A kernel whose text is run as it is written: nothing is compiled."""
    asked = matters if matters is not None else list(program.matters)
    return Kernel(generate(program, asked, readings or {}, parameters or {}, rules=rules))


def decided_in_turn(program: Program, claims: Sequence[Claim], readings: Mapping[str, str],
                    parameters: Mapping[str, ParameterValue]) -> list[Decision]:  # fmt: skip
    """A person's claims by the interpreter; one that stops is no part of the history."""
    history: list[Frame] = []
    found = []
    for claim in claims:
        decision = decide(program, claim, history=tuple(history), readings=readings,
                          parameters=parameters)  # fmt: skip
        found.append(decision)
        if decision.decided:
            history.append(decision.frame)
    return found


def deciding(identity: str, frame: Frame) -> Rule | None:
    """The rule that made a node's value, found by asking the interpreter for each condition; None
    where the claim gave it."""
    node = frame.program.nodes[identity]
    if node.quantity in frame.claim.totals and not node.level:
        return None
    if node.kind == "define":
        return next(a.rule for a in node.alternatives
                    if a.condition is None or evaluate(a.condition, Reader(frame)))  # fmt: skip
    if node.kind == "total":
        parts = parts_of(frame, node.partition)
        if len(parts) != 1 or parts[0] is not frame:
            return frame.matter.partitions[node.partition].rule
    elif node.condition is None or evaluate(node.condition, Reader(frame)):
        return node.rule
    return deciding(node.previous, frame)


def differences(kernel: Kernel, program: Program, people: People,
                readings: Mapping[str, str] | None = None,
                parameters: Mapping[str, ParameterValue] | None = None) -> list[str]:  # fmt: skip
    """Every row in which the kernel and the interpreter are not of one mind."""
    settled = settle(kernel, program, people)
    found, row = [], -1
    for claims in people:
        for decision in decided_in_turn(program, claims, readings or {}, parameters or {}):
            row += 1
            stop = kernel.stops.get(int(settled.reject[row]))
            told = f"{row} {decision.matter}"
            if not decision.decided:
                first = decision.problems[0]
                if stop is None or stop.code != first.code:
                    found.append(f"{told}: {first.code} {first.args.get('name')}, not {stop}")
                elif first.code == "TW0501" and stop.name != first.args["name"]:
                    found.append(f"{told}: {first.args['name']} is missing, not {stop.name}")
                continue
            if stop is not None:
                found.append(f"{told}: refused for {stop}")
                continue
            for output in decision.frame.matter.outputs:
                if output.node is None:
                    continue
                wanted = plain(decision.values[output.name], kernel)
                made = read(settled, kernel, row, output.code)
                if wanted != made:
                    found.append(f"{told}: {output.name} is {wanted}, not {made}")
                if kernel.rules:
                    number = int(settled.outputs[f"rule_{output.code}"][row])
                    rule = kernel.rules[number - 1] if number else None
                    if rule != deciding(output.node, decision.frame):
                        found.append(f"{told}: {output.name} was not decided by {rule}")
    return found
