"""``tiaowen decide … --readings all``: a claim under every combination of readings."""

from __future__ import annotations

import json
import sys

import click

from tiaowen.apps.cli.deciding import Asked, exit_code, read
from tiaowen.apps.cli.output import Terminal


def compare(asked: Asked, terminal: Terminal) -> int:
    """Decide under every combination that matters, write the comparison, and give the exit code
    of the decision by default."""
    from tiaowen.review.readings_compared import compare_readings

    if asked.why_not or asked.lines:
        raise click.UsageError(terminal.say(
            "--why-not 和 --lines 不能与 --readings all 同用：比较只列出结果",
            "--why-not and --lines do not go with --readings all: a comparison shows results only",
        ))  # fmt: skip
    given = read(asked)
    found = compare_readings(given.program, given.claim, given.items, fixed=given.readings,
                             parameters=given.parameters, in_force=given.in_force)  # fmt: skip
    matter, lang = given.claim.matter, terminal.lang
    problems = found.default.problems
    if asked.form == "json":
        from tiaowen.review.present.readings import readings_data

        data = readings_data(found, given.program, matter)
        terminal.deliver(json.dumps(data, ensure_ascii=False, indent=2), asked.output)
    else:
        from tiaowen.apps.cli.pages import rendered
        from tiaowen.review.present.readings import readings_page

        page = readings_page(found, given.program, matter, lang)
        terminal.deliver(rendered(page, asked.form, terminal, asked.output), asked.output)
    if problems:
        terminal.report(problems, sys.stderr)
    return exit_code(problems)
