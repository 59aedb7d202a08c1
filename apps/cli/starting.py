"""``tiaowen new``: a regulation's plain text laid out as a policy to be encoded."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import command
from tiaowen.apps.cli.words import Say

STANDARD = "-"


def new(say: Say) -> click.Command:
    """The command ``new``."""

    @command(say, "new", say(
        "把一份文件的纯文本（- 为标准输入）排成政策的底稿："
        "分好章条，填好文首，列出每个尚未编码的数额。",
        "Lay out the plain text of a regulation (- for standard input) as a policy: outline, "
        "front matter, and every figure that is still to be encoded."))  # fmt: skip
    @click.argument("source", metavar=say("文件.txt", "TEXT"))
    @click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar=say("文件", "FILE"),
        help=say("写入文件（默认标准输出）", "write to a file (else standard output)"),
    )
    @click.option(
        "--title", default="", metavar=say("名称", "TITLE"), help=say("政策的名称", "the title")
    )
    @click.option(
        "--region",
        default="",
        metavar=say("区划", "CODE"),
        help=say("医保区划代码", "code of the region"),
    )
    @click.option(
        "--insurance",
        multiple=True,
        metavar=say("险种", "CODE"),
        help=say("险种代码，可多次", "kind of insurance, may be repeated"),
    )
    @click.option(
        "--force", is_flag=True, help=say("可覆盖已有的文件", "overwrite a file that is there")
    )
    def run(terminal: Terminal, source: str, output: Path | None, title: str, region: str,
            insurance: tuple[str, ...], force: bool) -> int:  # fmt: skip
        from tiaowen.apps.files import read_bytes
        from tiaowen.review.scaffold import Given, decoded, scaffold

        named = source != STANDARD
        found = decoded(read_bytes(source) if named else sys.stdin.buffer.read(), source)
        to_file = output is not None and str(output) != STANDARD
        if to_file and output is not None and output.exists() and not force:
            refuse_overwriting(output)
        given = Given(title, region, insurance, original=Path(source).name if named else "")
        made = scaffold(found.text, given, str(output) if to_file else source)
        terminal.deliver(made.text, output)
        if found.encoding != "UTF-8":
            terminal.complain(f"按 {found.encoding} 编码读入，写出为 UTF-8",
                              f"read as {found.encoding}, written as UTF-8")  # fmt: skip
        terminal.complain(
            f"条 {made.articles}，尚未编码的数额 {made.figures}",
            f"articles {made.articles}, figures to be encoded {made.figures}",
        )
        terminal.report(made.diagnostics)
        return 0

    return run


def refuse_overwriting(output: Path) -> None:
    """``Rejected`` (TW0702): a file is there that nobody asked to overwrite."""
    from tiaowen.dsl.diagnostics import Rejected, diagnose

    problem = {
        "zh": "文件已存在，加 --force 才覆盖",
        "en": "it is there already; --force overwrites it",
    }
    raise Rejected([diagnose("TW0702", operation={"zh": "写入", "en": "write"}, path=str(output),
                             problem=problem)])  # fmt: skip
