"""``tiaowen synth``: made-up claims, so that everything can be tried without anyone's data."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import OneOf, command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.compiler.core import FieldInfo, Program
    from tiaowen.engine.synthetic import Plan


MOST_VISITS = 60
_PROVINCES = re.compile(r"(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{4}")
"""Divisions by their first two digits, those of a province (GB/T 2260)."""


class Count(click.ParamType[int]):
    """A whole number as people write large ones: 1000000, 1e6, 100万."""

    name = "count"

    def __init__(self, say: Say) -> None:
        self.say = say

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        written = re.fullmatch(r"(\d+)(?:[eE]\+?(\d{1,2})|(万|亿))?", str(value).replace(",", ""))
        if written is None:
            zh = f"“{value}”不是个数，如 1000000、1e6、100万"
            self.fail(self.say(zh, f"“{value}” is no count, such as 1000000 or 1e6"), param, ctx)
        tens = int(written[2] or {"万": 4, "亿": 8}.get(written[3] or "", 0))
        return int(written[1] + "0" * tens)


class Years(click.ParamType[tuple[int, int]]):
    """A year, or a first and a last: 2024, 2023-2025."""

    name = "years"

    def __init__(self, say: Say) -> None:
        self.say = say

    def convert(self, value: Any, param: click.Parameter | None,
                ctx: click.Context | None) -> tuple[int, int]:  # fmt: skip
        if isinstance(value, tuple):
            return value
        written = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", str(value))
        first, last = (int(written[1]), int(written[2] or written[1])) if written else (0, 0)
        if not 1950 <= first <= last <= min(2099, first + 49):
            self.fail(self.say(f"“{value}”不是年度，如 2024、2023-2025（1950 至 2099）",
                               f"“{value}” is no span of years, such as 2024 or 2023-2025 "
                               "(1950 to 2099)"), param, ctx)  # fmt: skip
        return first, last - first + 1


class Visits(click.ParamType[float]):
    """Visits a person and year, on average: 2, 0.5."""

    name = "visits"

    def __init__(self, say: Say) -> None:
        self.say = say

    def convert(self, value: Any, param: click.Parameter | None,
                ctx: click.Context | None) -> float:  # fmt: skip
        written = re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,6})?", str(value))
        if written is None or float(written[0]) > MOST_VISITS:
            zh = f"“{value}”不是 0 至 {MOST_VISITS} 的次数，如 2、0.5"
            en = f"“{value}” is no number of visits from 0 to {MOST_VISITS}, such as 2 or 0.5"
            self.fail(self.say(zh, en), param, ctx)
        return float(written[0])


def synth(say: Say) -> click.Command:
    """The command ``synth``."""

    @command(say, "synth", say(
        "编造一个城市若干年的就诊和费用明细，字段用国家接口的名称。"
        "人物、医院和费用都是虚构的，假设写在文档里；同样的选项每次写出同样的数据。",
        "Make up a city's years of encounters and fee lines under the national field names. "
        "People, hospitals and costs are invented, by assumptions the documentation lists; the "
        "same options give the same data every time."))  # fmt: skip
    @click.option(
        "--people",
        type=Count(say),
        required=True,
        metavar=say("人数", "N"),
        help=say("参保人数，如 1e6、100万", "insured people, such as 1e6"),
    )
    @click.option(
        "--seed",
        type=Count(say),
        default=0,
        metavar=say("种子", "N"),
        help=say("不同的种子得到不同的数据（默认 0）", "another seed, other data (0)"),
    )
    @click.option(
        "--region",
        default="131000",
        metavar=say("区划", "CODE"),
        help=say("参保地（默认 131000）", "place of insurance (131000)"),
    )
    @click.option(
        "--insurance",
        type=OneOf(say, ("390", "310")),
        default="390",
        metavar="390|310",
        help=say("险种：居民或职工（默认 390）", "residents or employees (390)"),
    )
    @click.option(
        "--years",
        type=Years(say),
        default="2024",
        metavar=say("年度", "YEARS"),
        help=say("如 2024、2023-2025（默认 2024）", "such as 2023-2025 (2024)"),
    )
    @click.option(
        "--visits",
        type=Visits(say),
        default="0",
        metavar="X",
        help=say(
            "每人每年的门诊次数（默认 0：只有住院）",
            "outpatient visits a person and year (0: stays only)",
        ),
    )
    @click.option(
        "--lines/--no-lines",
        default=True,
        help=say("是否写费用明细（默认写）", "whether to write fee lines (they are)"),
    )
    @click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        required=True,
        metavar=say("文件", "FILE"),
        help=say("写入 .parquet、.arrow 或 .csv", "a .parquet, .arrow or .csv file"),
    )
    @click.option(
        "--force", is_flag=True, help=say("可覆盖已有的文件", "overwrite a file that is there")
    )
    @click.option(
        "--assumptions",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_tell,
        help=say("列出编造所用的假设", "list what is assumed"),
    )
    def run(terminal: Terminal, people: int, seed: int, region: str, insurance: str,
            years: tuple[int, int], visits: float, lines: bool, output: Path,
            force: bool) -> int:  # fmt: skip
        from tiaowen.dsl.extras import need

        need("numpy", "batch")
        need("pyarrow", "batch")
        from tiaowen.engine.synthetic import Plan

        if not _PROVINCES.fullmatch(region):
            zh, en = "不是六位区划代码，如 131000", "is no division of six digits, such as 131000"
            raise click.UsageError(say(f"“{region}”{zh}", f"“{region}” {en}"))
        if not force:
            _refuse_replacing(output, lines)
        if not 0 < people <= 2_000_000_000:
            raise click.UsageError(
                say("人数须在 1 至 20亿 之间", "people: from 1 to 2,000,000,000")
            )
        plan = Plan(people, seed, region, insurance, *years, visits=visits, lines=lines,
                    districts=_districts(region))  # fmt: skip
        _write(plan, output, terminal)
        return 0

    return run


def _refuse_replacing(output: Path, lines: bool) -> None:
    """``Rejected`` (TW0702) where a file would be written over that nobody asked to lose."""
    from tiaowen.apps.cli.starting import refuse_overwriting
    from tiaowen.apps.table_files import ending, lines_beside

    beside = [lines_beside(output)] if lines and ending(output) == ".csv" else []
    for path in (output, *beside):
        if path.exists():
            refuse_overwriting(path)


def _tell(context: click.Context, parameter: click.Parameter, asked: bool) -> None:
    """Print the assumptions and leave."""
    if not asked or context.resilient_parsing:
        return
    from tiaowen.apps.choosing import SHIPPED, VOCABULARY
    from tiaowen.apps.programs import load_program
    from tiaowen.engine.synthetic.told import told
    from tiaowen.review.present.layout import painted, wrap

    lang = getattr(context.command, "say", Say("zh")).lang
    vocabulary = load_program(SHIPPED / VOCABULARY)
    kinds = {field.code: vocabulary.enums.get(field.type.name) for field in _fields(vocabulary)}

    def name(field: str, code: str) -> str:
        """The label of ``code``, or of the longest code it begins with."""
        kind = kinds[field]
        known = {c.rstrip("*"): n for n, c in kind.codes.items()} if kind is not None else {}
        found = [known[code[:n]] for n in range(len(code), 0, -1) if code[:n] in known]
        if kind is None or not found:
            return code
        return kind.english.get(found[0], found[0]) if lang == "en" else found[0]

    room = Terminal(lang).width - 2
    for heading, figures in told(lang, name):
        click.echo(heading)
        for line in wrap([(figures, "")], room, room):
            click.echo(f"  {painted(line, False)}")
    context.exit()


def _fields(program: Program) -> list[FieldInfo]:
    """Every field a claim or one of its fee lines can have."""
    lines = (c.fields.values() for c in program.collections.values())
    return [*program.fields.values(), *(field for fields in lines for field in fields)]


def _districts(region: str) -> tuple[str, ...]:
    """The divisions of ``region`` that the vocabulary names."""
    from tiaowen.apps.choosing import SHIPPED, VOCABULARY
    from tiaowen.apps.programs import load_program

    known = load_program(SHIPPED / VOCABULARY).enums["区划"].codes.values()
    whole = (code.rstrip("*") for code in known)
    head = region[:2] if region.endswith("0000") else region[:4]
    return tuple(sorted(c for c in whole if len(c) == 6 and c.startswith(head)))


def _write(plan: Plan, output: Path, terminal: Terminal) -> None:
    from tiaowen.apps.table_files import TableFile
    from tiaowen.engine.synthetic import claims

    started = time.monotonic()
    with TableFile(output) as table:
        for batch in _told(claims(plan), plan.blocks, terminal):
            table.write(batch)
    took = max(time.monotonic() - started, 0.001)
    size = output.stat().st_size / 1e6
    terminal.complain(
        f"{output}：{plan.people:,} 人，{table.rows:,} 次就诊",
        f"{output}: {plan.people:,} people, {table.rows:,} encounters",
    )
    terminal.complain(f"{size:,.1f} MB，{took:.1f} 秒", f"{size:,.1f} MB, {took:.1f} s")


def _told(batches: Iterable[Any], count: int, terminal: Terminal) -> Iterator[Any]:
    """``batches``, with a bar of progress on a terminal."""
    if not sys.stderr.isatty() or count < 3:
        yield from batches
        return
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True, no_color=not terminal.colored(sys.stderr))
    yield from track(batches, terminal.say("编造", "making"), total=count, console=console,
                     transient=True)  # fmt: skip
