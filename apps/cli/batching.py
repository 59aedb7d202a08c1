"""``tiaowen batch``: a file of claims settled, and what could not be settled with its reasons."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from tiaowen.apps.cli.cluster_options import cluster_of, cluster_options
from tiaowen.apps.cli.options import params_option, reading_option, table_options
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import command
from tiaowen.apps.cli.words import Say

LEVEL = "hosp_lv"

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program
    from tiaowen.engine.batch.counting import Counts
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
        type=click.IntRange(1, 256),
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
        with progress_line(terminal) as progress:
            outcome = _settled(program, options, cluster, progress)
        _tell(outcome, _Names.of(program, terminal), time.monotonic() - started, terminal)
        return 0

    return run


def _settled(program: Program, options: Options, cluster: Cluster | None,
             progress: Callable[[int], None]) -> Outcome:  # fmt: skip
    """The file settled here, or on a cluster."""
    if cluster is None:
        from tiaowen.engine.batch.job import settle_file

        return settle_file(program, options, progress)
    from tiaowen.engine.cluster.job import settle_on_cluster

    return settle_on_cluster(program, options, cluster, progress)


def _options(program: Program, claims: str, given: dict[str, Any], terminal: Terminal) -> Options:
    from tiaowen.apps.files import read_text
    from tiaowen.engine.batch.job import Options
    from tiaowen.engine.parameters import merge, read_parameter_file
    from tiaowen.engine.readings import read_readings

    named = given.pop("params")
    files = [read_parameter_file(read_text(n), n, program) for n in named]
    return Options(
        claims,
        mapping=_mapping(given.pop("mapping"), terminal),
        readings=read_readings(given.pop("readings"), program),
        parameters=merge(files),
        parameter_files=tuple(named),
        threads=given.pop("threads") or 0,
        only=_known(program, given.pop("only")),
        columns=_outputs(program, given.pop("columns")),
        lang=terminal.lang,
        **given,
    )


def _mapping(written: tuple[str, ...], terminal: Terminal) -> dict[str, str]:
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


@contextmanager
def progress_line(terminal: Terminal) -> Iterator[Callable[[int], None]]:
    """A line of progress on a terminal: claims so far and their rate."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, no_color=not terminal.colored(sys.stderr))
    text = TextColumn("{task.fields[said]}")
    with Progress(SpinnerColumn(), text, TimeElapsedColumn(), console=console,
                  transient=True) as bar:  # fmt: skip
        task = bar.add_task("", said="")
        began = time.monotonic()

        def told(count: int) -> None:
            rate = int(count / max(time.monotonic() - began, 0.1))
            said = terminal.say(f"{count:,} 条，每秒 {rate:,}", f"{count:,} claims, {rate:,}/s")
            bar.update(task, said=said)

        yield told


@frozen
class _Names:
    """Matters and levels of hospitals as the summary names them."""

    english: Mapping[str, str]
    levels: Mapping[str, str]

    @classmethod
    def of(cls, program: Program, terminal: Terminal) -> _Names:
        """The names that ``program`` declares, in the language of the terminal."""
        english: Mapping[str, str] = {}
        if terminal.lang == "en":
            from tiaowen.review.present.words import labels_of

            english = labels_of(program).names
        grades = next((f for f in program.fields.values() if f.code == LEVEL), None)
        kind = program.enums.get(grades.type.name) if grades is not None else None
        codes = kind.codes if kind is not None else {}
        return cls(english, {code: english.get(name, name) for name, code in codes.items()})

    def of_group(self, matter: str, level: str) -> str:
        name = self.english.get(matter, matter)
        return f"{name} · {self.levels.get(level, level)}" if level else name


def _tell(outcome: Outcome, names: _Names, took: float, terminal: Terminal) -> None:
    """The summary of a run."""
    counts = outcome.counts
    for zh, en in _lines(counts, outcome, names):
        terminal.line(zh, en)
    rate = int(counts.read / max(took, 0.001))
    terminal.complain(f"{took:.1f} 秒，每秒 {rate:,} 条", f"{took:.1f} s, {rate:,} claims/s")


def _lines(counts: Counts, outcome: Outcome, names: _Names) -> Iterator[tuple[str, str]]:
    yield (
        f"读入 {counts.read:,} 条，结算 {counts.settled:,} 条（{counts.people:,} 人），"
        f"退回 {counts.rejected:,} 条",
        f"{counts.read:,} claims read, {counts.settled:,} settled ({counts.people:,} people), "
        f"{counts.rejected:,} rejected",
    )
    for (matter, level), (claims, paid, capped) in sorted(counts.groups.items()):
        where = names.of_group(matter, level)
        zh, en = f"  {where}：{claims:,} 条", f"  {where}: {claims:,} claims"
        if paid is not None:
            amount = f"{paid // 100:,}.{paid % 100:02d}"
            zh, en = f"{zh}，统筹支付 {amount}元", f"{en}, pooled fund {amount} yuan"
        if capped is not None:
            zh, en = f"{zh}，超封顶线 {capped:,} 条", f"{en}, {capped:,} cut by the cap"
        yield zh, en
    for code, count in counts.codes.most_common():
        yield f"  退回 {code}：{count:,} 处", f"  rejected {code}: {count:,}"
    yield f"输出 {outcome.output}", f"output {outcome.output}"
    if counts.rejected:
        yield f"退回 {outcome.rejects}", f"rejects {outcome.rejects}"
    if outcome.totals:
        yield (
            f"没有费用明细，照用合计：{'、'.join(outcome.totals)}",
            f"no fee lines: the totals are taken as given: {', '.join(outcome.totals)}",
        )
    if outcome.unknown:
        yield (
            f"没有用到的列：{'、'.join(outcome.unknown)}",
            f"columns that are no fields: {', '.join(outcome.unknown)}",
        )
