"""``tiaowen decide``: one claim, decided and explained."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import click
from attrs import frozen

from tiaowen.apps.cli.options import claim_options, format_option, shown_options
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import OneOf, command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program
    from tiaowen.dsl.diagnostics import Diagnostic
    from tiaowen.engine.decision import Decision
    from tiaowen.engine.frames import Claim, ParameterValue
    from tiaowen.engine.history.earlier import HistoryItem
    from tiaowen.engine.history.person import InForce, PersonDecision
    from tiaowen.engine.telling.explanation import Explanation
    from tiaowen.review.present.build import Lines
    from tiaowen.review.present.mask import Mask


class _Shown(TypedDict):
    """What every renderer of a decision takes alike."""

    why_not: bool
    lines: Lines
    claim: Claim
    program: Program


FORMATS = ("text", "json", "markdown", "html")


@frozen
class Asked:
    """What the options of ``decide`` ask for."""

    matter: str
    claim: str
    policy: str | None
    readings: tuple[str, ...]
    every_reading: str | None
    params: tuple[str, ...]
    history: str | None
    on: date | None
    form: str
    why_not: bool
    lines: bool
    mask: bool
    output: Path | None


@frozen
class Given:
    """All that a decision is made from."""

    program: Program
    claim: Claim
    items: Sequence[HistoryItem]
    readings: dict[str, str]
    parameters: dict[str, ParameterValue]
    in_force: InForce | None
    """Which version decides an earlier claim; None where the policy was named: then it does."""


@frozen
class Made:
    """A decision with all that went into it."""

    program: Program
    person: PersonDecision
    items: Sequence[HistoryItem]
    readings: dict[str, str]
    parameters: dict[str, ParameterValue]

    @property
    def decision(self) -> Decision:
        return self.person.decision


def decide(say: Say) -> click.Command:
    """The command ``decide``."""

    @command(say, "decide", say(
        "结算一份数据（JSON 文件，- 为标准输入），并逐步说明依据。"
        "不指明政策时，按参保地、险种和日期选用随附的政策。",
        "Decide a claim (a JSON file, - for standard input) and explain every step. Without "
        "--policy, one of the policies that came with the package is chosen by the place and "
        "kind of insurance and the date."))  # fmt: skip
    @click.argument("matter", metavar=say("事项", "MATTER"))
    @click.argument("claim", metavar=say("数据.json", "CLAIM.json"))
    @claim_options(say)
    @click.option(
        "--readings",
        "every_reading",
        type=OneOf(say, ("all",)),
        metavar="all",
        help=say("比较各种口径下的结果", "compare the results under every reading"),
    )
    @format_option(say, FORMATS)
    @shown_options(say)
    @click.option(
        "--store",
        metavar=say("库", "STORE"),
        help=say(
            "存入：文件、sqlite:///…、postgresql://… 或 default（存入的不遮去标识）",
            "keep it, unmasked: a file, sqlite:///…, postgresql://… or default",
        ),
    )
    def run(terminal: Terminal, store: str | None, **options: Any) -> int:
        asked = Asked(**options)
        if asked.every_reading and store is not None:
            raise click.UsageError(
                say("--store 存入一份结算，不能与 --readings all 同用",
                    "--store keeps one decision: it does not go with --readings all"))  # fmt: skip
        if asked.every_reading:
            from tiaowen.apps.cli.comparing_readings import compare

            return compare(asked, terminal)
        made = make(asked)
        if store is not None:
            keep(made, store, terminal)
        text, problems = rendered(made, asked, terminal)
        terminal.deliver(text, asked.output)
        return conclude(made, asked, problems, terminal)

    return run


def make(asked: Asked, raw: bytes | None = None) -> Made:
    """Read everything and decide. ``Rejected`` where something cannot be used."""
    from tiaowen.engine.history.person import decide_person

    given = read(asked, raw)
    person = decide_person(given.program, given.claim, given.items, readings=given.readings,
                           parameters=given.parameters, in_force=given.in_force)  # fmt: skip
    return Made(given.program, person, given.items, given.readings, given.parameters)


def read(asked: Asked, raw: bytes | None = None) -> Given:
    """Read everything that is named; ``raw`` is the claim where it was read before. ``Rejected``
    where something cannot be used."""
    from tiaowen.apps.choosing import check_in_force, choose, day_of, place_of, version_then
    from tiaowen.apps.programs import load_program
    from tiaowen.dsl.diagnostics import Rejected
    from tiaowen.engine.claims.both_names import both_names
    from tiaowen.engine.claims.json_text import read_json
    from tiaowen.engine.claims.reading import read_claim

    try:
        data = read_json(input_bytes(asked.claim) if raw is None else raw, asked.claim)
    except Rejected as rejected:
        if asked.policy is None:
            raise
        raise both_names(rejected, load_program(asked.policy)) from None
    program = load_program(asked.policy or choose(data, asked.on))
    claim = read_claim(data, program, asked.matter)
    day = asked.on or day_of(claim, program)
    check_in_force(program, day)
    readings = _readings(asked.readings, program)
    parameters = _parameters(asked.params, program, day, place_of(claim, program))
    items = _history(asked.history, program)
    in_force = None if asked.policy else version_then(program)
    return Given(program, claim, items, readings, parameters, in_force)


def input_bytes(name: str) -> bytes:
    """The bytes of the file ``name``, or of standard input for ``-``."""
    from tiaowen.engine.claims.json_text import MOST_BYTES

    if name == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    from tiaowen.apps.files import read_bytes

    return read_bytes(name, most=MOST_BYTES)


def _readings(given: Sequence[str], program: Program) -> dict[str, str]:
    if not given:
        return {}
    from tiaowen.engine.readings import read_readings

    return read_readings(given, program)


def _parameters(names: Sequence[str], program: Program, day: date | None,
                place: str | None) -> dict[str, ParameterValue]:  # fmt: skip
    if not names:
        return {}
    from tiaowen.apps.files import read_text
    from tiaowen.engine.parameters import merge, read_parameter_file

    files = [read_parameter_file(read_text(name), name, program) for name in names]
    return merge(files, day, place)


def _history(name: str | None, program: Program) -> Sequence[HistoryItem]:
    if name is None:
        return ()
    from tiaowen.engine.claims.json_text import read_json
    from tiaowen.engine.history.data import read_history

    return read_history(read_json(input_bytes(name), name), program)


# --- what is shown


def rendered(made: Made, asked: Asked, terminal: Terminal) -> tuple[str, Sequence[Diagnostic]]:
    """The decision in the format asked for, and its problems as they may be shown."""
    import tiaowen
    from tiaowen.engine.telling.explain import explain

    decision = made.decision
    explanation = explain(decision, engine=tiaowen.__version__, why_not=asked.why_not)
    claim, problems = decision.frame.claim, decision.problems
    if asked.form == "json":
        return _json(made, explanation, asked.mask)
    if asked.mask:
        from tiaowen.review.present.mask import shown_masked

        explanation, shown, problems = shown_masked(explanation, claim, problems, made.program)
        claim = shown or claim
    lines: Lines = "all" if asked.lines else "table"
    shared: _Shown = {"why_not": asked.why_not, "lines": lines, "claim": claim,
                      "program": made.program}  # fmt: skip
    lang = terminal.lang
    if asked.form == "text":
        from tiaowen.review.present.text import render_text

        colored = terminal.colored(sys.stdout) and asked.output is None
        return render_text(explanation, problems, lang, colored, terminal.width, **shared), problems
    if asked.form == "markdown":
        from tiaowen.review.present.markdown import render_markdown

        return render_markdown(explanation, problems, lang, **shared), problems
    from tiaowen.review.present.html import render_html

    return render_html(explanation, problems, lang, **shared), problems


def _json(made: Made, explanation: Explanation, mask: bool) -> tuple[str, Sequence[Diagnostic]]:
    """The decision file; a masked one reads well but cannot be replayed."""
    from tiaowen.review.present.mask import Mask

    hidden = Mask.of(made.program) if mask else None
    data = decision_file(made, explanation, hidden)
    problems = made.decision.problems
    if hidden is not None:
        data["masked"], problems = True, hidden.problems(problems)
    return json.dumps(data, ensure_ascii=False, indent=2), problems


def decision_file(made: Made, explanation: Explanation,
                  hidden: Mask | None = None) -> dict[str, Any]:  # fmt: skip
    """The decision with all inputs, under the mask ``hidden`` where one is given."""
    from tiaowen.engine.claims.reading import claim_data
    from tiaowen.engine.history.data import history_data
    from tiaowen.engine.telling.as_json import decision_data

    problems = made.decision.problems
    claim: Any = claim_data(made.decision.frame.claim, made.program)
    history: Any = history_data(made.items, made.program)
    if hidden is not None:
        claim, history = hidden.data(claim), hidden.data(history)
        explanation = hidden.explanation(explanation)
    return decision_data(explanation, claim=claim, history=history, readings=made.readings,
                         parameters=made.parameters, problems=problems)  # fmt: skip


def keep(made: Made, named: str, terminal: Terminal) -> None:
    """Keep the decision in the store ``named``, and say on standard error as what."""
    import tiaowen
    from tiaowen.engine.stops import NOT_PROVIDED
    from tiaowen.engine.telling.explain import explain
    from tiaowen.review.store import open_store

    if any(problem.code not in NOT_PROVIDED for problem in made.decision.problems):
        terminal.complain("数据不全，没有决定，未存入", "not decided for lack of data, so not kept")
        return
    explanation = explain(made.decision, engine=tiaowen.__version__)
    with open_store(named, create=True) as store:
        entry = store.append(decision_file(made, explanation))
    terminal.complain(
        f"已存入：第{entry.number}份 {entry.id}", f"kept as no. {entry.number} {entry.id}"
    )


# --- what is said beside the result


def conclude(made: Made, asked: Asked, problems: Sequence[Diagnostic], terminal: Terminal) -> int:
    """Say on standard error what the result does not, and give the exit code."""
    for item, reasons in made.person.undecided:
        which = item.claim.matter
        terminal.complain(
            f"既往的一次{which}不能结算，不计支付和次数：",
            f"an earlier {which} could not be decided; it counts nothing:",
        )
        terminal.report(reasons)
    if problems and (asked.form != "text" or asked.output is not None):
        terminal.report(problems)
    return exit_code(problems)


def exit_code(problems: Sequence[Diagnostic]) -> int:
    """The exit code of a decision with ``problems``."""
    from tiaowen.apps.cli import BAD_INPUT, FINDINGS, FINE

    if not problems:
        return FINE
    from tiaowen.engine.stops import NOT_PROVIDED

    return FINDINGS if all(p.code in NOT_PROVIDED for p in problems) else BAD_INPUT
