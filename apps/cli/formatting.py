"""``tiaowen fmt``: rules laid out in one way, and their keywords in one script."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import OneOf, command
from tiaowen.apps.cli.words import Say
from tiaowen.apps.files import policy_files, read_bytes, unusable

if TYPE_CHECKING:
    from tiaowen.dsl.keywords import Script
    from tiaowen.dsl.source import Source

SCRIPTS = ("zh", "zh-Hant", "en")


def fmt(say: Say) -> click.Command:
    """The command ``fmt``."""

    @command(say, "fmt", say(
        "排版政策里的规则块；条文一字不动。--keywords 同时把关键词换成一种写法。",
        "Lay out the rule blocks of policies; the text of the regulation is not touched. "
        "--keywords also writes their keywords in one script."))  # fmt: skip
    @click.argument("paths", nargs=-1, required=True, metavar=say("文件或目录…", "PATH…"))
    @click.option(
        "--keywords",
        type=OneOf(say, SCRIPTS),
        metavar="zh|en|zh-Hant",
        help=say("关键词的写法（默认不变）", "the script of the keywords (the file's own)"),
    )
    @click.option(
        "--check",
        is_flag=True,
        help=say(
            "只查，不改；有未排版的文件时退出码为 1",
            "change nothing; exit code 1 if a file is not laid out",
        ),
    )
    @click.option(
        "--diff", is_flag=True, help=say("只显示会改动什么", "only show what would change")
    )
    def run(terminal: Terminal, paths: tuple[str, ...], keywords: Script | None,
            check: bool, diff: bool) -> int:  # fmt: skip
        from tiaowen.apps.cli import FINDINGS, FINE

        changed = 0
        for path in policy_files(paths):
            before, after = _formatted(path, keywords)
            if before == after:
                continue
            changed += 1
            if diff:
                terminal.write("".join(_difference(path, before, after, terminal)))
            elif check:
                terminal.line(f"未排版：{path}", f"not laid out: {path}")
            else:
                _rewrite(path, after)
                terminal.line(f"已排版：{path}", f"laid out: {path}")
        return FINDINGS if changed and (check or diff) else FINE

    return run


def _formatted(path: Path, script: Script | None) -> tuple[str, str]:
    """A file's text as it is and as it should be; a byte-order mark and the line ends stay."""
    from tiaowen.apps.files import decoded
    from tiaowen.dsl.formatting import format_document
    from tiaowen.dsl.source import Source

    data = read_bytes(path)
    decoded(data, str(path))
    text = data.decode("utf-8")
    source = Source(str(path), text)
    return text, format_document(source, script or _script_of(source))


def _script_of(source: Source) -> Script:
    """The script most of a file's keywords are in; Simplified where that does not tell."""
    import re
    from collections import Counter

    from tiaowen.dsl.keywords import keywords
    from tiaowen.dsl.literate import read_document

    of_word: dict[str, set[Script]] = {}
    for spelt in keywords().values():
        for script, words in spelt.items():
            for word in words:
                of_word.setdefault(word, set()).add(script)
    own: Counter[Script] = Counter()
    for block in read_document(source).blocks:
        for word in re.findall(r"^[ \t]*([^\W\d]+)", block.text, re.MULTILINE):
            scripts = of_word.get(word, set())
            if len(scripts) == 1:
                own.update(scripts)
    return own.most_common(1)[0][0] if own else "zh"


def _rewrite(path: Path, text: str) -> None:
    """Put ``text`` in the place of the file, whole or not at all."""
    import os
    import tempfile

    from tiaowen.dsl.diagnostics import Rejected

    target = path.resolve()
    beside = None
    try:
        descriptor, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with open(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
        os.chmod(beside, target.stat().st_mode)
        os.replace(beside, target)
    except OSError as error:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)
        raise Rejected([unusable("write", path, error)]) from None


def _difference(path: Path, before: str, after: str, terminal: Terminal) -> Iterator[str]:
    import difflib

    colored = terminal.colored(sys.stdout)
    styles = {"-": "31", "+": "32", "@": "36"}
    lines = difflib.unified_diff(
        before.splitlines(True), after.splitlines(True), str(path), str(path)
    )
    for line in lines:
        style = styles.get(line[:1], "") if colored else ""
        whole = line if line.endswith("\n") else line + "\n"
        yield f"\033[{style}m{whole.rstrip()}\033[0m\n" if style else whole
