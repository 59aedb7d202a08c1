"""Which facts a matter's outputs can ask for, and which they ask for in any case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import expressions
from tiaowen.compiler.core import EXCLUDED
from tiaowen.compiler.link import present_parts
from tiaowen.compiler.walk import every, parts

Fact: TypeAlias = tuple[str, str]
"""(collection, field); the collection is '' for a field of the claim."""


def inputs(program: c.Program, matter: str) -> set[Fact]:
    """Every fact that the outputs, grounds of exclusion and duties of ``matter`` may need."""
    return _facts(program, reached(program, matter))


def telling(program: c.Program) -> set[Fact]:
    """The facts that tell which matter a claim is of: those the matters' conditions read."""
    return {
        fact
        for name, matter in program.matters.items()
        if matter.condition is not None
        for fact in _facts(program, _reached(program, name, [], [matter.condition]))
    }


def _facts(program: c.Program, read: Iterator[c.Core]) -> set[Fact]:
    """The fields among the expressions ``read``."""
    found = {(part.level, part.name) for part in read if isinstance(part, c.Field | c.IsGiven)}
    return {fact for fact in found if _declared(program, fact)}


def reached(program: c.Program, matter: str) -> Iterator[c.Core]:
    """Every expression, outer or inner, that the outputs, grounds of exclusion and duties of
    ``matter`` may look at in the present decision; the folds over earlier ones as a whole."""
    asked = program.matters[matter]
    held: list[c.Core] = [part for duty in asked.duties for part in parts(duty)]
    if asked.condition is not None:
        held.append(asked.condition)
    yield from _reached(program, matter, [*_asked_for(asked)], held)


def _reached(program: c.Program, matter: str, waiting: list[str],
             held: list[c.Core]) -> Iterator[c.Core]:  # fmt: skip
    """What nodes ``waiting`` and expressions ``held`` of ``matter`` look at."""
    seen: set[str] = set()
    while waiting or held:
        while held:
            outer = held.pop()
            yield from (part for part in every(outer) if isinstance(part, c.History))
            for part in present_parts(outer):
                yield part
                waiting += _nodes(part)
                held += _beyond(part, program, matter)
        if waiting and (identity := waiting.pop()) not in seen:
            seen.add(identity)
            node = program.nodes[identity]
            waiting += [node.previous] if node.previous else []
            held += expressions(node)
            partition = program.matters[node.matter].partitions.get(node.partition)
            if node.kind == "total" and partition is not None:
                held += parts(partition)


def _asked_for(asked: c.Matter) -> Iterator[str]:
    """The nodes a decision of the matter asks for by itself."""
    stated = [output.node for output in asked.outputs if output.node is not None]
    yield from stated or asked.final.values()
    yield from (node for (_, name), node in asked.final.items() if name == EXCLUDED)


def _nodes(part: c.Core) -> list[str]:
    if isinstance(part, c.Ref) and not part.past and part.node:
        return [part.node]
    return [part.node] if isinstance(part, c.Settled) and part.node else []


def _beyond(part: c.Core, program: c.Program, matter: str) -> list[c.Core]:
    """What ``part`` draws on that does not stand inside it."""
    if isinstance(part, c.Apply | c.Bands):
        functions = program.matters[matter].functions
        return [functions[part.function].body] if part.function in functions else []
    if isinstance(part, c.Settled):
        for settling in program.matters.values():
            if part.call in settling.calls:
                return list(parts(settling.calls[part.call]))
    return []


def _declared(program: c.Program, fact: Fact) -> bool:
    level, name = fact
    return name in _fields(program, level)


def _fields(program: c.Program, level: str) -> Mapping[str, c.FieldInfo]:
    return program.collections[level].fields if level else program.fields


# --- what is asked for in any case


def needed(program: c.Program, matter: str) -> set[Fact]:
    """The facts without which no claim said to be of ``matter`` is decided: those its outputs
    read whatever the others are. For a collection they are needed of each element."""
    asked = program.matters[matter]
    found: set[Fact] = set()
    seen: set[str] = set()
    held: list[c.Core] = []
    waiting = [output.node for output in asked.outputs if output.node is not None]
    while waiting or held:
        while held:
            for part in _surely(held.pop()):
                if isinstance(part, c.Field):
                    found.add((part.level, part.name))
                elif isinstance(part, c.Ref) and not part.past and part.node:
                    waiting.append(part.node)
        if waiting and (identity := waiting.pop()) not in seen:
            seen.add(identity)
            held += _surely_of(program.nodes[identity])
    tested = {
        (part.level, part.name)
        for node in program.nodes.values()
        for expression in expressions(node)
        for part in every(expression)
        if isinstance(part, c.IsGiven)
    }
    changed = {name for partition in asked.partitions.values() for name in partition.overrides}
    found -= tested | {("", name) for name in changed}
    return {
        fact
        for fact in found
        if _declared(program, fact) and _fields(program, fact[0])[fact[1]].default is None
    }


def _surely_of(node: c.Node) -> list[c.Core]:
    """The expressions of a node that are read whenever its value is."""
    if node.kind == "define":
        first = node.alternatives[0] if node.alternatives else None
        if first is None:
            return []
        if first.condition is not None:
            return [first.condition]
        return [first.value] if first.value is not None and len(node.alternatives) == 1 else []
    if node.kind == "amend":
        read = node.condition if node.condition is not None else node.amended
        return [read] if read is not None else []
    return []


def _surely(core: c.Core) -> Iterator[c.Core]:
    """``core`` and the parts of it that are read whenever it is."""
    stack = [core]
    while stack:
        current = stack.pop()
        yield current
        match current:
            case c.Op():
                stack += current.operands
            case c.Logic():
                stack.append(current.left)
            case c.Choose():
                stack.append(current.condition)
            case c.Among() | c.Rank():
                stack.append(current.operand)
            case c.Step():
                stack += [current.operand, current.amount]
            case c.Apply():
                stack.append(current.argument)
            case c.Bands():
                stack += [current.low, current.high]
            case c.Pick() if current.rows:
                keys = [
                    key
                    for key, matcher in zip(current.keys, current.rows[0].matchers, strict=True)
                    if matcher is not None
                ]
                stack += keys[:1]
            case c.Aggregate():
                read = current.where if current.where is not None else current.body
                stack += [read] if read is not None else []
