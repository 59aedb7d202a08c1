"""``tiaowen reconcile``: a hospital's figures against the policy's, and what explains them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from tiaowen.apps.cli.options import claim_options, format_option, output_option
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.apps.cli.deciding import Given
    from tiaowen.compiler.core import Program
    from tiaowen.review.reconciliation.records import Charged, Reconciliation

FORMATS = ("text", "json", "markdown", "html")


@frozen
class Wanted:
    """What the options ask for beyond what a claim is decided by."""

    charged: str
    earlier_params: tuple[str, ...]
    earlier_versions: tuple[str, ...]
    pairs: bool
    budget: int
    form: str
    output: Path | None


def reconcile(say: Say) -> click.Command:
    """The command ``reconcile``."""

    @command(say, "reconcile", say(
        "把医院收取的结算数字与政策逐行核对，并找出恰好得出这些数字的原因：一两处事实有误、"
        "另一种口径、旧参数、旧版政策、漏用的规则、漏看的既往。",
        "Compare the figures a hospital charged with the policy's, line by line, and find what "
        "gives exactly these figures: one or two wrong facts, another reading, an old parameter, "
        "an earlier version, a rule passed over, an earlier stay missed."))  # fmt: skip
    @click.argument("named", nargs=-1, required=True,
                    metavar=say("[事项] 数据.json", "[MATTER] CLAIM.json"))  # fmt: skip
    @click.option("--charged", metavar=say("文件", "FILE"),
                  help=say("医院的结算单（JSON，或 decide --format json 的输出）",
                           "the charged settlement (JSON, or what decide --format json wrote)"),
                  )  # fmt: skip
    @claim_options(say)
    @click.option("--earlier-params", multiple=True, metavar=say("文件", "FILE"),
                  help=say("以前的参数文件，可多次",
                           "a file of earlier parameters, may be repeated"))  # fmt: skip
    @click.option("--earlier-version", "earlier_versions", multiple=True,
                  metavar=say("文件", "FILE"),
                  help=say("政策的旧版，可多次",
                           "an earlier version of the policy, may be repeated"))  # fmt: skip
    @click.option("--pairs", is_flag=True,
                  help=say("有单独的原因时也找两处一起的",
                           "look for two causes together even where one is enough"))  # fmt: skip
    @click.option("--budget", type=int, default=20_000, metavar=say("次数", "N"),
                  help=say("最多结算多少次（默认20000）",
                           "decisions the search may make (default 20000)"))  # fmt: skip
    @format_option(say, FORMATS)
    @output_option(say)
    def run(terminal: Terminal, named: tuple[str, ...], **options: Any) -> int:
        if len(named) > 2:
            raise click.UsageError(say("多出的参数：", "arguments that are too many: ")
                                   + " ".join(named[2:]))  # fmt: skip
        if options["charged"] is None:
            raise click.UsageError(say("缺少 --charged", "--charged is missing"))
        if options["budget"] < 1:
            raise click.UsageError(say("--budget 至少为 1", "--budget must be at least 1"))
        keys = ("policy", "readings", "params", "history", "on")
        asked = {key: options.pop(key) for key in keys}
        matter = named[0] if len(named) == 2 else ""
        return _run(terminal, _given(matter, named[-1], asked), Wanted(**options))

    return run


def _given(matter: str, claim: str, asked: dict[str, Any]) -> Given:
    """The claim with all it is decided by; without a matter the claim names it."""
    from tiaowen.apps.cli.deciding import Asked, read

    return read(Asked(matter=matter, claim=claim, every_reading=None, form="text", why_not=False,
                      lines=False, mask=False, output=None, **asked))  # fmt: skip


def _run(terminal: Terminal, given: Given, wanted: Wanted) -> int:
    from tiaowen.apps.cli import BAD_INPUT, FINDINGS, FINE
    from tiaowen.apps.cli.deciding import exit_code

    found = _reconciled(terminal, given, wanted)
    terminal.deliver(_rendered(found, wanted, terminal), wanted.output)
    problems = found.decision.problems
    if problems:
        terminal.report(problems, sys.stderr)
        return FINDINGS if exit_code(problems) != BAD_INPUT else BAD_INPUT
    return FINE if found.agrees else FINDINGS


def _reconciled(terminal: Terminal, given: Given, wanted: Wanted) -> Reconciliation:
    from tiaowen.apps.files import read_text
    from tiaowen.engine.parameters import merge, read_parameter_file
    from tiaowen.review.reconciliation import reconcile

    program, matter = given.program, given.claim.matter
    charged = _charged(wanted.charged, program, matter)
    figures = []
    for name in wanted.earlier_params:
        file = read_parameter_file(read_text(name), name, program)
        figures.append((file.source, merge([file])))
    watch = _Watch(terminal) if sys.stderr.isatty() else None
    try:
        return reconcile(
            program, given.claim, charged, given.items, readings=given.readings,
            parameters=given.parameters, in_force=given.in_force, earlier_figures=figures,
            earlier_versions=_versions(wanted.earlier_versions, program, matter),
            budget=wanted.budget, pairs=wanted.pairs, progress=watch,
        )  # fmt: skip
    finally:
        if watch is not None:
            watch.clear()


def _charged(name: str, program: Program, matter: str) -> Charged:
    from tiaowen.apps.cli.deciding import input_bytes
    from tiaowen.dsl.diagnostics import Rejected
    from tiaowen.engine.claims.both_names import both_names
    from tiaowen.engine.claims.json_text import read_json
    from tiaowen.review.reconciliation import read_charged

    try:
        data = read_json(input_bytes(name), name)
    except Rejected as rejected:
        raise both_names(rejected, program) from None
    return read_charged(data, program, matter, name)


def _versions(paths: Sequence[str], program: Program, matter: str) -> list[tuple[str, Program]]:
    """The earlier versions that are named, and those of the package: policies of the same
    region and insurance with this matter and another text."""
    from tiaowen.apps.choosing import shipped
    from tiaowen.apps.programs import load_program
    from tiaowen.dsl.diagnostics import Rejected, diagnose

    found: list[tuple[str, Program]] = []
    for path in paths:
        version = load_program(path)
        if matter not in version.matters:
            raise Rejected([diagnose("TW1042", policy=path, matter=matter)])
        found.append((path, version))
    own = program.identity
    for policy in shipped():
        front = policy.front
        if front.region == own.region and set(front.insurance) & set(own.insurance):
            version = load_program(policy.path)
            if matter in version.matters:
                found.append((str(policy.path), version))
    others = {version.identity.digest: (path, version) for path, version in reversed(found)}
    return [entry for digest, entry in others.items() if digest != own.digest]


def _rendered(found: Reconciliation, wanted: Wanted, terminal: Terminal) -> str:
    if wanted.form == "json":
        from tiaowen.review.present.reconciliation_data import reconciliation_data

        return json.dumps(reconciliation_data(found), ensure_ascii=False, indent=2)
    from tiaowen.apps.cli.pages import rendered
    from tiaowen.review.present.reconciliation import reconciliation_page

    page = reconciliation_page(found, terminal.lang)
    return rendered(page, wanted.form, terminal, wanted.output)


class _Watch:
    """How far the search is, on one line of a terminal's standard error."""

    def __init__(self, terminal: Terminal) -> None:
        self.say: Callable[[str, str], str] = terminal.say
        self.told = -1

    def __call__(self, done: int, budget: int) -> None:
        if done // 500 == self.told:
            return
        self.told = done // 500
        text = self.say(f"核对：已结算{done}次", f"reconciling: {done} decisions")
        sys.stderr.write(f"\r{text}")
        sys.stderr.flush()

    def clear(self) -> None:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
