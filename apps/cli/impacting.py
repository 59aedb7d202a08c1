"""``tiaowen impact``: what drafts do to people and to the fund, on a file of claims."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from errno import EISDIR
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from tiaowen.apps.cli.options import params_option, reading_option, table_options
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import OneOf, command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program
    from tiaowen.engine.frames import ParameterValue
    from tiaowen.review.impact import Measured

FORMATS = ("text", "json", "markdown", "html")
UNKNOWN_PARAMETER = "TW0513"
ENDINGS = {"json": "json", "md": "markdown", "html": "html", "htm": "html", "parquet": "parquet"}


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
    @click.option(
        "--opening",
        default="",
        metavar=say("文件", "FILE"),
        help=say("数据之前各人各年的累计", "totals of people and years from before the claims"),
    )
    @click.option(
        "--map",
        "mapping",
        multiple=True,
        metavar=say("医疗类别=事项", "KIND=MATTER"),
        help=say("指定某医疗类别的事项，可多次", "the matter of a med_type, may be repeated"),
    )
    @reading_option(say)
    @params_option(say)
    @click.option(
        "--weight",
        default="",
        metavar=say("列", "COLUMN"),
        help=say(
            "每人代表几人的一列：数据是抽样",
            "a column of how many people each stands for: they are a sample",
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
    @click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar=say("文件", "FILE"),
        help=say(
            "写入文件，可多次：.html .json .parquet .md",
            "write to a file, may be repeated: .html .json .parquet .md",
        ),
    )
    def run(terminal: Terminal, base: str, rest: tuple[str, ...], **options: Any) -> int:
        if len(rest) < 2:
            raise click.UsageError(say("至少要有一个草案和一个数据文件",
                                       "a draft and a file of claims are needed"))  # fmt: skip
        from tiaowen.dsl.extras import need

        for module in ("numpy", "pyarrow", "duckdb", "llvmlite"):
            need(module, "batch")
        form, outputs = options.pop("form"), options.pop("outputs")
        for path in (*outputs, *filter(None, [options["effects"]])):
            _writable(path)
        told = _told(base, rest[:-1], rest[-1], options, terminal)
        for output in outputs:
            _deliver(told, _form(form, output), terminal, output)
        if not outputs:
            _deliver(told, _form(form, None), terminal, None)
        return 0

    return run


def _writable(path: Path) -> None:
    """Say that ``path`` cannot be written before the claims are settled, not after."""
    from tiaowen.apps.files import unusable
    from tiaowen.dsl.diagnostics import Rejected

    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        beside.touch()
        beside.unlink()
    except OSError as error:
        raise Rejected([unusable("write", path, error)]) from None


def _form(asked: str | None, output: Path | None) -> str:
    ending = output.suffix.removeprefix(".").lower() if output is not None else ""
    return asked or ENDINGS.get(ending, "text")


@frozen(eq=False)
class _Told:
    """What was measured, and the policies it is of."""

    measured: Measured
    programs: Sequence[Program]


def _told(base: str, drafts: Sequence[str], claims: str, options: dict[str, Any],
          terminal: Terminal) -> _Told:  # fmt: skip
    """Settle everything, count, and explain those who are most changed."""
    from tiaowen.apps.cli.batch_telling import progress_line
    from tiaowen.apps.cli.batching import mapping_of
    from tiaowen.apps.programs import load_program
    from tiaowen.review.impact import Asking, Population, Side, chosen, measure

    files = (base, *drafts)
    programs = [load_program(path) for path in files]
    readings = chosen(options["readings"], programs)
    sides = [
        Side(*one)
        for one in zip(
            programs, files, readings, _parameters(options["params"], programs), strict=True
        )
    ]
    mapping = mapping_of(options["mapping"], terminal)
    population = Population(claims, options["lines"], options["opening"], mapping)
    asking = Asking(options["weight"], options["samples"], options["effects"], options["memory"])
    with progress_line(terminal) as progress:
        return _Told(measure(sides, population, asking, progress, progress.expect), programs)


def _parameters(names: Sequence[str],
                programs: Sequence[Program]) -> list[dict[str, ParameterValue]]:  # fmt: skip
    """For each program the figures of those files all of whose parameters it has; a file of
    which none has all is refused as the first refuses it."""
    from tiaowen.apps.files import read_text
    from tiaowen.dsl.diagnostics import Rejected
    from tiaowen.engine.parameters import ParameterFile, merge, read_parameter_file

    taken: list[list[ParameterFile]] = [[] for _ in programs]
    for name in names:
        text, refused = read_text(name), []
        for files, program in zip(taken, programs, strict=True):
            try:
                files.append(read_parameter_file(text, name, program))
            except Rejected as wrong:
                if {found.code for found in wrong.diagnostics} != {UNKNOWN_PARAMETER}:
                    raise
                refused.append(wrong)
        if len(refused) == len(programs):
            raise refused[0]
    return [merge(files) for files in taken]


def _deliver(told: _Told, form: str, terminal: Terminal, output: Path | None) -> None:
    if form != "parquet" or output is None:
        terminal.deliver(_shown(told, form, terminal, output), output)
        return
    from tiaowen.apps.files import unusable
    from tiaowen.dsl.diagnostics import Rejected
    from tiaowen.review.present.impact_table import write_figures

    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        write_figures(told.measured.impact, beside)
        os.replace(beside, output)
    except OSError as error:
        raise Rejected([unusable("write", output, error)]) from None
    finally:
        beside.unlink(missing_ok=True)


def _shown(told: _Told, form: str, terminal: Terminal, output: Path | None) -> str:
    from tiaowen.review.present.impact import impact_markdown, impact_text
    from tiaowen.review.present.impact_data import impact_data
    from tiaowen.review.present.impact_names import ImpactNames

    found, why = told.measured.impact, told.measured.reasons
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
