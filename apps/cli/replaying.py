"""``tiaowen replay``: a decision made before, decided again."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tiaowen.apps.cli.deciding import input_bytes
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.engine.replaying.replay import Replay


def replay(say: Say) -> click.Command:
    """The command ``replay``."""

    @command(say, "replay", say(
        "按结算文件（decide --format json 所写）里的数据再结算一次，逐步核对。",
        "Decide again what a decision file (written by decide --format json) holds, and compare "
        "step by step."))  # fmt: skip
    @click.argument("decision", metavar=say("结算.json", "DECISION.json"))
    @click.option(
        "--policy",
        metavar=say("文件", "FILE"),
        help=say(
            "政策文件（默认按内容摘要在随附的政策里找）",
            "the policy (else found by its digest among those shipped)",
        ),
    )
    def run(terminal: Terminal, decision: str, policy: str | None) -> int:
        from tiaowen.apps.programs import load_program
        from tiaowen.apps.recorded import find_policy
        from tiaowen.engine.claims.json_text import read_json
        from tiaowen.engine.replaying.replay import replay as replayed

        data = read_json(input_bytes(decision), decision)
        program = load_program(policy or find_policy(data))
        return _told(replayed(data, program), terminal)

    return run


def _told(result: Replay, terminal: Terminal) -> int:
    from tiaowen.apps.cli import FINDINGS, FINE
    from tiaowen.apps.recorded import difference

    if not result.same_policy:
        terminal.line("政策的文字与当时不同", "the text of the policy is not what it was")
    if not result.same_engine:
        terminal.line("引擎的版本与当时不同", "the version of the engine is not what it was")
    if result.difference is None:
        terminal.line("重放相同", "the replay is identical")
        return FINE
    terminal.report([difference(result)], sys.stdout)
    return FINDINGS
