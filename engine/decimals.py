"""Whole numbers as decimal columns of Arrow, without copying them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa


def decimals(units: np.ndarray[Any, np.dtype[Any]], precision: int, scale: int,
             hidden: Any = None) -> pa.Array:  # fmt: skip
    """Whole ``units`` of the last of ``scale`` digits as a decimal column of ``precision`` digits;
    null where ``hidden`` is True."""
    import pyarrow as pa

    found = pa.array(np.ascontiguousarray(units, dtype=np.int64), mask=hidden)
    return pa.Array.from_buffers(pa.decimal64(precision, scale), len(found), found.buffers())
