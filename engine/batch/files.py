"""The files that a name stands for: one, those of a folder, or those that a pattern finds."""

from __future__ import annotations

from collections.abc import Sequence
from glob import escape, glob
from pathlib import Path

from tiaowen.dsl.diagnostics import Rejected, diagnose

FILES = {
    ".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".gz": "csv", ".tsv": "csv",
    ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow",
    ".duckdb": "duckdb", ".db": "duckdb",
}  # fmt: skip
"""Kinds of tables by the endings of their files."""

_NONE = {"zh": "没有表格文件", "en": "there is no table there"}


def files_of(named: str) -> tuple[str, list[Path]]:
    """The kind of table that ``named`` is, and its files in the order of their names; names that
    begin with . or _ are other programs' working files and do not count.

    ``Rejected``: TW0701 (no such file), TW1330 (an unknown kind), TW1333 (a folder or pattern
    without tables), TW1347 (tables of several kinds).
    """
    path = Path(named)
    if not named.strip():
        raise Rejected([diagnose("TW0701", path=named, nearest="")])
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if kind_of(p) and not _hidden(p, path))
    elif path.exists():
        found = [path]
    elif any(mark in named for mark in "*?["):
        found = sorted(Path(p) for p in glob(named, recursive=True) if Path(p).is_file())
    else:
        raise Rejected([diagnose("TW0701", path=named, nearest=_nearest(path))])
    if not found:
        raise Rejected([diagnose("TW1333", path=named, problem=_NONE)])
    kinds = {kind_of(file): file for file in reversed(found)}
    if "" in kinds:
        raise Rejected([diagnose("TW1330", path=str(kinds[""]), endings="、".join(FILES))])
    if len(kinds) > 1:
        shown = "、".join(file.name for file in kinds.values())
        raise Rejected([diagnose("TW1347", path=named, files=shown)])
    return next(iter(kinds)), found


def place_of(named: str) -> tuple[str, str]:
    """What ``named`` names, apart from the table of a database behind ``#``."""
    if "#" not in named or Path(named).exists():
        return named, ""
    place, _, table = named.rpartition("#")
    return place, table


def literal(file: Path) -> str:
    """The name of a file in SQL, none of its signs taken for a pattern."""
    return "'" + escape(str(file)).replace("'", "''") + "'"


def kind_of(path: Path) -> str:
    """The kind of table that a file's ending says; '' for any other ending."""
    return FILES.get(path.suffix.lower(), "")


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)


def _nearest(path: Path) -> str:
    from tiaowen.compiler.spelling import nearest

    try:
        names: Sequence[str] = [p.name for p in path.parent.iterdir()]
    except OSError:
        return ""
    return nearest(path.name, names) or ""
