"""Cells of types that a claim's readers do not know, as they do: said once for columns and rows."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

CLOCK = "Asia/Shanghai"
"""The clock that hospitals and bureaus go by: a moment given with a zone is an instant, and is
read as what this clock shows then."""


def legible(array: pa.Array) -> pa.Array:
    """``array`` with moments of any zone by China's clock, and binary fractions of 16 and 32 bits
    by the digits they print; any other as it is."""
    kind = array.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return pc.local_timestamp(array.cast(pa.timestamp(kind.unit, CLOCK)))
    if pa.types.is_float32(kind) or pa.types.is_float16(kind):
        return array.cast(pa.float32()).cast(pa.string())
    return array
