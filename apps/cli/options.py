"""Options that several commands have, each said once: the same name, words and meaning everywhere.

``claim_options`` and ``shown_options`` are those of every command that decides a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any, TypeAlias

import click

from tiaowen.apps.cli.speaking import OneOf
from tiaowen.apps.cli.words import Say

Decorated: TypeAlias = Callable[..., Any]
Decorator: TypeAlias = Callable[[Decorated], Decorated]


def day(context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    """A calendar day, written as bureaus write it."""
    if value is None:
        return None
    from tiaowen.compiler.bad_value import BadValue
    from tiaowen.compiler.moments import parse_date

    try:
        return parse_date(value)
    except BadValue as bad:
        lang = getattr(context.command, "say", Say("zh")).lang
        raise click.BadParameter(bad.explain(lang), context, parameter) from None


def output_option(say: Say) -> Decorator:
    """``-o``: the file a result goes to."""
    return click.option("-o", "--output", type=click.Path(path_type=Path),
                        metavar=say("文件", "FILE"),
                        help=say("写入文件", "write to a file"))  # fmt: skip


def format_option(say: Say, forms: Sequence[str]) -> Decorator:
    """``--format``: one of ``forms``, the first unless another is asked for; given as ``form``."""
    return click.option("--format", "form", type=OneOf(say, forms), default=forms[0],
                        metavar="|".join(forms),
                        help=say("输出的格式", "format of the output"))  # fmt: skip


def reading_option(say: Say) -> Decorator:
    """``--reading``: chosen readings, given as ``readings``."""
    return click.option("--reading", "readings", multiple=True,
                        metavar=say("口径=取值", "NAME=VALUE"),
                        help=say("选用的口径，可多次",
                                 "a reading to use, may be repeated"))  # fmt: skip


def params_option(say: Say) -> Decorator:
    """``--params``: files of parameters."""
    return click.option("--params", multiple=True, metavar=say("文件", "FILE"),
                        help=say("参数文件（TOML），可多次",
                                 "a file of parameters (TOML), may be repeated"))  # fmt: skip


def table_options(say: Say) -> Decorator:
    """``--lines --memory``: what goes with a file of claims."""
    return every(
        click.option("--lines", default="", metavar=say("文件", "FILE"),
                     help=say("费用明细的文件，以就诊ID相连", "fee lines in a file of their own")),
        click.option("--memory", default="2GB", metavar=say("大小", "SIZE"),
                     help=say("排序所用的内存（默认 2GB）", "memory for sorting (2GB)")),
    )  # fmt: skip


def claim_options(say: Say) -> Decorator:
    """``--policy --reading --params --history --on``: by what a claim is decided."""
    return every(
        click.option("--policy", metavar=say("文件", "FILE"), help=say("政策文件", "the policy")),
        reading_option(say),
        params_option(say),
        click.option(
            "--history",
            metavar=say("文件", "FILE"),
            help=say("既往记录（JSON）", "the person's earlier items (JSON)"),
        ),
        click.option(
            "--on",
            callback=day,
            metavar=say("日期", "DATE"),
            help=say("按这一日施行的政策和参数", "go by what is in force on this day"),
        ),
    )


def shown_options(say: Say) -> Decorator:
    """``--why-not --lines --mask -o``: how much of a decision is shown, and where."""
    return every(
        click.option(
            "--why-not",
            is_flag=True,
            help=say("也列出看过而不适用的规则", "also the rules that did not apply"),
        ),
        click.option(
            "--lines",
            is_flag=True,
            help=say("逐项列出每条明细的各步", "every step of every fee line"),
        ),
        click.option(
            "--mask", is_flag=True, help=say("遮去个人标识", "hide what identifies the person")
        ),
        output_option(say),
    )


def every(*options: Decorator) -> Decorator:
    """All of ``options``, shown in this order."""
    return lambda function: reduce(lambda made, option: option(made), reversed(options), function)
