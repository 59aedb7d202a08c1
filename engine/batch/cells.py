"""Cells of a file turned into the numbers a kernel reads, by the readers of single claims.

Typed columns (decimals, days, moments, truths) are turned as a whole. Any other column is
taken by its distinct cells, each read as the field of a claim is: the same words are
understood, and the same are refused with the same code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import Factory, define, evolve, field, frozen

from tiaowen.compiler.core import Value
from tiaowen.engine.batch.legible import legible
from tiaowen.engine.batch.texts import Texts, odd
from tiaowen.engine.claims.field_values import LONGEST_TEXT
from tiaowen.engine.claims.layout import Slot
from tiaowen.engine.claims.misfit import Misfit, is_blank
from tiaowen.engine.kernel.columns import Column

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

_EPOCH, _MIDNIGHT = date(1970, 1, 1), datetime(1970, 1, 1)
_MONEY = "金额"


@frozen(eq=False)
class Rejects:
    """Cells that a field cannot hold, all the same: their positions in the column, the code and
    what its message names."""

    column: Column
    rows: Array
    code: str
    args: Mapping[str, Any]


@frozen(eq=False)
class Cells:
    """A column for the kernel: ``values`` of the column's dtype, 0 where ``valid`` is 0; None
    for ``valid`` where every cell is given."""

    values: Array
    valid: Array | None
    rejects: tuple[Rejects, ...] = ()


@define
class Dictionary:
    """Numbers of codes, kept while a file is read; ``known`` begins with those a policy names."""

    known: dict[str, int] = Factory(dict)
    _adding: Lock = field(factory=Lock, repr=False, eq=False)

    def number(self, code: str) -> int:
        """The number of ``code``; several chunks may ask at once."""
        found = self.known.get(code)
        if found is None:
            with self._adding:
                found = self.known.setdefault(code, len(self.known))
        return found


@frozen
class Reader:
    """Reads the columns of one kernel. ``texts`` numbers the texts of a chunk."""

    dictionary: Dictionary
    texts: Texts

    def cells(self, column: Column, slot: Slot, array: pa.Array) -> Cells:
        """``array`` as ``column`` of the kernel."""
        array = legible(array)
        if column.kind == "text" and pa.types.is_string(array.type):
            return self._texts(column, slot, array)
        quick = _typed(column, slot, array)
        if quick is None:
            return self._by_distinct(column, slot, array)
        lowest = 0 if column.kind == "number" else column.lo
        if not len(array) or lowest <= quick.values.min() <= quick.values.max() <= column.hi:
            return evolve(quick, values=quick.values.astype(column.dtype, copy=False))
        far = np.flatnonzero((quick.values < lowest) | (quick.values > column.hi))
        cells = array.take(pa.array(far))
        written = cells.cast(pa.string()) if pa.types.is_temporal(array.type) else cells
        read = self._by_distinct(column, slot, written)
        values = quick.values.copy()
        values[far] = read.values
        rejects = tuple(evolve(reject, rows=far[reject.rows]) for reject in read.rejects)
        return Cells(values.astype(column.dtype), quick.valid, rejects)

    def _texts(self, column: Column, slot: Slot, array: pa.Array) -> Cells:
        """Texts, which are mostly numbers of people and papers: none is like another."""
        at = odd(array)
        valid = _given(array)
        rejects: tuple[Rejects, ...] = ()
        if len(at):
            some = array.take(pa.array(at))
            over = pc.greater(pc.utf8_length(some), LONGEST_TEXT)
            long = np.flatnonzero(pc.fill_null(over, False))
            read = self._by_distinct(column, slot, some.take(pa.array(long, pa.int64())))
            rejects = tuple(evolve(reject, rows=at[long[reject.rows]]) for reject in read.rejects)
            blank = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(some)), 0)
            given = np.ones(len(array), np.uint8) if valid is None else valid
            given[at] = pc.invert(pc.fill_null(blank, True)).to_numpy(zero_copy_only=False)
            valid = _validity(given)
        return Cells(self.texts.numbers(array), valid, rejects)

    def _by_distinct(self, column: Column, slot: Slot, array: pa.Array) -> Cells:
        """Each distinct cell read once."""
        coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        distinct = coded.dictionary.to_pylist()
        numbers = np.zeros(len(distinct) + 1, dtype=column.dtype)
        state = np.zeros(len(distinct) + 1, dtype=np.int8)  # 0 not given, 1 given, 2 refused
        refused: dict[int, Misfit] = {}
        for place, raw in enumerate(distinct):
            if is_blank(raw):
                continue
            try:
                numbers[place] = self.number(column, slot, slot.convert(_plain(raw)))
                state[place] = 1
            except Misfit as misfit:
                state[place] = 2
                refused[place] = misfit
        index = pc.fill_null(coded.indices.cast(pa.int32()), len(distinct)).to_numpy()
        if not array.null_count and (state[:-1] == 1).all():
            return Cells(numbers[index], None)
        found = state[index]
        rejects = tuple(
            Rejects(column, np.flatnonzero(index == place), misfit.code, misfit.args_named)
            for place, misfit in refused.items()
        )
        return Cells(numbers[index], _validity(found == 1), rejects)

    def number(self, column: Column, slot: Slot, value: Value) -> int:
        """``value``, as the field of a claim holds it, as a number of ``column``; ``Misfit``
        where it is finer than the column, or a moment without its time."""
        if column.kind == "name":
            return column.codes[str(value)]
        if column.kind == "code":
            return self.dictionary.number(str(value))
        if column.kind == "text":
            return self.texts.number(str(value))
        if isinstance(value, datetime):
            return (
                int((value - _MIDNIGHT).total_seconds()) if column.kind == "moment" else _day(value)
            )
        if isinstance(value, date):
            if column.kind == "moment":
                raise Misfit("TW1331", value=value.isoformat())
            return _day(value)
        scaled = Fraction(value) * column.scale  # type: ignore[arg-type]
        if scaled.denominator != 1 or not column.lo <= scaled <= column.hi:
            raise Misfit("TW1332", value=str(value), scale=column.scale)
        return int(scaled)


def _day(value: date) -> int:
    return (date(value.year, value.month, value.day) - _EPOCH).days


def _plain(raw: Any) -> Any:
    """A cell as JSON would hold it: a binary fraction by the digits it prints."""
    return repr(raw) if isinstance(raw, float) else raw


def _validity(given: Array) -> Array | None:
    return None if bool(given.all()) else given.astype(np.uint8)


# --- columns turned as a whole


def _typed(column: Column, slot: Slot, array: pa.Array) -> Cells | None:
    """A column whose type says what its cells are; None for any other."""
    kind = array.type
    if column.kind == "truth" and pa.types.is_boolean(kind):
        return _whole(array.cast(pa.uint8()), column, 1)
    if column.kind == "date" and pa.types.is_date32(kind):
        return _whole(array.cast(pa.int32()), column, 1)
    if column.kind == "date" and pa.types.is_timestamp(kind) and kind.tz is None:
        return _whole(array.cast(pa.date32(), safe=False).cast(pa.int32()), column, 1)
    if column.kind == "moment" and pa.types.is_timestamp(kind) and kind.tz is None:
        return _whole(array.cast(pa.timestamp("s"), safe=False).cast(pa.int64()), column, 1)
    if column.kind != "number":
        return None
    unit = 100 if slot.type.name == _MONEY else column.scale
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        return _whole(array.cast(pa.int64()), column, unit)
    if pa.types.is_decimal(kind) and kind.scale <= _places(unit) and kind.precision <= 18:
        units = array.cast(pa.decimal64(kind.precision, kind.scale))
        whole = pa.Array.from_buffers(pa.int64(), len(units), units.buffers(), offset=units.offset)
        return _whole(whole, column, unit // 10**kind.scale)
    return None


def _places(unit: int) -> int:
    """How many decimals a column of so many units holds; -1 where it counts by other parts."""
    places = len(str(unit)) - 1
    return places if unit == 10**places else -1


def _given(array: pa.Array) -> Array | None:
    """1 where a cell is not null; None where none is."""
    if not array.null_count:
        return None
    given: Array = array.is_valid().to_numpy(zero_copy_only=False).astype(np.uint8)
    return given


def _whole(array: pa.Array, column: Column, factor: int) -> Cells:
    values = pc.fill_null(array, 0).to_numpy(zero_copy_only=False)
    most = max(abs(column.lo), abs(column.hi)) // max(factor, 1)
    if factor != 1:
        values = np.clip(values, -most - 1, most + 1) * factor
    return Cells(values, _given(array))
