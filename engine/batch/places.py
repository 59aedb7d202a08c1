"""Where a run writes, looked at before anything is read: no output may destroy what it is made
from, take the place of another of the run's own files, or of one that nobody asked to replace.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from attrs import frozen

from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.batch.files import files_of, place_of
from tiaowen.engine.batch.finishing import SETTLED, kind_of, tables_in
from tiaowen.engine.batch.writing import unwritable

_WHAT = {
    "claims": {"zh": "就诊数据", "en": "the claims"},
    "lines": {"zh": "费用明细", "en": "the fee lines"},
    "opening": {"zh": "此前的累计", "en": "the totals from before"},
    "output": {"zh": "输出", "en": "the output"},
    "rejects": {"zh": "退回文件", "en": "the rejects"},
    "manifest": {"zh": "清单", "en": "the manifest"},
}
_BASES = (".duckdb", ".db")


@frozen
class Places:
    """What a run writes: ``output`` and ``rejects`` as they are named, ``manifest`` beside them,
    and ``parts``, the folder where it gathers them."""

    output: str
    rejects: str
    manifest: Path
    parts: Path


def path_of(named: str) -> Path:
    """The file or folder that ``named`` is, or that the table it names is in."""
    path = Path(place_of(named)[0])
    return path if path.name not in ("", "..") else Path(os.path.abspath(path))


def manifest_of(output: str) -> Path:
    """Where the manifest of ``output`` is."""
    path = path_of(output)
    return path.with_name(f"{path.name}.json")


def parts_of(output: str) -> Path:
    """The folder where a run with this ``output`` gathers its parts."""
    path = path_of(output)
    return path.with_name(f".{path.name}.parts")


def places(output: str, rejects: str, inputs: Mapping[str, str]) -> Places:
    """Where a run with this ``output`` writes; ``rejects`` '' is beside it. ``inputs`` are what it
    reads, by 'claims', 'lines' and 'opening', '' where there is none.

    ``Rejected``: TW1330 (an ending that cannot be written), TW0702 (no such folder, no right to
    write there, a folder in the place of a file), TW1351 (the place is one of what is read, or
    another of what is written).
    """
    kind_of(output)
    path = path_of(output)
    found = Places(output, rejects or str(path.with_name(f"{path.stem}-rejects.csv")),
                   manifest_of(output), parts_of(output))  # fmt: skip
    kind_of(found.rejects)
    written = {"output": _whole(output, SETTLED), "rejects": _whole(found.rejects, SETTLED),
               "manifest": str(found.manifest)}  # fmt: skip
    for what, named in written.items():
        _usable(named, folder=what != "manifest" and kind_of(named) == "/")
        for other, read in inputs.items():
            if read and "://" not in read and _harms(named, _whole(read, "claims")):
                raise Rejected([diagnose("TW1351", path=named, what=_WHAT[other])])
    for (_, one), (other, two) in combinations(written.items(), 2):
        if _same_table(one, two):
            raise Rejected([diagnose("TW1351", path=one, what=_WHAT[other])])
    return found


def refuse_replacing(found: Places) -> None:
    """``Rejected`` (TW0702) where the output or the rejects are there already."""
    for named in (found.output, found.rejects):
        if _there(named):
            said = {"zh": "已经存在，加 --force 才覆盖",
                    "en": "it is there already; --force overwrites it"}  # fmt: skip
            raise Rejected([_unusable(named, said)])


def refuse_foreign(found: Places) -> None:
    """``Rejected`` (TW0702) where the output is a folder that holds anything but parts of an
    output: replacing it would take the rest away."""
    path = path_of(found.output)
    if kind_of(found.output) != "/" or not path.is_dir():
        return
    for entry in sorted(path.iterdir()):
        if entry.is_dir() or not (entry.name.startswith("part-") and entry.suffix == ".parquet"):
            said = {"zh": f"文件夹里有别的文件“{entry.name}”",
                    "en": f"the folder holds another file, “{entry.name}”"}  # fmt: skip
            raise Rejected([_unusable(found.output, said)])


def _whole(named: str, table: str) -> str:
    """``named`` with the table that a database has where none is named."""
    base = path_of(named).suffix.lower() in _BASES and not place_of(named)[1]
    return f"{named}#{table}" if base else named


def _usable(named: str, *, folder: bool) -> None:
    path = path_of(named)
    if not path.parent.is_dir():
        problem = {"zh": "所在的文件夹不存在", "en": "its folder is not there"}
        raise Rejected([_unusable(named, problem)])
    if path.exists() and path.is_dir() != folder:
        zh, en = ("是文件，不是文件夹", "it is a file, no folder")
        problem = {"zh": zh, "en": en} if folder else {"zh": "是文件夹", "en": "it is a folder"}
        raise Rejected([_unusable(named, problem)])
    if not os.access(path.parent, os.W_OK):
        raise Rejected([unwritable(named, PermissionError(13, os.strerror(13)))])


def _harms(named: str, read: str) -> bool:
    """Whether writing ``named`` changes what ``read`` is, now or when it is read next."""
    place, source = path_of(named), path_of(read)
    if not source.is_dir() and place.suffix.lower() in _BASES:
        return _same_table(named, read)
    if source.is_dir() and _real(source) in (_real(place), *_real(place).parents):
        return place.suffix.lower() != ".json"
    files = files_of(str(source))[1]
    if named.endswith("/"):
        return any(_real(place) in _real(file).parents for file in files)
    return any(_same(place, file) for file in files)


def _same_table(one: str, other: str) -> bool:
    """Whether two names are of one file or, in a database, of one table."""
    if not _same(path_of(one), path_of(other)):
        return False
    return path_of(one).suffix.lower() not in _BASES or _table(one) == _table(other)


def _table(named: str) -> str:
    """The table of a database as DuckDB compares names; '' where none is named."""
    return place_of(named)[1].lower().removeprefix("main.")


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return _real(one) == _real(other)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _there(named: str) -> bool:
    """Whether something is in the place already: of a database the table."""
    path = path_of(named)
    if not os.path.lexists(path):
        return False
    if kind_of(named) == ".duckdb":
        return _table(_whole(named, SETTLED)) in tables_in(path)
    return kind_of(named) != "/" or any(path.iterdir())


def _unusable(named: str, problem: dict[str, str]) -> Diagnostic:
    return diagnose("TW0702", operation={"zh": "写入", "en": "write"}, path=named, problem=problem)
