"""A policy as a page of the documentation: its benefits, then its whole text with the rules.

The text is the policy file itself, word for word: rules stand under the paragraphs they encode,
worked cases are folded away, headings move down one level to make room for the page's own. What
the page adds (benefits, parameters left open, readings) is generated from the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import frozen

from tiaowen.compiler.core import Identity, Program
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.frontmatter import read_front_matter
from tiaowen.dsl.literate import KINDS
from tiaowen.dsl.source import Source
from tiaowen.review.present.markdown import escaped
from tiaowen.review.present.page import page_markdown
from tiaowen.review.present.summary import summary_page

_SAID = {
    "benefits": ("待遇一览", "Benefits at a glance"),
    "text": ("条文与规则", "Text and rules"),
    "number": ("文号", "Document number"),
    "region": ("地区", "Region"),
    "insurance": ("险种", "Insurance"),
    "state": ("施行", "In force"),
    "draft": ("征求意见稿，尚未施行", "a draft, not in force"),
    "since": ("{0}起", "from {0}"),
    "until": ("，至{0}止", " until {0}"),
    "told": ("共{0}个事项、{1}个案例。条文是原文，规则写在所依据的段落之下；案例点开可见。",
             "{0} matters, {1} worked cases. The text is the original; each rule stands under the "
             "paragraph it rests on; cases open with a click."),
    "policies": ("政策", "Policies"),
    "policy": ("政策", "Policy"),
    "intro": ("随附的政策。每页有待遇一览、另行规定的数额、不同读法，和带规则、案例的条文全文。",
              "The policies that come with the program. Each page has the benefits, what the text "
              "leaves to other documents, its readings, and the whole text with rules and cases."),
}  # fmt: skip

_FENCE = re.compile(r"(`{3,}|~{3,})\s*(\S*)\s*(.*)")
_HEADING = re.compile(r"#{1,5} ")


def policy_page(source: Source, program: Program, lang: Lang) -> str:
    """The Markdown page of the policy whose file is ``source`` and which compiles to
    ``program``."""
    body = source.text[read_front_matter(source).end :]
    text = list(_text(body.splitlines()))
    cases = sum(line.startswith("<details") for line in text)
    lines = [
        f"# {escaped(program.identity.title)}",
        "",
        *_identity(program.identity, lang),
        "",
        _say("told", lang, len(program.matters), cases),
        "",
        f"## {_say('benefits', lang)}",
        "",
        page_markdown(summary_page(program, lang), 2).split("\n", 2)[2],
        f"## {_say('text', lang)}",
        "",
        *text,
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


@frozen
class Listed:
    """A policy as the list of policies names it; ``link`` is the page's file name."""

    link: str
    identity: Identity


def policies_page(listed: Sequence[Listed], lang: Lang) -> str:
    """The list of all policies with a page."""
    heads = (_say(key, lang) for key in ("policy", "region", "insurance", "state"))
    rows = [
        f"| [{escaped(one.identity.title)}]({one.link}) | {one.identity.region} "
        f"| {', '.join(one.identity.insurance)} | {_state(one.identity, lang)} |"
        for one in listed
    ]
    return "\n".join([f"# {_say('policies', lang)}", "", _say("intro", lang), "",
                      f"| {' | '.join(heads)} |", "|---|---|---|---|", *rows, ""])  # fmt: skip


def _say(key: str, lang: Lang, *values: object) -> str:
    return _SAID[key][0 if lang == "zh" else 1].format(*values)


def _identity(identity: Identity, lang: Lang) -> Iterator[str]:
    colon = "：" if lang == "zh" else ": "
    shown = [
        ("number", identity.document_number),
        ("region", identity.region),
        ("insurance", ", ".join(identity.insurance)),
        ("state", _state(identity, lang)),
    ]
    yield from (f"- {_say(key, lang)}{colon}{escaped(value)}" for key, value in shown if value)


def _state(identity: Identity, lang: Lang) -> str:
    if identity.in_force is None:
        return _say("draft", lang)
    until = _say("until", lang, identity.expires) if identity.expires else ""
    return _say("since", lang, identity.in_force) + until


# --- the text


def _text(lines: Sequence[str]) -> Iterator[str]:
    """The policy's own Markdown: the title left out, headings a level lower, blocks of rules
    marked for colouring, everything else as it stands."""
    closing, folded = "", False
    for line in lines:
        if closing:
            if line.strip() == closing:
                yield closing
                yield from ("", "</details>") if folded else ()
                closing, folded = "", False
            else:
                yield line
        elif fence := _FENCE.match(line):
            closing, word, name = fence.groups()
            folded = KINDS.get(word.lower(), "tiao") != "tiao"
            if folded:
                yield from _opened(f"{word} {name}".strip())
            yield f"{closing}tiao" if word.lower() in KINDS else line
        elif _HEADING.match(line):
            if not line.startswith("# "):
                yield f"#{line}"
        else:
            yield line


def _opened(name: str) -> Iterator[str]:
    from html import escape

    yield f'<details markdown="1"><summary>{escape(name)}</summary>'
    yield ""
