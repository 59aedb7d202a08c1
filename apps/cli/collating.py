"""``tiaowen collate``: two copies of a regulation compared, and one text of both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import OneOf, command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.dsl.source import Source
    from tiaowen.review.collation.model import Side

FORMATS = ("text", "html", "json")


def collate(say: Say) -> click.Command:
    """The command ``collate``."""

    @command(say, "collate", say(
        "对校同一份文件的两个本子：哪些句子只见于一本，哪些文字不同、重出、次序不同。"
        "第一个文件是 a 本，其后的文件合为 b 本。有异文时退出码为 1。",
        "Collate two copies of one regulation: which sentences only one has, which differ, repeat "
        "or stand in another order. The first file is copy a, those after it together copy b. "
        "Exit code 1 where the copies differ."))  # fmt: skip
    @click.argument("first", metavar=say("甲本.txt", "A"))
    @click.argument("second", nargs=-1, required=True, metavar=say("乙本.txt…", "B…"))
    @click.option(
        "--base",
        type=OneOf(say, ("a", "b")),
        default="a",
        metavar="a|b",
        help=say("合校的底本（默认 a）", "the copy whose order and wording the one text has (a)"),
    )
    @click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar=say("文件", "FILE"),
        help=say("把合校本写入文件", "write the one text to a file"),
    )
    @click.option(
        "--format",
        "form",
        type=OneOf(say, FORMATS),
        default="text",
        metavar="text|html|json",
        help=say("报告的格式", "the format of the report"),
    )
    def run(terminal: Terminal, first: str, second: tuple[str, ...], base: Side,
            output: Path | None, form: str) -> int:  # fmt: skip
        from tiaowen.apps.cli import FINDINGS, FINE
        from tiaowen.review.collation import collate as collated
        from tiaowen.review.collation.merging import merged
        from tiaowen.review.present.collation import build, render_html, render_json, render_text

        found = collated([_source(first)], [_source(path) for path in second])
        text = merged(found, base)
        report = build(found, terminal.lang, text)
        if output is not None:
            terminal.deliver(text.text, output)
        if form == "json":
            terminal.write(render_json(found, text))
        elif form == "html":
            name = (found.a if base == "a" else found.b).name
            terminal.write(render_html(report, text, name, terminal.lang))
        else:
            import sys

            terminal.write(render_text(report, terminal.colored(sys.stdout), terminal.width))
        return FINE if found.agrees else FINDINGS

    return run


def _source(path: str) -> Source:
    from tiaowen.apps.files import read_bytes
    from tiaowen.dsl.source import Source
    from tiaowen.review.scaffold import decoded

    return Source(path, decoded(read_bytes(path), path).text)
