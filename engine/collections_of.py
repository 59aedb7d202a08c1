"""Over the elements of a collection: aggregates, shares of an amount, months in a row."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tiaowen.compiler import core as c
from tiaowen.compiler.core import LINES
from tiaowen.compiler.dates import as_date, longest_gap, month_first, runs
from tiaowen.compiler.values import round_half_up
from tiaowen.engine.claims import billed
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Reader
from tiaowen.engine.parts import elements_of
from tiaowen.engine.stops import stop


def readers_of(core: c.Aggregate | c.Share | c.Months, reader: Reader) -> list[Reader]:
    """Where each element that the call takes in is read, in the order given."""
    readers = [
        Reader(reader.frame, element, around=reader)
        for element in elements_of(reader.frame, core.collection)
    ]
    where = None if isinstance(core, c.Share) else core.where
    return readers if where is None else [r for r in readers if evaluate(where, r)]


def aggregate(core: c.Aggregate, reader: Reader) -> Any:
    """Sum, count, highest, lowest, any, all or first; the last three of nothing are 无规定."""
    if core.collection == LINES and billed.lineless(reader.frame):
        return billed.of_ordinary_lines(core, reader)
    readers = readers_of(core, reader)
    if core.kind == "count":
        return len(readers)
    assert core.body is not None
    values = [evaluate(core.body, one) for one in readers]
    match core.kind:
        case "sum":
            return sum(values)
        case "any":
            return any(values)
        case "all":
            return all(values)
    if not values:
        raise stop("TW0503", None, (), name=core.collection)
    return {"max": max, "min": min}[core.kind](values) if core.kind != "first" else values[0]


def share(core: c.Share, reader: Reader) -> Any:
    """What the element at hand gets of the total."""
    assert reader.element is not None
    if core.collection == LINES and billed.lineless(reader.frame):
        raise billed.lines_needed(core.collection)
    total = evaluate(core.total, reader)
    weights = [evaluate(core.weight, one) for one in readers_of(core, reader)]
    place = next(
        n for n, e in enumerate(elements_of(reader.frame, core.collection)) if e is reader.element
    )
    before, upto = sum(weights[:place]), sum(weights[: place + 1])
    if core.kind == "in_order":
        return min(total, upto) - min(total, before)
    whole = sum(weights)
    if not whole:
        return 0
    return _running(total, upto, whole) - _running(total, before, whole)


def _running(total: Any, weight: Any, whole: Any) -> int:
    return round_half_up(Fraction(total) * Fraction(weight) / Fraction(whole))


def months(core: c.Months, reader: Reader) -> Any:
    """Months missing in the longest gap, or in the run that ends with the month asked for."""
    if core.collection == LINES and billed.lineless(reader.frame):
        raise billed.lines_needed(core.collection)
    days = sorted(as_date(evaluate(core.body, one)) for one in readers_of(core, reader))
    start = None if core.start is None else as_date(evaluate(core.start, reader))
    end = None if core.end is None else as_date(evaluate(core.end, reader))
    if core.kind == "gap":
        return longest_gap(days, start, end)
    assert end is not None
    found = runs(days, None, end)
    return found[-1].months if found and found[-1].last == month_first(end) else 0
