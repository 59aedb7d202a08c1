"""A decision by a kept policy starts without the compiler, and help without the engine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

DATA = Path(__file__).parent / "data"


def imported(*arguments: str) -> set[str]:
    """Every module that a command line imports."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tiaowen", *arguments],
        capture_output=True, text=True, encoding="utf-8", timeout=120, env=dict(os.environ),
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    return set(re.findall(r"\| +([\w.]+)$", ran.stderr, re.MULTILINE))


def test_a_decision_by_a_kept_policy_needs_no_compiler() -> None:
    asked = ("decide", "住院", str(DATA / "stay.json"), "--policy", str(DATA / "clinic.md"))
    imported(*asked)
    again = imported(*asked)
    heavy = {"yaml", "lark", "markdown_it", "networkx", "rich", "typer", "cn2an", "opencc", "jinja2",
             "chinese_calendar", "tiaowen.dsl.parser", "tiaowen.dsl.tree",
             "tiaowen.compiler.program", "tiaowen.compiler.resolve"}  # fmt: skip
    assert again & heavy == set()
    assert "tiaowen.engine.interpreter" in again


def test_help_needs_neither_compiler_nor_engine() -> None:
    found = imported("--help")
    assert not any(name.startswith(("tiaowen.compiler", "tiaowen.engine")) for name in found)
