"""``tiaowen check`` and ``tiaowen cases``: what is wrong with policies."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiaowen.apps.cli.options import format_option
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import command
from tiaowen.apps.cli.words import Say
from tiaowen.apps.files import SUFFIXES, load, policy_files
from tiaowen.dsl.diagnostics import Diagnostic, Rejected

if TYPE_CHECKING:
    from tiaowen.compiler.checks.solved import Judgement
    from tiaowen.review.cases import CaseResult

POLL_SECONDS = 0.4
FILE_CODES = frozenset(("TW0701", "TW0702", "TW0107", "TW0108"))
"""Codes that say a file cannot be used at all: bad input rather than a finding."""


def check(say: Say) -> click.Command:
    """The command ``check``."""

    @command(say, "check", say(
        "检查政策：文本、名称、单位、规则之间、条文与规则。目录下的所有政策和 .tiao 文件都查。",
        "Check policies: text, names, units, rules against rules, rules against the text. "
        "Below a folder every policy and .tiao file is checked."))  # fmt: skip
    @click.argument("paths", nargs=-1, required=True, metavar=say("文件或目录…", "PATH…"))
    @format_option(say, ("text", "json", "sarif"))
    @click.option(
        "--watch", is_flag=True, help=say("文件一有改动就再查", "check again on every change")
    )
    @click.option(
        "--solver",
        is_flag=True,
        help=say(
            "检查判断不了的定义和表格，交给求解器（附加组件 proof）",
            "ask the solver (the extra proof) about definitions and tables that the checks "
            "cannot judge",
        ),
    )
    def run(
        terminal: Terminal, paths: tuple[str, ...], form: str, watch: bool, solver: bool
    ) -> int:
        def once() -> int:
            found, refused = _findings(paths)
            answers = _solved(paths, found) if solver and not _code(found, refused) else None
            _show(found, form, terminal)
            if answers is not None and form == "text":
                _tell(answers, terminal)
            return _code(found, refused)

        return _watch(once, paths, terminal) if watch else once()

    return run


def cases(say: Say) -> click.Command:
    """The command ``cases``."""

    @command(say, "cases", say("演算政策里的案例，得数须与手算一致。",
                               "Run the worked cases of policies; the rules must give what was "
                               "computed by hand."))  # fmt: skip
    @click.argument("paths", nargs=-1, required=True, metavar=say("文件或目录…", "PATH…"))
    @click.option(
        "--match",
        default="",
        metavar=say("文字", "TEXT"),
        help=say("只算名称含此文字的案例", "only cases whose name contains this"),
    )
    @click.option(
        "--watch", is_flag=True, help=say("文件一有改动就再算", "run again on every change")
    )
    def run(terminal: Terminal, paths: tuple[str, ...], match: str, watch: bool) -> int:
        def once() -> int:
            return _run_cases(paths, match, terminal)

        return _watch(once, paths, terminal) if watch else once()

    return run


# --- check


def _findings(paths: Iterable[str]) -> tuple[list[Diagnostic], bool]:
    """Everything found in the policies, each finding once, and whether a file was refused.

    A vocabulary is reported where it is used first, not again with every policy that uses it.
    """
    found: list[Diagnostic] = []
    seen: set[object] = set()
    refused = False
    for path in policy_files(paths):
        try:
            diagnostics: Sequence[Diagnostic] = load(path).diagnostics
        except Rejected as rejected:
            diagnostics = rejected.diagnostics
            refused = refused or any(
                d.code in FILE_CODES and not d.labels[1:] and _unplaced(d) for d in diagnostics
            )
        for diagnostic in diagnostics:
            key = _identity(diagnostic)
            if key not in seen:
                seen.add(key)
                found.append(diagnostic)
    return found, refused


def _solved(paths: Iterable[str], found: list[Diagnostic]) -> list[Judgement]:
    """The solver's answers to all that the checks left open; its findings join ``found``."""
    from tiaowen.compiler.checks.solved import solved
    from tiaowen.compiler.solver import available
    from tiaowen.dsl.diagnostics import diagnose

    if not available():
        found.append(diagnose("TW0703", module="z3-solver", extra="proof"))
        return []
    answers = [j for path in policy_files(paths) for j in solved(load(path).demand())]
    found += [answer.finding for answer in answers if answer.finding is not None]
    return answers


def _tell(answers: Sequence[Judgement], terminal: Terminal) -> None:
    """How many of the questions the solver answered, and what that takes for granted."""
    proved = sum(answer.proved for answer in answers)
    shown = sum(answer.finding is not None for answer in answers)
    left = len(answers) - proved - shown
    if answers:
        terminal.line(
            f"求解器：检查判断不了的{len(answers)}处，{proved}处证明没有问题，{shown}处有反例，"
            f"{left}处没有结论",
            f"solver: of {len(answers)} left open by the checks {proved} proved in order, "
            f"{shown} shown on a claim, {left} undecided",
        )
    assumed = list(dict.fromkeys(name for a in answers for name in a.assumptions))
    if assumed:
        names = "、".join(name.removeprefix("部分 ") for name in assumed)
        terminal.line(f"  前提：整份申报是一个部分（{names}）",
                      f"  given: the claim is one part ({', '.join(assumed)})")  # fmt: skip


def _unplaced(diagnostic: Diagnostic) -> bool:
    """Whether a finding is about a file as a whole rather than a place in one."""
    span = diagnostic.span
    return span is None or not span.source.text


def _identity(diagnostic: Diagnostic) -> object:
    span = diagnostic.span
    if span is None:
        return object()
    place = (Path(span.source.name).resolve(), span.start, span.end)
    return (diagnostic.code, place, str(sorted((k, str(v)) for k, v in diagnostic.args.items())))


def _show(found: list[Diagnostic], form: str, terminal: Terminal) -> None:
    from tiaowen import __version__
    from tiaowen.dsl.render import render_json, render_sarif, summary

    if form == "text":
        terminal.report(found, sys.stdout)
        blank = "\n" if found else ""
        terminal.write(f"{blank}{summary(found, terminal.lang)}\n")
        return
    data = (
        render_json(found, terminal.lang)
        if form == "json"
        else render_sarif(found, terminal.lang, __version__)
    )
    terminal.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def _code(found: Iterable[Diagnostic], refused: bool) -> int:
    from tiaowen.apps.cli import BAD_INPUT, FINDINGS, FINE
    from tiaowen.dsl.render import has_errors

    if refused:
        return BAD_INPUT
    return FINDINGS if has_errors(found) else FINE


# --- cases


def _run_cases(paths: Iterable[str], match: str, terminal: Terminal) -> int:
    from tiaowen.dsl.render import has_errors
    from tiaowen.review.cases import run_cases

    results: list[CaseResult] = []
    found: list[Diagnostic] = []
    refused = False
    for path in policy_files(paths):
        try:
            compilation = load(path)
            if path.suffix == ".tiao" and not compilation.cases and not has_errors(
                    compilation.diagnostics):  # fmt: skip
                continue
            results += [r for r in run_cases(compilation) if match in r.name]
        except Rejected as rejected:
            found += rejected.diagnostics
            refused = refused or any(d.code in FILE_CODES for d in rejected.diagnostics)
    found += [d for result in results for d in result.diagnostics]
    terminal.report(found, sys.stdout)
    _summary(results, found, terminal)
    return _code(found, refused)


def _summary(
    results: Sequence[CaseResult], found: Sequence[Diagnostic], terminal: Terminal
) -> None:
    failed = sum(not result.holds for result in results)
    blank = "\n" if found else ""
    holding = len(results) - failed
    if failed:
        terminal.line(f"{blank}{len(results)}个案例：{holding}个相符，{failed}个不符",
                      f"{blank}{_cases(len(results))}: {holding} hold, {failed} "
                      f"{'fails' if failed == 1 else 'fail'}")  # fmt: skip
    elif results or not found:
        terminal.line(
            f"{blank}{len(results)}个案例，全部相符" if results else "没有案例",
            f"{blank}{_cases(len(results))}, all hold" if results else "no cases",
        )


def _cases(number: int) -> str:
    return f"{number} case" if number == 1 else f"{number} cases"


# --- watching


def _watch(once: Callable[[], int], paths: Sequence[str], terminal: Terminal) -> int:
    """Run ``once`` now and whenever a file changes, until Ctrl-C; the code of the last run."""
    code = 0
    seen: dict[Path, float] | None = None
    try:
        while True:
            now = dict(_times(paths))
            if now != seen:
                if seen is not None or sys.stdout.isatty():
                    terminal.write("\033[2J\033[H" if terminal.colored(sys.stdout) else "\n")
                seen = now
                code = _guarded(once, terminal)
                terminal.line("等待改动，按 Ctrl-C 结束", "waiting for changes, Ctrl-C to leave")
                sys.stdout.flush()
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        terminal.write("\n")
        return code


def _guarded(once: Callable[[], int], terminal: Terminal) -> int:
    from tiaowen.apps.cli import BAD_INPUT

    try:
        return once()
    except Rejected as rejected:
        terminal.report(rejected.diagnostics, sys.stdout)
        return BAD_INPUT


def _times(paths: Sequence[str]) -> Iterator[tuple[Path, float]]:
    """Every policy file below the folders of ``paths``, and below the folder above a file: what
    it uses usually stands there."""
    for path in map(Path, paths):
        top = path if path.is_dir() else path.parent.resolve().parent
        pattern = "**/*" if path.is_dir() else "*/*"
        below = (file for file in top.glob(pattern) if file.suffix in SUFFIXES)
        for file in {path, *below, *top.glob("*.tiao")}:
            try:
                yield file, file.stat().st_mtime
            except OSError:
                yield file, 0.0
