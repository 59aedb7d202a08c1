"""``tiaowen explain``: a claim or a decision made before, explained, or told in a letter."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tiaowen.apps.cli.deciding import Asked, conclude, exit_code, input_bytes, make, rendered
from tiaowen.apps.cli.letter_options import Telling, font_folders, letter_options, only_letters
from tiaowen.apps.cli.options import claim_options, shown_options
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import OneOf, command
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.apps.cli.deciding import Made
    from tiaowen.compiler.core import Program
    from tiaowen.review.kept import Kept
    from tiaowen.review.letters.model import Letter

SHOWN = ("text", "json", "markdown", "html")
LETTERS = ("html", "pdf", "json")
_OF_CLAIMS = {"readings": "--reading", "params": "--params", "history": "--history", "on": "--on"}


def explain(say: Say) -> click.Command:
    """The command ``explain``."""

    @command(say, "explain", say(
        "说明一份数据怎样结算，或者说明一份已有的结算（decide --format json 所写的文件，"
        "或 --store 里的编号）。--letter 写成决定书：当事人、事实、依据、理由、决定、"
        "救济途径和期限、机关和日期。",
        "Explain how a claim is decided, or a decision made before (a file written by decide "
        "--format json, or an id in --store). --letter writes the decision letter, in Chinese: "
        "party, facts, basis, reasoning, result, remedies with their time limits, authority and "
        "date."))  # fmt: skip
    @click.argument("given", nargs=-1, required=True, metavar=say("[事项] 数据.json|结算.json",
                    "[MATTER] CLAIM|DECISION.json"))  # fmt: skip
    @claim_options(say)
    @click.option("--store", metavar=say("库", "STORE"),
                  help=say("结算所在的库；参数是其中的编号",
                           "a store: the argument is an id in it"))  # fmt: skip
    @click.option("--format", "form", type=OneOf(say, (*SHOWN, "pdf")),
                  metavar="|".join((*SHOWN, "pdf")),
                  help=say("输出的格式（决定书：html、pdf、json，默认看文件名）",
                           "format of the output (letters: html, pdf, json; else by the file's "
                           "name)"))  # fmt: skip
    @click.option("--encounter", metavar=say("就诊ID", "ID"),
                  help=say("批量结算的输出里这次就诊的一行",
                           "this row of a batch's output"))  # fmt: skip
    @click.option("--claims", metavar=say("文件", "FILE"),
                  help=say("批量结算的数据（默认按清单）",
                           "the claims of the batch (the manifest's)"))  # fmt: skip
    @letter_options(say)
    @shown_options(say)
    def run(terminal: Terminal, given: tuple[str, ...], form: str | None, store: str | None,
            encounter: str | None, claims: str | None, **options: Any) -> int:  # fmt: skip
        names = Telling.__attrs_attrs__
        telling = Telling(**{a.name: options.pop(a.name) for a in names})
        if len(given) > 2:
            raise click.UsageError(say("参数至多两个：事项和数据", "at most a matter and a claim"))
        form = _form(form, telling.letter, options["output"], say)
        only_letters(telling, say)
        asked = Asked(matter=given[0] if len(given) == 2 else "", claim=given[-1], form=form,
                      every_reading=None, **options)  # fmt: skip
        if encounter is not None:
            from tiaowen.apps.cli.tracing import explain_row

            return explain_row(asked, encounter, claims, terminal)
        raw = input_bytes(asked.claim) if store is None else _stored(store, asked.claim)
        data = _decision(raw, asked.claim)
        if data is None:
            return _claim(asked, raw, telling, terminal)
        _nothing_else(asked, len(given), say)
        return _kept(data, asked, telling, terminal)

    return run


# --- what was asked for


def _form(form: str | None, letter: bool, output: Path | None, say: Say) -> str:
    """The format: as asked, else by the output's name, else text or, for a letter, HTML."""
    if form is None:
        ending = output.suffix.removeprefix(".").lower() if output is not None else ""
        form = ending if letter and ending in LETTERS else "html" if letter else "text"
    if letter and form not in LETTERS:
        known = say("、", ", ").join(LETTERS)
        raise click.UsageError(
            say(f"决定书的格式可用 {known}", f"a letter's format is one of {known}")
        )
    if form == "pdf" and not letter:
        raise click.UsageError(
            say("PDF 只用于决定书，请加 --letter", "PDF is of letters: --letter")
        )
    return form


def _nothing_else(asked: Asked, given: int, say: Say) -> None:
    """A kept decision is shown as it was made."""
    used = [option for name, option in _OF_CLAIMS.items() if getattr(asked, name)]
    used += [asked.matter] if given == 2 else []
    if used:
        listed = say("、", ", ").join(used)
        raise click.UsageError(
            say(f"已有的结算照原样说明，不能另加 {listed}",
                f"a decision made before is explained as it was made: without {listed}")
        )  # fmt: skip


def _decision(raw: bytes, name: str) -> Any:
    """The decision file that ``raw`` is; None where it is a claim."""
    from tiaowen.engine.claims.json_text import read_json
    from tiaowen.engine.telling.as_json import FORMAT

    data = read_json(raw, name)
    return data if isinstance(data, dict) and data.get("format") == FORMAT else None


def _stored(store: str, identity: str) -> bytes:
    from tiaowen.review.store import open_store

    with open_store(store) as kept:
        return json.dumps(kept.get(identity).decision).encode()


# --- a claim, a decision made before


def _claim(asked: Asked, raw: bytes, telling: Telling, terminal: Terminal) -> int:
    made = make(asked, raw)
    if not telling.letter:
        text, problems = rendered(made, asked, terminal)
        terminal.deliver(text, asked.output)
        return conclude(made, asked, problems, terminal)
    _deliver(_letter_of_claim(made, asked, telling), asked, telling, terminal)
    return conclude(made, asked, made.decision.problems, terminal)


def _letter_of_claim(made: Made, asked: Asked, telling: Telling) -> Letter:
    import tiaowen
    from tiaowen.engine.telling.explain import explain as explained
    from tiaowen.review.kept import Kept

    decision = made.decision
    kept = Kept(explained(decision, engine=tiaowen.__version__), (), decision.problems,
                decision.frame.claim, made.items, False)  # fmt: skip
    return _letter(kept, made.program, asked.mask, telling)


def _kept(data: Any, asked: Asked, telling: Telling, terminal: Terminal) -> int:
    from tiaowen.review.kept import read_kept

    program = _program(data, asked, terminal)
    kept = read_kept(data, program)
    if telling.letter:
        _deliver(_letter(kept, program, asked.mask, telling), asked, telling, terminal)
    else:
        terminal.deliver(_shown(data, kept, program, asked, terminal), asked.output)
    if kept.problems:
        return exit_code(kept.problems)
    if kept.codes:
        named = "、".join(kept.codes)
        terminal.complain(f"这份结算当时停在 {named}", f"this decision stopped with {named}")
    return 1 if kept.codes else 0


def _program(data: Any, asked: Asked, terminal: Terminal) -> Program | None:
    """The policy of a kept decision; None, and said so, where it is not at hand."""
    from tiaowen.apps.programs import load_program
    from tiaowen.apps.recorded import find_policy
    from tiaowen.dsl.diagnostics import Rejected

    try:
        return load_program(asked.policy or find_policy(data))
    except Rejected:
        if asked.policy is not None:
            raise
        terminal.complain(
            "没有找到作出这份结算的政策，名称和事实以结算文件所载为限；可用 --policy 指明",
            "the policy of this decision was not found: names and facts are those of the file "
            "alone; --policy can name it",
        )
        return None


def _shown(data: Any, kept: Kept, program: Program | None, asked: Asked,
           terminal: Terminal) -> str:  # fmt: skip
    """A kept decision in the format asked for."""
    from tiaowen.review.present.mask import Mask, shown_masked

    if asked.form == "json":
        masked = {**Mask.of(program).data(data), "masked": True} if asked.mask else data
        return json.dumps(masked, ensure_ascii=False, indent=2)
    explanation, claim, problems = kept.explanation, kept.claim, kept.problems
    if asked.mask:
        explanation, claim, problems = shown_masked(explanation, claim, problems, program)
    shared: Any = {"why_not": asked.why_not, "lines": "all" if asked.lines else "table",
                   "claim": claim, "program": program}  # fmt: skip
    lang = terminal.lang
    if asked.form == "text":
        from tiaowen.review.present.text import render_text

        colored = terminal.colored(sys.stdout) and asked.output is None
        return render_text(explanation, problems, lang, colored, terminal.width, **shared)
    if asked.form == "markdown":
        from tiaowen.review.present.markdown import render_markdown

        return render_markdown(explanation, problems, lang, **shared)
    from tiaowen.review.present.html import render_html

    return render_html(explanation, problems, lang, **shared)


# --- the letter


def _letter(kept: Kept, program: Program | None, mask: bool, telling: Telling) -> Letter:
    from tiaowen.review.letters.writing import letter_of

    return letter_of(kept, telling.formalities, program=program, mask=mask)


def _deliver(letter: Letter, asked: Asked, telling: Telling, terminal: Terminal) -> None:
    if asked.form == "pdf":
        from tiaowen.review.letters.pdf import letter_pdf

        terminal.deliver_bytes(letter_pdf(letter, fonts=font_folders(telling.fonts)), asked.output)
    elif asked.form == "json":
        from tiaowen.review.letters.model import letter_data

        text = json.dumps(letter_data(letter), ensure_ascii=False, indent=2)
        terminal.deliver(text, asked.output)
    else:
        from tiaowen.review.letters.html import letter_html

        terminal.deliver(letter_html(letter), asked.output)
