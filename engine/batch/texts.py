"""Numbers of the texts of a chunk: equal texts, equal numbers; those a policy names go first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define


@define
class Texts:
    """Texts by number. It belongs to one chunk: people's claims are whole in it, and no text of
    one person is compared with another's."""

    known: pa.Array

    @classmethod
    def beginning(cls, named: Sequence[str]) -> Texts:
        """The texts that a policy names, in the order of their numbers."""
        return cls(pa.array(list(named), pa.string()))

    def numbers(self, array: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The number of each text; of an empty cell any."""
        found = pc.index_in(array, value_set=self.known)
        new = pc.unique(array.filter(pc.and_(pc.is_null(found), pc.is_valid(array))))
        if len(new):
            self.known = pa.concat_arrays([self.known, new])
            found = pc.index_in(array, value_set=self.known)
        numbers = pc.fill_null(found, 0).to_numpy(zero_copy_only=False)
        return np.asarray(numbers, dtype=np.int64)

    def number(self, text: str) -> int:
        """The number of one text."""
        return int(self.numbers(pa.array([text], pa.string()))[0])
