"""``tiaowen summary``: what a policy grants, made from its rules."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tiaowen.apps.cli.options import format_option, output_option
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import command
from tiaowen.apps.cli.words import Say

FORMATS = ("text", "markdown", "html", "json")


def summary(say: Say) -> click.Command:
    """The command ``summary``."""

    @command(say, "summary", say(
        "政策的待遇一览：起付标准、支付比例、限额、先行自付、不予支付的情形，逐项注明条文。",
        "What policies grant: deductibles, ratios, caps, first-pay and exclusions, each with its "
        "article."))  # fmt: skip
    @click.argument("paths", nargs=-1, required=True, metavar=say("政策文件…", "POLICY…"))
    @format_option(say, FORMATS)
    @output_option(say)
    def run(terminal: Terminal, paths: tuple[str, ...], form: str, output: Path | None) -> int:
        from tiaowen.apps.cli.pages import rendered
        from tiaowen.apps.files import policy_files
        from tiaowen.apps.programs import load_program
        from tiaowen.review.present.summary import summary_data, summary_page

        found = [path for path in policy_files(paths) if path.suffix != ".tiao"]
        if not found:
            raise click.UsageError(say("所给的目录里没有政策", "there is no policy in the folders"))
        if form == "html" and len(found) > 1:
            raise click.UsageError(
                say("HTML 一次只能输出一份政策", "HTML is of one policy at a time")
            )
        programs = [load_program(path) for path in found]
        if form == "json":
            data = [summary_data(program) for program in programs]
            text = json.dumps(data, ensure_ascii=False, indent=2)
        else:
            pages = [summary_page(program, terminal.lang) for program in programs]
            text = "\n".join(rendered(page, form, terminal, output) for page in pages)
        terminal.deliver(text, output)
        return 0

    return run
