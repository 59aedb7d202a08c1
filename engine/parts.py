"""The frames inside a decision: parts of a stay, its fee lines, a matter settled as another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.core import LINES, Value
from tiaowen.compiler.types import Type
from tiaowen.engine.claims import billed
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Element, Frame, Reader, overridden
from tiaowen.engine.stops import Stopped


def parts_of(frame: Frame, name: str) -> list[Frame]:
    """The parts that partition ``name`` makes of ``frame``, in order. The whole itself is the
    one part where the condition does not hold or nothing would be different in its part."""
    if name not in frame.parts:
        partition = frame.matter.partitions[name]
        condition = partition.condition
        made: list[Frame] = []
        if condition is None or evaluate(condition, Reader(frame)):
            if partition.collection == LINES and billed.lineless(frame):
                raise billed.lines_needed(name, partition.rule)
            for keys, lines in _groups(frame, partition):
                made.append(_part(frame, partition, keys, lines, tuple(made)))
        if len(made) == 1 and _unchanged(frame, made[0], partition):
            made = []
        frame.parts[name] = made or [frame]
    return frame.parts[name]


def _unchanged(frame: Frame, part: Frame, partition: c.PartitionOf) -> bool:
    """Whether a part that holds every line has the facts of the whole."""
    try:
        return all(
            overridden(name, part) == evaluate(core, Reader(frame))
            for name, core in partition.originals.items()
        )
    except Stopped:
        return False


def _groups(
    frame: Frame, partition: c.PartitionOf
) -> list[tuple[dict[str, Value], frozenset[int]]]:
    grouped: dict[tuple[Value, ...], list[int]] = {}
    for element in elements_of(frame, partition.collection):
        reader = Reader(frame, element)
        key = tuple(evaluate(core, reader) for _, core in partition.keys)
        grouped.setdefault(key, []).append(element.index)
    names = [name for name, _ in partition.keys]
    kinds = [core.type for _, core in partition.keys]
    ordered = sorted(
        grouped.items(),
        key=lambda item: [_sortable(v, k, frame) for v, k in zip(item[0], kinds, strict=True)],
    )
    return [(dict(zip(names, key, strict=True)), frozenset(lines)) for key, lines in ordered]


def _sortable(value: Value, kind: Type, frame: Frame) -> Any:
    """Parts stand in ascending order of their keys; levels by their scale."""
    if kind.kind == "scale":
        info = frame.program.enums[kind.name]
        step = next((n for n, s in enumerate(info.steps) if value in info.groups[s]), -1)
        return step, str(value)
    return value if isinstance(value, int | date | Fraction) else str(value)


def _part(frame: Frame, partition: c.PartitionOf, keys: dict[str, Value],
          lines: frozenset[int], before: tuple[Frame, ...] = ()) -> Frame:  # fmt: skip
    part = evolve(
        frame,
        parent=frame,
        varies=partition.varies,
        partition=partition.name,
        lines=lines,
        overrides={},
        memo={},
        elements={},
        parts={},
        inner={},
        defaults=frame.whole.defaults,
    )
    reader = Reader(frame, keys=keys)
    for name, core in partition.overrides.items():
        part.overrides[name] = lambda core=core: evaluate(core, reader)
    for quantity, whole, used in partition.spread:
        part.overrides[quantity] = lambda w=whole, u=used: _left(frame, before, w, u)
    return part


def _left(frame: Frame, before: Iterable[Frame], whole: c.Ref, used: c.Ref) -> Any:
    """What the parts before left of an amount spread over them."""
    spent = sum(evaluate(used, Reader(part)) for part in before)
    return max(0, evaluate(whole, Reader(frame)) - spent)


def elements_of(frame: Frame, collection: str) -> list[Element]:
    """The elements of ``collection`` in a frame; a part has its own fee lines alone."""
    if collection not in frame.elements:
        if frame.parent is not None:
            whole = elements_of(frame.parent, collection)
            frame.elements[collection] = [
                Element(frame, collection, e.index, e.record, up=e)
                for e in whole
                if collection != LINES or frame.lines is None or e.index in frame.lines
            ]
        else:
            records = frame.claim.collections.get(collection, ())
            frame.elements[collection] = [
                Element(frame, collection, index, record) for index, record in enumerate(records)
            ]
    return frame.elements[collection]


def inner_frame(frame: Frame, identity: str) -> Frame:
    """The decision of the matter that stands in this one's place, under the changed facts."""
    if identity not in frame.inner:
        call = frame.matter.calls[identity]
        reader = Reader(frame)
        inner = evolve(
            frame,
            matter=frame.program.matters[call.matter],
            overrides={},
            parent=None,
            partition="",
            memo={},
            elements={},
            parts={},
            inner={},
            varies=frozenset(),
            defaults=frame.whole.defaults,
            inner_of=call.matter,
        )
        inner.overrides.update(billed.taken(inner))
        inner.overrides.update(
            {n: (lambda core=core: evaluate(core, reader)) for n, core in call.overrides.items()}
        )
        frame.inner[identity] = inner
    return frame.inner[identity]
