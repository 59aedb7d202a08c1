"""Memory that is used again and again: chunk by chunk the same columns come and go."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of the C library's mallopt (malloc.h)."""
_KEPT = 1 << 28
_LARGEST = 1 << 25
"""The most that mallopt takes: half of what one arena may grow to."""


def keep_freed() -> None:
    """Let the C library keep what columns leave behind, up to 256 MB, for the next ones: given
    back to the system, every page would have to be made empty anew. Does nothing where the
    library is another one."""
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_TRIM_THRESHOLD, _KEPT)
        library.mallopt(_MMAP_THRESHOLD, _LARGEST)
