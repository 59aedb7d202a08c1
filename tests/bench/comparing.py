"""Whether two ways settled alike, cell by cell; where not, how many rows, and one of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def arrays(ours: Path, theirs: Path) -> str:
    """'' where the columns that both folders keep are equal as far as the second's go."""
    wrong: dict[str, int] = {}
    first = None
    for path in sorted(theirs.glob("*.npy")):
        found = np.load(path, mmap_mode="r")
        expected = np.load(ours / path.name, mmap_mode="r")[: len(found)]
        if path.stem == "reject":
            found, expected = found != 0, expected != 0
        differs = np.flatnonzero(np.asarray(found != expected))
        if len(differs):
            wrong[path.stem] = len(differs)
            at = int(differs[0])
            first = first or f"row {at}: {path.stem} {found[at]}, ours {expected[at]}"
    return "" if first is None else f"{wrong}; {first}"


def files(ours: Path, theirs: Path) -> str:
    """'' where two settled files hold the same rows in whatever order, in the columns of theirs."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    described = connection.execute(f"DESCRIBE FROM '{theirs}'").fetchall()
    columns = ", ".join(str(name) for name, *_ in described)
    sums = []
    for path in (ours, theirs):
        query = f"SELECT count(*), sum(CAST(hash({columns}) AS HUGEINT)) FROM '{path}'"
        sums.append(connection.execute(query).fetchone())
    if sums[0] == sums[1]:
        return ""
    both = f"FROM '{ours}' a FULL JOIN '{theirs}' b USING (mdtrt_id)"
    unlike = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name, *_ in described
                         if name != "mdtrt_id")  # fmt: skip
    count = connection.execute(f"SELECT count(*) {both} WHERE {unlike}").fetchone()
    example = connection.execute(f"SELECT mdtrt_id, a, b {both} WHERE {unlike} LIMIT 1").fetchone()
    return f"{count[0] if count else 0} rows; {example}"
