"""``tiaowen show``, ``schema`` and ``explain-code``: what a policy asks, and what a code means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiaowen.apps.cli.options import output_option
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.compiler.core import Matter, Program, Rule
    from tiaowen.dsl.frontmatter import FrontMatter


def schema(say: Say) -> click.Command:
    """The command ``schema``."""

    @command(
        say,
        "schema",
        say(
            "一个事项的数据和结果的 JSON Schema。",
            "The JSON Schema of the claims and results of a matter.",
        ),
    )
    @click.argument("path", metavar=say("政策文件", "PATH"))
    @click.argument("matter", metavar=say("事项", "MATTER"))
    @output_option(say)
    def run(terminal: Terminal, path: str, matter: str, output: Path | None) -> int:
        from tiaowen.apps.programs import load_program
        from tiaowen.engine.claims.schema import schema as made

        program = load_program(path)
        _known(matter, program)
        text = json.dumps(made(program, matter), ensure_ascii=False, indent=2)
        terminal.deliver(text, output)
        return 0

    return run


def _known(matter: str, program: Program) -> None:
    """Refuse a matter that the policy does not declare."""
    from tiaowen.compiler.spelling import nearest
    from tiaowen.dsl.diagnostics import Rejected, diagnose

    if matter not in program.matters:
        known = list(program.matters)
        raise Rejected(
            [diagnose("TW0208", name=matter, nearest=nearest(matter, known), matters=known)]
        )


def explain_code(say: Say) -> click.Command:
    """The command ``explain-code``."""

    @command(
        say,
        "explain-code",
        say(
            "一个诊断代码的说明，附错误的和改正的写法。",
            "The page of a diagnostic code, with a wrong and a mended example.",
        ),
    )
    @click.argument("code", metavar=say("代码", "CODE"))
    def run(terminal: Terminal, code: str) -> int:
        from tiaowen.dsl.catalogue import codes
        from tiaowen.dsl.catalogue.pages import page

        known = codes()
        wanted = code.strip().upper()
        if wanted not in known:
            from difflib import get_close_matches

            near = get_close_matches(wanted, known, n=1, cutoff=0.5)
            hint = say(f"，是否为 {near[0]}", f", did you mean {near[0]}") if near else ""
            raise click.UsageError(
                say(f"没有代码“{code}”{hint}", f"there is no code “{code}”{hint}")
            )
        terminal.write(page(wanted, terminal.lang))
        return 0

    return run


def show(say: Say) -> click.Command:
    """The command ``show``."""

    @command(say, "show", say(
        "政策的事项和输出、留待另行规定的参数、可选的口径。给目录时列出各政策的施行期。",
        "The matters of a policy with their outputs, the parameters it leaves open and its "
        "readings. For a folder, the policies in it and when they are in force."))  # fmt: skip
    @click.argument("paths", nargs=-1, required=True, metavar=say("文件或目录…", "PATH…"))
    def run(terminal: Terminal, paths: tuple[str, ...]) -> int:
        from tiaowen.apps.programs import load_program

        blocks = []
        for path in paths:
            if Path(path).is_dir():
                blocks.append(list(_versions(Path(path), say)))
            else:
                blocks.append(list(_policy(load_program(path), say)))
        terminal.write("\n\n".join("\n".join(block) for block in blocks) + "\n")
        return 0

    return run


# --- a folder


def _versions(folder: Path, say: Say) -> Iterator[str]:
    """Every policy below ``folder`` by region, then by the day it begins."""
    from tiaowen.apps.choosing import shipped

    rows = [
        (
            say("地区", "region"),
            say("险种", "insurance"),
            say("施行", "in force"),
            say("政策", "policy"),
            say("文件", "file"),
        )
    ]
    found = sorted(shipped(folder), key=lambda p: (p.front.region, str(p.front.in_force or "9")))
    rows += [
        (
            p.front.region,
            say("、", ", ").join(p.front.insurance),
            _period(p.front, say),
            p.front.title,
            str(p.path),
        )
        for p in found
    ]
    if not found:
        yield say(f"{folder} 里没有政策", f"there is no policy in {folder}")
        return
    yield from _aligned(rows)


def _period(front: FrontMatter, say: Say) -> str:
    return _since(front.in_force, front.expires, say)


def _since(since: object, until: object, say: Say) -> str:
    if since is None:
        return say("草案，未施行", "draft, not in force")
    return say(
        f"{since}起" + (f"至{until}" if until else ""),
        f"from {since}" + (f" to {until}" if until else ""),
    )


# --- a policy


def _policy(program: Program, say: Say) -> Iterator[str]:
    identity = program.identity
    number = f"  {identity.document_number}" if identity.document_number else ""
    yield f"{identity.title}{number}"
    facts = [
        (say("地区", "region"), identity.region),
        (say("险种", "insurance"), say("、", ", ").join(identity.insurance)),
        (say("施行", "in force"), _since(identity.in_force, identity.expires, say)),
        (say("摘要", "digest"), identity.digest[:16]),
    ]
    yield from _aligned([("  " + name, value) for name, value in facts if value])
    yield from _matters(program, say)
    yield from _parameters(program, say)
    yield from _readings(program, say)


def _matters(program: Program, say: Say) -> Iterator[str]:
    yield ""
    yield say("事项", "matters")
    for matter in program.matters.values():
        yield "  " + _called(matter.name, program, say) + _of(matter, say)
        rows = [
            ("    " + say(o.name, o.english), o.code, o.type.label(say.lang))
            for o in matter.outputs
            if o.node is not None
        ]
        yield from _aligned(rows)


def _of(matter: Matter, say: Say) -> str:
    about = (
        say(
            f"  {matter.interface}，关于{matter.subject}",
            f"  {matter.interface}, about {matter.subject}",
        )
        if matter.interface
        else ""
    )
    return about + (f"  〔{matter.rule.article}〕" if matter.rule and matter.rule.article else "")


def _parameters(program: Program, say: Say) -> Iterator[str]:
    if not program.parameters:
        return
    yield ""
    yield say("参数（另行规定）", "parameters (left to other documents)")
    rows = []
    for info in program.parameters.values():
        keys = say("、", ", ").join(info.keys)
        by = say(f"，可按 {keys}", f", may go by {keys}") if keys else ""
        rows.append(
            (
                "  " + _called(info.name, program, say),
                info.type.label(say.lang) + by,
                _cited(info.rule, f"“{info.delegation}”"),
            )
        )
    yield from _aligned(rows)


def _readings(program: Program, say: Say) -> Iterator[str]:
    if not program.readings:
        return
    yield ""
    yield say("口径", "readings")
    rows = []
    for info in program.readings.values():
        default = say("（默认）", " (default)")
        choices = " | ".join(c + (default if c == info.default else "") for c in info.choices)
        rows.append(
            (
                "  " + _labelled(info.name, info.english, say),
                choices,
                _cited(info.rule, ""),
            )
        )
    yield from _aligned(rows)


def _cited(rule: Rule, words: str) -> str:
    article = f"〔{rule.article}〕" if rule.article else ""
    return f"{article}{words}"


def _called(name: str, program: Program, say: Say) -> str:
    return _labelled(name, program.labels.get(name, ""), say)


def _labelled(name: str, label: str, say: Say) -> str:
    """A name, with its English label where English is spoken: options are given by the name."""
    return f"{name} ({label})" if say.lang == "en" and label and label != name else name


def _aligned(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Rows as lines, their columns aligned by display width; the last column hangs free."""
    from tiaowen.dsl.render.cells import cells, pad

    table = list(rows)
    widths = [max(cells(row[n]) for row in table) for n in range(len(table[0]) if table else 0)]
    for row in table:
        padded = [pad(text, width) for text, width in zip(row[:-1], widths[:-1], strict=True)]
        yield "  ".join([*padded, row[-1]]).rstrip()
