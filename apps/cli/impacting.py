"""``tiaowen impact``: what drafts do to people and to the fund, on a file of claims."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from tiaowen.apps.cli.options import output_option, params_option, table_options
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import OneOf, command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program
    from tiaowen.engine.frames import ParameterValue
    from tiaowen.review.impact.reasons import Reason
    from tiaowen.review.impact.records import Impact

FORMATS = ("text", "json", "markdown", "html")
ENDINGS = {"json": "json", "md": "markdown", "html": "html", "htm": "html"}


def impact(say: Say) -> click.Command:
    """The command ``impact``."""

    @command(say, "impact", say(
        "用一批就诊数据比较现行政策和一个或几个草案：基金多支出少支出多少，谁多付谁少付，差多少。"
        "草案可以是整份政策，也可以是修改现行政策的文件。",
        "Settle a file of claims under a policy and under one or more drafts: what the funds pay "
        "before and after, who pays more or less, and how much. A draft may be a whole policy or "
        "a file that amends one."))  # fmt: skip
    @click.argument("base", metavar=say("政策", "BASE"))
    @click.argument("rest", nargs=-1, required=True, metavar=say("草案… 数据", "DRAFT… CLAIMS"))
    @table_options(say)
    @params_option(say)
    @click.option(
        "--weight",
        default="",
        metavar=say("列", "COLUMN"),
        help=say(
            "每条数据代表几条的一列：数据是抽样",
            "a column of how many claims each stands for: they are a sample",
        ),
    )
    @click.option(
        "--samples",
        type=click.IntRange(20, 10_000),
        default=None,
        metavar="N",
        help=say(
            "重抽样的次数，给出区间（抽样时默认 500）",
            "draw people again so often and give an interval (500 for a sample)",
        ),
    )
    @click.option(
        "--format",
        "form",
        type=OneOf(say, FORMATS),
        metavar="|".join(FORMATS),
        help=say("输出的格式（默认看文件名，否则 text）", "format (by the file's name, else text)"),
    )
    @click.option(
        "--effects",
        type=click.Path(path_type=Path),
        metavar=say("文件", "FILE"),
        help=say("另把每条就诊的前后写成 Parquet", "write each claim's effects as Parquet"),
    )
    @output_option(say)
    def run(terminal: Terminal, base: str, rest: tuple[str, ...], **options: Any) -> int:
        if len(rest) < 2:
            raise click.UsageError(say("至少要有一个草案和一个数据文件",
                                       "a draft and a file of claims are needed"))  # fmt: skip
        from tiaowen.dsl.extras import need

        for module in ("numpy", "pyarrow", "duckdb", "llvmlite"):
            need(module, "batch")
        form = _form(options.pop("form"), options["output"])
        output = options.pop("output")
        told = _told(base, rest[:-1], rest[-1], options, terminal)
        terminal.deliver(_shown(told, form, terminal, output), output)
        return 0

    return run


def _form(asked: str | None, output: Path | None) -> str:
    ending = output.suffix.removeprefix(".").lower() if output is not None else ""
    return asked or ENDINGS.get(ending, "text")


@frozen(eq=False)
class _Told:
    """An impact, with why the people most changed are, and the policies it is of."""

    impact: Impact
    reasons: Sequence[Reason]
    programs: Sequence[Program]


def _told(base: str, drafts: Sequence[str], claims: str, options: dict[str, Any],
          terminal: Terminal) -> _Told:  # fmt: skip
    """Settle everything, count, and explain those who are most changed."""
    from tiaowen.apps.cli.batching import progress_line
    from tiaowen.apps.programs import load_program
    from tiaowen.engine.batch.sources import connect
    from tiaowen.review.impact import figures
    from tiaowen.review.impact.reasons import Party, reasons

    programs = [load_program(path) for path in (base, *drafts)]
    keys = ("base", *map(str, range(1, len(programs))))
    given = [_parameters(options["params"], program) for program in programs]
    with tempfile.TemporaryDirectory() as scratch, progress_line(terminal) as progress:
        connection = connect(options["memory"], os.cpu_count() or 1, Path(scratch))
        table = options["effects"] or Path(scratch) / "effects.parquet"
        written = _effects(connection, programs, given, claims, options, table, progress)
        samples = options["samples"] or (500 if options["weight"] else 0)
        found = figures(connection, written, _policy("base", programs[0]),
                        [_policy(key, p) for key, p in zip(keys[1:], programs[1:], strict=True)],
                        weighted=bool(options["weight"]), sample=samples)  # fmt: skip
        parties = [Party(*one) for one in zip(keys, programs, given, strict=True)]
        told = reasons(connection, found, parties, claims, options["lines"])
    return _Told(found, told, programs)


def _parameters(names: Sequence[str], program: Program) -> dict[str, ParameterValue]:
    """The figures of parameter files that are the policy's."""
    from tiaowen.apps.files import read_text
    from tiaowen.engine.parameters import merge, read_parameter_file

    return merge(read_parameter_file(read_text(n), n, program) for n in names)


def _effects(
    connection: Any, programs: Sequence[Program], given: Sequence[dict[str, ParameterValue]],
    claims: str, options: dict[str, Any], table: Path, progress: Callable[[int], None],
) -> str:  # fmt: skip
    """Write the effects; gives what stands for them behind FROM."""
    from tiaowen.apps.table_files import TableFile
    from tiaowen.engine.batch.job import Options, built, opened
    from tiaowen.review.impact import Settlement, effects
    from tiaowen.review.impact.effects import joint

    source, lines = opened(connection, claims, options["lines"])
    readings, settlements = [], []
    keys = ("base", *map(str, range(1, len(programs))))
    for key, program, parameters in zip(keys, programs, given, strict=True):
        asked = Options(claims, "", parameters=parameters)
        reading, settling = built(program, connection, source, lines, asked)
        readings.append(reading)
        settlements.append(Settlement(key, program, settling))
    with TableFile(table) as file:
        for batch in effects(connection, joint(readings), settlements, progress,
                             weight=options["weight"]):  # fmt: skip
            file.write(batch)
    return f"read_parquet('{str(table).replace(chr(39), chr(39) * 2)}')"


def _policy(key: str, program: Program) -> Any:
    from tiaowen.review.impact.records import Policy

    identity = program.identity
    return Policy(key, identity.title, identity.document_number, identity.in_force is None)


def _shown(told: _Told, form: str, terminal: Terminal, output: Path | None) -> str:
    from tiaowen.review.present.impact import impact_markdown, impact_text
    from tiaowen.review.present.impact_data import impact_data
    from tiaowen.review.present.impact_names import ImpactNames

    found, why = told.impact, told.reasons
    if form == "json":
        return json.dumps(impact_data(found, why), ensure_ascii=False, indent=2)
    lang = terminal.lang
    names = ImpactNames.of(told.programs[0], lang, told.programs[1:])
    if form == "html":
        from tiaowen.review.present.impact_page import impact_html

        return impact_html(found, lang, names, why)
    if form == "markdown":
        return impact_markdown(found, lang, names, why)
    colored = terminal.colored(sys.stdout) and output is None
    return impact_text(found, lang, colored, terminal.width, names, why)
