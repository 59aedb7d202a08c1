"""The documentation pages of the codes, from the same entries the messages come from.

Markdown as mkdocs renders it; the pages stand in one folder, ``<code>.md`` and ``index.md``,
and link to each other by those names.
"""

from __future__ import annotations

from typing import Literal

from tiaowen.dsl.catalogue import FILES, PLACEHOLDER, Entry, Lang, codes, entry

_SEVERITY = {"error": ("错误", "error"), "warning": ("警告", "warning"), "note": ("提示", "note")}
_HEADS = {
    "TW01": ("文本与语法", "text and syntax"),
    "TW02": ("名称、类型与单位", "names, types and units"),
    "TW03": ("规则之间", "rules against rules"),
    "TW04": ("条文与规则", "text and rules"),
    "TW05": ("结算", "decisions"),
    "TW06": ("数据", "claims"),
    "TW07": ("文件", "files"),
    "TW08": ("案例与性质", "cases and properties"),
    "TW09": ("比较", "comparisons"),
    "TW10": ("申诉", "appeals"),
    "TW11": ("证明", "proofs"),
    "TW12": ("留存", "kept decisions"),
    "TW13": ("批量结算", "batches of claims"),
    "TW14": ("集群", "clusters"),
}


def page(code: str, lang: Lang) -> str:
    """The page of ``code``; ``KeyError`` if the catalogue has no such code."""
    found = entry(code)
    parts = [
        f"# {code} {found.title.say(lang)}",
        f"**{_in(_SEVERITY[found.severity], lang)}** · {_template(found.message.say(lang))}",
        found.page.say(lang),
    ]
    if found.wrong:
        parts += [_head("错误的写法", "Wrong", lang), _example(found, found.wrong)]
    if found.mended:
        parts += [_head("改正之后", "Mended", lang), _example(found, found.mended)]
    if found.help:
        parts += [_head("建议", "Help", lang), _template(found.help.say(lang))]
    return "\n\n".join(parts) + "\n"


def index(lang: Lang) -> str:
    """The page that lists every code with its severity and title, hundred by hundred."""
    columns = ("代码", "级别", "含义") if lang == "zh" else ("code", "severity", "meaning")
    head = f"| {' | '.join(columns)} |\n|---|---|---|"
    parts = ["# 诊断代码" if lang == "zh" else "# Diagnostic codes"]
    for prefix in FILES:
        rows = [
            f"| [{code}]({code}.md) | {_in(_SEVERITY[entry(code).severity], lang)} "
            f"| {entry(code).title.say(lang)} |"
            for code in codes()
            if code.startswith(prefix)
        ]
        parts += [f"## {prefix}xx {_in(_HEADS[prefix], lang)}", "\n".join([head, *rows])]
    return "\n\n".join(parts) + "\n"


def pages(lang: Lang) -> dict[str, str]:
    """Every page by file name, the index included."""
    return {"index.md": index(lang)} | {f"{code}.md": page(code, lang) for code in codes()}


def _example(found: Entry, text: str) -> str:
    """An example as a code block that may itself hold code blocks."""
    kind: Literal["json", "markdown"] = "json" if found.example == "claim" else "markdown"
    return f"````{kind}\n{text.strip()}\n````"


def _template(text: str) -> str:
    """A message template for a reader: its placeholders in italics, its optional parts kept."""
    plain = text.replace("[[", "").replace("]]", "")
    return PLACEHOLDER.sub(r"*\1*", plain)


def _head(zh: str, en: str, lang: Lang) -> str:
    return "## " + _in((zh, en), lang)


def _in(words: tuple[str, str], lang: Lang) -> str:
    return words[0] if lang == "zh" else words[1]
