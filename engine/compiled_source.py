"""The text of the functions that fill a frame: one per node, expressions inlined.

Only names made here and constants held apart reach the text; nothing a policy says is pasted
into it. ``f`` is the frame, ``m`` a memory, ``r`` a record of facts, ``e`` a fee line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import Factory, define

from tiaowen.compiler import core as c
from tiaowen.compiler.core import EXCLUDED, LINES
from tiaowen.compiler.operations import OPERATIONS
from tiaowen.compiler.types import DATE, MOMENT, MONEY
from tiaowen.compiler.values import round_half_up
from tiaowen.compiler.walk import every
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Reader
from tiaowen.engine.interpreter import value_of
from tiaowen.engine.parts import elements_of, parts_of


class Unfit(Exception):
    """The generated code does not reach this claim; the interpreter decides it."""


RUN_TIME: dict[str, Any] = {
    **{f"op_{name}": operation.meaning for name, operation in OPERATIONS.items()},
    "evaluate": evaluate, "Reader": Reader, "value_of": value_of, "rounded": round_half_up,
    "elements_of": elements_of, "parts_of": parts_of, "Unfit": Unfit,
}  # fmt: skip


def module_source(program: c.Program, matter: str) -> tuple[str, dict[str, Any]]:
    """The source that defines ``fill(f)`` for ``matter``, and the constants it names."""
    writer = _Writer(program, program.matters[matter])
    return writer.module(), writer.constants


@define
class _Writer:
    program: c.Program
    matter: c.Matter
    constants: dict[str, Any] = Factory(dict)
    held: dict[int, str] = Factory(dict)
    names: dict[str, str] = Factory(dict)
    waiting: list[str] = Factory(list)
    helpers: list[str] = Factory(list)

    def module(self) -> str:
        calls = [self.node(o.node) + "(f)" for o in self.matter.outputs if o.node]
        if not self.matter.outputs:
            calls = [self.node(i) + "(f)" for (level, q), i in self.matter.final.items()
                     if not level and q != EXCLUDED]  # fmt: skip
        if ("", EXCLUDED) in self.matter.final:
            calls.append(self.node(self.matter.final["", EXCLUDED]) + "(f)")
        each = self.matter.final.get((LINES, EXCLUDED))
        body = [f"    {call}" for call in calls]
        if each is not None:
            body += [f"    for e in elements_of(f, {LINES!r}): {self.node(each)}(e)"]
        functions = []
        while self.waiting:
            functions.append(self._function(self.waiting.pop()))
        return "\n".join([*functions, *self.helpers, "def fill(f):", *body]) + "\n"

    def node(self, identity: str) -> str:
        """The name of a node's function, to be written if it is new."""
        if identity not in self.names:
            self.names[identity] = f"n{len(self.names)}"
            self.waiting.append(identity)
        return self.names[identity]

    def hold(self, value: Any) -> str:
        """A name for a constant of the generated text."""
        if id(value) not in self.held:
            self.held[id(value)] = f"k{len(self.held)}"
            self.constants[self.held[id(value)]] = value
        return self.held[id(value)]

    # --- functions

    def _function(self, identity: str) -> str:
        node = self.program.nodes[identity]
        key = self.hold(identity)
        line = bool(node.level)
        head = f"def {self.names[identity]}({'e' if line else 'f'}):"
        facts = (
            "    f = e.frame; m = e.memo; r = e.record"
            if line
            else "    m = f.memo; r = f.claim.fields"
        )
        lines = [head, facts, f"    if {key} in m: return m[{key}]"]
        lines += [f"    {text}" for text in self._body(node, line)]
        if node.type == MONEY:
            lines.append("    if type(v) is not int: v = rounded(v)")
        return "\n".join([*lines, f"    m[{key}] = v", "    return v"])

    def _body(self, node: c.Node, line: bool) -> Iterator[str]:
        if node.kind == "define":
            yield from self._define(node, line)
        elif node.kind == "total":
            yield from self._total(node)
        else:
            previous = f"{self.node(node.previous)}({'e' if line else 'f'})"
            assert node.amended is not None
            if node.condition is None:
                yield f"v = {self.text(node.amended, line)}"
            else:
                yield f"if {self.text(node.condition, line)}: v = {self.text(node.amended, line)}"
                yield f"else: v = {previous}"

    def _define(self, node: c.Node, line: bool) -> Iterator[str]:
        if len(node.alternatives) == 1 and node.alternatives[0].condition is None:
            value = node.alternatives[0].value
            yield f"v = {self.text(value, line)}" if value is not None else "raise Unfit"
            return
        if node.disjoint:
            for index, alternative in enumerate(node.alternatives):
                condition = self._condition(alternative, line)
                yield f"{'elif' if index else 'if'} {condition}: {self._value(alternative, line)}"
            yield "else: raise Unfit"
            return
        for index, alternative in enumerate(node.alternatives):
            yield f"c{index} = {self._condition(alternative, line)}"
        flags = [f"c{index}" for index in range(len(node.alternatives))]
        yield f"if {' + '.join(f'bool({flag})' for flag in flags)} != 1: raise Unfit"
        for index, alternative in enumerate(node.alternatives):
            yield f"{'elif' if index else 'if'} c{index}: {self._value(alternative, line)}"

    def _condition(self, alternative: c.Alternative, line: bool) -> str:
        return "True" if alternative.condition is None else self.text(alternative.condition, line)

    def _value(self, alternative: c.Alternative, line: bool) -> str:
        return (
            "raise Unfit"
            if alternative.value is None
            else f"v = {self.text(alternative.value, line)}"
        )

    def _total(self, node: c.Node) -> Iterator[str]:
        """Where the partition's condition does not hold the whole is the one part."""
        partition = self.matter.partitions[node.partition]
        name = self.hold(node.partition)
        if partition.condition is not None:
            yield f"if {name} not in f.parts and not {self.text(partition.condition, False)}:"
            yield f"    f.parts[{name}] = [f]"
        yield f"p = parts_of(f, {name})"
        yield f"if len(p) == 1 and p[0] is f: v = {self.node(node.previous)}(f)"
        yield f"else: v = value_of({self.hold(node.id)}, f)"

    # --- expressions

    def text(self, core: c.Core, line: bool) -> str:
        """An expression of Python with the value of ``core``."""
        match core:
            case c.Constant():
                return self.hold(core.value)
            case c.Ref() if not core.past and core.matter == self.matter.name:
                return f"{self.node(core.node)}({'e' if core.level else 'f'})"
            case c.Field():
                return self._field(core, line)
            case c.IsGiven():
                record = "r" if line == bool(core.level) else "f.claim.fields"
                return f"({self.hold(core.name)} in {record})"
            case c.ReadingRef():
                default = self.program.readings[core.name].default
                return f"f.readings.get({self.hold(core.name)}, {self.hold(default)})"
            case c.Op():
                return self._op(core, line)
            case c.Logic():
                return f"({self.text(core.left, line)} {core.kind} {self.text(core.right, line)})"
            case c.Choose():
                return (f"({self.text(core.then, line)} if {self.text(core.condition, line)} "
                        f"else {self.text(core.otherwise, line)})")  # fmt: skip
            case c.Among() if not core.prefixes:
                return f"({self.text(core.operand, line)} in {self.hold(core.accepted)})"
            case c.Among():
                prefixes = self.hold(core.prefixes)
                return f"{self.text(core.operand, line)}.startswith({prefixes})"
            case c.Pick() if core.enumerable:
                return self._pick(core, line)
            case c.Aggregate():
                return self._aggregate(core, line)
            case c.History():
                return self._history(core, line)
            case c.Reasons():
                return self._reasons(core, line)
            case _:
                return self._left_to_reference(core, line)

    def _left_to_reference(self, core: c.Core, line: bool) -> str:
        return f"evaluate({self.hold(core)}, Reader(f{', e' if line else ''}))"

    def _field(self, core: c.Field, line: bool) -> str:
        record = "r" if line == bool(core.level) else "f.claim.fields"
        name = self.hold(core.name)
        if core.level:
            info = self.program.collections[core.level].fields[core.name]
        else:
            info = self.program.fields[core.name]
        if info.default is None:
            return f"{record}[{name}]"
        key = self.hold(f"{core.level}.{core.name}" if core.level else core.name)
        default = self.hold(info.default)
        taken = f"f.defaults.setdefault({key}, {default})"
        return f"({record}[{name}] if {name} in {record} else {taken})"

    def _op(self, core: c.Op, line: bool) -> str:
        texts = [self.text(operand, line) for operand in core.operands]
        operation = OPERATIONS[core.name]
        kinds = {operand.type for operand in core.operands}
        mixed = bool(kinds & {DATE, MOMENT}) and len(kinds) > 1
        if not operation.python or mixed:
            return f"op_{core.name}({', '.join(texts)})"
        return operation.python.replace("{*}", ", ".join(texts)).format(*texts)

    def _pick(self, core: c.Pick, line: bool) -> str:
        """A table of members as a chain of tests; its rows are known not to overlap."""
        text = self._left_to_reference(core, line)
        keys = [self.text(key, line) for key in core.keys]
        for row in reversed(core.rows):
            tests = [
                f"{key} in {self.hold(cell.accepted)}"
                for key, cell in zip(keys, row.matchers, strict=True)
                if isinstance(cell, c.AmongOf)
            ]
            text = f"({self.text(row.value, line)} if {' and '.join(tests) or 'True'} else {text})"
        return text

    def _aggregate(self, core: c.Aggregate, line: bool) -> str:
        plain = core.collection == LINES and core.kind in ("sum", "any", "all", "count")
        if line or not plain or any(isinstance(part, c.Around) for part in every(core)):
            return self._left_to_reference(core, line)
        where = "" if core.where is None else f" if {self._of_element(core.where)}"
        over = f"for e in elements_of(f, {LINES!r}){where}"
        if core.kind == "count" or core.body is None:
            return f"sum(1 {over})"
        return f"{core.kind}([{self._of_element(core.body)} {over}])"

    def _of_element(self, core: c.Core) -> str:
        """A call with the value of ``core`` read in fee line ``e``."""
        if isinstance(core, c.Ref) and core.level:
            return f"{self.node(core.node)}(e)"
        name = f"g{len(self.helpers)}"
        self.helpers.append("")
        place = len(self.helpers) - 1
        head = f"def {name}(e):\n    f = e.frame; r = e.record\n"
        self.helpers[place] = f"{head}    return {self.text(core, True)}"
        return f"{name}(e)"

    def _history(self, core: c.History, line: bool) -> str:
        empty = {"count": "0", "sum": "0", "max": "0", "exists": "False"}.get(core.kind)
        full = self._left_to_reference(core, line)
        if empty is None:
            return full
        if core.year is not None:
            return f"({full} if f.history else ({self.text(core.year, line)}, {empty})[1])"
        return f"({full} if f.history else {empty})"

    def _reasons(self, core: c.Reasons, line: bool) -> str:
        grounds = " + ".join(
            f"(({self.hold(reason)},) if {self.text(condition, line)} else ())"
            for condition, reason, _ in core.grounds
        )
        outer = self.text(core.outer, line) if core.outer is not None else "()"
        return f"({grounds or '()'} + {outer})"
