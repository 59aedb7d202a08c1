"""``tiaowen whatif``: which facts would have changed a decision."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from tiaowen.apps.cli.options import claim_options, format_option, output_option
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.apps.cli.deciding import Given
    from tiaowen.review.counterfactual import WhatIf

FORMATS = ("text", "json", "markdown", "html")


@frozen
class Wanted:
    """What the options ask for beyond what a claim is decided by."""

    of: str | None
    fixed: tuple[str, ...]
    pairs: bool
    both: bool
    limit: int
    form: str
    output: Path | None


def whatif(say: Say) -> click.Command:
    """The command ``whatif``."""

    @command(say, "whatif", say(
        "哪些能够举证的事实（备案、日期、等级、身份、转诊、收费等级……）会改变结算的结果，"
        "一项或两项一起，各附条文。年龄、性别等不能改变的不考虑。",
        "Which facts that can be shown by papers (filing, dates, level, status, referral, class "
        "of a fee line …) would change the result, alone or two together, each with its articles. "
        "What cannot change, as age and sex, is left out."))  # fmt: skip
    @click.argument("matter", metavar=say("事项", "MATTER"))
    @click.argument("claim", metavar=say("数据.json", "CLAIM.json"))
    @claim_options(say)
    @click.option("--of", metavar=say("行", "LINE"),
                  help=say("按结算单的哪一行比较（默认个人负担）",
                           "the line of the statement to compare by (what the person bears)"),
                  )  # fmt: skip
    @click.option("--fix", "fixed", multiple=True, metavar=say("字段", "FIELD"),
                  help=say("当作确定、不再改变的事实，可多次",
                           "a fact held to be certain, may be repeated"))  # fmt: skip
    @click.option("--pairs/--no-pairs", default=True,
                  help=say("是否也找两项一起才起作用的（默认找）",
                           "look for two changes together, too (the default)"))  # fmt: skip
    @click.option("--both", is_flag=True,
                  help=say("也列出对本人不利的",
                           "list what would make it worse, too"))  # fmt: skip
    @click.option("--limit", type=click.IntRange(1, 1000), default=20, metavar=say("项数", "N"),
                  help=say("每类最多列几项（默认20）",
                           "most entries of each kind (default 20)"))  # fmt: skip
    @format_option(say, FORMATS)
    @output_option(say)
    def run(terminal: Terminal, matter: str, claim: str, policy: str | None, readings: Any,
            params: Any, history: str | None, on: Any, **options: Any) -> int:  # fmt: skip
        from tiaowen.apps.cli.deciding import Asked, exit_code, read

        given = read(Asked(matter=matter, claim=claim, policy=policy, readings=readings,
                           every_reading=None, params=params, history=history, on=on, form="text",
                           why_not=False, lines=False, mask=False, output=None))  # fmt: skip
        wanted = Wanted(**options)
        found = _asked(given, wanted, terminal)
        terminal.deliver(_rendered(found, given, wanted, terminal), wanted.output)
        if found.problems:
            terminal.report(found.problems, sys.stderr)
        return exit_code(found.problems)

    return run


def _asked(given: Given, wanted: Wanted, terminal: Terminal) -> WhatIf:
    from tiaowen.review.counterfactual import what_if

    watch = _Watch(terminal) if sys.stderr.isatty() else None
    try:
        return what_if(given.program, given.claim, given.items, readings=given.readings,
                       parameters=given.parameters, in_force=given.in_force, of=wanted.of,
                       fixed=wanted.fixed, pairs=wanted.pairs, explained=wanted.limit,
                       progress=watch)  # fmt: skip
    finally:
        if watch is not None:
            watch.clear()


class _Watch:
    """Says on the terminal how far the search is."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def __call__(self, done: int, of: int) -> None:
        zh, en = f"\r\033[K试过 {done}/{of} 种改变", f"\r\033[Kchanges tried: {done}/{of}"
        sys.stderr.write(self.terminal.say(zh, en))
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        sys.stderr.write("\r\033[K")


def _rendered(found: WhatIf, given: Given, wanted: Wanted, terminal: Terminal) -> str:
    if wanted.form == "json":
        from tiaowen.review.present.counterfactual_data import whatif_data

        return json.dumps(whatif_data(found), ensure_ascii=False, indent=2)
    from tiaowen.apps.cli.pages import rendered
    from tiaowen.review.present.counterfactual import shown, whatif_page

    view = shown(found, given.claim, given.items, terminal.lang, both=wanted.both,
                 limit=wanted.limit)  # fmt: skip
    if wanted.form == "html":
        from tiaowen.review.present.counterfactual_html import whatif_html

        return whatif_html(view)
    return rendered(whatif_page(view), wanted.form, terminal, wanted.output)
