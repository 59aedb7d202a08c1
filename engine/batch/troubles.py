"""What can go wrong while a table is read, said as one diagnostic with the reader's own reason."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.writing import unwritable


@contextmanager
def reading(named: str) -> Iterator[None]:
    """Reading the table that the user calls ``named``. ``Rejected``: TW1333 (it is damaged, or not
    what it should be), TW1349 (the memory does not suffice), TW0702 (a sort fills the disk)."""
    import duckdb
    import pyarrow as pa

    try:
        yield
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except (duckdb.OutOfMemoryException, MemoryError):
        raise Rejected([diagnose("TW1349", path=without_password(named))]) from None
    except (duckdb.Error, pa.ArrowInvalid, OSError, EOFError, UnicodeDecodeError) as error:
        if _full(error):
            raise Rejected([unwritable(without_password(named), error)]) from None
        path, problem = without_password(named), first_line(error)
        raise Rejected([diagnose("TW1333", path=path, problem=problem)]) from None


def first_line(error: Exception) -> str:
    """What an error says, without its kind and its further lines."""
    lines = [line for line in str(error).split("\n") if line.strip()] or [type(error).__name__]
    plain = lines[0].split("Error: ", 1)[-1]
    if plain.startswith("CSV Error on Line") and len(lines) > 1:
        plain = f"{plain.removeprefix('CSV Error on ').lower()}: {lines[1]}"
    return plain


def without_password(url: str) -> str:
    """An address as it may be shown."""
    return re.sub(r"(://[^/@:]*):[^/@]*@", r"\1@", url)


def _full(error: Exception) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return True
    return os.strerror(errno.ENOSPC) in str(error)
