"""click's commands and options, speaking the user's language: help, headings and complaints.

A command is made by a function of ``Say``, so that all its words are in one language, and a
command's module is imported only when the command is run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from importlib import import_module
from typing import Any

import click
from attrs import frozen

from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.words import LANGUAGES, Say

HELP_WIDTH = 100


@frozen
class Entry:
    """A command in the list of commands: where it is made and its short help."""

    module: str
    factory: str
    zh: str
    en: str


class Speaking:
    """Help of a command or group in the language ``say``."""

    say: Say = Say("zh")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = self.say("显示这些说明", "show this help")
        return option  # type: ignore[no-any-return]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), self.say("用法：", "usage: "))


class Command(Speaking, click.Command):
    """One command."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        pieces = super().collect_usage_pieces(ctx)
        return [self.say("[选项]…", "[OPTIONS]") if p == "[OPTIONS]" else p for p in pieces]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(self.say("选项", "options")):
            formatter.write_dl(_records(self, ctx))


class Commands(Speaking, click.Group):
    """The group of all commands; each module is imported when its command is asked for."""

    def __init__(self, say: Say, table: Mapping[str, Entry], **rest: Any) -> None:
        super().__init__(**rest)
        self.say = say
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        made = getattr(import_module(entry.module), entry.factory)(self.say)
        assert isinstance(made, click.Command)
        return made

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and args[0] not in self.table:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.table, n=1, cutoff=0.5)
            hint = self.say(f"，是否为 {near[0]}", f", did you mean {near[0]}") if near else ""
            raise click.UsageError(
                self.say(f"没有命令“{args[0]}”{hint}", f"there is no command “{args[0]}”{hint}"),
                ctx,
            )
        return super().resolve_command(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [self.say("[选项]… 命令 …", "[OPTIONS] COMMAND …")]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(self.say("命令", "commands")):
            formatter.write_dl([(name, self.say(e.zh, e.en)) for name, e in self.table.items()])
        with formatter.section(self.say("选项", "options")):
            formatter.write_dl(_records(self, ctx))


def _records(command: click.Command, ctx: click.Context) -> list[tuple[str, str]]:
    """The options of a command with their help; its arguments stand in the usage line."""
    options = [p for p in command.get_params(ctx) if isinstance(p, click.Option)]
    return [record for option in options if (record := option.get_help_record(ctx))]


class OneOf(click.Choice[str]):
    """An option's value out of a few; another is refused in words, with the nearest."""

    def __init__(self, say: Say, choices: Sequence[str]) -> None:
        super().__init__(choices)
        self.say = say

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value in self.choices:
            return value
        from difflib import get_close_matches

        near = get_close_matches(str(value), self.choices, n=1, cutoff=0.5)
        known = self.say("、", ", ").join(self.choices)
        zh = f"“{value}”不可用，可用 {known}" + (f"；是否为 {near[0]}" if near else "")
        en = f"“{value}” is not one of {known}" + (f"; did you mean {near[0]}" if near else "")
        raise click.BadParameter(self.say(zh, en), ctx, param)


class Between(click.ParamType[int]):
    """A whole number within bounds; another is refused in words."""

    name = "number"

    def __init__(self, say: Say, least: int, most: int) -> None:
        self.say, self.least, self.most = say, least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        written = re.fullmatch(r"[0-9]{1,18}", str(value))
        if written is None or not self.least <= int(written[0]) <= self.most:
            zh = f"“{value}”不是 {self.least} 至 {self.most:,} 的整数"
            en = f"“{value}” is no whole number from {self.least} to {self.most:,}"
            self.fail(self.say(zh, en), param, ctx)
        return int(written[0])


def command(say: Say, name: str, help: str) -> Callable[[Callable[..., int]], click.Command]:
    """Make a command of a function that takes a ``Terminal`` first and gives the exit code."""

    def make(function: Callable[..., int]) -> click.Command:
        @wraps(function)
        def called(lang: str | None, color: str, **rest: Any) -> int:
            return function(Terminal(say.lang, color), **rest)  # type: ignore[arg-type]

        made = click.command(
            name, cls=Command, help=help, context_settings={"max_content_width": HELP_WIDTH}
        )(called)
        made.say = say
        made.params += common(say)
        return made

    return make


def common(say: Say) -> list[click.Parameter]:
    """The options of every command."""
    return [
        click.Option(["--lang"], type=OneOf(say, LANGUAGES),
                     help=say("输出的语言（默认随系统）", "language of the output (the locale's)")),
        click.Option(["--color"], type=OneOf(say, ("auto", "always", "never")), default="auto",
                     metavar="auto|always|never",
                     help=say("是否着色", "whether to colour the output")),
    ]  # fmt: skip


def complaint(error: click.UsageError, say: Say) -> str:
    """What is wrong with the arguments, in words, with where to find help."""
    parts = [_problem(error, say)]
    if error.ctx is not None:
        path = error.ctx.command_path
        parts.append(say(f"用法见 {path} --help", f"for its usage see {path} --help"))
    return "\n".join(parts) + "\n"


def _problem(error: click.UsageError, say: Say) -> str:
    named = getattr(error, "param", None)
    what = _named(named) if named is not None else ""
    match error:
        case click.NoSuchOption():
            near = next(iter(error.possibilities or ()), "")
            hint = say(f"，是否为 {near}", f", did you mean {near}") if near else ""
            return say(
                f"没有选项 {error.option_name}{hint}",
                f"there is no option {error.option_name}{hint}",
            )
        case click.MissingParameter():
            return say(f"缺少 {what}", f"{what} is missing")
        case click.BadParameter():
            return f"{what}{say('：', ': ')}{error.message}" if what else error.message
        case click.BadOptionUsage():
            return say(f"{error.option_name} 要有一个值", f"{error.option_name} needs a value")
    extra = error.message.removeprefix("Got unexpected extra argument")
    if extra != error.message:
        which = extra.lstrip("s ").strip("()")
        return say(f"多出的参数：{which}", f"arguments that are too many: {which}")
    return error.message


def _named(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Argument):
        return parameter.make_metavar(click.Context(click.Command("")))
    return max(parameter.opts, key=len)
