"""What one decision costs here, beside the same stay by other means.

Medians of several runs; absolute times vary from machine to machine, ratios less. Every
peer's payment is compared with ours first.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias

from rich.console import Console
from rich.table import Table
from tests.bench.one_stay import hand_written, zen
from tests.bench.stays import stay

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.parser import parse_block
from tiaowen.dsl.source import Source
from tiaowen.engine.compiled import decide_compiled
from tiaowen.engine.decision import Decision, decide
from tiaowen.engine.telling.explain import explain

ROOT = Path(__file__).parent.parent.parent
VOCABULARY = ROOT / "policies" / "vocabulary.tiao"
POLICY = ROOT / "policies" / "langfang" / "resident-2024-draft.md"
RUNS = 7

Action: TypeAlias = Callable[[], Any]
Payment: TypeAlias = Callable[[Any], Any]


def median(action: Callable[[], Any], seconds: float = 0.4) -> float:
    """The median time of ``action``, each run repeated to last long enough to be measured."""
    action()
    begin = time.perf_counter()
    action()
    once = time.perf_counter() - begin
    repeat = max(1, int(seconds / RUNS / max(once, 1e-7)))
    found = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        for _ in range(repeat):
            action()
        found.append((time.perf_counter() - begin) / repeat)
    return statistics.median(found)


def documents() -> list[Any]:
    return [
        read_document(Source(str(p), p.read_text(encoding="utf-8"))) for p in (VOCABULARY, POLICY)
    ]


def shown(seconds: float) -> str:
    return f"{seconds * 1000:.3f} ms" if seconds < 1 else f"{seconds:.2f} s"


def command(*arguments: str) -> Callable[[], None]:
    words = [sys.executable, "-m", "tiaowen", *arguments]

    def run() -> None:
        subprocess.run(words, check=True, cwd=ROOT, capture_output=True)

    return run


def files() -> Table:
    table = Table("from source", "median", title="Policies")
    text = VOCABULARY.read_text(encoding="utf-8")
    source = Source("vocabulary", text)
    rate = len(text.splitlines()) / median(lambda: parse_block(source, 0, len(text)))
    table.add_row("parse rate", f"{rate:,.0f} lines/s")
    table.add_row(
        "check of the Langfang policy, in process",
        shown(median(lambda: compile_policy(documents()))),
    )
    path = str(POLICY.relative_to(ROOT))
    table.add_row("tiaowen check, whole process", shown(median(command("check", path), 0)))
    claim = str((ROOT / "examples" / "langfang-stay.json").relative_to(ROOT))
    table.add_row(
        "tiaowen decide, whole process",
        shown(median(command("decide", "住院", claim, "--policy", path), 0)),
    )
    return table


def decisions() -> Table:
    program = compile_policy(documents()).demand()
    table = Table("one stay", "fee lines", "median", "× hand-written", title="Decisions")
    for lines in (7, 10, 50, 1000):
        paid, _ = hand_written(lines)
        base = median(partial(hand_written, lines))
        for name, action, payment in ways(program, lines):
            if payment(action()) != paid:
                raise SystemExit(
                    f"{name} pays {payment(action())}, not {paid} 分, at {lines} lines"
                )
            taken = median(action)
            table.add_row(name, str(lines), shown(taken), f"{taken / base:.1f}")
        table.add_section()
    return table


def ways(program: Program, lines: int) -> Iterator[tuple[str, Action, Payment]]:
    """Each way of deciding the stay: its name, what runs it, and the payment in its answer."""
    claim = stay(lines)
    yield "hand-written Python, with its words", partial(hand_written, lines), itemgetter(0)
    peer = zen(lines)
    if peer is not None:
        yield "zen rules engine, with its trace", peer, itemgetter(0)
    yield "compiled, with its record", partial(decide_compiled, program, claim), _fund
    yield "compiled, explained", lambda: explain(decide_compiled(program, claim)), _paid
    yield "reference interpreter", partial(decide, program, claim), _fund


def _fund(decision: Decision) -> Any:
    return decision.values["统筹支付"]


def _paid(explanation: Any) -> Any:
    return next(line.value for line in explanation.statement if line.name == "统筹支付")


def shown_on(console: Console) -> None:
    """Measure, and print."""
    console.print(files())
    console.print(decisions())
    if zen(1) is None:
        console.print("zen: not installed (pip install tiaowen\\[bench])")
