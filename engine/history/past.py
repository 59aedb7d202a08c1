"""Folds over a person's earlier decisions, and over the figures taken as facts.

Earlier items are decisions made again (frames), settlements, or the totals a file opens
with. A total opening a year stands for all that came before it: it adds to sums and counts
and is never the last item.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Facts, Frame, Reader
from tiaowen.engine.parts import inner_frame, parts_of
from tiaowen.engine.stops import stop


@frozen
class Item:
    """An earlier item that a fold takes in, and where it is read."""

    matter: str
    reader: Reader

    @property
    def opening(self) -> Facts | None:
        facts = self.reader.facts
        return facts if facts is not None and facts.kind == "opening" else None


def history(core: c.History, reader: Reader) -> Any:
    """The value of a fold."""
    found = list(past_items(core, reader))
    match core.kind:
        case "count":
            return sum(weight(item) for item in found)
        case "exists":
            return any(weight(item) for item in found)
        case "last":
            if not found:
                raise stop("TW0503", None, (), name=core.text)
            return amount(core, found[-1])
    values = [amount(core, item) for item in found]
    return sum(values) if core.kind == "sum" else max(values, default=0)


def weight(item: Item) -> int:
    """How many decisions an item counts for."""
    opening = item.opening
    return 1 if opening is None else opening.counts.get(item.matter, 0)


def amount(core: c.History, item: Item) -> Any:
    """The value that the fold reads in ``item``."""
    body = core.bodies[item.matter]
    opening = item.opening
    if opening is None:
        return evaluate(body, item.reader)
    name = (
        body.quantity if isinstance(body, c.Ref) else body.name if isinstance(body, c.Field) else ""
    )
    qualified = f"{item.matter}.{name}"
    for key in (qualified, name) if len(core.bodies) == 1 else (name,):
        if key in opening.values:
            return opening.values[key]
    raise stop("TW0511", None, (), name=qualified if len(core.bodies) == 1 else name, item="期初")


def past_items(core: c.History, reader: Reader) -> Iterator[Item]:
    """The earlier items that a fold takes in, oldest first."""
    year = evaluate(core.year, reader) if core.year is not None else None
    for earlier in reader.frame.whole.history:
        views = _facts(earlier, core, reader) if isinstance(earlier, Facts) else _decision(
            earlier, core, reader)  # fmt: skip
        for item in views:
            if core.yearly and evaluate(core.years[item.matter], item.reader) != year:
                continue
            where = core.wheres.get(item.matter)
            if where is None or item.opening is not None or evaluate(where, item.reader):
                yield item


def _facts(facts: Facts, core: c.History, reader: Reader) -> Iterator[Item]:
    view = Reader(reader.frame, asking=reader, facts=facts)
    if facts.kind == "opening":
        if core.kind != "last":
            yield Item(core.matters[0], view)
    elif facts.matter in core.matters:
        yield Item(facts.matter, view)


def _decision(frame: Frame, core: c.History, reader: Reader) -> Iterator[Item]:
    yearly = core.kind == "sum" and core.yearly
    for matter, counted in _counted(frame, core):
        if matter in core.matters:
            for part in _yearly_parts(counted) if yearly else [counted]:
                yield Item(matter, Reader(part, asking=reader))


def _counted(frame: Frame, core: c.History) -> Iterator[tuple[str, Frame]]:
    """The decision itself and, where 计次 says so, the matter it was settled as; what it paid
    counts once, in the outer matter."""
    yield frame.matter.name, frame
    if core.kind != "sum":
        for call in frame.matter.calls.values():
            if call.counted and (call.condition is None or evaluate(call.condition, Reader(frame))):
                yield call.matter, inner_frame(frame, call.id)


def _yearly_parts(frame: Frame) -> list[Frame]:
    """The parts of a stay that fall in different years; each counts in its own. A partition that
    leaves the stay whole, as where its condition does not hold, has no say in it."""
    for partition in frame.matter.partitions.values():
        if partition.yearly:
            parts = parts_of(frame, partition.name)
            if parts[0] is not frame:
                return parts
    return [frame]
