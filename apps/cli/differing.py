"""``tiaowen diff``: what differs between two policies: figures, rules, what they pay."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
from attrs import frozen

from tiaowen.apps.cli.options import day, format_option, output_option
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import OneOf, command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.review.difference.records import Difference

FORMATS = ("text", "markdown", "json", "html")
PARTS = ("figures", "rules", "outcomes", "witnesses")


@frozen
class Asked:
    """What the options of ``diff`` ask for; ``of`` are those of one policy alone."""

    only: tuple[str, ...]
    readings: tuple[str, ...]
    readings_of: tuple[tuple[str, ...], tuple[str, ...]]
    params: tuple[str, ...]
    params_of: tuple[tuple[str, ...], tuple[str, ...]]
    on: date | None
    form: str
    output: Path | None


def diff(say: Say) -> click.Command:
    """The command ``diff``."""
    several = say("，可多次", ", may be repeated")

    @command(say, "diff", say(
        "比较两份政策：两个城市的，或一份政策的两个版本（文件，或随附政策的名称）。数额按共同的词汇"
        "对照，规则按内容而不按写法对照，每处注明双方的条文。事项可写“甲的事项:乙的事项”。",
        "Compare two policies: of two cities, or two versions of one (files, or names of shipped "
        "policies). Figures are aligned by the shared vocabulary, rules by what they say and not "
        "by how they are written, each with the articles of both. The matter may be written "
        "“A's matter:B's matter”."))  # fmt: skip
    @click.argument("first", metavar=say("甲", "A"))
    @click.argument("second", metavar=say("乙", "B"))
    @click.argument("matter", required=False, metavar=say("[事项]", "[MATTER]"))
    @click.option("--only", multiple=True, type=OneOf(say, PARTS), metavar="|".join(PARTS),
                  help=say("只比较这一部分", "compare this part only") + several)  # fmt: skip
    @click.option("--reading", "readings", multiple=True, metavar=say("口径=取值", "NAME=VALUE"),
                  help=say("双方（有此口径的一方）选用的口径",
                           "a reading to use in both, where they have it") + several)  # fmt: skip
    @click.option("--reading-a", multiple=True, metavar=say("口径=取值", "NAME=VALUE"),
                  help=say("甲选用的口径", "a reading to use in A") + several)  # fmt: skip
    @click.option("--reading-b", multiple=True, metavar=say("口径=取值", "NAME=VALUE"),
                  help=say("乙选用的口径", "a reading to use in B") + several)  # fmt: skip
    @click.option("--params", multiple=True, metavar=say("文件", "FILE"),
                  help=say("参数文件（TOML），用于有这些参数的一方或双方",
                           "a file of parameters (TOML), for whichever declares them")
                  + several)  # fmt: skip
    @click.option("--params-a", multiple=True, metavar=say("文件", "FILE"),
                  help=say("甲的参数文件", "a file of parameters for A") + several)  # fmt: skip
    @click.option("--params-b", multiple=True, metavar=say("文件", "FILE"),
                  help=say("乙的参数文件", "a file of parameters for B") + several)  # fmt: skip
    @click.option("--on", callback=day, metavar=say("日期", "DATE"),
                  help=say("假定的入院日期", "the day of admission to suppose"))  # fmt: skip
    @format_option(say, FORMATS)
    @output_option(say)
    @click.option("--exit-code", "telling", is_flag=True,
                  help=say("有差别时以1退出", "leave with 1 where they differ"))  # fmt: skip
    def run(terminal: Terminal, first: str, second: str, matter: str | None, telling: bool,
            reading_a: Any, reading_b: Any, params_a: Any, params_b: Any,
            **options: Any) -> int:  # fmt: skip
        asked = Asked(readings_of=(reading_a, reading_b), params_of=(params_a, params_b),
                      **options)  # fmt: skip
        found = _compared(first, second, matter, asked, terminal)
        terminal.deliver(_rendered(found, asked, terminal), asked.output)
        return 1 if telling and found.differs else 0

    return run


def _compared(first: str, second: str, matter: str | None, asked: Asked,
              terminal: Terminal) -> Difference:  # fmt: skip
    from tiaowen.apps.choosing import policy_named
    from tiaowen.apps.differing import parameters_of, readings_of
    from tiaowen.apps.programs import load_program
    from tiaowen.review.difference import compare_policies
    from tiaowen.review.difference.records import Part

    programs = (load_program(policy_named(first)), load_program(policy_named(second)))
    parts = [part for part in get_args(Part) if not asked.only or part in asked.only]
    watch = _Watch(terminal) if sys.stderr.isatty() else None
    try:
        return compare_policies(
            *programs, matter, parts=parts,
            readings=readings_of(programs, asked.readings, asked.readings_of),
            parameters=parameters_of(programs, asked.params, asked.params_of, asked.on),
            on=asked.on, progress=watch,
        )  # fmt: skip
    finally:
        if watch is not None:
            watch.clear()


class _Watch:
    """Says on the terminal how far the comparison of outcomes is."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def __call__(self, done: int, of: int) -> None:
        zh, en = f"\r\033[K比较过 {done}/{of} 种情形", f"\r\033[Ksituations compared: {done}/{of}"
        sys.stderr.write(self.terminal.say(zh, en))
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        sys.stderr.write("\r\033[K")


def _rendered(found: Difference, asked: Asked, terminal: Terminal) -> str:
    if asked.form == "json":
        from tiaowen.review.present.difference_data import difference_data

        return json.dumps(difference_data(found), ensure_ascii=False, indent=2)
    every_rule = "rules" in asked.only
    if asked.form == "html":
        from tiaowen.review.present.difference_page import difference_html

        return difference_html(found, terminal.lang, every_rule=every_rule)
    from tiaowen.apps.cli.pages import rendered
    from tiaowen.review.present.difference import difference_page

    page = difference_page(found, terminal.lang, every_rule=every_rule)
    return rendered(page, asked.form, terminal, asked.output)
