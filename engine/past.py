"""Folds over a person's earlier decisions, and over the figures taken as facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tiaowen.compiler import core as c
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Facts, Frame, Reader
from tiaowen.engine.parts import inner_frame, parts_of
from tiaowen.engine.stops import Stopped, stop


def past_readers(core: c.History, reader: Reader) -> Iterator[tuple[str, Reader]]:
    """(matter, where to read) of each earlier item that the fold takes in, oldest first."""
    year = evaluate(core.year, reader) if core.year is not None else None
    for item in reader.frame.whole.history:
        for matter, past in _views(item, core, reader):
            try:
                if (
                    core.yearly
                    and matter in core.years
                    and evaluate(core.years[matter], past) != year
                ):
                    continue
                where = core.wheres.get(matter)
                if where is None or evaluate(where, past):
                    yield matter, past
            except Stopped:
                if not isinstance(item, Frame):
                    raise


def _views(item: Frame | Facts, core: c.History, reader: Reader) -> Iterator[tuple[str, Reader]]:
    wanted = core.bodies or core.wheres or core.years or {}
    if isinstance(item, Facts):
        matters = [item.matter] if item.matter else list(wanted)[:1]
        for matter in matters:
            if not wanted or matter in wanted:
                yield matter, Reader(reader.frame, asking=reader, facts=item)
        return
    for matter, frame in _counted(item, core):
        if matter in wanted:
            yearly = core.kind == "sum" and core.yearly
            for part in _yearly_parts(frame) if yearly else [frame]:
                yield matter, Reader(part, asking=reader)


def _counted(item: Frame, core: c.History) -> Iterator[tuple[str, Frame]]:
    yield item.matter.name, item
    if core.kind != "sum":
        for call in item.matter.calls.values():
            if call.counted and (call.condition is None or evaluate(call.condition, Reader(item))):
                yield call.matter, inner_frame(item, call.id)


def _yearly_parts(frame: Frame) -> list[Frame]:
    for partition in frame.matter.partitions.values():
        if partition.yearly:
            return parts_of(frame, partition.name)
    return [frame]


def history(core: c.History, reader: Reader) -> Any:
    """The value of a fold; a decision that stopped pays nothing and counts as no stay."""
    found = list(past_readers(core, reader))
    if core.kind == "count":
        return len(found)
    if core.kind == "exists":
        return bool(found)
    if core.kind == "last":
        if not found:
            raise stop("TW0503", None, (), name=core.text)
        matter, past = found[-1]
        return evaluate(core.bodies[matter], past)
    values = []
    for matter, past in found:
        try:
            values.append(evaluate(core.bodies[matter], past))
        except Stopped:
            if past.facts is not None:
                raise
    return sum(values) if core.kind == "sum" else max(values, default=0)
