"""Numbers of the texts of a chunk: equal texts, equal numbers; those a policy names go first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define

from tiaowen.engine.claims.field_values import LONGEST_TEXT

_BLANK, _NOT_ASCII = 0x20, 0x7F


@define
class Texts:
    """Texts by number. It belongs to one chunk: people's claims are whole in it, and no text of
    one person is compared with another's."""

    known: pa.Array
    apart: bool = False
    """Whether one column alone is numbered, and no person has a text of it twice: then its rows
    number it, and nothing has to be looked up."""

    @classmethod
    def beginning(cls, named: Sequence[str], *, apart: bool = False) -> Texts:
        """The texts that a policy names, in the order of their numbers."""
        return cls(pa.array(list(named), pa.string()), apart)

    def numbers(self, array: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The number of each text; of an empty cell any."""
        if self.apart:
            first = len(self.known)
            self.known = pa.concat_arrays([self.known, array])
            return np.arange(first, len(self.known))
        coded = array.dictionary_encode()
        found = pc.index_in(coded.dictionary, value_set=self.known)
        new = coded.dictionary.filter(pc.is_null(found))
        numbers = pc.fill_null(found, 0).to_numpy(zero_copy_only=False).astype(np.int64)
        numbers[np.flatnonzero(pc.is_null(found))] = np.arange(len(new)) + len(self.known)
        self.known = pa.concat_arrays([self.known, new])
        if not len(numbers):
            return np.zeros(len(array), dtype=np.int64)
        places = pc.fill_null(coded.indices, 0).to_numpy()
        placed: np.ndarray[Any, np.dtype[np.int64]] = numbers[places]
        return placed

    def number(self, text: str) -> int:
        """The number of one text."""
        return int(self.numbers(pa.array([text], pa.string()))[0])


def odd(array: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The places of texts that may be blank or long: all others begin with a plain letter or
    digit and have no more bytes than a text may have letters. Nulls are among them or not."""
    lengths = pc.binary_length(array)
    sizes = pc.fill_null(lengths, 0).to_numpy(zero_copy_only=False)
    _, offsets, data = array.buffers()
    if data is None or not data.size:
        return np.arange(len(array))
    begins = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array)]
    letters = np.frombuffer(data, np.uint8)
    first = letters[np.minimum(begins, len(letters) - 1)]
    plain = (first > _BLANK) & (first < _NOT_ASCII) & (sizes > 0) & (sizes <= LONGEST_TEXT)
    return np.flatnonzero(~plain)
