"""``tiaowen store``: decisions that were kept, listed, shown, verified and decided again."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tiaowen.apps.cli.options import Decorator, day, every, format_option, output_option
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import Commands, Entry, command, common
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program
    from tiaowen.review.store import Query

_HERE = __name__
FORMATS = ("text", "json", "markdown", "html")
_TABLE = {
    "list": Entry(_HERE, "list_", "列出结算，可按人员、就诊、日期、政策查找",
                  "list decisions, found by person, encounter, date, policy"),
    "show": Entry(_HERE, "show", "说明其中一份结算", "explain one of them"),
    "verify": Entry(_HERE, "verify", "核对链条，指出改动之处",
                    "verify the chain and show alterations"),
    "replay": Entry(_HERE, "replay", "全部重新结算，列出改变",
                    "decide all of them again and list what changes"),
}  # fmt: skip


def store(say: Say) -> click.Command:
    """The group ``store``."""
    return Commands(
        say, _TABLE, name="store", context_settings={"max_content_width": 100},
        help=say("存入的结算：只增不改，逐份相连（decide --store 存入）。",
                 "Decisions that were kept: only added to, each chained to the one before "
                 "(decide --store keeps them)."),
        invoke_without_command=True, params=common(say),
        callback=click.pass_context(_alone))  # fmt: skip


def _alone(context: click.Context, lang: str | None, color: str) -> None:
    """What ``tiaowen store`` does without a command: it says what there is."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _place(say: Say) -> Decorator:
    return click.option(
        "--store", "named", default="default", metavar=say("库", "STORE"),
        help=say("库：文件、sqlite:///… 或 postgresql://…（默认是用户自己的库）",
                 "the store: a file, sqlite:///… or postgresql://… (your own by default)"),
    )  # fmt: skip


def _filters(say: Say, policy: str) -> Decorator:
    """The options that choose decisions; ``policy`` is the name of the policy's."""
    return every(
        click.option("--person", default="", metavar=say("人员编号", "NUMBER"),
                     help=say("某人的", "of a person")),
        click.option("--encounter", default="", metavar=say("就诊ID", "ID"),
                     help=say("某次就诊的", "of an encounter")),
        click.option("--matter", default="", metavar=say("事项", "MATTER"),
                     help=say("某事项的", "of a matter")),
        click.option(policy, "of", default="", metavar=say("政策", "POLICY"),
                     help=say("某政策的：名称的一部分，或者摘要的开头",
                              "of a policy: part of its title, or the beginning of its digest")),
        click.option("--since", callback=day, metavar=say("日期", "DATE"),
                     help=say("就诊日期不早于", "claims of this day or later")),
        click.option("--until", callback=day, metavar=say("日期", "DATE"),
                     help=say("就诊日期不晚于", "claims of this day or earlier")),
    )  # fmt: skip


def _shown(say: Say, forms: tuple[str, ...] = FORMATS) -> Decorator:
    return every(
        format_option(say, forms),
        output_option(say),
    )  # fmt: skip


def _query(options: Mapping[str, Any]) -> Query:
    from tiaowen.review.store import Query

    days = {name: str(options[name] or "") for name in ("since", "until")}
    return Query(options["person"], options["encounter"], options["matter"], options["of"], **days)


# --- list, show


def list_(say: Say) -> click.Command:
    """The command ``store list``."""

    @command(say, "list", say("列出存入的结算。", "List the decisions that were kept."))
    @_place(say)
    @_filters(say, "--policy")
    @_shown(say)
    def run(terminal: Terminal, named: str, form: str, output: Path | None, **options: Any) -> int:
        from tiaowen.review.present.store import entry_data, listing_page
        from tiaowen.review.store import open_store

        with open_store(named) as kept:
            entries, where = kept.find(_query(options)), kept.place.shown
        if form == "json":
            text = json.dumps([entry_data(e) for e in entries], ensure_ascii=False, indent=2)
        else:
            from tiaowen.apps.cli.pages import rendered

            text = rendered(listing_page(entries, where, terminal.lang), form, terminal, output)
        terminal.deliver(text, output)
        return 0

    return run


def show(say: Say) -> click.Command:
    """The command ``store show``."""

    @command(say, "show", say(
        "说明存入的一份结算。编号可只写开头几个字，或写序号。决定书见 tiaowen explain --letter。",
        "Explain a decision that was kept. The beginning of its id is enough, or its number. For "
        "its letter see tiaowen explain --letter."))  # fmt: skip
    @click.argument("identity", metavar=say("编号", "ID"))
    @_place(say)
    @_shown(say)
    def run(terminal: Terminal, named: str, identity: str, form: str, output: Path | None) -> int:
        from tiaowen.apps.cli.explaining import explain

        words = [identity, "--store", named, "--format", form]
        words += ["-o", str(output)] if output is not None else []
        words += ["--color", terminal.color]
        made = explain(say).main(words, prog_name="tiaowen store show", standalone_mode=False)
        return int(made or 0)

    return run


# --- verify, replay


def verify(say: Say) -> click.Command:
    """The command ``store verify``."""

    @command(say, "verify", say(
        "核对每一份结算、每一处相连，以及末尾有没有被删。"
        "打印的链头请抄在别处，以后用 --head 核对。",
        "Check every decision and every link, and that none is missing at the end. Note the head "
        "that is printed somewhere else, and compare with it later by --head."))  # fmt: skip
    @_place(say)
    @click.option("--head", metavar=say("序号:散列", "NUMBER:HASH"),
                  help=say("以前记下的链头", "a head noted before"))  # fmt: skip
    @_shown(say, ("text", "json"))
    def run(terminal: Terminal, named: str, head: str | None, form: str,
            output: Path | None) -> int:  # fmt: skip
        from tiaowen.review.present.store import verification_data, verification_text
        from tiaowen.review.store import open_store, read_head
        from tiaowen.review.store import verify as verified

        anchor = read_head(head) if head is not None else None
        with open_store(named) as kept:
            found = verified(kept, anchor)
        if form == "json":
            text = json.dumps(verification_data(found), indent=2)
        else:
            text = verification_text(found, terminal.lang)
        terminal.deliver(text, output)
        return 0 if found.whole else 1

    return run


def replay(say: Say) -> click.Command:
    """The command ``store replay``."""

    @command(say, "replay", say(
        "把存入的结算全部重新算一遍，列出哪些会改变、差多少、从哪一步起不同。"
        "不指明政策时，各依当时的政策（核对引擎）；--policy 改依另一份政策，例如修正案。",
        "Decide all kept decisions again and list which change, by how much and from which step "
        "on. Without --policy each goes by its own policy (which tests the engine); --policy "
        "goes by another, such as an amendment."))  # fmt: skip
    @_place(say)
    @click.option("--policy", metavar=say("文件", "FILE"),
                  help=say("改依这份政策", "decide under this policy"))  # fmt: skip
    @_filters(say, "--of")
    @_shown(say)
    def run(terminal: Terminal, named: str, policy: str | None, form: str, output: Path | None,
            **options: Any) -> int:  # fmt: skip
        from tiaowen.apps.programs import load_program
        from tiaowen.review.present.store import replayed_data, replayed_page
        from tiaowen.review.store import open_store, replay_all

        program = load_program(policy) if policy is not None else None
        region = program.identity.region if program is not None else ""
        with open_store(named) as kept:
            found = replay_all(kept, _programs(program), _query(options), region=region,
                               progress=_counter(terminal))  # fmt: skip
        if form == "json":
            text = json.dumps(replayed_data(found), ensure_ascii=False, indent=2)
        else:
            from tiaowen.apps.cli.pages import rendered

            under = program.identity.title if program is not None else ""
            page = replayed_page(found, under, terminal.lang)
            text = rendered(page, form, terminal, output)
        terminal.deliver(text, output)
        return 1 if found.changes or found.refused else 0

    return run


def _programs(asked: Program | None) -> Callable[[Mapping[str, Any]], Program]:
    """The policy of each decision: the one asked for, else its own, each loaded once."""
    from tiaowen.apps.programs import load_program
    from tiaowen.apps.recorded import find_policy

    found: dict[str, Program] = {}

    def program_for(decision: Mapping[str, Any]) -> Program:
        if asked is not None:
            return asked
        digest = str(decision.get("policy", {}).get("digest"))
        if digest not in found:
            found[digest] = load_program(find_policy(decision))
        return found[digest]

    return program_for


def _counter(terminal: Terminal) -> Callable[[int, int], None] | None:
    """Counts on standard error, where somebody watches."""
    if not sys.stderr.isatty():
        return None

    def count(done: int, total: int) -> None:
        if done % 10 == 0 or done == total:
            said = terminal.say(f"重算 {done}/{total}", f"decided again {done}/{total}")
            sys.stderr.write(f"\r{said}" + ("\r\033[K" if done == total else ""))
            sys.stderr.flush()

    return count
