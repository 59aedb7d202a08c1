"""CSV as bureaus export it: read as text, whatever the separator, in UTF-8 or GB18030.

Nothing is guessed from the cells: the first line says the columns and what stands between them.
A line that does not have a cell for each of them is told of, and the others are read.
"""

from __future__ import annotations

import codecs
import csv
import gzip
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from attrs import frozen

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.files import literal

SEPARATORS = ",\t;|"
SAMPLE = 1 << 20
"""Bytes from which the encoding is told, beside the first line."""
_BLOCK = 1 << 22

_EMPTY = {
    "zh": "第一行应是列名，却是空的",
    "en": "its first line should name the columns; it is empty",
}
_UNKNOWN = {"zh": "不是 UTF-8 或 GB18030 编码的文字", "en": "it is no text in UTF-8 or GB18030"}


@frozen
class Bad:
    """A line of a file that cannot be read: its number, from 1, and why, as DuckDB says it."""

    file: str
    line: int
    problem: str


@frozen
class Head:
    """What the first line of a file says: ``columns``, ``separator``, ``encoding``."""

    columns: tuple[str, ...]
    separator: str
    encoding: str


def head(path: Path) -> Head:
    """The first line of a CSV file. ``Rejected`` with TW1333 where it cannot be read as one."""
    try:
        with _bytes(path) as file:
            sample = file.read(SAMPLE)
            ended = not file.read(1)
    except (OSError, EOFError) as error:
        raise _unreadable(path, str(error)) from None
    encoding = _encoding(path, sample, ended)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample).lstrip("\ufeff")
    first = text.splitlines()[0] if text.strip() else ""
    if not first.strip():
        raise _unreadable(path, _EMPTY)
    counts = Counter(sign for sign in first if sign in SEPARATORS)
    separator = counts.most_common(1)[0][0] if counts else ","
    columns = next(csv.reader([first], delimiter=separator))
    return Head(tuple(_told_apart([name.strip() for name in columns])), separator, encoding)


def relation(files: Sequence[Path], found: Head, *, storing: bool = False) -> str:
    """The SQL that reads ``files``, all of which begin as ``found`` says; bad lines are passed
    over, and kept in the table ``reject_errors`` where ``storing``."""
    listed = ", ".join(literal(file) for file in files)
    columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in found.columns)
    keeping = "store_rejects = true, rejects_limit = 0" if storing else "ignore_errors = true"
    return (
        f"read_csv([{listed}], auto_detect = false, header = true, "
        f"delim = {_quoted(found.separator)}, quote = '\"', escape = '\"', "
        f"columns = {{{columns}}}, {keeping})"
    )


def bad_lines(connection: Any, files: Sequence[Path], found: Head) -> tuple[int, tuple[Bad, ...]]:
    """How many rows ``files`` have, and the lines that are none. Reads them whole."""
    counted = ", ".join(f"count({_name(name)})" for name in found.columns)
    sql = f"SELECT count(*), {counted} FROM {relation(files, found, storing=True)}"
    (counts,) = connection.execute(sql).fetchall()
    told = connection.execute(
        "SELECT DISTINCT s.file_path, e.line, first(e.error_message ORDER BY e.error_message) "
        "FROM reject_errors AS e JOIN reject_scans AS s USING (scan_id, file_id) "
        "GROUP BY ALL ORDER BY 1, 2"
    ).fetchall()
    connection.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    return int(counts[0]), tuple(Bad(file, int(line), problem) for file, line, problem in told)


def in_utf8(path: Path, found: Head, folder: Path) -> Path:
    """``path``, or a copy in UTF-8 in ``folder`` where it is in another encoding."""
    if found.encoding == "utf-8":
        return path
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"utf8-{len(list(folder.iterdir()))}-{path.name.removesuffix('.gz')}"
    decoder = codecs.getincrementaldecoder(found.encoding)()
    try:
        with _bytes(path) as file, copy.open("w", encoding="utf-8", newline="") as written:
            while block := file.read(_BLOCK):
                written.write(decoder.decode(block))
            written.write(decoder.decode(b"", True))
    except UnicodeDecodeError:
        raise _unreadable(path, _UNKNOWN) from None
    return copy


def _encoding(path: Path, sample: bytes, ended: bool) -> str:
    """UTF-8 where all of the sample is, or most of its lines beside plain ASCII are, or GB18030
    does not read it either; a line that is no text is then a bad line."""
    if b"\0" in sample:
        raise _unreadable(path, _UNKNOWN)
    if _reads("utf-8", sample, ended):
        return "utf-8"
    lines = sample.split(b"\n")
    told = [_reads("utf-8", line, True) for line in lines[:-1] if not line.isascii()]
    if sum(told) * 2 < len(told) and _reads("gb18030", sample, ended):
        return "gb18030"
    if not _reads("utf-8", lines[0], True):
        raise _unreadable(path, _UNKNOWN)
    return "utf-8"


def _reads(encoding: str, content: bytes, ended: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(content, ended)
    except UnicodeDecodeError:
        return False
    return True


def _bytes(path: Path) -> IO[bytes]:
    return gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


def _told_apart(names: Sequence[str]) -> list[str]:
    """Names as DuckDB has them where several columns have one: the later ones are numbered."""
    seen: Counter[str] = Counter()
    found = []
    for number, name in enumerate(names):
        plain = name or f"column{number}"
        again = seen[plain.lower()]
        seen[plain.lower()] += 1
        found.append(f"{plain}_{again}" if again else plain)
    return found


def _unreadable(path: Path, problem: str | dict[str, str]) -> Rejected:
    return Rejected([diagnose("TW1333", path=str(path), problem=problem)])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
