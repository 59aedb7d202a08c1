"""The documentation's generated pages and coloured rules, as a hook of mkdocs.

The page of every diagnostic code, the table of keywords and the pages of the policies are made
from what the program itself uses, while the site is built: nothing of them is written twice, and
nothing of them is stored. Needs the extra ``docs``.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.catalogue.pages import pages

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

LANGUAGES: tuple[Lang, ...] = ("zh", "en")
SCRIPTS = ("zh", "zh-Hant", "en")


WORDS = "examples.tiao"
"""The documentation's file with the words that the examples of the codes draw on."""

_EXAMPLES = {
    "zh": "## 例子所用的词汇\n\n各页例子里的字段、枚举和接口，都在这份小词汇表里声明：",
    "en": "## What the examples draw on\n\nThe fields, enumerations and the interface of the "
    "examples are declared in this small vocabulary:",
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages to ``files``."""
    from mkdocs.structure.files import File

    words = (Path(config.docs_dir) / WORDS).read_text(encoding="utf-8").strip()
    for path, text in generated().items():
        lang, _, name = path.partition("/")
        if name == "diagnostics/index.md":
            text += f"\n{_EXAMPLES[lang]}\n\n```tiao\n{words}\n```\n"
        files.append(File.generated(config, path, content=text))
    return files


def generated() -> dict[str, str]:
    """Every generated page: its path below the documentation's folder, and its Markdown."""
    made: dict[str, str] = {}
    for lang in LANGUAGES:
        made |= {f"{lang}/diagnostics/{name}": text for name, text in pages(lang).items()}
        made[f"{lang}/reference/keywords.md"] = keywords_page(lang)
    return made | policies()


@cache
def policies() -> dict[str, str]:
    """The pages of the policies that come with the package, and the list of them."""
    from tiaowen.apps.choosing import SHIPPED, shipped
    from tiaowen.apps.files import read_text
    from tiaowen.apps.programs import load_program
    from tiaowen.dsl.source import Source
    from tiaowen.review.present.policy_page import Listed, policies_page, policy_page

    made: dict[str, str] = {}
    listed: list[Listed] = []
    for policy in shipped():
        program = load_program(policy.path)
        source = Source(str(policy.path), read_text(policy.path))
        name = "-".join(policy.path.resolve().relative_to(SHIPPED).with_suffix("").parts) + ".md"
        listed.append(Listed(name, program.identity))
        for lang in LANGUAGES:
            made[f"{lang}/policies/{name}"] = policy_page(source, program, lang)
    for lang in LANGUAGES:
        made[f"{lang}/policies/index.md"] = policies_page(listed, lang)
    return made


_HEADS = {
    "zh": ("关键词", "每个关键词有简体、繁体和英文的写法，可以混用；`tiaowen fmt --keywords` "
           "把它们换成一种。每格中的第一种是排版时所写的。", "| 简体 | 繁体 | 英文 |"),
    "en": ("Keywords", "Every keyword has Simplified, Traditional and English spellings, which may "
           "be mixed; `tiaowen fmt --keywords` turns them into one kind. The first of each cell is "
           "the one the formatter writes.", "| Simplified | Traditional | English |"),
}  # fmt: skip


def keywords_page(lang: Lang) -> str:
    """The table of keywords in the order of ``grammar/keywords.toml``."""
    title, intro, head = _HEADS[lang]
    rows = [
        "| " + " | ".join(_spellings(entry[kind]) for kind in SCRIPTS) + " |"
        for entry in _keywords()
    ]
    return "\n".join([f"# {title}", "", intro, "", head, "|---|---|---|", *rows, ""])


def _keywords() -> list[dict[str, list[str]]]:
    import tomllib
    from importlib.resources import files

    text = (files("tiaowen.grammar") / "keywords.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text).values())


def _spellings(spellings: list[str]) -> str:
    return " ".join(f"`{spelling}`" for spelling in spellings)


# --- rules in colour


def format_rules(source: str, *_: Any, **__: Any) -> str:
    """A block of rules as HTML: the formatter that superfences is given for ``tiao``.

    Comments, texts, figures, signs and whole words that are keywords get the classes that the
    theme colours in any language; nothing is parsed, so that wrong rules are shown as well.
    """

    def coloured(found: re.Match[str]) -> str:
        text = escape(found[0], quote=False)
        return f'<span class="{found.lastgroup}">{text}</span>' if found.lastgroup else text

    code = _pieces().sub(coloured, source)
    return f'<div class="highlight"><pre><span></span><code>{code}</code></pre></div>'


@cache
def _pieces() -> re.Pattern[str]:
    """What to tell apart, each kind a group named by its class; no group is plain text."""
    keywords = {
        word
        for entry in _keywords()
        for script in SCRIPTS
        for spelling in entry[script]
        for word in spelling.split()
    }
    words = "|".join(sorted(map(re.escape, keywords), key=len, reverse=True))
    return re.compile(
        r"(?P<c1>#[^\n]*)"
        r'|(?P<s>"[^"\n]*")'
        r"|(?P<m>\d[\d,.]*(?:-\d+-\d+|[^\W\d]+)?%?)"
        rf"|(?<!\w)(?P<k>{words})(?!\w)"
        r"|(?P<o>[=≠<≤>≥+\-×÷—|])"
        r"|\w+|."
    )
