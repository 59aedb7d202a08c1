"""How a batch tells what it is doing, and what came of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from tiaowen.apps.cli.output import Terminal

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program
    from tiaowen.engine.batch.counting import Counts
    from tiaowen.engine.batch.job import Outcome

LEVEL = "hosp_lv"


@define
class Line:
    """A line of progress: told how many claims have been read, and before, how many there are.
    ``bar`` is None where no terminal shows it."""

    terminal: Terminal
    bar: Any = None
    task: Any = None
    total: int = 0
    began: float = field(factory=time.monotonic)
    first: int | None = None

    def expect(self, total: int) -> None:
        """There are ``total`` claims."""
        self.total = total
        if self.bar is not None:
            self.bar.update(self.task, total=total)

    def __call__(self, count: int) -> None:
        """``count`` claims have been read, those of an earlier run among them."""
        if self.bar is None:
            return
        if self.first is None:
            self.first, self.began = count, time.monotonic()
        rate = int((count - self.first) / max(time.monotonic() - self.began, 0.1))
        of = f"/{self.total:,}" if self.total else ""
        said = self.terminal.say(f"{count:,}{of} 条，每秒 {rate:,}",
                                 f"{count:,}{of} claims, {rate:,}/s")  # fmt: skip
        left = self.total - count
        if rate and left > 0:
            minutes, seconds = divmod(left // rate, 60)
            said += self.terminal.say(f"，还要 {minutes}:{seconds:02d}",
                                      f", {minutes}:{seconds:02d} left")  # fmt: skip
        self.bar.update(self.task, completed=count, said=said)


@contextmanager
def progress_line(terminal: Terminal) -> Iterator[Line]:
    """A line of progress on a terminal, nothing elsewhere: claims read, their rate, time left."""
    if not sys.stderr.isatty():
        yield Line(terminal)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True, no_color=not terminal.colored(sys.stderr))
    text = TextColumn("{task.fields[said]}")
    with Progress(BarColumn(bar_width=20), text, console=console, transient=True) as bar:
        yield Line(terminal, bar, bar.add_task("", said="", total=None))


@frozen
class Names:
    """Matters and levels of hospitals as the summary names them."""

    english: Mapping[str, str]
    levels: Mapping[str, str]

    @classmethod
    def of(cls, program: Program, terminal: Terminal) -> Names:
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


def tell(outcome: Outcome, names: Names, took: float, terminal: Terminal) -> None:
    """The summary of a run."""
    counts = outcome.counts
    for zh, en in _lines(counts, outcome, names):
        terminal.line(zh, en)
    rate = int(counts.read / max(took, 0.001))
    terminal.complain(f"{took:.1f} 秒，每秒 {rate:,} 条", f"{took:.1f} s, {rate:,} claims/s")


def _lines(counts: Counts, outcome: Outcome, names: Names) -> Iterator[tuple[str, str]]:
    yield (
        f"读入 {counts.read:,} 条，结算 {counts.settled:,} 条（{counts.people:,} 人），"
        f"退回 {counts.rejected:,} 条",
        f"{counts.read:,} claims read, {counts.settled:,} settled ({counts.people:,} people), "
        f"{counts.rejected:,} rejected",
    )
    if counts.costless:
        yield (
            f"  其中 {counts.costless:,} 条费用为零，核对明细是否齐全",
            f"  {counts.costless:,} of them cost nothing: see whether their fee lines are there",
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
