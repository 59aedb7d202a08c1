"""Write what the commands print now into the documents: ``python -m tests.docs.refresh [FILE …]``.

A part between two ``…`` keeps its place: it runs from the line most like its first to the line
most like its last. A command with nothing under it gets all that it prints. Read the difference
before it is kept: what is written here is what the tests will hold the program to.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.docs import pages
from tests.docs.test_commands import ENVIRONMENT, LOCALE, copied, printed, write


def refreshed(path: Path) -> str:
    """The document with its outputs written anew; leaves the current folder changed."""
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    found: list[tuple[int, int, list[str]]] = []
    for block in pages.blocks(path):
        if block.title:
            write(block)
        for command in pages.commands(block) if block.kind == "console" else ():
            output = [line.rstrip() for line in printed(command)]
            if not pages.agrees(command.expected, output):
                first = command.line - 1 + command.height
                found.append((first, len(command.expected), list(kept(command.expected, output))))
    for first, count, shown in reversed(found):
        lines[first : first + count] = shown
    return "\n".join(lines)


def kept(expected: Sequence[str], output: Sequence[str]) -> Iterator[str]:
    """The lines of ``output`` to show in place of ``expected``."""
    if pages.ELLIPSIS not in expected:
        yield from output
        return
    at = 0
    for part in _parts(expected):
        if part is None:
            yield pages.ELLIPSIS
            continue
        first = _nearest(part[0], output, at)
        last = _nearest(part[-1], output, first)
        yield from output[first : last + 1]
        at = last + 1


def _parts(expected: Sequence[str]) -> Iterator[list[str] | None]:
    part: list[str] = []
    for line in expected:
        if line != pages.ELLIPSIS:
            part.append(line)
            continue
        if part:
            yield part
        yield None
        part = []
    if part:
        yield part


def _nearest(line: str, output: Sequence[str], start: int) -> int:
    likeness = [SequenceMatcher(None, line, other).ratio() for other in output[start:]]
    return start + max(range(len(likeness)), key=lambda at: (likeness[at], -at))


def main(names: Sequence[str]) -> None:
    """Refresh the documents ``names``, or all."""
    chosen = [Path(name).resolve() for name in names] or pages.documents()
    os.environ.update(ENVIRONMENT)
    for path in chosen:
        os.environ.update(dict.fromkeys(LOCALE, pages.locale_of(path)))
        with TemporaryDirectory() as folder:
            copied(Path(folder))
            os.chdir(folder)
            os.environ["XDG_CACHE_HOME"] = str(Path(folder) / ".cache")
            text = refreshed(path)
            os.chdir(pages.ROOT)
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8")
            print(pages.name_of(path))


if __name__ == "__main__":
    main(sys.argv[1:])
