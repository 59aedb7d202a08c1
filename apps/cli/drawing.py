"""``tiaowen graph``: how the quantities of a policy depend on one another, as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiaowen.apps.cli.options import output_option
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import OneOf, command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program
    from tiaowen.review.graph_drawing import Trace

FORMATS = ("mermaid", "dot", "svg", "json")


def graph(say: Say) -> click.Command:
    """The command ``graph``."""

    @command(say, "graph", say(
        "画出政策里各量的依赖关系；给出数据时，把这一次走过的路标出来。",
        "Draw how the quantities of a policy depend on one another; with a claim, the path it "
        "took is highlighted."))  # fmt: skip
    @click.argument("path", metavar=say("政策文件", "PATH"))
    @click.option(
        "--format",
        "form",
        type=OneOf(say, FORMATS),
        metavar="|".join(FORMATS),
        help=say(
            "格式（默认随输出文件的扩展名，否则 mermaid）",
            "format (else the output file's extension, else mermaid)",
        ),
    )
    @click.option(
        "--matter",
        "matters",
        multiple=True,
        metavar=say("事项", "MATTER"),
        help=say("只画此事项，可多次", "draw this matter only, may be repeated"),
    )
    @click.option(
        "--of",
        default="",
        metavar=say("量", "QUANTITY"),
        help=say("只画此量和它所依据的", "this quantity and what it rests on"),
    )
    @click.option(
        "--states",
        is_flag=True,
        help=say("每次调整各画一格", "a box for every state of a quantity"),
    )
    @click.option(
        "--claim",
        metavar=say("数据.json", "CLAIM.json"),
        help=say("标出这份数据走过的路", "highlight the path of this claim"),
    )
    @output_option(say)
    def run(terminal: Terminal, path: str, form: str | None, matters: tuple[str, ...], of: str,
            states: bool, claim: str | None, output: Path | None) -> int:  # fmt: skip
        from tiaowen.apps.programs import load_program
        from tiaowen.review.graph_drawing import draw, render

        program = load_program(path)
        traced = None if claim is None else _traced(claim, program, matters, terminal)
        if traced is not None and not matters:
            matters = (traced[1],)
        drawing = draw(
            program,
            matters,
            of=of,
            level="state" if states else "quantity",
            trace=traced and traced[0],
            lang=terminal.lang,
        )
        terminal.deliver(render(drawing, form or _format_of(output), terminal.lang), output)
        return 0

    return run


def _traced(name: str, program: Program, matters: tuple[str, ...],
            terminal: Terminal) -> tuple[Trace, str]:  # fmt: skip
    """The path of a claim, and the matter it is of."""
    from tiaowen.apps.cli.deciding import input_bytes
    from tiaowen.engine.claims.json_text import read_json
    from tiaowen.engine.claims.reading import read_claim
    from tiaowen.review.graph_drawing import trace

    matter = matters[0] if len(matters) == 1 else None
    claim = read_claim(read_json(input_bytes(name), name), program, matter)
    return trace(program, claim, lang=terminal.lang), claim.matter


def _format_of(output: Path | None) -> str:
    suffixes = {".svg": "svg", ".dot": "dot", ".gv": "dot", ".json": "json"}
    return suffixes.get(output.suffix.lower(), "mermaid") if output is not None else "mermaid"
