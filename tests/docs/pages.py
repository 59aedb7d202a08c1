"""The documents as tests read them: their code blocks, and the commands in these.

A ``console`` block holds commands (``$ tiaowen …``), each followed by what it prints; a line
that is only ``…`` stands for any lines. A block with a ``title`` is a file that the reader
writes; a ``diff`` block with a ``title`` changes that file: lines with ``-`` and without a mark
have to stand there, one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(
    r"^(?P<indent> *)(?P<ticks>`{3,})(?P<kind>[^\s`]*)(?P<info>[^\n`]*)\n(?P<body>.*?)"
    r"^(?P=indent)(?P=ticks)[ ]*$",
    re.MULTILINE | re.DOTALL,
)
_TITLE = re.compile(r'title="([^"]+)"')
_CONTEXT = re.compile(r"<!-- context:(.*?)-->\s*\Z")
ELLIPSIS = "…"


@frozen
class Block:
    """A fenced block: ``kind`` is the word after the backticks, ``context`` what a comment
    ``<!-- context: … -->`` right before it holds, ``line`` the place of its first line."""

    kind: str
    text: str
    line: int
    title: str = ""
    context: str | None = None


@frozen
class Command:
    """The words after ``$``, the lines expected, the command's place and how many lines the
    command itself takes."""

    words: str
    expected: tuple[str, ...]
    line: int
    height: int = 1


def documents() -> list[Path]:
    """Every document with commands or examples, by path."""
    written = [ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").rglob("*.md")]
    return sorted(written)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def locale_of(path: Path) -> str:
    """The locale a document's commands are run in: that of its language, told by its place."""
    chinese = "zh" in path.relative_to(ROOT).parts or ".zh" in path.name
    return "zh_CN.UTF-8" if chinese else "en_US.UTF-8"


def blocks(path: Path) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    text = path.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        title, context = _TITLE.search(found["info"]), _CONTEXT.search(text[: found.start()])
        indent = len(found["indent"])
        body = "\n".join(line[indent:] for line in found["body"].split("\n"))
        yield Block(
            found["kind"],
            body,
            text.count("\n", 0, found.start()) + 2,
            title[1] if title else "",
            context[1].strip() if context else None,
        )


def commands(block: Block) -> Iterator[Command]:
    """The commands of a ``console`` block; a line that ends in a backslash goes on."""
    lines = block.text.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        last = start
        while lines[last].endswith("\\"):
            last += 1
        words = "".join(line.strip().removesuffix("\\") + " " for line in lines[start : last + 1])
        expected = tuple(line.rstrip() for line in lines[last + 1 : end])
        yield Command(words[2:].strip(), expected, block.line + start, last - start + 1)


def agrees(expected: tuple[str, ...], printed: list[str]) -> bool:
    """Whether ``printed`` is what a document shows, ``…`` standing for any lines."""
    parts = [re.escape(line) + "\n" if line != ELLIPSIS else r"(?:[^\n]*\n)*" for line in expected]
    text = "".join(line.rstrip() + "\n" for line in printed)
    return re.fullmatch("".join(parts), text) is not None


def changed(text: str, diff: str) -> str:
    """``text`` with one change made; ``AssertionError`` where the old lines do not stand in it
    exactly once."""
    lines = diff.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if not line.startswith("+"))
    new = "".join(line[1:] for line in lines if not line.startswith("-"))
    assert text.count(old) == 1, f"stands {text.count(old)} times in the file:\n{old}"
    return text.replace(old, new)
