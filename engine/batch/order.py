"""The order of claims: people as they lie, each one's claims by time, then by settlement number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from tiaowen.engine.batch.cells import Array
from tiaowen.engine.batch.streams import texts_of


@frozen(eq=False)
class People:
    """The people of a chunk: ``numbers`` rise from person to person, ``begins`` is True for the
    first row of each."""

    numbers: Array
    begins: Array

    @classmethod
    def of(cls, column: pa.Array) -> People:
        texts = texts_of(column)
        begins = np.ones(len(texts), dtype=bool)
        if len(texts) > 1:
            begins[1:] = pc.not_equal(texts[1:], texts[:-1]).to_numpy(zero_copy_only=False)
        return cls(np.cumsum(begins) - 1, begins)


def rising(column: pa.Array, people: People) -> bool:
    """Whether each text is greater than the one before it of the same person: then none of them
    comes twice. False where that is not known without a closer look."""
    if not pa.types.is_string(column.type) or column.null_count:
        return False
    if len(column) < 2:
        return True
    greater = pc.greater(column[1:], column[:-1]).to_numpy(zero_copy_only=False)
    return bool((greater | people.begins[1:]).all())


def rows_by_time(people: People, times: Array, settlements: Any) -> Array | None:
    """The rows in their order; None where they lie in it. ``settlements`` is the column of
    settlement numbers, None where there is none."""
    early = np.flatnonzero(~people.begins[1:] & (times[1:] <= times[:-1]))
    if not len(early):
        return None
    numbers = people.numbers
    astray = np.zeros(int(numbers[-1]) + 1, dtype=bool)
    astray[numbers[early]] = True
    some = np.flatnonzero(astray[numbers])
    rows = np.arange(len(times))
    rows[some] = some[np.lexsort((times[some], numbers[some]))]
    if settlements is not None:
        return _by_settlement(rows, numbers[rows], times[rows], settlements)
    return rows


def _by_settlement(rows: Array, people: Array, times: Array, numbers: Any) -> Array:
    """``rows`` with a person's claims of one time in the order of their settlement numbers:
    which goes first must not hang on how the file lies. Those without a number go last."""
    again = (people[1:] == people[:-1]) & (times[1:] == times[:-1])
    if not again.any():
        return rows
    run = np.concatenate([[0], np.cumsum(~again)])
    tied = np.flatnonzero(np.concatenate([[False], again]) | np.concatenate([again, [False]]))
    texts = numbers.take(pa.array(rows[tied])).to_pylist()
    keys = [(run[at], text is None, text) for at, text in zip(tied, texts, strict=True)]
    order = sorted(range(len(tied)), key=lambda n: keys[n][: 2 if keys[n][1] else 3])
    found = rows.copy()
    found[tied] = rows[tied[order]]
    return found
