"""Print what one decision costs here, beside the same stay by other means.

Medians of several runs; absolute times vary from machine to machine, ratios less. Every
peer's payment is compared with ours first.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.peers import hand_written, zen
from tests.bench.stays import stay
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.parser import parse_block
from tiaowen.dsl.source import Source
from tiaowen.engine.compiled import decide_compiled
from tiaowen.engine.decision import decide
from tiaowen.engine.explain import explain

ROOT = Path(__file__).parent.parent.parent
VOCABULARY = ROOT / "policies" / "vocabulary.tiao"
POLICY = ROOT / "policies" / "langfang" / "resident-2024-draft.md"
RUNS = 7


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
    return [read_document(Source(str(p), p.read_text(encoding="utf-8"))) for p in (VOCABULARY, POLICY)]


def shown(seconds: float) -> str:
    return f"{seconds * 1000:.3f} ms" if seconds < 1 else f"{seconds:.2f} s"


def command(*arguments: str) -> Callable[[], None]:
    words = [sys.executable, "-m", "tiaowen", *arguments]
    return lambda: subprocess.run(words, check=True, cwd=ROOT, capture_output=True) and None


def files() -> Table:
    table = Table("from source", "median", title="Policies")
    text = VOCABULARY.read_text(encoding="utf-8")
    source = Source("vocabulary", text)
    rate = len(text.splitlines()) / median(lambda: parse_block(source, 0, len(text)))
    table.add_row("parse rate", f"{rate:,.0f} lines/s")
    table.add_row("check of the Langfang policy, in process", shown(median(lambda: compile_policy(documents()))))
    path = str(POLICY.relative_to(ROOT))
    table.add_row("tiaowen check, whole process", shown(median(command("check", path), 0)))
    claim = str((ROOT / "examples" / "langfang-stay.json").relative_to(ROOT))
    table.add_row("tiaowen decide, whole process", shown(median(command("decide", "住院", claim, "--policy", path), 0)))
    return table


def decisions() -> Table:
    program = compile_policy(documents()).demand()
    table = Table("one stay", "fee lines", "median", "× hand-written", title="Decisions")
    for lines in (7, 10, 50, 1000):
        claim = stay(lines)
        paid, _ = hand_written(lines)
        base = median(lambda n=lines: hand_written(n))
        rows: list[tuple[str, Callable[[], Any], Callable[[Any], Any]]] = [
            ("hand-written Python, with its words", lambda n=lines: hand_written(n), lambda r: r[0]),
            ("compiled, with its record", lambda c=claim: decide_compiled(program, c), lambda r: r.values["统筹支付"]),
            ("compiled, explained", lambda c=claim: explain(decide_compiled(program, c)), _paid),
            ("reference interpreter", lambda c=claim: decide(program, c), lambda r: r.values["统筹支付"]),
        ]  # fmt: skip
        peer = zen(lines)
        if peer is not None:
            rows.insert(1, ("zen rules engine, with its trace", peer, lambda r: r[0]))
        for name, action, payment in rows:
            if payment(action()) != paid:
                raise SystemExit(f"{name} pays {payment(action())}, not {paid} 分, at {lines} lines")
            taken = median(action)
            table.add_row(name, str(lines), shown(taken), f"{taken / base:.1f}")
        table.add_section()
    return table


def _paid(explanation: Any) -> Any:
    return next(line.value for line in explanation.statement if line.name == "统筹支付")


def main() -> None:
    console = Console()
    console.print(f"Python {sys.version.split()[0]}, medians of {RUNS} runs")
    console.print(files())
    console.print(decisions())
    if zen(1) is None:
        console.print("zen: not installed (pip install tiaowen\\[bench])")


if __name__ == "__main__":
    main()
