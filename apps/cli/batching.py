"""``tiaowen batch``: a file of claims settled, and what could not be settled with its reasons."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from tiaowen.apps.cli.batch_telling import Line, Names, progress_line, tell
from tiaowen.apps.cli.cluster_options import cluster_of, cluster_options
from tiaowen.apps.cli.options import params_option, reading_option, table_options
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import Between, command
from tiaowen.apps.cli.words import Say
from tiaowen.dsl.diagnostics import Rejected

_OF_PARTS = {"TW1336", "TW1337", "TW1338", "TW1352"}
"""What is wrong with the parts themselves, said with their folder."""

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program
    from tiaowen.engine.batch.job import Options, Outcome
    from tiaowen.engine.cluster.session import Cluster


def batch(say: Say) -> click.Command:
    """The command ``batch``."""

    @command(
        say,
        "batch",
        say(
            "按一个政策批量结算一个文件里的就诊，按人按时间累计。"
            "数据可以是 Parquet、CSV、Arrow 文件，"
            "DuckDB（文件#表）或 PostgreSQL（postgresql://…#表）；不能结算的行连同原因写入退回文件。",
            "Settle the claims of a file by a policy, accumulating by person and time. Claims "
            "may be Parquet, CSV or Arrow files, a table of DuckDB (file#table) or PostgreSQL "
            "(postgresql://…#table); rows that cannot be settled go into a reject file, with why.",
        ),
    )
    @click.argument("policy", metavar=say("政策", "POLICY"))
    @click.argument("claims", metavar=say("数据", "CLAIMS"))
    @click.option(
        "-o",
        "--output",
        required=True,
        metavar=say("文件", "FILE"),
        help=say(
            "写入 .parquet、.csv、.duckdb，或以 / 结尾的文件夹",
            "a .parquet, .csv or .duckdb file, or a folder ending in /",
        ),
    )
    @table_options(say)
    @click.option(
        "--opening",
        default="",
        metavar=say("文件", "FILE"),
        help=say("数据之前各人各年的累计", "totals of people and years from before the claims"),
    )
    @click.option(
        "--rejects",
        default="",
        metavar=say("文件", "FILE"),
        help=say("退回文件（默认在输出旁边）", "the reject file (beside the output)"),
    )
    @click.option(
        "--matter",
        "only",
        multiple=True,
        metavar=say("事项", "MATTER"),
        help=say("只写出这些事项，可多次", "write these matters only, may be repeated"),
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
        "--column",
        "columns",
        multiple=True,
        metavar=say("输出", "OUTPUT"),
        help=say("只写出这些输出（名或码），可多次",
                 "write these outputs only (name or code), may be repeated"),
    )  # fmt: skip
    @click.option(
        "--rules",
        is_flag=True,
        help=say(
            "另写每项输出由哪条规则决定（rule_… 列）",
            "also write which rule decided each output (columns rule_…)",
        ),
    )
    @click.option(
        "--threads",
        type=Between(say, 1, 256),
        metavar="N",
        help=say("线程数（默认每核一个）", "threads (one a core)"),
    )
    @click.option(
        "--resume", is_flag=True, help=say("接着上次中断处做", "go on where a run was interrupted")
    )
    @click.option(
        "--strict",
        is_flag=True,
        help=say("有一行退回即停，什么也不写", "stop at the first reject, write nothing"),
    )
    @click.option(
        "--force", is_flag=True, help=say("可覆盖已有的输出", "overwrite an output that is there")
    )
    @cluster_options(say)
    def run(terminal: Terminal, policy: str, claims: str, **rest: Any) -> int:
        from tiaowen.apps.programs import load_program
        from tiaowen.dsl.extras import need

        for module in ("numpy", "pyarrow", "duckdb", "llvmlite"):
            need(module, "batch")
        where = rest.pop("engine"), rest.pop("master"), rest.pop("settings")
        cluster = cluster_of(*where, terminal)
        program = load_program(policy)
        options = _options(program, claims, rest, terminal)
        started = time.monotonic()
        try:
            with progress_line(terminal) as progress:
                outcome = _settled(program, options, cluster, progress)
        except (KeyboardInterrupt, Rejected) as stopped:
            _tell_kept(options, stopped, terminal)
            raise
        tell(outcome, Names.of(program, terminal), time.monotonic() - started, terminal)
        return 0

    return run


def _settled(program: Program, options: Options, cluster: Cluster | None,
             progress: Line) -> Outcome:  # fmt: skip
    """The file settled here, or on a cluster."""
    if cluster is None:
        from tiaowen.engine.batch.job import settle_file

        return settle_file(program, options, progress, progress.expect)
    from tiaowen.engine.cluster.job import settle_on_cluster

    return settle_on_cluster(program, options, cluster, progress)


def _tell_kept(options: Options, stopped: BaseException, terminal: Terminal) -> None:
    """What a run that was stopped leaves for a later one, where that is not what stopped it."""
    from tiaowen.engine.batch.ledger import finished_parts
    from tiaowen.engine.batch.places import parts_of

    if isinstance(stopped, Rejected) and {d.code for d in stopped.diagnostics} & _OF_PARTS:
        return
    parts = finished_parts(parts_of(options.output))
    if parts:
        terminal.complain(
            f"已完成的 {parts} 部分仍在，加 --resume 接着做",
            f"{parts} finished parts are kept; --resume goes on with them",
        )


def _options(program: Program, claims: str, given: dict[str, Any], terminal: Terminal) -> Options:
    from tiaowen.apps.files import read_text
    from tiaowen.engine.batch.job import Options
    from tiaowen.engine.parameters import merge, read_parameter_file
    from tiaowen.engine.readings import read_readings

    named = given.pop("params")
    files = [read_parameter_file(read_text(n), n, program) for n in named]
    return Options(
        claims,
        mapping=mapping_of(given.pop("mapping"), terminal),
        readings=read_readings(given.pop("readings"), program),
        parameters=merge(files),
        parameter_files=tuple(named),
        threads=given.pop("threads") or 0,
        only=_known(program, given.pop("only")),
        columns=_outputs(program, given.pop("columns")),
        lang=terminal.lang,
        **given,
    )


def mapping_of(written: tuple[str, ...], terminal: Terminal) -> dict[str, str]:
    """The matters that ``--map`` gives, by kind; a mistake of usage where a pair is none."""
    found: dict[str, str] = {}
    for pair in written:
        kind, equals, matter = (part.strip() for part in pair.partition("="))
        if not (kind and equals and matter):
            zh, en = f"“{pair}”不是 医疗类别=事项", f"“{pair}” is not KIND=MATTER"
            raise click.UsageError(terminal.say(zh, en))
        if found.setdefault(kind, matter) != matter:
            zh, en = f"“{kind}”指定了两个事项", f"“{kind}” is given two matters"
            raise click.UsageError(terminal.say(zh, en))
    return found


def _known(program: Program, names: tuple[str, ...]) -> tuple[str, ...]:
    from tiaowen.compiler.spelling import nearest
    from tiaowen.dsl.diagnostics import Rejected, diagnose

    known = list(program.matters)
    wrong = [name for name in names if name not in known]
    if wrong:
        raise Rejected([diagnose("TW0208", place=n, name=n, nearest=nearest(n, known),
                                 matters=known) for n in wrong])  # fmt: skip
    return names


def _outputs(program: Program, names: tuple[str, ...]) -> tuple[str, ...]:
    """The national codes of the outputs that are named, each once."""
    from tiaowen.compiler.spelling import nearest
    from tiaowen.dsl.diagnostics import Rejected, diagnose

    codes: dict[str, str] = {}
    for matter in program.matters.values():
        for output in matter.outputs:
            codes |= {output.name: output.code, output.code: output.code}
    wrong = [name for name in names if name not in codes]
    if wrong:
        raise Rejected([diagnose("TW1368", place=n, name=n, nearest=nearest(n, list(codes)))
                        for n in wrong])  # fmt: skip
    return tuple(dict.fromkeys(codes[name] for name in names))
