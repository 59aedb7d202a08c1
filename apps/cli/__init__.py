"""The command ``tiaowen``.

Exit codes: 0 fine; 1 findings (a policy has errors, a case fails, a replay differs, the text
provides no rule); 2 bad input or usage. A user's mistake is a message, never a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import NoReturn

import click

from tiaowen.apps.cli.output import Color, Terminal, forgiving_streams
from tiaowen.apps.cli.speaking import Commands, Entry, common, complaint
from tiaowen.apps.cli.words import Say, language

FINE, FINDINGS, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

_HERE = __name__
_TABLE = {
    "check": Entry(f"{_HERE}.checking", "check", "检查政策，列出所有问题",
                   "check policies and list every problem"),
    "cases": Entry(f"{_HERE}.checking", "cases", "演算政策里的案例",
                   "run the worked cases that stand in policies"),
    "prove": Entry(f"{_HERE}.proving", "prove", "证明政策的性质，或者找出反例",
                   "prove properties of a policy, or find what breaks them"),
    "cover": Entry(f"{_HERE}.covering", "cover", "核对条文的每一句、每个数字是否都有着落",
                   "check that every sentence and figure of the text is explained"),
    "decide": Entry(f"{_HERE}.deciding", "decide", "结算一份数据，逐步说明",
                    "decide a claim and explain every step"),
    "explain": Entry(f"{_HERE}.explaining", "explain", "说明一次结算，或写成决定书",
                     "explain a decision, or write its letter"),
    "reconcile": Entry(f"{_HERE}.reconciling", "reconcile", "与医院收取的数字核对，找出原因",
                       "compare a hospital's figures with the policy's, and explain them"),
    "whatif": Entry(f"{_HERE}.whatif", "whatif", "哪些事实会改变结算的结果",
                    "find the facts that would change a result"),
    "store": Entry(f"{_HERE}.storing", "store", "存入的结算：查找、核对、全部重算",
                   "kept decisions: find, verify, decide all again"),
    "replay": Entry(f"{_HERE}.replaying", "replay", "重放一次结算，核对是否相同",
                    "replay a decision and compare it"),
    "show": Entry(f"{_HERE}.showing", "show", "列出事项、参数、口径和施行期",
                  "list matters, parameters, readings and dates in force"),
    "summary": Entry(f"{_HERE}.summarising", "summary", "政策的待遇一览，附条文",
                     "what a policy grants, with its articles"),
    "diff": Entry(f"{_HERE}.differing", "diff", "比较两份政策：数额、规则、支付的结果",
                  "compare two policies: figures, rules, what they pay"),
    "schema": Entry(f"{_HERE}.showing", "schema", "一个事项的输入输出的 JSON Schema",
                    "JSON Schema of the inputs and outputs of a matter"),
    "fmt": Entry(f"{_HERE}.formatting", "fmt", "排版规则，或转换关键词",
                 "lay out rules, or translate their keywords"),
    "graph": Entry(f"{_HERE}.drawing", "graph", "画出各量的依赖关系",
                   "draw how quantities depend on one another"),
    "new": Entry(f"{_HERE}.starting", "new", "把一份文件排成政策的底稿",
                 "lay out a plain text as a policy to be encoded"),
    "batch": Entry(f"{_HERE}.batching", "batch", "批量结算一个文件里的就诊",
                   "settle the claims of a file"),
    "impact": Entry(f"{_HERE}.impacting", "impact", "测算草案对基金和个人的影响",
                    "what drafts do to the fund and to people"),
    "synth": Entry(f"{_HERE}.synthesising", "synth", "编造一个城市的就诊数据，供试用",
                   "make up a city's claims to try things with"),
    "collate": Entry(f"{_HERE}.collating", "collate", "对校两个本子，列出异文",
                     "compare two copies of a regulation, and make one text of them"),
    "explain-code": Entry(f"{_HERE}.showing", "explain_code", "一个诊断代码的说明",
                          "the page of a diagnostic code"),
}  # fmt: skip

_NEEDS = {"new": f"{_HERE}.starting"}
"""Commands offered where their module is there."""


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    forgiving_streams()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run ``arguments`` and give the exit code."""
    from tiaowen.dsl.diagnostics import Rejected

    say = Say(language(arguments, os.environ))
    try:
        code = commands(say).main(list(arguments), prog_name="tiaowen", standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as error:
        sys.stderr.write(complaint(error, say))
        return BAD_INPUT
    except click.exceptions.Exit as left:
        return left.exit_code
    except Rejected as rejected:
        Terminal(say.lang, _color(arguments)).report(rejected.diagnostics)
        return BAD_INPUT
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    return code if isinstance(code, int) else FINE


def _color(arguments: Sequence[str]) -> Color:
    """The value of ``--color`` for what is said after a command has given up."""
    written = " ".join(arguments).replace("--color=", "--color ")
    if "--color always" in written:
        return "always"
    return "never" if "--color never" in written else "auto"


def commands(say: Say) -> Commands:
    """The group of all commands, in the language of ``say``."""
    table = {
        name: entry
        for name, entry in _TABLE.items()
        if name not in _NEEDS or find_spec(_NEEDS[name]) is not None
    }
    return Commands(
        say, table, name="tiaowen", invoke_without_command=True,
        context_settings={"max_content_width": 100},
        help=say("条文：把医保办法写成能检查、能演算、能逐条说明的规则",
                 "Tiaowen: medical-insurance regulations that can be checked, run and explained"),
        params=[click.Option(["--version"], is_flag=True, help=say("版本", "the version")),
                *common(say)],
        callback=click.pass_context(_top))  # fmt: skip


def _top(context: click.Context, version: bool, lang: str | None, color: str) -> int | None:
    """What ``tiaowen`` itself does without a command."""
    if version:
        from tiaowen import __version__

        click.echo(f"tiaowen {__version__}")
        context.exit()
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        context.exit()
    return None
