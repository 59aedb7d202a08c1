"""Tables, bands and scales: what a policy looks up."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.engine.forms import evaluate, form
from tiaowen.engine.frames import Reader
from tiaowen.engine.stops import stop


def in_range(value: Any, cell: c.RangeOf, reader: Reader) -> bool:
    """Whether ``value`` lies in a table cell's range, or in a parameter's bounds."""
    if cell.low is not None:
        low: Any = evaluate(cell.low, reader)
        if value < low or (value == low and not cell.low_closed):
            return False
    if cell.high is not None:
        high: Any = evaluate(cell.high, reader)
        if value > high or (value == high and not cell.high_closed):
            return False
    return True


def matches(matcher: c.Matcher, value: Value, reader: Reader) -> bool:
    """Whether a table cell accepts ``value``."""
    if matcher is None:
        return True
    if isinstance(matcher, c.RangeOf):
        return in_range(value, matcher, reader)
    return value in matcher.accepted or (
        bool(matcher.prefixes) and str(value).startswith(matcher.prefixes)
    )


def matching_rows(core: c.Pick, reader: Reader) -> list[c.PickRow]:
    """The rows of a table whose cells all accept their keys; a key is read when first needed.
    Where the checks saw that no rows overlap the first is the only one."""
    values: dict[int, Value] = {}

    def accepts(row: c.PickRow) -> bool:
        for index, matcher in enumerate(row.matchers):
            if matcher is not None and index not in values:
                values[index] = evaluate(core.keys[index], reader)
            if not matches(matcher, values.get(index, 0), reader):
                return False
        return True

    accepted = (row for row in core.rows if accepts(row))
    return list(islice(accepted, 1)) if core.enumerable else list(accepted)


@form(c.Pick)
def _pick(core: c.Pick, reader: Reader) -> Any:
    rows = matching_rows(core, reader)
    if len(rows) != 1:
        keys = "、".join(core.key_names)
        raise stop(
            "TW0504" if rows else "TW0503",
            None,
            (),
            name=keys,
            values=[evaluate(k, reader) for k in core.keys],
        )
    return evaluate(rows[0].value, reader)


@form(c.Apply)
def _apply(core: c.Apply, reader: Reader) -> Any:
    function = reader.frame.matter.functions[core.function]
    return evaluate(function.body, evolve(reader, argument=evaluate(core.argument, reader)))


@form(c.Argument)
def _argument(core: c.Argument, reader: Reader) -> Any:
    assert reader.argument is not None
    return reader.argument


@form(c.Bands)
def _bands(core: c.Bands, reader: Reader) -> Any:
    low, high = (Fraction(v) for v in (evaluate(core.low, reader), evaluate(core.high, reader)))
    return sum((width * ratio for width, ratio, _ in slices(core, low, high, reader)), Fraction(0))


def slices(
    core: c.Bands, low: Fraction, high: Fraction, reader: Reader
) -> Iterator[tuple[Any, Any, c.PickRow]]:
    """(width, ratio, row) of every band of the table that [low, high] reaches into."""
    function = reader.frame.matter.functions[core.function]
    table = function.body
    assert isinstance(table, c.Pick)
    covered = Fraction(0)
    for row in table.rows:
        others = [
            (m, k)
            for m, k in zip(row.matchers, table.keys, strict=True)
            if not isinstance(k, c.Argument)
        ]
        if not all(matches(m, evaluate(k, reader), reader) for m, k in others if m is not None):
            continue
        cell = next(
            (m for m, k in zip(row.matchers, table.keys, strict=True) if isinstance(k, c.Argument)),
            None,
        )
        bounds = cell if isinstance(cell, c.RangeOf) else c.RangeOf(None, None, True, True)
        start: Any = low if bounds.low is None else max(low, evaluate(bounds.low, reader))
        end: Any = high if bounds.high is None else min(high, evaluate(bounds.high, reader))
        if end > start:
            covered += end - start
            yield end - start, evaluate(row.value, reader), row
    if covered != max(high - low, 0):
        raise stop("TW0503", None, (), name=core.function)


def _index(level: Value, scale: str, reader: Reader) -> int:
    info = reader.frame.program.enums[scale]
    for index, step in enumerate(info.steps):
        if level == step or level in info.groups[step]:
            return index
    raise stop("TW0516", None, (), level=level, scale=scale)


@form(c.Rank)
def _rank(core: c.Rank, reader: Reader) -> Any:
    return _index(evaluate(core.operand, reader), core.scale, reader)


@form(c.Step)
def _step(core: c.Step, reader: Reader) -> Any:
    level, amount = evaluate(core.operand, reader), evaluate(core.amount, reader)
    steps = reader.frame.program.enums[core.scale].steps
    index = _index(level, core.scale, reader) + core.sign * int(amount)
    return steps[min(max(index, 0), len(steps) - 1)]
