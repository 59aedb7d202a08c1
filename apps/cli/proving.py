"""``tiaowen prove``: what holds of every claim, and the claims that break what should."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tiaowen.apps.cli.options import format_option, output_option
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program
    from tiaowen.review.proof.deciding import Progress, Tell
    from tiaowen.review.proof.records import Proof

FORMATS = ("text", "json", "markdown", "html")
FINE, BROKEN, NOT_PROVED = 0, 1, 3
"""Exit codes: everything proved; something refuted; nothing refuted but something only searched."""


def prove(say: Say) -> click.Command:
    """The command ``prove``."""

    @command(say, "prove", say(
        "判定政策的性质（“性质”语句和每种结算通用的一组）对所有数据是否成立：求解器证明，或者给出反例；"
        "求解器得不出的改为搜索，并照实标明。退出码：0 全部成立，1 有不成立的，3 没有不成立的，"
        "但有的只搜索过、没有证明。",
        "Decide whether properties hold of every claim, those the policy states and a standard "
        "set for every settlement: proved by the solver or refuted by a claim; what the solver "
        "does not decide is searched, and said to be. Exit code 0: all proved; 1: something is "
        "refuted; 3: nothing is refuted, but something was only searched."))  # fmt: skip
    @click.argument("policy", metavar=say("政策文件", "POLICY"))
    @click.argument("matters", nargs=-1, metavar=say("[事项…]", "[MATTER…]"))
    @click.option("--property", "names", multiple=True, metavar=say("名称", "NAME"),
                  help=say("只判定这一性质，可多次", "only this property, may be repeated"),
                  )  # fmt: skip
    @click.option("--timeout", type=click.FloatRange(0.1, 3600), default=10.0, show_default=True,
                  metavar=say("秒", "SECONDS"),
                  help=say("每个性质给求解器的时间", "time for the solver, for each property"),
                  )  # fmt: skip
    @click.option("--budget", type=click.IntRange(1, 10_000_000), default=6000, show_default=True,
                  metavar=say("份数", "N"),
                  help=say("每个事项搜索的规模", "how far each matter is searched"))  # fmt: skip
    @click.option("--search-only", is_flag=True,
                  help=say("不用求解器，只搜索", "search only, without the solver"))  # fmt: skip
    @format_option(say, FORMATS)
    @output_option(say)
    def run(
        terminal: Terminal,
        policy: str,
        matters: tuple[str, ...],
        form: str,
        output: Path | None,
        **asked: Any,
    ) -> int:
        from tiaowen.apps.programs import load_program
        from tiaowen.apps.proofs import KeptVerdicts
        from tiaowen.review.proof import prove as decide

        program = load_program(policy)
        _check_matters(matters, program)
        tell = _tell(terminal)
        try:
            found = decide(program, matters, tell=tell, kept=KeptVerdicts.of(program), **asked)
        finally:
            if tell is not None:
                sys.stderr.write("\r\033[K")
        terminal.deliver(_rendered(found, program, form, terminal, output), output)
        return exit_code(found)

    return run


def exit_code(found: Proof) -> int:
    """1 where something is refuted, 3 where something was only searched or is proved only under
    an assumption, else 0."""
    from tiaowen.review.proof.records import Proved, Refuted, Searched

    verdicts = [answer.verdict for answer in found.answers]
    if any(isinstance(v, Refuted) for v in verdicts):
        return BROKEN
    open_ = [
        v for v in verdicts if isinstance(v, Searched) or (isinstance(v, Proved) and v.assumed)
    ]
    return NOT_PROVED if open_ else FINE


def _check_matters(matters: tuple[str, ...], program: Program) -> None:
    from tiaowen.compiler.spelling import nearest
    from tiaowen.dsl.diagnostics import Rejected, diagnose

    known = list(program.matters)
    wrong = [
        diagnose("TW0208", place=name, name=name, nearest=nearest(name, known), matters=known)
        for name in matters
        if name not in program.matters
    ]
    if wrong:
        raise Rejected(wrong)


def _rendered(
    found: Proof, program: Program, form: str, terminal: Terminal, output: Path | None
) -> str:
    if form == "json":
        from tiaowen.review.present.proof_data import proof_data

        return json.dumps(proof_data(found, program), ensure_ascii=False, indent=2)
    from tiaowen.apps.cli.pages import rendered
    from tiaowen.compiler.solver import available
    from tiaowen.review.present.proof import proof_page

    page = proof_page(found, program, terminal.lang, available())
    return rendered(page, form, terminal, output)


def _tell(terminal: Terminal) -> Tell | None:
    """A line on the terminal that says how far it is; nothing into a pipe."""
    if not sys.stderr.isatty():
        return None
    last = [0.0]

    def tell(progress: Progress) -> None:
        now = time.monotonic()
        if progress.claims and now - last[0] < 0.2:
            return
        last[0] = now
        doing = progress.name or terminal.say(
            f"搜索 {progress.claims:,} 份", f"searching, {progress.claims:,} claims"
        )
        sys.stderr.write(f"\r\033[K{progress.matter} · {doing}"[: terminal.width * 2])
        sys.stderr.flush()

    return tell
