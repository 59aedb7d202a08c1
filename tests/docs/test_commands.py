"""Every command in the documents is run, and prints what the document shows."""

from __future__ import annotations

import io
import shlex
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from tests.docs.pages import (
    ROOT,
    Block,
    Command,
    agrees,
    blocks,
    changed,
    commands,
    documents,
    locale_of,
    name_of,
)

from tiaowen.apps.cli import run

ENVIRONMENT = {"COLUMNS": "100", "NO_COLOR": "1"}
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
WITH_COMMANDS = [path for path in documents() if any(b.kind == "console" for b in blocks(path))]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what a reader finds in a checkout, as the current one."""
    copied(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def copied(folder: Path) -> None:
    for name in ("examples", "policies"):
        shutil.copytree(ROOT / name, folder / name)


def printed(command: Command) -> list[str]:
    """What a command prints, to whichever stream. Besides tiaowen, mkdir of one folder."""
    words = shlex.split(command.words)
    if words[0] == "mkdir":
        Path(words[1]).mkdir()
        return []
    assert words[0] == "tiaowen", f"line {command.line}: only tiaowen and mkdir are run"
    stream = io.StringIO()
    with redirect_stdout(stream), redirect_stderr(stream):
        run(words[1:])
    return stream.getvalue().splitlines()


def write(block: Block) -> None:
    """Make or change the file that ``block`` shows."""
    file = Path(block.title)
    file.parent.mkdir(parents=True, exist_ok=True)
    text = block.text
    if block.kind == "diff":
        text = changed(file.read_text(encoding="utf-8"), text)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("path", WITH_COMMANDS, ids=name_of)
def test_commands_print_what_the_document_shows(
    path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in LOCALE:
        monkeypatch.setenv(variable, locale_of(path))
    wrong = []
    for block in blocks(path):
        if block.title:
            write(block)
        if block.kind != "console":
            continue
        for command in commands(block):
            lines = printed(command)
            if not agrees(command.expected, lines):
                wrong.append(
                    f"{name_of(path)}:{command.line}: $ {command.words}\n" + "\n".join(lines)
                )
    assert not wrong, "\n\n".join([*wrong, "python -m tests.docs.refresh writes it anew"])


def test_ellipsis_stands_for_any_lines_and_nothing_else_does() -> None:
    assert agrees(("a", "…", "d"), ["a", "b", "c", "d"])
    assert agrees(("a", "…"), ["a"])
    assert not agrees(("a", "…", "d"), ["a", "b"])
    assert not agrees(("a",), ["a", "b"])
    assert not agrees(("a.",), ["ab"])


def test_a_change_has_to_fit_the_file() -> None:
    assert changed("a\nb\nc\n", " a\n-b\n+d\n") == "a\nd\nc\n"
    with pytest.raises(AssertionError, match="stands 0 times"):
        changed("a\n", "-x\n+y\n")


def test_the_documents_do_have_commands() -> None:
    found = {name_of(path) for path in WITH_COMMANDS}
    assert {"README.md", "README.zh-CN.md", "docs/zh/tutorial.md", "docs/en/tutorial.md"} <= found
