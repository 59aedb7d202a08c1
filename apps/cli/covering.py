"""``tiaowen cover``: what of a text is encoded, what set aside, and what nothing explains."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiaowen.apps.cli.options import format_option, output_option
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import command
from tiaowen.apps.cli.words import Say
from tiaowen.apps.files import load, policy_files

if TYPE_CHECKING:
    from tiaowen.dsl.diagnostics import Diagnostic
    from tiaowen.review.present.coverage_model import CoverageReport

FORMATS = ("text", "html", "json")


def cover(say: Say) -> click.Command:
    """The command ``cover``."""

    @command(say, "cover", say(
        "核对条文是否都有着落：每一句、每一个数字，或已编码，或写明理由不编码。"
        "目录下的所有政策都查；有没有说明的，退出码为 1。",
        "Check that the rules explain the text: every sentence and every figure is encoded, or set "
        "aside with a reason. Below a folder every policy is checked; exit code 1 where something "
        "is explained by nothing."))  # fmt: skip
    @click.argument("paths", nargs=-1, required=True, metavar=say("文件或目录…", "PATH…"))
    @format_option(say, FORMATS)
    @output_option(say)
    def run(terminal: Terminal, paths: tuple[str, ...], form: str, output: Path | None) -> int:
        from tiaowen.apps.cli import BAD_INPUT, FINDINGS, FINE
        from tiaowen.dsl.render import has_errors

        reports, found = _covered(paths)
        terminal.report(found)
        if not reports:
            terminal.complain("没有条文可查", "there is no regulation to check")
            return BAD_INPUT
        terminal.deliver(_rendered(reports, form, terminal, output), output)
        complete = all(report.complete for report in reports)
        return FINE if complete and not has_errors(found) else FINDINGS

    return run


def _covered(paths: Iterable[str]) -> tuple[list[CoverageReport], list[Diagnostic]]:
    """A report for every policy with a text, and what stands in the way of explaining it.

    Raises ``Rejected`` where a file cannot be read.
    """
    from tiaowen.compiler.coverage import cover as covering
    from tiaowen.dsl.catalogue import entry
    from tiaowen.review.present.coverage_model import build

    reports: list[CoverageReport] = []
    found: list[Diagnostic] = []
    for path in policy_files(paths):
        compilation = load(path)
        document = compilation.documents[-1]
        errors = [d for d in compilation.diagnostics if entry(d.code).severity == "error"]
        found += errors
        if not document.paragraphs:
            continue
        coverage = covering(compilation.collected, [document], compilation.grounding)
        found += coverage.diagnostics
        reports.append(build(str(path), document, compilation.collected, coverage))
    return reports, found


def _rendered(reports: list[CoverageReport], form: str, terminal: Terminal,
              output: Path | None) -> str:  # fmt: skip
    from tiaowen.review.present.coverage import render_html, render_json, render_text

    if form == "html":
        return render_html(reports, terminal.lang)
    if form == "json":
        return render_json(reports)
    colored = output is None and terminal.colored(sys.stdout)
    return render_text(reports, terminal.lang, colored, terminal.width)
